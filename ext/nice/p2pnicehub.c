/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pnicehub.h"

#include "p2pnicedtls.h"

#include <string.h>

typedef struct
{
  P2pNiceHook func;
  gpointer user_data;
} Hook;

typedef struct
{
  GSource source;
  P2pNiceHub *hub;
} Flusher;

void
p2p_nice_config_init (P2pNiceConfig * config, GMainContext * context,
    P2pClock * clock)
{
  memset (config, 0, sizeof *config);
  config->context = context;
  config->clock = clock;
  config->stun_server = P2P_NICE_STUN_SERVER;
  config->gso = config->gro = TRUE;
}

static void
run_hooks (GArray * hooks)
{
  while (hooks->len > 0) {
    Hook hook = g_array_index (hooks, Hook, hooks->len - 1);

    g_array_set_size (hooks, hooks->len - 1);
    hook.func (hook.user_data);
  }
}

static void
add_hook (GArray * hooks, P2pNiceHook func, gpointer user_data)
{
  Hook hook = { func, user_data };

  g_array_append_val (hooks, hook);
}

static void
forget_hooks (GArray * hooks, gpointer user_data)
{
  for (guint i = hooks->len; i > 0; i--) {
    if (g_array_index (hooks, Hook, i - 1).user_data == user_data)
      g_array_remove_index_fast (hooks, i - 1);
  }
}

/* The loop is about to wait: whatever this turn had to say has been said. */
static gboolean
flusher_prepare (GSource * source, gint * timeout)
{
  run_hooks (((Flusher *) source)->hub->flushes);
  *timeout = -1;
  return FALSE;
}

static gboolean
flusher_dispatch (GSource * source, GSourceFunc callback, gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs flusher_funcs = {
  flusher_prepare,
  NULL,
  flusher_dispatch,
};

static gboolean
read_config (P2pNiceHub * self, const P2pNiceConfig * config, GError ** error)
{
  if (config->stun_server) {
    self->stun = p2p_nice_server_parse (config->stun_server, "stun", error);
    if (!self->stun)
      return FALSE;
  }
  if (config->turn_server) {
    self->turn = p2p_nice_server_parse (config->turn_server, "turn", error);
    if (!self->turn)
      return FALSE;
  }
  if (config->policy != P2P_NICE_POLICY_ALL)
    g_clear_pointer (&self->stun, p2p_nice_server_free);
  if (config->policy == P2P_NICE_POLICY_LAN)
    g_clear_pointer (&self->turn, p2p_nice_server_free);
  self->certificate = p2p_nice_certificate_new (config->pem, error);
  if (!self->certificate)
    return FALSE;
  self->dtls = p2p_nice_dtls_context_new (self->certificate);
  return TRUE;
}

P2pNiceHub *
p2p_nice_hub_new (const P2pNiceConfig * config, GError ** error)
{
  P2pNiceHub *self = g_new0 (P2pNiceHub, 1);

  g_ref_count_init (&self->refs);
  self->context = g_main_context_ref (config->context);
  self->clock = g_object_ref (config->clock);
  self->policy = config->policy;
  self->local_address = g_strdup (config->local_address);
  self->gso = config->gso;
  self->gro = config->gro;
  self->cancellable = g_cancellable_new ();
  self->flushes = g_array_new (FALSE, FALSE, sizeof (Hook));
  self->ends = g_array_new (FALSE, FALSE, sizeof (Hook));
  self->source = g_source_new (&flusher_funcs, sizeof (Flusher));
  ((Flusher *) self->source)->hub = self;
  g_source_set_static_name (self->source, "p2pnice-flush");
  /* Sources after one that is ready are not prepared. */
  g_source_set_priority (self->source, G_MININT);
  if (read_config (self, config, error)) {
    g_source_attach (self->source, self->context);
    return self;
  }
  p2p_nice_hub_unref (self);
  return NULL;
}

P2pNiceHub *
p2p_nice_hub_ref (P2pNiceHub * self)
{
  g_ref_count_inc (&self->refs);
  return self;
}

void
p2p_nice_hub_unref (P2pNiceHub * self)
{
  if (!g_ref_count_dec (&self->refs))
    return;
  g_source_destroy (self->source);
  g_source_unref (self->source);
  g_object_unref (self->cancellable);
  g_array_unref (self->flushes);
  g_array_unref (self->ends);
  g_clear_pointer (&self->batch, p2p_nice_batch_free);
  SSL_CTX_free (self->dtls);
  g_clear_pointer (&self->certificate, p2p_nice_certificate_free);
  g_clear_pointer (&self->stun, p2p_nice_server_free);
  g_clear_pointer (&self->turn, p2p_nice_server_free);
  g_free (self->local_address);
  g_object_unref (self->clock);
  g_main_context_unref (self->context);
  g_free (self);
}

void
p2p_nice_hub_flush_later (P2pNiceHub * self, P2pNiceHook func,
    gpointer user_data)
{
  add_hook (self->flushes, func, user_data);
}

gboolean
p2p_nice_hub_at_end (P2pNiceHub * self, P2pNiceHook func, gpointer user_data)
{
  if (!self->ended)
    add_hook (self->ends, func, user_data);
  return !self->ended;
}

void
p2p_nice_hub_forget (P2pNiceHub * self, gpointer user_data)
{
  forget_hooks (self->flushes, user_data);
  forget_hooks (self->ends, user_data);
}

P2pNiceBatch *
p2p_nice_hub_take_batch (P2pNiceHub * self)
{
  P2pNiceBatch *batch = g_steal_pointer (&self->batch);

  if (!batch)
    return p2p_nice_batch_new ();
  p2p_nice_batch_clear (batch);
  return batch;
}

void
p2p_nice_hub_return_batch (P2pNiceHub * self, P2pNiceBatch * batch)
{
  if (self->batch)
    p2p_nice_batch_free (batch);
  else
    self->batch = batch;
}

void
p2p_nice_hub_end (P2pNiceHub * self)
{
  self->ended = TRUE;
  g_cancellable_cancel (self->cancellable);
  run_hooks (self->ends);
}

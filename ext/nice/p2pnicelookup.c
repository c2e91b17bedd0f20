/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pnicelookup.h"

struct _P2pNiceLookup
{
  P2pNiceHub *hub;
  char *name;
  P2pNiceLookupFunc func;       /* NULL: nobody waits for it any more */
  gpointer user_data;
  guint timeout;
};

static void
discard (P2pNiceLookup * self)
{
  p2p_nice_hub_unref (self->hub);
  g_free (self->name);
  g_free (self);
}

static void
tell (P2pNiceLookup * self, const GList * addresses)
{
  P2pNiceLookupFunc func = self->func;

  self->func = NULL;
  p2p_clock_cancel (self->hub->clock, &self->timeout);
  if (func)
    func (addresses, self->user_data);
}

static void begin_next (P2pNiceHub * hub);

/* Only now its thread is free. */
static void
on_found (GObject * resolver, GAsyncResult * result, gpointer user_data)
{
  P2pNiceLookup *self = user_data;
  GList *addresses = g_resolver_lookup_by_name_finish (G_RESOLVER (resolver),
      result, NULL);

  p2p_clock_set_time (self->hub->clock, g_get_monotonic_time ());
  self->hub->n_lookups--;
  begin_next (self->hub);
  tell (self, addresses);
  g_resolver_free_addresses (addresses);
  discard (self);
}

static void
begin_next (P2pNiceHub * hub)
{
  while (hub->n_lookups < P2P_NICE_LOOKUP_MAX && hub->lookups.length > 0) {
    P2pNiceLookup *next = g_queue_pop_head (&hub->lookups);
    g_autoptr (GResolver) resolver = g_resolver_get_default ();

    hub->n_lookups++;
    g_resolver_lookup_by_name_async (resolver, next->name, hub->cancellable,
        on_found, next);
  }
}

static void
on_timeout (gpointer user_data)
{
  P2pNiceLookup *self = user_data;
  gboolean waited = g_queue_remove (&self->hub->lookups, self);

  self->timeout = 0;
  tell (self, NULL);
  if (waited)
    discard (self);
}

P2pNiceLookup *
p2p_nice_lookup_new (P2pNiceHub * hub, const char *name, P2pNiceLookupFunc func,
    gpointer user_data)
{
  P2pNiceLookup *self;

  if (hub->lookups.length >= P2P_NICE_LOOKUP_MAX_WAITING)
    return NULL;
  self = g_new0 (P2pNiceLookup, 1);
  self->hub = p2p_nice_hub_ref (hub);
  self->name = g_strdup (name);
  self->func = func;
  self->user_data = user_data;
  self->timeout = p2p_clock_call_at (hub->clock,
      p2p_clock_get_time (hub->clock) + P2P_NICE_LOOKUP_TIMEOUT, on_timeout,
      self);
  g_queue_push_tail (&hub->lookups, self);
  begin_next (hub);
  return self;
}

void
p2p_nice_lookup_free (P2pNiceLookup * self)
{
  self->func = NULL;
  p2p_clock_cancel (self->hub->clock, &self->timeout);
  if (g_queue_remove (&self->hub->lookups, self))
    discard (self);
}

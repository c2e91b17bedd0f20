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

/* NATs are of IPv4: where there is a choice it is the address of that. */
static void
on_server (const GList * addresses, gpointer user_data)
{
  P2pNiceServer *server = user_data;
  const GList *best = addresses;

  server->pending = FALSE;
  while (best && g_inet_address_get_family (best->data) != G_SOCKET_FAMILY_IPV4)
    best = best->next;
  if (addresses) {
    g_free (server->address);
    server->address =
        g_inet_address_to_string ((best ? best : addresses)->data);
  }
}

const char *
p2p_nice_lookup_get_server (P2pNiceHub * hub, P2pNiceServer * server)
{
  gint64 now = p2p_clock_get_time (hub->clock);
  gint64 age = server->address ? P2P_NICE_LOOKUP_AGE
      : P2P_NICE_LOOKUP_FAILED_AGE;

  if (g_hostname_is_ip_address (server->host))
    return server->host;
  if (!server->pending && (!server->asked || now - server->asked >= age)) {
    server->asked = now;
    server->n_named = 0;
    server->pending =
        p2p_nice_lookup_new (hub, server->host, on_server, server) != NULL;
  }
  if (!server->address && server->pending
      && server->n_named < P2P_NICE_LOOKUP_MAX) {
    server->n_named++;
    return server->host;
  }
  return server->address;
}

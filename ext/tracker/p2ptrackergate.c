/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2ptrackergate.h"

#include <gio/gio.h>
#include <string.h>

struct _P2pTrackerVisitor
{
  char *address;                /* as it is counted */
  guint n_connections;
  P2pTrackerBucket requests;
};

struct _P2pTrackerGate
{
  P2pClock *clock;
  guint max_connections;
  guint max_requests;
  GHashTable *visitors;         /* address -> P2pTrackerVisitor */
  guint sweep;
};

static void sweep (gpointer user_data);

gboolean
p2p_tracker_bucket_take (P2pTrackerBucket * self, guint per_second, gint64 now)
{
  double full = (double) per_second * P2P_TRACKER_BURST;
  double since = (now - self->filled) / (double) P2P_SECOND;

  self->tokens = self->filled == 0 ? full
      : MIN (full, self->tokens + since * per_second);
  self->filled = now;
  if (self->tokens < 1)
    return FALSE;
  self->tokens--;
  return TRUE;
}

static void
visitor_free (gpointer data)
{
  P2pTrackerVisitor *visitor = data;

  g_free (visitor->address);
  g_free (visitor);
}

P2pTrackerGate *
p2p_tracker_gate_new (P2pClock * clock, guint max_connections_per_address,
    guint max_requests_per_second)
{
  P2pTrackerGate *self = g_new0 (P2pTrackerGate, 1);

  self->clock = g_object_ref (clock);
  self->max_connections = max_connections_per_address;
  self->max_requests = max_requests_per_second;
  self->visitors = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
      visitor_free);
  return self;
}

void
p2p_tracker_gate_free (P2pTrackerGate * self)
{
  p2p_clock_cancel (self->clock, &self->sweep);
  g_hash_table_unref (self->visitors);
  g_object_unref (self->clock);
  g_free (self);
}

/* Those without a connection whose bucket is full again need no watching. */
static void
sweep (gpointer user_data)
{
  P2pTrackerGate *self = user_data;
  gint64 old = p2p_clock_get_time (self->clock)
      - P2P_TRACKER_BURST * P2P_SECOND;
  GHashTableIter iter;
  gpointer visitor;

  self->sweep = 0;
  g_hash_table_iter_init (&iter, self->visitors);
  while (g_hash_table_iter_next (&iter, NULL, &visitor)) {
    P2pTrackerVisitor *v = visitor;

    if (v->n_connections == 0 && v->requests.filled <= old)
      g_hash_table_iter_remove (&iter);
  }
  if (g_hash_table_size (self->visitors) > 0)
    self->sweep = p2p_clock_call_at (self->clock,
        p2p_clock_get_time (self->clock) + P2P_TRACKER_BURST * P2P_SECOND,
        sweep, self);
}

/* Returns: (transfer full) (nullable): what stands for the address */
static char *
get_key (const char *address)
{
  static const guint8 mapped[12] = {[10] = 0xff,[11] = 0xff };
  g_autoptr (GInetAddress) inet = g_inet_address_new_from_string (address);
  g_autoptr (GInetAddress) counted = NULL;
  guint8 bytes[16];

  if (!inet)
    return NULL;
  if (g_inet_address_get_family (inet) == G_SOCKET_FAMILY_IPV4)
    return g_inet_address_to_string (inet);
  memcpy (bytes, g_inet_address_to_bytes (inet), sizeof (bytes));
  if (memcmp (bytes, mapped, sizeof (mapped)) == 0) {
    counted = g_inet_address_new_from_bytes (bytes + sizeof (mapped),
        G_SOCKET_FAMILY_IPV4);
  } else {
    memset (bytes + 8, 0, 8);
    counted = g_inet_address_new_from_bytes (bytes, G_SOCKET_FAMILY_IPV6);
  }
  return g_inet_address_to_string (counted);
}

P2pTrackerVisitor *
p2p_tracker_gate_find (P2pTrackerGate * self, const char *address)
{
  g_autofree char *key = get_key (address);
  P2pTrackerVisitor *visitor;

  if (!key)
    return NULL;
  visitor = g_hash_table_lookup (self->visitors, key);
  if (visitor)
    return visitor;
  if (g_hash_table_size (self->visitors) >= P2P_TRACKER_MAX_ADDRESSES)
    return NULL;
  visitor = g_new0 (P2pTrackerVisitor, 1);
  visitor->address = g_steal_pointer (&key);
  g_hash_table_insert (self->visitors, visitor->address, visitor);
  if (!self->sweep)
    self->sweep = p2p_clock_call_at (self->clock,
        p2p_clock_get_time (self->clock) + P2P_TRACKER_BURST * P2P_SECOND,
        sweep, self);
  return visitor;
}

P2pTrackerVisitor *
p2p_tracker_gate_enter (P2pTrackerGate * self, const char *address)
{
  P2pTrackerVisitor *visitor = p2p_tracker_gate_find (self, address);

  if (!visitor || visitor->n_connections >= self->max_connections)
    return NULL;
  visitor->n_connections++;
  return visitor;
}

void
p2p_tracker_gate_leave (P2pTrackerGate * self, P2pTrackerVisitor * visitor)
{
  visitor->n_connections--;
}

gboolean
p2p_tracker_gate_request (P2pTrackerGate * self, P2pTrackerVisitor * visitor)
{
  return p2p_tracker_bucket_take (&visitor->requests, self->max_requests,
      p2p_clock_get_time (self->clock));
}

guint
p2p_tracker_gate_get_size (P2pTrackerGate * self)
{
  return g_hash_table_size (self->visitors);
}

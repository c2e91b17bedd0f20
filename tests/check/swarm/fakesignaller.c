/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "fakesignaller.h"
#include "p2perror.h"

static void fake_signaller_iface_init (P2pSignallerInterface * iface);
G_DEFINE_TYPE_WITH_CODE (FakeSignaller, fake_signaller, G_TYPE_OBJECT,
    G_IMPLEMENT_INTERFACE (P2P_TYPE_SIGNALLER, fake_signaller_iface_init));

static void
fake_signaller_find (gpointer data)
{
  FakeSignaller *self = data;

  if (self->events && !self->peer->closed)
    self->events->peer (P2P_SIGNALLER (self), P2P_PEER (self->peer),
        self->peer_id, self->user_data);
}

static void
fake_signaller_join (P2pSignaller * signaller, P2pIdentity * identity,
    P2pNames * names, const P2pSignallerEvents * events, gpointer user_data)
{
  FakeSignaller *self = FAKE_SIGNALLER (signaller);

  g_string_append_printf (self->log, "join %s\n",
      p2p_identity_get_name (identity));
  self->names = p2p_names_ref (names);
  self->identity = p2p_identity_ref (identity);
  self->events = events;
  self->user_data = user_data;
  p2p_clock_call_at (self->clock, p2p_clock_get_time (self->clock),
      fake_signaller_find, self);
}

static void
fake_signaller_leave (P2pSignaller * signaller, const char *swarm_id,
    gpointer user_data)
{
  FakeSignaller *self = FAKE_SIGNALLER (signaller);

  g_assert_true (self->user_data == user_data);
  g_string_append_printf (self->log, "leave %s\n", swarm_id);
  g_clear_pointer (&self->names, p2p_names_unref);
  g_clear_pointer (&self->identity, p2p_identity_unref);
  self->events = NULL;
}

static void
fake_signaller_set_max_peers (P2pSignaller * signaller, guint max_peers)
{
  g_string_append_printf (FAKE_SIGNALLER (signaller)->log, "max %u\n",
      max_peers);
}

static void
fake_signaller_set_options (P2pSignaller * signaller, P2pHttpOptions * options)
{
  g_string_append_printf (FAKE_SIGNALLER (signaller)->log, "agent %s\n",
      options->user_agent);
}

static void
fake_signaller_foreach_tracker (P2pSignaller * signaller,
    const char *swarm_id, gpointer user_data, P2pTrackerFunc func,
    gpointer func_data)
{
  FakeSignaller *self = FAKE_SIGNALLER (signaller);
  P2pSignallerStats stats = {
    "http://t", swarm_id, self->state, self->peer_id, 3, "careful"
  };

  g_assert_true (self->user_data == user_data);
  func (&stats, func_data);
}

static void
fake_signaller_iface_init (P2pSignallerInterface * iface)
{
  iface->join = fake_signaller_join;
  iface->leave = fake_signaller_leave;
  iface->set_max_peers = fake_signaller_set_max_peers;
  iface->set_options = fake_signaller_set_options;
  iface->foreach_tracker = fake_signaller_foreach_tracker;
}

static void
fake_signaller_class_init (FakeSignallerClass * klass)
{
}

static void
fake_signaller_init (FakeSignaller * self)
{
}

FakeSignaller *
fake_signaller_new (P2pClock * clock, GString * log, FakePeer * peer)
{
  FakeSignaller *self = g_object_new (FAKE_TYPE_SIGNALLER, NULL);

  self->clock = clock;
  self->log = log;
  self->peer = peer;
  self->peer_id = "me";
  self->state = P2P_SIGNALLER_CONNECTED;
  return self;
}

void
fake_signaller_get_counts (FakeSignaller * self, P2pSignallerCounts * counts)
{
  self->events->get_counts (P2P_SIGNALLER (self), counts, self->user_data);
}

void
fake_signaller_warn (FakeSignaller * self)
{
  self->events->warning (P2P_SIGNALLER (self), "http://t", "careful",
      self->user_data);
}

void
fake_signaller_say (FakeSignaller * self)
{
  P2pSignaller *signaller = P2P_SIGNALLER (self);
  g_autoptr (GError) error =
      g_error_new_literal (P2P_ERROR, P2P_ERROR_STATUS, "no more");

  self->events->announced (signaller, "http://t", self->peer_id, 3,
      self->user_data);
  fake_signaller_warn (self);
  self->events->error (signaller, "http://t", error, self->user_data);
}

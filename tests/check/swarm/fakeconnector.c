/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "fakeconnector.h"
#include "p2perror.h"

/* --- a channel that carries nothing --- */

/* *INDENT-OFF* */
#define FAKE_TYPE_LINE (fake_line_get_type ())
G_DECLARE_FINAL_TYPE (FakeLine, fake_line, FAKE, LINE, GObject)
/* *INDENT-ON* */

struct _FakeLine
{
  GObject parent;

  const P2pChannelEvents *events;
  gpointer user_data;
  guint n_messages;
  gboolean *closed;             /* of its connection; NULL: that is gone */
};

static void fake_line_iface_init (P2pChannelInterface * iface);
G_DEFINE_TYPE_WITH_CODE (FakeLine, fake_line, G_TYPE_OBJECT,
    G_IMPLEMENT_INTERFACE (P2P_TYPE_CHANNEL, fake_line_iface_init));

static void
fake_line_set_events (P2pChannel * channel, const P2pChannelEvents * events,
    gpointer user_data)
{
  FAKE_LINE (channel)->events = events;
  FAKE_LINE (channel)->user_data = user_data;
}

static void
fake_line_close (P2pChannel * channel)
{
  FAKE_LINE (channel)->events = NULL;
  if (FAKE_LINE (channel)->closed)
    *FAKE_LINE (channel)->closed = TRUE;
}

static void
fake_line_get_stats (P2pChannel * channel, P2pChannelStats * stats)
{
  stats->messages_received = FAKE_LINE (channel)->n_messages;
}

/* Nothing comes through it. */
static gboolean
fake_line_send (P2pChannel * channel, GBytes * bytes, gboolean text)
{
  return TRUE;
}

static gsize
fake_line_get_buffered (P2pChannel * channel)
{
  return 0;
}

static void
fake_line_set_low_water (P2pChannel * channel, gsize bytes)
{
}

static gsize
fake_line_get_max_message (P2pChannel * channel)
{
  return 256 * 1024;
}

static void
fake_line_iface_init (P2pChannelInterface * iface)
{
  iface->set_events = fake_line_set_events;
  iface->send = fake_line_send;
  iface->get_buffered = fake_line_get_buffered;
  iface->set_low_water = fake_line_set_low_water;
  iface->get_max_message = fake_line_get_max_message;
  iface->get_stats = fake_line_get_stats;
  iface->close = fake_line_close;
}

static void
fake_line_class_init (FakeLineClass * klass)
{
}

static void
fake_line_init (FakeLine * self)
{
}

/* --- a connection --- */

static void fake_connection_iface_init (P2pConnectionInterface * iface);
G_DEFINE_TYPE_WITH_CODE (FakeConnection, fake_connection, G_TYPE_OBJECT,
    G_IMPLEMENT_INTERFACE (P2P_TYPE_CONNECTION, fake_connection_iface_init));

static GHashTable *all;         /* number -> FakeConnection, those not closed */
static guint last_number;

static void
fake_connection_end (FakeConnection * self)
{
  if (self->closed)
    return;
  self->closed = TRUE;
  g_hash_table_remove (all, GUINT_TO_POINTER (self->number));
  p2p_clock_cancel (self->connector->clock, &self->timer);
}

/* Returns: the number in a description of that kind, or 0 */
static guint
get_number (const char *sdp, const char *kind)
{
  guint64 number;

  if (!sdp || !g_str_has_prefix (sdp, kind)
      || !g_ascii_string_to_unsigned (sdp + strlen (kind), 10, 1, G_MAXUINT,
          &number, NULL))
    return 0;
  return number;
}

static FakeConnection *
fake_connection_find_other (FakeConnection * self)
{
  gboolean offers = self->role == P2P_CONNECTION_OFFER;
  guint number = get_number (self->remote, offers ? "answer " : "offer ");

  return g_hash_table_lookup (all, GUINT_TO_POINTER (number));
}

void
fake_connection_open (FakeConnection * self)
{
  g_autoptr (P2pChannel) channel =
      P2P_CHANNEL (g_object_new (FAKE_TYPE_LINE, NULL));

  fake_connection_end (self);
  FAKE_LINE (channel)->closed = &self->hung_up;
  g_set_weak_pointer (&self->channel, channel);
  self->events->open (P2P_CONNECTION (self), channel, self->user_data);
}

static void
fake_connection_try (gpointer user_data)
{
  FakeConnection *self = user_data;
  FakeConnection *other = fake_connection_find_other (self);

  self->timer = 0;
  if (self->deaf || !other || other->deaf || other->closed
      || fake_connection_find_other (other) != self
      || (self->trickle && self->n_remote_candidates == 0)
      || (other->trickle && other->n_remote_candidates == 0))
    return;
  fake_connection_open (self);
  if (!other->closed)
    fake_connection_open (other);
}

static void
fake_connection_try_soon (FakeConnection * self)
{
  P2pClock *clock = self->connector->clock;

  if (!self->timer)
    self->timer = p2p_clock_call_at (clock, p2p_clock_get_time (clock),
        fake_connection_try, self);
}

static void
fake_connection_describe (gpointer user_data)
{
  FakeConnection *self = user_data;
  gboolean offers = self->role == P2P_CONNECTION_OFFER;
  g_autofree char *sdp = g_strdup_printf ("%s %u",
      offers ? "offer" : "answer", self->number);

  self->timer = 0;
  self->events->described (P2P_CONNECTION (self), sdp, self->user_data);
  if (!self->trickle)
    return;
  for (guint i = 0; i < self->connector->n_candidates && !self->closed; i++) {
    g_autofree char *candidate = g_strdup_printf ("candidate:%u", i);

    self->events->candidate (P2P_CONNECTION (self), candidate, "0",
        self->user_data);
  }
  if (!self->closed)
    self->events->candidate (P2P_CONNECTION (self), NULL, "0", self->user_data);
}

static void
fake_connection_describe_soon (FakeConnection * self)
{
  P2pClock *clock = self->connector->clock;

  if (!self->mute)
    self->timer = p2p_clock_call_at (clock, p2p_clock_get_time (clock),
        fake_connection_describe, self);
}

static void
fake_connection_set_remote (P2pConnection * connection, const char *sdp)
{
  FakeConnection *self = FAKE_CONNECTION (connection);

  g_assert_false (self->closed);
  if (self->remote)
    return;
  self->remote = g_strdup (sdp);
  if (self->role == P2P_CONNECTION_ANSWER)
    fake_connection_describe_soon (self);
  else
    fake_connection_try_soon (self);
}

static void
fake_connection_add_candidate (P2pConnection * connection,
    const char *candidate)
{
  FakeConnection *self = FAKE_CONNECTION (connection);

  g_assert_false (self->closed);
  self->n_remote_candidates++;
  if (self->remote)
    fake_connection_try_soon (self);
}

static void
fake_connection_close (P2pConnection * connection)
{
  fake_connection_end (FAKE_CONNECTION (connection));
}

static void
fake_connection_iface_init (P2pConnectionInterface * iface)
{
  iface->set_remote = fake_connection_set_remote;
  iface->add_candidate = fake_connection_add_candidate;
  iface->close = fake_connection_close;
}

static void
fake_connection_finalize (GObject * object)
{
  FakeConnection *self = FAKE_CONNECTION (object);

  g_assert_true (self->closed);
  if (self->channel)
    FAKE_LINE (self->channel)->closed = NULL;
  g_clear_weak_pointer (&self->channel);
  g_free (self->label);
  g_free (self->remote);
  G_OBJECT_CLASS (fake_connection_parent_class)->finalize (object);
}

static void
fake_connection_class_init (FakeConnectionClass * klass)
{
  G_OBJECT_CLASS (klass)->finalize = fake_connection_finalize;
}

static void
fake_connection_init (FakeConnection * self)
{
}

void
fake_connection_fail (FakeConnection * self)
{
  g_autoptr (GError) error =
      g_error_new_literal (P2P_ERROR, P2P_ERROR_CONNECT, "no way");

  fake_connection_end (self);
  self->events->failed (P2P_CONNECTION (self), error, self->user_data);
}

void
fake_connection_hear (FakeConnection * self)
{
  FAKE_LINE (self->channel)->n_messages++;
}

void
fake_connection_break (FakeConnection * self)
{
  FakeLine *line = FAKE_LINE (self->channel);

  if (line->events)
    line->events->closed (P2P_CHANNEL (line), NULL, line->user_data);
}

/* --- who makes them --- */

static void fake_connector_iface_init (P2pConnectorInterface * iface);
G_DEFINE_TYPE_WITH_CODE (FakeConnector, fake_connector, G_TYPE_OBJECT,
    G_IMPLEMENT_INTERFACE (P2P_TYPE_CONNECTOR, fake_connector_iface_init));

static P2pConnection *
fake_connector_connect (P2pConnector * connector, P2pConnectionRole role,
    gboolean trickle, const char *label, const P2pConnectionEvents * events,
    gpointer user_data)
{
  FakeConnector *self = FAKE_CONNECTOR (connector);
  FakeConnection *connection = g_object_new (FAKE_TYPE_CONNECTION, NULL);

  connection->connector = self;
  connection->number = ++last_number;
  connection->role = role;
  connection->trickle = trickle;
  connection->label = g_strdup (label);
  connection->events = events;
  connection->user_data = user_data;
  connection->deaf = self->deaf;
  connection->mute = self->mute;
  g_hash_table_insert (all, GUINT_TO_POINTER (connection->number), connection);
  g_ptr_array_add (self->connections, g_object_ref (connection));
  if (role == P2P_CONNECTION_OFFER)
    fake_connection_describe_soon (connection);
  return P2P_CONNECTION (connection);
}

static void
fake_connector_iface_init (P2pConnectorInterface * iface)
{
  iface->connect = fake_connector_connect;
}

/* Whoever had connections made must have ended them. */
static void
fake_connector_finalize (GObject * object)
{
  FakeConnector *self = FAKE_CONNECTOR (object);

  for (guint i = 0; i < self->connections->len; i++)
    g_assert_finalize_object (g_ptr_array_index (self->connections, i));
  g_ptr_array_unref (self->connections);
  if (g_hash_table_size (all) == 0)
    last_number = 0;
  G_OBJECT_CLASS (fake_connector_parent_class)->finalize (object);
}

static void
fake_connector_class_init (FakeConnectorClass * klass)
{
  G_OBJECT_CLASS (klass)->finalize = fake_connector_finalize;
  all = g_hash_table_new (NULL, NULL);
}

static void
fake_connector_init (FakeConnector * self)
{
  self->connections = g_ptr_array_new ();
  self->n_candidates = 2;
}

FakeConnector *
fake_connector_new (P2pClock * clock)
{
  FakeConnector *self = g_object_new (FAKE_TYPE_CONNECTOR, NULL);

  self->clock = clock;
  return self;
}

FakeConnection *
fake_connector_get (FakeConnector * self, guint n)
{
  g_assert_cmpuint (self->connections->len, ==, n);
  return g_ptr_array_index (self->connections, n - 1);
}

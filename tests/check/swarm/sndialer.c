/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "fakeconnector.h"
#include "fakefetcher.h"
#include "fakepeer.h"
#include "p2psndialer.h"

/* A dialer whose messages go to a log, or to another dialer. */
typedef struct _Viewer Viewer;
struct _Viewer
{
  const char *id;
  P2pClock *clock;
  GRand *rand;
  FakeConnector *connector;
  P2pSnDialer *dialer;
  GString *log;                 /* what was sent: one line each */
  Viewer *other;                /* who gets what is for it, or NULL */
  GPtrArray *peers;             /* of P2pPeer, kept */
  gboolean refuse;              /* peers are not kept */
  gboolean leave;               /* when a peer is connected */
  guint n_lost;
};

static void
on_send (const P2pSnSignal * signal, gpointer user_data)
{
  Viewer *self = user_data;
  static const char *const names[] = { "offer", "answer", "candidate" };
  P2pSnSignal turned = *signal;

  g_string_append_printf (self->log, "%s to %s\n", names[signal->type],
      signal->peer_id);
  turned.peer_id = (char *) self->id;
  if (self->other && g_str_equal (signal->peer_id, self->other->id))
    p2p_sn_dialer_receive (self->other->dialer, &turned);
}

static P2pPeer *
make_peer (const char *peer_id, P2pChannel * channel, gpointer user_data)
{
  return fake_peer_new_over (((Viewer *) user_data)->clock, channel, peer_id);
}

static void
on_connected (P2pPeer * peer, gpointer user_data)
{
  Viewer *self = user_data;

  if (!self->refuse)
    g_ptr_array_add (self->peers, g_object_ref (peer));
  if (self->leave)
    g_clear_pointer (&self->dialer, p2p_sn_dialer_free);
}

static void
on_lost (gpointer user_data)
{
  ((Viewer *) user_data)->n_lost++;
}

static const P2pSnDialerEvents events = {
  on_send,
  make_peer,
  on_connected,
  on_lost,
};

static Viewer *
viewer_new (P2pClock * clock, const char *id, guint max_peers)
{
  Viewer *self = g_new0 (Viewer, 1);

  self->id = id;
  self->clock = g_object_ref (clock);
  self->rand = g_rand_new_with_seed (1);
  self->connector = fake_connector_new (clock);
  self->log = g_string_new (NULL);
  self->peers = g_ptr_array_new_with_free_func (g_object_unref);
  self->dialer = p2p_sn_dialer_new (clock, self->rand,
      P2P_CONNECTOR (self->connector), max_peers, &events, self);
  p2p_sn_dialer_set_own_id (self->dialer, id);
  p2p_sn_dialer_set_online (self->dialer, TRUE);
  return self;
}

static void
viewer_free (Viewer * self)
{
  g_clear_pointer (&self->dialer, p2p_sn_dialer_free);
  g_ptr_array_unref (self->peers);
  g_assert_finalize_object (self->connector);
  g_rand_free (self->rand);
  g_object_unref (self->clock);
  g_string_free (self->log, TRUE);
  g_free (self);
}

static void
viewer_receive (Viewer * self, P2pSnSignalType type, const char *from,
    const char *text)
{
  P2pSnSignal signal = { type, (char *) from, (char *) text, NULL };

  p2p_sn_dialer_receive (self->dialer, &signal);
}

static void
viewer_check_log (Viewer * self, const char *log)
{
  g_assert_cmpstr (self->log->str, ==, log);
  g_string_truncate (self->log, 0);
}

static void
settle (P2pClock * clock)
{
  p2p_clock_run (clock, p2p_clock_get_time (clock));
}

/* --- */

static void
test_two (void)
{
  g_autoptr (P2pClock) clock = p2p_clock_new (1);
  Viewer *a = viewer_new (clock, "aaaaaa", 0);
  Viewer *b = viewer_new (clock, "bbbbbb", 0);
  FakeConnection *connection;

  a->other = b;
  b->other = a;
  p2p_sn_dialer_learn (b->dialer, "aaaaaa");
  p2p_sn_dialer_learn (b->dialer, "aaaaaa");
  p2p_sn_dialer_learn (b->dialer, "bbbbbb");
  settle (clock);
  viewer_check_log (b, "offer to aaaaaa\ncandidate to aaaaaa\n"
      "candidate to aaaaaa\n");
  viewer_check_log (a, "answer to bbbbbb\ncandidate to bbbbbb\n"
      "candidate to bbbbbb\n");
  g_assert_cmpuint (p2p_sn_dialer_get_n_open (a->dialer), ==, 1);
  g_assert_cmpuint (p2p_sn_dialer_get_n_open (b->dialer), ==, 1);
  g_assert_cmpstr (p2p_peer_get_id (a->peers->pdata[0]), ==, "bbbbbb");
  g_assert_cmpstr (p2p_peer_get_id (b->peers->pdata[0]), ==, "aaaaaa");
  connection = fake_connector_get (b->connector, 1);
  g_assert_cmpuint (strspn (connection->label, "0123456789abcdef"), ==, 40);
  g_assert_cmpuint (strlen (connection->label), ==, 40);

  /* Once is enough; the time-out is off. */
  p2p_sn_dialer_learn (a->dialer, "bbbbbb");
  viewer_receive (a, P2P_SN_SIGNAL_OFFER, "bbbbbb", "offer 99");
  viewer_receive (a, P2P_SN_SIGNAL_GONE, "bbbbbb", NULL);
  fake_clock_run_for (clock, 100 * P2P_SECOND);
  viewer_check_log (a, "");
  viewer_check_log (b, "");
  g_assert_cmpuint (p2p_sn_dialer_get_n_open (a->dialer), ==, 1);
  g_assert_cmpuint (p2p_sn_dialer_get_n_failed (a->dialer), ==, 0);
  viewer_free (a);
  viewer_free (b);
}

/* Both were told of each other: one connection comes of it, whoever begins. */
static void
test_glare (void)
{
  for (guint first = 0; first < 2; first++) {
    g_autoptr (P2pClock) clock = p2p_clock_new (1);
    Viewer *a = viewer_new (clock, "aaaaaa", 0);
    Viewer *b = viewer_new (clock, "bbbbbb", 0);

    a->other = b;
    b->other = a;
    p2p_sn_dialer_learn (first ? b->dialer : a->dialer,
        first ? "aaaaaa" : "bbbbbb");
    p2p_sn_dialer_learn (first ? a->dialer : b->dialer,
        first ? "bbbbbb" : "aaaaaa");
    settle (clock);
    g_assert_cmpuint (p2p_sn_dialer_get_n_open (a->dialer), ==, 1);
    g_assert_cmpuint (p2p_sn_dialer_get_n_open (b->dialer), ==, 1);
    g_assert_cmpuint (a->peers->len, ==, 1);
    g_assert_cmpuint (b->peers->len, ==, 1);
    g_assert_cmpuint (p2p_sn_dialer_get_n_failed (a->dialer), ==, 0);
    g_assert_cmpuint (p2p_sn_dialer_get_n_failed (b->dialer), ==, 0);
    viewer_free (a);
    viewer_free (b);
  }
}

/* The one with the higher id goes on; candidates of the offer that lost are not
 * for it. */
static void
test_glare_rules (void)
{
  g_autoptr (P2pClock) clock = p2p_clock_new (1);
  Viewer *m = viewer_new (clock, "m", 0);
  FakeConnection *ours;

  p2p_sn_dialer_learn (m->dialer, "a");
  settle (clock);
  ours = fake_connector_get (m->connector, 1);
  viewer_receive (m, P2P_SN_SIGNAL_OFFER, "a", "offer 77");
  viewer_receive (m, P2P_SN_SIGNAL_CANDIDATE, "a", "candidate:1");
  g_assert_false (ours->closed);
  g_assert_cmpuint (ours->n_remote_candidates, ==, 0);
  viewer_receive (m, P2P_SN_SIGNAL_ANSWER, "a", "answer 77");
  viewer_receive (m, P2P_SN_SIGNAL_CANDIDATE, "a", "candidate:2");
  g_assert_cmpstr (ours->remote, ==, "answer 77");
  g_assert_cmpuint (ours->n_remote_candidates, ==, 1);

  p2p_sn_dialer_learn (m->dialer, "z");
  settle (clock);
  ours = fake_connector_get (m->connector, 2);
  viewer_receive (m, P2P_SN_SIGNAL_OFFER, "z", "offer 78");
  g_assert_true (ours->closed);
  ours = fake_connector_get (m->connector, 3);
  g_assert_cmpint (ours->role, ==, P2P_CONNECTION_ANSWER);
  g_assert_cmpstr (ours->remote, ==, "offer 78");
  /* What answers an offer is nothing to who answers itself. */
  viewer_receive (m, P2P_SN_SIGNAL_ANSWER, "z", "answer 1");
  viewer_receive (m, P2P_SN_SIGNAL_OFFER, "z", "offer 79");
  g_assert_cmpstr (ours->remote, ==, "offer 78");
  g_assert_cmpuint (m->connector->connections->len, ==, 3);
  viewer_free (m);
}

static void
test_unasked (void)
{
  g_autoptr (P2pClock) clock = p2p_clock_new (1);
  Viewer *m = viewer_new (clock, "m", 0);

  viewer_receive (m, P2P_SN_SIGNAL_ANSWER, "x", "answer 1");
  viewer_receive (m, P2P_SN_SIGNAL_CANDIDATE, "x", "candidate:1");
  viewer_receive (m, P2P_SN_SIGNAL_GONE, "x", NULL);
  viewer_receive (m, P2P_SN_SIGNAL_OTHER, "x", NULL);
  viewer_receive (m, P2P_SN_SIGNAL_OFFER, "m", "offer 1");
  settle (clock);
  g_assert_cmpuint (m->connector->connections->len, ==, 0);
  g_assert_cmpuint (p2p_sn_dialer_get_n_failed (m->dialer), ==, 0);
  viewer_free (m);
}

/* Nobody answers: time-out, later tries, then no more until told again. */
static void
test_timeout (void)
{
  g_autoptr (P2pClock) clock = p2p_clock_new (1);
  Viewer *m = viewer_new (clock, "m", 0);
  FakeConnection *connection;
  guint n = 0;

  m->connector->n_candidates = 0;
  p2p_sn_dialer_learn (m->dialer, "x");
  settle (clock);
  connection = fake_connector_get (m->connector, 1);
  fake_clock_run_for (clock, P2P_SN_CONNECT_TIMEOUT - 1);
  g_assert_false (connection->closed);
  fake_clock_run_for (clock, 1);
  g_assert_true (connection->closed);
  g_assert_cmpuint (p2p_sn_dialer_get_n_failed (m->dialer), ==, 1);
  fake_clock_run_for (clock, P2P_SN_REDIAL / 2 - 1);
  g_assert_cmpuint (m->connector->connections->len, ==, 1);
  p2p_sn_dialer_learn (m->dialer, "x");
  settle (clock);
  g_assert_cmpuint (m->connector->connections->len, ==, 1);
  fake_clock_run_for (clock, P2P_SN_REDIAL + 1);
  g_assert_cmpuint (m->connector->connections->len, ==, 2);
  /* The longest of the pauses, and no longer than this */
  fake_clock_run_for (clock, P2P_SN_CONNECT_TIMEOUT - 1);
  g_assert_cmpuint (m->connector->connections->len, ==, 2);
  fake_clock_run_for (clock, P2P_SN_REDIAL_MAX * 3 / 2 + 1);
  g_assert_cmpuint (m->connector->connections->len, ==, 3);
  fake_clock_run_for (clock, 3600 * P2P_SECOND);
  g_assert_cmpuint (m->connector->connections->len, ==, P2P_SN_MAX_TRIES);
  g_assert_cmpint (p2p_clock_get_next (clock), ==, P2P_NEVER);
  g_assert_cmpuint (p2p_sn_dialer_get_n_failed (m->dialer), ==,
      P2P_SN_MAX_TRIES);
  for (guint i = 0; i < P2P_SN_MAX_TRIES; i++)
    n += strlen ("offer to x\n");
  g_assert_cmpuint (m->log->len, ==, n);

  p2p_sn_dialer_learn (m->dialer, "x");
  settle (clock);
  g_assert_cmpuint (m->connector->connections->len, ==, P2P_SN_MAX_TRIES + 1);
  viewer_free (m);
}

static void
test_failed_and_gone (void)
{
  g_autoptr (P2pClock) clock = p2p_clock_new (1);
  Viewer *m = viewer_new (clock, "m", 3);
  FakeConnection *first;

  /* Two are sought; the third one takes the place of who fails. */
  p2p_sn_dialer_learn (m->dialer, "x");
  p2p_sn_dialer_learn (m->dialer, "y");
  p2p_sn_dialer_learn (m->dialer, "z");
  settle (clock);
  g_assert_cmpuint (m->connector->connections->len, ==, 2);
  first = g_ptr_array_index (m->connector->connections, 0);
  fake_connection_fail (first);
  settle (clock);
  g_assert_cmpuint (m->connector->connections->len, ==, 3);
  g_assert_nonnull (strstr (m->log->str, "offer to z\n"));

  /* Who is not there may be about to be: it is tried again soon, and then not
   * until it is told of again. */
  for (guint tries = 1; tries <= P2P_SN_MAX_TRIES; tries++) {
    viewer_receive (m, P2P_SN_SIGNAL_GONE, "y", NULL);
    settle (clock);
    g_assert_cmpuint (m->connector->connections->len, ==, 2 + tries);
    g_assert_cmpuint (p2p_sn_dialer_get_n_failed (m->dialer), ==, 1 + tries);
    if (tries < P2P_SN_MAX_TRIES)
      fake_clock_run_for (clock, tries * P2P_SN_RETURN * 3 / 2);
  }
  fake_clock_run_for (clock, P2P_SN_RETURN * 10);
  g_assert_cmpuint (m->connector->connections->len, ==, 2 + P2P_SN_MAX_TRIES);
  p2p_sn_dialer_learn (m->dialer, "y");
  settle (clock);
  g_assert_cmpuint (m->connector->connections->len, ==, 3 + P2P_SN_MAX_TRIES);
  viewer_free (m);
}

/* At run time; who is being connected stays so. */
static void
test_max_peers (void)
{
  g_autoptr (P2pClock) clock = p2p_clock_new (1);
  Viewer *m = viewer_new (clock, "m", 0);

  p2p_sn_dialer_set_max_peers (m->dialer, 0);
  p2p_sn_dialer_learn (m->dialer, "x");
  p2p_sn_dialer_learn (m->dialer, "y");
  viewer_receive (m, P2P_SN_SIGNAL_OFFER, "z", "sdp z");
  settle (clock);
  g_assert_cmpuint (m->connector->connections->len, ==, 0);
  p2p_sn_dialer_set_max_peers (m->dialer, 1);
  settle (clock);
  g_assert_cmpuint (m->connector->connections->len, ==, 1);
  p2p_sn_dialer_set_max_peers (m->dialer, G_MAXUINT);
  settle (clock);
  g_assert_cmpuint (m->connector->connections->len, ==, 2);
  p2p_sn_dialer_set_max_peers (m->dialer, 0);
  settle (clock);
  g_assert_false (p2p_sn_dialer_is_short (m->dialer));
  g_assert_cmpuint (p2p_sn_dialer_get_n_failed (m->dialer), ==, 0);
  g_assert_null (strstr (m->log->str, " to z\n"));
  viewer_free (m);
}

/* Told of, and offered by, more than there may be: most are connected, half of
 * them sought. */
static void
check_most (guint max_peers, guint most)
{
  g_autoptr (P2pClock) clock = p2p_clock_new (1);
  Viewer *m = viewer_new (clock, "m", max_peers);
  GPtrArray *connections = m->connector->connections;
  guint opened = 0;

  for (guint i = 0; i < most + 10; i++) {
    g_autofree char *id = g_strdup_printf ("told%u", i);

    p2p_sn_dialer_learn (m->dialer, id);
  }
  settle (clock);
  g_assert_cmpuint (connections->len, ==, P2P_SN_SOUGHT (most));
  for (guint i = 0; i < most + 10; i++) {
    g_autofree char *id = g_strdup_printf ("offers%u", i);

    if (i % P2P_SN_MAX_OFFERS == 0)
      fake_clock_run_for (clock, P2P_SN_OFFERS_WINDOW);
    viewer_receive (m, P2P_SN_SIGNAL_OFFER, id, "offer 1000000");
    while (opened < connections->len)
      fake_connection_open (g_ptr_array_index (connections, opened++));
  }
  g_assert_cmpuint (connections->len, ==, most);
  g_assert_cmpuint (p2p_sn_dialer_get_n_open (m->dialer), ==, most);
  g_assert_cmpuint (p2p_sn_dialer_get_n_failed (m->dialer), ==, 0);
  viewer_free (m);
}

static void
test_most (void)
{
  check_most (0, P2P_SN_DEFAULT_MAX_PEERS);
  check_most (P2P_SN_MAX_PEERS + 1, P2P_SN_MAX_PEERS);
}

/* Who was connected and goes is missed, and tried again. */
static void
test_lost (void)
{
  g_autoptr (P2pClock) clock = p2p_clock_new (1);
  Viewer *m = viewer_new (clock, "m", 0);

  p2p_sn_dialer_learn (m->dialer, "x");
  settle (clock);
  fake_connection_open (fake_connector_get (m->connector, 1));
  g_assert_cmpuint (p2p_sn_dialer_get_n_open (m->dialer), ==, 1);
  g_ptr_array_set_size (m->peers, 0);
  g_assert_cmpuint (m->n_lost, ==, 1);
  g_assert_cmpuint (p2p_sn_dialer_get_n_open (m->dialer), ==, 0);
  g_assert_cmpuint (p2p_sn_dialer_get_n_failed (m->dialer), ==, 0);
  fake_clock_run_for (clock, 2 * P2P_SN_REDIAL);
  g_assert_cmpuint (m->connector->connections->len, ==, 2);

  /* Nobody wanted it. */
  m->refuse = TRUE;
  fake_connection_open (fake_connector_get (m->connector, 2));
  g_assert_cmpuint (m->n_lost, ==, 2);
  g_assert_cmpuint (p2p_sn_dialer_get_n_open (m->dialer), ==, 0);
  viewer_free (m);
}

static void
test_offline (void)
{
  g_autoptr (P2pClock) clock = p2p_clock_new (1);
  Viewer *m = viewer_new (clock, "m", 0);

  p2p_sn_dialer_set_online (m->dialer, FALSE);
  p2p_sn_dialer_learn (m->dialer, "x");
  settle (clock);
  g_assert_cmpuint (m->connector->connections->len, ==, 0);
  p2p_sn_dialer_set_online (m->dialer, TRUE);
  settle (clock);
  g_assert_cmpuint (m->connector->connections->len, ==, 1);
  viewer_free (m);
}

/* Another id: who is connected stays, who was about to be is not answered. */
static void
test_other_id (void)
{
  g_autoptr (P2pClock) clock = p2p_clock_new (1);
  Viewer *m = viewer_new (clock, "m", 0);

  p2p_sn_dialer_learn (m->dialer, "x");
  settle (clock);
  fake_connection_open (fake_connector_get (m->connector, 1));
  p2p_sn_dialer_learn (m->dialer, "y");
  settle (clock);
  p2p_sn_dialer_set_own_id (m->dialer, "m");
  g_assert_false (fake_connector_get (m->connector, 2)->closed);
  p2p_sn_dialer_set_own_id (m->dialer, "n");
  g_assert_true (fake_connector_get (m->connector, 2)->closed);
  g_assert_cmpuint (p2p_sn_dialer_get_n_open (m->dialer), ==, 1);
  g_assert_cmpuint (p2p_sn_dialer_get_n_failed (m->dialer), ==, 0);
  viewer_free (m);
}

/* Who leaves in the middle of it. */
static void
test_leave (void)
{
  g_autoptr (P2pClock) clock = p2p_clock_new (1);
  Viewer *m = viewer_new (clock, "m", 0);

  for (guint i = 0; i < 4; i++) {
    g_autofree char *id = g_strdup_printf ("x%u", i);

    p2p_sn_dialer_learn (m->dialer, id);
  }
  settle (clock);
  fake_connection_fail (fake_connector_get (m->connector, 4));
  m->leave = TRUE;
  fake_connection_open (g_ptr_array_index (m->connector->connections, 0));
  g_assert_null (m->dialer);
  g_assert_cmpuint (m->peers->len, ==, 1);
  g_assert_cmpint (p2p_clock_get_next (clock), ==, P2P_NEVER);
  g_ptr_array_set_size (m->peers, 0);
  g_assert_cmpuint (m->n_lost, ==, 0);
  viewer_free (m);
}

static guint
count_open (FakeConnector * connector)
{
  guint n = 0;

  for (guint i = 0; i < connector->connections->len; i++)
    n += !((FakeConnection *) connector->connections->pdata[i])->closed;
  return n;
}

static void
test_floods (void)
{
  g_autoptr (P2pClock) clock = p2p_clock_new (1);
  Viewer *m = viewer_new (clock, "m", 4);

  /* Told of far too many */
  for (guint i = 0; i < 10 * P2P_SN_MAX_KNOWN; i++) {
    g_autofree char *id = g_strdup_printf ("told%u", i);

    p2p_sn_dialer_learn (m->dialer, id);
  }
  settle (clock);
  g_assert_cmpuint (m->connector->connections->len, ==, P2P_SN_SOUGHT (4));
  g_assert_false (p2p_sn_dialer_is_short (m->dialer));

  /* Offered by far too many, each with far too many candidates */
  for (guint i = 0; i < 10 * P2P_SN_MAX_KNOWN; i++) {
    g_autofree char *id = g_strdup_printf ("offers%u", i);

    viewer_receive (m, P2P_SN_SIGNAL_OFFER, id, "offer 1000000");
    for (guint j = 0; j < 2 * P2P_SN_MAX_CANDIDATES; j++)
      viewer_receive (m, P2P_SN_SIGNAL_CANDIDATE, id, "candidate:1");
  }
  settle (clock);
  g_assert_cmpuint (m->connector->connections->len, ==, 4);
  g_assert_cmpuint (((FakeConnection *) m->connector->connections->
          pdata[3])->n_remote_candidates, ==, P2P_SN_MAX_CANDIDATES);

  /* Each fails at once and offers again */
  for (guint i = 0; i < 1000; i++) {
    viewer_receive (m, P2P_SN_SIGNAL_OFFER, "offers0", "offer 1000000");
    viewer_receive (m, P2P_SN_SIGNAL_GONE, "offers0", NULL);
  }
  g_assert_cmpuint (m->connector->connections->len, <=, 4 + P2P_SN_MAX_OFFERS);
  fake_clock_run_for (clock, P2P_SN_OFFERS_WINDOW);
  viewer_receive (m, P2P_SN_SIGNAL_OFFER, "offers0", "offer 1000000");
  g_assert_cmpuint (count_open (m->connector), ==, 4);
  viewer_free (m);
}

/* We send no more candidates than we take. */
static void
test_candidates_out (void)
{
  g_autoptr (P2pClock) clock = p2p_clock_new (1);
  Viewer *m = viewer_new (clock, "m", 0);

  m->connector->n_candidates = 1000;
  p2p_sn_dialer_learn (m->dialer, "x");
  settle (clock);
  g_assert_cmpuint (m->log->len, ==, strlen ("offer to x\n")
      + P2P_SN_MAX_CANDIDATES * strlen ("candidate to x\n"));
  viewer_free (m);
}

static void
test_short (void)
{
  g_autoptr (P2pClock) clock = p2p_clock_new (1);
  Viewer *m = viewer_new (clock, "m", 8);

  for (guint i = 0; i < 3; i++) {
    g_autofree char *id = g_strdup_printf ("x%u", i);

    g_assert_true (p2p_sn_dialer_is_short (m->dialer));
    p2p_sn_dialer_learn (m->dialer, id);
    settle (clock);
  }
  g_assert_false (p2p_sn_dialer_is_short (m->dialer));
  viewer_free (m);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sndialer/two", test_two);
  g_test_add_func ("/sndialer/glare", test_glare);
  g_test_add_func ("/sndialer/glare-rules", test_glare_rules);
  g_test_add_func ("/sndialer/unasked", test_unasked);
  g_test_add_func ("/sndialer/timeout", test_timeout);
  g_test_add_func ("/sndialer/failed-and-gone", test_failed_and_gone);
  g_test_add_func ("/sndialer/lost", test_lost);
  g_test_add_func ("/sndialer/offline", test_offline);
  g_test_add_func ("/sndialer/other-id", test_other_id);
  g_test_add_func ("/sndialer/leave", test_leave);
  g_test_add_func ("/sndialer/floods", test_floods);
  g_test_add_func ("/sndialer/candidates-out", test_candidates_out);
  g_test_add_func ("/sndialer/short", test_short);
  g_test_add_func ("/sndialer/max-peers", test_max_peers);
  g_test_add_func ("/sndialer/most", test_most);
  return g_test_run ();
}

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pwtdialer.h"

#include <string.h>

#include "fakeconnector.h"
#include "fakepeer.h"

/* A dialer with one way, to a tracker that is the test. */
typedef struct _Viewer Viewer;
struct _Viewer
{
  P2pWtId id;
  P2pClock *clock;
  GRand *rand;
  FakeConnector *connector;
  P2pWtDialer *dialer;
  P2pWtWay *way;
  GPtrArray *peers;             /* of P2pPeer, kept */
  guint n_connected, n_lost;
  gboolean refuse;              /* peers are not kept */
  gboolean leave;               /* when a peer is connected */

  guint n_batches;
  GArray *offers;               /* of P2pWtId: those of the last one */
  GPtrArray *sdps;
  Viewer *other;                /* gets offers and answers, or NULL */
  guint n_answers;
  char *answered;               /* offer id, as JSON, of the last one */
};

static const P2pWtId info_hash = { "J9DHruCtglisbvTgXbcD" };

/* Lets the tracker say it to viewer. sdp, offer_id: JSON, or NULL */
static void
say (Viewer * viewer, const P2pWtId * from, const char *kind, const char *sdp,
    const char *offer_id)
{
  g_autoptr (GString) text = g_string_new ("{\"action\":\"announce\"");
  P2pWtMessage message;

  if (sdp)
    g_string_append_printf (text, ",\"%s\":{\"type\":\"%s\",\"sdp\":%s}", kind,
        kind, sdp);
  if (offer_id)
    g_string_append_printf (text, ",\"offer_id\":%s", offer_id);
  g_string_append (text, ",\"peer_id\":");
  p2p_wt_id_write (from, text);
  g_string_append_c (text, '}');
  g_assert_true (p2p_wt_message_read (&message, text->str, text->len));
  p2p_wt_way_receive (viewer->way, &message);
}

static char *
to_json (const P2pWtId * id)
{
  GString *text = g_string_new (NULL);

  p2p_wt_id_write (id, text);
  return g_string_free (text, FALSE);
}

static void
say_sdp (Viewer * viewer, const P2pWtId * from, const char *kind,
    const char *sdp, const char *offer_id)
{
  g_autofree char *quoted = g_strdup_printf ("\"%s\"", sdp);

  say (viewer, from, kind, quoted, offer_id);
}

/* Gives the n-th offer of the last batch to another one. */
static void
give_offer (Viewer * from, guint n, Viewer * to)
{
  g_autofree char *id = to_json (&g_array_index (from->offers, P2pWtId, n));

  say_sdp (to, &from->id, "offer", from->sdps->pdata[n], id);
}

static void
on_offers (const P2pWtAhead * offers, guint n_offers, gpointer user_data)
{
  Viewer *self = user_data;

  self->n_batches++;
  g_array_set_size (self->offers, 0);
  g_ptr_array_set_size (self->sdps, 0);
  for (guint i = 0; i < n_offers; i++) {
    g_array_append_val (self->offers, offers[i].id);
    g_ptr_array_add (self->sdps, g_strdup (offers[i].sdp));
  }
}

static void
on_answer (const P2pWtId * to, const P2pJsonSlice * offer_id, const char *sdp,
    gpointer user_data)
{
  Viewer *self = user_data;

  self->n_answers++;
  g_free (self->answered);
  self->answered = g_strndup (offer_id->text, offer_id->size);
  if (self->other && p2p_wt_id_equal (to, &self->other->id))
    say_sdp (self->other, &self->id, "answer", sdp, self->answered);
}

static const P2pWtWayEvents way_events = { on_offers, on_answer };

static P2pPeer *
make_peer (const char *peer_id, P2pChannel * channel, gpointer user_data)
{
  return fake_peer_new_over (((Viewer *) user_data)->clock, channel, peer_id);
}

static void
viewer_leave (Viewer * self)
{
  g_clear_pointer (&self->way, p2p_wt_way_free);
  g_clear_pointer (&self->dialer, p2p_wt_dialer_free);
}

static void
on_connected (P2pPeer * peer, gpointer user_data)
{
  Viewer *self = user_data;

  self->n_connected++;
  if (!self->refuse)
    g_ptr_array_add (self->peers, g_object_ref (peer));
  if (self->leave)
    viewer_leave (self);
}

static void
on_lost (gpointer user_data)
{
  ((Viewer *) user_data)->n_lost++;
}

static const P2pWtDialerEvents dialer_events = {
  make_peer,
  on_connected,
  on_lost,
};

static Viewer *
viewer_new (P2pClock * clock, const char *id, guint max_peers)
{
  Viewer *self = g_new0 (Viewer, 1);

  memset (self->id.bytes, '-', P2P_WT_ID_SIZE);
  memcpy (self->id.bytes, id, strlen (id));
  self->clock = g_object_ref (clock);
  self->rand = g_rand_new_with_seed (id[0]);
  self->connector = fake_connector_new (clock);
  self->peers = g_ptr_array_new_with_free_func (g_object_unref);
  self->offers = g_array_new (FALSE, FALSE, sizeof (P2pWtId));
  self->sdps = g_ptr_array_new_with_free_func (g_free);
  self->dialer = p2p_wt_dialer_new (clock, self->rand,
      P2P_CONNECTOR (self->connector), &info_hash, &self->id, max_peers,
      &dialer_events, self);
  self->way = p2p_wt_way_new (self->dialer, &way_events, self);
  return self;
}

/* That nothing is left of any connection is seen when its connector goes. */
static void
viewer_free (Viewer * self)
{
  viewer_leave (self);
  g_ptr_array_unref (self->peers);
  g_assert_finalize_object (self->connector);
  g_rand_free (self->rand);
  g_object_unref (self->clock);
  g_array_unref (self->offers);
  g_ptr_array_unref (self->sdps);
  g_free (self->answered);
  g_free (self);
}

static void
run (Viewer * self, gint64 time)
{
  p2p_clock_run (self->clock, p2p_clock_get_time (self->clock));
  for (gint64 end = p2p_clock_get_time (self->clock) + time;
      p2p_clock_get_time (self->clock) < end;)
    p2p_clock_run (self->clock, MIN (end,
            MAX (p2p_clock_get_next (self->clock),
                p2p_clock_get_time (self->clock) + 1)));
}

static FakeConnection *
get (Viewer * self, guint n)
{
  g_assert_cmpuint (self->connector->connections->len, >=, n);
  return g_ptr_array_index (self->connector->connections, n - 1);
}

static guint
count_alive (Viewer * self)
{
  guint n = 0;

  for (guint i = 0; i < self->connector->connections->len; i++)
    n += !get (self, i + 1)->closed;
  return n;
}

static void
make_offers (Viewer * self, guint n)
{
  p2p_wt_way_make_offers (self->way, n);
  run (self, 0);
  g_assert_cmpuint (self->offers->len, ==, n);
}

typedef struct
{
  P2pClock *clock;
  Viewer *a, *b;
} World;

static World
world_new (void)
{
  World w = { p2p_clock_new (0) };

  w.a = viewer_new (w.clock, "a", P2P_WT_DEFAULT_MAX_PEERS);
  w.b = viewer_new (w.clock, "b", P2P_WT_DEFAULT_MAX_PEERS);
  w.a->other = w.b;
  w.b->other = w.a;
  return w;
}

static void
world_free (World * w)
{
  viewer_free (w->a);
  viewer_free (w->b);
  g_assert_cmpint (p2p_clock_get_next (w->clock), ==, P2P_NEVER);
  g_assert_finalize_object (w->clock);
}

/* --- */

static void
test_two (void)
{
  World w = world_new ();

  make_offers (w.a, 5);
  give_offer (w.a, 3, w.b);
  run (w.a, 0);
  g_assert_cmpuint (w.a->peers->len, ==, 1);
  g_assert_cmpuint (w.b->peers->len, ==, 1);
  g_assert_cmpstr (p2p_peer_get_id (w.a->peers->pdata[0]), ==,
      "b-------------------");
  g_assert_cmpuint (p2p_wt_dialer_get_n_open (w.a->dialer), ==, 1);
  g_assert_false (get (w.a, 4)->trickle);
  g_assert_cmpuint (strspn (get (w.a, 4)->label, "0123456789abcdef"), ==, 40);
  g_assert_cmpuint (strlen (get (w.a, 4)->label), ==, 40);
  g_assert_cmpstr (get (w.a, 4)->label, !=, get (w.a, 5)->label);

  /* What nobody answered goes. */
  run (w.a, P2P_WT_OFFER_LIFE - 1);
  g_assert_cmpuint (count_alive (w.a), ==, 4);
  run (w.a, 1);
  g_assert_cmpuint (count_alive (w.a), ==, 0);
  g_assert_cmpuint (p2p_wt_dialer_get_n_failed (w.a->dialer), ==, 0);
  g_ptr_array_set_size (w.a->peers, 0);
  g_assert_cmpuint (w.a->n_lost, ==, 1);
  g_assert_cmpuint (p2p_wt_dialer_get_n_open (w.a->dialer), ==, 0);
  world_free (&w);
}

#define ID "\"12345678901234567890\""

static void
test_hostile (void)
{
  World w = world_new ();
  g_autofree char *long_id = g_strnfill (P2P_WT_MAX_OFFER_ID + 1, '7');
  g_autofree char *first = NULL;
  const char *bad_id = "{\"offer\":{\"sdp\":\"x\"},\"offer_id\":1,"
      "\"peer_id\":\"short\"}";
  P2pWtMessage message;

  make_offers (w.a, 2);
  first = to_json (&g_array_index (w.a->offers, P2pWtId, 0));
  say (w.a, &w.b->id, "offer", "17", ID);
  say (w.a, &w.b->id, "offer", "\"x\"", NULL);
  say (w.a, &w.b->id, "offer", "\"x\"", long_id);
  say (w.a, &w.b->id, "offer", NULL, ID);
  say (w.a, &w.b->id, "answer", "\"x\"", ID);
  say (w.a, &w.b->id, "answer", "\"x\"", "null");
  say (w.a, &w.b->id, "answer", "\"x\"", NULL);
  say (w.a, &w.b->id, "answer", "[]", first);
  say (w.a, &w.a->id, "offer", "\"x\"", ID);
  say (w.a, &w.a->id, "answer", "\"x\"", first);
  g_assert_true (p2p_wt_message_read (&message, bad_id, strlen (bad_id)));
  p2p_wt_way_receive (w.a->way, &message);
  run (w.a, 0);
  g_assert_cmpuint (w.a->connector->connections->len, ==, 2);
  g_assert_cmpuint (count_alive (w.a), ==, 2);
  g_assert_null (get (w.a, 1)->remote);

  /* A description that makes no sense */
  say (w.a, &w.b->id, "answer", "\"x\"", first);
  g_assert_cmpstr (get (w.a, 1)->remote, ==, "x");
  fake_connection_fail (get (w.a, 1));
  say (w.a, &w.b->id, "offer", "\"y\"", ID);
  fake_connection_fail (get (w.a, 3));
  g_assert_cmpuint (p2p_wt_dialer_get_n_failed (w.a->dialer), ==, 2);
  g_assert_cmpuint (count_alive (w.a), ==, 1);
  world_free (&w);
}

/* Any offer id is sent back as it came. */
static void
test_offer_id (void)
{
  static const char *const ids[] = { "\"\\u0000\\\"x\"", "17", "{}", "\"\"" };
  World w = world_new ();

  w.a->other = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++) {
    P2pWtId from = { "12345678901234567890" };

    from.bytes[0] = i;
    say (w.a, &from, "offer", "\"x\"", ids[i]);
    run (w.a, 0);
    g_assert_cmpstr (w.a->answered, ==, ids[i]);
  }
  g_assert_cmpuint (w.a->n_answers, ==, 4);
  run (w.a, P2P_WT_CONNECT_TIMEOUT);
  g_assert_cmpuint (p2p_wt_dialer_get_n_failed (w.a->dialer), ==, 4);
  g_assert_cmpuint (count_alive (w.a), ==, 0);
  world_free (&w);
}

static void
test_late_and_twice (void)
{
  World w = world_new ();
  P2pWtId other = { "12345678901234567890" };
  g_autofree char *first = NULL, *second = NULL;

  make_offers (w.a, 2);
  first = to_json (&g_array_index (w.a->offers, P2pWtId, 0));
  second = to_json (&g_array_index (w.a->offers, P2pWtId, 1));
  say (w.a, &w.b->id, "answer", "\"answer 1000\"", first);
  say (w.a, &w.b->id, "answer", "\"answer 1001\"", first);
  say (w.a, &other, "answer", "\"answer 1002\"", first);
  g_assert_cmpstr (get (w.a, 1)->remote, ==, "answer 1000");
  run (w.a, P2P_WT_OFFER_LIFE);
  g_assert_cmpuint (p2p_wt_dialer_get_n_failed (w.a->dialer), ==, 1);
  say (w.a, &w.b->id, "answer", "\"answer 1000\"", second);
  say (w.a, &w.b->id, "answer", "\"answer 1000\"", first);
  run (w.a, P2P_SECOND);
  g_assert_null (get (w.a, 2)->remote);
  g_assert_cmpuint (count_alive (w.a), ==, 0);
  world_free (&w);
}

/* Before it is sent an offer cannot be answered. */
static void
test_too_early (void)
{
  World w = world_new ();
  g_autofree char *first = NULL;

  w.a->connector->mute = TRUE;
  p2p_wt_way_make_offers (w.a->way, 2);
  for (guint i = 0; i < 3; i++) {
    P2pWtId zero = { {0}
    };
    g_autofree char *id = to_json (&zero);

    say (w.a, &w.b->id, "answer", "\"x\"", id);
  }
  g_assert_cmpuint (count_alive (w.a), ==, 2);
  run (w.a, P2P_WT_GATHER - 1);
  g_assert_cmpuint (w.a->n_batches, ==, 0);
  run (w.a, 1);
  g_assert_cmpuint (w.a->n_batches, ==, 1);
  g_assert_cmpuint (w.a->offers->len, ==, 0);
  g_assert_cmpuint (count_alive (w.a), ==, 0);
  world_free (&w);
}

/* What is described in time is sent, and all of it if that is sooner. */
static void
test_gather (void)
{
  World w = world_new ();

  p2p_wt_way_make_offers (w.a->way, 3);
  fake_connection_fail (get (w.a, 2));
  g_assert_cmpuint (w.a->n_batches, ==, 0);
  run (w.a, 0);
  g_assert_cmpuint (w.a->n_batches, ==, 1);
  g_assert_cmpuint (w.a->offers->len, ==, 2);

  p2p_wt_way_make_offers (w.a->way, 2);
  fake_connection_fail (get (w.a, 4));
  fake_connection_fail (get (w.a, 5));
  g_assert_cmpuint (w.a->n_batches, ==, 2);
  g_assert_cmpuint (w.a->offers->len, ==, 0);

  p2p_wt_way_make_offers (w.a->way, 0);
  g_assert_cmpuint (w.a->n_batches, ==, 2);
  run (w.a, 0);
  g_assert_cmpuint (w.a->n_batches, ==, 3);

  /* Asked for again before they are ready */
  w.a->connector->mute = TRUE;
  p2p_wt_way_make_offers (w.a->way, 2);
  w.a->connector->mute = FALSE;
  p2p_wt_way_make_offers (w.a->way, 2);
  run (w.a, 2 * P2P_WT_GATHER);
  g_assert_cmpuint (w.a->n_batches, ==, 4);
  g_assert_true (get (w.a, 6)->closed && get (w.a, 7)->closed);
  g_assert_cmpuint (count_alive (w.a), ==, 4);
  g_assert_cmpuint (p2p_wt_dialer_get_n_failed (w.a->dialer), ==, 0);
  world_free (&w);
}

static void
test_ahead_bound (void)
{
  World w = world_new ();

  p2p_wt_dialer_set_max_peers (w.a->dialer, 1000);
  for (guint i = 0; i < 20; i++)
    make_offers (w.a, 5);
  g_assert_cmpuint (count_alive (w.a), ==, P2P_WT_MAX_AHEAD);
  g_assert_true (get (w.a, 80)->closed);
  g_assert_false (get (w.a, 81)->closed);
  p2p_wt_way_make_offers (w.a->way, G_MAXUINT);
  run (w.a, 0);
  g_assert_cmpuint (w.a->offers->len, ==, P2P_WT_MAX_AHEAD);
  g_assert_cmpuint (count_alive (w.a), ==, P2P_WT_MAX_AHEAD);
  world_free (&w);
}

static void
say_offers (Viewer * viewer, guint first, guint n)
{
  for (guint i = 0; i < n; i++) {
    P2pWtId from = { "12345678901234567890" };

    from.bytes[0] = first + i;
    say (viewer, &from, "offer", "\"offer 1000000\"", ID);
  }
}

static void
test_max_peers (void)
{
  World w = world_new ();
  g_autofree char *id = NULL;

  w.a->other = NULL;
  p2p_wt_dialer_set_max_peers (w.a->dialer, 3);
  say_offers (w.a, 0, 1);
  p2p_wt_way_make_offers (w.a->way, 5);
  run (w.a, 0);
  g_assert_cmpuint (w.a->offers->len, ==, P2P_WT_SOUGHT (3) - 1);
  say_offers (w.a, 1, 5);
  run (w.a, 0);
  g_assert_cmpuint (w.a->n_answers, ==, 3);

  /* Full: an answer comes too late. */
  id = to_json (&g_array_index (w.a->offers, P2pWtId, 0));
  say (w.a, &w.b->id, "answer", "\"answer 1000\"", id);
  g_assert_true (get (w.a, 2)->closed);
  p2p_wt_way_make_offers (w.a->way, 5);
  run (w.a, 0);
  g_assert_cmpuint (w.a->offers->len, ==, 0);
  run (w.a, P2P_WT_CONNECT_TIMEOUT);
  p2p_wt_dialer_set_max_peers (w.a->dialer, 0);
  say_offers (w.a, 10, 5);
  p2p_wt_way_make_offers (w.a->way, 5);
  run (w.a, 0);
  g_assert_cmpuint (w.a->n_answers, ==, 3);
  g_assert_cmpuint (w.a->offers->len, ==, 0);
  world_free (&w);
}

static void
test_flood (void)
{
  World w = world_new ();

  w.a->other = NULL;
  p2p_wt_dialer_set_max_peers (w.a->dialer, P2P_WT_MAX_PEERS);
  say_offers (w.a, 0, 250);
  run (w.a, P2P_WT_ANSWERS_WINDOW - 1);
  say_offers (w.a, 0, 250);
  g_assert_cmpuint (w.a->n_answers, ==, P2P_WT_MAX_ANSWERS);
  run (w.a, 1);
  say_offers (w.a, 100, 1);
  run (w.a, 0);
  g_assert_cmpuint (w.a->n_answers, ==, P2P_WT_MAX_ANSWERS + 1);
  world_free (&w);
}

/* A viewer is connected once, but again when it was gone. */
static void
test_again (void)
{
  World w = world_new ();

  make_offers (w.a, 5);
  give_offer (w.a, 0, w.b);
  give_offer (w.a, 1, w.b);
  run (w.a, 0);
  give_offer (w.a, 2, w.b);
  run (w.a, 0);
  g_assert_cmpuint (w.b->n_answers, ==, 1);
  g_assert_cmpuint (w.a->peers->len, ==, 1);

  /* A browser that answers each */
  for (guint i = 1; i < 3; i++) {
    g_autofree char *id = to_json (&g_array_index (w.a->offers, P2pWtId, i));

    say (w.a, &w.b->id, "answer", "\"answer 1000\"", id);
    g_assert_true (get (w.a, i + 1)->closed);
  }
  g_ptr_array_set_size (w.a->peers, 0);
  g_ptr_array_set_size (w.b->peers, 0);
  give_offer (w.a, 3, w.b);
  run (w.a, 0);
  g_assert_cmpuint (w.a->peers->len, ==, 1);
  g_assert_cmpuint (w.b->peers->len, ==, 1);
  world_free (&w);
}

/* Two answers of one viewer, none of them open yet */
static void
test_answered_twice (void)
{
  World w = world_new ();

  w.a->other = NULL;
  make_offers (w.a, 2);
  for (guint i = 0; i < 2; i++) {
    g_autofree char *id = to_json (&g_array_index (w.a->offers, P2pWtId, i));

    say (w.a, &w.b->id, "answer", "\"answer 1000\"", id);
  }
  g_assert_false (get (w.a, 1)->closed);
  g_assert_true (get (w.a, 2)->closed);
  /* … and its offer, as it has answered, is not needed. */
  say (w.a, &w.b->id, "offer", "\"offer 1000\"", ID);
  g_assert_cmpuint (w.a->connector->connections->len, ==, 2);
  world_free (&w);
}

/* --- both offered and both answered --- */

/* The connections of each: 1 is its own offer, 2 its answer. */
static World
world_new_glare (void)
{
  World w = world_new ();

  w.a->connector->deaf = w.b->connector->deaf = TRUE;
  make_offers (w.a, 1);
  make_offers (w.b, 1);
  give_offer (w.a, 0, w.b);
  give_offer (w.b, 0, w.a);
  run (w.a, 0);
  g_assert_nonnull (get (w.a, 1)->remote);
  g_assert_nonnull (get (w.b, 1)->remote);
  g_assert_cmpuint (count_alive (w.a), ==, 2);
  g_assert_cmpuint (count_alive (w.b), ==, 2);
  return w;
}

static P2pChannel *
get_used (Viewer * self)
{
  g_assert_cmpuint (self->peers->len, ==, 1);
  return g_object_get_data (self->peers->pdata[0], "channel");
}

static void
test_glare_same (void)
{
  World w = world_new_glare ();

  fake_connection_open (get (w.a, 1));
  fake_connection_open (get (w.b, 2));
  g_assert_true (get_used (w.a) == get (w.a, 1)->channel);
  g_assert_true (get_used (w.b) == get (w.b, 2)->channel);
  fake_connection_hear (get (w.a, 1));
  fake_connection_open (get (w.a, 2));
  fake_connection_open (get (w.b, 1));
  run (w.a, 0);
  g_assert_true (get (w.a, 2)->hung_up);
  g_assert_false (get (w.b, 1)->hung_up);
  fake_connection_hear (get (w.b, 2));
  run (w.a, P2P_WT_SETTLE);
  g_assert_true (get (w.b, 1)->hung_up);
  g_assert_false (get (w.a, 1)->hung_up || get (w.b, 2)->hung_up);
  g_assert_cmpuint (w.a->n_connected, ==, 1);
  world_free (&w);
}

/* Each uses its own first, nothing comes over either: exactly one is kept. */
static void
test_glare_crossed (gconstpointer data)
{
  guint first = GPOINTER_TO_UINT (data);
  World w = world_new_glare ();

  fake_connection_open (get (w.a, first));
  fake_connection_open (get (w.b, first));
  fake_connection_open (get (w.a, 3 - first));
  fake_connection_open (get (w.b, 3 - first));
  run (w.a, P2P_WT_SETTLE - 1);
  g_assert_false (get (w.a, 3 - first)->hung_up);
  g_assert_false (get (w.b, 3 - first)->hung_up);
  run (w.a, 1);
  /* b is the higher one, and keeps what it offered: its 1, a's 2. */
  g_assert_cmpint (get (w.b, 2)->hung_up, ==, first == 1);
  g_assert_cmpint (get (w.a, 1)->hung_up, ==, first == 2);
  g_assert_false (get (w.a, 2)->hung_up || get (w.b, 1)->hung_up);
  /* The other one sees that. */
  g_ptr_array_set_size (first == 1 ? w.a->peers : w.b->peers, 0);
  run (w.a, P2P_WT_SETTLE_MAX);
  g_assert_true (get_used (w.a) == get (w.a, 2)->channel);
  g_assert_true (get_used (w.b) == get (w.b, 1)->channel);
  g_assert_false (get (w.a, 2)->hung_up || get (w.b, 1)->hung_up);
  world_free (&w);
}

/* A browser uses what opened first for it, and closes the other. */
static void
test_glare_browser (gconstpointer data)
{
  gboolean lower = GPOINTER_TO_UINT (data);
  World w = world_new_glare ();
  Viewer *viewer = lower ? w.a : w.b;

  fake_connection_open (get (viewer, 1));
  fake_connection_open (get (viewer, 2));
  fake_connection_hear (get (viewer, 2));
  run (viewer, P2P_SECOND);
  g_ptr_array_set_size (viewer->peers, 0);
  g_assert_cmpuint (viewer->peers->len, ==, 0);
  run (viewer, 0);
  g_assert_true (get_used (viewer) == get (viewer, 2)->channel);
  g_assert_cmpuint (viewer->n_connected, ==, 2);
  g_assert_cmpuint (viewer->n_lost, ==, 1);
  g_assert_false (get (viewer, 2)->hung_up);
  world_free (&w);
}

/* The one in use is gone before the other one opens. */
static void
test_glare_slow (void)
{
  World w = world_new_glare ();

  fake_connection_open (get (w.a, 1));
  g_ptr_array_set_size (w.a->peers, 0);
  run (w.a, P2P_SECOND);
  fake_connection_open (get (w.a, 2));
  g_assert_true (get_used (w.a) == get (w.a, 2)->channel);
  /* … or fails. */
  fake_connection_open (get (w.b, 1));
  fake_connection_fail (get (w.b, 2));
  g_assert_cmpuint (w.b->peers->len, ==, 1);
  g_assert_cmpuint (p2p_wt_dialer_get_n_open (w.b->dialer), ==, 1);
  world_free (&w);
}

/* Who uses neither in the end does not keep both for ever. */
static void
test_glare_idle (void)
{
  World w = world_new_glare ();

  fake_connection_open (get (w.a, 1));
  fake_connection_open (get (w.a, 2));
  run (w.a, P2P_WT_SETTLE_MAX - 1);
  g_assert_false (get (w.a, 2)->hung_up);
  run (w.a, 1);
  g_assert_true (get (w.a, 2)->hung_up);
  g_assert_true (get_used (w.a) == get (w.a, 1)->channel);
  world_free (&w);
}

/* --- several trackers --- */

static void
test_two_ways (void)
{
  World w = world_new ();
  P2pWtWay *other = p2p_wt_way_new (w.a->dialer, &way_events, w.a), *way;
  g_autofree char *id = NULL;

  make_offers (w.a, 2);
  id = to_json (&g_array_index (w.a->offers, P2pWtId, 0));
  p2p_wt_way_make_offers (other, 2);
  run (w.a, 0);
  g_assert_cmpuint (count_alive (w.a), ==, 4);

  /* By another tracker than it was sent by */
  way = w.a->way;
  w.a->way = other;
  say (w.a, &w.b->id, "answer", "\"answer 1000\"", id);
  g_assert_null (get (w.a, 1)->remote);
  /* One viewer at both */
  say (w.a, &w.b->id, "offer", "\"offer 1000\"", ID);
  w.a->way = way;
  say (w.a, &w.b->id, "offer", "\"offer 1000\"", ID);
  g_assert_cmpuint (count_alive (w.a), ==, 5);
  p2p_wt_way_free (other);
  g_assert_cmpuint (count_alive (w.a), ==, 2);
  run (w.a, 0);
  g_assert_cmpuint (w.a->n_answers, ==, 0);
  world_free (&w);
}

/* A way that goes takes nothing with it that does not need it any more. */
static void
test_way_gone (void)
{
  World w = world_new_glare ();

  g_clear_pointer (&w.a->way, p2p_wt_way_free);
  g_assert_cmpuint (count_alive (w.a), ==, 2);
  fake_connection_open (get (w.a, 2));
  fake_connection_fail (get (w.a, 1));
  g_assert_cmpuint (w.a->peers->len, ==, 1);
  w.a->way = p2p_wt_way_new (w.a->dialer, &way_events, w.a);
  world_free (&w);
}

static void
test_leave_inside (void)
{
  World w = world_new ();

  w.a->leave = w.b->refuse = TRUE;
  make_offers (w.a, 2);
  give_offer (w.a, 0, w.b);
  run (w.a, 0);
  g_assert_cmpuint (w.a->peers->len, ==, 1);
  g_assert_cmpuint (count_alive (w.a), ==, 0);
  g_assert_cmpuint (w.b->n_lost, ==, 1);
  g_assert_cmpuint (p2p_wt_dialer_get_n_open (w.b->dialer), ==, 0);
  world_free (&w);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wtdialer/hostile", test_hostile);
  g_test_add_func ("/wtdialer/offer-id", test_offer_id);
  g_test_add_func ("/wtdialer/late-and-twice", test_late_and_twice);
  g_test_add_func ("/wtdialer/too-early", test_too_early);
  g_test_add_func ("/wtdialer/flood", test_flood);
  g_test_add_func ("/wtdialer/max-peers", test_max_peers);
  g_test_add_func ("/wtdialer/ahead-bound", test_ahead_bound);
  g_test_add_func ("/wtdialer/two", test_two);
  g_test_add_func ("/wtdialer/gather", test_gather);
  g_test_add_func ("/wtdialer/again", test_again);
  g_test_add_func ("/wtdialer/answered-twice", test_answered_twice);
  g_test_add_func ("/wtdialer/glare/same", test_glare_same);
  g_test_add_data_func ("/wtdialer/glare/crossed/1", GUINT_TO_POINTER (1),
      test_glare_crossed);
  g_test_add_data_func ("/wtdialer/glare/crossed/2", GUINT_TO_POINTER (2),
      test_glare_crossed);
  g_test_add_data_func ("/wtdialer/glare/browser/lower",
      GUINT_TO_POINTER (TRUE), test_glare_browser);
  g_test_add_data_func ("/wtdialer/glare/browser/higher",
      GUINT_TO_POINTER (FALSE), test_glare_browser);
  g_test_add_func ("/wtdialer/glare/slow", test_glare_slow);
  g_test_add_func ("/wtdialer/glare/idle", test_glare_idle);
  g_test_add_func ("/wtdialer/two-ways", test_two_ways);
  g_test_add_func ("/wtdialer/way-gone", test_way_gone);
  g_test_add_func ("/wtdialer/leave-inside", test_leave_inside);
  return g_test_run ();
}

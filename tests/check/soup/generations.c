/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Streams in the swarms of several generations, at a WebTorrent tracker in the same
 * process.
 */

#include "p2psoupgenerations.h"

#include <string.h>

#include "p2pmljsonpeer.h"
#include "p2pmlpeer.h"
#include "wttracker.h"

#define STREAM "https://example.com/live/index.m3u8"
#define TWO (P2P_GENERATIONS_2 | P2P_GENERATIONS_5)

typedef struct
{
  WtTracker *tracker;
  FakeConnector *connector;
  P2pNames *names;
  P2pSignaller *signaller;
  GPtrArray *peers;             /* of P2pPeer */
  GPtrArray *own_ids;           /* by which they know us */
  guint n_announced, n_warnings, n_errors;
  GString *told;                /* of trackers, a line each */
} Viewer;

static void
on_peer (P2pSignaller * signaller, P2pPeer * peer, const char *own_id,
    gpointer user_data)
{
  Viewer *self = user_data;

  g_ptr_array_add (self->peers, g_object_ref (peer));
  g_ptr_array_add (self->own_ids, g_strdup (own_id));
}

static void
on_announced (P2pSignaller * signaller, const char *tracker,
    const char *peer_id, guint n_peers, gpointer user_data)
{
  Viewer *self = user_data;

  self->n_announced++;
  g_assert_true (g_str_has_prefix (peer_id, "-"));
}

static void
on_warning (P2pSignaller * signaller, const char *tracker, const char *text,
    gpointer user_data)
{
  ((Viewer *) user_data)->n_warnings++;
}

static void
on_error (P2pSignaller * signaller, const char *tracker, const GError * error,
    gpointer user_data)
{
  Viewer *self = user_data;

  g_assert_cmpstr (tracker, ==, "wss://");
  self->n_errors++;
}

static void
on_get_counts (P2pSignaller * signaller, P2pSignallerCounts * counts,
    gpointer user_data)
{
  g_assert_not_reached ();
}

static const P2pSignallerEvents events = {
  on_peer, on_announced, on_warning, on_error, on_get_counts
};

static Viewer *
viewer_new (WtTracker * tracker, P2pGenerations generations, const char *second)
{
  Viewer *self = g_new0 (Viewer, 1);
  const char *urls[] = { tracker->url, second, NULL };

  self->tracker = tracker;
  self->connector = fake_connector_new (tracker->world->clock);
  self->names = p2p_names_new ();
  self->peers = g_ptr_array_new_with_free_func (g_object_unref);
  self->own_ids = g_ptr_array_new_with_free_func (g_free);
  self->told = g_string_new (NULL);
  self->signaller =
      P2P_SIGNALLER (p2p_soup_generations_new (tracker->world->clock,
          g_rand_new (), P2P_CONNECTOR (self->connector), urls, generations,
          TRUE));
  return self;
}

static P2pIdentity *
identify (const char *uri)
{
  P2pIdentityFacts facts = {
    .requested = uri,.response = uri,
    .media_requested = uri,.media_response = uri,
    .has_end = TRUE
  };

  return p2p_identity_new (&facts);
}

static void
viewer_join (Viewer * self, const char *uri)
{
  g_autoptr (P2pIdentity) identity = identify (uri);

  p2p_signaller_join (self->signaller, identity, self->names, &events, self);
}

static void
viewer_free (Viewer * self)
{
  g_clear_object (&self->signaller);
  g_ptr_array_unref (self->peers);
  g_ptr_array_unref (self->own_ids);
  sn_world_settle (self->tracker->world);
  g_assert_finalize_object (self->connector);
  p2p_names_unref (self->names);
  g_string_free (self->told, TRUE);
  g_free (self);
}

static void
on_tracker (const P2pSignallerStats * stats, gpointer user_data)
{
  Viewer *self = user_data;

  g_assert_cmpstr (stats->tracker, ==, self->tracker->url);
  g_assert_cmpstr (p2p_signaller_state_get_name (stats->state), ==,
      "connected");
  g_string_append_printf (self->told, "%s as %.8s\n", stats->swarm_id,
      stats->peer_id);
}

/* Two viewers who are in both swarms meet in both. */
static void
test_two (void)
{
  WtTracker *tracker = wt_tracker_new ();
  Viewer *a = viewer_new (tracker, TWO, NULL);
  Viewer *b = viewer_new (tracker, TWO, NULL);
  guint n_binary = 0;

  viewer_join (a, STREAM);
  sn_wait (tracker->world, a->n_announced == 2);
  viewer_join (b, STREAM);
  sn_wait (tracker->world, a->peers->len == 2 && b->peers->len == 2);
  g_assert_cmpuint (tracker->n_opened, ==, 2);
  for (guint i = 0; i < 2; i++) {
    gboolean binary = P2P_IS_ML_PEER (a->peers->pdata[i]);

    n_binary += binary;
    g_assert_true (binary || P2P_IS_ML_JSON_PEER (a->peers->pdata[i]));
    g_assert_true (p2p_peer_elects (a->peers->pdata[i]));
    g_assert_true (g_str_has_prefix (a->own_ids->pdata[i],
            binary ? "-PM0203-" : "-WW0006-"));
    g_assert_true (g_str_has_prefix (p2p_peer_get_id (a->peers->pdata[i]),
            binary ? "-PM0203-" : "-WW0006-"));
  }
  g_assert_cmpuint (n_binary, ==, 1);

  p2p_signaller_foreach_tracker (a->signaller, STREAM, a, on_tracker, a);
  g_assert_cmpstr (a->told->str, ==, "2" STREAM " as -WW0006-\n"
      "v2-" STREAM "-main-UYnLxGhQilEV4D0HbCx+kRv0ZF0= as -PM0203-\n");
  viewer_free (a);
  viewer_free (b);
  wt_tracker_free (tracker);
}

/* What the tracker is told is what its vectors say, and in number what browsers
 * say. */
static void
test_announces (void)
{
  WtTracker *tracker = wt_tracker_new ();
  Viewer *a = viewer_new (tracker, TWO, NULL);
  const char *old, *text;

  viewer_join (a, STREAM);
  sn_wait (tracker->world, a->n_announced == 2);
  text = tracker->log->str;
  g_assert_nonnull (strstr (text, "\"info_hash\":\"SP/5kucJOMTmJoam0V+d\""));
  g_assert_cmpuint (sn_count (text, "\"numwant\":5"), ==, 1);
  g_assert_cmpuint (sn_count (text, "\"numwant\":10"), ==, 1);
  g_assert_cmpuint (sn_count (text, "\"offer_id\""), ==, 15);
  old = strstr (text, "-WW0006-");
  g_assert_nonnull (old);

  /* Who leaves says so in each, and comes back as the same. */
  {
    g_autofree char *id = g_strndup (old, P2P_PEER_ID_SIZE);

    wt_tracker_clear (tracker);
    p2p_signaller_leave (a->signaller, STREAM, a);
    sn_world_settle (tracker->world);
    g_assert_cmpuint (sn_count (tracker->log->str, "\"stopped\""), ==, 2);
    wt_tracker_clear (tracker);
    viewer_join (a, STREAM);
    sn_wait (tracker->world, a->n_announced == 4);
    g_assert_nonnull (strstr (tracker->log->str, id));
  }
  viewer_free (a);
  wt_tracker_free (tracker);
}

/* One name is joined once, whoever asks; and left with who joined it. */
static void
test_same_name (void)
{
  WtTracker *tracker = wt_tracker_new ();
  Viewer *a = viewer_new (tracker, P2P_GENERATIONS_5, NULL);

  viewer_join (a, STREAM "?token=1");
  viewer_join (a, STREAM "?token=2");
  sn_world_run (tracker->world, 20);
  g_assert_cmpuint (sn_count (tracker->log->str, "\"started\""), ==, 1);
  g_assert_null (strstr (tracker->log->str, "token"));
  viewer_free (a);
  wt_tracker_free (tracker);
}

/* A generation that has no name for it is not joined. */
static void
test_no_name (void)
{
  WtTracker *tracker = wt_tracker_new ();
  Viewer *a = viewer_new (tracker, P2P_GENERATIONS_0, NULL);

  viewer_join (a, STREAM "?token=1");
  sn_world_run (tracker->world, 20);
  g_assert_cmpuint (tracker->n_opened, ==, 0);
  p2p_signaller_foreach_tracker (a->signaller, STREAM, a, on_tracker, a);
  g_assert_cmpstr (a->told->str, ==, "");
  viewer_free (a);
  wt_tracker_free (tracker);
}

static void
test_wrong_url (void)
{
  WtTracker *tracker = wt_tracker_new ();
  Viewer *a = viewer_new (tracker, TWO, "wss://");

  viewer_join (a, STREAM);
  sn_wait (tracker->world, a->n_errors == 2 && a->n_announced == 2);
  viewer_free (a);
  wt_tracker_free (tracker);
}

/* Nobody is sought beyond max-peers; 0: nobody at all. */
static void
test_max_peers (void)
{
  WtTracker *tracker = wt_tracker_new ();
  Viewer *a = viewer_new (tracker, TWO, NULL);
  Viewer *b = viewer_new (tracker, TWO, NULL);

  p2p_signaller_set_max_peers (a->signaller, 0);
  viewer_join (a, STREAM);
  sn_wait (tracker->world, a->n_announced == 2);
  viewer_join (b, STREAM);
  sn_wait (tracker->world, b->n_announced == 2);
  sn_world_run (tracker->world, 60);
  g_assert_cmpuint (a->peers->len + b->peers->len, ==, 0);
  viewer_free (a);
  viewer_free (b);
  wt_tracker_free (tracker);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/generations/two", test_two);
  g_test_add_func ("/generations/announces", test_announces);
  g_test_add_func ("/generations/same-name", test_same_name);
  g_test_add_func ("/generations/no-name", test_no_name);
  g_test_add_func ("/generations/wrong-url", test_wrong_url);
  g_test_add_func ("/generations/max-peers", test_max_peers);
  return g_test_run ();
}

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "viewer.h"
#include "p2psnpeer.h"

#include <string.h>

const char *
viewer_uri (guint n)
{
  g_autofree char *uri = g_strdup_printf ("http://origin.example/%u.ts", n);

  return g_intern_string (uri);
}

static void
viewer_log (Viewer * v, const char *what, const char *which, gint64 number)
{
  g_string_append_printf (v->log, "%" G_GINT64_FORMAT " %s %s %s %"
      G_GINT64_FORMAT "\n", p2p_clock_get_time (v->clock), v->name, what,
      which, number);
}

static void
on_loaded (P2pLoader * loader, P2pSegment * segment, gpointer data)
{
  Viewer *v = data;
  GBytes *body = fake_fetcher_get (v->origin, segment->url)->body;

  g_assert_false (g_hash_table_contains (v->gone, segment->id));
  viewer_log (v, "loaded", segment->id, p2p_segment_get_size (segment));
  v->loaded += g_bytes_get_size (body);
  v->n_loaded++;
  if (p2p_segment_is_loaded (segment)) {
    g_autoptr (GBytes) bytes = p2p_segment_get_data (segment);

    g_assert_true (g_bytes_equal (bytes, body));
  }
}

static void
on_error (P2pLoader * loader, P2pSegment * segment, const GError * error,
    gpointer data)
{
  Viewer *v = data;

  g_assert_false (g_hash_table_contains (v->gone, segment->id));
  g_assert_false (g_error_matches (error, P2P_ERROR, P2P_ERROR_PEER));
  viewer_log (v, "error", segment->id, error->code);
}

static void
on_abort (P2pLoader * loader, P2pSegment * segment, gpointer data)
{
  Viewer *v = data;

  g_assert_true (g_hash_table_add (v->gone, g_strdup (segment->id)));
  viewer_log (v, "abort", segment->id, 0);
}

static void
on_connect (P2pLoader * loader, P2pPeer * peer, gpointer data)
{
  viewer_log (data, "connect", p2p_peer_get_id (peer), 0);
}

static void
on_close (P2pLoader * loader, const char *id, gpointer data)
{
  viewer_log (data, "close", id, 0);
}

static void
on_piece (P2pLoader * loader, P2pSource source, gsize size, gpointer data)
{
  ((Viewer *) data)->pieces[source] += size;
}

static void
on_swarm (P2pLoader * loader, const char *swarm_id, gpointer data)
{
  viewer_log (data, "swarm", swarm_id ? swarm_id : "-", 0);
}

static void
on_uploaded (P2pLoader * loader, gsize size, gpointer data)
{
  viewer_log (data, "uploaded", "", size);
}

static void
watch_on_head (P2pReader * reader, P2pHttpHead * head, gpointer data)
{
  Watch *w = data;

  g_assert_cmpuint (w->got, ==, 0);
  g_assert_false (w->ended);
}

static void
watch_on_data (P2pReader * reader, GBytes * bytes, P2pSource source,
    gpointer data)
{
  Watch *w = data;
  const guint8 *expect = g_bytes_get_data (w->expect, NULL);
  gsize size;
  gconstpointer got = g_bytes_get_data (bytes, &size);

  g_assert_false (w->ended);
  g_assert_cmpuint (w->got + size, <=, g_bytes_get_size (w->expect));
  g_assert_cmpint (memcmp (got, expect + w->got, size), ==, 0);
  w->got += size;
}

static void
watch_on_done (P2pReader * reader, P2pSource source, P2pHttpHead * head,
    const GError * error, gpointer data)
{
  Watch *w = data;

  g_assert_false (w->ended);
  w->ended = TRUE;
  w->error = error ? g_error_copy (error) : NULL;
  viewer_log (w->viewer, "read", error ? "failed" : "", source);
  if (!error)
    g_assert_cmpuint (w->got, ==, g_bytes_get_size (w->expect));
}

static P2pNames *
viewer_name_segments (void)
{
  P2pNames *names = p2p_names_new ();

  for (guint n = 0; n < VIEWER_SEGMENTS; n++)
    p2p_names_add (names, viewer_uri (n), n, viewer_uri (n));
  return names;
}

Viewer *
viewer_new (const char *name, P2pClock * clock, GRand * rand, GString * log,
    GType type)
{
  static const P2pLoaderEvents events = {
    on_loaded, on_error, on_abort, on_connect, on_close, on_piece, on_swarm,
    on_uploaded
  };
  Viewer *v = g_new0 (Viewer, 1);
  P2pLoaderWorld world;

  v->name = g_strdup (name);
  v->clock = clock;
  v->rand = rand;
  v->log = log;
  v->origin = fake_fetcher_new (clock);
  v->cache = p2p_cache_new (clock);
  v->options = p2p_http_options_new ();
  v->peers = g_ptr_array_new_with_free_func (g_object_unref);
  v->channels = g_ptr_array_new_with_free_func (g_object_unref);
  v->names = viewer_name_segments ();
  v->watches = g_ptr_array_new ();
  v->gone = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  p2p_settings_init (&v->settings);

  world = (P2pLoaderWorld) {
  clock, rand, P2P_FETCHER (v->origin), v->cache, &v->bandwidth, &v->stats};
  v->loader = p2p_loader_new (type, &world, &v->settings, v->options, &events,
      v);
  viewer_apply (v);
  return v;
}

void
viewer_free (Viewer * v)
{
  p2p_loader_destroy (v->loader);
  fake_clock_run_for (v->clock, 0);
  for (guint i = 0; i < v->watches->len; i++) {
    Watch *w = g_ptr_array_index (v->watches, i);

    g_assert_true (w->ended);
  }
  while (v->watches->len > 0)
    viewer_close (v, g_ptr_array_index (v->watches, 0));
  g_assert_finalize_object (v->loader);
  g_assert_cmpuint (p2p_cache_get_count (v->cache), ==, 0);
  g_assert_cmpuint (fake_fetcher_get_n_open (v->origin), ==, 0);
  g_ptr_array_unref (v->peers);
  g_ptr_array_unref (v->channels);
  p2p_names_unref (v->names);
  g_ptr_array_unref (v->watches);
  g_hash_table_unref (v->gone);
  g_assert_finalize_object (v->cache);
  g_assert_finalize_object (v->origin);
  p2p_http_options_unref (v->options);
  g_free (v->name);
  g_free (v);
}

void
viewer_apply (Viewer * v)
{
  p2p_cache_set_limits (v->cache, v->settings.max_cache_segments_count,
      v->settings.max_cache_bytes,
      v->settings.cache_segment_expiration * P2P_MSEC);
  p2p_loader_set_settings (v->loader, &v->settings);
}

void
viewer_load (Viewer * v, guint first, guint n, const char *swarm_id,
    const char *emit_now_url)
{
  g_autoptr (GPtrArray) segments =
      g_ptr_array_new_with_free_func ((GDestroyNotify) p2p_segment_unref);

  v->first = first;
  v->n = n;
  if (emit_now_url && p2p_cache_contains (v->cache, emit_now_url))
    v->again +=
        g_bytes_get_size (fake_fetcher_get (v->origin, emit_now_url)->body);
  for (guint i = 0; i < n; i++) {
    const char *uri = viewer_uri (first + i);

    g_hash_table_remove (v->gone, uri);
    g_ptr_array_add (segments, p2p_segment_new (uri, uri, 0, -1, i));
    ((P2pSegment *) g_ptr_array_index (segments, i))->duration = v->duration;
  }
  p2p_loader_load (v->loader, segments, swarm_id, emit_now_url);
  fake_clock_run_for (v->clock, 0);
}

Watch *
viewer_read (Viewer * v, guint n)
{
  static const P2pReaderEvents events =
      { watch_on_head, watch_on_data, watch_on_done };
  Watch *w = g_new0 (Watch, 1);

  w->viewer = v;
  w->expect = g_bytes_ref (fake_fetcher_get (v->origin, viewer_uri (n))->body);
  w->reader = p2p_loader_read (v->loader, viewer_uri (n), &events, w);
  if (!w->reader) {
    g_bytes_unref (w->expect);
    g_free (w);
    return NULL;
  }
  g_ptr_array_add (v->watches, w);
  return w;
}

void
viewer_close (Viewer * v, Watch * w)
{
  g_ptr_array_remove (v->watches, w);
  p2p_reader_close (w->reader);
  g_bytes_unref (w->expect);
  g_clear_error (&w->error);
  g_free (w);
}

void
viewer_add_peer (Viewer * v, FakePeer * peer)
{
  g_ptr_array_add (v->peers, peer);
  p2p_loader_add_peer (v->loader, P2P_PEER (peer));
}

void
viewer_meet (Viewer * a, Viewer * b, gint64 latency, guint64 rate)
{
  FakePeer *ab = fake_peer_new (a->clock, b->name);
  FakePeer *ba = fake_peer_new (a->clock, a->name);

  fake_peer_pair (ab, ba);
  ab->latency = ba->latency = latency;
  ab->rate = ba->rate = rate;
  viewer_add_peer (a, ab);
  viewer_add_peer (b, ba);
}

void
viewer_add_wire (Viewer * v, FakeChannel * channel, const char *name)
{
  g_autoptr (P2pPeer) peer = p2p_sn_peer_new (v->clock, P2P_CHANNEL (channel),
      v->names, name);

  g_ptr_array_add (v->channels, g_object_ref (channel));
  p2p_loader_add_peer (v->loader, peer);
}

void
viewer_meet_over_wire (Viewer * a, Viewer * b, gint64 latency, guint64 rate)
{
  g_autoptr (FakeChannel) ab = NULL, ba = NULL;

  fake_channel_pair (a->clock, &ab, &ba);
  ab->latency = ba->latency = latency;
  ab->rate = ba->rate = rate;
  viewer_add_wire (a, ab, b->name);
  viewer_add_wire (b, ba, a->name);
}

static gboolean
viewer_is_wanted (Viewer * v, const char *uri)
{
  for (guint i = 0; i < v->watches->len; i++) {
    Watch *w = g_ptr_array_index (v->watches, i);

    if (!w->ended && w->expect == fake_fetcher_get (v->origin, uri)->body)
      return TRUE;
  }
  return p2p_loader_contains (v->loader, uri);
}

void
viewer_check (Viewer * v)
{
  g_autoptr (GPtrArray) open = fake_fetcher_list_open (v->origin);
  g_autoptr (GHashTable) coming = g_hash_table_new (g_str_hash, g_str_equal);
  guint asked = 0;

  /* From one place at a time, and only what somebody waits for. */
  for (guint i = 0; i < open->len; i++) {
    char *uri = g_ptr_array_index (open, i);

    g_assert_true (g_hash_table_add (coming, uri));
    g_assert_true (viewer_is_wanted (v, uri));
  }
  for (guint i = 0; i < v->peers->len; i++) {
    FakePeer *peer = g_ptr_array_index (v->peers, i);

    if (!peer->asked)
      continue;
    g_assert_true (g_hash_table_add (coming, peer->asked)
        || p2p_loader_lookup (v->loader, peer->asked)->also);
    g_assert_true (viewer_is_wanted (v, peer->asked));
    g_assert_false (p2p_cache_contains (v->cache, peer->asked));
    asked++;
  }
  g_assert_true (P2P_IS_HYBRID_LOADER (v->loader) || asked == 0);
  g_assert_cmpuint (p2p_cache_get_count (v->cache), <=,
      v->settings.max_cache_segments_count);
  g_assert_cmpuint (p2p_cache_get_bytes (v->cache), <=,
      v->settings.max_cache_bytes);
  g_assert_cmpuint (v->pieces[P2P_SOURCE_HTTP], ==,
      fake_fetcher_get_served (v->origin));
}

void
viewer_check_at_rest (Viewer * v)
{
  viewer_check (v);
  g_assert_cmpuint (fake_fetcher_get_n_open (v->origin), ==, 0);
  for (guint i = 0; i < v->n; i++) {
    const char *uri = viewer_uri (v->first + i);

    if (!p2p_cache_contains (v->cache, uri))
      g_error ("%s: %s never came, is in state %d", v->name, uri,
          p2p_loader_lookup (v->loader, uri)->state);
  }
  g_assert_cmpuint (v->loaded - v->again + v->stats.wasted, ==,
      v->pieces[P2P_SOURCE_HTTP] + v->pieces[P2P_SOURCE_P2P]);
}

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "loaderworld.h"

#include <string.h>

const char *
stage_uri (guint n)
{
  g_autofree char *uri = g_strdup_printf ("http://origin.example/%u.ts", n);

  return g_intern_string (uri);
}

const char *
stage_id (guint n)
{
  g_autofree char *id = g_strdup_printf ("s%u", n);

  return g_intern_string (id);
}

static void
stage_log (Stage * s, const char *format, ...)
{
  g_autofree char *line = NULL;
  va_list args;

  g_assert_false (s->calling);
  va_start (args, format);
  line = g_strdup_vprintf (format, args);
  va_end (args);
  g_string_append_printf (s->log, "%s\n", line);
  if (s->on_event)
    s->on_event (s, line);
}

static void
on_loaded (P2pLoader * loader, P2pSegment * segment, gpointer data)
{
  stage_log (data, "loaded %s%s", segment->id + 1,
      p2p_segment_is_loaded (segment) ? "" : " unkept");
}

static void
on_error (P2pLoader * loader, P2pSegment * segment, const GError * error,
    gpointer data)
{
  g_assert_true (error->domain == P2P_ERROR);
  stage_log (data, "error %s %d", segment->id + 1, error->code);
}

static void
on_abort (P2pLoader * loader, P2pSegment * segment, gpointer data)
{
  stage_log (data, "abort %s", segment->id + 1);
}

static void
on_connect (P2pLoader * loader, P2pPeer * peer, gpointer data)
{
  stage_log (data, "connect %s %s", p2p_peer_get_id (peer),
      p2p_peer_get_remote_address (peer));
}

static void
on_close (P2pLoader * loader, const char *id, gpointer data)
{
  stage_log (data, "close %s", id);
}

static void
on_piece (P2pLoader * loader, P2pSource source, gsize size, gpointer data)
{
  Stage *s = data;

  g_assert_false (s->calling);
  s->pieces[source] += size;
  if (s->on_event)
    s->on_event (s, "piece");
}

static void
on_swarm (P2pLoader * loader, const char *swarm_id, gpointer data)
{
  stage_log (data, "swarm %s", swarm_id ? swarm_id : "-");
}

static void
on_uploaded (P2pLoader * loader, gsize size, gpointer data)
{
  ((Stage *) data)->uploaded += size;
}

static gboolean
on_validate (P2pLoader * loader, P2pCheck * check, gpointer data)
{
  Stage *s = data;

  if (s->looks && check) {
    g_ptr_array_add (s->checks, p2p_check_ref (check));
    if (s->on_event)
      s->on_event (s, "check");
  }
  return s->looks;
}

Stage *
stage_new (GType type, guint64 rate)
{
  static const P2pLoaderEvents events = {
    on_loaded, on_error, on_abort, on_connect, on_close, on_piece, on_swarm,
    on_uploaded, on_validate
  };
  Stage *s = g_new0 (Stage, 1);
  P2pLoaderWorld world;

  s->clock = p2p_clock_new (0);
  s->rand = g_rand_new_with_seed (1);
  s->fetcher = fake_fetcher_new (s->clock);
  s->cache = p2p_cache_new (s->clock);
  s->options = p2p_http_options_new ();
  s->log = g_string_new (NULL);
  s->checks = g_ptr_array_new_with_free_func ((GDestroyNotify) p2p_check_unref);
  s->peers = g_ptr_array_new_with_free_func (g_object_unref);
  s->lengths = -1;
  p2p_settings_init (&s->settings);
  for (guint i = 0; i < STAGE_SEGMENTS; i++)
    fake_fetcher_add (s->fetcher, stage_uri (i), STAGE_SIZE)->rate = rate;

  world = (P2pLoaderWorld) {
  s->clock, s->rand, P2P_FETCHER (s->fetcher), s->cache, &s->bandwidth,
        &s->stats};
  s->loader = p2p_loader_new (type, &world, &s->settings, s->options, &events,
      s);
  stage_apply (s);
  return s;
}

void
stage_free (Stage * s)
{
  gsize length = s->log->len;

  p2p_loader_destroy (s->loader);
  g_assert_finalize_object (s->loader);
  g_assert_cmpuint (p2p_cache_get_count (s->cache), ==, 0);
  g_assert_cmpuint (fake_fetcher_get_n_open (s->fetcher), ==, 0);
  fake_clock_run_for (s->clock, 3600 * P2P_SECOND);
  g_assert_cmpint (p2p_clock_get_next (s->clock), ==, P2P_NEVER);
  g_assert_cmpuint (s->log->len, ==, length);

  g_ptr_array_unref (s->checks);
  g_ptr_array_unref (s->peers);
  g_assert_finalize_object (s->cache);
  g_assert_finalize_object (s->fetcher);
  p2p_http_options_unref (s->options);
  g_rand_free (s->rand);
  g_string_free (s->log, TRUE);
  g_assert_finalize_object (s->clock);
  g_free (s);
}

FakeResource *
stage_resource (Stage * s, guint n)
{
  return fake_fetcher_get (s->fetcher, stage_uri (n));
}

GBytes *
stage_bytes (Stage * s, guint n)
{
  return stage_resource (s, n)->body;
}

void
stage_apply (Stage * s)
{
  P2pSettings *set = &s->settings;

  s->calling = TRUE;
  p2p_cache_set_limits (s->cache, set->max_cache_segments_count,
      set->max_cache_bytes, set->cache_segment_expiration * P2P_MSEC);
  p2p_loader_set_settings (s->loader, set);
  s->calling = FALSE;
}

void
stage_load_full (Stage * s, guint first, guint last, guint priority,
    const char *swarm_id, const char *emit_now_url)
{
  g_autoptr (GPtrArray) segments =
      g_ptr_array_new_with_free_func ((GDestroyNotify) p2p_segment_unref);

  for (guint i = first; i <= last; i++) {
    P2pSegment *segment = p2p_segment_new (stage_uri (i), stage_id (i), 0,
        s->lengths, priority + i - first);

    segment->duration = s->duration;
    g_ptr_array_add (segments, segment);
  }
  s->calling = TRUE;
  p2p_loader_load (s->loader, segments, swarm_id, emit_now_url);
  s->calling = FALSE;
}

void
stage_load (Stage * s, guint first, guint last)
{
  stage_load_full (s, first, last, 0, NULL, NULL);
}

void
stage_run (Stage * s, gint64 duration)
{
  fake_clock_run_for (s->clock, duration);
}

void
stage_settle (Stage * s)
{
  stage_run (s, 60 * P2P_SECOND);
}

FakePeer *
stage_add_peer (Stage * s, const char *id, guint first, guint last)
{
  FakePeer *peer = fake_peer_new (s->clock, id);

  g_ptr_array_add (s->peers, peer);
  for (guint i = first; i <= last; i++)
    fake_peer_hold (peer, stage_id (i), stage_bytes (s, i));
  s->calling = TRUE;
  p2p_loader_add_peer (s->loader, P2P_PEER (peer));
  s->calling = FALSE;
  return peer;
}

void
stage_answer (Stage * s, gboolean good)
{
  P2pCheck *check = g_ptr_array_steal_index (s->checks, 0);

  p2p_check_answer (check, good);
  p2p_check_unref (check);
}

void
stage_assert_log (Stage * s, const char *expect)
{
  g_assert_cmpstr (s->log->str, ==, expect);
}

void
stage_assert_requests (Stage * s, const char *expect)
{
  g_autoptr (GString) got = g_string_new (NULL);
  GPtrArray *requests = fake_fetcher_get_requests (s->fetcher);

  for (guint i = 0; i < requests->len; i++) {
    FakeRequest *request = g_ptr_array_index (requests, i);
    const char *name = strrchr (request->uri, '/') + 1;

    g_string_append_len (got, name, strcspn (name, "."));
    g_string_append_c (got, ' ');
  }
  g_assert_cmpstr (got->str, ==, expect);
}

gboolean
stage_is_cached (Stage * s, guint n)
{
  return p2p_cache_contains (s->cache, stage_id (n));
}

static void
on_head (P2pReader * reader, P2pHttpHead * head, gpointer data)
{
  Audience *a = data;

  g_assert_false (a->stage->calling);
  g_assert_cmpuint (a->data->len, ==, 0);
  a->n_heads++;
}

static void
on_data (P2pReader * reader, GBytes * bytes, P2pSource source, gpointer data)
{
  Audience *a = data;

  g_assert_false (a->stage->calling);
  g_assert_cmpuint (a->n_done, ==, 0);
  a->source = source;
  g_byte_array_append (a->data, g_bytes_get_data (bytes, NULL),
      g_bytes_get_size (bytes));
  if (a->stage->on_event)
    a->stage->on_event (a->stage, "data");
}

static void
on_done (P2pReader * reader, P2pSource source, P2pHttpHead * head,
    const GError * error, gpointer data)
{
  Audience *a = data;

  g_assert_false (a->stage->calling);
  a->n_done++;
  if (!error && a->data->len > 0)
    g_assert_cmpint (source, ==, a->source);
  a->source = source;
  a->status = head ? head->status : 0;
  a->error = error ? g_error_copy (error) : NULL;
}

Audience *
stage_read (Stage * s, guint n)
{
  static const P2pReaderEvents events = { on_head, on_data, on_done };
  Audience *a = g_new0 (Audience, 1);

  a->stage = s;
  a->data = g_byte_array_new ();
  s->calling = TRUE;
  a->reader = p2p_loader_read (s->loader, stage_id (n), &events, a);
  s->calling = FALSE;
  g_assert_nonnull (a->reader);
  return a;
}

void
audience_free (Audience * a)
{
  a->stage->calling = TRUE;
  p2p_reader_close (a->reader);
  a->stage->calling = FALSE;
  g_byte_array_unref (a->data);
  g_clear_error (&a->error);
  g_free (a);
}

void
audience_assert_all (Audience * a, guint n, P2pSource source)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (stage_bytes (a->stage, n), &size);

  g_assert_cmpuint (a->n_done, ==, 1);
  g_assert_no_error (a->error);
  g_assert_cmpmem (a->data->data, a->data->len, data, size);
  g_assert_cmpint (a->source, ==, source);
  g_assert_cmpuint (a->n_heads, ==, source == P2P_SOURCE_HTTP);
}

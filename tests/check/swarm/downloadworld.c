/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "downloadworld.h"

static void
leave (World * w, char now)
{
  if (w->leave != now)
    return;
  w->leave = 0;
  if (w->cancel)
    p2p_download_cancel (w->download);
  else
    g_clear_object (&w->download);
}

static void
on_head (P2pDownload * download, P2pHttpHead * head, gpointer user_data)
{
  World *w = user_data;

  g_assert_true (download == w->download);
  g_assert_cmpuint (w->n_done, ==, 0);
  w->n_heads++;
  g_clear_pointer (&w->head, p2p_http_head_unref);
  w->head = p2p_http_head_ref (head);
  leave (w, 'h');
}

static void
on_data (P2pDownload * download, GBytes * bytes, gpointer user_data)
{
  World *w = user_data;

  g_assert_true (download == w->download);
  g_assert_cmpuint (w->n_heads, ==, 1);
  g_assert_cmpuint (w->n_done, ==, 0);
  g_assert_cmpuint (g_bytes_get_size (bytes), >, 0);
  g_byte_array_append (w->data, g_bytes_get_data (bytes, NULL),
      g_bytes_get_size (bytes));
  leave (w, 'd');
}

static void
on_done (P2pDownload * download, const GError * error, gpointer user_data)
{
  World *w = user_data;

  g_assert_cmpuint (w->n_done, ==, 0);
  w->n_done++;
  w->error = error ? g_error_copy (error) : NULL;
  w->when = p2p_download_get_elapsed (download);
  leave (w, 'e');
}

static const P2pDownloadEvents events = { on_head, on_data, on_done };

World *
world_new (void)
{
  World *w = g_new0 (World, 1);

  w->clock = p2p_clock_new (1000 * P2P_SECOND);
  w->rand = g_rand_new_with_seed (1);
  w->fetcher = fake_fetcher_new (w->clock);
  w->resource = fake_fetcher_add (w->fetcher, WORLD_URI, WORLD_SIZE);
  w->resource->validator = g_strdup ("\"v1\"");
  w->options = p2p_http_options_new ();
  w->data = g_byte_array_new ();
  return w;
}

void
world_free (World * w)
{
  g_clear_object (&w->download);
  g_assert_cmpuint (fake_fetcher_get_n_open (w->fetcher), ==, 0);
  g_assert_cmpint (p2p_clock_get_next (w->clock), ==, P2P_NEVER);
  g_object_unref (w->fetcher);
  g_assert_finalize_object (w->clock);
  g_rand_free (w->rand);
  p2p_http_options_unref (w->options);
  g_byte_array_unref (w->data);
  g_clear_pointer (&w->head, p2p_http_head_unref);
  g_clear_error (&w->error);
  g_free (w);
}

void
world_start_full (World * w, const char *method, gint64 start, gint64 stop)
{
  w->download = p2p_download_new (w->clock, w->rand, P2P_FETCHER (w->fetcher),
      method, WORLD_URI, start, stop, w->options, &events, w);
  g_assert_cmpuint (w->n_heads + w->n_done, ==, 0);
}

void
world_start (World * w)
{
  world_start_full (w, NULL, 0, -1);
}

/* An hour is for ever. */
void
world_finish (World * w)
{
  fake_clock_run_for (w->clock, 3600 * P2P_SECOND);
  g_assert_cmpuint (w->n_done, ==, 1);
  g_assert_cmpuint (fake_fetcher_get_n_open (w->fetcher), ==, 0);
  g_assert_cmpuint (fake_fetcher_get_max_open (w->fetcher), <=, 1);
}

void
world_assert_body (World * w, gsize from, gsize to)
{
  const guint8 *body = g_bytes_get_data (w->resource->body, NULL);

  g_assert_no_error (w->error);
  g_assert_cmpmem (w->data->data, w->data->len, body + from, to - from);
}

guint
world_get_n_requests (World * w)
{
  return fake_fetcher_get_requests (w->fetcher)->len;
}

FakeRequest *
world_get_request (World * w, guint i)
{
  g_assert_cmpuint (i, <, world_get_n_requests (w));
  return g_ptr_array_index (fake_fetcher_get_requests (w->fetcher), i);
}

/* What lies between two requests, and its jitter's room. */
void
world_assert_gap (World * w, guint i, gint64 gap)
{
  gint64 is =
      world_get_request (w, i)->when - world_get_request (w, i - 1)->when;

  g_assert_cmpint (is, >=, gap);
  g_assert_cmpint (is, <=, gap + gap / 10);
}

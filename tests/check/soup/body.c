/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "origin.h"
#include "probe.h"

/* A request for /200/N gets N bytes of known length, /chunked/N as many in
 * chunks, /late/N too but some time after the head, /close/N until the
 * connection closes; anything else 404. */
static gboolean
serve (Origin * origin, const char *request, guint n, GIOStream * connection,
    gpointer user_data)
{
  g_auto (GStrv) path = g_strsplit_set (request, "/ ", 5);
  gsize size = path[2] && path[3] ? g_ascii_strtoull (path[3], NULL, 10) : 0;
  g_autofree char *body = g_strnfill (size, 'x');

  if (g_strcmp0 (path[2], "200") == 0) {
    origin_say (connection, "HTTP/1.1 200 OK\r\nContent-Length: %"
        G_GSIZE_FORMAT "\r\nContent-Type: video/mp2t; a=b\r\n\r\n", size);
    return origin_write (connection, body, size);
  }
  if (g_strcmp0 (path[2], "chunked") == 0 || g_strcmp0 (path[2], "late") == 0) {
    origin_say (connection, "HTTP/1.1 200 OK\r\n"
        "Transfer-Encoding: chunked\r\n\r\n");
    if (*path[2] == 'l')
      g_usleep (20 * 1000);
    for (gsize i = 0; i < size; i += 7000) {
      gsize part = MIN (7000, size - i);

      origin_say (connection, "%" G_GSIZE_MODIFIER "x\r\n", part);
      origin_write (connection, body + i, part);
      origin_say (connection, "\r\n");
    }
    origin_say (connection, "0\r\n\r\n");
    return TRUE;
  }
  if (g_strcmp0 (path[2], "close") == 0) {
    origin_say (connection, "HTTP/1.1 200 OK\r\n\r\n");
    origin_write (connection, body, size);
    return FALSE;
  }
  if (g_strcmp0 (path[2], "204") == 0) {
    origin_say (connection, "HTTP/1.1 204 None\r\nContent-Length: 5\r\n\r\n");
    return TRUE;
  }
  origin_say (connection, "HTTP/1.1 404 Not Here\r\nContent-Length: 4\r\n\r\n"
      "gone");
  return TRUE;
}

static const gsize sizes[] = {
  0, 1, 8191, 8192, 8193, 262143, 262144, 262145, 524288, 1048576, 3000001
};

static void
fetch_sizes (const char *kind, gboolean length, gboolean kept)
{
  Origin *origin = origin_new (serve, NULL);
  Probe *p = probe_new ();

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autofree char *path = g_strdup_printf ("/%s/%" G_GSIZE_FORMAT, kind,
        sizes[i]);
    g_autofree char *uri = origin_get_uri (origin, path);

    probe_fetch (p, uri);
    g_assert_no_error (p->error);
    g_assert_cmpuint (p->head->status, ==, 200);
    g_assert_cmpstr (p->head->uri, ==, uri);
    g_assert_false (p->head->redirected);
    g_assert_cmpint (p->head->length, ==, length ? (gint64) sizes[i] : -1);
    g_assert_cmpint (p->head->total, ==, p->head->length);
    g_assert_cmpuint (p->data->len, ==, sizes[i]);
    for (gsize j = 0; j < sizes[i]; j++)
      g_assert_cmpint (p->data->data[j], ==, 'x');
  }
  g_assert_cmpuint (origin_get_n_connections (origin), ==,
      kept ? 1 : G_N_ELEMENTS (sizes));
  probe_free (p);
  origin_free (origin);
}

static void
test_length (void)
{
  fetch_sizes ("200", TRUE, TRUE);
}

static void
test_chunked (void)
{
  fetch_sizes ("chunked", FALSE, TRUE);
}

/* libsoup reads the end of such a body into the room that is left. */
static void
test_late (void)
{
  fetch_sizes ("late", FALSE, TRUE);
}

static void
test_close (void)
{
  fetch_sizes ("close", FALSE, FALSE);
}

static void
test_status (void)
{
  Origin *origin = origin_new (serve, NULL);
  g_autofree char *uri = origin_get_uri (origin, "/nothing");
  Probe *p = probe_new ();

  for (guint i = 0; i < 3; i++) {
    probe_fetch (p, uri);
    g_assert_no_error (p->error);
    g_assert_cmpuint (p->head->status, ==, 404);
    g_assert_cmpstr (p->head->reason, ==, "Not Here");
    g_assert_cmpuint (p->n_data, ==, 0);
  }
  probe_free (p);
  origin_free (origin);
}

/* Whatever length it claims. */
static void
test_no_content (void)
{
  Origin *origin = origin_new (serve, NULL);
  g_autofree char *uri = origin_get_uri (origin, "/204");
  Probe *p = probe_new ();

  for (guint i = 0; i < 2; i++) {
    probe_fetch (p, uri);
    probe_assert_body (p, "");
    g_assert_cmpint (p->head->length, ==, 0);
    g_assert_cmpint (p->head->total, ==, 0);
  }
  g_assert_cmpuint (origin_get_n_connections (origin), ==, 1);
  probe_free (p);
  origin_free (origin);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/body/length", test_length);
  g_test_add_func ("/body/chunked", test_chunked);
  g_test_add_func ("/body/late", test_late);
  g_test_add_func ("/body/close", test_close);
  g_test_add_func ("/body/status", test_status);
  g_test_add_func ("/body/no-content", test_no_content);
  return g_test_run ();
}

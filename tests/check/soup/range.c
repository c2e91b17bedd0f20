/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "origin.h"
#include "probe.h"

/* The body is "0123456789"; what is answered hangs on the path. */
static gboolean
serve (Origin * origin, const char *request, guint n, GIOStream * connection,
    gpointer user_data)
{
  const char *path = request + strlen ("GET ");
  gboolean ranged = strstr (request, "\r\nRange: ") != NULL;

  if (g_str_has_prefix (path, "/whole") || !ranged)
    origin_say (connection, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n"
        "ETag: W/\"weak\"\r\nLast-Modified: Thu, 01 Jan 1970 00:00:01 GMT\r\n"
        "%s\r\n0123456789", strstr (path, "none") ? "Accept-Ranges: none\r\n"
        : "");
  else if (g_str_has_prefix (path, "/bare"))
    origin_say (connection, "HTTP/1.1 206 OK\r\nContent-Length: 3\r\n\r\n234");
  else if (g_str_has_prefix (path, "/star"))
    origin_say (connection, "HTTP/1.1 206 OK\r\nContent-Range: bytes 2-4/*\r\n"
        "Transfer-Encoding: chunked\r\n\r\n3\r\n234\r\n0\r\n\r\n");
  else if (g_str_has_prefix (path, "/late"))
    origin_say (connection, "HTTP/1.1 416 Too Late\r\n"
        "Content-Range: bytes */10\r\nContent-Length: 0\r\n\r\n");
  else if (g_str_has_prefix (path, "/multi"))
    origin_say (connection, "HTTP/1.1 206 OK\r\nContent-Length: 3\r\n"
        "Content-Type: multipart/byteranges; boundary=x\r\n\r\n--x");
  else if (g_str_has_prefix (path, "/gzip"))
    origin_say (connection, "HTTP/1.1 206 OK\r\nContent-Encoding: gzip\r\n"
        "Content-Range: bytes 2-4/10\r\nContent-Length: 3\r\n\r\n234");
  else
    origin_say (connection, "HTTP/1.1 206 OK\r\nContent-Length: 3\r\n"
        "ETag: \"strong\"\r\nContent-Range: bytes 2-4/10\r\n\r\n234");
  return TRUE;
}

typedef struct
{
  const char *path;
  gint64 start, stop;
  guint status;
  gint64 got_start, got_length, got_total;
  const char *body;
  const char *range;            /* as it was sent */
} Case;

static const Case cases[] = {
  {"/", 2, 5, 206, 2, 3, 10, "234", "bytes=2-4"},
  {"/", 2, -1, 206, 2, 3, 10, "234", "bytes=2-"},
  {"/", 0, 1, 206, 2, 3, 10, "234", "bytes=0-0"},
  {"/", 0, -1, 200, 0, 10, 10, "0123456789", NULL},
  {"/whole", 2, 5, 200, 0, 10, 10, "0123456789", "bytes=2-4"},
  {"/bare", 2, 5, 206, 2, 3, -1, "234", "bytes=2-4"},
  {"/star", 2, 5, 206, 2, 3, -1, "234", "bytes=2-4"},
  {"/late", 20, -1, 416, 0, 0, 10, "", "bytes=20-"},
  {"/multi", 2, 5, 206, -1, 3, -1, "--x", "bytes=2-4"},
  {"/gzip", 2, 5, 206, 2, 3, 10, "234", "bytes=2-4"},
};

static void
test_cases (void)
{
  Origin *origin = origin_new (serve, NULL);
  Probe *p = probe_new ();

  p->options->compress = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const Case *c = &cases[i];
    g_autofree char *uri = origin_get_uri (origin, c->path);

    probe_start_full (p, NULL, uri, c->start, c->stop, NULL);
    probe_run (p);
    probe_assert_body (p, c->body);
    g_assert_cmpuint (p->head->status, ==, c->status);
    g_assert_cmpint (p->head->start, ==, c->got_start);
    g_assert_cmpint (p->head->length, ==, c->got_length);
    g_assert_cmpint (p->head->total, ==, c->got_total);
    g_assert_false (p->head->encoded);
    g_assert_cmpstr (probe_get_sent (p, "Range"), ==, c->range);
    if (c->range)
      g_assert_cmpstr (probe_get_sent (p, "Accept-Encoding"), ==, "identity");
  }
  g_assert_cmpuint (origin_get_n_connections (origin), ==, 1);
  probe_free (p);
  origin_free (origin);
}

static void
test_validator (void)
{
  Origin *origin = origin_new (serve, NULL);
  g_autofree char *uri = origin_get_uri (origin, "/");
  Probe *p = probe_new ();

  probe_start_full (p, NULL, uri, 2, 5, "\"mine\"");
  probe_run (p);
  g_assert_cmpstr (probe_get_sent (p, "If-Range"), ==, "\"mine\"");
  g_assert_cmpstr (p->head->validator, ==, "\"strong\"");

  probe_fetch (p, uri);
  g_assert_null (probe_get_sent (p, "If-Range"));
  g_assert_cmpstr (p->head->validator, ==, "Thu, 01 Jan 1970 00:00:01 GMT");
  probe_free (p);
  origin_free (origin);
}

static void
test_seekable (void)
{
  Origin *origin = origin_new (serve, NULL);
  g_autofree char *uri = origin_get_uri (origin, "/whole");
  g_autofree char *none = origin_get_uri (origin, "/whole-none");
  Probe *p = probe_new ();

  probe_fetch (p, uri);
  g_assert_true (p->head->seekable);
  probe_fetch (p, none);
  g_assert_false (p->head->seekable);
  probe_free (p);
  origin_free (origin);
}

static void
test_head_method (void)
{
  Origin *origin = origin_new (serve, NULL);
  g_autofree char *uri = origin_get_uri (origin, "/whole");
  Probe *p = probe_new ();

  probe_start_full (p, "HEAD", uri, 0, -1, NULL);
  probe_run (p);
  probe_assert_body (p, "");
  g_assert_cmpint (p->head->length, ==, 10);
  probe_start_full (p, "GET / HTTP/1.1\r\nX: y\r\n\r\n", uri, 0, -1, NULL);
  probe_run (p);
  g_assert_error (p->error, P2P_ERROR, P2P_ERROR_URI);
  probe_free (p);
  origin_free (origin);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/range/cases", test_cases);
  g_test_add_func ("/range/validator", test_validator);
  g_test_add_func ("/range/seekable", test_seekable);
  g_test_add_func ("/range/head-method", test_head_method);
  return g_test_run ();
}

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "origin.h"
#include "probe.h"

/* What a server that means ill, or is just broken, may say. Each test plays one
 * answer and looks at what comes of it. */

typedef gboolean (*Answer) (GIOStream * connection);

static gboolean
serve (Origin * origin, const char *request, guint n, GIOStream * connection,
    gpointer user_data)
{
  return ((Answer) user_data) (connection);
}

typedef struct
{
  Origin *origin;
  Probe *probe;
  char *uri;
} Pair;

static Pair
play (Answer answer)
{
  Pair pair = { origin_new (serve, answer), probe_new (), NULL };

  pair.uri = origin_get_uri (pair.origin, "/");
  pair.probe->options->compress = TRUE;
  probe_start (pair.probe, pair.uri);
  return pair;
}

static void
stop (Pair * pair)
{
  probe_free (pair->probe);
  origin_free (pair->origin);
  g_free (pair->uri);
}

static void
expect (Answer answer, P2pError code)
{
  Pair pair = play (answer);

  probe_run (pair.probe);
  g_assert_error (pair.probe->error, P2P_ERROR, (int) code);
  g_assert_nonnull (strstr (pair.probe->error->message, "127.0.0.1"));
  stop (&pair);
}

static gboolean
say_nothing (GIOStream * connection)
{
  return FALSE;
}

static gboolean
say_garbage (GIOStream * connection)
{
  origin_say (connection, "\x01\x02 this is no HTTP\r\n\r\n");
  return FALSE;
}

static gboolean
say_half_head (GIOStream * connection)
{
  origin_say (connection, "HTTP/1.1 200 OK\r\nContent-Le");
  return FALSE;
}

static gboolean
say_endless_line (GIOStream * connection)
{
  char x[4096];

  memset (x, 'x', sizeof (x));
  origin_say (connection, "HTTP/1.1 200 OK\r\nX: ");
  while (origin_write (connection, x, sizeof (x)));
  return FALSE;
}

static gboolean
say_endless_head (GIOStream * connection)
{
  const char line[] = "X-Bomb: boom boom boom boom boom boom boom boom\r\n";

  origin_say (connection, "HTTP/1.1 200 OK\r\n");
  while (origin_write (connection, line, strlen (line)));
  return FALSE;
}

static gboolean
say_endless_continue (GIOStream * connection)
{
  const char line[] = "HTTP/1.1 100 Continue\r\n\r\n";

  while (origin_write (connection, line, strlen (line)));
  return FALSE;
}

static gboolean
say_bad_encoding (GIOStream * connection)
{
  origin_say (connection, "HTTP/1.1 200 OK\r\nTransfer-Encoding: confetti"
      "\r\n\r\nxx");
  return FALSE;
}

/* A mebibyte that does not pack well, cut off or with a byte gone wrong. What
 * fails at its first bytes already libsoup takes for a mistake in the head. */
static gboolean
say_gzip (GIOStream * connection, gsize cut, gsize wrong)
{
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GConverter) deflate = G_CONVERTER (g_zlib_compressor_new
      (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 1));
  g_autoptr (GOutputStream) packer =
      g_converter_output_stream_new (memory, deflate);
  guint8 *data;
  gsize size;

  for (guint32 i = 0, x = 1; i < 256 * 1024; i++) {
    x = x * 1664525u + 1013904223u;
    g_output_stream_write_all (packer, &x, sizeof (x), NULL, NULL, NULL);
  }
  g_output_stream_close (packer, NULL, NULL);
  data = g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (memory));
  size = g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (memory));
  data[size - wrong] ^= 0x40;
  origin_say (connection, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
      "Connection: close\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n\r\n", size);
  origin_write (connection, data, size - cut);
  return FALSE;
}

static gboolean
say_cut_gzip (GIOStream * connection)
{
  return say_gzip (connection, 100000, 1);
}

static gboolean
say_bad_gzip (GIOStream * connection)
{
  return say_gzip (connection, 0, 7);
}

static gboolean
say_too_little (GIOStream * connection)
{
  origin_say (connection, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
  return FALSE;
}

/* To libsoup that is fine. */
static gboolean
say_too_little_and_close (GIOStream * connection)
{
  origin_say (connection, "HTTP/1.1 200 OK\r\nConnection: close\r\n"
      "Content-Length: 10\r\n\r\nabc");
  return FALSE;
}

static gboolean
say_half_chunk (GIOStream * connection)
{
  origin_say (connection, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked"
      "\r\n\r\n5\r\nhel");
  return FALSE;
}

static void
test_errors (void)
{
  expect (say_nothing, P2P_ERROR_CUT);
  expect (say_garbage, P2P_ERROR_MALFORMED);
  expect (say_endless_line, P2P_ERROR_CUT);
  expect (say_endless_head, P2P_ERROR_CUT);
  expect (say_endless_continue, P2P_ERROR_MALFORMED);
  expect (say_bad_encoding, P2P_ERROR_MALFORMED);
  expect (say_bad_gzip, P2P_ERROR_MALFORMED);
  expect (say_cut_gzip, P2P_ERROR_CUT);
  expect (say_half_chunk, P2P_ERROR_CUT);
  expect (say_too_little, P2P_ERROR_CUT);
  expect (say_too_little_and_close, P2P_ERROR_CUT);
}

/* What came before the cut is handed on. */
static void
test_cut (void)
{
  static const Answer answers[] = {
    say_too_little, say_too_little_and_close, say_half_chunk
  };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++) {
    Pair pair = play (answers[i]);

    probe_run (pair.probe);
    g_assert_cmpuint (pair.probe->n_heads, ==, 1);
    g_assert_cmpuint (pair.probe->data->len, ==, 3);
    stop (&pair);
  }
}

static gboolean
say_chunks (GIOStream * connection)
{
  origin_say (connection, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked"
      "\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
  return TRUE;
}

static gboolean
say_whole_chunk (GIOStream * connection)
{
  origin_say (connection, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked"
      "\r\n\r\n5\r\nhello\r\n");
  return FALSE;
}

/* A chunked body that ends between two chunks: libsoup 3.2 takes it for whole,
 * and the first whole one shows how to know better. */
static void
test_cut_between_chunks (void)
{
  Pair pair = play (say_chunks);

  probe_run (pair.probe);
  probe_assert_body (pair.probe, "hello");
  stop (&pair);
  expect (say_whole_chunk, P2P_ERROR_CUT);
}

/* Whatever these lead to, it comes to an end and is valid text. */
static const char *const heads[] = {
  "HTTP/1.1 200 \xff\xfe\r\nX-\xc3\x28: \xff\r\nContent-Type: \xff\r\n"
      "ETag: \"\xff\"\r\nContent-Length: 1\r\n\r\nx",
  "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\nx",
  "HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\nx",
  "HTTP/1.1 200 OK\r\nContent-Length: 1x\r\n\r\nx",
  "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 1\r\n\r\nx",
  "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n"
      "\r\n1\r\nx\r\n0\r\n\r\n",
  "HTTP/1.1 206 OK\r\nContent-Range: bytes 9-1/5\r\nContent-Length: 1\r\n"
      "\r\nx",
  "HTTP/1.1 206 OK\r\nContent-Range: bytes 0-9223372036854775807/*\r\n\r\nx",
  "HTTP/1.1 206 OK\r\nContent-Range: bytes -1-99999999999999999999/-\r\n"
      "\r\nx",
  "HTTP/1.1 206 OK\r\nContent-Type: multipart/byteranges\r\n\r\nx",
  "HTTP/1.1 416 No\r\nContent-Range: bytes */99999999999999999999\r\n\r\n",
  "HTTP/1.1 999 What\r\n\r\nx",
  "HTTP/1.1 000 What\r\n\r\nx",
  "HTTP/1.1 200\r\n\r\nx",
  "HTTP/9.9 200 OK\r\n\r\nx",
  "HTTP/1.0 200 OK\n\nx",
  "ICY 200 OK\r\nicy-metaint: 5\r\n\r\nx",
  "HTTP/1.1 200 OK\r\n no name\r\n: no name\r\nno colon\r\n\r\nx",
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n"
      "ffffffffffffffff\r\nxx",
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nx\r\n",
  "HTTP/1.1 200 OK\r\nContent-Encoding: gzip, br, deflate\r\n\r\nx",
  "HTTP/1.1 204 None\r\nContent-Length: 5\r\n\r\nhello",
  "HTTP/1.1 302 Found\r\nLocation: http://[::bad\r\n\r\n",
  "HTTP/1.1 401 No\r\nWWW-Authenticate: Digest nonce=,,,=\"\r\n\r\n",
  "HTTP/1.1 200 OK\r\nSet-Cookie: \xff=\xff; Max-Age=99999999999999\r\n"
      "\r\nx",
};

static gboolean
serve_text (Origin * origin, const char *request, guint n,
    GIOStream * connection, gpointer user_data)
{
  origin_say (connection, "%s", (const char *) user_data);
  return FALSE;
}

static void
assert_valid (const char *text)
{
  g_assert_true (text == NULL || g_utf8_validate (text, -1, NULL));
}

static void
test_heads (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (heads); i++) {
    Origin *origin = origin_new (serve_text, (gpointer) heads[i]);
    g_autofree char *uri = origin_get_uri (origin, "/");
    Probe *p = probe_new ();

    probe_fetch (p, uri);
    g_assert_cmpuint (p->data->len, <=, 1);
    if (p->head) {
      assert_valid (p->head->reason);
      assert_valid (p->head->content_type);
      assert_valid (p->head->validator);
      for (guint j = 0; j < p->head->response_headers->len; j++) {
        P2pHeader *header = g_ptr_array_index (p->head->response_headers, j);

        assert_valid (header->name);
        assert_valid (header->value);
      }
      g_assert_cmpint (p->head->length, >=, -1);
      g_assert_cmpint (p->head->total, >=, -1);
    } else {
      g_assert_nonnull (p->error);
    }
    probe_free (p);
    origin_free (origin);
  }
}

/* A mebibyte of zeros in a kibibyte, many times over: what is handed on stops
 * when it is told to. */
static gboolean
say_gzip_bomb (GIOStream * connection)
{
  g_autoptr (GConverter) deflate = G_CONVERTER (g_zlib_compressor_new
      (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9));
  g_autofree guint8 *zeros = g_malloc0 (1024 * 1024);
  guint8 out[64 * 1024];
  gboolean open = TRUE;

  origin_say (connection, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n");
  while (open) {
    gsize in_used = 0, read, written;

    while (open && in_used < 1024 * 1024) {
      g_assert_cmpint (g_converter_convert (deflate, zeros + in_used,
              1024 * 1024 - in_used, out, sizeof (out), 0, &read, &written,
              NULL), ==, G_CONVERTER_CONVERTED);
      in_used += read;
      open = origin_write (connection, out, written);
    }
  }
  return FALSE;
}

static void
test_gzip_bomb (void)
{
  Pair pair = play (say_gzip_bomb);
  Probe *p = pair.probe;

  p->pause = p->forget = TRUE;
  for (guint n = 0; n < 20; n++) {
    while (p->n_data <= n) {
      if (p->n_data == n && p->n_heads)
        p2p_fetch_set_paused (p->fetch, FALSE);
      g_main_context_iteration (p->context, TRUE);
      g_assert_cmpuint (p->n_done, ==, 0);
    }
    g_assert_cmpuint (p->n_data, ==, n + 1);
    probe_settle (p);
    g_assert_cmpuint (p->n_data, ==, n + 1);
    g_assert_cmpuint (p->largest, <=, 2 * 1024 * 1024);
  }
  stop (&pair);
}

/* A challenge whose body is larger than anybody needs is not gathered. */
static gboolean
say_large_challenge (GIOStream * connection)
{
  char x[4096] = { 0 };

  origin_say (connection, "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm="
      "\"x\"\r\nContent-Length: 1000000000000\r\n\r\n");
  while (origin_write (connection, x, sizeof (x)));
  return FALSE;
}

static void
test_large_challenge (void)
{
  Pair pair = play (say_large_challenge);
  Probe *p = pair.probe;

  probe_run (p);
  g_assert_no_error (p->error);
  g_assert_cmpuint (p->head->status, ==, 401);

  p->options->user_id = g_strdup ("me");
  probe_fetch (p, pair.uri);
  g_assert_error (p->error, P2P_ERROR, P2P_ERROR_MALFORMED);
  stop (&pair);
}

/* The head never comes to its end: that is for the time-out to find, and until
 * then nothing is told and no one else is kept waiting. */
static gboolean
say_slowly (GIOStream * connection)
{
  origin_say (connection, "HTTP/1.1 200 OK\r\nX: y");
  origin_wait_closed (connection);
  return FALSE;
}

static void
test_slow_head (void)
{
  Origin *good = origin_new (serve, say_chunks);
  Origin *bad = origin_new (serve, say_slowly);
  g_autofree char *good_uri = origin_get_uri (good, "/");
  g_autofree char *bad_uri = origin_get_uri (bad, "/");
  Probe *p = probe_new ();
  P2pFetch *slow[20];

  for (guint i = 0; i < G_N_ELEMENTS (slow); i++) {
    probe_start (p, bad_uri);
    slow[i] = g_steal_pointer (&p->fetch);
  }
  probe_fetch (p, good_uri);
  probe_assert_body (p, "hello");
  for (guint i = 0; i < G_N_ELEMENTS (slow); i++)
    g_object_unref (slow[i]);
  probe_free (p);
  origin_free (good);
  origin_free (bad);
}

static void
test_half_head (void)
{
  Pair pair = play (say_half_head);

  probe_run (pair.probe);
  g_assert_true (pair.probe->error || pair.probe->head);
  stop (&pair);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hostile/errors", test_errors);
  g_test_add_func ("/hostile/cut", test_cut);
  g_test_add_func ("/hostile/cut-between-chunks", test_cut_between_chunks);
  g_test_add_func ("/hostile/half-head", test_half_head);
  g_test_add_func ("/hostile/heads", test_heads);
  g_test_add_func ("/hostile/gzip-bomb", test_gzip_bomb);
  g_test_add_func ("/hostile/large-challenge", test_large_challenge);
  g_test_add_func ("/hostile/slow-head", test_slow_head);
  return g_test_run ();
}

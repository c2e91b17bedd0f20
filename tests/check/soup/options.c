/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <libsoup/soup.h>

#include "names.h"
#include "origin.h"
#include "probe.h"

/* Says "hello", whatever is asked for; /cookie sets one. */
static gboolean
serve (Origin * origin, const char *request, guint n, GIOStream * connection,
    gpointer user_data)
{
  origin_say (connection, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n%s\r\n"
      "hello", strstr (request, "/cookie") ? "Set-Cookie: a=b\r\n" : "");
  return TRUE;
}

typedef struct
{
  Origin *origin;
  Probe *probe;
} World;

static World
world_new (OriginFunc func, gpointer user_data)
{
  World w = { origin_new (func, user_data), probe_new () };

  return w;
}

static void
world_free (World * w)
{
  probe_free (w->probe);
  origin_free (w->origin);
}

static void
fetch (World * w, const char *path)
{
  g_autofree char *uri = origin_get_uri (w->origin, path);

  probe_fetch (w->probe, uri);
}

/* What goes out unless it is told otherwise: as souphttpsrc's. */
static void
test_defaults (void)
{
  World w = world_new (serve, NULL);
  g_autofree char *agent = g_strdup_printf ("%slibsoup/%u.%u.%u",
      P2P_DEFAULT_USER_AGENT, soup_get_major_version (),
      soup_get_minor_version (), soup_get_micro_version ());

  fetch (&w, "/");
  probe_assert_body (w.probe, "hello");
  g_assert_cmpstr (probe_get_sent (w.probe, "User-Agent"), ==, agent);
  g_assert_cmpstr (probe_get_sent (w.probe, "icy-metadata"), ==, "1");
  g_assert_cmpstr (probe_get_sent (w.probe, "Accept-Encoding"), ==, "identity");
  g_assert_null (probe_get_sent (w.probe, "Range"));
  g_assert_null (probe_get_sent (w.probe, "Cookie"));
  world_free (&w);
}

static void
test_user_agent (void)
{
  World w = world_new (serve, NULL);
  char **agent = &w.probe->options->user_agent;

  g_free (*agent);
  *agent = g_strdup ("mine/1");
  fetch (&w, "/");
  g_assert_cmpstr (probe_get_sent (w.probe, "User-Agent"), ==, "mine/1");

  g_free (*agent);
  *agent = g_strdup ("");
  fetch (&w, "/");
  g_assert_true (g_str_has_prefix (probe_get_sent (w.probe, "User-Agent"),
          "libsoup/"));

  g_free (*agent);
  *agent = g_strdup ("evil\r\nX-Injected: 1");
  fetch (&w, "/");
  g_assert_null (probe_get_sent (w.probe, "User-Agent"));
  g_assert_null (probe_get_sent (w.probe, "X-Injected"));
  world_free (&w);
}

static void
test_flags (void)
{
  World w = world_new (serve, NULL);
  P2pHttpOptions *options = w.probe->options;

  options->keep_alive = FALSE;
  options->iradio_mode = FALSE;
  options->compress = TRUE;
  for (guint i = 0; i < 2; i++) {
    fetch (&w, "/");
    g_assert_cmpstr (probe_get_sent (w.probe, "Connection"), ==, "close");
    g_assert_null (probe_get_sent (w.probe, "icy-metadata"));
    g_assert_nonnull (strstr (probe_get_sent (w.probe, "Accept-Encoding"),
            "gzip"));
  }
  g_assert_cmpuint (origin_get_n_connections (w.origin), ==, 2);
  world_free (&w);
}

static void
test_extra_headers (void)
{
  World w = world_new (serve, NULL);
  P2pHttpOptions *options = w.probe->options;
  guint n = 0;

  options->extra_headers = p2p_headers_new ();
  p2p_headers_add (options->extra_headers, "Referer",
      "p2phls+https://example.com/a.m3u8");
  p2p_headers_add (options->extra_headers, "X-Twice", "1");
  p2p_headers_add (options->extra_headers, "X-Twice", "2");
  p2p_headers_add (options->extra_headers, "X-Bad", "a\r\nb: c");
  p2p_headers_add (options->extra_headers, "X Bad", "x");
  p2p_headers_add (options->extra_headers, "", "x");
  p2p_headers_add (options->extra_headers, "range", "bytes=1-2");
  fetch (&w, "/");
  probe_assert_body (w.probe, "hello");
  g_assert_cmpstr (probe_get_sent (w.probe, "Referer"), ==,
      "https://example.com/a.m3u8");
  g_assert_null (probe_get_sent (w.probe, "X-Bad"));
  g_assert_null (probe_get_sent (w.probe, "X Bad"));
  g_assert_null (probe_get_sent (w.probe, "b"));
  g_assert_null (probe_get_sent (w.probe, "Range"));
  for (guint i = 0; i < w.probe->head->request_headers->len; i++) {
    P2pHeader *h = g_ptr_array_index (w.probe->head->request_headers, i);

    n += g_str_equal (h->name, "X-Twice");
  }
  g_assert_cmpuint (n, ==, 2);
  world_free (&w);
}

/* A jar, unless cookies are given: then they alone. */
static void
test_cookies (void)
{
  World w = world_new (serve, NULL);
  const char *given[] = { "my=cookie", NULL };

  fetch (&w, "/cookie");
  fetch (&w, "/");
  g_assert_cmpstr (probe_get_sent (w.probe, "Cookie"), ==, "a=b");
  w.probe->options->cookies = g_strdupv ((char **) given);
  fetch (&w, "/");
  g_assert_cmpstr (probe_get_sent (w.probe, "Cookie"), ==, "my=cookie");
  world_free (&w);
}

static gboolean
serve_gzip (Origin * origin, const char *request, guint n,
    GIOStream * connection, gpointer user_data)
{
  /* "hello" */
  static const guint8 gzip[] = {
    0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 7, 0,
    0x86, 0xa6, 0x10, 0x36, 5, 0, 0, 0
  };

  origin_say (connection, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
      "Content-Length: %d\r\n\r\n", (int) sizeof (gzip));
  return origin_write (connection, gzip, sizeof (gzip));
}

static void
test_gzip (void)
{
  World w = world_new (serve_gzip, NULL);

  for (guint i = 0; i < 2; i++) {
    w.probe->options->compress = i;
    fetch (&w, "/");
    probe_assert_body (w.probe, "hello");
    g_assert_true (w.probe->head->encoded);
    g_assert_cmpint (w.probe->head->length, ==, -1);
    g_assert_cmpint (w.probe->head->total, ==, -1);
  }
  g_assert_cmpuint (origin_get_n_connections (w.origin), ==, 1);
  world_free (&w);
}

/* user_data: the challenge */
static gboolean
serve_secret (Origin * origin, const char *request, guint n,
    GIOStream * connection, gpointer user_data)
{
  gboolean basic = strstr (request, "\r\nAuthorization: Basic bWU6c2VjcmV0\r\n")
      != NULL;
  gboolean digest = strstr (request, "\r\nAuthorization: Digest ")
      && strstr (request, "username=\"me\"") && strstr (request, "response=");

  if (basic || digest)
    origin_say (connection,
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
  else
    origin_say (connection, "HTTP/1.1 401 Who\r\nWWW-Authenticate: %s\r\n"
        "Content-Length: 4\r\n\r\nwho?", (const char *) user_data);
  return TRUE;
}

static void
test_authenticate (void)
{
  static const char *const challenges[] = {
    "Basic realm=\"x\"",
    "Digest realm=\"x\", nonce=\"abc\", qop=\"auth\", algorithm=MD5",
  };

  for (guint i = 0; i < G_N_ELEMENTS (challenges); i++) {
    World w = world_new (serve_secret, (gpointer) challenges[i]);
    P2pHttpOptions *options = w.probe->options;

    fetch (&w, "/");
    g_assert_no_error (w.probe->error);
    g_assert_cmpuint (w.probe->head->status, ==, 401);

    options->user_id = g_strdup ("me");
    options->user_pw = g_strdup ("secret");
    fetch (&w, "/");
    probe_assert_body (w.probe, "hello");
    g_assert_cmpuint (w.probe->head->status, ==, 200);
    world_free (&w);
  }
}

/* A wrong password is told once, not for ever. */
static void
test_wrong_password (void)
{
  World w = world_new (serve_secret, (gpointer) "Basic realm=\"x\"");

  w.probe->options->user_id = g_strdup ("me");
  w.probe->options->user_pw = g_strdup ("wrong");
  fetch (&w, "/");
  g_assert_no_error (w.probe->error);
  g_assert_cmpuint (w.probe->head->status, ==, 401);
  g_assert_cmpuint (origin_get_n_requests (w.origin), ==, 2);
  world_free (&w);
}

/* The proxy is an origin to us; it wants a password of its own. */
static gboolean
serve_proxy (Origin * origin, const char *request, guint n,
    GIOStream * connection, gpointer user_data)
{
  if (!g_str_has_prefix (request, "GET http://there.example/x "))
    origin_say (connection, "HTTP/1.1 400 Bad\r\nContent-Length: 0\r\n\r\n");
  else if (!strstr (request, "\r\nProxy-Authorization: Basic bWU6c2VjcmV0\r\n"))
    origin_say (connection, "HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic "
        "realm=\"x\"\r\nContent-Length: 0\r\n\r\n");
  else
    origin_say (connection,
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
  return TRUE;
}

static void
test_proxy (void)
{
  World w = world_new (serve_proxy, NULL);
  g_autofree char *uri = origin_get_uri (w.origin, "");

  /* The scheme need not be said. */
  g_free (w.probe->options->proxy);
  w.probe->options->proxy = g_strdup (uri + strlen ("http://"));
  w.probe->options->proxy_id = g_strdup ("me");
  w.probe->options->proxy_pw = g_strdup ("secret");
  probe_fetch (w.probe, "http://there.example/x");
  probe_assert_body (w.probe, "hello");
  world_free (&w);
}

static void
on_log (const char *line, gpointer user_data)
{
  guint *n = user_data;

  *n += 1;
}

static void
test_log (void)
{
  World w = world_new (serve, NULL);
  guint n = 0;

  p2p_soup_fetcher_set_log (P2P_SOUP_FETCHER (w.probe->fetcher), on_log, &n);
  w.probe->options->log_level = 0;
  fetch (&w, "/");
  g_assert_cmpuint (n, ==, 0);
  w.probe->options->log_level = 1;
  fetch (&w, "/");
  g_assert_cmpuint (n, >, 0);
  world_free (&w);
}

/* More sets of options than are kept in mind. */
static void
test_many (void)
{
  World w = world_new (serve, NULL);

  for (guint i = 0; i < 30; i++) {
    g_free (w.probe->options->user_id);
    w.probe->options->user_id = g_strdup_printf ("user%u", i);
    fetch (&w, "/");
    probe_assert_body (w.probe, "hello");
  }
  world_free (&w);
}

static void
test_unreachable (void)
{
  Probe *p = probe_new ();
  Origin *origin = origin_new (serve, NULL);
  g_autofree char *uri = origin_get_uri (origin, "/");
  static const char *const bad[] = {
    "", "x", "http:", "http://", "ftp://127.0.0.1/", "p2phls+http://127.0.0.1/",
    "http://127.0.0.1:99999/", "http://[::1/", "\xff",
  };

  origin_free (origin);
  probe_fetch (p, uri);
  g_assert_error (p->error, P2P_ERROR, P2P_ERROR_CONNECT);
  g_assert_nonnull (strstr (p->error->message, "127.0.0.1"));

  probe_fetch (p, "http://does-not-exist.invalid/");
  g_assert_error (p->error, P2P_ERROR, P2P_ERROR_RESOLVE);
  g_assert_nonnull (strstr (p->error->message, "does-not-exist.invalid"));

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    probe_fetch (p, bad[i]);
    g_assert_error (p->error, P2P_ERROR, P2P_ERROR_URI);
  }
  probe_free (p);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  names_forget ();
  g_test_add_func ("/options/defaults", test_defaults);
  g_test_add_func ("/options/user-agent", test_user_agent);
  g_test_add_func ("/options/flags", test_flags);
  g_test_add_func ("/options/extra-headers", test_extra_headers);
  g_test_add_func ("/options/cookies", test_cookies);
  g_test_add_func ("/options/gzip", test_gzip);
  g_test_add_func ("/options/authenticate", test_authenticate);
  g_test_add_func ("/options/wrong-password", test_wrong_password);
  g_test_add_func ("/options/proxy", test_proxy);
  g_test_add_func ("/options/log", test_log);
  g_test_add_func ("/options/many", test_many);
  g_test_add_func ("/options/unreachable", test_unreachable);
  return g_test_run ();
}

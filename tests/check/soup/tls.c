/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <glib/gstdio.h>

#include "origin.h"
#include "probe.h"

static gboolean
serve (Origin * origin, const char *request, guint n, GIOStream * connection,
    gpointer user_data)
{
  g_autofree char *body = g_strnfill (1024 * 1024, 'x');

  origin_say (connection, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n",
      1024 * 1024);
  return origin_write (connection, body, 1024 * 1024);
}

typedef struct
{
  Origin *origin;
  Probe *probe;
  char *uri;
} World;

static World
world_new (void)
{
  World w = { origin_new_tls (serve, NULL), probe_new (), NULL };

  w.uri = origin_get_uri (w.origin, "/");
  return w;
}

static void
world_free (World * w)
{
  probe_free (w->probe);
  origin_free (w->origin);
  g_free (w->uri);
}

/* A certificate that nobody vouches for. */
static void
test_strict (void)
{
  World w = world_new ();

  probe_fetch (w.probe, w.uri);
  g_assert_error (w.probe->error, P2P_ERROR, P2P_ERROR_TLS);
  g_assert_nonnull (strstr (w.probe->error->message, "127.0.0.1"));
  world_free (&w);
}

/* What one request may do without a check, the next may not. */
static void
test_not_strict (void)
{
  World w = world_new ();

  w.probe->options->ssl_strict = FALSE;
  probe_fetch (w.probe, w.uri);
  g_assert_no_error (w.probe->error);
  g_assert_cmpuint (w.probe->size, ==, 1024 * 1024);
  /* Records are gathered. */
  g_assert_cmpuint (w.probe->largest, >, 16 * 1024);

  p2p_http_options_unref (w.probe->options);
  w.probe->options = p2p_http_options_new ();
  probe_fetch (w.probe, w.uri);
  g_assert_error (w.probe->error, P2P_ERROR, P2P_ERROR_TLS);
  world_free (&w);
}

static void
test_ca (void)
{
  World w = world_new ();
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp (NULL, &path, NULL);

  g_assert_true (g_file_set_contents (path, origin_get_pem (), -1, NULL));
  w.probe->options->ssl_ca_file = g_strdup (path);
  probe_fetch (w.probe, w.uri);
  g_assert_no_error (w.probe->error);
  g_assert_cmpuint (w.probe->size, ==, 1024 * 1024);

  p2p_http_options_unref (w.probe->options);
  w.probe->options = p2p_http_options_new ();
  w.probe->options->tls_database =
      G_OBJECT (g_tls_file_database_new (path, NULL));
  probe_fetch (w.probe, w.uri);
  g_assert_no_error (w.probe->error);

  p2p_http_options_unref (w.probe->options);
  w.probe->options = p2p_http_options_new ();
  w.probe->options->ssl_ca_file = g_strdup ("/does/not/exist");
  probe_fetch (w.probe, w.uri);
  g_assert_error (w.probe->error, P2P_ERROR, P2P_ERROR_TLS);
  g_assert_nonnull (strstr (w.probe->error->message, "/does/not/exist"));
  world_free (&w);
  g_unlink (path);
  g_close (fd, NULL);
}

/* What speaks no TLS at all. */
static void
test_plain (void)
{
  Origin *origin = origin_new (serve, NULL);
  g_autofree char *plain = origin_get_uri (origin, "/");
  g_autofree char *uri = g_strconcat ("https", plain + 4, NULL);
  Probe *p = probe_new ();

  probe_start (p, uri);
  while (origin_get_n_connections (origin) == 0)
    g_main_context_iteration (p->context, FALSE);
  /* Both wait for the other. The thread that shakes hands is told to stop. */
  g_assert_cmpuint (p->n_done, ==, 0);
  g_clear_object (&p->fetch);
  while (origin_get_n_open (origin) > 0)
    g_main_context_iteration (p->context, FALSE);
  probe_free (p);
  origin_free (origin);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (!g_tls_backend_supports_tls (g_tls_backend_get_default ())) {
    g_test_skip ("no TLS here");
    return 77;
  }
  g_test_add_func ("/tls/strict", test_strict);
  g_test_add_func ("/tls/not-strict", test_not_strict);
  g_test_add_func ("/tls/ca", test_ca);
  g_test_add_func ("/tls/plain", test_plain);
  return g_test_run ();
}

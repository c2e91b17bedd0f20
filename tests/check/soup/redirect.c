/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "origin.h"
#include "p2psouprequest.h"
#include "probe.h"

/* /STATUS/target redirects there; ~ stands for the other origin. */
static gboolean
serve (Origin * origin, const char *request, guint n, GIOStream * connection,
    gpointer user_data)
{
  g_auto (GStrv) words = g_strsplit (request, " ", 3);
  const char *target = strlen (words[1]) > 4 ? words[1] + 4 : "";
  g_autofree char *elsewhere = NULL;

  if (!g_ascii_isdigit (words[1][1])) {
    origin_say (connection, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"
        "hello");
    return TRUE;
  }
  if (g_str_has_prefix (target, "/~"))
    target = elsewhere = origin_get_uri (user_data, target + 2);
  else if (g_str_has_prefix (target, "/="))
    target += 2;
  origin_say (connection, "HTTP/1.1 %.3s Moved\r\nLocation: %s\r\n"
      "Set-Cookie: a=b\r\nContent-Length: 4\r\n\r\nbody", words[1] + 1, target);
  return TRUE;
}

typedef struct
{
  Origin *here;
  Origin *there;
  Probe *probe;
} World;

static World
world_new (void)
{
  World w = { NULL, origin_new (serve, NULL), probe_new () };

  w.here = origin_new (serve, w.there);
  return w;
}

static void
world_free (World * w)
{
  probe_free (w->probe);
  origin_free (w->here);
  origin_free (w->there);
}

static void
fetch (World * w, const char *path)
{
  g_autofree char *uri = origin_get_uri (w->here, path);

  probe_fetch (w->probe, uri);
}

static void
test_statuses (void)
{
  static const struct
  {
    const char *path;
    gboolean permanent;
  } cases[] = {
    {"/301/end", TRUE}, {"/308/end", TRUE}, {"/302/end", FALSE},
    {"/303/end", FALSE}, {"/307/end", FALSE}, {"/301/308/end", TRUE},
    {"/301/302/end", FALSE}, {"/302/301/end", FALSE},
  };
  World w = world_new ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *end = origin_get_uri (w.here, "/end");

    fetch (&w, cases[i].path);
    probe_assert_body (w.probe, "hello");
    g_assert_cmpuint (w.probe->head->status, ==, 200);
    g_assert_true (w.probe->head->redirected);
    g_assert_cmpint (w.probe->head->permanent, ==, cases[i].permanent);
    g_assert_cmpstr (w.probe->head->uri, ==, end);
  }
  /* The bodies of redirects are read, so that the connection lasts. */
  g_assert_cmpuint (origin_get_n_connections (w.here), ==, 1);
  world_free (&w);
}

static void
test_off (void)
{
  World w = world_new ();

  w.probe->options->automatic_redirect = FALSE;
  fetch (&w, "/302/end");
  g_assert_no_error (w.probe->error);
  g_assert_cmpuint (w.probe->head->status, ==, 302);
  g_assert_cmpuint (w.probe->n_data, ==, 0);
  world_free (&w);
}

static void
test_endless (void)
{
  World w = world_new ();
  g_autoptr (GString) path = g_string_new (NULL);

  for (guint i = 0; i < P2P_SOUP_MAX_REDIRECTS; i++)
    g_string_append (path, "/302");
  g_string_append (path, "/end");
  fetch (&w, path->str);
  probe_assert_body (w.probe, "hello");

  g_string_prepend (path, "/302");
  fetch (&w, path->str);
  g_assert_error (w.probe->error, P2P_ERROR, P2P_ERROR_REDIRECT);
  g_assert_cmpuint (w.probe->n_heads, ==, 0);
  world_free (&w);
}

static void
test_bad_targets (void)
{
  static const char *const paths[] = {
    "/302/=file:///etc/passwd", "/302/=p2phls+http://127.0.0.1/",
    "/302/=ftp://127.0.0.1/", "/302/=http:///", "/302/=http://[::",
    "/302/=javascript:alert(1)", "/302/=http:",
  };
  World w = world_new ();

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    fetch (&w, paths[i]);
    g_assert_error (w.probe->error, P2P_ERROR, P2P_ERROR_REDIRECT);
  }
  world_free (&w);
}

static void
fill_secrets (P2pHttpOptions * options)
{
  const char *cookies[] = { "my=cookie", NULL };

  options->cookies = g_strdupv ((char **) cookies);
  options->user_id = g_strdup ("me");
  options->user_pw = g_strdup ("secret");
  options->extra_headers = p2p_headers_new ();
  p2p_headers_add (options->extra_headers, "Authorization", "Bearer x");
  p2p_headers_add (options->extra_headers, "X-Other", "y");
}

/* What was given for one origin stays there. */
static void
test_secrets (void)
{
  World w = world_new ();
  Probe *p = w.probe;

  fill_secrets (p->options);
  fetch (&w, "/302/end");
  g_assert_cmpstr (probe_get_sent (p, "Cookie"), ==, "my=cookie");
  g_assert_cmpstr (probe_get_sent (p, "Authorization"), ==, "Bearer x");

  fetch (&w, "/302/~/end");
  probe_assert_body (p, "hello");
  g_assert_cmpuint (origin_get_n_requests (w.there), ==, 1);
  g_assert_null (probe_get_sent (p, "Cookie"));
  g_assert_null (probe_get_sent (p, "Authorization"));
  g_assert_cmpstr (probe_get_sent (p, "X-Other"), ==, "y");
  world_free (&w);
}

/* With an origin set, it alone gets them, wherever the request begins. */
static void
test_origin (void)
{
  World w = world_new ();
  Probe *p = w.probe;

  fill_secrets (p->options);
  p->options->origin = origin_get_uri (w.there, "/master.m3u8");
  fetch (&w, "/end");
  g_assert_null (probe_get_sent (p, "Cookie"));
  g_assert_null (probe_get_sent (p, "Authorization"));
  fetch (&w, "/302/~/end");
  g_assert_cmpstr (probe_get_sent (p, "Cookie"), ==, "my=cookie");
  g_assert_cmpstr (probe_get_sent (p, "Authorization"), ==, "Bearer x");
  world_free (&w);
}

/* A redirect keeps the range, and the password of a URI out of what is told. */
static void
test_kept (void)
{
  World w = world_new ();
  Probe *p = w.probe;
  g_autofree char *uri = origin_get_uri (w.here, "/302/end");
  g_autofree char *with = NULL;
  g_auto (GStrv) parts = NULL;

  probe_start_full (p, NULL, uri, 2, -1, NULL);
  probe_run (p);
  g_assert_cmpstr (probe_get_sent (p, "Range"), ==, "bytes=2-");

  parts = g_strsplit (uri, "/302", 2);
  with = g_strdup_printf ("%s/302/=http://me:secret@%s/end", parts[0],
      parts[0] + strlen ("http://"));
  probe_fetch (p, with);
  probe_assert_body (p, "hello");
  g_assert_null (strstr (p->head->uri, "secret"));
  world_free (&w);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/redirect/statuses", test_statuses);
  g_test_add_func ("/redirect/off", test_off);
  g_test_add_func ("/redirect/endless", test_endless);
  g_test_add_func ("/redirect/bad-targets", test_bad_targets);
  g_test_add_func ("/redirect/secrets", test_secrets);
  g_test_add_func ("/redirect/origin", test_origin);
  g_test_add_func ("/redirect/kept", test_kept);
  return g_test_run ();
}

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The input is a base, a line end, and a reference.
 */

#include "fuzz.h"
#include "p2puri.h"

#include <string.h>

/* How libsoup reads what goes on the wire */
#define SOUP_FLAGS (G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_ENCODED_PATH \
    | G_URI_FLAGS_ENCODED_QUERY | G_URI_FLAGS_ENCODED_FRAGMENT \
    | G_URI_FLAGS_SCHEME_NORMALIZE)

static void
check_schemes (const char *uri)
{
  g_autofree char *http = p2p_uri_to_http (uri);
  g_autofree char *p2p = p2p_uri_to_p2p (http);
  g_autofree char *back = p2p_uri_to_http (p2p);
  gboolean is_either = p2p_uri_is_http (uri) || p2p_uri_is_p2p (uri);

  g_assert_false (p2p_uri_is_http (uri) && p2p_uri_is_p2p (uri));
  g_assert_cmpint (p2p_uri_is_http (http), ==, is_either);
  g_assert_cmpint (p2p_uri_is_p2p (p2p), ==, is_either);
  g_assert_cmpstr (back, ==, http);
  g_assert_true (is_either || strcmp (uri, p2p) == 0);
}

/* A host that is not the one libsoup connects to would get credentials that
 * are not for it. */
static void
check_host (const char *canonical, const char *uri)
{
  g_autofree char *http = p2p_uri_to_http (uri);
  g_autoptr (GUri) ours = g_uri_parse (canonical, SOUP_FLAGS, NULL);
  g_autoptr (GUri) wire = g_uri_parse (http, SOUP_FLAGS, NULL);

  g_assert_nonnull (ours);
  if (wire) {
    g_assert_cmpint (g_ascii_strcasecmp (g_uri_get_host (ours),
            g_uri_get_host (wire)), ==, 0);
    g_assert_cmpint (g_uri_get_port (ours), ==, g_uri_get_port (wire));
    g_assert_cmpstr (g_uri_get_scheme (ours), ==, g_uri_get_scheme (wire));
  }
}

static void
check_canonical (const char *uri)
{
  g_autofree char *canonical = p2p_uri_canonical (uri);
  g_autofree char *again = p2p_uri_canonical (canonical);
  const char *path;

  g_assert_cmpstr (again, ==, canonical);
  if (!p2p_uri_same_origin (uri, uri))
    return;
  g_assert_true (p2p_uri_same_origin (uri, canonical));
  g_assert_true (p2p_uri_is_http (canonical));
  path = strchr (canonical + strlen ("https://"), '/');
  g_assert_null (g_strstr_len (path, strcspn (path, "?"), "/../"));
  g_assert_null (strpbrk (canonical, "#\"<>\\^`{|} "));
  for (const char *c = canonical; *c; c++)
    g_assert_true (g_ascii_isgraph (*c));
  check_host (canonical, uri);
}

/* Nothing that is the viewer's own gets out. */
static void
check_strip (const char *uri)
{
  g_autofree char *as_is = p2p_uri_strip (uri);
  g_autofree char *browser = p2p_uri_strip_as_browser (uri);
  const char *const stripped[] = { as_is, browser };

  for (guint i = 0; i < G_N_ELEMENTS (stripped); i++) {
    g_assert_null (strpbrk (stripped[i], "?#"));
    if (p2p_uri_is_http (stripped[i])) {
      const char *host = strstr (stripped[i], "://") + 3;

      g_assert_null (memchr (host, '@', strcspn (host, "/")));
    }
  }
}

static void
check_resolve (const char *base, const char *ref)
{
  g_autofree char *p2p_base = p2p_uri_to_p2p (base);
  g_autofree char *uri = p2p_uri_resolve (base, ref);
  g_autofree char *p2p = p2p_uri_resolve (p2p_base, ref);
  g_autofree char *again = NULL, *plain = NULL, *p2p_plain = NULL;

  g_assert_true (!uri == !p2p);
  if (!uri)
    return;
  g_assert_null (strchr (uri, '#'));
  again = p2p_uri_resolve (base, uri);
  g_assert_cmpstr (again, ==, uri);
  plain = p2p_uri_to_http (uri);
  p2p_plain = p2p_uri_to_http (p2p);
  g_assert_cmpstr (plain, ==, p2p_plain);
  check_canonical (uri);
}

int
LLVMFuzzerTestOneInput (const uint8_t * data, size_t size)
{
  g_autofree char *base = g_strndup ((const char *) data, size);
  char *end = strchr (base, '\n');
  const char *ref = end ? end + 1 : "";

  if (end)
    *end = '\0';
  check_schemes (base);
  check_schemes (ref);
  check_canonical (base);
  check_canonical (ref);
  check_strip (base);
  check_strip (ref);
  check_resolve (base, ref);
  g_assert_cmpint (p2p_uri_same_origin (base, ref), ==,
      p2p_uri_same_origin (ref, base));
  return 0;
}

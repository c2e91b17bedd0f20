/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2puri.h"

#include <string.h>

/* Frees what it shows, so that a row is a line. */
static void
check (char *got, const char *wanted)
{
  g_assert_cmpstr (got, ==, wanted);
  g_free (got);
}

static void
test_schemes (void)
{
  static const char *const others[] =
      { "", ":", "h", "http", "http:", "http:/x",
    "http//x", "httpx://h/", "p2phls+", "p2phls+http:", "p2phls+http:/x",
    "p2phls+ftp://h/", "p2phls+p2phls+http://h/", " http://h/", "data:,a",
    "ftp://http://h/", "\xff\xfe", "p2phls+data:,http://h/",
  };

  for (guint i = 0; i < G_N_ELEMENTS (others); i++) {
    g_assert_false (p2p_uri_is_http (others[i]));
    g_assert_false (p2p_uri_is_p2p (others[i]));
    check (p2p_uri_to_http (others[i]), others[i]);
    check (p2p_uri_to_p2p (others[i]), others[i]);
    check (p2p_uri_canonical (others[i]), others[i][0] == ' ' ? "http://h/"
        : others[i]);
  }
  g_assert_true (p2p_uri_is_http ("HtTpS://h"));
  g_assert_false (p2p_uri_is_p2p ("HtTpS://h"));
  g_assert_true (p2p_uri_is_p2p ("P2PHLS+HTTP://h"));
  g_assert_false (p2p_uri_is_http ("p2phls+http://h"));
  check (p2p_uri_to_http ("P2PhLS+HTTP://H/%7e#f"), "HTTP://H/%7e#f");
  check (p2p_uri_to_p2p ("HTTP://H/%7e#f"), "p2phls+HTTP://H/%7e#f");
  check (p2p_uri_to_p2p ("p2phls+https://h/"), "p2phls+https://h/");
}

/* RFC 3986, 5.4: all examples, fragments dropped */
static void
test_resolve_rfc (void)
{
  /* *INDENT-OFF* */
  static const char *const rows[][2] = {
    { "g:h", "g:h" }, { "g", "/b/c/g" }, { "./g", "/b/c/g" },
    { "g/", "/b/c/g/" }, { "/g", "/g" }, { "?y", "/b/c/d;p?y" },
    { "g?y", "/b/c/g?y" }, { "#s", "/b/c/d;p?q" }, { "g#s", "/b/c/g" },
    { "g?y#s", "/b/c/g?y" }, { ";x", "/b/c/;x" }, { "g;x", "/b/c/g;x" },
    { "g;x?y#s", "/b/c/g;x?y" }, { "", "/b/c/d;p?q" }, { ".", "/b/c/" },
    { "./", "/b/c/" }, { "..", "/b/" }, { "../", "/b/" }, { "../g", "/b/g" },
    { "../..", "/" }, { "../../", "/" }, { "../../g", "/g" },
    { "../../../g", "/g" }, { "../../../../g", "/g" }, { "/./g", "/g" },
    { "/../g", "/g" }, { "g.", "/b/c/g." }, { ".g", "/b/c/.g" },
    { "g..", "/b/c/g.." }, { "..g", "/b/c/..g" }, { "./../g", "/b/g" },
    { "./g/.", "/b/c/g/" }, { "g/./h", "/b/c/g/h" }, { "g/../h", "/b/c/h" },
    { "g;x=1/./y", "/b/c/g;x=1/y" }, { "g;x=1/../y", "/b/c/y" },
    { "g?y/./x", "/b/c/g?y/./x" }, { "g?y/../x", "/b/c/g?y/../x" },
    { "g#s/../x", "/b/c/g" },
  };
  /* *INDENT-ON* */

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *plain = i == 0 ? g_strdup ("gg:h")
        : g_strconcat ("http://a", rows[i][1], NULL);
    g_autofree char *p2p = p2p_uri_to_p2p (plain);
    const char *ref = i == 0 ? "gg:h" : rows[i][0];

    check (p2p_uri_resolve ("http://a/b/c/d;p?q", ref), plain);
    check (p2p_uri_resolve ("p2phls+http://a/b/c/d;p?q#f/g", ref), p2p);
  }
}

static void
test_resolve_odd (void)
{
  /* *INDENT-OFF* */
  static const char *const rows[][3] = {
    { "http://h", "s.ts", "http://h/s.ts" },
    { "http://h?q", "s.ts", "http://h/s.ts" },
    { "http://h?q", "", "http://h?q" },
    { "http://h", "?a=/../b", "http://h?a=/../b" },
    { "http://h/p?u=http://o/x/", "s.ts", "http://h/s.ts" },
    { "https://h/a/b", "//o:81/x", "https://o:81/x" },
    { "p2phls+https://h/a/b", "//o/x/../y", "p2phls+https://o/y" },
    { "p2phls+https://h/a/b", "http://o/x", "http://o/x" },
    { "http://h/a/b", "///x", "http:///x" },
    { "http://h/a/b", ".//x", "http://h/a//x" },
    { "http://h//a//b", "..//x", "http://h//a//x" },
    { "http://h/a/b", "HTTP://O", "HTTP://O" },
    { "http://h/a/b", "s 1%2e.ts ", "http://h/a/s 1%2e.ts " },
    { "http://h/a/b", "c:d", "http://h/a/c:d" },
    { "http://h/a/b", "1a:d", "http://h/a/1a:d" },
    { "http://h/a/b", ":d", "http://h/a/:d" },
    { "http://h/a/b", "data:,http://x/../y#f", "data:,http://x/../y" },
    { "http://h/a/b", "http:c", "http:c" },
    { "http://[::1]:8/a/b", "c", "http://[::1]:8/a/c" },
    { "http://u:p@h/a/b", "/c", "http://u:p@h/c" },
    { "ftp://h/a/b", "http://o/x", "http://o/x" },
    { "ftp://h/a/b", "c", NULL },
    { "http:/h/a/b", "c", NULL },
    { "", "c", NULL },
    { "", "", NULL },
    { "a/b", "//h/c", NULL },
  };
  /* *INDENT-ON* */

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    check (p2p_uri_resolve (rows[i][0], rows[i][1]), rows[i][2]);
}

static void
test_canonical (void)
{
  /* *INDENT-OFF* */
  static const char *const rows[][2] = {
    { "HTTP://EXAMPLE.com", "http://example.com/" },
    { "p2phls+HTTPS://h", "https://h/" },
    { "http://h:80/", "http://h/" },
    { "http://h:/", "http://h/" },
    { "http://h:0080/", "http://h/" },
    { "https://h:80/", "https://h:80/" },
    { "https://h:443?q", "https://h/?q" },
    { "http://h:65535/", "http://h:65535/" },
    { "http://h/a/./b/../c", "http://h/a/c" },
    { "http://h/a/%2e%2E/c/%2e", "http://h/c/" },
    { "http://h/a//b", "http://h/a//b" },
    { "http://h/a%2fb", "http://h/a%2Fb" },
    { "http://h/%7e%41%c3%a4", "http://h/~A%C3%A4" },
    { "http://h/ä b", "http://h/%C3%A4%20b" },
    { "http://h/\xe4", "http://h/%E4" },
    { "http://h/100%", "http://h/100%25" },
    { "http://h/%zz%4", "http://h/%25zz%254" },
    { "http://h/%00", "http://h/%00" },
    { "http://h/a+b;c=d,e!$&'()*:@", "http://h/a+b;c=d,e!$&'()*:@" },
    { "http://h/a%2bb%3d", "http://h/a%2Bb%3D" },
    { "http://h/\"<>[]\\^`{|}", "http://h/%22%3C%3E%5B%5D%5C%5E%60%7B%7C%7D" },
    { "http://h/?b=2&a=1&b=%2b+%20", "http://h/?b=2&a=1&b=%2B+%20" },
    { "http://h/p?", "http://h/p?" },
    { "http://h/p?/../?x[0]=[]", "http://h/p?/../?x%5B0%5D=%5B%5D" },
    { "http://h/p#f?g", "http://h/p" },
    { "http://user:pw@h/p", "http://h/p" },
    { "http://@h/p", "http://h/p" },
    { "http://[2001:DB8::1]:80/p", "http://[2001:db8::1]/p" },
    { "http://%48%6F/p", "http://ho/p" },
    { "http://B\xc3\xbc\x63her.example/p", "http://xn--bcher-kva.example/p" },
    { "http://b%C3%BCcher.example/p", "http://xn--bcher-kva.example/p" },
    { "\t http://h/p \r\n", "http://h/p" },
  };
  static const char *const malformed[] = { "http://", "https:///p",
    "http://:80/", "http://h:65536/", "http://h:99999999999999999999/",
    "http://h:8a/", "http://h:-1/", "http://[::1/", "http://[::1]x/",
    "http://[::1]:8:8/", "http://[x]/", "http://[]x/", "http://a@b@c/",
    "http://h\\@o/", "http://a b/", "http://a%2fb/", "http://a%00b/",
    "http://\xff/", "http://%ff/", "http://a%zz/", "http://u@/", "http://[/",
    "http://]/", "http://[/]", "http://[1.2.3.4]/", "http://[1::2::3]/",
    "http://[fe80::1%25eth0]/", "http://[::12345]/",
    "http://\xcd\x8f/",
  };
  /* *INDENT-ON* */

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    check (p2p_uri_canonical (rows[i][0]), rows[i][1]);
    check (p2p_uri_canonical (rows[i][1]), rows[i][1]);
  }
  for (guint i = 0; i < G_N_ELEMENTS (malformed); i++) {
    check (p2p_uri_canonical (malformed[i]), malformed[i]);
    g_assert_false (p2p_uri_same_origin (malformed[i], malformed[i]));
  }
}

static void
test_same_origin (void)
{
  g_assert_true (p2p_uri_same_origin ("http://h/a", "P2PHLS+HTTP://H:80?b"));
  g_assert_true (p2p_uri_same_origin ("https://u:p@h/", "https://h:443"));
  g_assert_false (p2p_uri_same_origin ("http://h/", "https://h/"));
  g_assert_false (p2p_uri_same_origin ("http://h:443/", "https://h:443/"));
  g_assert_false (p2p_uri_same_origin ("http://h/", "http://h:81/"));
  g_assert_false (p2p_uri_same_origin ("http://h/", "http://h.h/"));
  g_assert_false (p2p_uri_same_origin ("http://good@evil/", "http://good/"));
  g_assert_false (p2p_uri_same_origin ("http://good\\@evil/", "http://good/"));
  g_assert_false (p2p_uri_same_origin ("ftp://h/", "ftp://h/"));
  g_assert_false (p2p_uri_same_origin ("", ""));
}

/* What others are told has nothing in it that is the viewer's own. */
static void
test_strip (void)
{
  static const char *const rows[][3] = {
    {"http://h/a/b.m3u8?t=1#f", "http://h/a/b.m3u8", "http://h/a/b.m3u8"},
    {"p2phls+HTTPS://U:P@H.Example:443/a/../B%7e?x",
          "HTTPS://H.Example:443/B%7e",
        "https://h.example/B%7e"},
    {"http://h", "http://h", "http://h/"},
    {"http://h?q", "http://h", "http://h/"},
    {"http://h:80#f", "http://h:80", "http://h/"},
    {"http://u@v@h/a b\\c", "http://h/a b\\c", "http://h/a b\\c"},
    {"http://h/a b\\c", "http://h/a b\\c", "http://h/a%20b/c"},
    {"http://h/\xc3\xa9\"<>^`{}|[]%c3%a9%",
          "http://h/\xc3\xa9\"<>^`{}|[]%c3%a9%",
        "http://h/%C3%A9%22%3C%3E%5E%60%7B%7D|[]%c3%a9%"},
    {"http://\xc3\xa9/", "http://\xc3\xa9/", "http://xn--9ca/"},
    {"http://", "http://", "http://"},
    {"http://@/", "http:///", "http:///"},
    {"file:///a?b#c", "file:///a", "file:///a"},
    {"a#b", "a", "a"},
    {"", "", ""},
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    check (p2p_uri_strip (rows[i][0]), rows[i][1]);
    check (p2p_uri_strip_as_browser (rows[i][0]), rows[i][2]);
  }
}

/* A megabyte of what is removed again costs no more than a megabyte of what
 * stays: the work is bounded by the time-out only if it is not linear. */
static void
test_long (void)
{
  const gsize n = 1 << 20;
  g_autoptr (GString) uri = g_string_new ("http://h");
  g_autofree char *path = NULL;

  for (gsize i = 0; i < n / 2; i++)
    g_string_append (uri, "/a");
  for (gsize i = 0; i < n / 2; i++)
    g_string_append (uri, "/..");
  check (p2p_uri_canonical (uri->str), "http://h/");
  /* The last segment of base goes first, also if it is two dots. */
  check (p2p_uri_resolve (uri->str, "x"), "http://h/a/x");
  check (p2p_uri_resolve ("http://o/b", uri->str), "http://h/");

  path = g_strnfill (n, '%');
  g_string_printf (uri, "http://h/%s", path);
  g_clear_pointer (&path, g_free);
  path = p2p_uri_canonical (uri->str);
  g_assert_cmpuint (strlen (path), ==, 9 + 3 * n);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/uri/schemes", test_schemes);
  g_test_add_func ("/uri/resolve/rfc", test_resolve_rfc);
  g_test_add_func ("/uri/resolve/odd", test_resolve_odd);
  g_test_add_func ("/uri/canonical", test_canonical);
  g_test_add_func ("/uri/same-origin", test_same_origin);
  g_test_add_func ("/uri/strip", test_strip);
  g_test_add_func ("/uri/long", test_long);
  return g_test_run ();
}

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2prewrite.h"

#include <string.h>

#define BASE "https://h/dir/list.m3u8"

/* Playlists are written with ~ for what must be inserted, ^ for what goes
 * before "//". */
static char *
expand (const char *marked, const char *scheme, gboolean inserted)
{
  GString *out = g_string_new (NULL);

  for (; *marked; marked++) {
    if (*marked != '~' && *marked != '^')
      g_string_append_c (out, *marked);
    else if (inserted)
      g_string_append (out, *marked == '~' ? "p2phls+" : scheme);
  }
  return g_string_free (out, FALSE);
}

static void
check (const char *marked, const char *base, const char *scheme)
{
  g_autofree char *text = expand (marked, scheme, FALSE);
  g_autofree char *wanted = expand (marked, scheme, TRUE);
  g_autoptr (GBytes) in = g_bytes_new (text, strlen (text));
  g_autoptr (GBytes) out = p2p_playlist_rewrite (in, base);
  g_autoptr (GBytes) again = p2p_playlist_rewrite (out, base);

  g_assert_cmpmem (g_bytes_get_data (out, NULL), g_bytes_get_size (out),
      wanted, strlen (wanted));
  /* Nothing to do gives back the same bytes, not a copy. */
  g_assert_true (again == out);
  g_assert_cmpint (out == in, ==, strcmp (text, wanted) == 0);
}

static void
test_lines (void)
{
  static const char *const playlists[] = {
    "#EXTM3U\n#EXTINF:1,http://t/\n~http://o/a.ts?x=http://p/#f\n",
    "#EXTM3U\r\n\r\n~HTTPS://o/a.ts\r\n^//o/b\r~hTTp://o/c\n\n\r~http://o",
    "\xef\xbb\xbf#EXTM3U\n \t~http://o/a \t\n",
    "#EXTM3U\n~http://http://o/a\n",
    "#EXTM3U\n~http://\xff\xfe\n^//[::1]:8/x\n~https:///x\n^//?x\n",
    /* stay */
    "#EXTM3U\nhttp:/o/a\nhttp:o\nhttp//o\nhttpx://o\nhttp://\nhttps://\n//\n"
        "///o\n/o\n/\no\nx://o\nx//o\ndata:,http://o/\nskd://o\nftp://o/a\n"
        "p2phls+http://o/a\nP2PHLS+https://o/a\n\"http://o\"\n#http://o\n"
        "#EXT\n#EXTINF:1,\n# http://o/a\n\n",
    "#EXTM3U http://o/a\n#EXTM3U:http://o/a",
    "", "#EXTM3", "http://o/a\n", "<html>\nhttp://o/a\n", "#EXTM3U",
  };

  for (guint i = 0; i < G_N_ELEMENTS (playlists); i++) {
    check (playlists[i], BASE, "p2phls+https:");
    check (playlists[i], "P2Phls+HTTP://h/dir/list.m3u8", "p2phls+http:");
  }
  check ("#EXTM3U\n~http://o/a\n//o/b\n", "ftp://h/", "");
  check ("#EXTM3U\n//o/b\n", "", "");
}

static void
test_attributes (void)
{
  static const char *const tags[] = { "KEY", "SESSION-KEY", "MAP", "MEDIA",
    "I-FRAME-STREAM-INF", "PART", "PRELOAD-HINT", "SESSION-DATA",
    "RENDITION-REPORT", "IMAGE-STREAM-INF",
  };
  static const char *const rewritten[] = {
    "URI=\"~http://o/k\"", "URI=\"^//o/k\"", "A=1,URI=\"~HTTPS://o/k,URI=x\"",
    "URI=\"~http://o/k\",A=1", "A=\"x\", URI=\"~http://o/k\" ,B=2",
    "A=\",URI=http://n/\",URI=\"~http://o/k\"",
    "A=\"URI=\"URI=http://n/,URI=~http://o/k",
    "URI=~http://o/k,B=http://n/", "URI = \" ~http://o/k \"",
    "A,B=,=,,URI=\"~http://o/k\"", "URI=\"~http://a\",URI=\"~http://b\"",
    "A=x\"y,URI=\"~http://o/k\"", "URI=~http://o/a=b\"c\"",
  };
  static const char *const kept[] = {
    "URI=\"k\"", "URI=\"skd://o/k\"", "URI=\"data:;base64,//http://o\"",
    "URI=\"http:/o\"", "URI=\"\"", "URI=", "URI", "=http://o/", "http://o/",
    "URI=\"http://never/ends", "uri=\"http://o/k\"", "XURI=\"http://o/k\"",
    "URI-X=\"http://o/k\"", "NAME=\"a,URI=http://o/k,b\"",
    "NAME=\"URI=\"", "A=\"b,URI=\"http://o/", "URI=\"p2phls+http://o/\"",
    "IV=0x//o/", "KEYFORMAT=\"http://o/\"", "",
  };

  for (guint i = 0; i < G_N_ELEMENTS (tags); i++) {
    for (guint j = 0; j < G_N_ELEMENTS (rewritten); j++) {
      g_autofree char *text = g_strdup_printf ("#EXTM3U\n#EXT-X-%s:%s\r\n",
          tags[i], rewritten[j]);

      check (text, BASE, "p2phls+https:");
    }
    for (guint j = 0; j < G_N_ELEMENTS (kept); j++) {
      g_autofree char *text = g_strdup_printf ("#EXTM3U\n#EXT-X-%s:%s\n",
          tags[i], kept[j]);

      check (text, BASE, "p2phls+https:");
    }
  }
}

static void
test_other_tags (void)
{
  static const char *const tags[] = { "EXT-X-STREAM-INF", "EXTINF",
    "EXT-X-KEYS", "EXT-X-KE", "EXT-X-DATERANGE", "EXT-X-DEFINE", "ext-x-key",
    " EXT-X-KEY", "#EXT-X-KEY", "EXT-X-START", "",
  };

  for (guint i = 0; i < G_N_ELEMENTS (tags); i++) {
    g_autofree char *text = g_strdup_printf ("#EXTM3U\n"
        "#%s:URI=\"http://o/k\"\n", tags[i]);

    check (text, BASE, "p2phls+https:");
  }
}

static GBytes *
write_ours (P2pText uri, gpointer user_data)
{
  return g_bytes_new_static ("ours", 4);
}

static GBytes *
write_other (P2pText uri, gpointer user_data)
{
  return p2p_text_equals (uri, "stays") ? NULL : g_bytes_new_static ("other",
      5);
}

/* What leads to something beside the stream is told from what is of it. */
static void
test_elsewhere (void)
{
  static const char text[] = "\357\273\277#EXTM3U\n"
      "#EXT-X-CONTENT-STEERING:SERVER-URI=\"/s\",PATHWAY-ID=\"a\"\n"
      "#EXT-X-DATERANGE:ID=\"1\",X-ASSET-URI=\"ad\",X-ASSET-LIST=\"l\",URI=x\n"
      "#EXT-X-KEY:METHOD=AES-128,URI=\"k\",SERVER-URI=s\n"
      "#EXT-X-NEW:A=\"URI=b\",URI=\"stays\",URI=\"c\"\n#EXT-Y:URI=\"d\"\n"
      "#EXTINF:1,URI=e\n#EXT-X-DEFINE:NAME=\"URI\",VALUE=\"f\"\nsegment\n";
  static const char wanted[] = "\357\273\277#EXTM3U\n"
      "#EXT-X-CONTENT-STEERING:SERVER-URI=\"other\",PATHWAY-ID=\"a\"\n"
      "#EXT-X-DATERANGE:ID=\"1\",X-ASSET-URI=\"other\",X-ASSET-LIST=\"other\","
      "URI=other\n"
      "#EXT-X-KEY:METHOD=AES-128,URI=\"ours\",SERVER-URI=other\n"
      "#EXT-X-NEW:A=\"URI=b\",URI=\"stays\",URI=\"other\"\n#EXT-Y:URI=\"d\"\n"
      "#EXTINF:1,URI=e\n#EXT-X-DEFINE:NAME=\"URI\",VALUE=\"f\"\nours\n";
  g_autoptr (GBytes) in = g_bytes_new_static (text, strlen (text));
  g_autoptr (GBytes) out = p2p_playlist_rewrite_uris (in, write_ours,
      write_other, NULL);

  g_assert_cmpmem (g_bytes_get_data (out, NULL), g_bytes_get_size (out),
      wanted, strlen (wanted));
}

/* NULs and lone CRs are bytes like others. */
static void
test_bytes (void)
{
  static const char text[] = "#EXTM3U\n\0\r\0http://o/a\n\rhttp://o/\0\n"
      "#EXT-X-KEY:A=\"\0\",URI=\"http://o/\0\"\n#EXT-X-KEY\0:URI=http://o/";
  static const char wanted[] = "#EXTM3U\n\0\r\0http://o/a\n\r"
      "p2phls+http://o/\0\n#EXT-X-KEY:A=\"\0\",URI=\"p2phls+http://o/\0\"\n"
      "#EXT-X-KEY\0:URI=http://o/";
  g_autoptr (GBytes) in = g_bytes_new (text, sizeof (text));
  g_autoptr (GBytes) out = p2p_playlist_rewrite (in, BASE);

  g_assert_cmpmem (g_bytes_get_data (out, NULL), g_bytes_get_size (out),
      wanted, sizeof (wanted));
}

static void
test_large (void)
{
  const guint n = 100 * 1000;
  g_autoptr (GString) marked = g_string_new ("#EXTM3U\n#EXT-X-KEY:");

  for (guint i = 0; i < n; i++)
    g_string_append (marked, "URI=\"~http://o/k\",A=\"URI=http://n/\",");
  for (guint i = 0; i < n; i++)
    g_string_append (marked, "\n#EXTINF:2,\n~http://o/segment.ts");
  check (marked->str, BASE, "p2phls+https:");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rewrite/lines", test_lines);
  g_test_add_func ("/rewrite/attributes", test_attributes);
  g_test_add_func ("/rewrite/other-tags", test_other_tags);
  g_test_add_func ("/rewrite/elsewhere", test_elsewhere);
  g_test_add_func ("/rewrite/bytes", test_bytes);
  g_test_add_func ("/rewrite/large", test_large);
  return g_test_run ();
}

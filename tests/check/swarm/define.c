/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pdefine.h"
#include "p2pplaylist.h"

#include <string.h>

#define URI "https://h/dir/list.m3u8?token=a%2Fb%3D&empty=&x%22=1&quote=%22" \
    "&line=%0A&bad=%FF&nul=%00&t=1&t=2#token=no"

/* Returns: (transfer full): text with what it defines */
static char *
define (const char *text, GHashTable * imported, GHashTable ** defined)
{
  g_autoptr (GBytes) in = g_bytes_new (text, strlen (text));
  g_autoptr (GBytes) out = p2p_playlist_define (in, URI, imported, defined);
  gsize size;
  const char *data = g_bytes_get_data (out, &size);

  /* Who defines nothing gets the same bytes, not a copy. */
  g_assert_cmpint (out == in, ==, *defined == NULL);
  return g_strndup (data, size);
}

static void
check (const char *text, const char *wanted)
{
  g_autofree char *body = g_strconcat ("#EXTM3U\n", text, NULL);
  g_autofree char *all = g_strconcat ("#EXTM3U\n", wanted, NULL);
  g_autoptr (GHashTable) defined = NULL;
  g_autofree char *got = define (body, NULL, &defined);

  g_assert_cmpstr (got, ==, all);
}

#define A "#EXT-X-DEFINE:NAME=\"a\",VALUE=\"1/2\"\n"

static void
test_names (void)
{
  check (A "x{$a}y.ts?{$a}\n", A "x1/2y.ts?1/2\n");
  check (A "#EXT-X-KEY:METHOD=AES-128,URI=\"{$a}\",IV=0x{$a}\r\n",
      A "#EXT-X-KEY:METHOD=AES-128,URI=\"1/2\",IV=0x1/2\r\n");
  check (A "{$a}{$a}{{$a}}$\n", A "1/21/2{1/2}$\n");
  /* A value of other values; an empty one. */
  check (A "#EXT-X-DEFINE:NAME=\"b\",VALUE=\"-{$a}-\"\n{$b}\n",
      A "#EXT-X-DEFINE:NAME=\"b\",VALUE=\"-1/2-\"\n-1/2-\n");
  check ("#EXT-X-DEFINE:VALUE=\"\",NAME=\"e\"\nx{$e}y",
      "#EXT-X-DEFINE:VALUE=\"\",NAME=\"e\"\nxy");
  /* The first one of a name counts, from where it stands. */
  check ("{$a}\n" A "#EXT-X-DEFINE:NAME=\"a\",VALUE=\"3\"\n{$a}",
      "{$a}\n" A "#EXT-X-DEFINE:NAME=\"a\",VALUE=\"3\"\n1/2");
  /* What is no reference, and what is none of HLS. */
  check (A "{$b}{$}{$a{a}$a}{ $a}{$A}\n{$a",
      A "{$b}{$}{$a{a}$a}{ $a}{$A}\n{$a");
  check (A "#EXTINF:2,{$a}\n# {$a}\n", A "#EXTINF:2,{$a}\n# {$a}\n");
}

static void
test_queries (void)
{
  check ("#EXT-X-DEFINE:QUERYPARAM=\"token\"\r\na.ts?{$token}\r\n",
      "#EXT-X-DEFINE:NAME=\"token\",VALUE=\"a/b=\"\r\na.ts?a/b=\r\n");
  check ("#EXT-X-DEFINE:QUERYPARAM=\"empty\"\n<{$empty}>",
      "#EXT-X-DEFINE:NAME=\"empty\",VALUE=\"\"\n<>");
  check ("#EXT-X-DEFINE:QUERYPARAM=\"t\"\n{$t}",
      "#EXT-X-DEFINE:NAME=\"t\",VALUE=\"1\"\n1");
}

/* What is not there, or could not stand in a playlist, stays for the player. */
static void
test_bad_queries (void)
{
  static const char *const names[] = { "none", "", "tok", "tokens", "quote",
    "line", "bad", "nul",
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *text = g_strdup_printf
        ("#EXT-X-DEFINE:QUERYPARAM=\"%s\"\n{$%s}\n", names[i], names[i]);

    check (text, text);
  }
  check ("#EXT-X-DEFINE\n#EXT-X-DEFINE:\n#EXT-X-DEFINE:NAME=\"a\"\n"
      "#EXT-X-DEFINE:VALUE=\"a\"\n{$a}\n", "#EXT-X-DEFINE\n#EXT-X-DEFINE:\n"
      "#EXT-X-DEFINE:NAME=\"a\"\n#EXT-X-DEFINE:VALUE=\"a\"\n{$a}\n");
}

static void
test_imports (void)
{
  static const char text[] = "#EXTM3U\n#EXT-X-DEFINE:IMPORT=\"a\"\n"
      "#EXT-X-DEFINE:IMPORT=\"c\"\n{$a}{$c}\n";
  g_autoptr (GHashTable) defined = NULL, imported = NULL, none = NULL;
  g_autofree char *master = define ("#EXTM3U\n" A
      "#EXT-X-DEFINE:QUERYPARAM=\"t\"\n", NULL, &defined);
  g_autofree char *media = define (text, defined, &imported);
  g_autofree char *alone = define (text, NULL, &none);

  g_assert_cmpuint (g_hash_table_size (defined), ==, 2);
  g_assert_cmpstr (media, ==, "#EXTM3U\n#EXT-X-DEFINE:IMPORT=\"a\"\n"
      "#EXT-X-DEFINE:IMPORT=\"c\"\n1/2{$c}\n");
  g_assert_cmpuint (g_hash_table_size (imported), ==, 1);
  g_assert_cmpstr (alone, ==, text);
}

static void
test_others (void)
{
  static const char *const texts[] = { "#EXTM3", "#EXTM3U", "#EXTM3U\n{$a}\n",
    "no playlist\n" A "{$a}\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GHashTable) defined = NULL;
    g_autofree char *got = define (texts[i], NULL, &defined);

    g_assert_cmpstr (got, ==, texts[i]);
  }
}

/* What would grow without end is left as it is. */
static void
test_bound (void)
{
  g_autoptr (GString) text = g_string_new ("#EXTM3U\n#EXT-X-DEFINE:NAME=\"a\","
      "VALUE=\"");
  g_autoptr (GHashTable) defined = NULL;
  g_autofree char *got = NULL;

  for (guint i = 0; i < 100 * 1000; i++)
    g_string_append_c (text, 'x');
  g_string_append (text, "\"\n");
  for (guint i = 0; i < 100 * 1000; i++)
    g_string_append (text, "{$a}");
  got = define (text->str, NULL, &defined);
  g_assert_cmpstr (got, ==, text->str);
}

static void
append_times (GString * text, guint n, const char *what)
{
  for (guint i = 0; i < n; i++)
    g_string_append (text, what);
}

/* What has no end, or one far away, is not looked for again and again. */
static void
test_far (void)
{
  static const char *const texts[] = { "{", "{$", "{$a" };
  static const char *const ends[] = { "{{}", "{${$}", "{$a1/2" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GString) text = g_string_new ("#EXTM3U\n" A);
    g_autoptr (GHashTable) defined = NULL;
    g_autofree char *got = NULL;

    append_times (text, 1 << 20, texts[i]);
    g_string_append_c (text, '}');
    got = define (text->str, NULL, &defined);
    g_assert_true (g_str_has_suffix (got, ends[i]));
  }
}

static void
test_limits (void)
{
  g_autofree char *longest = g_strnfill (P2P_DEFINE_MAX_NAME, 'n');
  g_autoptr (GString) text = g_string_new ("#EXTM3U\n");
  g_autoptr (GHashTable) defined = NULL;
  g_autofree char *got = NULL;

  g_string_append_printf (text, "#EXT-X-DEFINE:NAME=\"%s\",VALUE=\"1\"\n"
      "#EXT-X-DEFINE:NAME=\"%sn\",VALUE=\"2\"\n", longest, longest);
  append_times (text, P2P_DEFINE_MAX_TAGS - 2,
      "#EXT-X-DEFINE:QUERYPARAM=\"none\"\n");
  g_string_append_printf (text, A "{$%s}{$%sn}{$a}", longest, longest);
  got = define (text->str, NULL, &defined);
  g_assert_true (g_str_has_suffix (got, "n}{$a}"));
  g_assert_nonnull (strstr (got, "\n1{$nn"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/define/names", test_names);
  g_test_add_func ("/define/queries", test_queries);
  g_test_add_func ("/define/bad-queries", test_bad_queries);
  g_test_add_func ("/define/imports", test_imports);
  g_test_add_func ("/define/others", test_others);
  g_test_add_func ("/define/bound", test_bound);
  g_test_add_func ("/define/far", test_far);
  g_test_add_func ("/define/limits", test_limits);
  return g_test_run ();
}

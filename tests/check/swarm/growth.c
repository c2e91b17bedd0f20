/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Sixteen times as much costs about sixteen times as much processor time, not
 * 256 times, for what strangers may write without end.
 */

#include "p2pplaylist.h"
#include "p2prewrite.h"
#include "p2puri.h"

#include <string.h>
#include <time.h>

#define SMALL (32 * 1024)
#define FACTOR 16
/* Between 16, linear, and 256, quadratic: caches and allocators have a say. */
#define MOST (4 * FACTOR)
/* What takes less, in units of clock(), is not measured well; the square of it
 * for the larger text would be 50 ms. */
#define FLOOR 200
#define BASE "http://h/dir/list.m3u8"

typedef void (*Work) (const char *text, gsize size);

static void
read_playlist (const char *text, gsize size)
{
  g_autoptr (P2pPlaylist) playlist = p2p_playlist_parse (BASE,
      (const guint8 *) text, size, NULL);

  g_assert_nonnull (playlist);
}

static void
rewrite (const char *text, gsize size)
{
  g_autoptr (GBytes) in = g_bytes_new_static (text, size);
  g_autoptr (GBytes) out = p2p_playlist_rewrite (in, BASE);

  g_assert_cmpuint (g_bytes_get_size (out), >=, size);
}

static void
make_canonical (const char *text, gsize size)
{
  g_autofree char *resolved = p2p_uri_resolve (BASE, text);
  g_autofree char *canonical = p2p_uri_canonical (text);

  g_assert_nonnull (resolved);
  g_assert_nonnull (canonical);
}

static GString *
repeat (const char *start, const char *unit, gsize size)
{
  GString *out = g_string_new (start);

  while (out->len < size)
    g_string_append (out, unit);
  return out;
}

static double
measure (Work work, const char *start, const char *unit, gsize size,
    guint times)
{
  g_autoptr (GString) text = repeat (start, unit, size);
  clock_t least = 0;

  for (guint i = 0; i < times; i++) {
    clock_t begin = clock (), spent;

    work (text->str, text->len);
    spent = clock () - begin;
    least = i == 0 ? spent : MIN (least, spent);
  }
  return MAX (least, FLOOR);
}

static void
check_growth (Work work, const char *start, const char *unit)
{
  double small = measure (work, start, unit, SMALL, 5);
  double large = measure (work, start, unit, FACTOR * SMALL, 2);

  g_test_message ("%.1f times for %s", large / small, unit);
  g_assert_cmpfloat (large / small, <, MOST);
}

static void
test_playlists (void)
{
  static const char *const units[] = { "\n", "\r", "x", "\"", ",", "=", "URI=",
    "URI=\"http://a\",", "#EXTINF:1,\nsegment.ts\n", "A=\",",
    "#EXTINF:1,\n#EXT-X-BYTERANGE:1\nhttp://h/a\n", "#EXT-X-STREAM-INF:A=\"\n",
    "#EXT-X-KEY:METHOD=A,URI=a\n#EXT-X-KEY:METHOD=B\n",
    "#EXT-X-MAP:URI=a\n#EXT-X-MAP:URI=b\n", "#EXT-X-MEDIA:TYPE=AUDIO\n",
    "#EXT-X-STREAM-INF:\n#EXT-X-I-FRAME-STREAM-INF:URI=a\n", "../", "%",
  };

  for (guint i = 0; i < G_N_ELEMENTS (units); i++) {
    check_growth (read_playlist, "#EXTM3U\n", units[i]);
    check_growth (rewrite, "#EXTM3U\n", units[i]);
    check_growth (read_playlist, "#EXTM3U\n#EXT-X-KEY:", units[i]);
    check_growth (rewrite, "#EXTM3U\n#EXT-X-KEY:", units[i]);
  }
}

static void
test_uris (void)
{
  static const char *const units[] = { "a", "/", "/a", "/..", "/a/..", "/.",
    "../", "%", "%2e%2E/", "?", "@", ":", "\\", "\xc3\xbc",
  };

  for (guint i = 0; i < G_N_ELEMENTS (units); i++) {
    check_growth (make_canonical, "http://h/a", units[i]);
    check_growth (make_canonical, "http://h", units[i]);
    check_growth (make_canonical, "", units[i]);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/growth/playlists", test_playlists);
  g_test_add_func ("/growth/uris", test_uris);
  return g_test_run ();
}

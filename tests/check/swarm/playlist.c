/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2perror.h"
#include "p2pplaylist.h"

#include <string.h>

#define BASE "p2phls+http://h/dir/list.m3u8?token=1#f"

static P2pPlaylist *
parse (const char *text)
{
  GError *error = NULL;
  P2pPlaylist *playlist = p2p_playlist_parse (BASE, (const guint8 *) text,
      strlen (text), &error);

  g_assert_no_error (error);
  return playlist;
}

/* One line for each segment: only what is not as usual */
static char *
describe (const P2pPlaylist * playlist)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < playlist->segments->len; i++) {
    P2pMediaSegment *segment = &g_array_index (playlist->segments,
        P2pMediaSegment, i);

    g_string_append_printf (out, "%" G_GUINT64_FORMAT " %s %gs",
        segment->sequence, segment->uri, segment->duration / 1e6);
    if (segment->length != -1 || segment->offset != 0)
      g_string_append_printf (out, " %" G_GINT64_FORMAT "@%" G_GINT64_FORMAT,
          segment->length, segment->offset);
    if (segment->discontinuity)
      g_string_append_printf (out, " d%" G_GUINT64_FORMAT,
          segment->discontinuity);
    if (segment->date_time != G_MININT64)
      g_string_append_printf (out, " t%" G_GINT64_FORMAT, segment->date_time);
    if (segment->map)
      g_string_append_printf (out, " m%u", segment->map);
    if (segment->key)
      g_string_append_printf (out, " k%u", segment->key);
    g_string_append (out, segment->gap ? " gap\n" : "\n");
  }
  return g_string_free (out, FALSE);
}

static void
check_segments (const char *text, const char *wanted, guint odd_lines)
{
  g_autoptr (P2pPlaylist) playlist = parse (text);
  g_autofree char *got = describe (playlist);

  g_assert_cmpstr (got, ==, wanted);
  g_assert_cmpuint (playlist->odd_lines, ==, odd_lines);
  g_assert_false (playlist->is_master);
}

static void
test_sniff (void)
{
  static const char *const yes[] = { "#EXTM3U", "#EXTM3U\n",
    "\xef\xbb\xbf#EXTM3U\r\n",
  };
  static const char *const no[] = { "", "#", "#EXTM3", "\xef\xbb\xbf#EXTM3",
    "\xef\xbb#EXTM3U", "\n#EXTM3U", " #EXTM3U", "#extm3u", "<html>",
  };

  for (guint i = 0; i < G_N_ELEMENTS (yes); i++)
    g_assert_true (p2p_playlist_sniff ((const guint8 *) yes[i],
            strlen (yes[i])));
  for (guint i = 0; i < G_N_ELEMENTS (no); i++) {
    g_autoptr (GError) error = NULL;
    const guint8 *data = (const guint8 *) no[i];

    g_assert_false (p2p_playlist_sniff (data, strlen (no[i])));
    g_assert_null (p2p_playlist_parse (BASE, data, strlen (no[i]), &error));
    g_assert_error (error, P2P_ERROR, P2P_ERROR_PLAYLIST);
  }
}

static void
test_vod (void)
{
  g_autoptr (P2pPlaylist) playlist = parse ("#EXTM3U\n#EXT-X-VERSION:3\n"
      "#EXT-X-TARGETDURATION:10\n#EXT-X-MEDIA-SEQUENCE:7\n"
      "#EXTINF:9.009,Title, with a comma\nfirst.ts\n"
      "#EXTINF:3\n/root.ts?a=1\n#EXTINF: 1.5 ,\nhttps://o/abs.ts\n"
      "#EXTINF:0,\n//o:8/x.ts\n#EXT-X-ENDLIST\n");
  g_autofree char *got = describe (playlist);

  g_assert_cmpstr (got, ==, "7 http://h/dir/first.ts 9.009s\n"
      "8 http://h/root.ts?a=1 3s\n9 https://o/abs.ts 1.5s\n"
      "10 http://o:8/x.ts 0s\n");
  g_assert_cmpstr (playlist->uri, ==, "http://h/dir/list.m3u8?token=1#f");
  g_assert_cmpuint (playlist->version, ==, 3);
  g_assert_cmpint (playlist->target_duration, ==, 10 * G_USEC_PER_SEC);
  g_assert_cmpuint (playlist->media_sequence, ==, 7);
  g_assert_false (playlist->is_live);
  g_assert_false (playlist->iframes_only);
  g_assert_cmpuint (playlist->odd_lines, ==, 0);
}

static void
test_live (void)
{
  /* *INDENT-OFF* */
  static const struct { const char *text; gboolean live; } rows[] = {
    { "#EXTM3U", TRUE },
    { "#EXTM3U\n#EXT-X-ENDLIST", FALSE },
    { "#EXTM3U\n#EXT-X-PLAYLIST-TYPE:VOD", FALSE },
    { "#EXTM3U\n#EXT-X-PLAYLIST-TYPE:EVENT", TRUE },
    { "#EXTM3U\n#EXT-X-PLAYLIST-TYPE:EVENT\n#EXT-X-ENDLIST \n", FALSE },
    { "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nv", FALSE },
  };
  /* *INDENT-ON* */

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (P2pPlaylist) playlist = parse (rows[i].text);

    g_assert_cmpint (playlist->is_live, ==, rows[i].live);
    g_assert_cmpint (playlist->has_end, ==, strstr (rows[i].text, "ENDLIST")
        != NULL);
    g_assert_cmpuint (playlist->version, ==, 1);
    g_assert_cmpuint (playlist->odd_lines, ==, 0);
  }
}

static void
test_line_ends (void)
{
  static const char wanted[] = "0 http://h/dir/a 1s\n1 http://h/dir/b 2s\n";
  static const char *const ends[] = { "\n", "\r\n", "\r", "\n\n", "\r\r\n",
    " \t\r\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++) {
    g_auto (GStrv) lines = g_strsplit ("#EXTM3U|#EXTINF:1,|a|#EXTINF:2,|b",
        "|", -1);
    g_autofree char *text = g_strjoinv (ends[i], lines);
    g_autofree char *bom = g_strconcat ("\xef\xbb\xbf", text, ends[i], NULL);

    check_segments (text, wanted, 0);
    check_segments (bom, wanted, 0);
  }
}

static void
test_byterange (void)
{
  /* *INDENT-OFF* */
  static const struct { const char *text, *wanted; guint odd; } rows[] = {
    /* Without an offset it goes on, or begins */
    { "#EXTM3U\n#EXTINF:1,\n#EXT-X-BYTERANGE:10\na\n#EXT-X-BYTERANGE:5\n"
      "#EXTINF:1,\na\n#EXTINF:1,\n#EXT-X-BYTERANGE:7@100\na\n#EXTINF:1,\n"
      "#EXT-X-BYTERANGE:1\na\n",
      "0 http://h/dir/a 1s 10@0\n1 http://h/dir/a 1s 5@10\n"
      "2 http://h/dir/a 1s 7@100\n3 http://h/dir/a 1s 1@107\n", 0 },
    /* but not after another resource, all of one, or what made no sense */
    { "#EXTM3U\n#EXTINF:1,\n#EXT-X-BYTERANGE:10\na\n#EXTINF:1,\n"
      "#EXT-X-BYTERANGE:10\nb\n#EXTINF:1,\n#EXT-X-BYTERANGE:10\nb\n"
      "#EXTINF:1,\nb\n#EXTINF:1,\n#EXT-X-BYTERANGE:10\nb\n"
      "#EXTINF:1,\n#EXT-X-BYTERANGE:10@0\nb\n",
      "0 http://h/dir/a 1s 10@0\n1 http://h/dir/b 1s gap\n"
      "2 http://h/dir/b 1s gap\n3 http://h/dir/b 1s\n"
      "4 http://h/dir/b 1s gap\n5 http://h/dir/b 1s 10@0\n", 3 },
    { "#EXTM3U\n#EXTINF:1,\n#EXT-X-BYTERANGE:9223372036854775807@0\na\n"
      "#EXTINF:1,\n#EXT-X-BYTERANGE:1\na\n",
      "0 http://h/dir/a 1s 9223372036854775807@0\n1 http://h/dir/a 1s gap\n",
      1 },
  };
  static const char *const odd[] = { "", "0", "0@5", "-1", "-1@0", "1@-1", "1@",
    "@", "@0", "x", "1 @0", "1@0x", "0x10", "1e3", "9223372036854775808",
    "9223372036854775807@1", "1@9223372036854775807",
    "18446744073709551616@0", "99999999999999999999999999@0", "\"1@0\"", "1-2",
  };
  /* *INDENT-ON* */

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    check_segments (rows[i].text, rows[i].wanted, rows[i].odd);
  for (guint i = 0; i < G_N_ELEMENTS (odd); i++) {
    g_autofree char *text = g_strdup_printf ("#EXTM3U\n#EXT-X-BYTERANGE:%s\n"
        "#EXTINF:1,\na\n#EXTINF:1,\nb", odd[i]);

    check_segments (text, "0 http://h/dir/a 1s gap\n1 http://h/dir/b 1s\n", 2);
  }
}

static void
test_map_and_key (void)
{
  g_autoptr (P2pPlaylist) playlist = parse ("#EXTM3U\n#EXTINF:1,\na\n"
      "#EXT-X-MAP:BYTERANGE=\"20@4\",URI=\"init.mp4\"\n"
      "#EXT-X-KEY:METHOD=AES-128,URI=\"k?x,y=1\",IV=0x00\n#EXTINF:1,\nb\n"
      "#EXT-X-MAP:URI=\"init.mp4\",BYTERANGE=\"20@4\"\n"
      "#EXT-X-KEY:URI=k?x,METHOD=AES-128\n#EXTINF:1,\nc\n"
      "#EXT-X-MAP:URI=init.mp4\n"
      "#EXT-X-KEY:METHOD=SAMPLE-AES,URI=\"skd://k\",KEYFORMAT=\"com.apple\"\n"
      "#EXT-X-KEY:METHOD=SAMPLE-AES,URI=\"skd://k\",KEYFORMAT=\"com.apple\"\n"
      "#EXTINF:1,\nd\n#EXT-X-KEY:METHOD=NONE\n#EXTINF:1,\ne\n");
  g_autofree char *got = describe (playlist);
  P2pMap *map = g_ptr_array_index (playlist->maps, 0);
  P2pKey *key;

  g_assert_cmpstr (got, ==, "0 http://h/dir/a 1s\n"
      "1 http://h/dir/b 1s m1 k1\n2 http://h/dir/c 1s m1 k2\n"
      "3 http://h/dir/d 1s m2 k3\n4 http://h/dir/e 1s m2\n");
  g_assert_cmpuint (playlist->odd_lines, ==, 0);
  g_assert_cmpuint (playlist->maps->len, ==, 2);
  g_assert_cmpstr (map->uri, ==, "http://h/dir/init.mp4");
  g_assert_cmpint (map->offset, ==, 4);
  g_assert_cmpint (map->length, ==, 20);
  map = g_ptr_array_index (playlist->maps, 1);
  g_assert_cmpint (map->offset, ==, 0);
  g_assert_cmpint (map->length, ==, -1);

  g_assert_cmpuint (playlist->keys->len, ==, 3);
  key = g_ptr_array_index (playlist->keys, 0);
  g_assert_cmpstr (key->method, ==, "AES-128");
  g_assert_cmpstr (key->uri, ==, "http://h/dir/k?x,y=1");
  g_assert_null (key->keyformat);
  key = g_ptr_array_index (playlist->keys, 1);
  g_assert_cmpstr (key->uri, ==, "http://h/dir/k?x");
  key = g_ptr_array_index (playlist->keys, 2);
  g_assert_cmpstr (key->uri, ==, "skd://k");
  g_assert_cmpstr (key->keyformat, ==, "com.apple");
}

static void
test_odd_map_and_key (void)
{
  /* A map that cannot be read is none, and not the one before. */
  check_segments ("#EXTM3U\n#EXT-X-MAP:URI=\"i\"\n#EXTINF:1,\na\n"
      "#EXT-X-MAP:URI=\"j\",BYTERANGE=\"0@0\"\n#EXTINF:1,\nb\n"
      "#EXT-X-MAP:URI=\"i\"\n#EXTINF:1,\nc\n#EXT-X-MAP:\n#EXTINF:1,\nd\n"
      "#EXT-X-MAP:URI=\"never ends\n#EXTINF:1,\ne\n"
      "#EXT-X-MAP:URI=\"data:,x\"\n#EXTINF:1,\nf\n"
      "#EXT-X-MAP:URI=\"i\xff\"\n#EXTINF:1,\ng\n",
      "0 http://h/dir/a 1s m1\n1 http://h/dir/b 1s\n2 http://h/dir/c 1s m2\n"
      "3 http://h/dir/d 1s\n4 http://h/dir/e 1s\n5 http://h/dir/f 1s\n"
      "6 http://h/dir/g 1s\n", 4);
  /* What is encrypted somehow is not clear. */
  check_segments ("#EXTM3U\n#EXT-X-KEY:METHOD=AES-128\n#EXTINF:1,\na\n"
      "#EXT-X-KEY:,,=,URI=\"k\"\n#EXTINF:1,\nb\n#EXT-X-KEY:\n#EXTINF:1,\nc\n",
      "0 http://h/dir/a 1s k1\n1 http://h/dir/b 1s k2\n"
      "2 http://h/dir/c 1s k3\n", 3);
}

static void
test_discontinuity (void)
{
  check_segments ("#EXTM3U\n#EXT-X-DISCONTINUITY-SEQUENCE:5\n#EXTINF:1,\na\n"
      "#EXT-X-DISCONTINUITY\n#EXTINF:1,\nb\n#EXTINF:1,\nc\n"
      "#EXT-X-DISCONTINUITY\n#EXT-X-DISCONTINUITY\n#EXTINF:1,\nd\n",
      "0 http://h/dir/a 1s d5\n1 http://h/dir/b 1s d6\n"
      "2 http://h/dir/c 1s d6\n3 http://h/dir/d 1s d8\n", 0);
}

static void
test_date_time (void)
{
  check_segments ("#EXTM3U\n#EXTINF:1,\na\n"
      "#EXT-X-PROGRAM-DATE-TIME:2010-02-19T14:54:23.031+08:00\n"
      "#EXTINF:1.5,\nb\n#EXTINF:2,\nc\n#EXT-X-DISCONTINUITY\n#EXTINF:3,\nd\n"
      "#EXT-X-PROGRAM-DATE-TIME:tomorrow\n#EXTINF:1,\ne\n"
      "#EXT-X-PROGRAM-DATE-TIME:1970-01-01T00:00:01Z\n#EXTINF:1,\nf\n"
      "#EXT-X-PROGRAM-DATE-TIME:1970-01-01T00:00:02\n#EXTINF:1,\ng\n",
      "0 http://h/dir/a 1s\n1 http://h/dir/b 1.5s t1266562463031000\n"
      "2 http://h/dir/c 2s t1266562464531000\n"
      "3 http://h/dir/d 3s d1 t1266562466531000\n"
      "4 http://h/dir/e 1s d1 t1266562469531000\n"
      "5 http://h/dir/f 1s d1 t1000000\n6 http://h/dir/g 1s d1 t2000000\n", 1);
}

static void
test_odd (void)
{
  /* *INDENT-OFF* */
  static const struct { const char *text, *wanted; guint odd; } rows[] = {
    /* Like hlsdemux: without EXTINF it is no segment. */
    { "#EXTM3U\na\n#EXTINF:1,\nb\nc\n", "0 http://h/dir/b 1s\n", 2 },
    { "#EXTM3U\n#EXTINF:\na\n#EXTINF\nb\n#EXTINF:x,\nc\n#EXTINF:-1,\nd\n"
      "#EXTINF:nan,\ne\n#EXTINF:inf,\nf\n#EXTINF:1 2,\ng\n", "", 14 },
    { "#EXTM3U\n#EXTINF:1e300,\na\n#EXTINF:1e-300,\nb\n",
      "0 http://h/dir/a 604800s\n1 http://h/dir/b 0s\n", 0 },
    { "#EXTM3U\n#EXT-X-GAP\n#EXTINF:1,\na\n#EXTINF:1,\nb\n",
      "0 http://h/dir/a 1s gap\n1 http://h/dir/b 1s\n", 0 },
    /* Other schemes keep their place. */
    { "#EXTM3U\n#EXTINF:1,\ndata:,x\n#EXTINF:1,\nFTP://o/y\n"
      "#EXTINF:1,\nhttp:/z\n#EXTINF:1,\n  P2PHLS+HTTPS://o/../z#f \n",
      "0 data:,x 1s gap\n1 FTP://o/y 1s gap\n2 http:/z 1s gap\n"
      "3 HTTPS://o/z 1s\n", 0 },
    /* Bytes that are no text */
    { "#EXTM3U\n#EXTINF:1,\na\xff\n#EXTINF:1,\n\xc3\xa4\n",
      "0 http://h/dir/a\xef\xbf\xbd 1s gap\n1 http://h/dir/\xc3\xa4 1s\n", 1 },
    { "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:9223372036854775807\n#EXTINF:1,\na\n"
      "#EXTINF:1,\nb\n", "9223372036854775807 http://h/dir/a 1s\n"
      "9223372036854775808 http://h/dir/b 1s\n", 0 },
    { "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:-3\n#EXTINF:1,\na\n"
      "#EXT-X-MEDIA-SEQUENCE:9\n#EXTINF:1,\nb\n#EXT-X-VERSION:4294967296\n"
      "#EXT-X-MEDIA-SEQUENCE:99999999999999999999\n#EXT-X-PLAYLIST-TYPE:LIVE\n"
      "#EXT-X-TARGETDURATION:x\n#EXT-X-DISCONTINUITY-SEQUENCE:\n",
      "0 http://h/dir/a 1s\n1 http://h/dir/b 1s\n", 7 },
    /* What is for others is passed over. */
    { "#EXTM3U\n#EXT-X-DEFINE:NAME=\"n\",VALUE=\"v\"\n#EXTINF:1,\n{$n}.ts\n"
      "#EXT-X-PART:DURATION=1,URI=\"p\"\n#EXT-X-PRELOAD-HINT:TYPE=PART,URI=p\n"
      "#EXT-X-SERVER-CONTROL:\n##\n#\n#:\n"
      "#EXT\n#EXT-X-\n#comment\n# EXTINF:1\n#extinf:1\nno segment\n",
      "0 http://h/dir/{$n}.ts 1s\n", 1 },
    { "#EXTM3U8-is-this-line", "", 0 },
  };
  /* *INDENT-ON* */

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    check_segments (rows[i].text, rows[i].wanted, rows[i].odd);
}

static void
test_nul (void)
{
  static const guint8 text[] = "#EXTM3U\n#EXTINF:1,\na\0b\n#EXTINF:1\0,\nc\n"
      "#EXT-X-ENDLIST\0\n#EXTINF:1,\nd\n\0";
  g_autoptr (P2pPlaylist) playlist = p2p_playlist_parse (BASE, text,
      sizeof (text), NULL);
  g_autofree char *got = describe (playlist);

  g_assert_cmpstr (got, ==, "0 http://h/dir/a\xef\xbf\xbd\x62 1s gap\n"
      "1 http://h/dir/d 1s\n");
  g_assert_true (playlist->is_live);
  g_assert_cmpuint (playlist->odd_lines, ==, 4);
}

static void
test_base (void)
{
  static const char text[] = "#EXTM3U\n#EXTINF:1,\na\n#EXTINF:1,\nhttp://o/b";
  g_autoptr (P2pPlaylist) playlist = p2p_playlist_parse ("file:///x/y",
      (const guint8 *) text, strlen (text), NULL);
  g_autofree char *got = describe (playlist);

  g_assert_cmpstr (got, ==, "0 a 1s gap\n1 http://o/b 1s\n");
}

static void
test_master (void)
{
  g_autoptr (P2pPlaylist) playlist = parse ("#EXTM3U\n"
      "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"E, F=G\",LANGUAGE=\"en\","
      "DEFAULT=YES,AUTOSELECT=YES,CHANNELS=\"2\",URI=\"en.m3u8\"\n"
      "#EXT-X-MEDIA:TYPE=CLOSED-CAPTIONS,GROUP-ID=\"c\",NAME=\"x\"\n"
      "#EXT-X-MEDIA:TYPE=OTHER,GROUP-ID=\"c\",NAME=\"y\"\n"
      "#EXT-X-STREAM-INF:BANDWIDTH=1280000,AVERAGE-BANDWIDTH=1000000,"
      "CODECS=\"avc1.4d401e,mp4a.40.2\", RESOLUTION=640x360,FRAME-RATE=29.97,"
      "VIDEO-RANGE=SDR,AUDIO=\"a\",VIDEO=\"v\",SUBTITLES=\"s\"\nlow.m3u8\n"
      "#EXT-X-I-FRAME-STREAM-INF:URI=\"i.m3u8\",BANDWIDTH=5\n"
      "#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=5\n"
      "#EXT-X-STREAM-INF:BANDWIDTH=1\n"
      "#EXT-X-I-FRAME-STREAM-INF:URI=\"j.m3u8\"\n"
      "#EXT-X-STREAM-INF:BANDWIDTH=x,RESOLUTION=1x,CODECS=\"never\n"
      "#comment\n\nhttp://o/high.m3u8\nno variant\n#EXT-X-STREAM-INF:\n");
  P2pVariant *variant = g_ptr_array_index (playlist->variants, 0);
  P2pRendition *rendition = g_ptr_array_index (playlist->renditions, 0);

  g_assert_true (playlist->is_master);
  g_assert_cmpuint (playlist->odd_lines, ==, 6);
  g_assert_cmpuint (playlist->variants->len, ==, 4);
  g_assert_cmpstr (variant->uri, ==, "http://h/dir/low.m3u8");
  g_assert_cmpuint (variant->bandwidth, ==, 1280000);
  g_assert_cmpuint (variant->average_bandwidth, ==, 1000000);
  g_assert_true (variant->has_average_bandwidth);
  g_assert_cmpstr (variant->codecs, ==, "avc1.4d401e,mp4a.40.2");
  g_assert_cmpuint (variant->width, ==, 640);
  g_assert_cmpuint (variant->height, ==, 360);
  g_assert_true (variant->has_resolution);
  g_assert_cmpstr (variant->frame_rate, ==, "29.97");
  g_assert_cmpstr (variant->video_range, ==, "SDR");
  g_assert_cmpstr (variant->audio, ==, "a");
  g_assert_cmpstr (variant->video, ==, "v");
  g_assert_cmpstr (variant->subtitles, ==, "s");
  g_assert_false (variant->iframes_only);
  variant = g_ptr_array_index (playlist->variants, 1);
  g_assert_cmpstr (variant->uri, ==, "http://h/dir/i.m3u8");
  g_assert_true (variant->iframes_only);
  variant = g_ptr_array_index (playlist->variants, 2);
  g_assert_cmpstr (variant->uri, ==, "http://h/dir/j.m3u8");
  variant = g_ptr_array_index (playlist->variants, 3);
  g_assert_cmpstr (variant->uri, ==, "http://o/high.m3u8");
  g_assert_cmpuint (variant->bandwidth, ==, 0);
  g_assert_cmpuint (variant->width, ==, 0);
  g_assert_false (variant->has_resolution);
  g_assert_false (variant->has_average_bandwidth);
  g_assert_null (variant->codecs);

  g_assert_cmpuint (playlist->renditions->len, ==, 2);
  g_assert_cmpint (rendition->type, ==, P2P_MEDIA_AUDIO);
  g_assert_cmpstr (rendition->group_id, ==, "a");
  g_assert_cmpstr (rendition->name, ==, "E, F=G");
  g_assert_cmpstr (rendition->language, ==, "en");
  g_assert_cmpstr (rendition->channels, ==, "2");
  g_assert_cmpstr (rendition->uri, ==, "http://h/dir/en.m3u8");
  g_assert_true (rendition->is_default);
  g_assert_true (rendition->autoselect);
  rendition = g_ptr_array_index (playlist->renditions, 1);
  g_assert_cmpint (rendition->type, ==, P2P_MEDIA_CLOSED_CAPTIONS);
  g_assert_null (rendition->uri);
}

/* Like hlsdemux: EXTINF makes it a media playlist. */
static void
test_mixed (void)
{
  g_autoptr (P2pPlaylist) playlist = parse ("#EXTM3U\n"
      "#EXT-X-STREAM-INF:BANDWIDTH=1\nv\n#EXT-X-MEDIA:TYPE=AUDIO\n"
      "#EXT-X-I-FRAMES-ONLY\n#EXTINF:1,\na\n#EXT-X-STREAM-INF:BANDWIDTH=1\n");

  g_assert_false (playlist->is_master);
  g_assert_true (playlist->iframes_only);
  g_assert_cmpuint (playlist->variants->len, ==, 0);
  g_assert_cmpuint (playlist->renditions->len, ==, 0);
  g_assert_cmpuint (playlist->segments->len, ==, 1);
}

static P2pPlaylist *
parse_repeated (const char *base, const char *line, gsize size)
{
  g_autoptr (GString) text = g_string_new ("#EXTM3U\n");

  while (text->len + strlen (line) <= size)
    g_string_append (text, line);
  return p2p_playlist_parse (base, (const guint8 *) text->str, text->len, NULL);
}

static void
test_many (void)
{
  g_autoptr (GString) text = g_string_new ("#EXTM3U\n");
  g_autoptr (P2pPlaylist) playlist = NULL;
  P2pMediaSegment *last;

  for (guint i = 0; i < P2P_PLAYLIST_MAX_SEGMENTS + 10; i++)
    g_string_append_printf (text, "#EXTINF:2,\nsegment-%u.ts\n", i);
  playlist = parse (text->str);
  g_assert_cmpuint (playlist->segments->len, ==, P2P_PLAYLIST_MAX_SEGMENTS);
  g_assert_cmpuint (playlist->odd_lines, ==, 10);
  last = &g_array_index (playlist->segments, P2pMediaSegment,
      P2P_PLAYLIST_MAX_SEGMENTS - 1);
  g_assert_cmpstr (last->uri, ==, "http://h/dir/segment-99999.ts");
}

/* Every way to ask for much with few bytes meets a bound. */
static void
test_bounds (void)
{
  static const char *const lines[] = { "#EXT-X-KEY:METHOD=A,URI=a\n",
    "#EXT-X-KEY:METHOD=A,URI=a\n#EXT-X-KEY:METHOD=B,URI=a\n",
    "#EXT-X-MAP:URI=a\n#EXT-X-MAP:URI=b\n", "#EXT-X-MEDIA:TYPE=AUDIO,URI=a\n",
    "#EXT-X-I-FRAME-STREAM-INF:URI=a\n", "#EXT-X-STREAM-INF:\n",
    "#EXT-X-STREAM-INF:\na\n", "#EXTINF:1\na\n",
    "#EXT-X-MAP:URI=a,URI=a,URI=a,URI=a,URI=a,URI=a,URI=a,URI=a,URI=a\n",
  };
  g_autofree char *path = g_strnfill (16 * 1024, 'p');
  g_autofree char *base = g_strdup_printf ("http://h/%s/", path);
  g_autofree char *large = g_malloc0 (P2P_PLAYLIST_MAX_BYTES + 1);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_autoptr (P2pPlaylist) playlist = parse_repeated (base, lines[i],
        1024 * 1024);
    gsize most = P2P_PLAYLIST_MAX_URI_BYTES / strlen (base) + 1;

    g_assert_cmpuint (playlist->segments->len, <=, most);
    g_assert_cmpuint (playlist->keys->len, <=, most);
    g_assert_cmpuint (playlist->maps->len, <=, most);
    g_assert_cmpuint (playlist->renditions->len, <=, most);
    g_assert_cmpuint (playlist->variants->len, <=, most);
  }
  memcpy (large, "#EXTM3U", 7);
  g_assert_null (p2p_playlist_parse (BASE, (guint8 *) large,
          P2P_PLAYLIST_MAX_BYTES + 1, &error));
  g_assert_error (error, P2P_ERROR, P2P_ERROR_TOO_LARGE);
}

/* Of what changed only, nobody can tell which segments it names. */
static void
test_delta (void)
{
  static const char text[] = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n"
      "#EXT-X-MEDIA-SEQUENCE:5\n#EXT-X-SKIP:SKIPPED-SEGMENTS=3\n"
      "#EXTINF:2,\ns8.ts\n";
  g_autoptr (GError) error = NULL;

  g_assert_null (p2p_playlist_parse (BASE, (const guint8 *) text,
          strlen (text), &error));
  g_assert_error (error, P2P_ERROR, P2P_ERROR_PLAYLIST);
}

static void
test_long_lines (void)
{
  g_autofree char *path = g_strnfill (1 << 20, 'x');
  g_autofree char *text = g_strdup_printf ("#EXTM3U\n#%s\n"
      "#EXTINF:1,%s\n%s\n#EXT-X-KEY:METHOD=AES-128,%s=\"%s\",URI=\"%s\"\n"
      "#EXTINF:1,\nb\n", path, path, path, path, path, path);
  g_autoptr (P2pPlaylist) playlist = parse (text);
  P2pMediaSegment *segments = (P2pMediaSegment *) playlist->segments->data;
  P2pKey *key = g_ptr_array_index (playlist->keys, 0);

  g_assert_cmpuint (playlist->odd_lines, ==, 0);
  g_assert_cmpuint (playlist->segments->len, ==, 2);
  g_assert_cmpuint (strlen (segments[0].uri), ==,
      strlen ("http://h/dir/") + (1 << 20));
  g_assert_cmpuint (strlen (key->uri), ==,
      strlen ("http://h/dir/") + (1 << 20));
}

static void
test_names (void)
{
  g_autoptr (P2pPlaylist) master = parse ("#EXTM3U\n"
      "#EXT-X-STREAM-INF:BANDWIDTH=1\nv\n"
      "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"a\"\n"
      "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"b\",URI=\"r\"\n");
  g_autoptr (P2pPlaylist) media = parse ("#EXTM3U\n#EXT-X-MAP:URI=\"m\"\n"
      "#EXT-X-KEY:METHOD=AES-128,URI=\"k\"\n#EXTINF:1,\ns\n");

  g_assert_true (p2p_playlist_names (master, master->uri));
  g_assert_true (p2p_playlist_names (master, "http://h/dir/v"));
  g_assert_true (p2p_playlist_names (master, "http://h/dir/r"));
  g_assert_false (p2p_playlist_names (master, "http://h/dir/m"));
  g_assert_true (p2p_playlist_names (media, "http://h/dir/m"));
  g_assert_true (p2p_playlist_names (media, "http://h/dir/k"));
  g_assert_true (p2p_playlist_names (media, "http://h/dir/s"));
  g_assert_false (p2p_playlist_names (media, "http://h/dir/s?"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/playlist/sniff", test_sniff);
  g_test_add_func ("/playlist/vod", test_vod);
  g_test_add_func ("/playlist/live", test_live);
  g_test_add_func ("/playlist/line-ends", test_line_ends);
  g_test_add_func ("/playlist/byterange", test_byterange);
  g_test_add_func ("/playlist/map-and-key", test_map_and_key);
  g_test_add_func ("/playlist/odd-map-and-key", test_odd_map_and_key);
  g_test_add_func ("/playlist/discontinuity", test_discontinuity);
  g_test_add_func ("/playlist/date-time", test_date_time);
  g_test_add_func ("/playlist/odd", test_odd);
  g_test_add_func ("/playlist/nul", test_nul);
  g_test_add_func ("/playlist/base", test_base);
  g_test_add_func ("/playlist/master", test_master);
  g_test_add_func ("/playlist/mixed", test_mixed);
  g_test_add_func ("/playlist/many", test_many);
  g_test_add_func ("/playlist/bounds", test_bounds);
  g_test_add_func ("/playlist/delta", test_delta);
  g_test_add_func ("/playlist/long-lines", test_long_lines);
  g_test_add_func ("/playlist/names", test_names);
  return g_test_run ();
}

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pidentity.h"
#include "identitypackagers.h"

#include <string.h>

#define BASE "https://example.com/hls/"
#define URL BASE "master.m3u8"
#define STREAM "#EXT-X-STREAM-INF:"
#define AUDIO "#EXT-X-MEDIA:TYPE=AUDIO,"

static P2pPlaylist *
parse (const char *uri, const char *text, gssize len)
{
  g_autoptr (GError) error = NULL;
  P2pPlaylist *playlist = p2p_playlist_parse (uri, (const guint8 *) text,
      len < 0 ? strlen (text) : (gsize) len, &error);

  g_assert_no_error (error);
  return playlist;
}

/* The stream at media of a master at URL that is this text; NULL: alone */
static P2pIdentity *
identify (const char *text, const char *media, const char *swarm_id)
{
  g_autofree char *all = g_strconcat ("#EXTM3U\n", text, NULL);
  g_autoptr (P2pPlaylist) master = text ? parse (URL, all, -1) : NULL;
  P2pIdentityFacts facts = { master, text ? URL : media, text ? URL : media,
    media, media, FALSE, swarm_id
  };

  return p2p_identity_new (&facts);
}

static void
check (P2pIdentity * identity, P2pGeneration generation, const char *wanted)
{
  g_assert_cmpstr (p2p_identity_get_hashed (identity, generation), ==, wanted);
}

/* No generation of several shares it. */
static void
check_none (P2pIdentity * identity, P2pGeneration from, P2pGeneration to)
{
  for (P2pGeneration i = from; i <= to; i++) {
    check (identity, i, NULL);
    g_assert_null (p2p_identity_get_stream_id (identity, i));
  }
}

static char *
make_hash (P2pIdentity * identity, P2pGeneration generation)
{
  const char *hashed = p2p_identity_get_hashed (identity, generation);
  guint8 hash[P2P_INFO_HASH_SIZE + 1] = "";
  GString *hex = g_string_new (NULL);

  if (!hashed)
    return g_string_free (hex, TRUE);
  p2p_generation_make_info_hash (generation, hashed, hash);
  if (p2p_generation_get_info (generation)->info_hash != P2P_INFO_HASH_SHA1) {
    g_string_free (hex, TRUE);
    return g_strdup ((char *) hash);
  }
  for (guint i = 0; i < P2P_INFO_HASH_SIZE; i++)
    g_string_append_printf (hex, "%02x", hash[i]);
  return g_string_free (hex, FALSE);
}

static void
check_hash (P2pIdentity * identity, P2pGeneration generation,
    const char *wanted)
{
  g_autofree char *got = make_hash (identity, generation);

  g_assert_cmpstr (got, ==, wanted);
}

/* masters: that the vector is of */
static void
check_vector (const Vector * vector, const VectorMaster * masters)
{
  const VectorMaster *master = &masters[vector->master];
  g_autoptr (P2pPlaylist) playlist = parse (master->response, master->text, -1);
  P2pIdentityFacts facts = { playlist, master->requested, master->response,
    vector->uri, vector->uri, FALSE, NULL
  };
  g_autoptr (P2pIdentity) identity = p2p_identity_new (&facts);
  g_autofree char *g4 = g_strconcat ("v2-", master->base, "-", vector->g4,
      NULL);
  g_autofree char *g5 = g_strconcat ("v2-", master->base, "-", vector->g5,
      NULL);

  g_test_message ("%s", vector->uri);
  g_assert_cmpstr (p2p_identity_get_stream_id (identity, P2P_GENERATION_2),
      ==, vector->g2);
  check_hash (identity, P2P_GENERATION_2, vector->g2_hash);
  check (identity, P2P_GENERATION_4, vector->g4 ? g4 : NULL);
  check_hash (identity, P2P_GENERATION_4, vector->g4_hash);
  check (identity, P2P_GENERATION_5, vector->g5 ? g5 : NULL);
  check_hash (identity, P2P_GENERATION_5, vector->g5_hash);
}

static void
test_vectors (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (vectors); i++)
    check_vector (&vectors[i], vector_masters);
}

static void
test_packagers (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (packager_vectors); i++)
    check_vector (&packager_vectors[i], packager_masters);
}

/* What 2.3.1 announced in Chromium of a master playlist */
static void
test_capture (void)
{
  static const char at[] = "http://127.0.0.1:28480/origin/master/";
  static const char text[] = "#EXTM3U\n" AUDIO "GROUP-ID=\"aud\","
      "NAME=\"English Main\",LANGUAGE=\"en\",CHANNELS=\"2\",URI=\"a.m3u8\"\n"
      STREAM "BANDWIDTH=600000,CODECS=\"avc1.77.30,mp4a.40.2\","
      "RESOLUTION=320x180,AUDIO=\"aud\"\nvideo_lo.m3u8\n"
      STREAM "BANDWIDTH=1200000,AVERAGE-BANDWIDTH=1000000,"
      "CODECS=\"avc1.4d401e,mp4a.40.2\",RESOLUTION=640x360,"
      "FRAME-RATE=25.000,VIDEO-RANGE=SDR,AUDIO=\"aud\"\nvideo.m3u8\n";
  static const char *const rows[][2] = {
    {"video.m3u8", "csfKsgvF6FrnCbvSJu8O"},
    {"video_lo.m3u8", "LQ55AChF5ceR3YCRd8xW"},
    {"a.m3u8", "AUM6ArZt32pAC9YDVaM9"},
  };
  g_autofree char *url = g_strconcat (at, "master.m3u8", NULL);
  g_autoptr (P2pPlaylist) master = parse (url, text, -1);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *media = g_strconcat (at, rows[i][0], NULL);
    P2pIdentityFacts facts = { master, url, url, media, media, TRUE, NULL };
    g_autoptr (P2pIdentity) identity = p2p_identity_new (&facts);

    check_hash (identity, P2P_GENERATION_5, rows[i][1]);
    check (identity, P2P_GENERATION_2, i == 2 ? NULL : i == 1
        ? "2http://127.0.0.1:28480/origin/master/master.m3u8+V0"
        : "2http://127.0.0.1:28480/origin/master/master.m3u8+V1");
  }
}

/* The first generations, by their source */
static void
test_first_generations (void)
{
  static const char text[] = STREAM "BANDWIDTH=1\na.m3u8\n" STREAM
      "BANDWIDTH=2\nb.m3u8\n";
  g_autoptr (P2pIdentity) b = identify (text, BASE "b.m3u8?t=1", NULL);
  g_autoptr (P2pIdentity) plain = identify (text, BASE "b.m3u8", NULL);
  g_autoptr (P2pIdentity) alone = identify (NULL, BASE "a.m3u8", NULL);

  check_none (b, P2P_GENERATION_0, P2P_GENERATION_5);
  check (plain, P2P_GENERATION_0, URL "+1");
  check (plain, P2P_GENERATION_1, "1" URL "+V1");
  check (plain, P2P_GENERATION_2, "2" URL "+V1");
  check (plain, P2P_GENERATION_3, "v1-" URL "-main-1");
  g_assert_null (p2p_identity_get_stream_id (plain, P2P_GENERATION_0));
  g_assert_cmpstr (p2p_identity_get_stream_id (plain, P2P_GENERATION_1), ==,
      URL "+V1");
  g_assert_null (p2p_identity_get_stream_id (plain, P2P_GENERATION_3));
  check (alone, P2P_GENERATION_0, BASE "a.m3u8");
  check (alone, P2P_GENERATION_1, "1" BASE "a.m3u8");
  check (alone, P2P_GENERATION_2, "2" BASE "a.m3u8");
  check (alone, P2P_GENERATION_3, "v1-" BASE "a.m3u8-main-0");
}

/* G6: the hashes that stand in its source's tests, but for decimals of a frame
 * rate, which it reads as a number */
static void
test_last_generation (void)
{
  /* *INDENT-OFF* */
  static const struct { const char *text, *media, *wanted; } rows[] = {
    { STREAM "BANDWIDTH=800000,CODECS=\"avc1.66.30\",RESOLUTION=640x360\nv\n"
      STREAM "BANDWIDTH=9,CODECS=\"avc1.66.30, mp4a.40.2\","
      "RESOLUTION=640x360\nw\n", "v", "main-rKuBJ2P4nH1VBYsYeEcZ8JUn3NI=" },
    { STREAM "BANDWIDTH=1,CODECS=\"avc1.64002a,mp4a.40.2\",AUDIO=\"a\"\nv\n"
      AUDIO "GROUP-ID=\"a\",NAME=\"English\",LANGUAGE=\"en-US\","
      "CHANNELS=\"2/0\",URI=\"e\"\n", "e",
      "secondary-GT17s2lVP9juJlJgLa8S/8amjhI=" },
    { STREAM "PROGRAM-ID=1\nv\n", "v", "main-UYnLxGhQilEV4D0HbCx+kRv0ZF0=" },
    { STREAM "BANDWIDTH=7\nv?old=1\n", "v?new=2",
      "main-UYnLxGhQilEV4D0HbCx+kRv0ZF0=" },
    /* of a group that no variant names, without a name, of no group */
    { STREAM "BANDWIDTH=1,AUDIO=\"b\"\nv\n"
      AUDIO "GROUP-ID=\"a\",NAME=\"E\",URI=\"e\"\n", "e", NULL },
    { STREAM "BANDWIDTH=1,AUDIO=\"a\"\nv\n"
      AUDIO "GROUP-ID=\"a\",URI=\"e\"\n", "e", NULL },
    { STREAM "BANDWIDTH=1,AUDIO=\"\"\nv\n"
      AUDIO "GROUP-ID=\"\",NAME=\"E\",URI=\"e\"\n", "e", NULL },
  };
  /* *INDENT-ON* */

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *media = g_strconcat (BASE, rows[i].media, NULL);
    g_autofree char *wanted = g_strconcat ("v3-" URL "-", rows[i].wanted, NULL);
    g_autoptr (P2pIdentity) identity = identify (rows[i].text, media, NULL);

    check (identity, P2P_GENERATION_6, rows[i].wanted ? wanted : NULL);
  }
}

/* Properties of G6 as they are written: made of "0-avc1.64002A,hvc1.1-1920-1080--
 * --29.97-sdr" and "1-…", "2-…" */
static void
test_plain_properties (void)
{
  static const char text[] = STREAM "BANDWIDTH=1,RESOLUTION=1920x1080,"
      "CODECS=\"avc1.64002A,hvc1.1,mp4a.40.2\",FRAME-RATE=29.970,"
      "VIDEO-RANGE=sdr\nv\n" STREAM "BANDWIDTH=3,RESOLUTION=1x1\nw\n";
  g_autofree char *twice = g_strconcat (text, STREAM "BANDWIDTH=2,"
      "RESOLUTION=1920x1080,CODECS=\"avc1.64002A,hvc1.1\",FRAME-RATE=29.97,"
      "VIDEO-RANGE=sdr\nx\n", NULL);
  g_autoptr (P2pIdentity) one = identify (text, BASE "v", NULL);
  g_autoptr (P2pIdentity) v = identify (twice, BASE "v", NULL);
  g_autoptr (P2pIdentity) w = identify (twice, BASE "w", NULL);

  check (one, P2P_GENERATION_6, "v3-" URL "-main-sdwvl66YqvWRP2vxsq0qDfHRUDM=");
  check (v, P2P_GENERATION_6, "v3-" URL "-main-6ihz1LtzsoKTezcePcMYwvT5feY=");
  check (w, P2P_GENERATION_6, "v3-" URL "-main-zB6lo7hp2PyWUBFOyR+dEwc1ffY=");
}

/* Two that browsers take for one, in groups of two bit rates: nobody is asked for
 * bytes that may be the other's. Two names of one playlist are one. */
static void
test_doubles (void)
{
  /* *INDENT-OFF* */
  static const struct { const char *other; gboolean g5, g6; } rows[] = {
    { "GROUP-ID=\"hi\",NAME=\"E\",URI=\"hi\"", FALSE, FALSE },
    { "GROUP-ID=\"hi\",NAME=\" e\",LANGUAGE=\"und\",URI=\"hi\"", FALSE, TRUE },
    { "GROUP-ID=\"hi\",NAME=\"E\",URI=\"lo\"", TRUE, TRUE },
    { "GROUP-ID=\"ac\",NAME=\"E\",URI=\"hi\"", TRUE, TRUE },
    { "GROUP-ID=\"hi\",NAME=\"E\",CHANNELS=\"2\",URI=\"hi\"", TRUE, TRUE },
    { "GROUP-ID=\"hi\",NAME=\"E\"", TRUE, TRUE },
    { "GROUP-ID=\"none\",NAME=\"E\",URI=\"hi\"", FALSE, TRUE },
  };
  /* *INDENT-ON* */
  static const char variants[] = STREAM "BANDWIDTH=1,AUDIO=\"lo\","
      "CODECS=\"avc1.42001e,mp4a.40.2\"\nv\n" STREAM "BANDWIDTH=2,"
      "AUDIO=\"hi\",CODECS=\"mp4a.40.2\"\nw\n" STREAM "BANDWIDTH=3,"
      "AUDIO=\"ac\",CODECS=\"ac-3\"\nx\n";

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *text = g_strconcat (variants, AUDIO "GROUP-ID=\"lo\","
        "NAME=\"E\",URI=\"lo\"\n" AUDIO, rows[i].other, "\n", NULL);
    g_autoptr (P2pIdentity) identity = identify (text, BASE "lo", NULL);

    check (identity, P2P_GENERATION_4, "v2-" URL "-secondary-0");
    if (!rows[i].g5)
      check_none (identity, P2P_GENERATION_5, P2P_GENERATION_5);
    else
      check (identity, P2P_GENERATION_5,
          "v2-" URL "-secondary-NJsunf+PzWcGQi5uXO4oMktoS2A=");
    if (!rows[i].g6)
      check_none (identity, P2P_GENERATION_6, P2P_GENERATION_6);
    else
      check (identity, P2P_GENERATION_6,
          "v3-" URL "-secondary-jb/7YqQrvMtMfPcfT3148Jb3NZE=");
  }
}

/* Which of the first playlist's URLs a generation takes, and what it takes away */
static void
test_base (void)
{
  static const char text[] = "#EXTM3U\n" STREAM "BANDWIDTH=1\nv.m3u8\n";
  static const char requested[] =
      "p2phls+https://user:secret@example.com/../play?token=1#f";
  static const char response[] =
      "HTTPS://user:secret@CDN.example.com:443/a b/c.m3u8?session=2";
  g_autoptr (P2pPlaylist) master = parse (response, text, -1);
  P2pIdentityFacts facts = { master, requested, response,
    "https://cdn.example.com/a%20b/v.m3u8",
    "https://cdn.example.com/a%20b/v.m3u8", FALSE, NULL
  };
  g_autoptr (P2pIdentity) identity = p2p_identity_new (&facts);
  g_autoptr (P2pIdentity) alone = NULL;

  check (identity, P2P_GENERATION_0, NULL);
  check (identity, P2P_GENERATION_1, "1https://example.com/play+V0");
  check (identity, P2P_GENERATION_2, "2https://example.com/play+V0");
  check (identity, P2P_GENERATION_4,
      "v2-https://cdn.example.com/a%20b/c.m3u8-main-0");
  g_assert_true (g_str_has_prefix (p2p_identity_get_hashed (identity,
              P2P_GENERATION_6), "v3-https://example.com/play-main-"));
  g_assert_cmpstr (p2p_identity_get_name (identity), ==,
      "https://cdn.example.com/a%20b/v.m3u8");

  facts.master = NULL;
  alone = p2p_identity_new (&facts);
  check (alone, P2P_GENERATION_0, NULL);
  check (alone, P2P_GENERATION_1, NULL);
  check (alone, P2P_GENERATION_2, "2https://example.com/play");
}

/* Since 1.0 the stream is known by where its playlist came from, before and in 5 by
 * what was asked for. */
static void
test_redirected_stream (void)
{
  static const char text[] = "#EXTM3U\n" STREAM "BANDWIDTH=1\na\n" STREAM
      "BANDWIDTH=2\nb\n";
  g_autoptr (P2pPlaylist) master = parse (URL, text, -1);
  P2pIdentityFacts facts = { master, URL, URL, BASE "b", "http://cdn/b", FALSE,
    NULL
  };
  g_autoptr (P2pIdentity) away = p2p_identity_new (&facts);
  g_autoptr (P2pIdentity) other = NULL;

  check (away, P2P_GENERATION_2, "2" URL "+V1");
  check_none (away, P2P_GENERATION_3, P2P_GENERATION_5);
  g_assert_nonnull (p2p_identity_get_hashed (away, P2P_GENERATION_6));
  g_assert_cmpstr (p2p_identity_get_name (away), ==, "http://cdn/b");
  g_assert_cmpstr (p2p_identity_get_base (away), ==, "http://cdn/b");

  facts.media_response = BASE "a";
  other = p2p_identity_new (&facts);
  check (other, P2P_GENERATION_2, "2" URL "+V1");
  check (other, P2P_GENERATION_4, "v2-" URL "-main-0");
}

static void
test_swarm_id (void)
{
  static const char text[] = STREAM "BANDWIDTH=1,AUDIO=\"a\"\nv?t=1\n" AUDIO
      "GROUP-ID=\"a\",NAME=\"A\",URI=\"a\"\n";
  g_autoptr (P2pIdentity) v = identify (text, BASE "v?t=1", "my id?");
  g_autoptr (P2pIdentity) a = identify (text, BASE "a", "my id?");
  g_autoptr (P2pIdentity) alone = identify (NULL, BASE "a?t=2", "my id?");
  g_autoptr (P2pIdentity) none = identify (NULL, BASE "a?t=2", "");

  g_assert_cmpstr (p2p_identity_get_name (v), ==, "my id?-1");
  check (v, P2P_GENERATION_0, "my id?+0");
  check (v, P2P_GENERATION_1, "1my id?+V0");
  check (v, P2P_GENERATION_4, "v2-my id?-main-0");
  g_assert_cmpstr (p2p_identity_get_name (a), ==, "my id?-2");
  check_none (a, P2P_GENERATION_0, P2P_GENERATION_2);
  check (a, P2P_GENERATION_4, "v2-my id?-secondary-0");
  g_assert_cmpstr (p2p_identity_get_name (alone), ==, "my id?");
  check (alone, P2P_GENERATION_1, "1my id?");
  check (alone, P2P_GENERATION_5,
      "v2-my id?-main-UYnLxGhQilEV4D0HbCx+kRv0ZF0=");
  check (alone, P2P_GENERATION_6,
      "v3-my id?-main-UYnLxGhQilEV4D0HbCx+kRv0ZF0=");
  g_assert_cmpstr (p2p_identity_get_name (none), ==, BASE "a");
}

static void
test_numbers (void)
{
  for (gboolean has_end = FALSE; has_end <= TRUE; has_end++) {
    P2pIdentityFacts facts = { NULL, URL, URL, URL, URL, has_end, NULL };
    g_autoptr (P2pIdentity) identity = p2p_identity_new (&facts);

    for (P2pGeneration i = 0; i < P2P_N_GENERATIONS; i++)
      g_assert_cmpint (p2p_identity_counts_places (identity, i), ==, has_end
          && i >= P2P_GENERATION_3 && i <= P2P_GENERATION_5);
  }
}

static void
test_equal (void)
{
  P2pIdentityFacts facts = { NULL, URL, URL, URL, URL, FALSE, NULL };
  g_autoptr (P2pIdentity) a = p2p_identity_new (&facts);
  g_autoptr (P2pIdentity) b = p2p_identity_new (&facts);
  g_autoptr (P2pIdentity) same = p2p_identity_ref (a);
  g_autoptr (P2pIdentity) ended = NULL, named = NULL, redirected = NULL;

  facts.has_end = TRUE;
  ended = p2p_identity_new (&facts);
  facts.has_end = FALSE;
  facts.response = "http://elsewhere/";
  redirected = p2p_identity_new (&facts);
  facts.swarm_id = "x";
  named = p2p_identity_new (&facts);
  g_assert_true (p2p_identity_equal (a, b));
  g_assert_true (p2p_identity_equal (a, same));
  g_assert_false (p2p_identity_equal (a, ended));
  g_assert_false (p2p_identity_equal (a, redirected));
  g_assert_false (p2p_identity_equal (a, named));
}

/* What is in no list, and what plays without P2P */
static void
test_strangers (void)
{
  static const char text[] = STREAM "BANDWIDTH=1,SUBTITLES=\"s\",VIDEO=\"c\","
      "AUDIO=\"a\"\nv\n#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"s\","
      "NAME=\"S\",URI=\"s\"\n#EXT-X-MEDIA:TYPE=VIDEO,GROUP-ID=\"c\","
      "NAME=\"C\",URI=\"c\"\n" AUDIO "GROUP-ID=\"a\",NAME=\"A\"\n"
      "#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,URI=\"i\"\n";
  static const char *const media[] = { "s", "c", "i", "unknown", "", "V",
    "v?t", "%",
  };

  for (guint i = 0; i < G_N_ELEMENTS (media); i++) {
    g_autofree char *uri = g_strconcat (BASE, media[i], NULL);
    g_autoptr (P2pIdentity) identity = identify (text, uri, NULL);

    check_none (identity, P2P_GENERATION_0, P2P_GENERATION_5);
    g_assert_nonnull (p2p_identity_get_name (identity));
    if (!g_str_equal (media[i], "v?t"))
      check (identity, P2P_GENERATION_6, NULL);
  }
}

/* A file is nobody else's. */
static void
test_not_web (void)
{
  static const char *const uris[] = { "", "?", "file:///home/me/a.m3u8",
    "/home/me/a.m3u8", "data:x,y", "javascript:1", "http:", "\xff",
  };

  for (guint i = 0; i < G_N_ELEMENTS (uris); i++) {
    g_autoptr (P2pIdentity) identity = identify (NULL, uris[i], NULL);
    g_autoptr (P2pIdentity) named = identify (NULL, uris[i], "id");

    check_none (identity, P2P_GENERATION_0, P2P_GENERATION_6);
    g_assert_nonnull (p2p_identity_get_name (identity));
    check (named, P2P_GENERATION_2, "2id");
  }
}

/* Audio alone is no master to hls.js. */
static void
test_no_variant (void)
{
  g_autoptr (P2pIdentity) identity = identify (AUDIO "GROUP-ID=\"a\","
      "NAME=\"A\",URI=\"a\"\n#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,URI=\"i\"\n",
      BASE "a", NULL);

  check_none (identity, P2P_GENERATION_0, P2P_GENERATION_6);
}

/* NULs, bytes that are no text, quotes that never end: whatever it is called, it is
 * text, and the same twice. */
static void
test_odd_bytes (void)
{
  static const char text[] = "#EXTM3U\n" STREAM "BANDWIDTH=-1,CODECS=\"\0,avc1."
      "\xff.\xfe.,avc1..,/,avc1.1.,mp4a/\",RESOLUTION=1x,FRAME-RATE=.,"
      "VIDEO-RANGE=\"\xc3\",AUDIO=\"\0\"\nv\xff\n" STREAM "BANDWIDTH=1x,"
      "CODECS=\"avc1.99999999999999999999.99999999999999999999\nw\n" AUDIO
      "GROUP-ID=\"\0\",NAME=\"\xc3\x28 \xce\xa3\xce\xa3\0\",LANGUAGE=\"\xf0\x9f"
      "\x98\x80\xf0\x9f\x98\x80\",CHANNELS=\"/\",URI=\"\0\"\n" AUDIO
      "GROUP-ID=\"\",NAME=\" \xc2\xa0 \",URI=\"a\"\n";
  g_autoptr (P2pPlaylist) master = parse (URL, text, sizeof (text) - 1);
  guint n = master->variants->len;

  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpuint (master->renditions->len, ==, 2);
  for (guint i = 0; i < n + master->renditions->len; i++) {
    const char *uri = i < n ?
        ((P2pVariant *) g_ptr_array_index (master->variants, i))->uri
        : ((P2pRendition *) g_ptr_array_index (master->renditions, i - n))->uri;
    P2pIdentityFacts facts = { master, URL, URL, uri, uri, FALSE, NULL };
    g_autoptr (P2pIdentity) a = p2p_identity_new (&facts);
    g_autoptr (P2pIdentity) b = p2p_identity_new (&facts);

    g_assert_true (p2p_identity_equal (a, b));
    /* The first one's codecs are unknown, and so not hls.js's. */
    if (i == 0) {
      check_none (a, P2P_GENERATION_3, P2P_GENERATION_5);
      continue;
    }
    for (P2pGeneration k = P2P_GENERATION_3; k <= P2P_GENERATION_5; k++) {
      g_assert_nonnull (p2p_identity_get_hashed (a, k));
      g_assert_true (g_utf8_validate (p2p_identity_get_hashed (a, k), -1,
              NULL));
    }
  }
}

/* A playlist of 16 MiB in few or in many lines: each identity takes time linear
 * to it, so that this ends. */
static void
test_large (void)
{
  g_autofree char *codecs = g_strnfill (1024 * 1024, ',');
  g_autoptr (GString) text = g_string_new ("#EXTM3U\n");
  g_autoptr (P2pPlaylist) master = NULL;
  static const char *const media[] = { "v3999", "a3999", "none" };

  for (gsize i = 0; i + 5 <= 1024 * 1024; i += 5)
    memcpy (codecs + i, "mp4a,", 5);
  for (guint i = 0; i < 4000; i++) {
    g_string_append_printf (text, STREAM "BANDWIDTH=%u,CODECS=\"%s\","
        "AUDIO=\"g%u\"\nv%u\n", i + 1, i % 1000 == 0 ? codecs : "avc1.1.1",
        i / 2, i);
    g_string_append_printf (text, AUDIO "GROUP-ID=\"g%u\",NAME=\"%.*s\","
        "URI=\"a%u\"\n", i, i % 1000 == 0 ? 1024 * 1024 : 9, codecs, i);
  }
  master = parse (URL, text->str, text->len);
  g_assert_cmpuint (master->variants->len, ==, 4000);
  for (guint i = 0; i < G_N_ELEMENTS (media); i++) {
    g_autofree char *uri = g_strconcat (BASE, media[i], NULL);
    P2pIdentityFacts facts = { master, URL, URL, uri, uri, FALSE, NULL };
    g_autoptr (P2pIdentity) identity = p2p_identity_new (&facts);
    static const char *const wanted[] = { "v2-" URL "-main-3999",
      "v2-" URL "-secondary-3999", NULL,
    };

    check (identity, P2P_GENERATION_4, wanted[i]);
    check (identity, P2P_GENERATION_2, i == 0 ? "2" URL "+V3999" : NULL);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/identity/vectors", test_vectors);
  g_test_add_func ("/identity/packagers", test_packagers);
  g_test_add_func ("/identity/capture", test_capture);
  g_test_add_func ("/identity/first-generations", test_first_generations);
  g_test_add_func ("/identity/last-generation", test_last_generation);
  g_test_add_func ("/identity/plain-properties", test_plain_properties);
  g_test_add_func ("/identity/doubles", test_doubles);
  g_test_add_func ("/identity/base", test_base);
  g_test_add_func ("/identity/redirected-stream", test_redirected_stream);
  g_test_add_func ("/identity/swarm-id", test_swarm_id);
  g_test_add_func ("/identity/numbers", test_numbers);
  g_test_add_func ("/identity/equal", test_equal);
  g_test_add_func ("/identity/strangers", test_strangers);
  g_test_add_func ("/identity/not-web", test_not_web);
  g_test_add_func ("/identity/no-variant", test_no_variant);
  g_test_add_func ("/identity/odd-bytes", test_odd_bytes);
  g_test_add_func ("/identity/large", test_large);
  return g_test_run ();
}

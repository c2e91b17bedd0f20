/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pcodecs.h"

#include <string.h>

/* The sample entries of https://mp4ra.org/registered-types/sampleentries that
 * hls.js 1.6 and 1.7 know, with one blank between them */
#define VIDEO "avc1 avc2 avc3 avc4 avcp av01 dav1 drac dva1 dvav dvh1 dvhe " \
    "encv hev1 hvc1 mjp2 mp4v mvc1 mvc2 mvc3 mvc4 resv rv60 s263 svc1 svc2 " \
    "vc-1 vp08 vp09"
#define AUDIO "a3ds ac-3 ac-4 alac alaw dra1 dts+ dts- dtsc dtse dtsh ec-3 " \
    "enca fLaC flac FLAC g719 g726 m4ae mha1 mha2 mhm1 mhm2 mlpa mp4a Opus " \
    "opus samr sawb sawp sevc sqcp ssmv twos ulaw"
#define TEXT "stpp wvtt"

/* How codecs begin for p2p-media-loader 5, in any case */
static const char *const plain_video[] = { "av1", "av01", "avc1", "avc2",
  "avc3", "avc4", "avc01", "avc02", "avc03", "avc04", "vp8", "vp9", "vp08",
  "vp09", "hvc1", "hev1", "theora", "mp4v", NULL
};

static const char *const plain_audio[] = { "mp4a", "flac", "vorbis", "opus",
  "ac-3", "ac-4", "ec-3", "alac", "mp3", "speex", "aac", NULL
};

static gboolean
is_listed (const char *codec, gsize len, const char *list)
{
  const gsize n = 4, step = n + 1, end = strlen (list);

  for (gsize i = 0; len >= n && i < end; i += step) {
    if (memcmp (codec, list + i, n) == 0)
      return TRUE;
  }
  return FALSE;
}

static P2pCodecKind
get_kind (const char *codec, gsize len)
{
  return is_listed (codec, len, VIDEO) ? P2P_CODEC_VIDEO
      : is_listed (codec, len, AUDIO) ? P2P_CODEC_AUDIO
      : is_listed (codec, len, TEXT) ? P2P_CODEC_TEXT : P2P_CODEC_UNKNOWN;
}

static gboolean
is_separator (char c)
{
  return c == ' ' || c == ',';
}

/* Takes the next codec off rest. Returns: its length, 0 at the end. */
static gsize
next (const char **rest, const char **codec)
{
  const char *c = *rest;

  while (is_separator (*c))
    c++;
  *codec = c;
  while (*c && !is_separator (*c))
    c++;
  *rest = c;
  return c - *codec;
}

/* A decimal number at text, in hexadecimal; JavaScript's word for none */
static char *
make_hex (const char *text)
{
  return g_ascii_isdigit (*text) ? g_strdup_printf ("%" G_GINT64_MODIFIER "x",
      g_ascii_strtoull (text, NULL, 10)) : g_strdup ("NaN");
}

/* avc1.66.30 (RFC 4281) is avc1.42001e (RFC 6381) to hls.js. */
static void
append (GString * out, const char *codec, gsize len)
{
  g_autofree char *string = g_strndup (codec, len);
  g_auto (GStrv) parts = g_strsplit (string, ".", 4);
  g_autofree char *profile = NULL, *level = NULL, *padded = NULL;

  if (out->len > 0)
    g_string_append_c (out, ',');
  if (g_strv_length (parts) < 3 || !g_str_equal (parts[0], "avc1")) {
    g_string_append (out, string);
    return;
  }
  profile = make_hex (parts[1]);
  level = make_hex (parts[2]);
  padded = g_strconcat ("000", level, NULL);
  g_string_append_printf (out, "avc1.%s%s", profile,
      padded + strlen (padded) - 4);
}

static char *
finish (GString * out)
{
  return g_string_free (out, out->len == 0);
}

char *
p2p_codecs_pick (const char *codecs, P2pCodecKind kind)
{
  GString *out = g_string_new (NULL);
  const char *codec;
  gsize len;

  while (codecs && (len = next (&codecs, &codec)) > 0) {
    const char *slash = memchr (codec, '/', len);

    if (get_kind (codec, len) == kind)
      append (out, codec, slash ? (gsize) (slash - codec) : len);
  }
  return finish (out);
}

gboolean
p2p_codecs_are_known (const char *codecs)
{
  const char *codec;
  gsize len;

  while (codecs && (len = next (&codecs, &codec)) > 0) {
    if (get_kind (codec, len) == P2P_CODEC_UNKNOWN)
      return FALSE;
  }
  return TRUE;
}

static gboolean
begins_with (const char *codec, gsize len, const char *const *list)
{
  for (; *list; list++) {
    gsize n = strlen (*list);

    if (len >= n && g_ascii_strncasecmp (codec, *list, n) == 0)
      return TRUE;
  }
  return FALSE;
}

char *
p2p_codecs_pick_plain (const char *codecs, P2pCodecKind kind)
{
  const char *const *list = kind == P2P_CODEC_VIDEO ? plain_video : plain_audio;
  GString *out = g_string_new (NULL);

  while (codecs && *codecs) {
    const char *end = codecs, *comma;

    while (*end && *end != ',')
      end++;
    comma = end;
    while (codecs < end && g_ascii_isspace (*codecs))
      codecs++;
    while (codecs < end && g_ascii_isspace (end[-1]))
      end--;
    if (begins_with (codecs, end - codecs, list)) {
      if (out->len > 0)
        g_string_append_c (out, ',');
      g_string_append_len (out, codecs, end - codecs);
    }
    codecs = *comma ? comma + 1 : comma;
  }
  return finish (out);
}

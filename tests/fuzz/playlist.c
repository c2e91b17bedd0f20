/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Whatever bytes come, what is read keeps the promises of p2pplaylist.h.
 */

#define _GNU_SOURCE             /* memmem() */

#include "dump.h"
#include "fuzz.h"
#include "p2pidentity.h"
#include "p2pm3u8.h"
#include "p2puri.h"

#include <string.h>

#define BASE "http://host.example/dir/list.m3u8?q=/"
#define SKIP "#EXT-X-SKIP"
/* Identities made of a master playlist: of so many of each list */
#define MAX_IDENTITIES 4

static void
check_string (const char *string)
{
  g_assert_true (!string || g_utf8_validate (string, -1, NULL));
}

static void
check_range (gint64 offset, gint64 length)
{
  g_assert_cmpint (offset, >=, 0);
  g_assert_true (length == -1 || length > 0);
  g_assert_cmpint (offset, <=, G_MAXINT64 - MAX (length, 0));
}

static void
check_segments (const P2pPlaylist * playlist)
{
  g_assert_cmpuint (playlist->segments->len, <=, P2P_PLAYLIST_MAX_SEGMENTS);
  for (guint i = 0; i < playlist->segments->len; i++) {
    P2pMediaSegment *segment = &g_array_index (playlist->segments,
        P2pMediaSegment, i);

    g_assert_nonnull (segment->uri);
    check_string (segment->uri);
    g_assert_true (segment->gap || p2p_uri_is_http (segment->uri));
    g_assert_null (strchr (segment->uri, '#'));
    check_range (segment->offset, segment->length);
    g_assert_cmpint (segment->duration, >=, 0);
    g_assert_cmpint (segment->duration, <=,
        P2P_M3U8_MAX_SECONDS * (gint64) G_USEC_PER_SEC);
    g_assert_cmpuint (segment->sequence, ==, playlist->media_sequence + i);
    g_assert_cmpuint (segment->map, <=, playlist->maps->len);
    g_assert_cmpuint (segment->key, <=, playlist->keys->len);
  }
}

static void
check_lists (const P2pPlaylist * playlist)
{
  for (guint i = 0; i < playlist->variants->len; i++) {
    P2pVariant *variant = g_ptr_array_index (playlist->variants, i);

    g_assert_nonnull (variant->uri);
    check_string (variant->uri);
    check_string (variant->codecs);
  }
  for (guint i = 0; i < playlist->renditions->len; i++) {
    P2pRendition *rendition = g_ptr_array_index (playlist->renditions, i);

    check_string (rendition->uri);
    check_string (rendition->name);
  }
  for (guint i = 0; i < playlist->maps->len; i++) {
    P2pMap *map = g_ptr_array_index (playlist->maps, i);

    g_assert_true (p2p_uri_is_http (map->uri));
    check_string (map->uri);
    check_range (map->offset, map->length);
  }
  for (guint i = 0; i < playlist->keys->len; i++) {
    P2pKey *key = g_ptr_array_index (playlist->keys, i);

    check_string (key->method);
    check_string (key->uri);
  }
}

static void
check_kind (const P2pPlaylist * playlist)
{
  g_assert_cmpint (playlist->is_master, ==,
      playlist->variants->len + playlist->renditions->len > 0);
  g_assert_true (!playlist->is_master || playlist->segments->len == 0);
  g_assert_true (!playlist->is_master || !playlist->is_live);
  g_assert_cmpint (playlist->target_duration, >=, 0);
}

/* Any end of line says the same, and so does one line that says nothing. */
static void
check_line_ends (const P2pPlaylist * playlist, const uint8_t * data,
    size_t size)
{
  static const char *const ends[] = { "\r\n", "\r", "\n#\n" };
  g_autofree char *wanted = dump_playlist (playlist);

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++) {
    P2pText rest = { (const char *) data, size }, line;
    g_autoptr (GString) text = g_string_new (NULL);
    g_autoptr (P2pPlaylist) other = NULL;
    g_autofree char *got = NULL;

    while (p2p_m3u8_next_line (&rest, &line)) {
      g_string_append_len (text, line.ptr, line.len);
      g_string_append (text, ends[i]);
    }
    other = p2p_playlist_parse (BASE, (const guint8 *) text->str, text->len,
        NULL);
    g_assert_nonnull (other);
    got = dump_playlist (other);
    g_assert_cmpstr (got, ==, wanted);
  }
}

/* What it is called is text without a query, the same twice, and begins as its
 * generation says. */
static void
check_identity (const P2pPlaylist * playlist, const char *uri)
{
  P2pIdentityFacts facts = { playlist, BASE, BASE, uri, uri, playlist->has_end,
    NULL
  };
  g_autoptr (P2pIdentity) a = p2p_identity_new (&facts);
  g_autoptr (P2pIdentity) b = p2p_identity_new (&facts);

  g_assert_true (p2p_identity_equal (a, b));
  g_assert_null (strchr (p2p_identity_get_name (a), '?'));
  for (guint i = 0; i < P2P_N_GENERATIONS; i++) {
    const char *hashed = p2p_identity_get_hashed (a, i);

    check_string (hashed);
    g_assert_true (!hashed || (!strchr (hashed, '?')
            && g_str_has_prefix (hashed, p2p_generation_get_info (i)->prefix)));
    g_assert_true (hashed || !p2p_identity_get_stream_id (a, i));
  }
}

static void
check_identities (const P2pPlaylist * playlist)
{
  check_identity (playlist, BASE);
  for (guint i = 0; i < MIN (playlist->variants->len, MAX_IDENTITIES); i++)
    check_identity (playlist,
        ((P2pVariant *) g_ptr_array_index (playlist->variants, i))->uri);
  for (guint i = 0; i < MIN (playlist->renditions->len, MAX_IDENTITIES); i++) {
    P2pRendition *rendition = g_ptr_array_index (playlist->renditions, i);

    if (rendition->uri)
      check_identity (playlist, rendition->uri);
  }
}

int
LLVMFuzzerTestOneInput (const uint8_t * data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (P2pPlaylist) playlist = p2p_playlist_parse (BASE, data, size,
      &error);

  g_assert_true (!playlist == !!error);
  if (p2p_playlist_sniff (data, size))
    g_assert_true (playlist || memmem (data, size, SKIP, strlen (SKIP)));
  else
    g_assert_null (playlist);
  if (playlist) {
    check_segments (playlist);
    check_lists (playlist);
    check_kind (playlist);
    check_identities (playlist);
    check_line_ends (playlist, data, size);
  }
  return 0;
}

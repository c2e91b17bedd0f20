/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * P2pPlaylist:
 *
 * A playlist of RFC 8216, as far as the engine needs it: what a stream is made
 * of, in order. A pure function of its bytes and its URI. It reads what is in
 * the wild: CR LF, BOM, unknown tags, very long lines, missing tags; a line
 * that makes no sense is passed over and counted in @odd_lines, because a
 * disagreement must cost P2P, never playback. Time and memory are linear in
 * the length. Immutable, ref-counted, thread-safe.
 */
typedef struct _P2pPlaylist P2pPlaylist;

typedef enum
{
  P2P_MEDIA_AUDIO,
  P2P_MEDIA_VIDEO,
  P2P_MEDIA_SUBTITLES,
  P2P_MEDIA_CLOSED_CAPTIONS,
} P2pMediaType;

/* EXT-X-STREAM-INF (RFC 8216, 4.3.4.2) or, with iframes_only,
 * EXT-X-I-FRAME-STREAM-INF (4.3.4.3). Strings are NULL where absent. */
typedef struct
{
  char *uri;                    /* absolute */
  guint64 bandwidth;            /* bits a second, 0 if absent */
  guint64 average_bandwidth;
  gboolean has_average_bandwidth;       /* perhaps of 0 */
  char *codecs;
  guint width, height;          /* RESOLUTION, 0 if absent */
  gboolean has_resolution;      /* perhaps of 0x0 */
  char *frame_rate;             /* as written */
  char *video_range;
  char *audio, *video, *subtitles;      /* GROUP-IDs */
  gboolean iframes_only;
} P2pVariant;

/* EXT-X-MEDIA (4.3.4.1) */
typedef struct
{
  P2pMediaType type;
  char *group_id, *name, *language, *channels;
  char *uri;                    /* absolute; NULL: in the variant itself */
  gboolean is_default, autoselect;
} P2pRendition;

/* A media segment (4.3.2) */
typedef struct
{
  char *uri;                    /* absolute, plain http(s) unless gap */
  gint64 offset, length;        /* EXT-X-BYTERANGE resolved; 0 and -1: all */
  gint64 duration;              /* microseconds */
  guint64 sequence;             /* media sequence number */
  guint64 discontinuity;        /* discontinuity sequence number */
  gint64 date_time;             /* EXT-X-PROGRAM-DATE-TIME of this segment or
                                 * counted on from one before: Unix time in
                                 * microseconds; G_MININT64: none */
  guint map, key;               /* index + 1 into maps, keys; 0: none */
  gboolean gap;                 /* not to be fetched by the engine: EXT-X-GAP,
                                 * a range that makes no sense, no http(s) URI */
} P2pMediaSegment;

/* EXT-X-MAP (4.3.2.5) */
typedef struct
{
  char *uri;                    /* absolute, plain http(s) */
  gint64 offset, length;
} P2pMap;

/* EXT-X-KEY (4.3.2.4), only what tells one from another; never METHOD=NONE.
 * Strings are NULL where absent; uri is absolute, of any scheme. */
typedef struct
{
  char *method, *uri, *keyformat;
} P2pKey;

struct _P2pPlaylist
{
  /*< public, read-only >*/
  char *uri;                    /* base of all others: after redirects */
  char *requested;              /* … before them */
  gboolean is_master;
  GPtrArray *variants;          /* of P2pVariant, in order */
  GPtrArray *renditions;        /* of P2pRendition */
  GArray *segments;             /* of P2pMediaSegment */
  GPtrArray *maps;              /* of P2pMap */
  GPtrArray *keys;              /* of P2pKey */
  guint version;                /* EXT-X-VERSION, 1 if absent */
  gint64 target_duration;       /* microseconds */
  guint64 media_sequence;       /* of the first segment */
  gboolean is_live;             /* no EXT-X-ENDLIST, and the type is not VOD */
  gboolean has_end;             /* EXT-X-ENDLIST */
  gboolean iframes_only;
  guint odd_lines;              /* lines that made no sense */

  /*< private >*/
  gatomicrefcount refs;
};

/* More than this is no playlist: 16 MiB. Ten hours of 2 s segments with URIs
 * of 800 characters stay below. */
#define P2P_PLAYLIST_MAX_BYTES (16 * 1024 * 1024)
/* Once one of its lists is this long, the rest of a playlist is passed over. */
#define P2P_PLAYLIST_MAX_SEGMENTS (100 * 1000)
/* The same once all its URIs together are this long: a long base and many short
 * references must not multiply. */
#define P2P_PLAYLIST_MAX_URI_BYTES (4 * P2P_PLAYLIST_MAX_BYTES)

/* Whether data (any length) begins a playlist: #EXTM3U, also after a BOM. */
gboolean p2p_playlist_sniff (const guint8 * data, gsize size);

/* uri: absolute, http(s) or p2phls+http(s); all that is read from the text is
 * resolved against its plain form. It was asked for by that, too.
 * Returns: (transfer full) (nullable): NULL with P2P_ERROR_PLAYLIST if it does
 * not begin as one or is a delta update (EXT-X-SKIP), P2P_ERROR_TOO_LARGE. */
P2pPlaylist *p2p_playlist_parse (const char *uri, const guint8 * data,
    gsize size, GError ** error);
/* It was asked for by another URI, that redirected: before anybody else has it. */
void p2p_playlist_set_requested (P2pPlaylist * self, const char *requested);
/* An empty one, for the reader to fill. */
P2pPlaylist *p2p_playlist_new (const char *uri);
P2pPlaylist *p2p_playlist_ref (P2pPlaylist * self);
void p2p_playlist_unref (P2pPlaylist * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pPlaylist, p2p_playlist_unref)

/* Whether uri, spelled as there, is the playlist's own or that of anything it
 * names. */
gboolean p2p_playlist_names (const P2pPlaylist * self, const char *uri);
/* Where a master playlist names uri, however it is spelled, counted over its variants
 * and renditions from 1; 0: nowhere */
guint p2p_playlist_get_rank (const P2pPlaylist * self, const char *uri);

G_END_DECLS

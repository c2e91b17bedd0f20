/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "rig.h"

G_BEGIN_DECLS

/**
 * Stream:
 *
 * A playlist, /a.m3u8, of segments, /0.ts, /1.ts …, each of random bytes of its
 * own: enough for a source, and too little for a demuxer.
 */
typedef struct
{
  Site *origin;
  guint n_segments;
  gsize size;                   /* of each */
  guint8 *bytes;                /* of all */
} Stream;

Stream *stream_new (guint n_segments, gsize size);
void stream_free (Stream * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Stream, stream_free)

/* Returns: (transfer full) */
char *stream_get_segment_uri (Stream * self, guint number);

/* A source that has read the playlist, in READY. */
Rig *stream_make_rig (Stream * self);
/* Reads a segment with it, and checks the bytes. */
void stream_read (Stream * self, Rig * rig, guint number);

G_END_DECLS

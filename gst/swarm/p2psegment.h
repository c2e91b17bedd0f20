/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * P2pSegment:
 *
 * The smallest piece of a stream that can be asked for (seed 000, "Segment"):
 * a URL, for a byte range its first byte and length, and a priority; its data
 * once all of it is there. Ref-counted, of the engine's thread; what does not
 * change after new() may be read from any thread that holds a reference.
 */
typedef struct _P2pSegment P2pSegment;

struct _P2pSegment
{
  /*< public, read-only >*/
  char *url;                    /* plain http(s), as it goes on the wire */
  char *id;                     /* names it in the cache and the swarm */
  gint64 offset;                /* first byte in the resource, >= 0 */
  gint64 length;                /* bytes; -1: to the end of the resource */
  guint priority;               /* the lower the sooner, 0 first */
  gint64 duration;              /* microseconds; 0 if not known */
  guint n_reads;                /* by players, out of the cache */

  /*< private >*/
  grefcount refs;
  GPtrArray *chunks;            /* of GBytes, as they came; NULL: no data */
  gsize size;                   /* bytes of all chunks */
};

/* No segment is kept, and none is taken from a peer, that has more: 64 MiB. */
#define P2P_SEGMENT_MAX_BYTES (64 * 1024 * 1024)

/* id: NULL makes it from the canonical url and the range.
 * Returns: (transfer full) */
P2pSegment *p2p_segment_new (const char *url, const char *id, gint64 offset,
    gint64 length, guint priority);
P2pSegment *p2p_segment_ref (P2pSegment * self);
void p2p_segment_unref (P2pSegment * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pSegment, p2p_segment_unref)

/* The id of a segment: base (NULL: the canonical url), and "|first-last" after
 * it when it is not the whole resource. Returns: (transfer full) */
char *p2p_segment_make_id (const char *base, const char *url, gint64 offset,
    gint64 length);

/* Whether all of it is there. An empty resource is loaded with size 0. */
gboolean p2p_segment_is_loaded (P2pSegment * self);

/* Makes it loaded: takes the array of GBytes, whose bytes nobody may change
 * from here on. (transfer full chunks) */
void p2p_segment_take_data (P2pSegment * self, GPtrArray * chunks);

/* Returns: (transfer full) (nullable): all bytes in one piece, joined (a copy)
 * at the first call if they came in several; NULL if not loaded. */
GBytes *p2p_segment_get_data (P2pSegment * self);

/* Returns: (transfer full) (nullable) (element-type GBytes): the same in the
 * pieces they came in, not to be changed; NULL if not loaded. */
GPtrArray *p2p_segment_get_chunks (P2pSegment * self);
/* whole: the same bytes at another place, where they are to be kept from here on. */
void p2p_segment_move_data (P2pSegment * self, GBytes * whole);
gsize p2p_segment_get_size (P2pSegment * self);

/* For g_ptr_array_sort(): by priority */
int p2p_segment_compare (gconstpointer a, gconstpointer b);

G_END_DECLS

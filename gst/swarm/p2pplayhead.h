/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pitem.h"

G_BEGIN_DECLS

/**
 * P2pPlayhead:
 *
 * When the segments of a queue have to be there: told by who plays them or, as
 * long as nobody tells, as if each were played as it is asked for, one right
 * after the other. Only as early as it can be, never later.
 */
typedef struct
{
  /*< private >*/
  char *current;                /* id of the segment read last */
  char *next;                   /* id of the one after it, if it is known */
  gint64 duration;              /* of the current; 0: unknown */
  gint64 when;                  /* the current has to be there; P2P_NEVER:
                                 * nothing was read yet */
  gboolean follows;             /* the current, on what was read before */
} P2pPlayhead;

void p2p_playhead_init (P2pPlayhead * self);
void p2p_playhead_clear (P2pPlayhead * self);

/* segment is asked for now. One that does not follow on the current has to be
 * there at once. */
void p2p_playhead_read (P2pPlayhead * self, P2pSegment * segment, gint64 now);
/* The current one is played at when. Returns: whether that is new */
gboolean p2p_playhead_set (P2pPlayhead * self, gint64 when);
/* Sets the deadlines of a queue (element-type P2pItem). */
void p2p_playhead_place (P2pPlayhead * self, GPtrArray * queue);

G_END_DECLS

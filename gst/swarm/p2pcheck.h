/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pbody.h"
#include "p2psegment.h"

G_BEGIN_DECLS

/**
 * P2pCheck:
 *
 * The question whether a segment that came whole is good. Until it is answered
 * the segment is nobody's: not handed on, not cached, not announced, not
 * acknowledged.
 */
typedef struct
{
  /*< read-only >*/
  P2pSegment *segment;          /* with its data */
  P2pSource source;             /* HTTP or P2P */
  char *peer_id;                /* who sent it, or its first bytes; NULL: HTTP */

  /*< private >*/
  grefcount refs;
  void (*done) (gboolean good, gpointer user_data);
  gpointer user_data;
} P2pCheck;

P2pCheck *p2p_check_new (P2pSegment * segment, P2pSource source,
    const char *peer_id, void (*done) (gboolean good, gpointer user_data),
    gpointer user_data);
P2pCheck *p2p_check_ref (P2pCheck * self);
void p2p_check_unref (P2pCheck * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pCheck, p2p_check_unref)

/* Once, by whoever was asked; never from inside the asking. Nothing happens if
 * nobody waits for it any more. */
void p2p_check_answer (P2pCheck * self, gboolean good);
/* Nobody waits for the answer any more. */
void p2p_check_cancel (P2pCheck * self);

G_END_DECLS

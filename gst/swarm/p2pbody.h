/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2phttp.h"

G_BEGIN_DECLS

typedef enum
{
  P2P_SOURCE_CACHE,             /* was there when it was asked for */
  P2P_SOURCE_HTTP,
  P2P_SOURCE_P2P,
} P2pSource;
#define P2P_N_SOURCES 3

/**
 * P2pBody:
 *
 * The bytes of a segment as they come, shared by those who read them. What
 * comes is only added at its end; what is too much to be kept is dropped at its
 * front.
 */
typedef struct
{
  P2pSource source;
  GPtrArray *chunks;            /* of GBytes: the last ones */
  guint dropped;                /* chunks before those */
  gsize size;                   /* bytes of all, dropped ones too */
  P2pHttpHead *head;            /* once HTTP answered, or NULL */
  char *from;                   /* id of the peer that sent it, or its first
                                 * bytes (set by who asked it); or NULL */

  /*< private >*/
  grefcount refs;
} P2pBody;

/* chunks: (transfer full) (nullable): what is there already */
P2pBody *p2p_body_new (P2pSource source, GPtrArray * chunks);
P2pBody *p2p_body_ref (P2pBody * self);
void p2p_body_unref (P2pBody * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pBody, p2p_body_unref)

void p2p_body_add (P2pBody * self, GBytes * bytes);

/* Adds what whole has more; nothing of either was dropped. Returns: FALSE if
 * whole does not begin with what is there */
gboolean p2p_body_add_rest (P2pBody * self, P2pBody * whole);
/* Lets all that is there go. */
void p2p_body_drop (P2pBody * self);

G_END_DECLS

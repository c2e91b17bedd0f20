/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * P2pSoupReach:
 *
 * Which networks a fetcher may get to. A stream that others may ask for by a URL
 * must be no way into a network that its own server is not in: what comes from the
 * Internet may not lead, by a redirect or a playlist, to addresses of a home or an
 * office, and these not to the machine itself. It looks at the address that is
 * connected to, not at the name. Behind a proxy it cannot know, and allows all.
 */
typedef struct _P2pSoupReach P2pSoupReach;

typedef enum
{
  P2P_SOUP_LOOPBACK,            /* this machine */
  P2P_SOUP_PRIVATE,             /* RFC 1918, 4193, 6598, link-local … */
  P2P_SOUP_PUBLIC,
} P2pSoupNetwork;

P2pSoupNetwork p2p_soup_reach_classify (GInetAddress * address);

P2pSoupReach *p2p_soup_reach_new (void);
P2pSoupReach *p2p_soup_reach_ref (P2pSoupReach * self);
void p2p_soup_reach_unref (P2pSoupReach * self);

/* From now on only what is as public as where the first answer came from. */
void p2p_soup_reach_guard (P2pSoupReach * self);
/* As if the first answer had come from there. */
void p2p_soup_reach_set_first (P2pSoupReach * self, P2pSoupNetwork network);
gboolean p2p_soup_reach_is_guarded (P2pSoupReach * self);

/* Whether address may be connected to: the first one that answers (answered:
 * whether it is about to) is what the others are measured by. */
gboolean p2p_soup_reach_allows (P2pSoupReach * self, GSocketAddress * address,
    gboolean answered);

G_END_DECLS

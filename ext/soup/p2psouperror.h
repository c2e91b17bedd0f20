/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <libsoup/soup.h>

#include "p2perror.h"

G_BEGIN_DECLS

/* How far a request had come when it failed. */
typedef enum
{
  P2P_SOUP_CONNECTING,
  P2P_SOUP_WAITING,             /* for the head */
  P2P_SOUP_READING,             /* the body */
} P2pSoupPhase;

/* Returns: (transfer full): what error of libsoup or GIO means, in P2P_ERROR */
GError *p2p_soup_error_new (const GError * error, P2pSoupPhase phase,
    GUri * uri);

/* Returns: (transfer full): the body ended too early */
GError *p2p_soup_error_new_cut (GUri * uri);

/* Returns: (transfer full): no decent server does that */
GError *p2p_soup_error_new_malformed (GUri * uri);

/* Returns: (transfer full): see P2pSoupReach */
GError *p2p_soup_error_new_out_of_reach (GUri * uri);

G_END_DECLS

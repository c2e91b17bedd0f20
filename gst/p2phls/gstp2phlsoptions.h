/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "gstp2phlsfield.h"

#include "p2phttp.h"

G_BEGIN_DECLS

/* How a request is made over HTTP, as properties: those of souphttpsrc 1.26,
 * with their names and defaults. A plain P2pHttpOptions that one owner may
 * change holds them; requests get copies. */

/* Installs the properties with the ids first, first + 1 … Returns: the first id
 * after them. */
guint gst_p2p_hls_options_install (GObjectClass * klass, guint first);

/* The property named name. Returns: its number, for the masks; -1: none of
 * them. */
int gst_p2p_hls_options_find (const char *name);
void gst_p2p_hls_options_set (P2pHttpOptions * self, int number,
    const GValue * value);
void gst_p2p_hls_options_get (const P2pHttpOptions * self, int number,
    GValue * value);

/* Copies those whose bit (1 << number) is set in mask. */
void gst_p2p_hls_options_merge (P2pHttpOptions * self,
    const P2pHttpOptions * other, guint64 mask);
/* Of mask, those that hold for every source of a pipeline when one says them:
 * not how one resource is asked for (compress, keep-alive, extra-headers). */
guint64 gst_p2p_hls_options_get_shared (guint64 mask);
/* Reads the environment variable http_proxy, as souphttpsrc does. Returns: the
 * mask of what was set. */
guint64 gst_p2p_hls_options_read_environment (P2pHttpOptions * self);
/* Whether mask has one of the secrets: cookies, user-id, user-pw. */
gboolean gst_p2p_hls_options_has_secrets (guint64 mask);

G_END_DECLS

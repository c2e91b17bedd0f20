/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Microseconds to wait after the failures-th failure in a row (1 is the first):
 * base, then twice that, and so on, at most max; of that half to one and a half,
 * by chance (jitter), so that those who failed together do not come back
 * together. */
gint64 p2p_backoff (GRand * rand, gint64 base, gint64 max, guint failures);

G_END_DECLS

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pplaylist.h"

/* Every field of playlist, so that two can be compared.
 * Returns: (transfer full) */
char *dump_playlist (const P2pPlaylist * playlist);

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Told each line of what options->log_level asks for. */
typedef void (*P2pSoupLogFunc) (const char *line, gpointer user_data);

G_END_DECLS

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What this process holds, as the kernel sees it. */

guint process_count_threads (const char *prefix);       /* NULL: all */
guint process_count_files (const char *prefix); /* "socket:", NULL: all */

/* The plugin's threads end by themselves, soon after the last element: waits
 * for that, ten seconds at most. */
gboolean process_wait_for_threads (const char *prefix, guint at_most);
gboolean process_wait_for_files (const char *prefix, guint at_most);

/* How much slower than usual this process is: under valgrind or a sanitizer.
 * Time limits are to be multiplied with it. */
guint process_get_slowness (void);

G_END_DECLS

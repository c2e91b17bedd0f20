/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A set of numbers that segments have on a wire (element-type gint64): sorted, eight
 * bytes each, as a stranger says how many there are. */

GArray *p2p_number_set_new (void);
/* Sorts an array and leaves out what is there twice. */
void p2p_number_set_sort (GArray * array);
gboolean p2p_number_set_contains (GArray * self, gint64 number);
/* Returns: FALSE if it was there */
gboolean p2p_number_set_add (GArray * self, gint64 number);
/* Returns: FALSE if it was not there */
gboolean p2p_number_set_remove (GArray * self, gint64 number);

G_END_DECLS

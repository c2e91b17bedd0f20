/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* From here on no name of a host is known to the process: no test asks the
 * network for one. */
void names_forget (void);

G_END_DECLS

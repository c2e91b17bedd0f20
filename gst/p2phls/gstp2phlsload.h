/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

#include <gmodule.h>

G_BEGIN_DECLS

/* What the plugin calls in the module: registers the elements. */
G_MODULE_EXPORT gboolean p2phls_load (GstPlugin * plugin);

G_END_DECLS

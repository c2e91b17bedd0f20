/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

#include <gmodule.h>

#include "p2phlsremoteengine.h"

G_BEGIN_DECLS

/* What the plugin calls in the module: registers the elements. */
G_MODULE_EXPORT gboolean p2phls_load (GstPlugin * plugin);

/* What the library of the remote control calls in it: see
 * P2P_HLS_REMOTE_ENGINE_SYMBOL. */
G_MODULE_EXPORT const P2pHlsRemoteEngineClass *p2phls_get_remote_engine (void);

G_END_DECLS

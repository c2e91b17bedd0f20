/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstp2phlsload.h"

#include "gstp2phlsdemux.h"
#include "gstp2phlssrc.h"
#include "gstp2phlsstrv.h"
#include "gstp2phlstracker.h"

#include "p2pengineremote.h"

gboolean
p2phls_load (GstPlugin * plugin)
{
  gst_p2p_hls_strv_register ();
  return GST_ELEMENT_REGISTER (p2phlssrc, plugin)
      && GST_ELEMENT_REGISTER (p2phlsdemux, plugin)
      && GST_ELEMENT_REGISTER (p2phlstracker, plugin);
}

const P2pHlsRemoteEngineClass *
p2phls_get_remote_engine (void)
{
  return p2p_engine_remote_get_class ();
}

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2phlsremoteerror.h"

/* *INDENT-OFF* */
G_DEFINE_QUARK (p2p-hls-remote-error-quark, p2p_hls_remote_error)
/* *INDENT-ON* */

const char *
p2p_hls_remote_error_get_name (const GError * error)
{
  if (g_error_matches (error, P2P_HLS_REMOTE_ERROR,
          P2P_HLS_REMOTE_ERROR_TORRENT_MISSING))
    return "TorrentMissingError";
  if (g_error_matches (error, P2P_HLS_REMOTE_ERROR,
          P2P_HLS_REMOTE_ERROR_INVALID_TORRENT))
    return "InvalidTorrentError";
  if (g_error_matches (error, P2P_HLS_REMOTE_ERROR,
          P2P_HLS_REMOTE_ERROR_STOPPED))
    return "StoppedError";
  return "Error";
}

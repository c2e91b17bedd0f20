/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* What the library shows; all else is hidden. */
#define P2P_HLS_REMOTE_API __attribute__ ((visibility ("default"))) extern

/**
 * P2pHlsRemoteError:
 * @P2P_HLS_REMOTE_ERROR_FAILED: the engine could not do it
 * @P2P_HLS_REMOTE_ERROR_TORRENT_MISSING: get() of a torrent that nobody added:
 *   seed 001's TorrentMissingError
 * @P2P_HLS_REMOTE_ERROR_INVALID_TORRENT: what was given is no playlist's URL, no
 *   infohash of a torrent that is there, and no magnet with a URL in it:
 *   InvalidTorrentError
 * @P2P_HLS_REMOTE_ERROR_MESSAGE: a message could not be read, or is about a
 *   torrent that was never there
 * @P2P_HLS_REMOTE_ERROR_OPTIONS: options that are no JSON object, or of which
 *   one cannot be; the text names it
 * @P2P_HLS_REMOTE_ERROR_DESTROYED: the client was destroyed before the answer
 * @P2P_HLS_REMOTE_ERROR_LIMIT: the server has no room for one more
 * @P2P_HLS_REMOTE_ERROR_CONNECTION: there is no engine at the address, or the
 *   connection to it ended
 * @P2P_HLS_REMOTE_ERROR_STOPPED: somebody had the engine stop the torrent
 * @P2P_HLS_REMOTE_ERROR_REFUSED: the other end is of another user, has another
 *   certificate, or was not told the token
 *
 * Why something of the remote control failed.
 *
 * Since: 0.1
 */
typedef enum
{
  P2P_HLS_REMOTE_ERROR_FAILED,
  P2P_HLS_REMOTE_ERROR_TORRENT_MISSING,
  P2P_HLS_REMOTE_ERROR_INVALID_TORRENT,
  P2P_HLS_REMOTE_ERROR_MESSAGE,
  P2P_HLS_REMOTE_ERROR_OPTIONS,
  P2P_HLS_REMOTE_ERROR_DESTROYED,
  P2P_HLS_REMOTE_ERROR_LIMIT,
  P2P_HLS_REMOTE_ERROR_CONNECTION,
  P2P_HLS_REMOTE_ERROR_REFUSED,
  P2P_HLS_REMOTE_ERROR_STOPPED,
} P2pHlsRemoteError;

/**
 * P2P_HLS_REMOTE_ERROR:
 *
 * The domain's string is "p2p-hls-remote-error-quark".
 *
 * Since: 0.1
 */
#define P2P_HLS_REMOTE_ERROR (p2p_hls_remote_error_quark ())
P2P_HLS_REMOTE_API GQuark p2p_hls_remote_error_quark (void);

/**
 * p2p_hls_remote_error_get_name:
 * @error: of the domain %P2P_HLS_REMOTE_ERROR, or any other
 *
 * What seed 001 calls it in `err.name`, as it goes over the wire.
 *
 * Returns: (transfer none): "TorrentMissingError", "InvalidTorrentError",
 *   "StoppedError", or "Error" for all others
 *
 * Since: 0.1
 */
P2P_HLS_REMOTE_API const char *p2p_hls_remote_error_get_name (const GError *
    error);

G_END_DECLS

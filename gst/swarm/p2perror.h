/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * P2pError:
 * @P2P_ERROR_URI: not a URI that can be fetched
 * @P2P_ERROR_RESOLVE: the name of the host (or proxy) is not known
 * @P2P_ERROR_CONNECT: the connection was refused or is not possible
 * @P2P_ERROR_TLS: the secure connection could not be set up
 * @P2P_ERROR_TIMEOUT: nothing came for the time-out that was set
 * @P2P_ERROR_CUT: the connection ended before the body did
 * @P2P_ERROR_MALFORMED: what the server said is not HTTP
 * @P2P_ERROR_STATUS: the server answered with a status that is no success
 * @P2P_ERROR_REDIRECT: too many redirects, one that leads nowhere, or
 *   where the stream must not
 * @P2P_ERROR_RANGE: the server does not serve the range that was asked for
 * @P2P_ERROR_TOO_LARGE: the body is over the bound for its kind
 * @P2P_ERROR_PLAYLIST: not a playlist of RFC 8216
 * @P2P_ERROR_PEER: the peer broke its protocol or lied about a length
 * @P2P_ERROR_ABSENT: the peer does not hold what it was asked for
 * @P2P_ERROR_GONE: the peer left
 * @P2P_ERROR_DESTROYED: the session was destroyed by the application
 * @P2P_ERROR_REJECTED: the application rejected what the server sent
 *
 * Why something of the engine failed. Seen by applications in segment-error.
 */
typedef enum
{
  P2P_ERROR_URI,
  P2P_ERROR_RESOLVE,
  P2P_ERROR_CONNECT,
  P2P_ERROR_TLS,
  P2P_ERROR_TIMEOUT,
  P2P_ERROR_CUT,
  P2P_ERROR_MALFORMED,
  P2P_ERROR_STATUS,
  P2P_ERROR_REDIRECT,
  P2P_ERROR_RANGE,
  P2P_ERROR_TOO_LARGE,
  P2P_ERROR_PLAYLIST,
  P2P_ERROR_PEER,
  P2P_ERROR_ABSENT,
  P2P_ERROR_GONE,
  P2P_ERROR_DESTROYED,
  P2P_ERROR_REJECTED,
} P2pError;

/* The domain's string is "p2p-error-quark". */
#define P2P_ERROR (p2p_error_quark ())
GQuark p2p_error_quark (void);

G_END_DECLS

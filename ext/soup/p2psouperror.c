/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2psouperror.h"

static P2pError
get_io_code (const GError * error, P2pSoupPhase phase)
{
  switch (error->code) {
    case G_IO_ERROR_HOST_NOT_FOUND:
      return P2P_ERROR_RESOLVE;
    case G_IO_ERROR_INVALID_DATA:
    case G_IO_ERROR_INVALID_ARGUMENT:
    case G_IO_ERROR_MESSAGE_TOO_LARGE:
      return P2P_ERROR_MALFORMED;
    default:
      return phase == P2P_SOUP_CONNECTING ? P2P_ERROR_CONNECT : P2P_ERROR_CUT;
  }
}

static P2pError
get_code (const GError * error, P2pSoupPhase phase)
{
  if (error->domain == G_RESOLVER_ERROR)
    return P2P_ERROR_RESOLVE;
  if (error->domain == G_TLS_ERROR)
    return phase == P2P_SOUP_READING ? P2P_ERROR_CUT : P2P_ERROR_TLS;
  if (error->domain == SOUP_SESSION_ERROR)
    return P2P_ERROR_MALFORMED;
  if (error->domain == SOUP_WEBSOCKET_ERROR)
    return P2P_ERROR_STATUS;
  return get_io_code (error, phase);
}

static const char *
get_words (P2pError code)
{
  switch (code) {
    case P2P_ERROR_RESOLVE:
      return "The host %s is not known (%s). Check its name and the network.";
    case P2P_ERROR_CONNECT:
      return "The server %s cannot be reached (%s). Check that it runs, and "
          "the network and proxy.";
    case P2P_ERROR_TLS:
      return "The connection to %s is not secure (%s). Check its certificate, "
          "or set ssl-ca-file or tls-database.";
    case P2P_ERROR_STATUS:
      return "The server %s opened no WebSocket (%s). Check tracker-announce, "
          "and whom the tracker lets in.";
    case P2P_ERROR_CUT:
      return "The server %s ended the connection too early (%s). Try again "
          "later.";
    default:
      return "The server %s sent what is not HTTP (%s). Check the location.";
  }
}

static GError *
make_error (P2pError code, GUri * uri, const char *reason)
{
  g_autofree char *valid = g_utf8_make_valid (reason, -1);

  return g_error_new (P2P_ERROR, code, get_words (code), g_uri_get_host (uri),
      valid);
}

GError *
p2p_soup_error_new (const GError * error, P2pSoupPhase phase, GUri * uri)
{
  return make_error (get_code (error, phase), uri, error->message);
}

GError *
p2p_soup_error_new_cut (GUri * uri)
{
  return make_error (P2P_ERROR_CUT, uri, "before the end of the body");
}

GError *
p2p_soup_error_new_malformed (GUri * uri)
{
  return make_error (P2P_ERROR_MALFORMED, uri, "too much before the body");
}

GError *
p2p_soup_error_new_out_of_reach (GUri * uri)
{
  return g_error_new (P2P_ERROR, P2P_ERROR_REDIRECT,
      "The stream leads to %s, in a network that it does not come from itself. "
      "Play it without the local server if that is well.",
      g_uri_get_host (uri));
}

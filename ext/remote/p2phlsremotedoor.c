/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2phlsremotedoor.h"

#include "p2phlsremoteerror.h"
#include "p2pjson.h"

#include <gio/gunixsocketaddress.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

/* Of a message before the token is known to be right */
#define MAX_HELLO 1024

GSocketAddress *
p2p_hls_remote_door_new_address (const char *path, GError ** error)
{
  gsize most = sizeof ((struct sockaddr_un *) NULL)->sun_path - 1;

  if (strlen (path) <= most)
    return g_unix_socket_address_new (path);
  g_set_error (error, P2P_HLS_REMOTE_ERROR, P2P_HLS_REMOTE_ERROR_OPTIONS,
      "the path of a socket has %" G_GSIZE_FORMAT " bytes at most: %s", most,
      path);
  return NULL;
}

char *
p2p_hls_remote_door_make (const char *type, const char *token)
{
  g_autoptr (P2pJson) message = p2p_json_new ();

  p2p_json_set_string (message, "type", type);
  if (token)
    p2p_json_set_string (message, "token", token);
  return p2p_json_to_text (message);
}

static gboolean
is_same (const char *a, const char *b)
{
  g_autofree char *x = g_compute_checksum_for_string (G_CHECKSUM_SHA256, a, -1);
  g_autofree char *y = g_compute_checksum_for_string (G_CHECKSUM_SHA256, b, -1);
  guint differ = 0;

  for (guint i = 0; x[i]; i++)
    differ |= x[i] ^ y[i];
  return differ == 0;
}

gboolean
p2p_hls_remote_door_check (const char *text, gsize size, const char *type,
    const char *token)
{
  g_autoptr (P2pJson) message = p2p_json_parse (text, size, MAX_HELLO);
  const char *said = message ? p2p_json_get_string (message, "token") : NULL;

  return message && g_strcmp0 (p2p_json_get_string (message, "type"), type) == 0
      && (token == NULL || (said && is_same (said, token)));
}

gboolean
p2p_hls_remote_door_is_own (GSocketConnection * connection, GError ** error)
{
  g_autoptr (GError) why = NULL;
  g_autoptr (GCredentials) credentials =
      g_socket_get_credentials (g_socket_connection_get_socket (connection),
      &why);
  uid_t user = credentials
      ? g_credentials_get_unix_user (credentials, &why) : (uid_t) - 1;

  if (why && g_error_matches (why, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED))
    return TRUE;
  if (why == NULL && (user == geteuid () || user == 0))
    return TRUE;
  g_set_error_literal (error, P2P_HLS_REMOTE_ERROR,
      P2P_HLS_REMOTE_ERROR_REFUSED, "the other end is of another user");
  return FALSE;
}

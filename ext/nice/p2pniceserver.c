/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pniceserver.h"

#include "p2perror.h"

#include <string.h>

static gboolean
is_host (const char *host)
{
  return host && host[0] && host[strspn (host, G_CSET_A_2_Z G_CSET_a_2_z
          G_CSET_DIGITS "-._:")] == '\0';
}

/* What is behind the port. */
static gboolean
read_rest (P2pNiceServer * self, gboolean relay, GUri * uri)
{
  const char *query = g_uri_get_query (uri);

  self->tcp = relay && g_strcmp0 (query, "transport=tcp") == 0;
  return g_uri_get_path (uri)[0] == '\0' && !g_uri_get_fragment (uri)
      && (!query || self->tcp || (relay
          && strcmp (query, "transport=udp") == 0));
}

P2pNiceServer *
p2p_nice_server_parse (const char *uri, const char *scheme, GError ** error)
{
  g_autoptr (P2pNiceServer) self = g_new0 (P2pNiceServer, 1);
  gboolean relay = strcmp (scheme, "turn") == 0;
  g_autoptr (GUri) parsed = g_uri_parse (uri, G_URI_FLAGS_HAS_PASSWORD, NULL);

  if (parsed && strcmp (g_uri_get_scheme (parsed), scheme) == 0) {
    int port = g_uri_get_port (parsed);

    self->host = g_strdup (g_uri_get_host (parsed));
    self->port = port < 0 ? P2P_NICE_SERVER_PORT : port;
    self->user = g_strdup (g_uri_get_user (parsed));
    self->password = g_strdup (g_uri_get_password (parsed));
  }
  if (is_host (self->host) && self->port > 0
      && relay == (self->user != NULL) && relay == (self->password != NULL)
      && read_rest (self, relay, parsed))
    return g_steal_pointer (&self);
  g_set_error (error, P2P_ERROR, P2P_ERROR_URI, "Not a server: it has to be %s",
      relay ? "turn://user:password@host:port?transport=udp|tcp"
      : "stun://host:port");
  return NULL;
}

void
p2p_nice_server_free (P2pNiceServer * self)
{
  g_free (self->host);
  g_free (self->user);
  g_free (self->password);
  g_free (self->address);
  g_free (self);
}

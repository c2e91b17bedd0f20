/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a URI without a port means. */
#define P2P_NICE_SERVER_PORT 3478

/**
 * P2pNiceServer:
 *
 * A server that helps peers to reach each other: "stun://host[:port]" tells them
 * their addresses, "turn://user:password@host[:port][?transport=udp|tcp]" relays
 * between them. Reserved characters of user and password are percent-encoded.
 */
typedef struct
{
  char *host;
  guint16 port;
  char *user, *password;        /* of TURN only */
  gboolean tcp;
  /* Of p2p_nice_lookup_get_server(): */
  char *address;                /* NULL: not known */
  gint64 asked;                 /* when the system was; 0: never */
  gboolean pending;
  guint n_named;                /* who were given the name meanwhile */
} P2pNiceServer;

/* scheme: "stun" or "turn". Returns: NULL, with P2P_ERROR_URI, if uri is not
 * one */
P2pNiceServer *p2p_nice_server_parse (const char *uri, const char *scheme,
    GError ** error);
void p2p_nice_server_free (P2pNiceServer * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pNiceServer, p2p_nice_server_free)

G_END_DECLS

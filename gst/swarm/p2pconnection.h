/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pchannel.h"

G_BEGIN_DECLS

/**
 * P2pConnection:
 *
 * A connection to one viewer, while it is being made: descriptions (SDP) and
 * candidates go to and fro, by whatever way a signaller has, until there is a
 * channel. Made by a #P2pConnector, ended by its failed event, by
 * p2p_connection_close() or by its last unref; when it is open it is the
 * channel that lives on. Lives on the engine's thread.
 */
#define P2P_TYPE_CONNECTION (p2p_connection_get_type ())
G_DECLARE_INTERFACE (P2pConnection, p2p_connection, P2P, CONNECTION, GObject)

/* Who of the two begins. */
typedef enum
{
  P2P_CONNECTION_OFFER,
  P2P_CONNECTION_ANSWER,
} P2pConnectionRole;

/* Never called from inside a call of the interface. A callback may close or
 * unref the connection. */
typedef struct
{
  /* Our own description, once: an offer or an answer, as the role is. Without
   * trickle it holds all candidates, and comes when they are known. */
  void (*described) (P2pConnection * connection, const char *sdp,
      gpointer user_data);
  /* With trickle: a candidate of ours ("candidate:…", without "a="). NULL: that
   * was the last one. mid: of the section it belongs to. */
  void (*candidate) (P2pConnection * connection, const char *candidate,
      const char *mid, gpointer user_data);
  /* It is made: its last event. channel: kept by who takes a reference. */
  void (*open) (P2pConnection * connection, P2pChannel * channel,
      gpointer user_data);
  /* It cannot be made: its last event. P2P_ERROR_PEER (a description that makes
   * no sense, a wrong fingerprint), _TIMEOUT, _CONNECT (no way through), _GONE. */
  void (*failed) (P2pConnection * connection, const GError * error,
      gpointer user_data);
} P2pConnectionEvents;

struct _P2pConnectionInterface
{
  GTypeInterface parent;

  void (*set_remote) (P2pConnection * self, const char *sdp);
  void (*add_candidate) (P2pConnection * self, const char *candidate);
  void (*close) (P2pConnection * self);
};

/* The other side's description: an offer, to an answering connection (which
 * then describes itself), else an answer. One that makes no sense fails the
 * connection; a second one is ignored. */
void p2p_connection_set_remote (P2pConnection * self, const char *sdp);
/* A candidate of the other side's, with or without "a="; also before its
 * description. NULL or "": that was the last. One that makes no sense, or is one
 * too many, is ignored. */
void p2p_connection_add_candidate (P2pConnection * self,
    const char *candidate);
/* No event comes after it. */
void p2p_connection_close (P2pConnection * self);

/**
 * P2pConnector:
 *
 * What ext/ has to offer so that signallers can make connections.
 */
#define P2P_TYPE_CONNECTOR (p2p_connector_get_type ())
G_DECLARE_INTERFACE (P2pConnector, p2p_connector, P2P, CONNECTOR, GObject)

struct _P2pConnectorInterface
{
  GTypeInterface parent;

  P2pConnection *(*connect) (P2pConnector * self, P2pConnectionRole role,
      gboolean trickle, const char *label, const P2pConnectionEvents * events,
      gpointer user_data);
};

/* trickle: candidates are told as they are found. label: of the channel, if the
 * role is to offer. events: static. Returns: (transfer full): never NULL; what
 * is wrong is told by failed. */
P2pConnection *p2p_connector_connect (P2pConnector * self,
    P2pConnectionRole role, gboolean trickle, const char *label,
    const P2pConnectionEvents * events, gpointer user_data);

/* Returns: (transfer full): a label as the library makes them that browsers use:
 * 40 hex digits, by chance */
char *p2p_connector_make_label (GRand * rand);

G_END_DECLS

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pclock.h"
#include "p2pconnection.h"

G_BEGIN_DECLS

/* Connections without a network, to all others of the same process: the
 * descriptions are "offer N" and "answer N", of connection N. They open when
 * both ends were told the other's description and, with trickle, at least one
 * candidate. */
#define FAKE_TYPE_CONNECTOR (fake_connector_get_type ())
G_DECLARE_FINAL_TYPE (FakeConnector, fake_connector, FAKE, CONNECTOR, GObject)

#define FAKE_TYPE_CONNECTION (fake_connection_get_type ())
G_DECLARE_FINAL_TYPE (FakeConnection, fake_connection, FAKE, CONNECTION,
    GObject)

struct _FakeConnector
{
  GObject parent;

  P2pClock *clock;
  GPtrArray *connections;       /* of FakeConnection, kept: all that were made */
  guint n_candidates;           /* that each tells of; 2 at first */
  gboolean deaf;                /* those made from now on never open … */
  gboolean mute;                /* … nor describe themselves */
};

struct _FakeConnection
{
  GObject parent;

  FakeConnector *connector;     /* NULL: it has gone */
  guint number;
  P2pConnectionRole role;
  gboolean trickle;
  char *label;
  char *remote;                 /* description, the first one; or NULL */
  guint n_remote_candidates;
  gboolean closed;              /* or failed, or open */
  P2pChannel *channel;          /* its end, when it is open */
  gboolean hung_up;             /* that was closed on this side */

  /* Private */
  const P2pConnectionEvents *events;
  gpointer user_data;
  gboolean deaf, mute;
  guint timer;
};

FakeConnector *fake_connector_new (P2pClock * clock);
/* Returns: (transfer none): the last one made, if it is the n-th */
FakeConnection *fake_connector_get (FakeConnector * self, guint n);
void fake_connection_fail (FakeConnection * self);
/* Opens it without another end. */
void fake_connection_open (FakeConnection * self);
/* A message came over its open channel. */
void fake_connection_hear (FakeConnection * self);
/* The other side closes. */
void fake_connection_break (FakeConnection * self);

G_END_DECLS

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pclock.h"
#include "p2pnicebatch.h"
#include "p2pnicecertificate.h"
#include "p2pniceserver.h"

#include <gio/gio.h>
#include <openssl/ssl.h>

G_BEGIN_DECLS

/* The STUN server that browsers' players use. */
#define P2P_NICE_STUN_SERVER "stun://stun.l.google.com:19302"

typedef enum
{
  P2P_NICE_POLICY_ALL,
  P2P_NICE_POLICY_RELAY,        /* only by way of the TURN server */
  P2P_NICE_POLICY_LAN,          /* only private addresses, and no server */
} P2pNicePolicy;

/* What connections are to be like. */
typedef struct
{
  /* Where all events come from: the engine's. The context is the default one of
   * the thread that runs it (g_main_context_push_thread_default()). */
  GMainContext *context;
  P2pClock *clock;
  const char *stun_server, *turn_server;        /* NULL: none */
  P2pNicePolicy policy;
  const char *pem;              /* NULL: a certificate of its own */
  const char *local_address;    /* the only one to use; NULL: all but loopback,
                                 * or that if there is no other */
  /* What the kernel can do for many datagrams at a time, if it can. GRO is off
   * for a connection from where a message of STUN was found behind DTLS. */
  gboolean gso, gro;
} P2pNiceConfig;

/* The defaults: P2P_NICE_STUN_SERVER, no TURN, all, GSO and GRO. */
void p2p_nice_config_init (P2pNiceConfig * config, GMainContext * context,
    P2pClock * clock);

typedef void (*P2pNiceHook) (gpointer user_data);

/**
 * P2pNiceHub:
 *
 * What the connections of a connector share: its settings, who it is, and the
 * moment of the main loop's turn when what they have to send is sent.
 */
typedef struct
{
  GMainContext *context;
  P2pClock *clock;
  P2pNiceServer *stun, *turn;   /* that are to be asked, or NULL */
  P2pNicePolicy policy;
  char *local_address;          /* or NULL */
  gboolean gso, gro;
  P2pNiceCertificate *certificate;
  SSL_CTX *dtls;
  guint n_agents;               /* those who count themselves in */
  guint n_lookups;              /* names that the system looks up … */
  GQueue lookups;               /* … and those that wait for that */
  GCancellable *cancellable;    /* of what nobody needs after the end */
  guint n_unresolved;           /* candidates dropped as their name was not known */

  /*< private >*/
  grefcount refs;
  GSource *source;
  GArray *flushes, *ends;       /* of hooks */
  P2pNiceBatch *batch;          /* a spare one, or NULL */
  gboolean ended;
} P2pNiceHub;

/* Returns: NULL, with P2P_ERROR_URI or _TLS, if config makes no sense */
P2pNiceHub *p2p_nice_hub_new (const P2pNiceConfig * config, GError ** error);
P2pNiceHub *p2p_nice_hub_ref (P2pNiceHub * self);
void p2p_nice_hub_unref (P2pNiceHub * self);

/* Calls func once, before the main loop waits again. */
void p2p_nice_hub_flush_later (P2pNiceHub * self, P2pNiceHook func,
    gpointer user_data);
/* Calls func at p2p_nice_hub_end(). Returns: FALSE if that is over */
gboolean p2p_nice_hub_at_end (P2pNiceHub * self, P2pNiceHook func,
    gpointer user_data);
/* Forgets the calls for user_data. */
void p2p_nice_hub_forget (P2pNiceHub * self, gpointer user_data);
/* An empty one, and its way back: there hardly is more than one at a time. */
P2pNiceBatch *p2p_nice_hub_take_batch (P2pNiceHub * self);
void p2p_nice_hub_return_batch (P2pNiceHub * self, P2pNiceBatch * batch);
/* Its connector is gone: nothing is to linger any more. */
void p2p_nice_hub_end (P2pNiceHub * self);

G_END_DECLS

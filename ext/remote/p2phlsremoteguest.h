/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pjson.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* A connection of a listener: what comes in over it, and whose it is. */
typedef struct _P2pHlsRemoteGuest P2pHlsRemoteGuest;

/* How far one over TLS has come. */
typedef enum
{
  P2P_HLS_REMOTE_GUEST_SILENT,  /* it has sent nothing */
  P2P_HLS_REMOTE_GUEST_SHAKING, /* TLS is being set up, on a thread of GLib's */
  P2P_HLS_REMOTE_GUEST_ASKED,   /* it has to say the token */
  P2P_HLS_REMOTE_GUEST_KNOWN,
} P2pHlsRemoteGuestState;

typedef struct
{
  /* TLS is about to be set up. May free other guests. */
  void (*shaking) (P2pHlsRemoteGuest * self, gpointer user_data);
  void (*received) (P2pHlsRemoteGuest * self, P2pJson * message,
      gpointer user_data);
  /* Last; it is still to be freed. */
  void (*closed) (P2pHlsRemoteGuest * self, gpointer user_data);
} P2pHlsRemoteGuestEvents;

/* connection: a reference is kept. certificate, token: (nullable): NULL for a UNIX
 * socket; else TLS and the token come first. silence: milliseconds that it may
 * have no keys; 0: for ever. */
P2pHlsRemoteGuest *p2p_hls_remote_guest_new (GSocketConnection * connection,
    GTlsCertificate * certificate, const char *token, guint silence,
    const P2pHlsRemoteGuestEvents * events, gpointer user_data);
/* What was sent goes out still. */
void p2p_hls_remote_guest_free (P2pHlsRemoteGuest * self);

P2pHlsRemoteGuestState p2p_hls_remote_guest_get_state (P2pHlsRemoteGuest *
    self);
/* Time at which it came */
gint64 p2p_hls_remote_guest_get_came (P2pHlsRemoteGuest * self);

/* Updates are left out when much waits already. */
void p2p_hls_remote_guest_send (P2pHlsRemoteGuest * self, const char *text);
/* Returns: (nullable): the address of this machine by which it came; NULL: it is on
 * this machine */
const char *p2p_hls_remote_guest_get_host (P2pHlsRemoteGuest * self);

/* The keys that are its own */
void p2p_hls_remote_guest_add_key (P2pHlsRemoteGuest * self, const char *key);
void p2p_hls_remote_guest_remove_key (P2pHlsRemoteGuest * self,
    const char *key);
guint p2p_hls_remote_guest_get_n_keys (P2pHlsRemoteGuest * self);
/* Returns: (transfer container) (element-type utf8) */
GList *p2p_hls_remote_guest_get_keys (P2pHlsRemoteGuest * self);

G_END_DECLS

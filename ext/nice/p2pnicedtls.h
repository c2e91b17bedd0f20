/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pclock.h"
#include "p2pnicecertificate.h"

#include <openssl/ssl.h>

G_BEGIN_DECLS

/* The longest datagram of the handshake. */
#define P2P_NICE_DTLS_MTU 1200
/* The longest packet. */
#define P2P_NICE_DTLS_MAX_PACKET 1440
/* What a record adds to a packet, at most: header, nonce, tag. */
#define P2P_NICE_DTLS_OVERHEAD 37
/* A flight that is not answered is sent again after this long, then after twice
 * that, to the most. */
#define P2P_NICE_DTLS_FIRST_TIMEOUT (50 * P2P_MSEC)
#define P2P_NICE_DTLS_MAX_TIMEOUT (3 * P2P_SECOND)
/* Datagrams that come before it is known whose they must be are kept, as many
 * and as long as these. */
#define P2P_NICE_DTLS_MAX_EARLY 8
#define P2P_NICE_DTLS_MAX_EARLY_SIZE 2048

/**
 * P2pNiceDtls:
 *
 * DTLS 1.2 by OpenSSL, with a peer that is who its fingerprint says, or no
 * byte of it is handed on.
 */
typedef struct _P2pNiceDtls P2pNiceDtls;

/* It must not be freed in one of them. */
typedef struct
{
  /* A datagram to send, valid during the call. Also from inside calls. */
  void (*output) (const guint8 * data, gsize size, gpointer user_data);
  /* The other ones come from input(), start() and the clock only. */
  void (*connected) (gpointer user_data);
  void (*packet) (const guint8 * data, gsize size, gpointer user_data);
  /* Its last event. error: NULL if the peer closed it, else P2P_ERROR_PEER. */
  void (*closed) (const GError * error, gpointer user_data);
} P2pNiceDtlsEvents;

/* What all that use a certificate share. Returns: (transfer full): to be freed
 * by SSL_CTX_free() */
SSL_CTX *p2p_nice_dtls_context_new (const P2pNiceCertificate * certificate);

P2pNiceDtls *p2p_nice_dtls_new (SSL_CTX * context, P2pClock * clock,
    const P2pNiceDtlsEvents * events, gpointer user_data);
/* No event comes after it. */
void p2p_nice_dtls_free (P2pNiceDtls * self);

/* Once. client: whether it says hello. fingerprint: of the peer's certificate */
void p2p_nice_dtls_start (P2pNiceDtls * self, gboolean client,
    const guint8 fingerprint[P2P_NICE_FINGERPRINT_SIZE]);

/* A datagram, or several behind each other; what is not DTLS is let go. */
void p2p_nice_dtls_input (P2pNiceDtls * self, const guint8 * data, gsize size);
/* A packet; one that cannot be sent is lost, as on any network. */
void p2p_nice_dtls_send (P2pNiceDtls * self, const guint8 * data, gsize size);
/* Gives buffers back until there is something to do again. */
void p2p_nice_dtls_rest (P2pNiceDtls * self);
/* Says goodbye. */
void p2p_nice_dtls_close (P2pNiceDtls * self);

G_END_DECLS

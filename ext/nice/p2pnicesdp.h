/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pnicecandidate.h"

G_BEGIN_DECLS

/* Limits of what is read. */
#define P2P_NICE_SDP_MAX_SIZE (64 * 1024)
#define P2P_NICE_SDP_MAX_CANDIDATES 64
#define P2P_NICE_SDP_MAX_MID 64
/* RFC 8839: 4 to 256 and 22 to 256 characters. */
#define P2P_NICE_SDP_MIN_UFRAG 4
#define P2P_NICE_SDP_MIN_PWD 22
#define P2P_NICE_SDP_MAX_SECRET 256

#define P2P_NICE_FINGERPRINT_SIZE 32
/* What is meant if a description does not say (RFC 8841). */
#define P2P_NICE_SDP_DEFAULT_PORT 5000
#define P2P_NICE_SDP_DEFAULT_MAX_MESSAGE (64 * 1024)
/* The longest message that we take, and say so. */
#define P2P_NICE_MAX_MESSAGE (256 * 1024)

/* Who opens the DTLS connection. */
typedef enum
{
  P2P_NICE_SETUP_ACTPASS,       /* offers only: as the other one likes */
  P2P_NICE_SETUP_ACTIVE,
  P2P_NICE_SETUP_PASSIVE,
} P2pNiceSetup;

/**
 * P2pNiceSdp:
 *
 * An offer or an answer of a connection with data channels and nothing else:
 * what browsers write and take (RFC 8829, RFC 8841).
 */
typedef struct
{
  guint64 session_id;           /* read as 0 */
  char *mid;                    /* of the section; an answer repeats the offer's */
  char *ufrag, *pwd;
  guint8 fingerprint[P2P_NICE_FINGERPRINT_SIZE];        /* SHA-256 */
  P2pNiceSetup setup;
  guint16 sctp_port;
  gsize max_message;            /* never over P2P_NICE_MAX_MESSAGE */
  gboolean trickle;             /* candidates may come later */
  GArray *candidates;           /* of P2pNiceCandidate */
} P2pNiceSdp;

/* Without anything but the defaults. */
P2pNiceSdp *p2p_nice_sdp_new (void);
void p2p_nice_sdp_free (P2pNiceSdp * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pNiceSdp, p2p_nice_sdp_free)

/* Candidates that make no sense, or are too many, are left out.
 * Returns: (transfer full): or NULL, with P2P_ERROR_PEER */
P2pNiceSdp *p2p_nice_sdp_parse (const char *text, GError ** error);

/* Returns: (transfer full) */
char *p2p_nice_sdp_write (const P2pNiceSdp * self);

G_END_DECLS

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Limits: of a line, of its parts with the NUL. */
#define P2P_NICE_CANDIDATE_MAX_LINE 1024
#define P2P_NICE_CANDIDATE_MAX_FOUNDATION 33
#define P2P_NICE_CANDIDATE_MAX_HOST 256

typedef enum
{
  P2P_NICE_CANDIDATE_HOST,
  P2P_NICE_CANDIDATE_SRFLX,
  P2P_NICE_CANDIDATE_PRFLX,
  P2P_NICE_CANDIDATE_RELAY,
} P2pNiceCandidateType;

/**
 * P2pNiceCandidate:
 *
 * A way to reach a viewer, as RFC 8839 writes it into SDP: over UDP, of
 * component 1, the only ones that a data channel here has.
 */
typedef struct
{
  char foundation[P2P_NICE_CANDIDATE_MAX_FOUNDATION];
  guint32 priority;
  char host[P2P_NICE_CANDIDATE_MAX_HOST];       /* an address, or a .local name */
  guint16 port;
  P2pNiceCandidateType type;
  char related[P2P_NICE_CANDIDATE_MAX_HOST];    /* "": none */
  guint16 related_port;
} P2pNiceCandidate;

/* line: "candidate:…", with or without "a=" before and a line end behind.
 * Returns: FALSE, and nothing of use in candidate, if it makes no sense, is over
 * a limit or is of a kind that is not used here (TCP, another component, a host
 * that is neither an address nor a .local name). */
gboolean p2p_nice_candidate_parse (P2pNiceCandidate * candidate,
    const char *line);

/* Returns: (transfer full): "candidate:…" */
char *p2p_nice_candidate_write (const P2pNiceCandidate * candidate);

/* Whether host is a name of multicast DNS, which the system has to resolve. */
gboolean p2p_nice_candidate_is_local_name (const char *host);

G_END_DECLS

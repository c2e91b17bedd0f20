/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Limits: bytes of the label, and of the sub-protocol's name (which is let go). */
#define P2P_NICE_DCEP_MAX_LABEL 256
#define P2P_NICE_DCEP_MAX_PROTOCOL 256

/* What a message of SCTP is (RFC 8831, section 8). */
typedef enum
{
  P2P_NICE_PPID_DCEP = 50,
  P2P_NICE_PPID_TEXT = 51,
  P2P_NICE_PPID_BINARY = 53,
  P2P_NICE_PPID_TEXT_EMPTY = 56,
  P2P_NICE_PPID_BINARY_EMPTY = 57,
} P2pNicePpid;

typedef enum
{
  P2P_NICE_DCEP_BAD,            /* breaks RFC 8832, or a limit */
  P2P_NICE_DCEP_ACK,
  P2P_NICE_DCEP_OPEN,
} P2pNiceDcepType;

/**
 * P2pNiceDcep:
 *
 * A message of the protocol that opens data channels (RFC 8832).
 */
typedef struct
{
  P2pNiceDcepType type;
  /* Of an OPEN: */
  gboolean reliable;            /* … and in order */
  char *label;                  /* UTF-8 */
} P2pNiceDcep;

/* Reads a message; p2p_nice_dcep_clear() after it. */
void p2p_nice_dcep_parse (P2pNiceDcep * dcep, const guint8 * data, gsize size);
void p2p_nice_dcep_clear (P2pNiceDcep * dcep);

/* label: cut if it is too long. Returns: (transfer full): an OPEN of a channel
 * that is reliable and in order */
GBytes *p2p_nice_dcep_write_open (const char *label);
/* Returns: (transfer full) */
GBytes *p2p_nice_dcep_write_ack (void);

/* The stream that a side opens its first channel on, and whether stream is one
 * for it to open: even ones are the DTLS client's. */
guint16 p2p_nice_dcep_first_stream (gboolean client);
gboolean p2p_nice_dcep_owns_stream (gboolean client, guint16 stream);

G_END_DECLS

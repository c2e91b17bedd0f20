/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pchannel.h"

G_BEGIN_DECLS

/**
 * P2pSnMessage:
 *
 * One message of seed 002's protocol between viewers ("datachannel交互协议"),
 * which names segments by media sequence number: a JSON object, sent as text.
 * The names and the order of the members are those that its own client sends.
 * What is beside the seed's text came days after it and is sent by that client:
 * PING, PONG, PIECE_NOT_FOUND, and a url in the place of, or beside, an sn.
 */

/* A text of more bytes is not read. */
#define P2P_SN_MAX_TEXT (256 * 1024)
/* Entries of a BITFIELD: nine hours of segments of 2 s. */
#define P2P_SN_MAX_FIELD (16 * 1024)
/* Bytes of a url. */
#define P2P_SN_MAX_URL 4096
/* Bytes of a binary message: what is sent to a stranger (every browser takes
 * it, and so does seed 002's client), and the most that is taken. */
#define P2P_SN_PACKET (16 * 1024)
#define P2P_SN_MAX_PACKET (64 * 1024)
/* A piece that comes in smaller ones on average is not taken. */
#define P2P_SN_MIN_PACKET 1024
/* Bytes that may wait in a channel to be sent; what would be more waits outside
 * (pieces) or is not sent (text). Pieces leave room for text. */
#define P2P_SN_MAX_BUFFERED (256 * 1024)
#define P2P_SN_TEXT_ROOM (32 * 1024)

typedef enum
{
  P2P_SN_REQUEST,               /* sn, url or both; urgent */
  P2P_SN_PIECE,                 /* sn, url; attachments, size */
  P2P_SN_PIECE_ACK,             /* sn, url */
  P2P_SN_PIECE_NOT_FOUND,       /* sn, url */
  P2P_SN_BITFIELD,              /* field, packet, elects */
  P2P_SN_HAVE,                  /* sn */
  P2P_SN_LOST,                  /* sn */
  P2P_SN_PING,
  P2P_SN_PONG,
  P2P_SN_CLOSE,
  P2P_SN_ERROR,
  P2P_SN_UNKNOWN,               /* of another generation: to be ignored */
} P2pSnEvent;

typedef struct
{
  P2pSnEvent event;
  gint64 sn;                    /* media sequence number; -1: none */
  char *url;                    /* of the segment; NULL: none */
  gboolean urgent;
  guint attachments;            /* binary messages that follow */
  gsize size;                   /* bytes of all of them */
  GArray *field;                /* of gint64: the sn of all segments held */
  gsize packet;                 /* bytes of the longest binary message that the
                                 * sender takes; 0: not said. An addition of
                                 * ours, member "packet", that others ignore. */
  gboolean elects;              /* whether the sender takes part in the election
                                 * (P2pElection); another addition of ours */
} P2pSnMessage;

/* text: as it came from a stranger. self: whatever it was; to be cleared if it
 * is TRUE. Returns: FALSE if it is no JSON, or breaks a rule of the protocol or
 * a bound above: a PIECE whose attachments cannot hold its size, one of more
 * than P2P_SEGMENT_MAX_BYTES, a REQUEST for nothing … */
gboolean p2p_sn_message_parse (P2pSnMessage * self, GBytes * text);
void p2p_sn_message_clear (P2pSnMessage * self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (P2pSnMessage, p2p_sn_message_clear)

/* Returns: (transfer full): the text */
GBytes *p2p_sn_message_write (const P2pSnMessage * self);

/* Returns: FALSE if it is not sent: too much waits in the channel, or it is not
 * open any more. */
gboolean p2p_sn_message_send (const P2pSnMessage * self,
    P2pChannel * channel);
/* The same of one that only says what happened to which segment. sn: -1, url:
 * NULL: left out */
gboolean p2p_sn_message_say (P2pChannel * channel, P2pSnEvent event,
    gint64 sn, const char *url);

G_END_DECLS

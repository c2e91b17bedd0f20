/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pgeneration.h"

G_BEGIN_DECLS

/**
 * P2pMlJson:
 *
 * One message of the three generations of p2p-media-loader 0.x that speak JSON.
 * They have the same five commands, and differ in how they are spelled, in how a
 * segment is named and in how its bytes go: in G1 and G2 raw, in messages of
 * their own that follow the DATA; in G0 each message is a DATA with 4 KiB of
 * them as an array of numbers. Which of the three it is, is its P2pMlWire.
 */

/* A message of more bytes is none of these. */
#define P2P_ML_JSON_MAX_TEXT (256 * 1024)
/* Segments in a MAP, of all its streams. */
#define P2P_ML_JSON_MAX_IDS (16 * 1024)
/* Bytes of the id of a segment. */
#define P2P_ML_JSON_MAX_ID 4096
/* Bytes of a raw message, as it is sent: webRtcMaxMessageSize. */
#define P2P_ML_JSON_MAX_RAW 65535
/* Bytes of each piece that G0 sends, the most that are taken, and of how many a
 * segment may be. */
#define P2P_ML_JSON_PIECE 4096
#define P2P_ML_JSON_MAX_PIECE (64 * 1024)
#define P2P_ML_JSON_MAX_PIECES (16 * 1024)

/* The first five are the codes of G2. */
typedef enum
{
  P2P_ML_JSON_DATA,             /* id; G0: piece, index, n_pieces; else size */
  P2P_ML_JSON_ABSENT,           /* id */
  P2P_ML_JSON_MAP,              /* streams */
  P2P_ML_JSON_REQUEST,          /* id */
  P2P_ML_JSON_CANCEL,           /* id */
  P2P_ML_JSON_UNKNOWN,          /* of another version */
  P2P_ML_JSON_BROKEN,           /* one of the five that breaks the rules */
} P2pMlJsonCommand;

/* What is held of a stream, and what is being loaded over HTTP. */
typedef struct
{
  char *name;                   /* G2: ids are without it; else NULL */
  GPtrArray *loaded, *loading;  /* of strings; loading not in G0 */
} P2pMlJsonStream;

typedef struct
{
  P2pMlJsonCommand command;
  char *id;                     /* of the segment, as the wire names it */
  gint64 size;                  /* bytes that follow; -1: nothing that could */
  GBytes *piece;                /* NULL: nothing that could be one */
  guint index, n_pieces;
  GPtrArray *streams;           /* of P2pMlJsonStream: all that is held now */
} P2pMlJson;

/* Returns: (transfer full): no stream */
GPtrArray *p2p_ml_json_streams_new (void);
/* Returns: (transfer none): added to streams, without segments */
P2pMlJsonStream *p2p_ml_json_streams_add (GPtrArray * streams,
    const char *name);

/* Whether it looks like a command, as they look at it before they parse it:
 * it begins with {" and ends with }. All else is raw. */
gboolean p2p_ml_json_looks_like (GBytes * bytes);

/* bytes: as they came from a stranger. self: whatever it was; to be cleared if
 * it is TRUE. A MAP with anything wrong in it is empty, as it is for them.
 * Returns: FALSE if it is no command but raw, as they see it: it does not look
 * like one, or it is no JSON; or it is too long. */
gboolean p2p_ml_json_read (P2pMlJson * self, P2pMlWire kind,
    GBytes * bytes);
void p2p_ml_json_clear (P2pMlJson * self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (P2pMlJson, p2p_ml_json_clear)

/* One of the five. Streams that hold nothing are left out: their readers would
 * take them for one segment. Returns: (transfer full) */
GBytes *p2p_ml_json_write (const P2pMlJson * self, P2pMlWire kind);

G_END_DECLS

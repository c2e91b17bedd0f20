/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* The generations of p2p-media-loader, as docs/generations.md tells them. Those
 * of two never meet: each makes another info hash of the same stream. */
typedef enum
{
  P2P_GENERATION_0,             /* the first one published, 0.0.1 */
  P2P_GENERATION_1,             /* 0.1 to 0.4 */
  P2P_GENERATION_2,             /* 0.5 and 0.6 */
  P2P_GENERATION_3,             /* 1.0.0 to 1.0.3 */
  P2P_GENERATION_4,             /* 1.0.4 to 2.2 */
  P2P_GENERATION_5,             /* 2.3 to 4 */
  P2P_GENERATION_6,             /* 5 */
  P2P_N_GENERATIONS,
} P2pGeneration;

/**
 * P2pGenerations:
 *
 * A set of generations, each the bit 1 << P2pGeneration: which of them to join.
 * The nicks are "p2pml-0.0", "p2pml-0.1", "p2pml-0.6", "p2pml-1.0",
 * "p2pml-2.2", "p2pml-2.3" and "p2pml-5.0", each after one version of it.
 */
typedef enum
{
  P2P_GENERATIONS_NONE = 0,
  P2P_GENERATIONS_0 = 1 << P2P_GENERATION_0,
  P2P_GENERATIONS_1 = 1 << P2P_GENERATION_1,
  P2P_GENERATIONS_2 = 1 << P2P_GENERATION_2,
  P2P_GENERATIONS_3 = 1 << P2P_GENERATION_3,
  P2P_GENERATIONS_4 = 1 << P2P_GENERATION_4,
  P2P_GENERATIONS_5 = 1 << P2P_GENERATION_5,
  P2P_GENERATIONS_6 = 1 << P2P_GENERATION_6,
} P2pGenerations;

#define P2P_GENERATIONS_DEFAULT P2P_GENERATIONS_5
#define P2P_TYPE_GENERATIONS (p2p_generations_get_type ())
GType p2p_generations_get_type (void);

/* What peers say to each other */
typedef enum
{
  P2P_ML_WIRE_ARRAYS,           /* JSON, the bytes of segments too */
  P2P_ML_WIRE_LONG,             /* JSON of long names, and raw pieces */
  P2P_ML_WIRE_SHORT,            /* JSON of one letter, and raw pieces */
  P2P_ML_WIRE_BINARY,           /* framed commands, without a request's id */
  P2P_ML_WIRE_BINARY_REQUESTS,  /* … with it */
} P2pMlWire;

/* What the name of a stream is made of, behind that of the presentation */
typedef enum
{
  P2P_STREAM_NAME_PLACE,        /* "+" and the place of the variant */
  P2P_STREAM_NAME_V_PLACE,      /* "+V" and that */
  P2P_STREAM_NAME_INDEX,        /* "-main-" or "-secondary-", and the index that
                                 * hls.js gives the level or audio track */
  P2P_STREAM_NAME_PROPERTIES,   /* … and a hash of its properties, normalised */
  P2P_STREAM_NAME_PLAIN_PROPERTIES,     /* … as they are written */
} P2pStreamName;

/* The URL of the first playlist, and what of its query stays */
typedef enum
{
  P2P_BASE_REQUESTED,           /* without query */
  P2P_BASE_REQUESTED_MASTER,    /* without it only if it is a master */
  P2P_BASE_REQUESTED_WHOLE,     /* with it */
  P2P_BASE_RESPONSE,            /* after redirects, without it */
} P2pBase;

/* How a swarm's 20 bytes are made of its name */
typedef enum
{
  P2P_INFO_HASH_SHA1,           /* as it is */
  P2P_INFO_HASH_MD5_TEXT,       /* Base64 of MD5's bytes 1 to 15 */
  P2P_INFO_HASH_SHA1_TEXT,      /* Base64 of SHA-1's bytes 0 to 14 */
} P2pInfoHash;

/* What segments are called */
typedef enum
{
  P2P_SEGMENT_NAME_URL,
  P2P_SEGMENT_NAME_STREAM_SEQUENCE,     /* stream, "+", media sequence number */
  P2P_SEGMENT_NAME_NUMBER,      /* their place if the playlist has an end, else
                                 * their media sequence number */
  P2P_SEGMENT_NAME_SEQUENCE,    /* media sequence number */
} P2pSegmentName;

typedef struct
{
  const char *name;             /* "G5" */
  const char *nick;             /* of P2pGenerations */
  const char *versions;         /* for people */
  gboolean met;                 /* FALSE: only its source was read */
  P2pMlWire wire;
  const char *prefix;           /* of what is hashed */
  P2pBase base;
  P2pStreamName stream_name;
  P2pInfoHash info_hash;
  P2pSegmentName segment_name;
  const char *peer_prefix;      /* of peer ids */
  guint n_offers;               /* in an announce */
} P2pGenerationInfo;

#define P2P_INFO_HASH_SIZE 20
#define P2P_PEER_ID_SIZE 20

/* Returns: static */
const P2pGenerationInfo *p2p_generation_get_info (P2pGeneration self);

/* hashed: from p2p_identity_get_hashed() */
void p2p_generation_make_info_hash (P2pGeneration self, const char *hashed,
    guint8 info_hash[P2P_INFO_HASH_SIZE]);

/* A new one: ASCII, the prefix of the generation and random letters and digits.
 * Where its clients have 20 random bytes, it has a prefix all the same: there
 * are trackers that refuse ids without, and peers that take them for text. elects:
 * see p2p_election_mark() */
void p2p_generation_make_peer_id (P2pGeneration self, GRand * rand,
    gboolean elects, guint8 peer_id[P2P_PEER_ID_SIZE]);

G_END_DECLS

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pgeneration.h"

#include "p2pelection.h"

#include <string.h>

/* *INDENT-OFF* */
static const P2pGenerationInfo table[P2P_N_GENERATIONS] = {
  { "G0", "p2pml-0.0", "0.0.1", FALSE, P2P_ML_WIRE_ARRAYS,
    "", P2P_BASE_REQUESTED_WHOLE, P2P_STREAM_NAME_PLACE,
    P2P_INFO_HASH_SHA1, P2P_SEGMENT_NAME_URL, "-WW0000-", 10 },
  { "G1", "p2pml-0.1", "0.1 to 0.4", TRUE, P2P_ML_WIRE_LONG,
    "1", P2P_BASE_REQUESTED_MASTER, P2P_STREAM_NAME_V_PLACE,
    P2P_INFO_HASH_SHA1, P2P_SEGMENT_NAME_STREAM_SEQUENCE, "-WW0004-", 10 },
  { "G2", "p2pml-0.6", "0.5 and 0.6", TRUE, P2P_ML_WIRE_SHORT,
    "2", P2P_BASE_REQUESTED, P2P_STREAM_NAME_V_PLACE,
    P2P_INFO_HASH_SHA1, P2P_SEGMENT_NAME_STREAM_SEQUENCE, "-WW0006-", 10 },
  { "G3", "p2pml-1.0", "1.0.0 to 1.0.3", FALSE, P2P_ML_WIRE_BINARY,
    "v1-", P2P_BASE_RESPONSE, P2P_STREAM_NAME_INDEX,
    P2P_INFO_HASH_MD5_TEXT, P2P_SEGMENT_NAME_NUMBER, "-PM0100-", 5 },
  { "G4", "p2pml-2.2", "1.0.4 to 2.2", TRUE, P2P_ML_WIRE_BINARY_REQUESTS,
    "v2-", P2P_BASE_RESPONSE, P2P_STREAM_NAME_INDEX,
    P2P_INFO_HASH_MD5_TEXT, P2P_SEGMENT_NAME_NUMBER, "-PM0202-", 5 },
  { "G5", "p2pml-2.3", "2.3 to 4", TRUE, P2P_ML_WIRE_BINARY_REQUESTS,
    "v2-", P2P_BASE_RESPONSE, P2P_STREAM_NAME_PROPERTIES,
    P2P_INFO_HASH_SHA1_TEXT, P2P_SEGMENT_NAME_NUMBER, "-PM0203-", 5 },
  { "G6", "p2pml-5.0", "5", FALSE, P2P_ML_WIRE_BINARY_REQUESTS,
    "v3-", P2P_BASE_REQUESTED, P2P_STREAM_NAME_PLAIN_PROPERTIES,
    P2P_INFO_HASH_SHA1_TEXT, P2P_SEGMENT_NAME_SEQUENCE, "-PM0500-", 5 },
};
/* *INDENT-ON* */

GType
p2p_generations_get_type (void)
{
  static gsize type;

  if (g_once_init_enter (&type)) {
    /* GObject keeps it. */
    static GFlagsValue values[P2P_N_GENERATIONS + 1];

    for (guint i = 0; i < P2P_N_GENERATIONS; i++) {
      values[i].value = 1 << i;
      values[i].value_name = table[i].versions;
      values[i].value_nick = table[i].nick;
    }
    g_once_init_leave (&type, g_flags_register_static ("P2pGenerations",
            values));
  }
  return type;
}

const P2pGenerationInfo *
p2p_generation_get_info (P2pGeneration self)
{
  return &table[self];
}

/* 15 bytes of digest in 20 characters */
static void
write_text (GChecksumType type, const char *string, gsize first,
    guint8 info_hash[P2P_INFO_HASH_SIZE])
{
  g_autoptr (GChecksum) sum = g_checksum_new (type);
  g_autofree char *text = NULL;
  guint8 digest[20];
  gsize size = sizeof (digest);

  g_checksum_update (sum, (const guchar *) string, strlen (string));
  g_checksum_get_digest (sum, digest, &size);
  text = g_base64_encode (digest + first, 15);
  memcpy (info_hash, text, P2P_INFO_HASH_SIZE);
}

void
p2p_generation_make_info_hash (P2pGeneration self, const char *hashed,
    guint8 info_hash[P2P_INFO_HASH_SIZE])
{
  g_autoptr (GChecksum) sum = NULL;
  gsize size = P2P_INFO_HASH_SIZE;

  switch (table[self].info_hash) {
    case P2P_INFO_HASH_MD5_TEXT:
      write_text (G_CHECKSUM_MD5, hashed, 1, info_hash);
      break;
    case P2P_INFO_HASH_SHA1_TEXT:
      write_text (G_CHECKSUM_SHA1, hashed, 0, info_hash);
      break;
    case P2P_INFO_HASH_SHA1:
      sum = g_checksum_new (G_CHECKSUM_SHA1);
      g_checksum_update (sum, (const guchar *) hashed, strlen (hashed));
      g_checksum_get_digest (sum, info_hash, &size);
      break;
  }
}

void
p2p_generation_make_peer_id (P2pGeneration self, GRand * rand, gboolean elects,
    guint8 peer_id[P2P_PEER_ID_SIZE])
{
  static const char symbols[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
      "abcdefghijklmnopqrstuvwxyz0123456789";
  gsize n = strlen (table[self].peer_prefix);

  memcpy (peer_id, table[self].peer_prefix, n);
  for (; n < P2P_PEER_ID_SIZE; n++)
    peer_id[n] = symbols[g_rand_int_range (rand, 0, sizeof (symbols) - 1)];
  if (elects)
    p2p_election_mark ((char *) peer_id, P2P_PEER_ID_SIZE);
}

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pelection.h"

#include <string.h>

static guint32
p2p_election_hash (guint32 hash, const char *text)
{
  for (; *text; text++)
    hash = (hash ^ (guint8) * text) * 16777619u;
  return hash;
}

guint32
p2p_election_get_score (const char *peer, const char *segment)
{
  guint32 hash = p2p_election_hash (2166136261u, peer);

  hash = p2p_election_hash (p2p_election_hash (hash, "|"), segment);
  /* The last characters, in which segments differ, have to move all bits:
   * else one peer would be elected for many in a row. */
  hash = (hash ^ (hash >> 16)) * 0x85ebca6bu;
  hash = (hash ^ (hash >> 13)) * 0xc2b2ae35u;
  return hash ^ (hash >> 16);
}

gboolean
p2p_election_is_before (const char *a, const char *b, const char *segment)
{
  guint32 x = p2p_election_get_score (a, segment);
  guint32 y = p2p_election_get_score (b, segment);

  return x != y ? x < y : strcmp (a, b) < 0;
}

void
p2p_election_mark (char *id, gsize size)
{
  static const char symbols[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
      "abcdefghijklmnopqrstuvwxyz0123456789";
  const gsize n_symbols = sizeof symbols - 1;
  g_autofree char *others = g_strndup (id, size - P2P_ELECTION_MARK);
  guint32 score = p2p_election_get_score (others, "");

  for (gsize i = size - P2P_ELECTION_MARK; i < size; i++) {
    id[i] = symbols[score % n_symbols];
    score /= n_symbols;
  }
}

gboolean
p2p_election_is_marked (const char *id)
{
  gsize size = strlen (id);
  g_autofree char *marked = g_strdup (id);

  if (size <= P2P_ELECTION_MARK)
    return FALSE;
  p2p_election_mark (marked, size);
  return g_str_equal (marked, id);
}

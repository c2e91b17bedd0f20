/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pniceprobe.h"

#include <string.h>

/* First byte, name, what it is, cookie; and nothing to the end. */
#define NAME "p2phls"
#define KIND (1 + sizeof NAME - 1)
#define COOKIE (KIND + 1)
#define QUESTION '?'
#define ANSWER '!'

static void
write_datagram (guint8 data[P2P_NICE_PROBE_SIZE], guint8 kind,
    const guint8 * cookie)
{
  memset (data, 0, P2P_NICE_PROBE_SIZE);
  data[0] = P2P_NICE_PROBE_FIRST;
  memcpy (data + 1, NAME, sizeof NAME - 1);
  data[KIND] = kind;
  memcpy (data + COOKIE, cookie, P2P_NICE_PROBE_COOKIE);
}

void
p2p_nice_probe_ask (P2pNiceProbe * self, gint64 now,
    guint8 data[P2P_NICE_PROBE_SIZE])
{
  self->asked = now;
  for (guint i = 0; i < P2P_NICE_PROBE_COOKIE; i++)
    self->cookie[i] = g_random_int_range (0, 256);
  write_datagram (data, QUESTION, self->cookie);
}

gboolean
p2p_nice_probe_answer (P2pNiceProbe * self, guint8 data[P2P_NICE_PROBE_SIZE])
{
  gboolean has = self->has_question;

  self->has_question = FALSE;
  if (has)
    write_datagram (data, ANSWER, self->question);
  return has;
}

gboolean
p2p_nice_probe_read (P2pNiceProbe * self, const guint8 * data, gsize size)
{
  if (size != P2P_NICE_PROBE_SIZE || data[0] != P2P_NICE_PROBE_FIRST
      || memcmp (data + 1, NAME, sizeof NAME - 1) != 0)
    return FALSE;
  if (data[KIND] == QUESTION) {
    self->has_question = TRUE;
    memcpy (self->question, data + COOKIE, P2P_NICE_PROBE_COOKIE);
  }
  return data[KIND] == ANSWER && self->asked != 0
      && memcmp (data + COOKIE, self->cookie, P2P_NICE_PROBE_COOKIE) == 0;
}

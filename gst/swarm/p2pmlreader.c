/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pmlreader.h"

#include <string.h>

#define FRAME 8                 /* bytes around a payload */

struct _P2pMlReader
{
  gboolean request_ids;
  GByteArray *parts;            /* what came of a command, or NULL */
};

P2pMlReader *
p2p_ml_reader_new (gboolean request_ids)
{
  P2pMlReader *self = g_new0 (P2pMlReader, 1);

  self->request_ids = request_ids;
  return self;
}

static void
p2p_ml_reader_drop (P2pMlReader * self)
{
  g_clear_pointer (&self->parts, g_byte_array_unref);
}

void
p2p_ml_reader_free (P2pMlReader * self)
{
  p2p_ml_reader_drop (self);
  g_free (self);
}

gboolean
p2p_ml_message_is_command (GBytes * message)
{
  gsize size;
  const char *data = g_bytes_get_data (message, &size);

  return size >= FRAME && (data[0] == 'c' || data[0] == 'd')
      && memcmp (data + 1, "str", 3) == 0
      && (data[size - 4] == 'c' || data[size - 4] == 'd')
      && memcmp (data + size - 3, "end", 3) == 0;
}

/* Returns: (transfer full) (nullable): the payload, if all of it is there; bad: (out):
 * it cannot be */
static GBytes *
p2p_ml_reader_join (P2pMlReader * self, GBytes * message, gboolean * bad)
{
  gsize size, before = self->parts ? self->parts->len : 0;
  const guint8 *data = g_bytes_get_data (message, &size);
  gboolean first = data[0] == 'c', last = data[size - 4] == 'c';

  *bad = first == (self->parts != NULL)
      || before + size - FRAME > P2P_ML_MAX_COMMAND;
  if (*bad) {
    p2p_ml_reader_drop (self);
    return NULL;
  }
  if (first && last)
    return g_bytes_new_from_bytes (message, FRAME / 2, size - FRAME);
  if (first)
    self->parts = g_byte_array_new ();
  g_byte_array_append (self->parts, data + FRAME / 2, size - FRAME);
  return last ? g_byte_array_free_to_bytes (g_steal_pointer (&self->parts))
      : NULL;
}

P2pMlRead
p2p_ml_reader_take (P2pMlReader * self, GBytes * message,
    P2pMlCommand * command)
{
  g_autoptr (GBytes) payload = NULL;
  gboolean bad;

  if (!p2p_ml_message_is_command (message))
    return P2P_ML_READ_SEGMENT;
  payload = p2p_ml_reader_join (self, message, &bad);
  if (bad)
    return P2P_ML_READ_BAD;
  if (!payload)
    return P2P_ML_READ_PART;
  return p2p_ml_command_parse (command, payload, self->request_ids)
      ? P2P_ML_READ_COMMAND : P2P_ML_READ_BAD;
}

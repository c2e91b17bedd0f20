/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pnicedcep.h"

#include <string.h>

#define TYPE_ACK 0x02
#define TYPE_OPEN 0x03
#define CHANNEL_RELIABLE 0x00
#define OPEN_HEADER 12          /* bytes before the label */

static guint
read_u16 (const guint8 * data)
{
  return data[0] << 8 | data[1];
}

void
p2p_nice_dcep_parse (P2pNiceDcep * dcep, const guint8 * data, gsize size)
{
  gsize label, protocol;

  memset (dcep, 0, sizeof *dcep);
  if (size == 1 && data[0] == TYPE_ACK)
    dcep->type = P2P_NICE_DCEP_ACK;
  if (size < OPEN_HEADER || data[0] != TYPE_OPEN)
    return;
  label = read_u16 (data + 8);
  protocol = read_u16 (data + 10);
  if (label > P2P_NICE_DCEP_MAX_LABEL || protocol > P2P_NICE_DCEP_MAX_PROTOCOL
      || size != OPEN_HEADER + label + protocol
      || !g_utf8_validate ((const char *) data + OPEN_HEADER, label, NULL))
    return;
  dcep->type = P2P_NICE_DCEP_OPEN;
  dcep->reliable = data[1] == CHANNEL_RELIABLE;
  dcep->label = g_strndup ((const char *) data + OPEN_HEADER, label);
}

void
p2p_nice_dcep_clear (P2pNiceDcep * dcep)
{
  g_clear_pointer (&dcep->label, g_free);
}

GBytes *
p2p_nice_dcep_write_open (const char *label)
{
  gsize size = strlen (label);
  GByteArray *data = g_byte_array_sized_new (OPEN_HEADER + size);
  guint8 header[OPEN_HEADER] = { TYPE_OPEN, CHANNEL_RELIABLE };

  if (size > P2P_NICE_DCEP_MAX_LABEL)
    size = g_utf8_find_prev_char (label, label + P2P_NICE_DCEP_MAX_LABEL + 1)
        - label;
  header[8] = size >> 8;
  header[9] = size & 0xff;
  g_byte_array_append (data, header, sizeof header);
  g_byte_array_append (data, (const guint8 *) label, size);
  return g_byte_array_free_to_bytes (data);
}

GBytes *
p2p_nice_dcep_write_ack (void)
{
  static const guint8 ack = TYPE_ACK;

  return g_bytes_new_static (&ack, sizeof ack);
}

guint16
p2p_nice_dcep_first_stream (gboolean client)
{
  return client ? 0 : 1;
}

gboolean
p2p_nice_dcep_owns_stream (gboolean client, guint16 stream)
{
  return stream % 2 == p2p_nice_dcep_first_stream (client)
      && stream != G_MAXUINT16;
}

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pmlcommand.h"
#include "p2pmlsend.h"

#include <string.h>

#define FRAME 8                 /* bytes around a payload */

/* The kinds of values, in the upper half of their first byte. */
enum
{
  KIND_INT,                     /* lower half: bytes that follow */
  KIND_LIST,
  KIND_STRING,                  /* lower half, and a byte: the same */
};

/* The integers, in the order in which they are written. */
static const struct
{
  char name;
  guint has;
  gsize offset;
} ints[] = {
  {'i', P2P_ML_HAS_SEGMENT, G_STRUCT_OFFSET (P2pMlCommand, segment)},
  {'s', P2P_ML_HAS_SIZE, G_STRUCT_OFFSET (P2pMlCommand, size)},
  {'r', P2P_ML_HAS_REQUEST, G_STRUCT_OFFSET (P2pMlCommand, request)},
  {'b', P2P_ML_HAS_FIRST, G_STRUCT_OFFSET (P2pMlCommand, first)},
};

/* Reading */

typedef struct
{
  const guint8 *at, *end;
} Input;

static gboolean
input_take_byte (Input * self, guint8 * byte)
{
  if (self->at == self->end)
    return FALSE;
  *byte = *self->at++;
  return TRUE;
}

static gboolean
input_skip (Input * self, gsize size)
{
  if (size > (gsize) (self->end - self->at))
    return FALSE;
  self->at += size;
  return TRUE;
}

/* head: its first byte */
static gboolean
input_take_int (Input * self, guint8 head, gint64 * value)
{
  const guint8 *bytes = self->at;
  guint n = head & 0x0f;
  gint64 number = 0;

  if (head >> 4 != KIND_INT || n == 0 || !input_skip (self, n))
    return FALSE;
  for (guint i = 0; i < n; i++) {
    number = number << 8 | (i == 0 ? bytes[i] & 0x7f : bytes[i]);
    if (number > P2P_ML_MAX_INT)
      return FALSE;
  }
  *value = bytes[0] & 0x80 ? -number : number;
  return TRUE;
}

/* A group: its count in the place of the last byte, then as many last bytes; 0 is
 * 256. ids: NULL: passed over */
static gboolean
input_take_group (Input * self, GArray * ids)
{
  guint8 head, low;
  gint64 base;
  guint count;

  if (!input_take_byte (self, &head) || !input_take_int (self, head, &base))
    return FALSE;
  count = (base & 0xff) ? base & 0xff : 256;
  if (ids && ids->len + count > P2P_ML_MAX_IDS)
    return FALSE;
  while (count-- > 0) {
    gint64 id;

    if (!input_take_byte (self, &low))
      return FALSE;
    id = (base & ~G_GINT64_CONSTANT (0xff)) | low;
    if (ids)
      g_array_append_val (ids, id);
  }
  return TRUE;
}

/* What is after the first byte of a list. */
static gboolean
input_take_list (Input * self, GArray * ids)
{
  guint8 groups;

  if (!input_take_byte (self, &groups))
    return FALSE;
  while (groups-- > 0)
    if (!input_take_group (self, ids))
      return FALSE;
  return TRUE;
}

static GArray **
p2p_ml_command_find_list (P2pMlCommand * self, char name)
{
  return name == 'l' ? &self->loaded : name == 'p' ? &self->loading : NULL;
}

static gboolean
p2p_ml_command_take_list (P2pMlCommand * self, char name, Input * input)
{
  GArray **ids = p2p_ml_command_find_list (self, name);

  if (!ids)
    return input_take_list (input, NULL);
  g_clear_pointer (ids, g_array_unref);
  *ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  return input_take_list (input, *ids);
}

static void
p2p_ml_command_set_int (P2pMlCommand * self, char name, gint64 value)
{
  for (guint i = 0; i < G_N_ELEMENTS (ints); i++)
    if (ints[i].name == name) {
      self->has |= ints[i].has;
      G_STRUCT_MEMBER (gint64, self, ints[i].offset) = value;
    }
}

/* The name and the value of a field. What should be an integer and is none is not
 * there: another generation's. */
static gboolean
p2p_ml_command_take_field (P2pMlCommand * self, Input * input)
{
  guint8 name, head, low;
  gint64 value;

  if (!input_take_byte (input, &name) || !input_take_byte (input, &head))
    return FALSE;
  switch (head >> 4) {
    case KIND_INT:
      if (!input_take_int (input, head, &value)
          || p2p_ml_command_find_list (self, name))
        return FALSE;
      p2p_ml_command_set_int (self, name, value);
      return TRUE;
    case KIND_LIST:
      return p2p_ml_command_take_list (self, name, input);
    case KIND_STRING:
      return !p2p_ml_command_find_list (self, name)
          && input_take_byte (input, &low)
          && input_skip (input, (head & 0x0f) << 8 | low);
    default:
      return FALSE;
  }
}

/* Whether all that its type has is there, and can be. */
static gboolean
p2p_ml_command_is_whole (const P2pMlCommand * self, gboolean request_ids)
{
  guint needs = self->type == P2P_ML_ANNOUNCEMENT ? 0
      : P2P_ML_HAS_SEGMENT | (request_ids ? P2P_ML_HAS_REQUEST : 0)
      | (self->type == P2P_ML_DATA ? P2P_ML_HAS_SIZE : 0);

  return (self->has & needs) == needs && self->size >= 0 && self->first >= 0;
}

gboolean
p2p_ml_command_parse (P2pMlCommand * self, GBytes * payload,
    gboolean request_ids)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (payload, &size);
  Input input = { data, data + size };
  guint8 code;

  *self = (P2pMlCommand) {
  0,};
  if (!input_take_byte (&input, &code))
    return FALSE;
  self->type = code;
  if (self->type >= P2P_ML_UNKNOWN)
    return TRUE;
  while (input.at < input.end)
    if (!p2p_ml_command_take_field (self, &input)) {
      p2p_ml_command_clear (self);
      return FALSE;
    }
  if (!request_ids)
    self->has &= ~P2P_ML_HAS_REQUEST;
  if (p2p_ml_command_is_whole (self, request_ids))
    return TRUE;
  p2p_ml_command_clear (self);
  return FALSE;
}

void
p2p_ml_command_clear (P2pMlCommand * self)
{
  g_clear_pointer (&self->loaded, g_array_unref);
  g_clear_pointer (&self->loading, g_array_unref);
}

/* Writing */

static void
write_byte (GByteArray * output, guint8 byte)
{
  g_byte_array_append (output, &byte, 1);
}

static void
write_int (GByteArray * output, gint64 value)
{
  guint64 number = ABS (value);
  guint n = 1;

  /* The sign needs a bit. */
  while (n < sizeof number && number >> (8 * n - 1))
    n++;
  write_byte (output, KIND_INT << 4 | n);
  for (guint i = n; i-- > 0;)
    write_byte (output, (number >> (8 * i))
        | (value < 0 && i == n - 1 ? 0x80 : 0));
}

/* How many ids from start on go in one group. */
static guint
count_group (GArray * ids, guint start)
{
  gint64 base = g_array_index (ids, gint64, start) >> 8;
  guint n = 1;

  while (n < 255 && start + n < ids->len
      && g_array_index (ids, gint64, start + n) >> 8 == base)
    n++;
  return n;
}

static guint
count_groups (GArray * ids)
{
  guint n = 0;

  for (guint at = 0; at < ids->len; at += count_group (ids, at))
    n++;
  return n;
}

static void
write_list (GByteArray * output, char name, GArray * ids)
{
  guint at = 0, groups = ids ? count_groups (ids) : 0;

  if (groups == 0)
    return;
  for (; groups > P2P_ML_MAX_GROUPS; groups--)
    at += count_group (ids, at);
  write_byte (output, name);
  write_byte (output, KIND_LIST << 4);
  write_byte (output, groups);
  while (at < ids->len) {
    guint n = count_group (ids, at);

    write_int (output, (g_array_index (ids, gint64, at)
            & ~G_GINT64_CONSTANT (0xff)) | n);
    for (guint i = 0; i < n; i++)
      write_byte (output, g_array_index (ids, gint64, at + i) & 0xff);
    at += n;
  }
}

static GPtrArray *
divide (GByteArray * payload, gsize max_message)
{
  GPtrArray *messages =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  gsize most = max_message - FRAME;
  gsize n = (payload->len + most - 1) / most;
  gsize length = (payload->len + n - 1) / n;

  for (gsize at = 0; at < payload->len; at += length) {
    gsize size = MIN (length, payload->len - at);
    guint8 *data = g_malloc (size + FRAME);

    memcpy (data, at == 0 ? "cstr" : "dstr", 4);
    memcpy (data + 4, payload->data + at, size);
    memcpy (data + 4 + size, at + size == payload->len ? "cend" : "dend", 4);
    g_ptr_array_add (messages, g_bytes_new_take (data, size + FRAME));
  }
  return messages;
}

GPtrArray *
p2p_ml_command_write (const P2pMlCommand * self, gsize max_message)
{
  g_autoptr (GByteArray) payload = g_byte_array_new ();

  g_return_val_if_fail (max_message > FRAME, NULL);
  write_byte (payload, self->type);
  write_list (payload, 'l', self->loaded);
  write_list (payload, 'p', self->loading);
  for (guint i = 0; i < G_N_ELEMENTS (ints); i++)
    if (self->has & ints[i].has) {
      write_byte (payload, ints[i].name);
      write_int (payload, G_STRUCT_MEMBER (gint64, self, ints[i].offset));
    }
  return divide (payload, max_message);
}

gboolean
p2p_ml_command_send (const P2pMlCommand * self, P2pChannel * channel)
{
  gsize most = MIN (P2P_ML_MAX_MESSAGE, p2p_channel_get_max_message (channel));
  g_autoptr (GPtrArray) messages = NULL;
  gboolean sent = TRUE;

  if (p2p_channel_get_buffered (channel) > P2P_ML_MAX_BUFFERED || most <= FRAME)
    return FALSE;
  messages = p2p_ml_command_write (self, most);
  for (guint i = 0; sent && i < messages->len; i++)
    sent = p2p_channel_send (channel, g_ptr_array_index (messages, i), FALSE);
  return sent;
}

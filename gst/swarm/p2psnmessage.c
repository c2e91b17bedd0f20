/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2psnmessage.h"
#include "p2pjson.h"
#include "p2psegment.h"

#include <string.h>

static const char *const names[] = {
  "REQUEST", "PIECE", "PIECE_ACK", "PIECE_NOT_FOUND", "BITFIELD", "HAVE",
  "LOST", "PING", "PONG", "CLOSE", "ERROR"
};

G_STATIC_ASSERT (G_N_ELEMENTS (names) == P2P_SN_UNKNOWN);

static P2pSnEvent
p2p_sn_event_from_name (const char *name)
{
  guint event = 0;

  while (event < P2P_SN_UNKNOWN && !g_str_equal (names[event], name))
    event++;
  return event;
}

/* Which segment it is about: neither has to be there. */
static gboolean
p2p_sn_message_parse_names (P2pSnMessage * self, P2pJson * json)
{
  const char *url = p2p_json_get_string (json, "url");

  if (p2p_json_has (json, "sn")
      && (!p2p_json_get_int64 (json, "sn", &self->sn) || self->sn < 0))
    return FALSE;
  if (p2p_json_has (json, "url")
      && (url == NULL || strlen (url) > P2P_SN_MAX_URL))
    return FALSE;
  self->url = g_strdup (url);
  return TRUE;
}

static gboolean
p2p_sn_message_has_name (P2pSnMessage * self)
{
  return self->sn >= 0 || self->url != NULL;
}

static gboolean
p2p_sn_message_parse_piece (P2pSnMessage * self, P2pJson * json)
{
  gint64 size, attachments;

  if (!p2p_sn_message_has_name (self)
      || !p2p_json_get_int64 (json, "size", &size)
      || !p2p_json_get_int64 (json, "attachments", &attachments)
      || size < 1 || size > P2P_SEGMENT_MAX_BYTES
      || attachments < (size + P2P_SN_MAX_PACKET - 1) / P2P_SN_MAX_PACKET
      || attachments > (size + P2P_SN_MIN_PACKET - 1) / P2P_SN_MIN_PACKET)
    return FALSE;
  self->size = size;
  self->attachments = attachments;
  return TRUE;
}

static gboolean
p2p_sn_message_parse_field (P2pSnMessage * self, P2pJson * json)
{
  gint64 packet;

  self->field = p2p_json_get_int64s (json, "field");
  if (self->field == NULL || self->field->len > P2P_SN_MAX_FIELD)
    return FALSE;
  for (guint i = 0; i < self->field->len; i++)
    if (g_array_index (self->field, gint64, i) < 0)
      return FALSE;
  if (p2p_json_get_int64 (json, "packet", &packet) && packet > 0)
    self->packet = packet;
  p2p_json_get_boolean (json, "elects", &self->elects);
  return TRUE;
}

static gboolean
p2p_sn_message_parse_members (P2pSnMessage * self, P2pJson * json)
{
  switch (self->event) {
    case P2P_SN_REQUEST:
      p2p_json_get_boolean (json, "urgent", &self->urgent);
      return p2p_sn_message_parse_names (self, json)
          && p2p_sn_message_has_name (self);
    case P2P_SN_PIECE:
      return p2p_sn_message_parse_names (self, json)
          && p2p_sn_message_parse_piece (self, json);
    case P2P_SN_BITFIELD:
      return p2p_sn_message_parse_field (self, json);
    case P2P_SN_PIECE_ACK:
    case P2P_SN_PIECE_NOT_FOUND:
    case P2P_SN_HAVE:
    case P2P_SN_LOST:
      return p2p_sn_message_parse_names (self, json);
    default:
      return TRUE;
  }
}

gboolean
p2p_sn_message_parse (P2pSnMessage * self, GBytes * text)
{
  gsize size;
  const char *data = g_bytes_get_data (text, &size);
  g_autoptr (P2pJson) json = p2p_json_parse (data, size, P2P_SN_MAX_TEXT);
  const char *name = json ? p2p_json_get_string (json, "event") : NULL;

  if (name == NULL)
    return FALSE;
  *self = (P2pSnMessage) {
  p2p_sn_event_from_name (name),.sn = -1};
  if (p2p_sn_message_parse_members (self, json))
    return TRUE;
  p2p_sn_message_clear (self);
  return FALSE;
}

void
p2p_sn_message_clear (P2pSnMessage * self)
{
  g_clear_pointer (&self->url, g_free);
  g_clear_pointer (&self->field, g_array_unref);
}

static void
p2p_sn_message_write_sn (const P2pSnMessage * self, P2pJson * json)
{
  if (self->sn >= 0)
    p2p_json_set_int64 (json, "sn", self->sn);
}

static void
p2p_sn_message_write_url (const P2pSnMessage * self, P2pJson * json)
{
  if (self->url)
    p2p_json_set_string (json, "url", self->url);
}

GBytes *
p2p_sn_message_write (const P2pSnMessage * self)
{
  g_autoptr (P2pJson) json = p2p_json_new ();
  char *text;

  p2p_json_set_string (json, "event", names[self->event]);
  switch (self->event) {
    case P2P_SN_BITFIELD:
      p2p_json_set_int64s (json, "field", (gint64 *) self->field->data,
          self->field->len);
      if (self->packet)
        p2p_json_set_int64 (json, "packet", self->packet);
      if (self->elects)
        p2p_json_set_boolean (json, "elects", TRUE);
      break;
    case P2P_SN_PIECE:
    case P2P_SN_PIECE_NOT_FOUND:
      if (self->attachments)
        p2p_json_set_int64 (json, "attachments", self->attachments);
      p2p_sn_message_write_url (self, json);
      p2p_sn_message_write_sn (self, json);
      if (self->size)
        p2p_json_set_int64 (json, "size", self->size);
      break;
    default:
      p2p_sn_message_write_sn (self, json);
      p2p_sn_message_write_url (self, json);
      if (self->event == P2P_SN_REQUEST)
        p2p_json_set_boolean (json, "urgent", self->urgent);
  }
  text = p2p_json_to_text (json);
  return g_bytes_new_take (text, strlen (text));
}

gboolean
p2p_sn_message_send (const P2pSnMessage * self, P2pChannel * channel)
{
  g_autoptr (GBytes) text = p2p_sn_message_write (self);

  return p2p_channel_get_buffered (channel) + g_bytes_get_size (text)
      <= P2P_SN_MAX_BUFFERED && p2p_channel_send (channel, text, TRUE);
}

gboolean
p2p_sn_message_say (P2pChannel * channel, P2pSnEvent event, gint64 sn,
    const char *url)
{
  P2pSnMessage message = { event,.sn = sn,.url = (char *) url };

  return p2p_sn_message_send (&message, channel);
}

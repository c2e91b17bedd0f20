/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pwtmessage.h"

#include <string.h>

#include "p2pjsonscan.h"

typedef enum
{
  FIELD_SLICE,
  FIELD_COUNT,
  FIELD_ACTION,
  FIELD_EVENT,
  FIELD_OFFERS,
} FieldType;

/* In the order in which they are written: that of the known clients. */
static const struct
{
  const char *name;
  FieldType type;
  gsize offset;
} fields[] = {
  /* *INDENT-OFF* */
#define FIELD(name, type, member) \
  { name, FIELD_##type, G_STRUCT_OFFSET (P2pWtMessage, member) }
  FIELD ("numwant", COUNT, numwant),
  FIELD ("uploaded", COUNT, uploaded),
  FIELD ("downloaded", COUNT, downloaded),
  FIELD ("left", COUNT, left),
  FIELD ("event", EVENT, event),
  FIELD ("failure reason", SLICE, failure),
  FIELD ("warning message", SLICE, warning),
  FIELD ("complete", COUNT, complete),
  FIELD ("incomplete", COUNT, incomplete),
  FIELD ("action", ACTION, action),
  FIELD ("interval", COUNT, interval),
  FIELD ("min interval", COUNT, min_interval),
  FIELD ("tracker id", SLICE, tracker_id),
  FIELD ("trackerid", SLICE, trackerid),
  FIELD ("offer", SLICE, offer),
  FIELD ("answer", SLICE, answer),
  FIELD ("offer_id", SLICE, offer_id),
  FIELD ("peer_id", SLICE, peer_id),
  FIELD ("to_peer_id", SLICE, to_peer_id),
  FIELD ("info_hash", SLICE, info_hash),
  FIELD ("files", SLICE, files),
  FIELD ("offers", OFFERS, offers),
#undef FIELD
  /* *INDENT-ON* */
};

/* NULL: what is not written, or has no name of its own */
static const char *const actions[] = { NULL, "announce", "scrape", NULL };

static const char *const events[] = { NULL, "started", "stopped", "completed",
  "paused", NULL
};

void
p2p_wt_message_init (P2pWtMessage * self)
{
  memset (self, 0, G_STRUCT_OFFSET (P2pWtMessage, offers));
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (fields[i].type == FIELD_COUNT)
      G_STRUCT_MEMBER (gint64, self, fields[i].offset) = -1;
}

/* Returns: the number of the string among words, or n_words - 1 */
static guint
find_word (const P2pJsonSlice * value, const char *const *words, guint n_words)
{
  P2pJsonSlice word = { value->text + 1, value->size - 2 };

  for (guint i = 0; i < n_words && *value->text == '"'; i++)
    if (words[i] && p2p_json_slice_is (&word, words[i]))
      return i;
  return n_words - 1;
}

static gboolean
is_no_event (const P2pJsonSlice * value)
{
  static const char *const spellings[] = { "null", "\"\"", "\"empty\"",
    "\"update\""
  };

  for (guint i = 0; i < G_N_ELEMENTS (spellings); i++)
    if (p2p_json_slice_is (value, spellings[i]))
      return TRUE;
  return FALSE;
}

static void
read_offers (P2pWtMessage * self, P2pJsonSlice rest)
{
  P2pJsonSlice item;

  self->has_offers = *rest.text == '[';
  self->n_offers = 0;
  while (self->n_offers < P2P_WT_MAX_OFFERS
      && p2p_json_slice_next_element (&rest, &item)) {
    P2pWtOffer *offer = &self->offers[self->n_offers];
    P2pJsonSlice name, value;

    if (*item.text != '{')
      continue;
    memset (offer, 0, sizeof (*offer));
    self->n_offers++;
    while (p2p_json_slice_next_member (&item, &name, &value)) {
      if (p2p_json_slice_is (&name, "offer"))
        offer->offer = value;
      else if (p2p_json_slice_is (&name, "offer_id"))
        offer->offer_id = value;
    }
  }
}

static void
read_field (P2pWtMessage * self, guint i, P2pJsonSlice value)
{
  const P2pJsonSlice none = { NULL, 0 };

  switch (fields[i].type) {
    case FIELD_SLICE:
      G_STRUCT_MEMBER (P2pJsonSlice, self, fields[i].offset) =
          p2p_json_slice_is (&value, "null") ? none : value;
      break;
    case FIELD_COUNT:
      G_STRUCT_MEMBER (gint64, self, fields[i].offset) =
          p2p_json_slice_get_count (&value);
      break;
    case FIELD_ACTION:
      self->action = find_word (&value, actions, G_N_ELEMENTS (actions));
      break;
    case FIELD_EVENT:
      self->event = is_no_event (&value) ? P2P_WT_EVENT_NONE
          : find_word (&value, events, G_N_ELEMENTS (events));
      break;
    case FIELD_OFFERS:
      read_offers (self, value);
      break;
  }
}

gboolean
p2p_wt_message_read (P2pWtMessage * self, const char *text, gsize size)
{
  P2pJsonSlice rest = { text, size }, name, value;

  p2p_wt_message_init (self);
  if (size > P2P_WT_MAX_SIZE || !p2p_json_scan (text, size, NULL, NULL, NULL,
          NULL))
    return FALSE;
  while (*rest.text != '{') {
    rest.text++;
    rest.size--;
  }
  while (p2p_json_slice_next_member (&rest, &name, &value))
    for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
      if (p2p_json_slice_is (&name, fields[i].name))
        read_field (self, i, value);
  return TRUE;
}

/* --- writing --- */

/* Adds a name and, before it, the comma if it is not the first. */
static void
write_name (GString * out, const char *name)
{
  if (out->str[out->len - 1] != '{')
    g_string_append_c (out, ',');
  g_string_append_c (out, '"');
  g_string_append (out, name);
  g_string_append (out, "\":");
}

static void
write_slice (GString * out, const char *name, const P2pJsonSlice * slice)
{
  if (!slice->text)
    return;
  write_name (out, name);
  g_string_append_len (out, slice->text, slice->size);
}

static void
write_word (GString * out, const char *name, const char *word)
{
  if (!word)
    return;
  write_name (out, name);
  p2p_json_write_string (out, word);
}

static void
write_offers (GString * out, const P2pWtMessage * self)
{
  write_name (out, "offers");
  g_string_append_c (out, '[');
  for (guint i = 0; i < self->n_offers; i++) {
    if (i > 0)
      g_string_append_c (out, ',');
    g_string_append_c (out, '{');
    write_slice (out, "offer", &self->offers[i].offer);
    write_slice (out, "offer_id", &self->offers[i].offer_id);
    g_string_append_c (out, '}');
  }
  g_string_append_c (out, ']');
}

static void
write_field (GString * out, const P2pWtMessage * self, guint i)
{
  gconstpointer at = G_STRUCT_MEMBER_P (self, fields[i].offset);
  char digits[24];

  switch (fields[i].type) {
    case FIELD_SLICE:
      write_slice (out, fields[i].name, at);
      break;
    case FIELD_COUNT:
      if (*(const gint64 *) at < 0)
        break;
      write_name (out, fields[i].name);
      g_snprintf (digits, sizeof (digits), "%" G_GINT64_FORMAT,
          *(const gint64 *) at);
      g_string_append (out, digits);
      break;
    case FIELD_ACTION:
      write_word (out, fields[i].name, actions[self->action]);
      break;
    case FIELD_EVENT:
      write_word (out, fields[i].name, events[self->event]);
      break;
    case FIELD_OFFERS:
      if (self->has_offers)
        write_offers (out, self);
      break;
  }
}

void
p2p_wt_message_write (const P2pWtMessage * self, GString * out)
{
  g_string_append_c (out, '{');
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    write_field (out, self, i);
  g_string_append_c (out, '}');
}

/* --- ids and descriptions --- */

gboolean
p2p_wt_id_read (P2pWtId * self, const P2pJsonSlice * slice)
{
  return p2p_json_slice_get_bytes (slice, self->bytes, P2P_WT_ID_SIZE);
}

guint
p2p_wt_id_hash (gconstpointer self)
{
  const P2pWtId *id = self;
  guint hash = 5381;

  for (guint i = 0; i < P2P_WT_ID_SIZE; i++)
    hash = hash * 33 + id->bytes[i];
  return hash;
}

gboolean
p2p_wt_id_equal (gconstpointer self, gconstpointer other)
{
  return memcmp (self, other, P2P_WT_ID_SIZE) == 0;
}

char *
p2p_wt_id_to_text (const P2pWtId * self)
{
  GString *text = g_string_sized_new (P2P_WT_ID_SIZE);

  for (guint i = 0; i < P2P_WT_ID_SIZE; i++) {
    guint8 byte = self->bytes[i];

    if (g_ascii_isgraph (byte) && byte != '%')
      g_string_append_c (text, byte);
    else
      g_string_append_printf (text, "%%%02X", byte);
  }
  return g_string_free (text, FALSE);
}

void
p2p_wt_id_write (const P2pWtId * self, GString * out)
{
  p2p_json_write_bytes (out, self->bytes, P2P_WT_ID_SIZE);
}

char *
p2p_wt_dup_sdp (const P2pJsonSlice * description)
{
  P2pJsonSlice sdp = p2p_json_slice_get_member (description, "sdp");

  return p2p_json_slice_dup_string (&sdp);
}

void
p2p_wt_write_sdp (GString * out, const char *type, const char *sdp)
{
  g_string_append_c (out, '{');
  write_word (out, "type", type);
  write_word (out, "sdp", sdp);
  g_string_append_c (out, '}');
}

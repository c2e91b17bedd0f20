/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "mlworld.h"
#include "p2pmlpeer.h"
#include "p2pmlreader.h"

#include <string.h>

GBytes *
ml_from_hex (const char *hex)
{
  GByteArray *bytes = g_byte_array_new ();

  for (; *hex; hex += 2) {
    guint8 byte = g_ascii_xdigit_value (hex[0]) << 4
        | g_ascii_xdigit_value (hex[1]);

    g_byte_array_append (bytes, &byte, 1);
  }
  return g_byte_array_free_to_bytes (bytes);
}

char *
ml_to_hex (GBytes * bytes)
{
  GString *hex = g_string_new (NULL);
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  for (gsize i = 0; i < size; i++)
    g_string_append_printf (hex, "%02x", data[i]);
  return g_string_free (hex, FALSE);
}

GArray *
ml_list (const char *text)
{
  GArray *list;
  char *at = (char *) text;

  if (*text == '\0')
    return NULL;
  list = g_array_new (FALSE, FALSE, sizeof (gint64));
  while (TRUE) {
    gint64 from = g_ascii_strtoll (at, &at, 10), to = from;

    if (*at == '-')
      to = g_ascii_strtoll (at + 1, &at, 10);
    for (; from <= to; from++)
      g_array_append_val (list, from);
    if (*at == '\0')
      return list;
    g_assert_cmpint (*at++, ==, ',');
  }
}

static void
describe_list (GString * text, const char *before, GArray * list)
{
  for (guint i = 0; list && i < list->len;) {
    gint64 from = g_array_index (list, gint64, i), to = from;

    for (i++; i < list->len && g_array_index (list, gint64, i) == to + 1; i++)
      to++;
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, before, from);
    if (to > from)
      g_string_append_printf (text, "-%" G_GINT64_FORMAT, to);
    before = ",";
  }
}

static void
describe_int (GString * text, const P2pMlCommand * command, guint has,
    const char *before, gint64 value)
{
  if (command->has & has)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, before, value);
}

static gboolean
read_command (GBytes * message, P2pMlCommand * command, gboolean request_ids)
{
  g_autoptr (P2pMlReader) reader = p2p_ml_reader_new (request_ids);

  return p2p_ml_reader_take (reader, message, command) == P2P_ML_READ_COMMAND;
}

char *
ml_describe (GBytes * message)
{
  static const char *const types[] = {
    "announcement", "request", "data", "completed", "absent", "cancel"
  };
  g_auto (P2pMlCommand) command = { 0, };
  GString *text = g_string_new (NULL);

  if (!read_command (message, &command, TRUE)
      && !read_command (message, &command, FALSE)) {
    g_string_printf (text, "#%" G_GSIZE_FORMAT, g_bytes_get_size (message));
    return g_string_free (text, FALSE);
  }
  g_assert_cmpuint (command.type, <, P2P_ML_UNKNOWN);
  g_string_append (text, types[command.type]);
  describe_list (text, " ", command.loaded);
  describe_list (text, " p ", command.loading);
  describe_int (text, &command, P2P_ML_HAS_SEGMENT, " ", command.segment);
  describe_int (text, &command, P2P_ML_HAS_REQUEST, " r", command.request);
  describe_int (text, &command, P2P_ML_HAS_SIZE, " s", command.size);
  describe_int (text, &command, P2P_ML_HAS_FIRST, " b", command.first);
  return g_string_free (text, FALSE);
}

/* The peer */

static P2pPeer *
make (Wire * w, gboolean request_ids)
{
  return p2p_ml_peer_new (w->clock, P2P_CHANNEL (w->ours), w->names, "p",
      request_ids, TRUE);
}

static P2pPeer *
make_peer (Wire * w)
{
  return make (w, TRUE);
}

static P2pPeer *
make_old_peer (Wire * w)
{
  return make (w, FALSE);
}

static Wire *
begin (Wire * w, const char *loaded)
{
  w->describe = ml_describe;
  if (loaded) {
    wire_announce (w);
    wire_assert_got (w, "announcement\n");
    ml_say_announcement (w, loaded, "");
    wire_assert_log (w, "changed\n");
  }
  return w;
}

Wire *
ml_wire_new (const char *loaded)
{
  return begin (wire_new_of (make_peer), loaded);
}

Wire *
ml_wire_new_old (const char *loaded)
{
  return begin (wire_new_of (make_old_peer), loaded);
}

void
ml_say (Wire * w, const char *hex)
{
  wire_say_message (w, ml_from_hex (hex));
}

static void
say (Wire * w, const P2pMlCommand * command)
{
  g_autoptr (GPtrArray) messages = p2p_ml_command_write (command, 65535);

  for (guint i = 0; i < messages->len; i++)
    wire_say_message (w, g_bytes_ref (g_ptr_array_index (messages, i)));
}

void
ml_say_announcement (Wire * w, const char *loaded, const char *loading)
{
  g_auto (P2pMlCommand) command = { P2P_ML_ANNOUNCEMENT,
    .loaded = ml_list (loaded),.loading = ml_list (loading)
  };

  say (w, &command);
}

void
ml_say_command (Wire * w, P2pMlType type, gint64 segment, gint64 request,
    gint64 more)
{
  P2pMlCommand command = { type, P2P_ML_HAS_SEGMENT,.segment = segment,
    .request = request,.size = more,.first = more
  };

  if (request >= 0)
    command.has |= P2P_ML_HAS_REQUEST;
  if (more >= 0)
    command.has |= type == P2P_ML_DATA ? P2P_ML_HAS_SIZE : P2P_ML_HAS_FIRST;
  say (w, &command);
}

gint64
ml_request (Wire * w, guint segment, gsize first)
{
  g_autofree char *id = g_strdup_printf ("id%u", segment);
  g_autofree char *expect = g_strdup_printf ("request %u", segment);
  char *at;
  gint64 request = -1;

  wire_run (w, 0);
  wire_assert_got (w, "");
  if (first > 0)
    p2p_peer_resume (w->peer, id, first, FALSE);
  else
    p2p_peer_request (w->peer, id, FALSE);
  wire_run (w, 0);
  g_assert_true (g_str_has_prefix (w->got->str, expect));
  at = w->got->str + strlen (expect);
  if (g_str_has_prefix (at, " r"))
    request = g_ascii_strtoll (at + 2, &at, 10);
  if (first > 0 && request >= 0) {
    g_assert_true (g_str_has_prefix (at, " b"));
    g_assert_cmpuint (g_ascii_strtoull (at + 2, &at, 10), ==, first);
  }
  g_assert_cmpstr (at, ==, "\n");
  g_string_truncate (w->got, 0);
  return request;
}

void
ml_assert_got (Wire * w, const char *format, ...)
{
  g_autofree char *expect = NULL;
  va_list args;

  va_start (args, format);
  expect = g_strdup_vprintf (format, args);
  va_end (args);
  wire_assert_got (w, expect);
}

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pjsonslice.h"

#include <string.h>

#include "p2pjson.h"

#define NUL 0x10fffd            /* that of P2P_JSON_NUL */

static const char *
skip_space (const char *at, const char *end)
{
  while (at < end && strchr (" \t\r\n", *at))
    at++;
  return at;
}

/* Whether an odd number of backslashes is before at. */
static gboolean
is_escaped (const char *at, const char *first)
{
  const char *from = at;

  while (from > first && from[-1] == '\\')
    from--;
  return (at - from) % 2 != 0;
}

/* at: its first quote. By quotes, of which descriptions have none: they are long
 * and this is done for each level that they are in. */
static const char *
skip_string (const char *at, const char *end)
{
  const char *first = ++at, *quote;

  while ((quote = memchr (at, '"', end - at))) {
    at = quote + 1;
    if (!is_escaped (quote, first))
      return at;
  }
  return end;
}

static const char *
skip_nested (const char *at, const char *end)
{
  guint depth = 0;

  while (at < end) {
    if (*at == '"') {
      at = skip_string (at, end);
      continue;
    }
    if (*at == '{' || *at == '[')
      depth++;
    else if ((*at == '}' || *at == ']') && --depth == 0)
      return at + 1;
    at++;
  }
  return end;
}

static const char *
skip_value (const char *at, const char *end)
{
  if (at < end && *at == '"')
    return skip_string (at, end);
  if (at < end && (*at == '{' || *at == '['))
    return skip_nested (at, end);
  while (at < end && !strchr (",]} \t\r\n", *at))
    at++;
  return at;
}

static void
set_slice (P2pJsonSlice * self, const char *text, const char *end)
{
  self->text = text;
  self->size = end - text;
}

/* Steps over what a list begins with, or the comma between its items.
 * Returns: FALSE if there is no other item */
static gboolean
begin_item (P2pJsonSlice * rest, char open, char close)
{
  const char *at;

  if (rest->size == 0 || (*rest->text != open && *rest->text != ','))
    return FALSE;
  at = skip_space (rest->text + 1, rest->text + rest->size);
  set_slice (rest, at, rest->text + rest->size);
  return rest->size > 0 && *at != close;
}

/* Cuts a value off rest, which begins with it. */
static void
take_value (P2pJsonSlice * rest, P2pJsonSlice * value)
{
  const char *end = rest->text + rest->size;
  const char *at = skip_value (rest->text, end);

  set_slice (value, rest->text, at);
  set_slice (rest, skip_space (at, end), end);
}

gboolean
p2p_json_slice_next_member (P2pJsonSlice * rest, P2pJsonSlice * name,
    P2pJsonSlice * value)
{
  const char *end;

  if (!begin_item (rest, '{', '}'))
    return FALSE;
  end = rest->text + rest->size;
  take_value (rest, name);
  set_slice (name, name->text + 1, name->text + name->size - 1);
  /* It begins with the colon. */
  set_slice (rest, skip_space (rest->text + 1, end), end);
  take_value (rest, value);
  return TRUE;
}

gboolean
p2p_json_slice_next_element (P2pJsonSlice * rest, P2pJsonSlice * value)
{
  if (!begin_item (rest, '[', ']'))
    return FALSE;
  take_value (rest, value);
  return TRUE;
}

/* --- strings --- */

/* After a backslash, and what each of these stands for; the first one needs no
 * backslash. */
static const char letters[] = "/\"\\bfnrt";
static const char meant[] = "/\"\\\b\f\n\r\t";

static gunichar
read_unit (const char **at)
{
  gunichar unit = 0;

  for (guint i = 0; i < 4; i++)
    unit = unit << 4 | g_ascii_xdigit_value (*(*at)++);
  return unit;
}

/* After the backslash */
static gunichar
read_escape (const char **at)
{
  char c = *(*at)++;
  gunichar unit;

  if (c != 'u')
    return meant[strchr (letters, c) - letters];
  unit = read_unit (at);
  if (unit < 0xd800 || unit > 0xdfff)
    return unit;
  *at += 2;                     /* the backslash and u of the other half */
  return 0x10000 + ((unit & 0x3ff) << 10) + (read_unit (at) & 0x3ff);
}

static gunichar
read_char (const char **at)
{
  gunichar c;

  if (**at == '\\') {
    (*at)++;
    return read_escape (at);
  }
  c = g_utf8_get_char (*at);
  *at = g_utf8_next_char (*at);
  return c;
}

static gboolean
is_spelled (const P2pJsonSlice * name, const char *word)
{
  const char *at = name->text, *end = at + name->size;

  while (at < end && *word && read_char (&at) == (guchar) * word)
    word++;
  return at == end && !*word;
}

/* Each letter may be an escape instead, of six characters. */
gboolean
p2p_json_slice_is (const P2pJsonSlice * name, const char *word)
{
  gsize len = strlen (word);

  if (name->size == len)
    return memcmp (name->text, word, len) == 0;
  return name->size > len && (name->size - len) % 5 == 0
      && is_spelled (name, word);
}

P2pJsonSlice
p2p_json_slice_get_member (const P2pJsonSlice * object, const char *name)
{
  P2pJsonSlice rest = *object, found = { NULL, 0 }, member, value;

  while (p2p_json_slice_next_member (&rest, &member, &value))
    if (p2p_json_slice_is (&member, name))
      found = value;
  return found;
}

static gboolean
is_string (const P2pJsonSlice * self)
{
  return self->size >= 2 && *self->text == '"';
}

char *
p2p_json_slice_dup_string (const P2pJsonSlice * self)
{
  const char *at, *end;
  GString *string;

  if (!is_string (self))
    return NULL;
  at = self->text + 1;
  end = self->text + self->size - 1;
  string = g_string_sized_new (self->size);
  while (at < end) {
    const char *plain = at;
    gunichar c;

    while (at < end && *at != '\\')
      at++;
    g_string_append_len (string, plain, at - plain);
    if (at < end) {
      c = read_char (&at);
      g_string_append_unichar (string, c ? c : NUL);
    }
  }
  return g_string_free (string, FALSE);
}

gboolean
p2p_json_slice_get_bytes (const P2pJsonSlice * self, guint8 * bytes, gsize size)
{
  const char *at, *end;

  if (!is_string (self))
    return FALSE;
  at = self->text + 1;
  end = self->text + self->size - 1;
  for (gsize i = 0; i < size; i++) {
    gunichar c = at < end ? read_char (&at) : G_MAXUINT32;

    if (c > 0xff)
      return FALSE;
    bytes[i] = c;
  }
  return at == end;
}

gint64
p2p_json_slice_get_count (const P2pJsonSlice * self)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];
  double number;

  if (self->size == 0 || self->size >= sizeof (digits)
      || !g_ascii_isdigit (*self->text))
    return -1;
  memcpy (digits, self->text, self->size);
  digits[self->size] = '\0';
  number = g_ascii_strtod (digits, NULL);
  return number <= P2P_JSON_MAX_INT64 ? (gint64) number : -1;
}

/* --- writing --- */

/* Escapes what JSON wants so, and DEL, which json-glib escapes too. */
static void
write_char (GString * out, gunichar c)
{
  const char *letter = c ? strchr (meant + 1, c) : NULL;

  if (c < 0x80 && letter)
    g_string_append_printf (out, "\\%c", letters[letter - meant]);
  else if (c < ' ' || c == 0x7f)
    g_string_append_printf (out, "\\u%04x", c);
  else if (c < 0x80)
    g_string_append_c (out, c);
  else
    g_string_append_unichar (out, c);
}

void
p2p_json_write_string (GString * out, const char *text)
{
  g_string_append_c (out, '"');
  for (; *text; text = g_utf8_next_char (text)) {
    gunichar c = g_utf8_get_char (text);

    write_char (out, c == NUL ? 0 : c);
  }
  g_string_append_c (out, '"');
}

void
p2p_json_write_bytes (GString * out, const guint8 * bytes, gsize size)
{
  g_string_append_c (out, '"');
  for (gsize i = 0; i < size; i++)
    write_char (out, bytes[i]);
  g_string_append_c (out, '"');
}

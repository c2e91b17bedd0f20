/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pjsonscan.h"

#include <string.h>

/* Digits that certainly fit an int64 */
#define SAFE_DIGITS 18

typedef struct
{
  const char *at, *end;
  guint depth;
  GString *copy;                /* (nullable) */
  const char *copied;           /* text up to here is in copy */
  const char *raw_name;
  const char *raw;
  gsize raw_size;
} P2pJsonScan;

static gboolean scan_value (P2pJsonScan * self);

static gboolean
at_char (P2pJsonScan * self, char c)
{
  return self->at < self->end && *self->at == c;
}

static gboolean
take_char (P2pJsonScan * self, char c)
{
  if (!at_char (self, c))
    return FALSE;
  self->at++;
  return TRUE;
}

static void
skip_space (P2pJsonScan * self)
{
  while (self->at < self->end && strchr (" \t\r\n", *self->at))
    self->at++;
}

/* Puts replacement in the place of what is between from and at. */
static void
replace (P2pJsonScan * self, const char *from, const char *replacement)
{
  if (!self->copy)
    return;
  g_string_append_len (self->copy, self->copied, from - self->copied);
  g_string_append (self->copy, replacement);
  self->copied = self->at;
}

static gboolean
scan_hex (P2pJsonScan * self, gunichar * unit)
{
  *unit = 0;
  for (guint i = 0; i < 4; i++, self->at++) {
    if (self->at == self->end || !g_ascii_isxdigit (*self->at))
      return FALSE;
    *unit = *unit << 4 | g_ascii_xdigit_value (*self->at);
  }
  return TRUE;
}

/* After the backslash. A half of a surrogate pair is refused: there is no UTF-8
 * for it. */
static gboolean
scan_escape (P2pJsonScan * self)
{
  const char *from = self->at - 1;
  gunichar unit, low;

  if (!take_char (self, 'u'))
    return self->at < self->end && *self->at
        && strchr ("\"\\/bfnrt", *self->at++);
  if (!scan_hex (self, &unit))
    return FALSE;
  if (unit == 0)
    replace (self, from, P2P_JSON_NUL);
  if (unit < 0xd800 || unit > 0xdfff)
    return TRUE;
  return unit < 0xdc00 && take_char (self, '\\') && take_char (self, 'u')
      && scan_hex (self, &low) && low >= 0xdc00 && low <= 0xdfff;
}

static gboolean
scan_string (P2pJsonScan * self)
{
  if (!take_char (self, '"'))
    return FALSE;
  while (self->at < self->end && (guchar) * self->at >= ' ') {
    char c = *self->at++;

    if (c == '"')
      return TRUE;
    if (c == '\\' && !scan_escape (self))
      return FALSE;
  }
  return FALSE;
}

static guint
skip_digits (P2pJsonScan * self)
{
  const char *from = self->at;

  while (self->at < self->end && g_ascii_isdigit (*self->at))
    self->at++;
  return self->at - from;
}

static gboolean
scan_number (P2pJsonScan * self)
{
  gboolean is_zero;
  guint digits;

  take_char (self, '-');
  is_zero = at_char (self, '0');
  digits = skip_digits (self);
  if (digits == 0 || (is_zero && digits > 1))
    return FALSE;
  if (!at_char (self, '.') && !at_char (self, 'e') && !at_char (self, 'E')) {
    if (digits > SAFE_DIGITS)
      replace (self, self->at, "e0");
    return TRUE;
  }
  if (take_char (self, '.') && skip_digits (self) == 0)
    return FALSE;
  if (!take_char (self, 'e') && !take_char (self, 'E'))
    return TRUE;
  if (!take_char (self, '-'))
    take_char (self, '+');
  return skip_digits (self) > 0;
}

static gboolean
scan_word (P2pJsonScan * self, const char *word)
{
  gsize size = strlen (word);

  if ((gsize) (self->end - self->at) < size
      || memcmp (self->at, word, size) != 0)
    return FALSE;
  self->at += size;
  return TRUE;
}

static gboolean
scan_array (P2pJsonScan * self)
{
  skip_space (self);
  if (take_char (self, ']'))
    return TRUE;
  do {
    if (!scan_value (self))
      return FALSE;
  } while (take_char (self, ','));
  return take_char (self, ']');
}

static gboolean
scan_member (P2pJsonScan * self)
{
  const char *name, *value;
  gsize size;

  skip_space (self);
  name = self->at + 1;
  if (!scan_string (self))
    return FALSE;
  size = self->at - 1 - name;
  skip_space (self);
  if (!take_char (self, ':'))
    return FALSE;
  skip_space (self);
  value = self->at;
  if (!scan_value (self))
    return FALSE;
  if (self->depth == 1 && self->raw_name && strlen (self->raw_name) == size
      && memcmp (self->raw_name, name, size) == 0) {
    /* The last one counts, as for json-glib and browsers. */
    self->raw = value;
    self->raw_size = self->at - value;
    while (strchr (" \t\r\n", value[self->raw_size - 1]))
      self->raw_size--;
  }
  return TRUE;
}

static gboolean
scan_object (P2pJsonScan * self)
{
  skip_space (self);
  if (take_char (self, '}'))
    return TRUE;
  do {
    if (!scan_member (self))
      return FALSE;
  } while (take_char (self, ','));
  return take_char (self, '}');
}

static gboolean
scan_nested (P2pJsonScan * self, gboolean (*scan) (P2pJsonScan * self))
{
  gboolean done;

  self->at++;
  done = self->depth++ < P2P_JSON_MAX_DEPTH && scan (self);
  self->depth--;
  return done;
}

static gboolean
scan_bare_value (P2pJsonScan * self)
{
  switch (self->at < self->end ? *self->at : '\0') {
    case '{':
      return scan_nested (self, scan_object);
    case '[':
      return scan_nested (self, scan_array);
    case '"':
      return scan_string (self);
    case 't':
      return scan_word (self, "true");
    case 'f':
      return scan_word (self, "false");
    case 'n':
      return scan_word (self, "null");
    default:
      return scan_number (self);
  }
}

/* With the space around it */
static gboolean
scan_value (P2pJsonScan * self)
{
  skip_space (self);
  if (!scan_bare_value (self))
    return FALSE;
  skip_space (self);
  return TRUE;
}

gboolean
p2p_json_scan (const char *text, gsize size, GString * copy,
    const char *raw_name, const char **raw, gsize * raw_size)
{
  P2pJsonScan self = { text, text, 0, copy, text, raw_name, NULL, 0 };

  /* Where there is nothing text may be NULL. */
  if (size == 0 || !g_utf8_validate_len (text, size, NULL))
    return FALSE;
  self.end = text + size;
  skip_space (&self);
  if (!at_char (&self, '{') || !scan_value (&self) || self.at != self.end)
    return FALSE;
  replace (&self, self.end, "");
  if (raw_name) {
    *raw = self.raw;
    *raw_size = self.raw_size;
  }
  return TRUE;
}

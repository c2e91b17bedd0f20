/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pm3u8.h"

#include <math.h>
#include <string.h>

static P2pText
take (P2pText * rest, gsize len)
{
  P2pText text = { rest->ptr, len };

  rest->ptr += len;
  rest->len -= len;
  return text;
}

/* How far it is to the first byte of set, or to the end. */
static gsize
distance (P2pText text, const char *set)
{
  gsize n = strlen (set), i = 0;

  while (i < text.len && !memchr (set, text.ptr[i], n))
    i++;
  return i;
}

static gboolean
is_blank (char c)
{
  return c == ' ' || c == '\t';
}

gboolean
p2p_text_equals (P2pText self, const char *string)
{
  return self.len == strlen (string)
      && memcmp (self.ptr, string, self.len) == 0;
}

gboolean
p2p_text_starts_with (P2pText self, const char *string)
{
  gsize len = strlen (string);

  return self.len >= len && memcmp (self.ptr, string, len) == 0;
}

static P2pText
trim_start (P2pText self)
{
  while (self.len > 0 && is_blank (self.ptr[0]))
    take (&self, 1);
  return self;
}

static P2pText
trim_end (P2pText self)
{
  while (self.len > 0 && is_blank (self.ptr[self.len - 1]))
    self.len--;
  return self;
}

P2pText
p2p_text_trim (P2pText self)
{
  return trim_start (trim_end (self));
}

/* Takes the digits at the start of self. Returns: FALSE if there are none or
 * the number is too large. */
static gboolean
take_uint (P2pText * self, guint64 * number)
{
  gsize digits = 0;
  gboolean fits = TRUE;

  *number = 0;
  while (digits < self->len && g_ascii_isdigit (self->ptr[digits])) {
    fits = fits && g_uint64_checked_mul (number, *number, 10)
        && g_uint64_checked_add (number, *number, self->ptr[digits] - '0');
    digits++;
  }
  take (self, digits);
  return digits > 0 && fits && *number <= G_MAXINT64;
}

static gboolean
take_char (P2pText * self, char c)
{
  gboolean there = self->len > 0 && self->ptr[0] == c;

  if (there)
    take (self, 1);
  return there;
}

char *
p2p_text_dup (P2pText self)
{
  return g_utf8_make_valid (self.ptr, self.len);
}

gboolean
p2p_m3u8_next_line (P2pText * rest, P2pText * line)
{
  if (rest->len == 0)
    return FALSE;
  *line = take (rest, distance (*rest, "\r\n"));
  if (rest->len > 0 && take (rest, 1).ptr[0] == '\r')
    take_char (rest, '\n');
  return TRUE;
}

gboolean
p2p_m3u8_split_tag (P2pText line, P2pText * name, P2pText * value)
{
  if (!take_char (&line, '#'))
    return FALSE;
  *name = trim_end (take (&line, distance (line, ":")));
  take_char (&line, ':');
  *value = p2p_text_trim (line);
  return TRUE;
}

gboolean
p2p_m3u8_next_attribute (P2pText * rest, P2pText * name, P2pText * value)
{
  while (rest->len > 0) {
    *name = p2p_text_trim (take (rest, distance (*rest, "=,")));
    if (!take_char (rest, '=')) {
      take_char (rest, ',');
      continue;
    }
    *rest = trim_start (*rest);
    if (!take_char (rest, '"')) {
      *value = p2p_text_trim (take (rest, distance (*rest, ",")));
    } else {
      *value = p2p_text_trim (take (rest, distance (*rest, "\"")));
      if (rest->len == 0)
        return FALSE;           /* the quote never ends */
      take (rest, distance (*rest, ","));
    }
    take_char (rest, ',');
    return TRUE;
  }
  return FALSE;
}

gboolean
p2p_m3u8_read_uint (P2pText text, guint64 * number)
{
  guint64 value;

  if (!take_uint (&text, &value) || p2p_text_trim (text).len > 0)
    return FALSE;
  *number = value;
  return TRUE;
}

gboolean
p2p_m3u8_read_resolution (P2pText text, guint * width, guint * height)
{
  guint64 w, h;

  if (!take_uint (&text, &w) || !take_char (&text, 'x')
      || !p2p_m3u8_read_uint (text, &h) || w > G_MAXUINT || h > G_MAXUINT)
    return FALSE;
  *width = w;
  *height = h;
  return TRUE;
}

gboolean
p2p_m3u8_read_seconds (P2pText text, gint64 * microseconds)
{
  char number[64], *end;
  gsize len = MIN (distance (text, ","), sizeof (number) - 1);
  double seconds;

  memcpy (number, text.ptr, len);
  number[len] = '\0';
  seconds = g_ascii_strtod (number, &end);
  if (end == number || !isfinite (seconds) || seconds < 0)
    return FALSE;
  while (is_blank (*end))
    end++;
  *microseconds = MIN (seconds, P2P_M3U8_MAX_SECONDS) * G_USEC_PER_SEC + 0.5;
  return end == number + len;
}

void
p2p_m3u8_read_range (P2pText text, P2pRange * range)
{
  guint64 length, offset = 0;
  gboolean from;

  range->kind = P2P_RANGE_ODD;
  if (!take_uint (&text, &length))
    return;
  from = take_char (&text, '@');
  if ((from && !take_uint (&text, &offset)) || text.len > 0 || length == 0
      || offset > G_MAXINT64 - length)
    return;
  range->kind = from ? P2P_RANGE_FROM : P2P_RANGE_NEXT;
  range->offset = offset;
  range->length = length;
}

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * No two clients meet whose text differs in a single character, so what
 * JavaScript does with strings and numbers is done here; never by the locale of
 * the process.
 */

#include "p2pproperties.h"

#include <string.h>

/* Beyond it JavaScript does not write all digits of a number. */
#define MAX_NUMBER 1e15
#define MIN_NUMBER 1e-6
/* Decimals of the smallest number that has 17 digits */
#define MAX_DECIMALS 23

#define SIGMA 0x3a3
#define SMALL_SIGMA 0x3c3
#define FINAL_SIGMA 0x3c2
#define DOTTED_I 0x130
#define BYTE_ORDER_MARK 0xfeff

void
p2p_properties_clear (P2pProperties * self)
{
  for (guint i = 0; i < P2P_N_PROPERTIES; i++)
    g_clear_pointer (&self->values[i], g_free);
}

void
p2p_properties_set (P2pProperties * self, P2pProperty property,
    const char *value)
{
  g_free (self->values[property]);
  self->values[property] = g_strdup (value);
}

void
p2p_properties_set_number (P2pProperties * self, P2pProperty property,
    guint64 number)
{
  g_free (self->values[property]);
  self->values[property] = g_strdup_printf ("%" G_GUINT64_FORMAT, number);
}

char *
p2p_properties_spell_number (const char *text)
{
  gsize whole = strspn (text, "0123456789");
  gsize point = text[whole] == '.', rest = strspn (text + whole + point,
      "0123456789");
  double number = g_ascii_strtod (text, NULL);
  char spelled[64] = "";

  if (whole + rest == 0 || text[whole + point + rest] != '\0'
      || number >= MAX_NUMBER || (number > 0 && number < MIN_NUMBER))
    return NULL;
  for (guint decimals = 0; decimals <= MAX_DECIMALS; decimals++) {
    char format[8];

    g_snprintf (format, sizeof (format), "%%.%uf", decimals);
    g_ascii_formatd (spelled, sizeof (spelled), format, number);
    if (g_ascii_strtod (spelled, NULL) == number)
      break;
  }
  return g_strdup (spelled);
}

/* JavaScript's trim(), in place */
static char *
trim (char *string)
{
  const char *start = string, *end = string;
  gboolean blank = TRUE;

  for (const char *c = string; *c; c = g_utf8_next_char (c)) {
    gunichar u = g_utf8_get_char (c);
    gboolean space = g_unichar_isspace (u) || u == '\v' || u == BYTE_ORDER_MARK;

    if (blank && space)
      start = g_utf8_next_char (c);
    blank = blank && space;
    if (!space)
      end = g_utf8_next_char (c);
  }
  if (end < start)
    end = start;
  memmove (string, start, end - start);
  string[end - start] = '\0';
  return string;
}

/* Whether a letter stands at c, or before it */
static gboolean
is_letter (const char *string, const char *c, gboolean before)
{
  if (before)
    c = g_utf8_find_prev_char (string, c);
  return c && g_unichar_isalpha (g_utf8_get_char (c));
}

/* JavaScript's toLowerCase() */
static char *
lower (const char *string)
{
  GString *out = g_string_sized_new (strlen (string));

  for (const char *c = string; *c; c = g_utf8_next_char (c)) {
    gunichar u = g_utf8_get_char (c);

    if (u == DOTTED_I)
      g_string_append (out, "i\xcc\x87");
    else if (u == SIGMA)
      g_string_append_unichar (out, is_letter (string, c, TRUE)
          && !is_letter (string, g_utf8_next_char (c), FALSE) ? FINAL_SIGMA
          : SMALL_SIGMA);
    else
      g_string_append_unichar (out, g_unichar_tolower (u));
  }
  return g_string_free (out, FALSE);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

static char *
normalise_codecs (const char *codecs)
{
  g_auto (GStrv) list = g_strsplit_set (codecs, ",", -1);

  for (guint i = 0; list[i]; i++) {
    char *codec = list[i];

    list[i] = lower (trim (codec));
    g_free (codec);
  }
  qsort (list, g_strv_length (list), sizeof (*list), compare);
  return g_strjoinv (",", list);
}

static char *
normalise_language (const char *language)
{
  const char *end = language;
  g_autofree char *letters = NULL;

  if (g_str_equal (language, "und"))
    return NULL;
  for (guint i = 0; i < 2 && *end; i++)
    end = g_utf8_next_char (end);
  letters = g_strndup (language, end - language);
  return lower (letters);
}

static char *
normalise (P2pProperty property, const char *value)
{
  switch (property) {
    case P2P_PROPERTY_CODECS:
      return normalise_codecs (value);
    case P2P_PROPERTY_LANGUAGE:
      return normalise_language (value);
    case P2P_PROPERTY_CHANNELS:
      return g_strndup (value, strcspn (value, "/"));
    case P2P_PROPERTY_NAME:
      return trim (lower (value));
    case P2P_PROPERTY_FRAME_RATE:
      return p2p_properties_spell_number (value);
    case P2P_PROPERTY_VIDEO_RANGE:
      return trim (g_ascii_strup (value, -1));
    default:
      return g_strdup (value);
  }
}

void
p2p_properties_normalise (P2pProperties * self)
{
  for (guint i = 0; i < P2P_N_PROPERTIES; i++) {
    char *value = self->values[i];

    if (value)
      self->values[i] = normalise (i, value);
    g_free (value);
  }
}

char *
p2p_properties_hash (const P2pProperties * self)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA1);
  guint8 digest[20];
  gsize size = sizeof (digest);

  for (guint i = 0; i < P2P_N_PROPERTIES; i++) {
    const char *value = self->values[i] ? self->values[i] : "";

    if (i > 0)
      g_checksum_update (sum, (const guchar *) "-", 1);
    g_checksum_update (sum, (const guchar *) value, strlen (value));
  }
  g_checksum_get_digest (sum, digest, &size);
  return g_base64_encode (digest, sizeof (digest));
}

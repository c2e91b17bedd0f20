/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pdefine.h"
#include "p2pm3u8.h"
#include "p2pplaylist.h"

#include <string.h>

#define TAG "EXT-X-DEFINE"

typedef struct
{
  const char *uri;
  GHashTable *imported, *defined;       /* name -> value */
  GString *out;
  guint n_tags;
  gboolean full;                /* it would grow over the bound */
} Definer;

/* --- {$name} --- */

static void
p2p_define_append (Definer * self, const char *text, gsize len)
{
  self->full |= self->out->len + len > P2P_PLAYLIST_MAX_BYTES;
  if (!self->full)
    g_string_append_len (self->out, text, len);
}

/* Returns: (nullable): what stands for the reference at the start of text; len: how
 * long that is */
static const char *
p2p_define_look_up (Definer * self, P2pText text, gsize * len)
{
  const char *end = memchr (text.ptr, '}', MIN (text.len,
          P2P_DEFINE_MAX_NAME + strlen ("{$}")));
  g_autofree char *name = NULL;

  if (text.len < 3 || text.ptr[1] != '$' || !end)
    return NULL;
  *len = end + 1 - text.ptr;
  name = g_strndup (text.ptr + 2, *len - 3);
  return g_hash_table_lookup (self->defined, name);
}

static void
p2p_define_substitute (Definer * self, P2pText text)
{
  while (text.len > 0 && !self->full) {
    const char *brace = memchr (text.ptr, '{', text.len);
    gsize plain = brace ? (gsize) (brace - text.ptr) : text.len, len = 1;
    const char *value;

    p2p_define_append (self, text.ptr, plain);
    text.ptr += plain;
    text.len -= plain;
    if (!brace)
      return;
    value = p2p_define_look_up (self, text, &len);
    if (value)
      p2p_define_append (self, value, strlen (value));
    else
      p2p_define_append (self, text.ptr, len = 1);
    text.ptr += len;
    text.len -= len;
  }
}

/* --- EXT-X-DEFINE --- */

/* Returns: (transfer full) (nullable): of the field of that name in the URI's
 * query */
static char *
p2p_define_read_query (const char *uri, const char *name)
{
  const char *query = strchr (uri, '?');
  g_autofree char *text = query ? g_strndup (query + 1,
      strcspn (query + 1, "#")) : NULL;
  g_auto (GStrv) fields = g_strsplit (text ? text : "", "&", -1);

  for (char **field = fields; *field; field++) {
    char *equals = strchr (*field, '=');

    if (equals && strncmp (*field, name, equals - *field) == 0
        && name[equals - *field] == '\0')
      return g_uri_unescape_string (equals + 1, NULL);
  }
  return NULL;
}

/* Whether value can be one in a playlist. */
static gboolean
p2p_define_is_value (const char *value)
{
  return value && !strpbrk (value, "\"\r\n")
      && g_utf8_validate (value, -1, NULL);
}

/* The first one of a name counts. name, value: (transfer full) (nullable) */
static gboolean
p2p_define_set (Definer * self, char *name, char *value)
{
  if (name && p2p_define_is_value (value)
      && !g_hash_table_contains (self->defined, name)) {
    g_hash_table_insert (self->defined, name, value);
    return TRUE;
  }
  g_free (name);
  g_free (value);
  return FALSE;
}

/* Of a tag at start of out: what its query says is written there. */
static void
p2p_define_query (Definer * self, gsize start, P2pText text)
{
  g_autofree char *name = p2p_text_dup (text);
  char *value = p2p_define_read_query (self->uri, name);

  if (!p2p_define_set (self, g_strdup (name), value))
    return;
  value = g_hash_table_lookup (self->defined, name);
  g_string_truncate (self->out, start);
  g_string_append_printf (self->out, "#" TAG ":NAME=\"%s\",VALUE=\"%s\"", name,
      value);
}

static void
p2p_define_import (Definer * self, P2pText text)
{
  char *name = p2p_text_dup (text);
  const char *value = self->imported
      ? g_hash_table_lookup (self->imported, name) : NULL;

  p2p_define_set (self, name, g_strdup (value));
}

/* A tag at start of out. */
static void
p2p_define_read (Definer * self, gsize start)
{
  P2pText line = { self->out->str + start, self->out->len - start };
  P2pText attributes, name, text, key = { NULL, }, value = { NULL, };

  p2p_m3u8_split_tag (line, &name, &attributes);
  while (p2p_m3u8_next_attribute (&attributes, &name, &text)) {
    if (p2p_text_equals (name, "QUERYPARAM")) {
      p2p_define_query (self, start, text);
      return;
    }
    if (p2p_text_equals (name, "IMPORT"))
      p2p_define_import (self, text);
    else if (p2p_text_equals (name, "NAME"))
      key = text;
    else if (p2p_text_equals (name, "VALUE"))
      value = text;
  }
  if (key.ptr && value.ptr)
    p2p_define_set (self, p2p_text_dup (key), p2p_text_dup (value));
}

static void
p2p_define_line (Definer * self, P2pText line)
{
  gsize start = self->out->len;
  P2pText tag, attributes;
  gboolean is_tag = p2p_m3u8_split_tag (line, &tag, &attributes);

  if (is_tag && !p2p_text_starts_with (tag, "EXT-X-"))
    p2p_define_append (self, line.ptr, line.len);
  else
    p2p_define_substitute (self, line);
  if (is_tag && p2p_text_equals (tag, TAG) && !self->full
      && self->n_tags++ < P2P_DEFINE_MAX_TAGS)
    p2p_define_read (self, start);
}

GBytes *
p2p_playlist_define (GBytes * playlist, const char *uri, GHashTable * imported,
    GHashTable ** defined)
{
  Definer self = { uri, imported, };
  P2pText rest, line;
  const char *end;

  *defined = NULL;
  rest.ptr = g_bytes_get_data (playlist, &rest.len);
  if (!p2p_playlist_sniff ((const guint8 *) rest.ptr, rest.len)
      || !g_strstr_len (rest.ptr, rest.len, "#" TAG))
    return g_bytes_ref (playlist);
  self.defined = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
      g_free);
  self.out = g_string_sized_new (rest.len);
  while (!self.full && p2p_m3u8_next_line (&rest, &line)) {
    p2p_define_line (&self, line);
    /* … and what ended it. */
    end = line.ptr + line.len;
    p2p_define_append (&self, end, rest.ptr - end);
  }
  if (self.full) {
    g_hash_table_unref (self.defined);
    g_string_free (self.out, TRUE);
    return g_bytes_ref (playlist);
  }
  *defined = self.defined;
  return g_string_free_to_bytes (self.out);
}

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "reply.h"

#include <string.h>

/* Returns: (nullable): without its end */
static char *
read_line (GInputStream * input)
{
  g_autoptr (GString) line = g_string_new (NULL);
  char c;

  while (g_input_stream_read (input, &c, 1, NULL, NULL) == 1) {
    if (c == '\n') {
      if (g_str_has_suffix (line->str, "\r"))
        g_string_truncate (line, line->len - 1);
      return g_string_free (g_steal_pointer (&line), FALSE);
    }
    g_string_append_c (line, c);
  }
  return NULL;
}

static gboolean
read_bytes (GInputStream * input, GString * body, gsize size)
{
  g_autofree char *buffer = g_malloc (size + 1);
  gsize n;

  g_input_stream_read_all (input, buffer, size, &n, NULL, NULL);
  g_string_append_len (body, buffer, n);
  return n == size;
}

static gboolean
read_chunks (GInputStream * input, GString * body)
{
  for (;;) {
    g_autofree char *line = read_line (input);
    gsize size = line ? g_ascii_strtoull (line, NULL, 16) : 0;
    g_autofree char *end = NULL;

    if (!line || !read_bytes (input, body, size))
      return FALSE;
    end = read_line (input);
    if (size == 0)
      return end != NULL;
  }
}

static void
read_headers (GInputStream * input, GHashTable * headers)
{
  for (;;) {
    g_autofree char *line = read_line (input);
    char *colon = line ? strchr (line, ':') : NULL;

    if (!colon)
      break;
    g_hash_table_insert (headers, g_ascii_strdown (line, colon - line),
        g_strdup (g_strstrip (colon + 1)));
  }
}

/* Returns: FALSE if it is cut */
static gboolean
read_body (GInputStream * input, Reply * reply, GString * body)
{
  const char *length = reply_get (reply, "content-length");

  if (reply->status < 200 || reply->status == 204 || reply->status == 304)
    return TRUE;
  if (length)
    return read_bytes (input, body, g_ascii_strtoull (length, NULL, 10));
  if (reply_get (reply, "transfer-encoding"))
    return read_chunks (input, body);
  while (read_bytes (input, body, 1));
  return TRUE;
}

Reply *
reply_read (GInputStream * input, gboolean is_head)
{
  g_autofree char *line = read_line (input);
  g_autoptr (GString) body = g_string_new (NULL);
  Reply *self;

  if (!line)
    return NULL;
  g_assert_true (g_str_has_prefix (line, "HTTP/1."));
  self = g_new0 (Reply, 1);
  self->status = g_ascii_strtoull (line + strlen ("HTTP/1.1 "), NULL, 10);
  self->headers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
      g_free);
  read_headers (input, self->headers);
  self->cut = !is_head && !read_body (input, self, body);
  self->size = body->len;
  self->body = g_string_free (g_steal_pointer (&body), FALSE);
  return self;
}

void
reply_free (Reply * self)
{
  g_hash_table_unref (self->headers);
  g_free (self->body);
  g_free (self);
}

const char *
reply_get (Reply * self, const char *name)
{
  return g_hash_table_lookup (self->headers, name);
}

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2psoupgatewaywish.h"

#include <string.h>

char *
p2p_soup_gateway_wish_read_directives (const char *query, const char *uri)
{
  static const char *const names[] = { "_HLS_msn=", "_HLS_part=" };
  g_auto (GStrv) fields = g_strsplit (query ? query : "", "&", -1);
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    for (char **field = fields; *field; field++) {
      const char *value = *field + strlen (names[i]);

      if (!g_str_has_prefix (*field, names[i])
          || !g_ascii_string_to_unsigned (value, 10, 0, G_MAXINT64, NULL, NULL))
        continue;
      g_string_append_c (out, out->len > 0 || strchr (uri, '?') ? '&' : '?');
      g_string_append (out, *field);
      break;
    }
  }
  return g_string_free (out, FALSE);
}

/* Of a Range of one part. */
static gboolean
is_suffix (SoupMessageHeaders * headers)
{
  const char *dash = strrchr (soup_message_headers_get_one (headers, "Range"),
      '-');

  return dash && g_ascii_isdigit (dash[1]);
}

void
p2p_soup_gateway_wish_read (P2pSoupGatewayWish * self,
    SoupServerMessage * message)
{
  SoupRange *ranges;
  int n;

  memset (self, 0, sizeof *self);
  self->headers = soup_server_message_get_request_headers (message);
  self->head_only = soup_server_message_get_method (message)
      == SOUP_METHOD_HEAD;
  self->stop = -1;
  if (self->head_only
      || !soup_message_headers_get_ranges (self->headers, 0, &ranges, &n))
    return;
  if (n == 1) {
    self->has_range = TRUE;
    self->start = ranges[0].start;
    /* The last 0 bytes (RFC 9110, 14.1.2) are the same to libsoup as all of them. */
    if (ranges[0].start == 0 && ranges[0].end < 0 && is_suffix (self->headers))
      self->stop = 0;
    else if (ranges[0].end >= 0 && ranges[0].end < G_MAXINT64)
      self->stop = ranges[0].end + 1;
  }
  soup_message_headers_free_ranges (self->headers, ranges);
}

gboolean
p2p_soup_gateway_wish_is_held (P2pSoupGatewayWish * self, const char *etag)
{
  const char *value = soup_message_headers_get_list (self->headers,
      "If-None-Match");
  g_auto (GStrv) names = NULL;

  if (!value || !etag)
    return FALSE;
  names = g_strsplit (value, ",", -1);
  for (char **name = names; *name; name++) {
    g_strstrip (*name);
    if (g_str_equal (*name, "*"))
      return TRUE;
    if (g_str_equal (g_str_has_prefix (*name, "W/") ? *name + 2 : *name, etag))
      return TRUE;
  }
  return FALSE;
}

gboolean
p2p_soup_gateway_wish_is_firm (P2pSoupGatewayWish * self, const char *etag)
{
  const char *condition = soup_message_headers_get_one (self->headers,
      "If-Range");

  return !condition || g_strcmp0 (condition, etag) == 0;
}

guint
p2p_soup_gateway_wish_cut (P2pSoupGatewayWish * self, const char *etag,
    gint64 total, gint64 * start, gint64 * stop)
{
  if (!self->has_range || (total < 0 && self->stop != 0)
      || !p2p_soup_gateway_wish_is_firm (self, etag))
    return SOUP_STATUS_OK;
  *start = self->start;
  *stop = self->stop;
  if (*start < 0)
    *start = MAX (total + *start, 0);
  if (*stop < 0 || *stop > total)
    *stop = total;
  return *start < *stop ? SOUP_STATUS_PARTIAL_CONTENT
      : SOUP_STATUS_REQUESTED_RANGE_NOT_SATISFIABLE;
}

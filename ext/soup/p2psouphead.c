/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2psouphead.h"

static void
copy_header (const char *name, const char *value, gpointer user_data)
{
  g_autofree char *valid_name = g_utf8_make_valid (name, -1);
  g_autofree char *valid_value = g_utf8_make_valid (value, -1);

  p2p_headers_add (user_data, valid_name, valid_value);
}

/* "bytes 10-19/100", "bytes 10-19/" with a star, and of status 416 a star and
 * "/100". */
static gboolean
parse_content_range (const char *value, gint64 * start, gint64 * end,
    gint64 * total)
{
  guint64 first, last, all;
  char *p;

  if (g_ascii_strncasecmp (value, "bytes", 5) != 0)
    return FALSE;
  value += 5;
  while (*value == ' ' || *value == '=')
    value++;
  if (*value == '*') {
    first = last = 0;
    p = (char *) value + 1;
  } else {
    if (!g_ascii_isdigit (*value))
      return FALSE;
    first = g_ascii_strtoull (value, &p, 10);
    if (*p++ != '-' || !g_ascii_isdigit (*p))
      return FALSE;
    last = g_ascii_strtoull (p, &p, 10);
  }
  if (*p++ != '/')
    return FALSE;
  all = g_ascii_isdigit (*p) ? g_ascii_strtoull (p, NULL, 10) : G_MAXUINT64;
  if (first > last || last >= G_MAXINT64)
    return FALSE;
  *start = first;
  *end = last + 1;
  *total = all > G_MAXINT64 ? -1 : (gint64) all;
  return TRUE;
}

static void
set_range (P2pHttpHead * head, P2pSoupRequest * request)
{
  const char *value = p2p_headers_get (head->response_headers,
      "Content-Range");
  gint64 start = 0, end = 0, total = -1;
  gboolean good = value && parse_content_range (value, &start, &end, &total);

  if (head->status == 416) {
    if (good)
      head->total = total;
    return;
  }
  head->seekable = TRUE;
  if (good) {
    head->start = start;
    head->total = total;
    if (head->length < 0)
      head->length = end - start;
  } else if (value || (head->content_type
          && g_ascii_strncasecmp (head->content_type, "multipart/", 10) == 0)) {
    /* Nobody asked for that: no byte of it is where it should be. */
    head->start = -1;
  } else {
    head->start = request->start;
  }
}

static void
set_seekable (P2pHttpHead * head)
{
  const char *ranges = p2p_headers_get (head->response_headers,
      "Accept-Ranges");

  head->total = head->length;
  head->seekable = head->length >= 0;
  if (ranges && g_ascii_strcasecmp (ranges, "none") == 0)
    head->seekable = FALSE;
  else if (ranges && g_ascii_strcasecmp (ranges, "bytes") == 0)
    head->seekable = TRUE;
}

static void
set_validator (P2pHttpHead * head)
{
  const char *etag = p2p_headers_get (head->response_headers, "ETag");

  if (etag && *etag == '"')
    head->validator = g_strdup (etag);
  else
    head->validator = g_strdup (p2p_headers_get (head->response_headers,
            "Last-Modified"));
}

P2pHttpHead *
p2p_soup_head_new (P2pSoupRequest * request, SoupMessage * message,
    gboolean encoded)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  const char *reason = soup_message_get_reason_phrase (message);
  P2pHttpHead *head = p2p_http_head_new ();

  soup_message_headers_foreach (soup_message_get_request_headers (message),
      copy_header, head->request_headers);
  soup_message_headers_foreach (headers, copy_header, head->response_headers);
  head->status = soup_message_get_status (message);
  head->reason = g_utf8_make_valid (reason ? reason : "", -1);
  head->redirected = request->redirects > 0;
  head->permanent = head->redirected && request->permanent;
  head->uri = head->redirected
      ? g_uri_to_string_partial (request->uri, G_URI_HIDE_PASSWORD)
      : g_strdup (request->wanted);
  head->encoded = encoded;
  head->content_type = g_strdup (p2p_headers_get (head->response_headers,
          "Content-Type"));
  if (!encoded && soup_message_headers_get_encoding (headers)
      == SOUP_ENCODING_CONTENT_LENGTH)
    head->length = soup_message_headers_get_content_length (headers);
  if (head->status == SOUP_STATUS_NO_CONTENT)
    head->length = 0;
  if (head->status == 206 || head->status == 416)
    set_range (head, request);
  else
    set_seekable (head);
  set_validator (head);
  return head;
}

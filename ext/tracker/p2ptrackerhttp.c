/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2ptrackerhttp.h"

#include <string.h>

/* The headers of a reply are some 400 bytes. */
#define HEAD_SIZE 1024
#define MAX_NUMBER 32
#define MAX_FORWARDED 1024

static const struct
{
  enum lws_token_indexes token;
  const char *name;
} methods[] = {
  /* *INDENT-OFF* */
  { WSI_TOKEN_GET_URI, "GET" },
  { WSI_TOKEN_POST_URI, "POST" },
  { WSI_TOKEN_PUT_URI, "PUT" },
  { WSI_TOKEN_OPTIONS_URI, "OPTIONS" },
  { WSI_TOKEN_HEAD_URI, "HEAD" },
  { WSI_TOKEN_PATCH_URI, "PATCH" },
  { WSI_TOKEN_DELETE_URI, "DELETE" },
  /* *INDENT-ON* */
};

/* On any page, whatever it sends; browsers keep that for a day. */
static const struct
{
  const char *name;
  const char *value;
} cors[] = {
  /* *INDENT-OFF* */
  { "Access-Control-Allow-Origin:", "*" },
  { "Access-Control-Allow-Methods:", "GET, POST, PUT, OPTIONS" },
  { "Access-Control-Allow-Headers:", "Content-Type, *" },
  { "Access-Control-Max-Age:", "86400" },
  { "Cache-Control:", "no-store" },
  /* *INDENT-ON* */
};

static char *
copy_header (struct lws *wsi, enum lws_token_indexes token)
{
  int size = lws_hdr_total_length (wsi, token);
  char *text = g_malloc0 (size + 1);

  lws_hdr_copy (wsi, text, size + 1, token);
  return text;
}

static char **
copy_query (struct lws *wsi)
{
  GPtrArray *args = g_ptr_array_new ();
  int size;

  for (int i = 0; (size = lws_hdr_fragment_length (wsi,
              WSI_TOKEN_HTTP_URI_ARGS, i)) > 0; i++) {
    char *arg = g_malloc0 (size + 1);

    lws_hdr_copy_fragment (wsi, arg, size + 1, WSI_TOKEN_HTTP_URI_ARGS, i);
    g_ptr_array_add (args, arg);
  }
  g_ptr_array_add (args, NULL);
  return (char **) g_ptr_array_free (args, FALSE);
}

gboolean
p2p_tracker_http_read (struct lws *wsi, P2pTrackerRequest * request)
{
  *request = (P2pTrackerRequest) {
  0};
  for (guint i = 0; i < G_N_ELEMENTS (methods) && !request->method; i++) {
    if (lws_hdr_total_length (wsi, methods[i].token) > 0) {
      request->method = methods[i].name;
      request->path = copy_header (wsi, methods[i].token);
    }
  }
  if (!request->method)
    return FALSE;
  request->query = copy_query (wsi);
  return TRUE;
}

void
p2p_tracker_http_clear (P2pTrackerRequest * request)
{
  g_free ((char *) request->path);
  g_strfreev (request->query);
  *request = (P2pTrackerRequest) {
  0};
}

gint64
p2p_tracker_http_get_length (struct lws *wsi)
{
  int size = lws_hdr_total_length (wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH);
  char text[MAX_NUMBER];
  guint64 length;

  /* libwebsockets does not decode what is chunked. */
  if (lws_hdr_total_length (wsi, WSI_TOKEN_HTTP_TRANSFER_ENCODING) > 0)
    return -1;
  if (size == 0)
    return lws_hdr_total_length (wsi, WSI_TOKEN_POST_URI) > 0
        || lws_hdr_total_length (wsi, WSI_TOKEN_PUT_URI) > 0 ? -1 : 0;
  if (lws_hdr_copy (wsi, text, sizeof (text), WSI_TOKEN_HTTP_CONTENT_LENGTH) < 0
      || !g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, &length, NULL))
    return -1;
  return length;
}

char *
p2p_tracker_http_get_forwarded (struct lws *wsi)
{
  char text[MAX_FORWARDED];
  char *last;

  if (lws_hdr_copy (wsi, text, sizeof (text), WSI_TOKEN_X_FORWARDED_FOR) <= 0)
    return NULL;
  last = strrchr (text, ',');
  return g_strdup (g_strstrip (last ? last + 1 : text));
}

char *
p2p_tracker_http_get_origin (struct lws *wsi)
{
  return lws_hdr_total_length (wsi, WSI_TOKEN_ORIGIN) > 0
      ? copy_header (wsi, WSI_TOKEN_ORIGIN) : NULL;
}

static gboolean
add_header (struct lws *wsi, const char *name, const char *value, guchar ** at,
    guchar * end)
{
  return lws_add_http_header_by_name (wsi, (const guchar *) name,
      (const guchar *) value, strlen (value), at, end) == 0;
}

int
p2p_tracker_http_reply (struct lws *wsi, guint status, GString * body,
    const char *type)
{
  g_autofree guchar *buffer = g_malloc (LWS_PRE + HEAD_SIZE + body->len);
  guchar *start = buffer + LWS_PRE, *at = start, *end = start + HEAD_SIZE;
  char length[MAX_NUMBER];
  gboolean good;

  g_snprintf (length, sizeof (length), "%" G_GSIZE_FORMAT, body->len);
  good = lws_add_http_header_status (wsi, status, &at, end) == 0
      && add_header (wsi, "Content-Length:", length, &at, end)
      && add_header (wsi, "Connection:", "close", &at, end);
  for (guint i = 0; i < G_N_ELEMENTS (cors); i++)
    good = good && add_header (wsi, cors[i].name, cors[i].value, &at, end);
  if (body->len > 0)
    good = good && add_header (wsi, "Content-Type:", type, &at, end);
  if (!good || lws_finalize_http_header (wsi, &at, end))
    return -1;
  memcpy (at, body->str, body->len);
  lws_write (wsi, start, at - start + body->len, LWS_WRITE_HTTP_HEADERS);
  return -1;
}

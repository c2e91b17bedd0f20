/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2psoupgatewayhead.h"

#include "p2perror.h"

#include <string.h>

#define ANY_TYPE "application/octet-stream"

static const struct
{
  const char *extension, *type;
} types[] = {
  {".m3u8", P2P_SOUP_GATEWAY_PLAYLIST_TYPE},
  {".m3u", P2P_SOUP_GATEWAY_PLAYLIST_TYPE},
  {".ts", "video/mp2t"},
  {".m2ts", "video/mp2t"},
  {".mp4", "video/mp4"},
  {".m4s", "video/mp4"},
  {".m4v", "video/mp4"},
  {".cmfv", "video/mp4"},
  {".m4a", "audio/mp4"},
  {".cmfa", "audio/mp4"},
  {".aac", "audio/aac"},
  {".mp3", "audio/mpeg"},
  {".ac3", "audio/ac3"},
  {".ec3", "audio/eac3"},
  {".vtt", "text/vtt"},
  {".webvtt", "text/vtt"},
};

static const char *
find_by_extension (const char *uri)
{
  gsize end = strcspn (uri, "?#");

  for (guint i = 0; i < G_N_ELEMENTS (types); i++) {
    gsize len = strlen (types[i].extension);

    if (end > len && g_ascii_strncasecmp (uri + end - len, types[i].extension,
            len) == 0)
      return types[i].type;
  }
  return NULL;
}

static gboolean
is_type (const char *content_type, const char *type)
{
  gsize len = strlen (type);

  return g_ascii_strncasecmp (content_type, type, len) == 0
      && (content_type[len] == '\0' || strchr ("; \t", content_type[len]));
}

gboolean
p2p_soup_gateway_head_is_playlist_type (const char *content_type)
{
  static const char *const names[] = { P2P_SOUP_GATEWAY_PLAYLIST_TYPE,
    "application/x-mpegurl", "audio/mpegurl", "audio/x-mpegurl",
  };

  for (guint i = 0; content_type && i < G_N_ELEMENTS (names); i++) {
    if (is_type (content_type, names[i]))
      return TRUE;
  }
  return FALSE;
}

gboolean
p2p_soup_gateway_head_is_playlist_name (const char *uri)
{
  return p2p_soup_gateway_head_is_playlist_type (find_by_extension (uri));
}

static gboolean
is_media (const char *content_type)
{
  return g_ascii_strncasecmp (content_type, "video/", 6) == 0
      || g_ascii_strncasecmp (content_type, "audio/", 6) == 0
      || is_type (content_type, "text/vtt")
      || is_type (content_type, "application/mp4");
}

const char *
p2p_soup_gateway_head_get_type (const char *content_type, const char *uri)
{
  const char *found;

  if (content_type && is_media (content_type))
    return content_type;
  found = find_by_extension (uri);
  /* What is a playlist was found to be one by its bytes. */
  return found && !p2p_soup_gateway_head_is_playlist_type (found) ? found
      : ANY_TYPE;
}

void
p2p_soup_gateway_head_describe (SoupServerMessage * message, const char *type,
    const char *etag)
{
  SoupMessageHeaders *headers =
      soup_server_message_get_response_headers (message);

  soup_message_headers_replace (headers, "Content-Type", type);
  soup_message_headers_replace (headers, "Accept-Ranges", "bytes");
  /* A browser that has it asks whether it is still good, which costs little. */
  soup_message_headers_replace (headers, "Cache-Control", "no-cache");
  if (etag)
    soup_message_headers_replace (headers, "ETag", etag);
}

guint
p2p_soup_gateway_head_get_status (P2pHttpHead * head, const GError * error)
{
  guint status = head ? head->status : 0;

  if (error && error->domain == P2P_ERROR) {
    if (error->code == P2P_ERROR_DESTROYED)
      return SOUP_STATUS_GONE;
    if (error->code == P2P_ERROR_RANGE)
      return SOUP_STATUS_REQUESTED_RANGE_NOT_SATISFIABLE;
    if (error->code == P2P_ERROR_TIMEOUT)
      return SOUP_STATUS_GATEWAY_TIMEOUT;
  }
  /* Whose password it is that is asked for, the player does not know. */
  if (status == SOUP_STATUS_UNAUTHORIZED
      || status == SOUP_STATUS_PROXY_UNAUTHORIZED)
    return SOUP_STATUS_FORBIDDEN;
  return status >= 400 && status <= 599 ? status : SOUP_STATUS_BAD_GATEWAY;
}

void
p2p_soup_gateway_head_excuse (SoupServerMessage * message, P2pHttpHead * head)
{
  const char *value = head && head->status >= 400
      ? p2p_headers_get (head->response_headers, "Retry-After") : NULL;

  if (value)
    soup_message_headers_replace (soup_server_message_get_response_headers
        (message), "Retry-After", value);
}

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2ptrackerapi.h"
#include "p2pjson.h"
#include "p2ptrackerconfig.h"

#include <string.h>

#define CHANNEL "/channel"
#define NODE "/node/"

const char *
p2p_tracker_request_get (const P2pTrackerRequest * request, const char *name)
{
  gsize size = strlen (name);

  for (guint i = 0; request->query && request->query[i]; i++) {
    if (strncmp (request->query[i], name, size) == 0
        && request->query[i][size] == '=')
      return request->query[i] + size + 1;
  }
  return NULL;
}

static guint
fail (GString * reply, guint status, const char *text)
{
  g_string_append_printf (reply, "{\"error\":\"%s\"}", text);
  return status;
}

static void
add_peers (const P2pTrackerApi * self, const char *peer_id, GString * reply)
{
  const char *ids[P2P_TRACKER_BOOK_MAX_LISTED];
  guint n = p2p_tracker_book_get_peers (self->book, peer_id, ids);

  g_string_append (reply, "\"peers\":[");
  for (guint i = 0; i < n; i++) {
    g_string_append (reply, i == 0 ? "{\"id\":\"" : ",{\"id\":\"");
    g_string_append (reply, ids[i]);
    g_string_append (reply, "\"}");
  }
  g_string_append_c (reply, ']');
}

static guint
announce (const P2pTrackerApi * self, const char *info_hash, GString * reply)
{
  const char *id;

  if (!info_hash || *info_hash == '\0'
      || strlen (info_hash) > P2P_TRACKER_BOOK_MAX_INFO_HASH)
    return fail (reply, 400, "info_hash is missing or too long");
  id = p2p_tracker_book_announce (self->book, info_hash);
  if (!id)
    return fail (reply, 503, "the tracker is full, try again later");
  g_string_append_printf (reply, "{\"peer_id\":\"%s\",\"report_interval\":%u,"
      "\"heartbeat_interval\":%u,", id, self->report_interval,
      self->heartbeat_interval);
  add_peers (self, id, reply);
  g_string_append_c (reply, '}');
  return 200;
}

/* Returns: FALSE, and the reply is made, if it does not come from a peer */
static gboolean
check_peer (const P2pTrackerApi * self, const char *info_hash,
    const char *peer_id, GString * reply, guint * status)
{
  if (!info_hash || !peer_id) {
    *status = fail (reply, 400, "info_hash or peer_id is missing");
    return FALSE;
  }
  if (!p2p_tracker_book_touch (self->book, info_hash, peer_id)) {
    *status = fail (reply, 404, "no such peer, announce first");
    return FALSE;
  }
  return TRUE;
}

static gboolean
get_count (P2pJson * json, const char *name, gint64 * value)
{
  return !p2p_json_has (json, name) || p2p_json_get_int64 (json, name, value);
}

/* source: what the bytes of the web server are called, by the generation.
 * Returns: FALSE if the body makes no sense; members that are left out are 0 */
static gboolean
add_report (const P2pTrackerApi * self, const P2pTrackerRequest * request,
    const char *peer_id, const char *source)
{
  g_autoptr (P2pJson) json = NULL;
  P2pTrackerReport report = { 0 };

  if (request->body)
    json = p2p_json_parse (request->body, request->body_size,
        P2P_TRACKER_MAX_BODY);
  if (!json || !get_count (json, source, &report.source_kb)
      || !get_count (json, "p2p", &report.p2p_kb)
      || !get_count (json, "conns", &report.conns)
      || !get_count (json, "failConns", &report.fail_conns))
    return FALSE;
  p2p_tracker_book_report (self->book, peer_id, &report);
  return TRUE;
}

static guint
seed_call (const P2pTrackerApi * self, const P2pTrackerRequest * request,
    const char *name, GString * reply)
{
  const char *info_hash = p2p_tracker_request_get (request, "info_hash");
  const char *peer_id = p2p_tracker_request_get (request, "peer_id");
  guint status;

  if (strcmp (name, "announce") == 0)
    return announce (self, info_hash, reply);
  if (!check_peer (self, info_hash, peer_id, reply, &status))
    return status;
  if (strcmp (name, "stats") == 0
      && !add_report (self, request, peer_id, "source"))
    return fail (reply, 400, "the statistics are no JSON object of numbers");
  g_string_append_c (reply, '{');
  if (strcmp (name, "get_peers") == 0)
    add_peers (self, peer_id, reply);
  g_string_append_c (reply, '}');
  return 200;
}

/* Returns: (transfer full): the info_hash that a channel stands for */
static char *
get_info_hash (const char *channel)
{
  g_autofree char *text = NULL;
  gsize size = 0;

  if (strlen (channel) % 4 == 0)
    text = (char *) g_base64_decode (channel, &size);
  if (size > 0 && g_utf8_validate (text, size, NULL))
    return g_strndup (text, size);
  return g_strdup (channel);
}

static guint
channel_fail (GString * reply, guint status, const char *name, const char *text)
{
  g_string_append_printf (reply, "{\"ret\":-1,\"name\":\"%s\","
      "\"data\":{\"code\":%u,\"msg\":\"%s\"}}", name, status, text);
  return status;
}

static guint
open_channel (const P2pTrackerApi * self, const P2pTrackerRequest * request,
    GString * reply)
{
  g_autoptr (P2pJson) json = NULL;
  g_autofree char *info_hash = NULL;
  const char *channel = NULL;
  const char *id;

  if (request->body)
    json = p2p_json_parse (request->body, request->body_size,
        P2P_TRACKER_MAX_BODY);
  if (json)
    channel = p2p_json_get_string (json, "channel");
  if (!channel || *channel == '\0'
      || strlen (channel) > P2P_TRACKER_BOOK_MAX_INFO_HASH)
    return channel_fail (reply, 400, "channel",
        "channel is missing or too long");
  info_hash = get_info_hash (channel);
  id = p2p_tracker_book_announce (self->book, info_hash);
  if (!id)
    return channel_fail (reply, 503, "channel",
        "the tracker is full, try again later");
  /* There is no heartbeat here: the reports have to come as often. */
  g_string_append_printf (reply, "{\"ret\":0,\"name\":\"channel\",\"data\":"
      "{\"id\":\"%s\",\"report_interval\":%u,", id,
      MIN (self->report_interval, self->heartbeat_interval));
  add_peers (self, id, reply);
  g_string_append (reply, "}}");
  return 200;
}

static guint
node_call (const P2pTrackerApi * self, const P2pTrackerRequest * request,
    const char *channel, const char *peer_id, const char *name, GString * reply)
{
  g_autofree char *info_hash = get_info_hash (channel);

  if (!p2p_tracker_book_touch (self->book, info_hash, peer_id))
    return channel_fail (reply, 404, name, "no such peer");
  if (strcmp (name, "stats") == 0
      && !add_report (self, request, peer_id, "http"))
    return channel_fail (reply, 400, name,
        "the statistics are no JSON object of numbers");
  g_string_append_printf (reply, "{\"ret\":0,\"name\":\"%s\",\"data\":{", name);
  if (strcmp (name, "peers") == 0)
    add_peers (self, peer_id, reply);
  g_string_append (reply, "}}");
  return 200;
}

static gboolean
is_post (const P2pTrackerRequest * request)
{
  return strcmp (request->method, "POST") == 0
      || strcmp (request->method, "PUT") == 0;
}

/* path: from "/channel" on */
static guint
channel_call (const P2pTrackerApi * self, const P2pTrackerRequest * request,
    const char *path, GString * reply)
{
  g_autofree char *channel = g_strdup (path + strlen (CHANNEL));
  char *node, *call;

  if (!is_post (request))
    return fail (reply, 405, "this is called with POST");
  if (*channel == '\0')
    return open_channel (self, request, reply);
  node = g_strrstr (channel, NODE);
  call = node ? strchr (node + strlen (NODE), '/') : NULL;
  if (!call || (strcmp (call, "/peers") != 0 && strcmp (call, "/stats") != 0))
    return fail (reply, 404, "no such call");
  *node = *call = '\0';
  /* libwebsockets takes a plus for a space, of which base64 has none. */
  g_strdelimit (channel, " ", '+');
  return node_call (self, request, channel + 1, node + strlen (NODE), call + 1,
      reply);
}

guint
p2p_tracker_api_handle (const P2pTrackerApi * self,
    const P2pTrackerRequest * request, GString * reply)
{
  static const char *const calls[] = { "announce", "get_peers", "heartbeat",
    "stats", NULL
  };
  g_autofree char *path = g_strdup (request->path);
  const char *channel, *name;
  gsize size = strlen (path);

  if (size > 1 && path[size - 1] == '/')
    path[size - 1] = '\0';
  channel = strstr (path, CHANNEL);
  if (channel && strchr ("/", channel[strlen (CHANNEL)]))
    return channel_call (self, request, channel, reply);
  name = strrchr (path, '/');
  if (!name || !g_strv_contains (calls, name + 1))
    return fail (reply, 404, "no such call");
  name++;
  if (strcmp (name, "stats") == 0 ? !is_post (request)
      : strcmp (request->method, "GET") != 0)
    return fail (reply, 405, "this is called with another method");
  return seed_call (self, request, name, reply);
}

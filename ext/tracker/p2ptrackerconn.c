/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2ptrackerconn.h"
#include "p2ptrackerhttp.h"
#include "p2ptrackersocket.h"
#include "p2ptrackerstatus.h"

#include <string.h>
#include <unistd.h>

typedef struct
{
  P2pTrackerCore *core;
  struct lws *wsi;
  P2pTrackerVisitor *visitor;   /* (nullable): a trusted proxy is not counted */
  gboolean is_proxy;
  P2pTrackerRequest request;    /* whose body is being read */
  GByteArray *body;             /* (nullable) */
  guint late_status;            /* what a body is answered that is thrown away; 0:
                                 * none is */
  const char *late_text;
  char *id;                     /* (nullable): of the WebSocket to be, if it is
                                 * one of seed 002's signalling */
  P2pTrackerSocket *socket;     /* (nullable) */
} P2pTrackerConn;

static void
conn_free (P2pTrackerConn * self)
{
  if (self->socket)
    p2p_tracker_socket_free (self->socket);
  if (self->visitor)
    p2p_tracker_gate_leave (self->core->gate, self->visitor);
  p2p_tracker_http_clear (&self->request);
  g_clear_pointer (&self->body, g_byte_array_unref);
  self->core->connections--;
  g_free (self->id);
  g_free (self);
}

void
p2p_tracker_conn_accept (P2pTrackerCore * core, struct lws_vhost *vhost,
    int fd, const char *address)
{
  P2pTrackerConn *self = g_new0 (P2pTrackerConn, 1);
  const lws_adopt_desc_t desc = {
    .vh = vhost,
    .type = LWS_ADOPT_SOCKET | LWS_ADOPT_HTTP | LWS_ADOPT_ALLOW_SSL,
    .fd.sockfd = fd,
    .opaque = self,
  };

  self->core = core;
  self->is_proxy = g_strcmp0 (address, core->config->trusted_proxy) == 0;
  if (!self->is_proxy)
    self->visitor = p2p_tracker_gate_enter (core->gate, address);
  core->connections++;
  if (core->connections > core->config->max_connections
      || (!self->is_proxy && !self->visitor)) {
    core->refused++;
    close (fd);
    conn_free (self);
    return;
  }
  core->made = FALSE;
  /* If it fails with a wsi that was made, that one tells when it goes. */
  if (!lws_adopt_descriptor_vhost_via_info (&desc) && !core->made)
    conn_free (self);
}

/* Returns: (nullable): who makes the request of wsi, behind a proxy or not */
static P2pTrackerVisitor *
get_visitor (P2pTrackerConn * self)
{
  g_autofree char *address = NULL;

  if (!self->is_proxy)
    return self->visitor;
  address = p2p_tracker_http_get_forwarded (self->wsi);
  return address ? p2p_tracker_gate_find (self->core->gate, address) : NULL;
}

static int
reply_text (P2pTrackerConn * self, guint status, const char *text)
{
  g_autoptr (GString) json = g_string_new (NULL);

  if (text)
    g_string_printf (json, "{\"error\":\"%s\"}", text);
  return p2p_tracker_http_reply (self->wsi, status, json, P2P_TRACKER_JSON);
}

/* When the body has come and was thrown away, so that the answer arrives;
 * libwebsockets 4.3 stands still if it is answered before. */
static int
reply_late (P2pTrackerConn * self, guint status, const char *text,
    gint64 length)
{
  if (length <= 0 || length > P2P_TRACKER_MAX_SKIPPED)
    return reply_text (self, status, text);
  self->late_status = status;
  self->late_text = text;
  return 0;
}

static int
answer (P2pTrackerConn * self)
{
  g_autoptr (GString) body = g_string_sized_new (1024);
  const char *type = P2P_TRACKER_JSON;
  guint status = 200;

  if (self->late_status != 0)
    return reply_text (self, self->late_status, self->late_text);
  if (self->body) {
    self->request.body = (const char *) self->body->data;
    self->request.body_size = self->body->len;
  }
  if (!p2p_tracker_status_handle (self->core, &self->request, body, &type))
    status = p2p_tracker_api_handle (&self->core->api, &self->request, body);
  if (status == 200)
    self->core->requests++;
  return p2p_tracker_http_reply (self->wsi, status, body, type);
}

static int
on_request (P2pTrackerConn * self)
{
  P2pTrackerVisitor *visitor = get_visitor (self);
  gint64 length = p2p_tracker_http_get_length (self->wsi);

  if (!visitor || !p2p_tracker_gate_request (self->core->gate, visitor)) {
    self->core->refused++;
    return reply_late (self, 429, "too many requests", length);
  }
  if (!p2p_tracker_http_read (self->wsi, &self->request))
    return reply_text (self, 400, "no method that is known");
  if (length < 0)
    return reply_text (self, 411, "Content-Length is missing");
  if (length > P2P_TRACKER_MAX_BODY) {
    self->core->refused++;
    return reply_late (self, 413, "the body is too large", length);
  }
  if (strcmp (self->request.method, "OPTIONS") == 0)
    return reply_text (self, 200, NULL);
  /* Whose answer has no body */
  if (strcmp (self->request.method, "HEAD") == 0)
    return reply_text (self, 405, NULL);
  if (length == 0)
    return answer (self);
  self->body = g_byte_array_sized_new (length);
  return 0;
}

static int
on_body (P2pTrackerConn * self, gconstpointer data, gsize size)
{
  if (self->late_status != 0)
    return 0;
  if (!self->body || self->body->len + size > P2P_TRACKER_MAX_BODY)
    return -1;
  g_byte_array_append (self->body, data, size);
  return 0;
}

/* A WebSocket with an id is one of seed 002's signalling, any other one of
 * WebTorrent. Returns: FALSE if it is neither */
static gboolean
read_id (P2pTrackerConn * self)
{
  static const char *const paths[] = { "/", "/ws", "/ws/", "/wss", "/wss/",
    NULL
  };
  P2pTrackerRequest request;
  const char *id = NULL;
  gboolean good = p2p_tracker_http_read (self->wsi, &request);

  if (good)
    id = p2p_tracker_request_get (&request, "id");
  if (id)
    good = g_strv_contains (paths, request.path) && p2p_tracker_hub_is_id (id);
  g_free (self->id);
  self->id = good ? g_strdup (id) : NULL;
  p2p_tracker_http_clear (&request);
  return good;
}

static gboolean
is_allowed (P2pTrackerConn * self)
{
  char **allowed = self->core->config->allowed_origins;
  g_autofree char *origin = p2p_tracker_http_get_origin (self->wsi);

  return !allowed || !origin
      || g_strv_contains ((const char *const *) allowed, origin);
}

static int
refuse (P2pTrackerConn * self, guint status, const char *text)
{
  self->core->refused++;
  return reply_text (self, status, text);
}

static int
on_upgrade (P2pTrackerConn * self)
{
  P2pTrackerVisitor *visitor = get_visitor (self);

  if (!visitor || !p2p_tracker_gate_request (self->core->gate, visitor))
    return refuse (self, 429, "too many requests");
  if (!is_allowed (self))
    return refuse (self, 403, "pages of that origin are not served");
  if (!read_id (self))
    return reply_text (self, 404, "no such WebSocket, or a bad id");
  if (self->is_proxy) {
    g_autofree char *address = p2p_tracker_http_get_forwarded (self->wsi);

    self->visitor = p2p_tracker_gate_enter (self->core->gate, address);
    if (!self->visitor)
      return refuse (self, 429, "too many connections");
  }
  return 0;
}

/* Leaves the socket at once if it is to be closed, as that can take long.
 * Returns: result */
static int
check_socket (P2pTrackerConn * self, int result)
{
  if (result != 0)
    g_clear_pointer (&self->socket, p2p_tracker_socket_free);
  return result;
}

static int
on_socket (P2pTrackerConn * self, enum lws_callback_reasons reason, void *in,
    gsize size)
{
  switch (reason) {
    case LWS_CALLBACK_RECEIVE:
      return p2p_tracker_socket_receive (self->socket, in, size);
    case LWS_CALLBACK_RECEIVE_PONG:
      return p2p_tracker_socket_receive_pong (self->socket);
    case LWS_CALLBACK_SERVER_WRITEABLE:
      return p2p_tracker_socket_writable (self->socket);
    case LWS_CALLBACK_CLOSED:
      return -1;
    default:
      return 0;
  }
}

static int
dispatch (P2pTrackerConn * self, enum lws_callback_reasons reason, void *in,
    size_t size)
{
  switch (reason) {
    case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
      /* Not to HTTP/2 */
      return g_ascii_strcasecmp (in, "websocket") == 0 ? 0 : -1;
    case LWS_CALLBACK_HTTP:
      return on_request (self);
    case LWS_CALLBACK_HTTP_BODY:
      return on_body (self, in, size);
    case LWS_CALLBACK_HTTP_BODY_COMPLETION:
      return answer (self);
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
      return on_upgrade (self);
    case LWS_CALLBACK_ESTABLISHED:
      self->socket = p2p_tracker_socket_new (self->core, self->wsi, self->id);
      return 0;
    case LWS_CALLBACK_WSI_DESTROY:
      conn_free (self);
      return 0;
    default:
      return self->socket ? check_socket (self, on_socket (self, reason, in,
              size)) : 0;
  }
}

int
p2p_tracker_conn_callback (struct lws *wsi, enum lws_callback_reasons reason,
    void *user, void *in, size_t size)
{
  P2pTrackerConn *self = wsi ? lws_get_opaque_user_data (wsi) : NULL;
  P2pTrackerCore *core;
  int result;

  if (reason == LWS_CALLBACK_WSI_CREATE) {
    core = lws_context_user (lws_get_context (wsi));
    core->made = TRUE;
  }
  if (!self)
    return 0;
  core = self->core;
  self->wsi = wsi;
  p2p_tracker_core_enter (core);
  result = dispatch (self, reason, in, size);
  p2p_tracker_core_leave (core);
  return result;
}

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "snserver.h"

#include <sys/socket.h>

static void
append (char **log, const char *format, ...)
{
  g_autofree char *before = *log;
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  *log = g_strconcat (before, text, NULL);
}

/* --- requests --- */

static GPtrArray *
sn_server_get_swarm (SnServer * self, const char *info_hash)
{
  GPtrArray *ids = g_hash_table_lookup (self->swarms, info_hash);

  if (!ids) {
    ids = g_ptr_array_new_with_free_func (g_free);
    g_hash_table_insert (self->swarms, g_strdup (info_hash), ids);
  }
  return ids;
}

static char *
list_peers (GPtrArray * ids, const char *but)
{
  GString *list = g_string_new (NULL);

  for (guint i = 0; i < ids->len; i++)
    if (g_strcmp0 (ids->pdata[i], but) != 0)
      g_string_append_printf (list, "%s{\"id\":\"%s\"}", list->len ? "," : "",
          (char *) ids->pdata[i]);
  return g_string_free (list, FALSE);
}

static char *
sn_server_make_body (SnServer * self, const char *path, GHashTable * query)
{
  const char *info_hash = query ? g_hash_table_lookup (query, "info_hash")
      : NULL;
  GPtrArray *ids = sn_server_get_swarm (self, info_hash ? info_hash : "");
  g_autofree char *peers = NULL;
  g_autofree char *id = NULL;

  if (g_str_has_suffix (path, "/announce")) {
    id = g_strdup_printf ("id%05u", ++self->last_id);
    peers = list_peers (ids, id);
    g_ptr_array_add (ids, g_strdup (id));
    return g_strdup_printf ("{\"peer_id\":\"%s\",\"report_interval\":%u,"
        "\"heartbeat_interval\":%u,\"peers\":[%s]}", id, self->report_interval,
        self->heartbeat_interval, peers);
  }
  if (g_str_has_suffix (path, "/get_peers")) {
    peers = list_peers (ids, g_hash_table_lookup (query, "peer_id"));
    return g_strdup_printf ("{\"peers\":[%s]}", peers);
  }
  return g_strdup ("{}");
}

static void
sn_server_reply (SnServer * self, SoupServerMessage * message)
{
  const char *path = g_uri_get_path (soup_server_message_get_uri (message));
  const char *query = g_uri_get_query (soup_server_message_get_uri (message));
  g_autoptr (GHashTable) form = query ? soup_form_decode (query) : NULL;
  gboolean meant = !self->only || g_str_has_suffix (path, self->only);
  char *body;

  soup_server_message_set_status (message, meant && self->status
      ? self->status : 200, NULL);
  if (meant && self->status)
    return;
  body = meant && self->body ? g_strdup (self->body)
      : sn_server_make_body (self, path, form);
  soup_server_message_set_response (message, "application/json",
      SOUP_MEMORY_TAKE, body, strlen (body));
}

static void
on_request (SoupServer * server, SoupServerMessage * message, const char *path,
    GHashTable * query, gpointer user_data)
{
  SnServer *self = user_data;
  GUri *uri = soup_server_message_get_uri (message);
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  g_autofree char *text = g_uri_to_string_partial (uri, G_URI_HIDE_FRAGMENT);
  const char *target = strchr (text + strlen ("http://"), '/');
  g_autoptr (GBytes) flat = soup_message_body_flatten (body);

  append (&self->log, "%s %s%s%.*s\n", soup_server_message_get_method (message),
      target, g_bytes_get_size (flat) ? " " : "", (int) g_bytes_get_size (flat),
      (const char *) g_bytes_get_data (flat, NULL));
  g_clear_pointer (&self->headers, soup_message_headers_unref);
  self->headers = soup_message_headers_ref
      (soup_server_message_get_request_headers (message));
  self->n_requests++;
  if (self->silent) {
    soup_server_message_pause (message);
    g_ptr_array_add (self->waiting, g_object_ref (message));
  } else {
    sn_server_reply (self, message);
  }
}

void
sn_server_answer (SnServer * self)
{
  self->silent = FALSE;
  for (guint i = 0; i < self->waiting->len; i++) {
    sn_server_reply (self, self->waiting->pdata[i]);
    soup_server_message_unpause (self->waiting->pdata[i]);
  }
  g_ptr_array_set_size (self->waiting, 0);
}

/* --- messages --- */

static const char *
get_id (SoupWebsocketConnection * socket)
{
  return g_object_get_data (G_OBJECT (socket), "id");
}

/* Returns: (transfer full) (nullable): the value of a member that is a string,
 * in JSON that we wrote ourselves */
static char *
get_member (const char *text, const char *name)
{
  g_autofree char *start = g_strdup_printf ("\"%s\":\"", name);
  const char *found = strstr (text, start);

  if (!found)
    return NULL;
  found += strlen (start);
  return g_strndup (found, strcspn (found, "\""));
}

static void
sn_server_pass_on (SnServer * self, const char *from, const char *text)
{
  g_autofree char *to = get_member (text, "to_peer_id");
  SoupWebsocketConnection *socket;
  g_autofree char *out = NULL;

  if (!to || self->mute)
    return;
  socket = g_hash_table_lookup (self->sockets, to);
  if (socket) {
    out = g_strdup_printf ("{\"action\":\"signal\",\"from_peer_id\":\"%s\","
        "%s", from, strstr (text, "\"data\":"));
  } else {
    out = g_strdup_printf ("{\"action\":\"signal\",\"from_peer_id\":\"%s\"}",
        to);
    socket = g_hash_table_lookup (self->sockets, from);
  }
  soup_websocket_connection_send_text (socket, out);
}

static void
on_message (SoupWebsocketConnection * socket, int type, GBytes * bytes,
    SnServer * self)
{
  const char *text = g_bytes_get_data (bytes, NULL);

  append (&self->signals, "%s %s\n", get_id (socket), text);
  if (!strstr (text, "\"ping\""))
    sn_server_pass_on (self, get_id (socket), text);
  else if (!self->no_pong)
    soup_websocket_connection_send_text (socket, "{\"action\":\"pong\"}");
}

static void
on_closed (SoupWebsocketConnection * socket, SnServer * self)
{
  g_string_append_printf (self->closed, "%s %u\n", get_id (socket),
      soup_websocket_connection_get_close_code (socket));
  if (g_hash_table_lookup (self->sockets, get_id (socket)) == socket)
    g_hash_table_remove (self->sockets, get_id (socket));
}

static void
on_websocket (SoupServer * server, SoupServerMessage * message,
    const char *path, SoupWebsocketConnection * socket, gpointer user_data)
{
  SnServer *self = user_data;
  const char *query = g_uri_get_query (soup_server_message_get_uri (message));
  g_autoptr (GHashTable) form = soup_form_decode (query);
  const char *id = g_hash_table_lookup (form, "id");

  g_object_set_data_full (G_OBJECT (socket), "id", g_strdup (id), g_free);
  g_signal_connect (socket, "message", G_CALLBACK (on_message), self);
  g_signal_connect (socket, "closed", G_CALLBACK (on_closed), self);
  g_hash_table_replace (self->sockets, g_strdup (id), g_object_ref (socket));
}

SoupWebsocketConnection *
sn_server_get_socket (SnServer * self, const char *id)
{
  return g_hash_table_lookup (self->sockets, id);
}

/* --- life --- */

static GSocket *
make_socket (guint16 port)
{
  GSocket *socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM,
      G_SOCKET_PROTOCOL_TCP, NULL);
  g_autoptr (GInetAddress) loopback =
      g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address =
      g_inet_socket_address_new (loopback, port);

  g_assert_true (g_socket_set_option (socket, SOL_SOCKET, SO_REUSEPORT, 1,
          NULL));
  g_assert_true (g_socket_bind (socket, address, TRUE, NULL));
  return socket;
}

SnServer *
sn_server_new (void)
{
  SnServer *self = g_new0 (SnServer, 1);
  g_autoptr (GSocketAddress) address = NULL;

  self->placeholder = make_socket (0);
  address = g_socket_get_local_address (self->placeholder, NULL);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
  self->announce = g_strdup_printf ("http://127.0.0.1:%u", self->port);
  self->log = g_strdup ("");
  self->signals = g_strdup ("");
  self->closed = g_string_new (NULL);
  self->report_interval = 9;
  self->heartbeat_interval = 20;
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  self->swarms = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
      (GDestroyNotify) g_ptr_array_unref);
  self->sockets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
      g_object_unref);
  return self;
}

void
sn_server_start (SnServer * self)
{
  g_autoptr (GSocket) socket = make_socket (self->port);

  g_assert_true (g_socket_listen (socket, NULL));
  self->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (self->server, NULL, on_request, self, NULL);
  soup_server_add_websocket_handler (self->server, "/ws", NULL, NULL,
      on_websocket, self, NULL);
  g_assert_true (soup_server_listen_socket (self->server, socket, 0, NULL));
}

void
sn_server_stop (SnServer * self)
{
  GHashTableIter iter;
  gpointer socket;

  if (!self->server)
    return;
  g_hash_table_iter_init (&iter, self->sockets);
  while (g_hash_table_iter_next (&iter, NULL, &socket)) {
    g_signal_handlers_disconnect_by_data (socket, self);
    g_io_stream_close (soup_websocket_connection_get_io_stream (socket), NULL,
        NULL);
    g_hash_table_iter_remove (&iter);
  }
  g_ptr_array_set_size (self->waiting, 0);
  g_hash_table_remove_all (self->swarms);
  soup_server_disconnect (self->server);
  g_clear_object (&self->server);
}

void
sn_server_free (SnServer * self)
{
  sn_server_stop (self);
  g_object_unref (self->placeholder);
  g_ptr_array_unref (self->waiting);
  g_hash_table_unref (self->swarms);
  g_hash_table_unref (self->sockets);
  g_clear_pointer (&self->headers, soup_message_headers_unref);
  g_string_free (self->closed, TRUE);
  g_free (self->announce);
  g_free (self->log);
  g_free (self->signals);
  g_free (self->body);
  g_free (self);
}

void
sn_server_clear_log (SnServer * self)
{
  self->n_requests = 0;
  g_free (self->log);
  self->log = g_strdup ("");
}

void
sn_server_check_log (SnServer * self, const char *expected)
{
  g_assert_cmpstr (self->log, ==, expected);
  sn_server_clear_log (self);
}

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "wttracker.h"

#include "p2pwtmessage.h"

static void
append_json (GString * out, const P2pJsonSlice * slice)
{
  g_string_append_len (out, slice->text, slice->size);
}

/* What was announced over a socket: "hash peer", a reference each */
static GPtrArray *
get_members (SoupWebsocketConnection * socket)
{
  return g_object_get_data (G_OBJECT (socket), "members");
}

static void
tracker_relay (WtTracker * self, const P2pWtMessage * from,
    SoupWebsocketConnection * but)
{
  guint n = 0;

  for (guint i = 0; i < self->sockets->len && n < from->n_offers; i++) {
    SoupWebsocketConnection *socket = self->sockets->pdata[i];
    g_autoptr (GString) hash = g_string_new (NULL);
    g_autoptr (GString) out = g_string_new (NULL);
    P2pWtMessage message;

    append_json (hash, &from->info_hash);
    if (socket == but || !g_ptr_array_find_with_equal_func (get_members
            (socket), hash->str, (GEqualFunc) g_str_has_prefix, NULL))
      continue;
    p2p_wt_message_init (&message);
    message.action = P2P_WT_ACTION_ANNOUNCE;
    message.offer = from->offers[n].offer;
    message.offer_id = from->offers[n++].offer_id;
    message.peer_id = from->peer_id;
    message.info_hash = from->info_hash;
    p2p_wt_message_write (&message, out);
    soup_websocket_connection_send_text (socket, out->str);
  }
}

static void
tracker_pass_answer (WtTracker * self, const P2pWtMessage * from)
{
  g_autoptr (GString) member = g_string_new (NULL);
  g_autoptr (GString) out = g_string_new (NULL);
  P2pWtMessage message = *from;

  append_json (member, &from->info_hash);
  append_json (member, &from->to_peer_id);
  message.to_peer_id.text = NULL;
  p2p_wt_message_write (&message, out);
  for (guint i = 0; i < self->sockets->len; i++)
    if (g_ptr_array_find_with_equal_func (get_members (self->sockets->pdata[i]),
            member->str, g_str_equal, NULL))
      soup_websocket_connection_send_text (self->sockets->pdata[i], out->str);
}

static void
tracker_reply (WtTracker * self, const P2pWtMessage * from,
    SoupWebsocketConnection * socket)
{
  g_autoptr (GString) out = g_string_new (self->reply);
  g_autoptr (GString) member = g_string_new (NULL);
  P2pWtMessage message;

  append_json (member, &from->info_hash);
  append_json (member, &from->peer_id);
  if (!g_ptr_array_find_with_equal_func (get_members (socket), member->str,
          g_str_equal, NULL))
    g_ptr_array_add (get_members (socket), g_strdup (member->str));
  if (!self->reply) {
    p2p_wt_message_init (&message);
    message.action = P2P_WT_ACTION_ANNOUNCE;
    message.interval = 120;
    message.complete = 0;
    message.incomplete = self->sockets->len;
    message.info_hash = from->info_hash;
    p2p_wt_message_write (&message, out);
  }
  soup_websocket_connection_send_text (socket, out->str);
}

static void
on_message (SoupWebsocketConnection * socket, int type, GBytes * bytes,
    WtTracker * self)
{
  gsize size;
  const char *text = g_bytes_get_data (bytes, &size);
  P2pWtMessage message;

  g_assert_cmpint (type, ==, SOUP_WEBSOCKET_DATA_TEXT);
  g_assert_true (p2p_wt_message_read (&message, text, size));
  g_string_append_printf (self->log, "%s\n", text);
  if (self->silent || message.event == P2P_WT_EVENT_STOPPED)
    return;
  if (message.answer.text) {
    tracker_pass_answer (self, &message);
    return;
  }
  tracker_reply (self, &message, socket);
  tracker_relay (self, &message, socket);
}

static void
on_closed (SoupWebsocketConnection * socket, WtTracker * self)
{
  g_string_append_printf (self->closed, "%u\n",
      soup_websocket_connection_get_close_code (socket));
  g_signal_handlers_disconnect_by_data (socket, self);
  g_ptr_array_remove (self->sockets, socket);
}

static void
on_websocket (SoupServer * server, SoupServerMessage * message,
    const char *path, SoupWebsocketConnection * socket, gpointer user_data)
{
  WtTracker *self = user_data;

  self->n_opened++;
  g_free (self->user_agent);
  self->user_agent = g_strdup (soup_message_headers_get_one
      (soup_server_message_get_request_headers (message), "User-Agent"));
  if (self->hang_up) {
    soup_websocket_connection_close (socket, 1001, NULL);
    return;
  }
  g_object_set_data_full (G_OBJECT (socket), "members",
      g_ptr_array_new_with_free_func (g_free),
      (GDestroyNotify) g_ptr_array_unref);
  g_ptr_array_add (self->sockets, g_object_ref (socket));
  g_signal_connect (socket, "message", G_CALLBACK (on_message), self);
  g_signal_connect (socket, "closed", G_CALLBACK (on_closed), self);
}

void
wt_tracker_start (WtTracker * self)
{
  SnServer *server = self->world->server;

  if (!server->server)
    sn_server_start (server);
  soup_server_add_websocket_handler (server->server, "/wt", NULL, NULL,
      on_websocket, self, NULL);
}

void
wt_tracker_stop (WtTracker * self)
{
  while (self->sockets->len > 0) {
    SoupWebsocketConnection *socket = self->sockets->pdata[0];

    g_signal_handlers_disconnect_by_data (socket, self);
    g_io_stream_close (soup_websocket_connection_get_io_stream (socket), NULL,
        NULL);
    g_ptr_array_remove_index (self->sockets, 0);
  }
  sn_server_stop (self->world->server);
}

WtTracker *
wt_tracker_new (void)
{
  WtTracker *self = g_new0 (WtTracker, 1);

  self->world = sn_world_new ();
  self->url = g_strdup_printf ("ws://127.0.0.1:%u/wt?key=a%%20b",
      self->world->server->port);
  self->sockets = g_ptr_array_new_with_free_func (g_object_unref);
  self->log = g_string_new (NULL);
  self->closed = g_string_new (NULL);
  wt_tracker_start (self);
  return self;
}

void
wt_tracker_free (WtTracker * self)
{
  wt_tracker_stop (self);
  sn_world_free (self->world);
  g_ptr_array_unref (self->sockets);
  g_string_free (self->log, TRUE);
  g_string_free (self->closed, TRUE);
  g_free (self->user_agent);
  g_free (self->url);
  g_free (self);
}

void
wt_tracker_clear (WtTracker * self)
{
  g_string_truncate (self->log, 0);
}

void
wt_tracker_say (WtTracker * self, const char *text)
{
  soup_websocket_connection_send_text (self->sockets->pdata[0], text);
}

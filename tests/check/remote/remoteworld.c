/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "remoteworld.h"

#include "p2phlsremoteclientpriv.h"
#include "p2phlsremoteserverpriv.h"

#include <string.h>

static RemoteWorld *printing;

static gint64
world_get_time (gpointer data)
{
  return p2p_clock_get_time (data);
}

static guint
world_call_at (gpointer data, gint64 when, void (*func) (gpointer),
    gpointer user_data)
{
  return p2p_clock_call_at (data, when, func, user_data);
}

static void
world_cancel (gpointer data, guint id)
{
  p2p_clock_cancel (data, &id);
}

static const P2pHlsRemoteTimeClass world_time = {
  world_get_time,
  world_call_at,
  world_cancel,
};

static void
on_print (const char *text)
{
  g_string_append (printing->trace, text);
}

static void
server_send (const char *client_key, const char *message, gpointer user_data)
{
  RemoteWorld *self = user_data;

  g_ptr_array_add (self->said, g_strdup (message));
  g_queue_push_tail (&self->to_clients, g_strdup (message));
}

static void
client_send (const char *client_key, const char *message, gpointer user_data)
{
  RemoteWorld *self = user_data;

  g_queue_push_tail (&self->to_server, g_strdup (message));
}

RemoteWorld *
remote_world_new (const char *options)
{
  RemoteWorld *self = g_new0 (RemoteWorld, 1);
  g_autoptr (GError) error = NULL;
  P2pHlsRemoteTime time = { &world_time, };

  fake_engine_reset ();
  self->clock = p2p_clock_new (0);
  self->clients = g_ptr_array_new ();
  self->said = g_ptr_array_new_with_free_func (g_free);
  self->heard = g_ptr_array_new_with_free_func (g_free);
  self->trace = g_string_new (NULL);
  printing = self;
  g_set_print_handler (on_print);
  self->server = p2p_hls_remote_server_new (options, server_send, self, NULL,
      &error);
  g_assert_no_error (error);
  time.data = self->clock;
  p2p_hls_remote_server_set_time (self->server, &time);
  p2p_hls_remote_server_set_engine (self->server, &fake_engine_class);
  return self;
}

void
remote_world_free (RemoteWorld * self)
{
  g_set_print_handler (NULL);
  g_object_unref (self->server);
  g_assert_false (fake_engine.running);
  g_assert_cmpint (p2p_clock_get_next (self->clock), ==, P2P_NEVER);
  g_object_unref (self->clock);
  g_ptr_array_unref (self->clients);
  g_ptr_array_unref (self->said);
  g_ptr_array_unref (self->heard);
  g_queue_clear_full (&self->to_server, g_free);
  g_queue_clear_full (&self->to_clients, g_free);
  g_string_free (self->trace, TRUE);
  g_free (self);
}

static void
client_gone (gpointer data, GObject * client)
{
  RemoteWorld *self = data;

  g_ptr_array_remove (self->clients, client);
}

P2pHlsRemoteClient *
remote_world_add_client (RemoteWorld * self, const char *options)
{
  g_autoptr (GError) error = NULL;
  P2pHlsRemoteClient *client = p2p_hls_remote_client_new (options, client_send,
      self, NULL, &error);
  P2pHlsRemoteTime time = { &world_time, self->clock };

  g_assert_no_error (error);
  p2p_hls_remote_client_set_time (client, &time);
  g_ptr_array_add (self->clients, client);
  g_object_weak_ref (G_OBJECT (client), client_gone, self);
  return client;
}

gboolean
remote_world_tell (RemoteWorld * self, const char *text)
{
  g_autoptr (GError) error = NULL;
  gboolean took = p2p_hls_remote_server_receive (self->server, text, -1,
      &error);

  g_ptr_array_add (self->heard, g_strdup (text));
  g_assert_true (took == (error == NULL));
  return took;
}

/* As a carrier does: by the key. */
static void
deliver (RemoteWorld * self, const char *text)
{
  for (guint i = 0; i < self->clients->len; i++) {
    P2pHlsRemoteClient *client = g_ptr_array_index (self->clients, i);
    g_autoptr (GError) error = NULL;

    if (strstr (text, p2p_hls_remote_client_get_key (client)) == NULL)
      continue;
    p2p_hls_remote_client_receive (client, text, -1, &error);
    if (!self->lenient)
      g_assert_no_error (error);
    return;
  }
}

void
remote_world_settle (RemoteWorld * self)
{
  while (self->to_server.length > 0 || self->to_clients.length > 0) {
    g_autofree char *up = g_queue_pop_head (&self->to_server);
    g_autofree char *down = NULL;

    if (up) {
      g_assert_true (remote_world_tell (self, up) || self->lenient);
      continue;
    }
    down = g_queue_pop_head (&self->to_clients);
    deliver (self, down);
  }
  while (g_main_context_iteration (NULL, FALSE));
}

void
remote_world_pass (RemoteWorld * self, guint ms)
{
  gint64 end = p2p_clock_get_time (self->clock) + ms * P2P_MSEC;

  remote_world_settle (self);
  while (p2p_clock_get_next (self->clock) <= end) {
    p2p_clock_run (self->clock, p2p_clock_get_next (self->clock));
    remote_world_settle (self);
  }
  p2p_clock_run (self->clock, end);
  remote_world_settle (self);
}

void
remote_world_forget (RemoteWorld * self)
{
  g_ptr_array_set_size (self->said, 0);
  g_ptr_array_set_size (self->heard, 0);
  g_string_truncate (self->trace, 0);
}

static guint
count (GPtrArray * messages, const char *type, const char **last)
{
  guint n = 0;

  for (guint i = 0; i < messages->len; i++) {
    const char *text = g_ptr_array_index (messages, i);
    g_autoptr (P2pJson) message = p2p_json_parse (text, strlen (text),
        strlen (text));

    g_assert_nonnull (message);
    if (g_strcmp0 (p2p_json_get_string (message, "type"), type))
      continue;
    n++;
    if (last)
      *last = text;
  }
  return n;
}

guint
remote_world_count (RemoteWorld * self, const char *type, const char **last)
{
  return count (self->said, type, last);
}

guint
remote_world_count_heard (RemoteWorld * self, const char *type,
    const char **last)
{
  return count (self->heard, type, last);
}

void
remote_world_ignore (const char *client_key, const char *message,
    gpointer user_data)
{
  g_assert_not_reached ();
}

static void
on_signal (gpointer object, guint * count)
{
  ++*count;
}

void
remote_world_listen (gpointer object, const char *signal, guint * count)
{
  g_signal_connect (object, signal, G_CALLBACK (on_signal), count);
}

void
remote_answer_take (const GError * error, P2pHlsRemoteTorrent * torrent,
    gpointer answer)
{
  RemoteAnswer *self = answer;

  self->calls++;
  g_clear_error (&self->error);
  self->error = error ? g_error_copy (error) : NULL;
  g_set_object (&self->torrent, torrent);
}

void
remote_answer_clear (RemoteAnswer * self)
{
  self->calls = 0;
  g_clear_error (&self->error);
  g_clear_object (&self->torrent);
}

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2phlsline.h"
#include "p2phlscommands.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <json-glib/json-glib.h>

#define PATIENCE 10             /* seconds */

static int
get_code (const GError * error)
{
  if (error->domain != P2P_HLS_REMOTE_ERROR)
    return P2P_HLS_EXIT_FAILED;
  switch (error->code) {
    case P2P_HLS_REMOTE_ERROR_TORRENT_MISSING:
      return P2P_HLS_EXIT_MISSING;
    case P2P_HLS_REMOTE_ERROR_CONNECTION:
    case P2P_HLS_REMOTE_ERROR_REFUSED:
      return P2P_HLS_EXIT_NO_ENGINE;
    case P2P_HLS_REMOTE_ERROR_OPTIONS:
      return P2P_HLS_EXIT_USAGE;
    default:
      return P2P_HLS_EXIT_FAILED;
  }
}

static void
print_json (const GError * error)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *message = g_utf8_make_valid (error->message, -1);
  g_autofree char *text = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "error");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "name");
  json_builder_add_string_value (builder,
      p2p_hls_remote_error_get_name (error));
  json_builder_set_member_name (builder, "message");
  json_builder_add_string_value (builder, message);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, FALSE);
  g_print ("%s\n", text);
}

void
p2p_hls_line_end (P2pHlsLine * self, int code)
{
  self->code = code;
  if (self->loop)
    g_main_loop_quit (self->loop);
}

void
p2p_hls_line_fail (P2pHlsLine * self, const GError * error)
{
  /* What is answered after the end is of no interest. */
  if (self->loop && !g_main_loop_is_running (self->loop))
    return;
  if (self->json)
    print_json (error);
  g_printerr ("p2phls: %s\n", error->message);
  p2p_hls_line_end (self, get_code (error));
  if (self->code == P2P_HLS_EXIT_NO_ENGINE && self->engine == NULL)
    g_printerr ("%s\n", _("Is it running? “p2phls serve” starts it."));
}

static gboolean
on_silence (gpointer user_data)
{
  P2pHlsLine *self = user_data;
  g_autoptr (GError) error = g_error_new_literal (P2P_HLS_REMOTE_ERROR,
      P2P_HLS_REMOTE_ERROR_CONNECTION, _("The engine does not answer."));

  self->patience = 0;
  p2p_hls_line_fail (self, error);
  return G_SOURCE_REMOVE;
}

void
p2p_hls_line_expect (P2pHlsLine * self)
{
  p2p_hls_line_heard (self);
  self->patience = g_timeout_add_seconds (PATIENCE, on_silence, self);
}

void
p2p_hls_line_heard (P2pHlsLine * self)
{
  g_clear_handle_id (&self->patience, g_source_remove);
}

static void
on_closed (P2pHlsRemoteConnection * connection, const GError * error,
    P2pHlsLine * self)
{
  g_autoptr (GError) ended = g_error_new_literal (P2P_HLS_REMOTE_ERROR,
      P2P_HLS_REMOTE_ERROR_CONNECTION, _("The engine ended."));

  /* What it said is told by the answer that it did not give. */
  p2p_hls_line_fail (self, error ? error : ended);
}

static gboolean
on_signal (gpointer user_data)
{
  p2p_hls_line_end (user_data, P2P_HLS_EXIT_GOOD);
  return G_SOURCE_CONTINUE;
}

gboolean
p2p_hls_line_open (P2pHlsLine * self)
{
  g_autofree char *token = NULL;
  g_autoptr (GError) error = NULL;

  if (self->token_file) {
    token = p2p_hls_command_read_secret (self->token_file);
    self->code = P2P_HLS_EXIT_USAGE;
    if (token == NULL)
      return FALSE;
  }
  self->connection = p2p_hls_remote_connection_new (self->engine, token,
      self->certificate, NULL, &error);
  if (self->connection == NULL) {
    p2p_hls_line_fail (self, error);
    return FALSE;
  }
  self->loop = g_main_loop_new (NULL, FALSE);
  self->client = p2p_hls_remote_connection_get_client (self->connection);
  g_signal_connect (self->connection, "closed", G_CALLBACK (on_closed), self);
  return TRUE;
}

int
p2p_hls_line_run (P2pHlsLine * self)
{
  guint interrupt = g_unix_signal_add (SIGINT, on_signal, self);
  guint terminate = g_unix_signal_add (SIGTERM, on_signal, self);

  g_main_loop_run (self->loop);
  p2p_hls_line_heard (self);
  g_source_remove (interrupt);
  g_source_remove (terminate);
  g_signal_handlers_disconnect_by_data (self->connection, self);
  p2p_hls_remote_client_destroy (self->client, self->delay);
  p2p_hls_remote_connection_close (self->connection);
  g_clear_object (&self->connection);
  g_clear_pointer (&self->loop, g_main_loop_unref);
  return self->code;
}

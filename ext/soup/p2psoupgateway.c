/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2psoupgateway.h"

#include "p2psoupgatewayanswer.h"
#include "p2psoupgatewayrules.h"

#include <string.h>

struct _P2pSoupGateway
{
  P2pClock *clock;
  SoupServer *server;
  P2pSoupGatewayDoor *door;
  P2pSoupGatewayRules *rules;
  char *base;                   /* "http://HOST:PORT" */
  GHashTable *streams;          /* by token */
};

/* The stream that path names with its token. */
static P2pSoupGatewayStream *
p2p_soup_gateway_find (P2pSoupGateway * self, const char *path)
{
  g_autofree char *token = NULL;

  if (strlen (path) < 1 + P2P_SOUP_GATEWAY_TOKEN)
    return NULL;
  token = g_strndup (path + 1, P2P_SOUP_GATEWAY_TOKEN);
  return g_hash_table_lookup (self->streams, token);
}

/* Whether path is that of a token, and no more. */
static gboolean
is_page (const char *path)
{
  return g_str_equal (path + 1 + P2P_SOUP_GATEWAY_TOKEN, "/");
}

/* Who shows pages says so; who plays says nothing, or that all will do. */
static gboolean
shows_pages (SoupServerMessage * message)
{
  const char *accepted =
      soup_message_headers_get_list (soup_server_message_get_request_headers
      (message), "Accept");

  return accepted && strstr (accepted, "text/html");
}

static void
p2p_soup_gateway_serve (P2pSoupGateway * self, SoupServerMessage * message)
{
  GUri *uri = soup_server_message_get_uri (message);
  const char *path = g_uri_get_path (uri);
  P2pSoupGatewayStream *stream = p2p_soup_gateway_find (self, path);
  g_autofree char *player = NULL;
  g_autofree char *named = stream
      ? p2p_soup_gateway_stream_open (stream, path, &player) : NULL;

  if (!named && !(stream && is_page (path))) {
    soup_server_message_set_status (message, SOUP_STATUS_NOT_FOUND, NULL);
    return;
  }
  if (!named && !shows_pages (message)) {
    soup_server_message_set_redirect (message,
        SOUP_STATUS_TEMPORARY_REDIRECT, stream->path);
    return;
  }
  if ((!p2p_soup_gateway_door_has_room (self->door)
          || stream->answers.length >= P2P_SOUP_GATEWAY_MAX_ANSWERS)
      && !p2p_soup_gateway_door_make_room (self->door)) {
    soup_message_headers_replace (soup_server_message_get_response_headers
        (message), "Retry-After", "1");
    soup_server_message_set_status (message, SOUP_STATUS_SERVICE_UNAVAILABLE,
        NULL);
    return;
  }
  p2p_clock_set_time (self->clock, g_get_monotonic_time ());
  p2p_soup_gateway_answer_start (stream, self->clock,
      p2p_soup_gateway_door_find (self->door, message), message, named,
      player, g_uri_get_query (uri));
}

/* Who waits to be told to go on is told already. */
static gboolean
announces_body (SoupMessageHeaders * asked)
{
  SoupEncoding encoding = soup_message_headers_get_encoding (asked);

  return !(soup_message_headers_get_expectations (asked)
      & SOUP_EXPECTATION_CONTINUE)
      && (encoding == SOUP_ENCODING_CHUNKED
      || (encoding == SOUP_ENCODING_CONTENT_LENGTH
          && soup_message_headers_get_content_length (asked) > 0));
}

/* With the head of a request: what is not to be answered has no body read. */
static void
p2p_soup_gateway_on_head (SoupServer * server, SoupServerMessage * message,
    const char *path, GHashTable * query, gpointer user_data)
{
  P2pSoupGateway *self = user_data;

  soup_message_body_set_accumulate (soup_server_message_get_request_body
      (message), FALSE);
  p2p_soup_gateway_rules_apply (self->rules, message);
  if (soup_server_message_get_status (message) >= SOUP_STATUS_BAD_REQUEST
      && announces_body (soup_server_message_get_request_headers (message))) {
    P2pSoupGatewayVisitor *visitor = p2p_soup_gateway_door_find (self->door,
        message);

    p2p_soup_gateway_visitor_turn_away (visitor, message);
    p2p_soup_gateway_visitor_unref (visitor);
  }
}

static void
p2p_soup_gateway_on_request (SoupServer * server, SoupServerMessage * message,
    const char *path, GHashTable * query, gpointer user_data)
{
  p2p_soup_gateway_serve (user_data, message);
}

P2pSoupGateway *
p2p_soup_gateway_new (P2pClock * clock, GMainContext * context,
    const P2pSoupGatewayConfig * config, GError ** error)
{
  static const P2pSoupGatewayConfig defaults = { 0 };
  g_autoptr (GSocketAddress) address = NULL;
  P2pSoupGateway *self;
  const char *numeric;

  if (!config)
    config = &defaults;
  numeric = config->address ? config->address : "127.0.0.1";
  address = g_inet_socket_address_new_from_string (numeric, config->port);
  if (!address) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
        "Not a numeric address to listen at: %s", numeric);
    return NULL;
  }
  self = g_new0 (P2pSoupGateway, 1);
  self->clock = g_object_ref (clock);
  self->streams = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
      (GDestroyNotify) p2p_soup_gateway_stream_free);
  self->server = soup_server_new ("raw-paths", TRUE, NULL);
  soup_server_add_early_handler (self->server, NULL, p2p_soup_gateway_on_head,
      self, NULL);
  soup_server_add_handler (self->server, NULL, p2p_soup_gateway_on_request,
      self, NULL);
  self->door = p2p_soup_gateway_door_new (self->server, clock, context,
      address, error);
  if (!self->door) {
    p2p_soup_gateway_free (self);
    return NULL;
  }
  self->rules = p2p_soup_gateway_rules_new (config->hostname ? config->hostname
      : config->host ? config->host : numeric, config->hostname != NULL,
      p2p_soup_gateway_door_get_port (self->door), config->origins);
  self->base = p2p_soup_gateway_rules_make_base (self->rules);
  return self;
}

static void
p2p_soup_gateway_stop (P2pSoupGatewayStream * stream)
{
  while (stream->answers.head)
    p2p_soup_gateway_answer_abort (stream->answers.head->data);
}

void
p2p_soup_gateway_free (P2pSoupGateway * self)
{
  GHashTableIter iter;
  gpointer stream;

  g_hash_table_iter_init (&iter, self->streams);
  while (g_hash_table_iter_next (&iter, NULL, &stream))
    p2p_soup_gateway_stop (stream);
  g_hash_table_unref (self->streams);
  g_clear_pointer (&self->door, p2p_soup_gateway_door_free);
  g_clear_pointer (&self->rules, p2p_soup_gateway_rules_free);
  g_object_unref (self->server);
  g_object_unref (self->clock);
  g_free (self->base);
  g_free (self);
}

P2pSoupGatewayStream *
p2p_soup_gateway_add (P2pSoupGateway * self, P2pSession * session,
    const char *uri, GError ** error)
{
  P2pSoupGatewayStream *stream = p2p_soup_gateway_stream_new (session, uri,
      self->base, error);

  if (stream)
    g_hash_table_insert (self->streams,
        (gpointer) p2p_soup_gateway_links_get_token (stream->links), stream);
  return stream;
}

void
p2p_soup_gateway_remove (P2pSoupGateway * self, P2pSoupGatewayStream * stream)
{
  p2p_soup_gateway_stop (stream);
  g_hash_table_remove (self->streams,
      p2p_soup_gateway_links_get_token (stream->links));
}

guint
p2p_soup_gateway_get_n_connections (P2pSoupGateway * self)
{
  return p2p_soup_gateway_door_get_n_visitors (self->door);
}

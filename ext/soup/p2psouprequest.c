/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2perror.h"
#include "p2psouprequest.h"
#include "p2puri.h"

/* As libsoup itself reads them. */
#define URI_FLAGS (G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_ENCODED_PATH \
    | G_URI_FLAGS_ENCODED_QUERY | G_URI_FLAGS_ENCODED_FRAGMENT \
    | G_URI_FLAGS_SCHEME_NORMALIZE)

static gboolean
is_http (GUri * uri)
{
  const char *scheme = g_uri_get_scheme (uri);
  const char *host = g_uri_get_host (uri);

  return (g_str_equal (scheme, "http") || g_str_equal (scheme, "https"))
      && host && *host;
}

static gboolean
is_method (const char *method)
{
  for (const char *p = method; *p; p++)
    if (!g_ascii_isalnum (*p) && *p != '-' && *p != '_')
      return FALSE;
  return *method != '\0';
}

P2pSoupRequest *
p2p_soup_request_new (const P2pFetchRequest * request, GError ** error)
{
  const char *method = request->method ? request->method : SOUP_METHOD_GET;
  g_autofree char *text = g_utf8_make_valid (request->uri, -1);
  g_autoptr (GUri) uri = g_uri_parse (request->uri, URI_FLAGS, NULL);
  P2pSoupRequest *self;

  if (!uri || !is_http (uri)) {
    g_set_error (error, P2P_ERROR, P2P_ERROR_URI,
        "%s is not an http or https URI. Check the location.", text);
    return NULL;
  }
  if (!is_method (method)) {
    g_set_error (error, P2P_ERROR, P2P_ERROR_URI,
        "The method for %s is not one of HTTP. Use GET, HEAD or the like.",
        text);
    return NULL;
  }
  self = g_new0 (P2pSoupRequest, 1);
  self->method = g_intern_string (method);
  self->wanted = g_strdup (request->uri);
  self->uri = g_steal_pointer (&uri);
  self->start = request->start;
  self->stop = request->stop;
  self->if_range = g_strdup (request->if_range);
  self->options = p2p_http_options_ref (request->options);
  self->body = request->body ? g_bytes_ref (request->body) : NULL;
  self->content_type = g_strdup (request->content_type);
  self->permanent = TRUE;
  return self;
}

void
p2p_soup_request_free (P2pSoupRequest * self)
{
  g_free (self->wanted);
  g_uri_unref (self->uri);
  g_free (self->if_range);
  p2p_http_options_unref (self->options);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self->content_type);
  g_free (self);
}

gboolean
p2p_soup_request_trusts (P2pSoupRequest * self, GUri * uri)
{
  const char *origin = self->options->origin;
  g_autofree char *text = g_uri_to_string (uri);

  return p2p_uri_same_origin (text, origin ? origin : self->wanted);
}

/* libsoup takes a line break in a header for the caller's mistake; here it can
 * be the user's, and does not go out. */
static void
append (SoupMessageHeaders * headers, const char *name, const char *value)
{
  if (*name && !strpbrk (name, " \t\r\n:") && !strpbrk (value, "\r\n"))
    soup_message_headers_append (headers, name, value);
}

static void
append_user_agent (SoupMessageHeaders * headers, const char *name)
{
  g_autofree char *full = NULL;

  if (name && *name && !g_str_has_suffix (name, " ")) {
    append (headers, "User-Agent", name);
    return;
  }
  full = g_strdup_printf ("%slibsoup/%u.%u.%u", name ? name : "",
      soup_get_major_version (), soup_get_minor_version (),
      soup_get_micro_version ());
  append (headers, "User-Agent", full);
}

static void
append_extra (SoupMessageHeaders * headers, GPtrArray * extra, gboolean trusted)
{
  /* What is asked for is ours to say. */
  static const char *const ours[] = { "Range", "If-Range", "Host", NULL };
  static const char *const secret[] = { "Authorization", "Cookie", NULL };

  for (guint i = 0; extra && i < extra->len; i++) {
    P2pHeader *header = g_ptr_array_index (extra, i);
    g_autofree char *plain = NULL;
    gboolean skip = FALSE;

    for (guint j = 0; ours[j]; j++)
      skip |= g_ascii_strcasecmp (header->name, ours[j]) == 0;
    for (guint j = 0; !trusted && secret[j]; j++)
      skip |= g_ascii_strcasecmp (header->name, secret[j]) == 0;
    if (skip)
      continue;
    if (g_ascii_strcasecmp (header->name, "Referer") == 0)
      plain = p2p_uri_to_http (header->value);
    append (headers, header->name, plain ? plain : header->value);
  }
}

static void
append_range (P2pSoupRequest * self, SoupMessage * message)
{
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);

  if (self->start == 0 && self->stop < 0)
    return;
  /* Offsets are those of the bytes that come. */
  soup_message_disable_feature (message, SOUP_TYPE_CONTENT_DECODER);
  soup_message_headers_set_range (headers, self->start,
      self->stop < 0 ? -1 : self->stop - 1);
  if (self->if_range)
    append (headers, "If-Range", self->if_range);
}

SoupMessage *
p2p_soup_request_make_message (P2pSoupRequest * self)
{
  P2pHttpOptions *options = self->options;
  gboolean trusted = p2p_soup_request_trusts (self, self->uri);
  SoupMessage *message = soup_message_new_from_uri (self->method, self->uri);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);

  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  append_user_agent (headers, options->user_agent);
  if (!options->keep_alive)
    append (headers, "Connection", "close");
  if (options->iradio_mode)
    append (headers, "icy-metadata", "1");
  if (options->cookies) {
    soup_message_disable_feature (message, SOUP_TYPE_COOKIE_JAR);
    for (guint i = 0; trusted && options->cookies[i]; i++)
      append (headers, "Cookie", options->cookies[i]);
  }
  if (!options->compress || self->start > 0 || self->stop >= 0)
    append (headers, "Accept-Encoding", "identity");
  else
    soup_message_add_flags (message, SOUP_MESSAGE_COLLECT_METRICS);
  append_extra (headers, options->extra_headers, trusted);
  append_range (self, message);
  if (self->body && self->method == SOUP_METHOD_POST)
    soup_message_set_request_body_from_bytes (message, self->content_type,
        self->body);

  /* Without a password there is no challenge to be met: then libsoup need not
   * gather the body that comes with it. */
  if (!(trusted && options->user_id) && !options->proxy_id
      && !g_uri_get_user (self->uri))
    soup_message_disable_feature (message, SOUP_TYPE_AUTH_MANAGER);
  return message;
}

static gboolean
on_authenticate (SoupMessage * message, SoupAuth * auth, gboolean retrying,
    P2pSoupRequest * self)
{
  P2pHttpOptions *options = self->options;
  gboolean proxy = soup_auth_is_for_proxy (auth);
  const char *id = proxy ? options->proxy_id : options->user_id;
  const char *pw = proxy ? options->proxy_pw : options->user_pw;

  if (retrying || !id || (!proxy && !p2p_soup_request_trusts (self,
              soup_message_get_uri (message))))
    return FALSE;
  soup_auth_authenticate (auth, id, pw ? pw : "");
  return TRUE;
}

static gboolean
on_accept_certificate (SoupMessage * message, GTlsCertificate * certificate,
    GTlsCertificateFlags errors, P2pSoupRequest * self)
{
  return !self->options->ssl_strict;
}

/* HTTP/1.1 is agreed upon in the handshake. */
static void
on_network_event (SoupMessage * message, GSocketClientEvent event,
    GIOStream * connection, P2pSoupRequest * self)
{
  static const char *const protocols[] = { "http/1.1", NULL };

  if (event == G_SOCKET_CLIENT_TLS_HANDSHAKING)
    g_tls_connection_set_advertised_protocols (G_TLS_CONNECTION (connection),
        protocols);
}

/* Only to what can come: each handler costs a small segment a hundredth of its
 * time. */
void
p2p_soup_request_watch (P2pSoupRequest * self, SoupMessage * message)
{
  GUri *uri = soup_message_get_uri (message);

  if (!soup_message_is_feature_disabled (message, SOUP_TYPE_AUTH_MANAGER))
    g_signal_connect (message, "authenticate", G_CALLBACK (on_authenticate),
        self);
  if (g_str_equal (g_uri_get_scheme (uri), "https")) {
    g_signal_connect (message, "accept-certificate",
        G_CALLBACK (on_accept_certificate), self);
    g_signal_connect (message, "network-event",
        G_CALLBACK (on_network_event), self);
  }
}

void
p2p_soup_request_unwatch (P2pSoupRequest * self, SoupMessage * message)
{
  g_signal_handlers_disconnect_by_data (message, self);
}

gboolean
p2p_soup_request_is_redirect (P2pSoupRequest * self, SoupMessage * message)
{
  const char *location = soup_message_headers_get_one
      (soup_message_get_response_headers (message), "Location");
  gboolean safe = self->method == SOUP_METHOD_GET
      || self->method == SOUP_METHOD_HEAD
      || self->method == SOUP_METHOD_OPTIONS;

  if (!self->options->automatic_redirect || !location || !*location)
    return FALSE;
  switch (soup_message_get_status (message)) {
    case SOUP_STATUS_SEE_OTHER:
      return TRUE;
    case SOUP_STATUS_MOVED_PERMANENTLY:
    case SOUP_STATUS_FOUND:
      return safe || self->method == SOUP_METHOD_POST;
    case SOUP_STATUS_TEMPORARY_REDIRECT:
    case SOUP_STATUS_PERMANENT_REDIRECT:
      return safe;
    default:
      return FALSE;
  }
}

gboolean
p2p_soup_request_follow (P2pSoupRequest * self, SoupMessage * message,
    GError ** error)
{
  const char *location = soup_message_headers_get_one
      (soup_message_get_response_headers (message), "Location");
  g_autoptr (GUri) uri =
      g_uri_parse_relative (self->uri, location, URI_FLAGS, NULL);
  guint status = soup_message_get_status (message);

  if (!uri || !is_http (uri)) {
    g_autofree char *valid = g_utf8_make_valid (location, -1);

    g_set_error (error, P2P_ERROR, P2P_ERROR_REDIRECT,
        "The server %s redirects to %s, which cannot be played. Check the "
        "location.", g_uri_get_host (self->uri), valid);
    return FALSE;
  }
  if (self->redirects == P2P_SOUP_MAX_REDIRECTS) {
    g_set_error (error, P2P_ERROR, P2P_ERROR_REDIRECT,
        "The server %s redirects without end. Check the location, or the "
        "cookies that it may want.", g_uri_get_host (self->uri));
    return FALSE;
  }
  self->redirects++;
  if (status != SOUP_STATUS_MOVED_PERMANENTLY
      && status != SOUP_STATUS_PERMANENT_REDIRECT)
    self->permanent = FALSE;
  if (self->method == SOUP_METHOD_POST || (status == SOUP_STATUS_SEE_OTHER
          && self->method != SOUP_METHOD_HEAD))
    self->method = SOUP_METHOD_GET;
  g_uri_unref (self->uri);
  self->uri = g_steal_pointer (&uri);
  return TRUE;
}

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2psoupgatewayrules.h"

#include <string.h>

struct _P2pSoupGatewayRules
{
  char *host;                   /* as in a URL */
  gboolean host_only;           /* no other name of this machine will do */
  guint16 port;
  char *suffix;                 /* the port with its colon */
  char **origins;
};

P2pSoupGatewayRules *
p2p_soup_gateway_rules_new (const char *host, gboolean host_only, guint16 port,
    const char *const *origins)
{
  P2pSoupGatewayRules *self = g_new0 (P2pSoupGatewayRules, 1);

  self->host = strchr (host, ':') && host[0] != '['
      ? g_strdup_printf ("[%s]", host) : g_strdup (host);
  self->host_only = host_only;
  self->port = port;
  self->suffix = g_strdup_printf (":%u", port);
  self->origins = g_strdupv ((char **) origins);
  return self;
}

void
p2p_soup_gateway_rules_free (P2pSoupGatewayRules * self)
{
  g_free (self->host);
  g_free (self->suffix);
  g_strfreev (self->origins);
  g_free (self);
}

char *
p2p_soup_gateway_rules_make_base (P2pSoupGatewayRules * self)
{
  return g_strdup_printf ("http://%s:%u", self->host, self->port);
}

/* Whether value is one of our names, and our port. */
static gboolean
p2p_soup_gateway_rules_know_host (P2pSoupGatewayRules * self, const char *value)
{
  const char *names[] = { self->host, "localhost", "127.0.0.1", "[::1]" };
  guint n = self->host_only ? 1 : G_N_ELEMENTS (names);

  for (guint i = 0; value && i < n; i++) {
    gsize length = strlen (names[i]);

    if (g_ascii_strncasecmp (value, names[i], length) == 0
        && (g_str_equal (value + length, self->suffix)
            || (self->port == 80 && value[length] == '\0')))
      return TRUE;
  }
  return FALSE;
}

/* … and so is what the request line may say instead (RFC 9112, 3.2.2). */
static gboolean
p2p_soup_gateway_rules_know_target (P2pSoupGatewayRules * self, GUri * uri)
{
  const char *host = g_uri_get_host (uri);
  int port = g_uri_get_port (uri);
  g_autofree char *value = g_strdup_printf (strchr (host, ':') ? "[%s]:%d"
      : "%s:%d", host, port < 0 ? 80 : port);

  return p2p_soup_gateway_rules_know_host (self, value);
}

/* A request with two of them is told by each who reads it in another way. */
static const char *
get_only (SoupMessageHeaders * headers, const char *name)
{
  const char *value = soup_message_headers_get_list (headers, name);

  return value && !strchr (value, ',') ? value : NULL;
}

static gboolean
p2p_soup_gateway_rules_allow_origin (P2pSoupGatewayRules * self,
    const char *origin, const char *host)
{
  g_autofree char *own = g_strconcat ("http://", host, NULL);

  if (g_ascii_strcasecmp (origin, own) == 0)
    return TRUE;
  return self->origins
      && (g_strv_contains ((const char *const *) self->origins, origin)
      || g_strv_contains ((const char *const *) self->origins, "*"));
}

static void
p2p_soup_gateway_rules_answer_preflight (SoupMessageHeaders * asked,
    SoupMessageHeaders * headers)
{
  soup_message_headers_replace (headers, "Allow", "GET, HEAD, OPTIONS");
  soup_message_headers_replace (headers, "Access-Control-Allow-Methods",
      "GET, HEAD, OPTIONS");
  soup_message_headers_replace (headers, "Access-Control-Allow-Headers",
      "Range, If-Range, If-None-Match, Cache-Control");
  soup_message_headers_replace (headers, "Access-Control-Max-Age", "600");
  if (soup_message_headers_get_one (asked,
          "Access-Control-Request-Private-Network"))
    soup_message_headers_replace (headers,
        "Access-Control-Allow-Private-Network", "true");
}

void
p2p_soup_gateway_rules_apply (P2pSoupGatewayRules * self,
    SoupServerMessage * message)
{
  const char *method = soup_server_message_get_method (message);
  SoupMessageHeaders *asked = soup_server_message_get_request_headers (message);
  SoupMessageHeaders *headers =
      soup_server_message_get_response_headers (message);
  const char *host = get_only (asked, "Host");
  const char *origin = soup_message_headers_get_list (asked, "Origin");
  guint status = SOUP_STATUS_NONE;

  soup_message_headers_replace (headers, "X-Content-Type-Options", "nosniff");
  soup_message_headers_replace (headers, "Vary", "Origin");

  if (!p2p_soup_gateway_rules_know_host (self, host)
      || !p2p_soup_gateway_rules_know_target (self,
          soup_server_message_get_uri (message))
      || (origin && !p2p_soup_gateway_rules_allow_origin (self, origin, host))) {
    status = SOUP_STATUS_FORBIDDEN;
  } else {
    if (origin) {
      soup_message_headers_replace (headers, "Access-Control-Allow-Origin",
          origin);
      soup_message_headers_replace (headers, "Access-Control-Expose-Headers",
          "Accept-Ranges, Content-Length, Content-Range, ETag");
    }
    if (method == SOUP_METHOD_OPTIONS) {
      p2p_soup_gateway_rules_answer_preflight (asked, headers);
      status = SOUP_STATUS_NO_CONTENT;
    } else if (method != SOUP_METHOD_GET && method != SOUP_METHOD_HEAD) {
      soup_message_headers_replace (headers, "Allow", "GET, HEAD, OPTIONS");
      status = SOUP_STATUS_METHOD_NOT_ALLOWED;
    }
  }
  if (status == SOUP_STATUS_NONE)
    return;
  soup_server_message_set_status (message, status, NULL);
  /* Nobody waits for what may come behind it. */
  if (status != SOUP_STATUS_NO_CONTENT)
    soup_message_headers_replace (headers, "Connection", "close");
}

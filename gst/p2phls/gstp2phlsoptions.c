/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstp2phlsoptions.h"

#include <gio/gio.h>

#define IN_READY (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS \
    | GST_PARAM_MUTABLE_READY)

enum
{
  USER_AGENT,
  AUTOMATIC_REDIRECT,
  PROXY,
  PROXY_ID,
  PROXY_PW,
  USER_ID,
  USER_PW,
  COOKIES,
  IRADIO_MODE,
  TIMEOUT,
  RETRIES,
  RETRY_BACKOFF_FACTOR,
  RETRY_BACKOFF_MAX,
  LOG_LEVEL,
  SSL_STRICT,
  SSL_CA_FILE,
  TLS_DATABASE,
  TLS_INTERACTION,
  COMPRESS,
  KEEP_ALIVE,
  EXTRA_HEADERS,
  N_FIELDS
};

#define BIT(number) (G_GUINT64_CONSTANT (1) << (number))
#define FIELD(name) G_STRUCT_OFFSET (P2pHttpOptions, name)
#define OWN (BIT (COMPRESS) | BIT (KEEP_ALIVE) | BIT (EXTRA_HEADERS))

static GstP2pHlsField fields[N_FIELDS];

/**
 * GstP2pHlsHttpLogLevel:
 * @GST_P2P_HLS_HTTP_LOG_NONE: log nothing
 * @GST_P2P_HLS_HTTP_LOG_MINIMAL: request and status lines
 * @GST_P2P_HLS_HTTP_LOG_HEADERS: headers too
 * @GST_P2P_HLS_HTTP_LOG_BODY: bodies too
 *
 * What of HTTP goes to the debug log (category p2phls-http, level TRACE).
 *
 * Since: 0.1
 */
static GType
gst_p2p_hls_http_log_level_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    {0, "Log nothing", "none"},
    {1, "Request and status lines", "minimal"},
    {2, "Headers too", "headers"},
    {3, "Bodies too", "body"},
    {0, NULL, NULL}
  };

  if (g_once_init_enter (&type))
    g_once_init_leave (&type,
        g_enum_register_static ("GstP2pHlsHttpLogLevel", values));
  return type;
}

static void
gst_p2p_hls_options_fill_identity (GstP2pHlsField * f)
{
  /**
   * GstP2pHlsSrc:user-agent:
   *
   * As souphttpsrc: with a space at its end, the name and version of libsoup are
   * appended; empty, libsoup names itself.
   *
   * Since: 0.1
   */
  f[USER_AGENT].offset = FIELD (user_agent);
  f[USER_AGENT].pspec = g_param_spec_string ("user-agent", "User-Agent",
      "Value of the User-Agent HTTP request header field",
      P2P_DEFAULT_USER_AGENT, IN_READY);
  /**
   * GstP2pHlsSrc:user-id:
   *
   * For Basic and Digest authentication, at the server of the location and no
   * other, also where hlsdemux asks it for more.
   *
   * Since: 0.1
   */
  f[USER_ID].offset = FIELD (user_id);
  f[USER_ID].pspec = g_param_spec_string ("user-id", "user-id",
      "User id for authentication at the location's server, and only there",
      NULL, IN_READY);
  /**
   * GstP2pHlsSrc:user-pw:
   *
   * The password that goes with #GstP2pHlsSrc:user-id.
   *
   * Since: 0.1
   */
  f[USER_PW].offset = FIELD (user_pw);
  f[USER_PW].pspec = g_param_spec_string ("user-pw", "user-pw",
      "Password for authentication at the location's server, and only there",
      NULL, IN_READY);
  /**
   * GstP2pHlsSrc:cookies:
   *
   * The Cookie headers of requests to the server of the location and no other;
   * what servers set is then not sent. %NULL: what servers set is sent.
   *
   * Since: 0.1
   */
  f[COOKIES].offset = FIELD (cookies);
  f[COOKIES].pspec = g_param_spec_boxed ("cookies", "Cookies",
      "HTTP request cookies, for the location's server only", G_TYPE_STRV,
      IN_READY);
}

static void
gst_p2p_hls_options_fill_content (GstP2pHlsField * f)
{
  /**
   * GstP2pHlsSrc:iradio-mode:
   *
   * Whether requests have the header "icy-metadata: 1". What a server of internet
   * radio answers becomes caps application/x-icy and tags.
   *
   * Since: 0.1
   */
  f[IRADIO_MODE].offset = FIELD (iradio_mode);
  f[IRADIO_MODE].pspec = g_param_spec_boolean ("iradio-mode", "iradio-mode",
      "Enable internet radio mode (ask server to send shoutcast/icecast "
      "metadata interleaved with the actual stream data)", TRUE, IN_READY);
  /**
   * GstP2pHlsSrc:automatic-redirect:
   *
   * Whether redirects are followed, 20 of them at the most; if not, one ends with
   * an ERROR RESOURCE/OPEN_READ.
   *
   * Since: 0.1
   */
  f[AUTOMATIC_REDIRECT].offset = FIELD (automatic_redirect);
  f[AUTOMATIC_REDIRECT].pspec = g_param_spec_boolean ("automatic-redirect",
      "automatic-redirect",
      "Automatically follow HTTP redirects (HTTP Status Code 3xx)", TRUE,
      IN_READY);
  /**
   * GstP2pHlsSrc:compress:
   *
   * Whether the server may compress bodies; if not, it is asked for none. What is
   * compressed all the same is undone, but for a range.
   *
   * Since: 0.1
   */
  f[COMPRESS].offset = FIELD (compress);
  f[COMPRESS].pspec = g_param_spec_boolean ("compress", "Compress",
      "Allow compressed content encodings", FALSE, IN_READY);
}

static void
gst_p2p_hls_options_fill_proxy (GstP2pHlsField * f)
{
  /**
   * GstP2pHlsSrc:proxy:
   *
   * Proxy for http and https. The default is that of the environment variable
   * http_proxy, else none but what the system says.
   *
   * Since: 0.1
   */
  f[PROXY].offset = FIELD (proxy);
  f[PROXY].pspec = g_param_spec_string ("proxy", "Proxy",
      "HTTP proxy server URI; \"http://\" may be left out", "", IN_READY);
  /**
   * GstP2pHlsSrc:proxy-id:
   *
   * For authentication at the proxy.
   *
   * Since: 0.1
   */
  f[PROXY_ID].offset = FIELD (proxy_id);
  f[PROXY_ID].pspec = g_param_spec_string ("proxy-id", "proxy-id",
      "HTTP proxy URI user id for authentication", NULL, IN_READY);
  /**
   * GstP2pHlsSrc:proxy-pw:
   *
   * The password that goes with #GstP2pHlsSrc:proxy-id.
   *
   * Since: 0.1
   */
  f[PROXY_PW].offset = FIELD (proxy_pw);
  f[PROXY_PW].pspec = g_param_spec_string ("proxy-pw", "proxy-pw",
      "HTTP proxy URI user password for authentication", NULL, IN_READY);
}

static void
gst_p2p_hls_options_fill_retries (GstP2pHlsField * f)
{
  /**
   * GstP2pHlsSrc:timeout:
   *
   * Seconds without a byte from the server until an ERROR RESOURCE/READ; for the
   * first byte no request is made again before, in a body it is tried again from
   * where it stopped at half the time. 0: no end.
   *
   * Since: 0.1
   */
  f[TIMEOUT].offset = FIELD (timeout);
  f[TIMEOUT].pspec = g_param_spec_uint ("timeout", "timeout",
      "Time without a byte from the server after which a request fails "
      "(seconds, 0 = no timeout)", 0, 3600, P2P_DEFAULT_TIMEOUT, IN_READY);
  /**
   * GstP2pHlsSrc:retries:
   *
   * How often in a row a request that brings nothing is made again, after pauses
   * of 0.5 s, 1 s, 2 s … or #GstP2pHlsSrc:retry-backoff-factor: when the host is
   * not known, the connection is refused or cut, or the status is 500, 502, 503 or
   * 504. -1: for ever.
   *
   * Since: 0.1
   */
  f[RETRIES].offset = FIELD (retries);
  f[RETRIES].pspec = g_param_spec_int ("retries", "Retries",
      "Maximum number of retries until giving up (-1=infinite)", -1, G_MAXINT,
      P2P_DEFAULT_RETRIES, IN_READY);
  /**
   * GstP2pHlsSrc:retry-backoff-factor:
   *
   * Seconds: twice as many before the first retry, and twice the last pause before
   * each further one. 0: the pauses that #GstP2pHlsSrc:retries tells of.
   *
   * Since: 0.1
   */
  f[RETRY_BACKOFF_FACTOR].offset = FIELD (retry_backoff_factor);
  f[RETRY_BACKOFF_FACTOR].pspec = g_param_spec_double ("retry-backoff-factor",
      "Retry backoff factor",
      "Exponential retry backoff factor (seconds, 0 = as p2phlssrc does)", 0,
      G_MAXDOUBLE, 0, IN_READY);
  /**
   * GstP2pHlsSrc:retry-backoff-max:
   *
   * Seconds that a pause of #GstP2pHlsSrc:retry-backoff-factor has at most, and
   * never more than a day.
   *
   * Since: 0.1
   */
  f[RETRY_BACKOFF_MAX].offset = FIELD (retry_backoff_max);
  f[RETRY_BACKOFF_MAX].pspec = g_param_spec_double ("retry-backoff-max",
      "Maximum retry backoff",
      "Maximum delay of retry-backoff-factor (seconds)", 0, G_MAXDOUBLE,
      P2P_DEFAULT_RETRY_BACKOFF_MAX, IN_READY);
}

static void
gst_p2p_hls_options_fill_connection (GstP2pHlsField * f)
{
  /**
   * GstP2pHlsSrc:http-log-level:
   *
   * What goes to the debug category p2phls-http, at level TRACE.
   *
   * Since: 0.1
   */
  f[LOG_LEVEL].offset = FIELD (log_level);
  f[LOG_LEVEL].pspec = g_param_spec_enum ("http-log-level", "HTTP log level",
      "What of HTTP goes to the debug log",
      gst_p2p_hls_http_log_level_get_type (), P2P_DEFAULT_LOG_LEVEL, IN_READY);
  /**
   * GstP2pHlsSrc:keep-alive:
   *
   * Whether a connection is used for more than one request.
   *
   * Since: 0.1
   */
  f[KEEP_ALIVE].offset = FIELD (keep_alive);
  f[KEEP_ALIVE].pspec = g_param_spec_boolean ("keep-alive", "keep-alive",
      "Use HTTP persistent connections", TRUE, IN_READY);
}

static void
gst_p2p_hls_options_fill_tls (GstP2pHlsField * f)
{
  /**
   * GstP2pHlsSrc:ssl-strict:
   *
   * Whether a certificate that is not valid ends the request with an ERROR
   * RESOURCE/OPEN_READ.
   *
   * Since: 0.1
   */
  f[SSL_STRICT].offset = FIELD (ssl_strict);
  f[SSL_STRICT].pspec = g_param_spec_boolean ("ssl-strict", "SSL Strict",
      "Strict SSL certificate checking", TRUE, IN_READY);
  /**
   * GstP2pHlsSrc:ssl-ca-file:
   *
   * Path of a PEM file with the certificates to trust, in place of the system's.
   *
   * Since: 0.1
   */
  f[SSL_CA_FILE].offset = FIELD (ssl_ca_file);
  f[SSL_CA_FILE].pspec = g_param_spec_string ("ssl-ca-file", "SSL CA File",
      "Location of a SSL anchor CA file to use", NULL, IN_READY);
  /**
   * GstP2pHlsSrc:tls-database:
   *
   * The certificates to trust, in place of the system's and of
   * #GstP2pHlsSrc:ssl-ca-file.
   *
   * Since: 0.1
   */
  f[TLS_DATABASE].offset = FIELD (tls_database);
  f[TLS_DATABASE].pspec = g_param_spec_object ("tls-database", "TLS database",
      "TLS database with anchor certificate authorities used to validate the "
      "server certificate", G_TYPE_TLS_DATABASE, IN_READY);
  /**
   * GstP2pHlsSrc:tls-interaction:
   *
   * Asked when a server wants a certificate or the database a password.
   *
   * Since: 0.1
   */
  f[TLS_INTERACTION].offset = FIELD (tls_interaction);
  f[TLS_INTERACTION].pspec = g_param_spec_object ("tls-interaction",
      "TLS interaction",
      "A GTlsInteraction object to be used when the connection or certificate "
      "database need to interact with the user", G_TYPE_TLS_INTERACTION,
      IN_READY);
  /**
   * GstP2pHlsSrc:extra-headers:
   *
   * Header fields by name: strings, or what can be made one; arrays and lists for
   * a field that repeats. For this source only.
   *
   * Since: 0.1
   */
  f[EXTRA_HEADERS].offset = FIELD (extra_headers);
  f[EXTRA_HEADERS].pspec = g_param_spec_boxed ("extra-headers",
      "Extra Headers", "Extra headers to append to the HTTP request",
      GST_TYPE_STRUCTURE, IN_READY);
}

guint
gst_p2p_hls_options_install (GObjectClass * klass, guint first)
{
  gst_p2p_hls_options_fill_identity (fields);
  gst_p2p_hls_options_fill_content (fields);
  gst_p2p_hls_options_fill_proxy (fields);
  gst_p2p_hls_options_fill_retries (fields);
  gst_p2p_hls_options_fill_connection (fields);
  gst_p2p_hls_options_fill_tls (fields);
  for (guint i = 0; i < N_FIELDS; i++)
    g_object_class_install_property (klass, first + i, fields[i].pspec);
  gst_type_mark_as_plugin_api (gst_p2p_hls_http_log_level_get_type (), 0);
  return first + N_FIELDS;
}

int
gst_p2p_hls_options_find (const char *name)
{
  for (int i = 0; i < N_FIELDS; i++) {
    if (g_str_equal (fields[i].pspec->name, name))
      return i;
  }
  return -1;
}

static void
gst_p2p_hls_options_add_header (GPtrArray * headers, const char *name,
    const GValue * value)
{
  GValue text = G_VALUE_INIT;

  g_value_init (&text, G_TYPE_STRING);
  if (g_value_transform (value, &text) && g_value_get_string (&text))
    p2p_headers_add (headers, name, g_value_get_string (&text));
  else
    GST_WARNING ("extra header %s cannot be made a string", name);
  g_value_unset (&text);
}

static gboolean
gst_p2p_hls_options_add_headers (GQuark field, const GValue * value,
    gpointer user_data)
{
  const char *name = g_quark_to_string (field);

  if (GST_VALUE_HOLDS_ARRAY (value)) {
    for (guint i = 0; i < gst_value_array_get_size (value); i++)
      gst_p2p_hls_options_add_header (user_data, name,
          gst_value_array_get_value (value, i));
  } else if (GST_VALUE_HOLDS_LIST (value)) {
    for (guint i = 0; i < gst_value_list_get_size (value); i++)
      gst_p2p_hls_options_add_header (user_data, name,
          gst_value_list_get_value (value, i));
  } else {
    gst_p2p_hls_options_add_header (user_data, name, value);
  }
  return TRUE;
}

static void
gst_p2p_hls_options_set_headers (P2pHttpOptions * self,
    const GstStructure * structure)
{
  g_clear_pointer (&self->extra_headers, g_ptr_array_unref);
  if (structure == NULL || gst_structure_n_fields (structure) == 0)
    return;
  self->extra_headers = p2p_headers_new ();
  gst_structure_foreach (structure, gst_p2p_hls_options_add_headers,
      self->extra_headers);
}

void
gst_p2p_hls_options_set (P2pHttpOptions * self, int number,
    const GValue * value)
{
  if (number == EXTRA_HEADERS)
    gst_p2p_hls_options_set_headers (self, gst_value_get_structure (value));
  else
    gst_p2p_hls_field_set (&fields[number], self, value);
}

void
gst_p2p_hls_options_get (const P2pHttpOptions * self, int number,
    GValue * value)
{
  gst_p2p_hls_field_get (&fields[number], self, value);
}

void
gst_p2p_hls_options_merge (P2pHttpOptions * self, const P2pHttpOptions * other,
    guint64 mask)
{
  for (guint i = 0; i < N_FIELDS; i++) {
    if ((mask & BIT (i)) == 0)
      continue;
    if (i == EXTRA_HEADERS) {
      g_clear_pointer (&self->extra_headers, g_ptr_array_unref);
      if (other->extra_headers)
        self->extra_headers = g_ptr_array_ref (other->extra_headers);
    } else {
      gst_p2p_hls_field_copy (&fields[i], self, other);
    }
  }
}

gboolean
gst_p2p_hls_options_has_secrets (guint64 mask)
{
  return (mask & (BIT (COOKIES) | BIT (USER_ID) | BIT (USER_PW))) != 0;
}

guint64
gst_p2p_hls_options_get_shared (guint64 mask)
{
  return mask & ~OWN;
}

guint64
gst_p2p_hls_options_read_environment (P2pHttpOptions * self)
{
  const char *proxy = g_getenv ("http_proxy");

  if (proxy == NULL || *proxy == '\0')
    return 0;
  g_free (self->proxy);
  self->proxy = g_strdup (proxy);
  return BIT (PROXY);
}

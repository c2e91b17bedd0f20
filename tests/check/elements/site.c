/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "site.h"

#include <string.h>

#define MAX_HEAD (64 * 1024)

typedef struct
{
  SiteHandler handler;
  gpointer user_data;
  /* Of what site_serve() serves: */
  char *headers;
  gconstpointer data;
  gsize size;
} Resource;

struct _Site
{
  GSocket *socket;
  GTlsCertificate *certificate;
  GCancellable *closing;
  GThread *thread;
  guint16 port;

  GMutex lock;
  GCond cond;
  /* Under the lock: */
  GHashTable *resources;        /* path to Resource */
  GPtrArray *old;               /* Resources that were said anew */
  GPtrArray *requests;          /* of SiteRequest */
  GPtrArray *threads;           /* of the connections */
  guint n_connections;
  guint n_open;
};

struct _SiteConnection
{
  Site *origin;
  GSocketConnection *plain;
  GIOStream *stream;
  guint number;
  gboolean head_only;           /* the request is HEAD */
  gboolean closed;
};

static void
resource_free (gpointer data)
{
  Resource *resource = data;

  g_free (resource->headers);
  g_free (resource);
}

static void
request_free (gpointer data)
{
  SiteRequest *request = data;

  g_free (request->method);
  g_free (request->target);
  g_free (request->path);
  g_free (request->head);
  g_free (request);
}

/* --- a request --- */

/* Returns: (nullable): the head with its empty line; what follows it is left
 * unread, as no test sends a body that matters. */
static char *
read_head (SiteConnection * connection)
{
  GInputStream *input = g_io_stream_get_input_stream (connection->stream);
  g_autoptr (GString) head = g_string_new (NULL);
  char c;

  while (!g_str_has_suffix (head->str, "\r\n\r\n") && head->len < MAX_HEAD) {
    if (g_input_stream_read (input, &c, 1, connection->origin->closing,
            NULL) != 1)
      return NULL;
    /* A handshake of TLS. */
    if (head->len == 0 && !g_ascii_isalpha (c))
      return NULL;
    g_string_append_c (head, c);
  }
  return g_strdup (head->str);
}

static SiteRequest *
parse_request (const char *head, guint connection)
{
  SiteRequest *request = g_new0 (SiteRequest, 1);
  g_auto (GStrv) words = NULL;
  g_autofree char *line = g_strndup (head, strcspn (head, "\r\n"));
  const char *path;

  words = g_strsplit (line, " ", 3);
  request->method = g_strdup (words[0] ? words[0] : "");
  request->target = g_strdup (words[0] && words[1] ? words[1] : "");
  path = request->target;
  if (strstr (path, "://")) {
    path = strchr (strstr (path, "://") + 3, '/');
    path = path ? path : "/";
  }
  request->path = g_strndup (path, strcspn (path, "?"));
  request->head = g_strdup (head);
  request->connection = connection;
  return request;
}

char *
site_request_get (const SiteRequest * request, const char *name)
{
  g_auto (GStrv) lines = g_strsplit (request->head, "\r\n", -1);
  g_autoptr (GPtrArray) values = g_ptr_array_new ();
  gsize length = strlen (name);

  for (guint i = 1; lines[0] && lines[i]; i++) {
    if (g_ascii_strncasecmp (lines[i], name, length) == 0
        && lines[i][length] == ':')
      g_ptr_array_add (values, g_strstrip (lines[i] + length + 1));
  }
  if (values->len == 0)
    return NULL;
  g_ptr_array_add (values, NULL);
  return g_strjoinv (", ", (char **) values->pdata);
}

static guint
count_unlocked (Site * self, const char *path)
{
  guint count = 0;

  for (guint i = 0; i < self->requests->len; i++) {
    SiteRequest *request = g_ptr_array_index (self->requests, i);

    count += path == NULL || g_str_equal (request->path, path);
  }
  return count;
}

/* Logs the request, and finds what answers it. */
static const Resource *
log_request (Site * self, SiteRequest * request)
{
  const Resource *resource;

  g_mutex_lock (&self->lock);
  request->number = count_unlocked (self, request->path) + 1;
  g_ptr_array_add (self->requests, request);
  resource = g_hash_table_lookup (self->resources, request->path);
  if (resource == NULL)
    resource = g_hash_table_lookup (self->resources, "*");
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->lock);
  return resource;
}

static void
answer (SiteConnection * connection, SiteRequest * request)
{
  const Resource *resource = log_request (connection->origin, request);

  connection->head_only = g_str_equal (request->method, "HEAD");
  if (resource == NULL)
    site_reply_text (connection, "404 Not Found", NULL, "nothing is here");
  else if (resource->handler)
    resource->handler (connection, request, resource->user_data);
  else
    site_reply_range (connection, request, resource->headers,
        resource->data, resource->size);
}

/* --- a connection --- */

static gpointer
serve_connection (gpointer data)
{
  SiteConnection *connection = data;
  Site *self = connection->origin;
  char *head;

  while (!connection->closed && (head = read_head (connection)) != NULL) {
    answer (connection, parse_request (head, connection->number));
    g_free (head);
  }
  g_io_stream_close (connection->stream, NULL, NULL);
  g_object_unref (connection->stream);
  g_object_unref (connection->plain);
  g_free (connection);

  g_mutex_lock (&self->lock);
  self->n_open--;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->lock);
  return NULL;
}

static void
begin_connection (Site * self, GSocket * socket)
{
  SiteConnection *connection = g_new0 (SiteConnection, 1);

  connection->origin = self;
  connection->plain = g_socket_connection_factory_create_connection (socket);
  g_socket_set_option (socket, 6 /* IPPROTO_TCP */ , 1 /* TCP_NODELAY */ , 1,
      NULL);
  connection->stream = G_IO_STREAM (g_object_ref (connection->plain));
  if (self->certificate) {
    g_object_unref (connection->stream);
    connection->stream =
        g_tls_server_connection_new (G_IO_STREAM (connection->plain),
        self->certificate, NULL);
    g_assert_nonnull (connection->stream);
  }
  g_mutex_lock (&self->lock);
  connection->number = ++self->n_connections;
  self->n_open++;
  g_ptr_array_add (self->threads, g_thread_new ("site-connection",
          serve_connection, connection));
  g_mutex_unlock (&self->lock);
}

static gpointer
accept_connections (gpointer data)
{
  Site *self = data;

  for (;;) {
    g_autoptr (GSocket) socket =
        g_socket_accept (self->socket, self->closing, NULL);

    if (socket == NULL)
      return NULL;
    begin_connection (self, socket);
  }
}

/* --- the origin --- */

static GSocket *
bind_to_loopback (guint16 * port)
{
  g_autoptr (GInetAddress) loopback =
      g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) bound = NULL;
  GSocket *socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM,
      G_SOCKET_PROTOCOL_TCP, NULL);

  g_assert_true (g_socket_bind (socket, any, TRUE, NULL));
  bound = g_socket_get_local_address (socket, NULL);
  *port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
  return socket;
}

static Site *
make (const char *cert_pem)
{
  Site *self = g_new0 (Site, 1);
  g_autoptr (GError) error = NULL;

  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
  self->resources = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
      NULL);
  self->old = g_ptr_array_new_with_free_func (resource_free);
  self->requests = g_ptr_array_new_with_free_func (request_free);
  self->threads = g_ptr_array_new ();
  self->closing = g_cancellable_new ();
  if (cert_pem) {
    self->certificate = g_tls_certificate_new_from_file (cert_pem, &error);
    g_assert_no_error (error);
  }
  self->socket = bind_to_loopback (&self->port);
  return self;
}

void
site_open (Site * self)
{
  g_socket_set_listen_backlog (self->socket, 128);
  g_assert_true (g_socket_listen (self->socket, NULL));
  self->thread = g_thread_new ("site", accept_connections, self);
}

Site *
site_new_closed (void)
{
  return make (NULL);
}

Site *
site_new (void)
{
  Site *self = make (NULL);

  site_open (self);
  return self;
}

Site *
site_new_tls (const char *cert_pem)
{
  Site *self = make (cert_pem);

  site_open (self);
  return self;
}

void
site_free (Site * self)
{
  g_cancellable_cancel (self->closing);
  g_mutex_lock (&self->lock);
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&self->thread, g_thread_join);
  for (guint i = 0; i < self->threads->len; i++)
    g_thread_join (g_ptr_array_index (self->threads, i));
  g_socket_close (self->socket, NULL);
  g_object_unref (self->socket);
  g_clear_object (&self->certificate);
  g_object_unref (self->closing);
  g_hash_table_unref (self->resources);
  g_ptr_array_unref (self->old);
  g_ptr_array_unref (self->requests);
  g_ptr_array_unref (self->threads);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->cond);
  g_free (self);
}

guint16
site_get_port (Site * self)
{
  return self->port;
}

char *
site_uri (Site * self, const char *path)
{
  return g_strdup_printf ("%s://127.0.0.1:%u%s",
      self->certificate ? "https" : "http", self->port, path);
}

/* Resources are kept to the end: a thread may be at work on an old one. */
static void
add_resource (Site * self, const char *path, Resource * resource)
{
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->old, resource);
  g_hash_table_insert (self->resources, g_strdup (path), resource);
  g_mutex_unlock (&self->lock);
}

void
site_handle (Site * self, const char *path, SiteHandler handler,
    gpointer user_data)
{
  Resource *resource = g_new0 (Resource, 1);

  resource->handler = handler;
  resource->user_data = user_data;
  add_resource (self, path, resource);
}

void
site_serve (Site * self, const char *path, const char *type,
    gconstpointer data, gsize size)
{
  Resource *resource = g_new0 (Resource, 1);

  if (type)
    resource->headers = g_strdup_printf ("Content-Type: %s\r\n", type);
  resource->data = data;
  resource->size = size;
  add_resource (self, path, resource);
}

void
site_serve_text (Site * self, const char *path, const char *type,
    const char *text)
{
  site_serve (self, path, type, text, strlen (text));
}

/* --- by handlers --- */

gboolean
site_write (SiteConnection * connection, gconstpointer data, gsize size)
{
  GOutputStream *output = g_io_stream_get_output_stream (connection->stream);

  if (!g_output_stream_write_all (output, data, size, NULL,
          connection->origin->closing, NULL))
    connection->closed = TRUE;
  return !connection->closed;
}

gboolean
site_print (SiteConnection * connection, const char *text)
{
  return site_write (connection, text, strlen (text));
}

void
site_reply (SiteConnection * connection, const char *status,
    const char *headers, gconstpointer body, gsize size)
{
  g_autofree char *head =
      g_strdup_printf ("HTTP/1.1 %s\r\nContent-Length: %" G_GSIZE_FORMAT
      "\r\n%s\r\n", status, size, headers ? headers : "");

  if (site_print (connection, head) && !connection->head_only && size > 0)
    site_write (connection, body, size);
}

void
site_reply_text (SiteConnection * connection, const char *status,
    const char *headers, const char *body)
{
  site_reply (connection, status, headers, body, strlen (body));
}

/* "bytes=1-2" and "bytes=1-". Returns: FALSE if there is none. */
static gboolean
read_range (const char *range, gsize size, gsize * start, gsize * stop)
{
  char *end;

  if (range == NULL || !g_str_has_prefix (range, "bytes="))
    return FALSE;
  *start = g_ascii_strtoull (range + 6, &end, 10);
  if (end == range + 6 || *end != '-')
    return FALSE;
  *stop = end[1] ? g_ascii_strtoull (end + 1, NULL, 10) + 1 : size;
  *stop = MIN (*stop, size);
  return TRUE;
}

void
site_reply_range (SiteConnection * connection,
    const SiteRequest * request, const char *headers, gconstpointer data,
    gsize size)
{
  g_autofree char *range = site_request_get (request, "Range");
  g_autofree char *all = g_strconcat ("Accept-Ranges: bytes\r\n"
      "ETag: \"origin\"\r\n", headers, NULL);
  g_autofree char *partial = NULL;
  gsize start, stop;

  if (!read_range (range, size, &start, &stop)) {
    site_reply (connection, "200 OK", all, data, size);
  } else if (start >= stop) {
    partial = g_strdup_printf ("Content-Range: bytes */%" G_GSIZE_FORMAT
        "\r\n", size);
    site_reply (connection, "416 Range Not Satisfiable", partial, "", 0);
  } else {
    partial = g_strdup_printf ("%sContent-Range: bytes %" G_GSIZE_FORMAT
        "-%" G_GSIZE_FORMAT "/%" G_GSIZE_FORMAT "\r\n", all, start, stop - 1,
        size);
    site_reply (connection, "206 Partial Content", partial,
        (const guint8 *) data + start, stop - start);
  }
}

void
site_wait (SiteConnection * connection)
{
  GInputStream *input = g_io_stream_get_input_stream (connection->stream);
  char c;

  while (g_input_stream_read (input, &c, 1, connection->origin->closing,
          NULL) > 0);
  connection->closed = TRUE;
}

void
site_reply_stalled (SiteConnection * connection, const SiteRequest * request,
    gconstpointer data, gsize size)
{
  g_autofree char *range = site_request_get (request, "Range");
  g_autofree char *head = g_strdup_printf ("HTTP/1.1 200 OK\r\n"
      "Accept-Ranges: bytes\r\nETag: \"origin\"\r\n"
      "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n", size);

  if (range) {
    site_reply_range (connection, request, NULL, data, size);
    return;
  }
  site_print (connection, head);
  site_write (connection, data, 1000);
  site_wait (connection);
}

void
site_sleep (SiteConnection * connection, guint milliseconds)
{
  Site *self = connection->origin;
  gint64 end = g_get_monotonic_time () + milliseconds * G_TIME_SPAN_MILLISECOND;

  g_mutex_lock (&self->lock);
  while (!g_cancellable_is_cancelled (self->closing)
      && g_cond_wait_until (&self->cond, &self->lock, end));
  g_mutex_unlock (&self->lock);
}

void
site_close (SiteConnection * connection)
{
  connection->closed = TRUE;
}

Site *
site_of (SiteConnection * connection)
{
  return connection->origin;
}

/* --- the log --- */

guint
site_count (Site * self, const char *path)
{
  guint count;

  g_mutex_lock (&self->lock);
  count = count_unlocked (self, path);
  g_mutex_unlock (&self->lock);
  return count;
}

const SiteRequest *
site_get (Site * self, const char *path, guint number)
{
  SiteRequest *found = NULL;
  guint seen = 0;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->requests->len; i++) {
    SiteRequest *request = g_ptr_array_index (self->requests, i);

    if (path && !g_str_equal (request->path, path))
      continue;
    found = request;
    if (++seen == number)
      break;
  }
  g_mutex_unlock (&self->lock);
  return number > seen ? NULL : found;
}

char *
site_get_header (Site * self, const char *path, const char *name)
{
  const SiteRequest *request = site_get (self, path, 0);

  g_assert_nonnull (request);
  return site_request_get (request, name);
}

guint
site_get_connections (Site * self)
{
  guint count;

  g_mutex_lock (&self->lock);
  count = self->n_connections;
  g_mutex_unlock (&self->lock);
  return count;
}

guint
site_get_open_connections (Site * self)
{
  guint count;

  g_mutex_lock (&self->lock);
  count = self->n_open;
  g_mutex_unlock (&self->lock);
  return count;
}

gboolean
site_wait_for (Site * self, const char *path, guint count)
{
  gint64 end = g_get_monotonic_time () + 10 * G_TIME_SPAN_SECOND;
  gboolean in_time = TRUE;

  g_mutex_lock (&self->lock);
  while (in_time && count_unlocked (self, path) < count)
    in_time = g_cond_wait_until (&self->cond, &self->lock, end);
  g_mutex_unlock (&self->lock);
  return in_time;
}

guint8 *
site_make_bytes (gsize size)
{
  guint8 *bytes = g_malloc (size);
  guint32 state = 1;

  /* A generator of Park and Miller: no run of it looks like another one. */
  for (gsize i = 0; i < size; i++) {
    state = (guint64) state *48271 % 2147483647;
    bytes[i] = state >> 8;
  }
  return bytes;
}

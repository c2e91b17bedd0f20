/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gateworld.h"

#include "p2psoupfetcher.h"

typedef struct
{
  char *head;                   /* all of it but the length, or NULL */
  char *type;
  char *body;
  gsize size;
  gboolean held;
  guint n_asked;
} GateFile;

static void
file_free (gpointer data)
{
  GateFile *file = data;

  g_free (file->head);
  g_free (file->type);
  g_free (file->body);
  g_free (file);
}

/* --- the origin --- */

static void
read_range (const char *request, gsize size, gsize * start, gsize * stop)
{
  const char *range = g_strstr_len (request, -1, "\r\nRange: bytes=");
  guint64 last;
  char *end;

  *start = 0;
  *stop = size;
  if (!range)
    return;
  *start = MIN (g_ascii_strtoull (range + 15, &end, 10), size);
  last = g_ascii_strtoull (end + 1, NULL, 10);
  if (last > 0)
    *stop = MIN (last + 1, size);
}

/* Waits until the file is held no more. */
static void
wait_held (GateWorld * self, const char *path)
{
  gboolean held = TRUE;

  while (held) {
    GateFile *file;

    g_mutex_lock (&self->lock);
    file = g_hash_table_lookup (self->files, path);
    held = file->held;
    g_mutex_unlock (&self->lock);
    if (held)
      g_usleep (1000);
  }
}

static gboolean
on_request (Origin * origin, const char *request, guint n,
    GIOStream * connection, gpointer user_data)
{
  GateWorld *self = user_data;
  g_auto (GStrv) words = g_strsplit (request, " ", 3);
  g_autofree char *head = NULL, *type = NULL, *body = NULL;
  gsize size = 0, start, stop;
  gboolean found = FALSE, held = FALSE;
  GateFile *file;

  g_mutex_lock (&self->lock);
  file = g_hash_table_lookup (self->files, words[1]);
  if (file) {
    found = TRUE;
    held = file->held;
    file->n_asked++;
    head = g_strdup (file->head);
    type = g_strdup (file->type);
    body = g_memdup2 (file->body, file->size);
    size = file->size;
  }
  g_mutex_unlock (&self->lock);
  if (!found) {
    origin_say (connection, "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n");
    return TRUE;
  }
  read_range (request, size, &start, &stop);
  if (head)
    origin_say (connection, "%s", head);
  else if (stop - start < size)
    origin_say (connection, "HTTP/1.1 206 Part\r\nContent-Range: bytes %"
        G_GSIZE_FORMAT "-%" G_GSIZE_FORMAT "/%" G_GSIZE_FORMAT "\r\n", start,
        stop - 1, size);
  else
    origin_say (connection, "HTTP/1.1 200 Yes\r\nETag: \"file\"\r\n");
  if (type)
    origin_say (connection, "Content-Type: %s\r\n", type);
  origin_say (connection, "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n",
      stop - start);
  if (g_str_equal (words[0], "HEAD"))
    return TRUE;
  if (held) {
    gsize half = (stop - start) / 2;

    origin_write (connection, body + start, half);
    wait_held (self, words[1]);
    start += half;
  }
  return origin_write (connection, body + start, stop - start);
}

static void
put (GateWorld * self, const char *path, GateFile * file)
{
  g_mutex_lock (&self->lock);
  g_hash_table_insert (self->files, g_strdup (path), file);
  g_mutex_unlock (&self->lock);
}

void
gate_world_put (GateWorld * self, const char *path, const char *type,
    const char *body)
{
  GateFile *file = g_new0 (GateFile, 1);

  file->type = g_strdup (type);
  file->body = g_strdup (body);
  file->size = strlen (body);
  put (self, path, file);
}

static char
get_byte (const char *path, gsize place)
{
  return g_str_hash (path) * 31 + place * 7 + (place >> 8) * 13;
}

void
gate_world_put_segment (GateWorld * self, const char *path, gsize size)
{
  GateFile *file = g_new0 (GateFile, 1);

  file->body = g_malloc (size);
  file->size = size;
  for (gsize i = 0; i < size; i++)
    file->body[i] = get_byte (path, i);
  put (self, path, file);
}

void
gate_world_put_answer (GateWorld * self, const char *path, const char *head,
    const char *body)
{
  GateFile *file = g_new0 (GateFile, 1);

  file->head = g_strdup (head);
  file->body = g_strdup (body);
  file->size = strlen (body);
  put (self, path, file);
}

void
gate_world_set_held (GateWorld * self, const char *path, gboolean held)
{
  GateFile *file;

  g_mutex_lock (&self->lock);
  file = g_hash_table_lookup (self->files, path);
  file->held = held;
  g_mutex_unlock (&self->lock);
}

guint
gate_world_count (GateWorld * self, const char *path)
{
  GateFile *file;
  guint n;

  g_mutex_lock (&self->lock);
  file = g_hash_table_lookup (self->files, path);
  n = file->n_asked;
  g_mutex_unlock (&self->lock);
  return n;
}

void
gate_world_assert_body (GateWorld * self, const char *path, gint64 start,
    gint64 stop, const char *body, gsize size)
{
  GateFile *file;

  g_mutex_lock (&self->lock);
  file = g_hash_table_lookup (self->files, path);
  g_assert_cmpmem (body, size, file->body + start,
      (stop < 0 ? (gint64) file->size : stop) - start);
  g_mutex_unlock (&self->lock);
}

/* --- the gateway's thread --- */

static gboolean
on_tick (gpointer user_data)
{
  p2p_clock_run (((GateWorld *) user_data)->clock, g_get_monotonic_time ());
  return G_SOURCE_CONTINUE;
}

static gpointer
run (gpointer user_data)
{
  GateWorld *self = user_data;
  g_autoptr (GSource) ticks = g_timeout_source_new (2);

  g_main_context_push_thread_default (self->context);
  g_source_set_callback (ticks, on_tick, self, NULL);
  g_source_attach (ticks, self->context);
  g_main_loop_run (self->loop);
  g_source_destroy (ticks);
  while (g_main_context_iteration (self->context, FALSE));
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

typedef struct
{
  GFunc func;
  GateWorld *world;
  gpointer user_data;
  gboolean done;
  GMutex lock;
  GCond cond;
} Call;

static gboolean
on_call (gpointer user_data)
{
  Call *call = user_data;

  p2p_clock_set_time (call->world->clock, g_get_monotonic_time ());
  call->func (call->world, call->user_data);
  g_mutex_lock (&call->lock);
  call->done = TRUE;
  g_cond_signal (&call->cond);
  g_mutex_unlock (&call->lock);
  return G_SOURCE_REMOVE;
}

void
gate_world_call (GateWorld * self, GFunc func, gpointer user_data)
{
  Call call = { func, self, user_data, };
  g_autoptr (GSource) source = g_idle_source_new ();

  g_mutex_init (&call.lock);
  g_cond_init (&call.cond);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, on_call, &call, NULL);
  g_source_attach (source, self->context);
  g_mutex_lock (&call.lock);
  while (!call.done)
    g_cond_wait (&call.cond, &call.lock);
  g_mutex_unlock (&call.lock);
  g_mutex_clear (&call.lock);
  g_cond_clear (&call.cond);
}

static void
do_new (gpointer world, gpointer config)
{
  GateWorld *self = world;
  g_autoptr (GError) error = NULL;

  self->gateway = p2p_soup_gateway_new (self->clock, self->context, config,
      &error);
  g_assert_no_error (error);
}

GateWorld *
gate_world_new (const P2pSoupGatewayConfig * config)
{
  GateWorld *self = g_new0 (GateWorld, 1);

  g_mutex_init (&self->lock);
  self->files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
      file_free);
  self->origin = origin_new (on_request, self);
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->clock = p2p_clock_new (g_get_monotonic_time ());
  p2p_settings_init (&self->settings);
  self->options = p2p_http_options_new ();
  self->options->retries = 0;
  self->thread = g_thread_new ("gateway", run, self);
  gate_world_call (self, do_new, (gpointer) config);
  return self;
}

static void
do_free (gpointer world, gpointer user_data)
{
  GateWorld *self = world;

  g_clear_pointer (&self->gateway, p2p_soup_gateway_free);
  g_main_loop_quit (self->loop);
}

void
gate_world_free (GateWorld * self)
{
  gate_world_call (self, do_free, NULL);
  g_thread_join (self->thread);
  origin_free (self->origin);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_object_unref (self->clock);
  p2p_http_options_unref (self->options);
  g_hash_table_unref (self->files);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* --- streams --- */

static const P2pSessionEvents session_events;

typedef struct
{
  const char *path;
  P2pSoupGatewayStream *stream;
} Adding;

static void
do_add (gpointer world, gpointer user_data)
{
  GateWorld *self = world;
  Adding *adding = user_data;
  g_autofree char *uri = origin_get_uri (self->origin, adding->path);
  g_autoptr (P2pSoupFetcher) fetcher = p2p_soup_fetcher_new (self->clock,
      self->context);
  g_autoptr (P2pSession) session = p2p_session_new (self->clock,
      g_rand_new_with_seed (1), P2P_FETCHER (fetcher), &self->settings,
      self->options, &session_events, NULL);
  g_autoptr (GError) error = NULL;

  adding->stream = p2p_soup_gateway_add (self->gateway, session, uri, &error);
  g_assert_no_error (error);
}

P2pSoupGatewayStream *
gate_world_add (GateWorld * self, const char *path)
{
  Adding adding = { path, NULL };
  g_autoptr (GUri) uri = NULL;

  gate_world_call (self, do_add, &adding);
  uri = g_uri_parse (p2p_soup_gateway_stream_get_url (adding.stream),
      G_URI_FLAGS_NONE, NULL);
  self->port = g_uri_get_port (uri);
  return adding.stream;
}

static void
do_remove (gpointer world, gpointer stream)
{
  p2p_soup_gateway_remove (((GateWorld *) world)->gateway, stream);
}

void
gate_world_remove (GateWorld * self, P2pSoupGatewayStream * stream)
{
  gate_world_call (self, do_remove, stream);
}

/* --- a player --- */

GSocketConnection *
gate_world_connect (GateWorld * self)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GError) error = NULL;
  GSocketConnection *connection = g_socket_client_connect_to_host (client,
      "127.0.0.1", self->port, NULL, &error);

  g_assert_no_error (error);
  return connection;
}

void
gate_world_say (GSocketConnection * connection, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM
          (connection)), text, strlen (text), NULL, NULL, NULL);
}

Reply *
gate_world_hear (GSocketConnection * connection, gboolean is_head)
{
  return reply_read (g_io_stream_get_input_stream (G_IO_STREAM (connection)),
      is_head);
}

Reply *
gate_world_ask (GateWorld * self, const char *method, const char *what,
    const char *lines)
{
  g_autoptr (GSocketConnection) connection = gate_world_connect (self);
  const char *path = g_str_has_prefix (what, "http://")
      ? strchr (what + 7, '/') : what;

  gate_world_say (connection, "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n%s\r\n",
      method, path, self->port, lines ? lines : "");
  return gate_world_hear (connection, g_str_equal (method, "HEAD"));
}

Reply *
gate_world_get (GateWorld * self, const char *what, const char *lines)
{
  return gate_world_ask (self, "GET", what, lines);
}

char *
gate_world_pick (const char *playlist, guint n)
{
  g_auto (GStrv) lines = g_strsplit (playlist, "\n", -1);

  for (char **line = lines; *line; line++) {
    if (**line && **line != '#' && n-- == 0)
      return g_strdup (*line);
  }
  g_assert_not_reached ();
}

char *
gate_world_pick_attribute (const char *playlist, guint n)
{
  const char *at = playlist;

  do {
    at = strstr (at, "URI=\"");
    g_assert_nonnull (at);
    at += 5;
  } while (n-- > 0);
  return g_strndup (at, strcspn (at, "\""));
}

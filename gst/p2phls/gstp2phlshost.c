/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstp2phlshost.h"

#include "p2phlsremote.h"
#include "p2pjson.h"
#include "p2psoupgatewaylinks.h"
#include "p2puri.h"

#include <gst/gst.h>

/* How long it is waited before the engine is called again, at first and at the
 * most. A socket of this machine costs nothing to try. */
#define RETRY (500 * P2P_MSEC)
#define RETRY_MAX (5 * P2P_SECOND)
/* Streams of a session that are the host's; of more it is not told. */
#define MAX_STREAMS 16

typedef struct
{
  GstP2pHlsHost *host;          /* NULL: it is gone */
  char *uri;                    /* plain */
  P2pHlsRemoteTorrent *torrent; /* while the engine is called */
} Stream;

struct _GstP2pHlsHost
{
  P2pClock *clock;
  P2pHost *host;
  P2pHostFetcher *fetcher;      /* a weak pointer */
  const GstP2pHlsHostEvents *events;
  gpointer user_data;

  char *address;                /* NULL: the user's own engine, if there is one */
  char *token_file, *certificate_file;  /* of a tls engine, or NULL */
  char *options;                /* of add() */
  gboolean started;
  gboolean found;               /* the engine was there once */
  char *refusal;                /* that was told; NULL: none since it was there */
  GPtrArray *streams;           /* of Stream */
  P2pHlsRemoteConnection *connection;   /* NULL: not now */
  gulong closed;                /* handler of its signal */
  guint timer;                  /* of the next call */
  gint64 pause;                 /* before the one after it */
};

static void gst_p2p_hls_host_call (GstP2pHlsHost * self);

/* --- the streams --- */

static void
gst_p2p_hls_host_stream_free (gpointer data)
{
  Stream *stream = data;

  g_clear_object (&stream->torrent);
  g_free (stream->uri);
  g_rc_box_release (stream);
}

static void
gst_p2p_hls_host_take (GstP2pHlsHost * self, Stream * stream)
{
  gboolean there = p2p_host_is_there (self->host);

  p2p_host_add (self->host, stream->uri,
      p2p_hls_remote_torrent_get_playlist_url (stream->torrent));
  if (self->fetcher)
    p2p_host_fetcher_return (self->fetcher);
  self->found = TRUE;
  self->pause = RETRY;
  g_clear_pointer (&self->refusal, g_free);
  if (!there)
    self->events->changed (TRUE, self->user_data);
}

static void
gst_p2p_hls_host_on_added (const GError * error, P2pHlsRemoteTorrent * torrent,
    gpointer user_data)
{
  Stream *stream = user_data;

  /* It may be the answer to an earlier call. */
  if (stream->host == NULL || stream->torrent == NULL
      || (torrent && torrent != stream->torrent)) {
    GST_DEBUG ("%s: too late", stream->uri);
  } else if (error) {
    GST_WARNING ("the host's engine does not serve %s: %s", stream->uri,
        error->message);
    p2p_host_expect (stream->host->host, FALSE);
  } else {
    gst_p2p_hls_host_take (stream->host, stream);
  }
  g_rc_box_release (stream);
}

static void
gst_p2p_hls_host_add_stream (GstP2pHlsHost * self, Stream * stream)
{
  P2pHlsRemoteClient *client =
      p2p_hls_remote_connection_get_client (self->connection);

  g_set_object (&stream->torrent, NULL);
  /* One that did not come before is not waited for. */
  if (self->pause == RETRY)
    p2p_host_expect (self->host, TRUE);
  stream->torrent = p2p_hls_remote_client_add (client, stream->uri,
      self->options, gst_p2p_hls_host_on_added, g_rc_box_acquire (stream));
}

void
gst_p2p_hls_host_add (GstP2pHlsHost * self, const char *uri, gboolean came)
{
  g_autofree char *plain = p2p_uri_to_http (uri);
  Stream *stream;

  if (self->streams->len >= MAX_STREAMS)
    return;
  for (guint i = 0; i < self->streams->len; i++) {
    stream = g_ptr_array_index (self->streams, i);
    if (g_str_equal (stream->uri, plain))
      return;
  }
  stream = g_rc_box_new0 (Stream);
  stream->host = self;
  stream->uri = g_steal_pointer (&plain);
  g_ptr_array_add (self->streams, stream);
  if (came)
    p2p_host_note_playlist (self->host, stream->uri);
  if (self->connection)
    gst_p2p_hls_host_add_stream (self, stream);
}

/* --- the line --- */

static void
gst_p2p_hls_host_hang_up (GstP2pHlsHost * self)
{
  if (self->connection == NULL)
    return;
  g_clear_signal_handler (&self->closed, self->connection);
  for (guint i = 0; i < self->streams->len; i++)
    g_clear_object (&((Stream *) g_ptr_array_index (self->streams,
                i))->torrent);
  g_clear_object (&self->connection);
}

static void
gst_p2p_hls_host_on_timer (gpointer user_data)
{
  GstP2pHlsHost *self = user_data;

  self->timer = 0;
  gst_p2p_hls_host_call (self);
}

/* That an engine is not there is no news: it may come. */
static void
gst_p2p_hls_host_tell_refusal (GstP2pHlsHost * self, const GError * error)
{
  if (self->address == NULL || g_error_matches (error, P2P_HLS_REMOTE_ERROR,
          P2P_HLS_REMOTE_ERROR_CONNECTION)
      || g_strcmp0 (self->refusal, error->message) == 0)
    return;
  g_free (self->refusal);
  self->refusal = g_strdup (error->message);
  self->events->refused (self->address, error, self->user_data);
}

static void
gst_p2p_hls_host_lose (GstP2pHlsHost * self, const GError * error)
{
  gboolean there = p2p_host_is_there (self->host);

  GST_INFO ("no engine of the host: %s", error ? error->message : "it ended");
  gst_p2p_hls_host_hang_up (self);
  if (error)
    gst_p2p_hls_host_tell_refusal (self, error);
  if (self->address == NULL && !self->found) {
    p2p_host_set_wanted (self->host, FALSE);
    self->events->absent (self->user_data);
    p2p_host_lose (self->host);
    return;
  }
  self->timer = p2p_clock_call_at (self->clock,
      p2p_clock_get_time (self->clock) + self->pause,
      gst_p2p_hls_host_on_timer, self);
  self->pause = MIN (2 * self->pause, RETRY_MAX);
  p2p_host_lose (self->host);
  if (there)
    self->events->changed (FALSE, self->user_data);
}

static void
gst_p2p_hls_host_on_closed (P2pHlsRemoteConnection * connection,
    const GError * error, gpointer user_data)
{
  gst_p2p_hls_host_lose (user_data, error);
}

/* Returns: (transfer full) (nullable) */
static P2pHlsRemoteConnection *
gst_p2p_hls_host_connect (GstP2pHlsHost * self, GError ** error)
{
  g_autofree char *token = NULL;

  if (self->token_file) {
    token = p2p_hls_remote_read_token (self->token_file, error);
    if (token == NULL)
      return NULL;
  }
  return p2p_hls_remote_connection_new (self->address, token,
      self->certificate_file, NULL, error);
}

static void
gst_p2p_hls_host_call (GstP2pHlsHost * self)
{
  g_autoptr (GError) error = NULL;

  self->connection = gst_p2p_hls_host_connect (self, &error);
  if (self->connection == NULL) {
    gst_p2p_hls_host_lose (self, error);
    return;
  }
  self->closed = g_signal_connect (self->connection, "closed",
      G_CALLBACK (gst_p2p_hls_host_on_closed), self);
  for (guint i = 0; i < self->streams->len; i++)
    gst_p2p_hls_host_add_stream (self, g_ptr_array_index (self->streams, i));
}

/* What finds the others, if the application named it: the engine may know of
 * other trackers. */
static char *
gst_p2p_hls_host_make_options (const P2pEngineSettings * own)
{
  g_autoptr (P2pJson) options = p2p_json_new ();
  g_autoptr (P2pJson) server = p2p_json_new ();

  p2p_json_set_object (options, "server", server);
  if (own->tracker_announce) {
    P2pJsonArray *trackers = p2p_json_array_new ();

    for (char **url = own->tracker_announce; *url; url++)
      p2p_json_array_add_string (trackers, *url);
    p2p_json_set_array (options, "tracker-announce", trackers);
  }
  if (own->signal_url)
    p2p_json_set_string (options, "signal-url", own->signal_url);
  if (own->swarm_id)
    p2p_json_set_string (options, "swarm-id", own->swarm_id);
  return p2p_json_to_text (options);
}

void
gst_p2p_hls_host_start (GstP2pHlsHost * self,
    const GstP2pHlsSettings * settings)
{
  if (self->started)
    return;
  self->started = TRUE;
  if (gst_p2p_hls_settings_names_engine (settings))
    self->address = g_strdup (settings->engine);
  if (self->address && g_str_has_prefix (self->address, "tls:")) {
    self->token_file = g_strdup (settings->engine_token_file);
    self->certificate_file = g_strdup (settings->engine_certificate_file);
  }
  self->options = gst_p2p_hls_host_make_options (&settings->session);
  p2p_host_set_wanted (self->host, TRUE);
  gst_p2p_hls_host_call (self);
}

/* --- its life --- */

GstP2pHlsHost *
gst_p2p_hls_host_new (P2pEngine * engine, const GstP2pHlsHostEvents * events,
    gpointer user_data)
{
  GstP2pHlsHost *self = g_new0 (GstP2pHlsHost, 1);
  P2pClock *clock = p2p_engine_get_clock (engine);

  self->clock = g_object_ref (clock);
  self->host = p2p_host_new (clock, p2p_soup_gateway_links_read);
  self->events = events;
  self->user_data = user_data;
  self->streams = g_ptr_array_new_with_free_func (gst_p2p_hls_host_stream_free);
  self->pause = RETRY;
  return self;
}

void
gst_p2p_hls_host_free (GstP2pHlsHost * self)
{
  p2p_clock_cancel (self->clock, &self->timer);
  gst_p2p_hls_host_hang_up (self);
  for (guint i = 0; i < self->streams->len; i++)
    ((Stream *) g_ptr_array_index (self->streams, i))->host = NULL;
  g_ptr_array_unref (self->streams);
  g_clear_weak_pointer (&self->fetcher);
  p2p_host_unref (self->host);
  g_free (self->address);
  g_free (self->token_file);
  g_free (self->certificate_file);
  g_free (self->refusal);
  g_free (self->options);
  g_object_unref (self->clock);
  g_free (self);
}

P2pFetcher *
gst_p2p_hls_host_make_fetcher (GstP2pHlsHost * self, P2pFetcher * fetcher)
{
  P2pHostFetcher *made = p2p_host_fetcher_new (self->clock, self->host,
      fetcher);

  g_set_weak_pointer (&self->fetcher, made);
  return P2P_FETCHER (made);
}

guint64
gst_p2p_hls_host_get_bytes (GstP2pHlsHost * self)
{
  return p2p_host_get_bytes (self->host);
}

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pengineprobe.h"

#include "p2pbackoff.h"
#include "p2perror.h"
#include "p2puri.h"

#include <string.h>

#define RETRY (2 * P2P_SECOND)
#define RETRY_MAX (60 * P2P_SECOND)
/* Renditions that are told; a message to a client has to hold them. */
#define MAX_FILES 256
#define MAX_NAME 200

struct _P2pEngineProbe
{
  P2pClock *clock;
  GRand *rand;
  P2pSession *session;
  char *uri;
  const P2pEngineProbeEvents *events;
  gpointer user_data;

  P2pPlaylist *master;
  P2pRequest *request;          /* NULL: it waits */
  char *reading;                /* URI of that */
  GByteArray *body;
  guint failures;
  guint retry;                  /* the call that tries again */
};

/* --- what it says --- */

static gint64
get_duration (const P2pPlaylist * media)
{
  gint64 duration = 0;

  for (guint i = 0; i < media->segments->len; i++) {
    gint64 more = g_array_index (media->segments, P2pMediaSegment, i).duration;

    duration = MIN (duration + MAX (more, 0), G_MAXINT64 / 2);
  }
  return duration;
}

/* bandwidth: bits a second. Returns: bytes, or -1 */
static gint64
estimate (guint64 bandwidth, gint64 duration)
{
  double bytes = bandwidth / 8.0 * duration / P2P_SECOND;

  return bandwidth > 0 && duration > 0 && bytes < P2P_JSON_MAX_INT64
      ? (gint64) bytes : -1;
}

gint64
p2p_engine_probe_measure (const P2pPlaylist * media, guint64 bandwidth)
{
  gint64 bytes = 0;

  if (!media->has_end)
    return -1;
  for (guint i = 0; i < media->segments->len; i++) {
    const P2pMediaSegment *segment =
        &g_array_index (media->segments, P2pMediaSegment, i);

    if (segment->length < 0 || bytes > P2P_JSON_MAX_INT64 - segment->length)
      return estimate (bandwidth, get_duration (media));
    bytes += segment->length;
  }
  return bytes;
}

/* What uri has after the folder that base is in, or else the last part of it;
 * without its query. */
static char *
make_name (const char *base, const char *uri)
{
  g_autofree char *folder = p2p_uri_strip (base);
  g_autofree char *plain = p2p_uri_strip (uri);
  char *slash = strrchr (folder, '/');
  const char *name = strrchr (plain, '/');

  if (slash)
    slash[1] = '\0';
  name = g_str_has_prefix (plain, folder) ? plain + strlen (folder)
      : name ? name + 1 : plain;
  return g_strndup (name, MAX_NAME);
}

static void
add_file (GPtrArray * files, const char *base, const char *uri, gint64 length)
{
  g_autofree char *name = make_name (base, uri);

  for (guint i = 0; i < files->len; i++)
    if (g_str_equal (((P2pHlsRemoteFile *) g_ptr_array_index (files, i))->name,
            name))
      return;
  if (files->len < MAX_FILES)
    p2p_hls_remote_files_add (files, g_utf8_make_valid (name, -1), length);
}

GPtrArray *
p2p_engine_probe_list (const P2pPlaylist * playlist, gint64 duration)
{
  GPtrArray *files = p2p_hls_remote_files_new ();

  if (!playlist->is_master)
    add_file (files, playlist->uri, playlist->uri,
        p2p_engine_probe_measure (playlist, 0));
  for (guint i = 0; i < playlist->variants->len; i++) {
    const P2pVariant *variant = g_ptr_array_index (playlist->variants, i);
    guint64 bandwidth = variant->average_bandwidth > 0
        ? variant->average_bandwidth : variant->bandwidth;

    if (!variant->iframes_only)
      add_file (files, playlist->uri, variant->uri,
          estimate (bandwidth, duration));
  }
  for (guint i = 0; i < playlist->renditions->len; i++) {
    const P2pRendition *rendition = g_ptr_array_index (playlist->renditions, i);

    if (rendition->uri)
      add_file (files, playlist->uri, rendition->uri, -1);
  }
  return files;
}

/* --- reading --- */

static void p2p_engine_probe_open (P2pEngineProbe * self);

static void
p2p_engine_probe_close (P2pEngineProbe * self)
{
  g_clear_pointer (&self->request, p2p_request_close);
  g_byte_array_set_size (self->body, 0);
}

static void
p2p_engine_probe_on_retry (gpointer user_data)
{
  P2pEngineProbe *self = user_data;

  self->retry = 0;
  p2p_engine_probe_open (self);
}

static void
p2p_engine_probe_fail (P2pEngineProbe * self, const GError * error)
{
  gint64 pause = p2p_backoff (self->rand, RETRY, RETRY_MAX, ++self->failures);

  p2p_engine_probe_close (self);
  g_clear_pointer (&self->master, p2p_playlist_unref);
  self->retry = p2p_clock_call_at (self->clock,
      p2p_clock_get_time (self->clock) + pause, p2p_engine_probe_on_retry,
      self);
  self->events->failed (error, self->user_data);
}

static const P2pVariant *
find_variant (const P2pPlaylist * master)
{
  for (guint i = 0; i < master->variants->len; i++) {
    const P2pVariant *variant = g_ptr_array_index (master->variants, i);

    if (!variant->iframes_only && p2p_uri_is_http (variant->uri))
      return variant;
  }
  return NULL;
}

/* media: NULL if the master has none that can be read */
static void
p2p_engine_probe_tell (P2pEngineProbe * self, const P2pPlaylist * media)
{
  const P2pVariant *variant = self->master ? find_variant (self->master) : NULL;
  P2pHlsRemoteInfo info;

  p2p_hls_remote_info_init (&info);
  info.live = media && !media->has_end;
  g_ptr_array_unref (info.files);
  info.files = p2p_engine_probe_list (self->master ? self->master : media,
      media && media->has_end ? get_duration (media) : -1);
  if (media)
    info.length = p2p_engine_probe_measure (media,
        variant == NULL ? 0 : variant->average_bandwidth > 0
        ? variant->average_bandwidth : variant->bandwidth);
  self->events->known (&info, self->user_data);
  p2p_hls_remote_info_clear (&info);
}

static void
p2p_engine_probe_take (P2pEngineProbe * self, P2pPlaylist * playlist)
{
  const P2pVariant *variant;

  p2p_engine_probe_close (self);
  if (!playlist->is_master || self->master) {
    p2p_engine_probe_tell (self, playlist);
    return;
  }
  self->master = p2p_playlist_ref (playlist);
  variant = find_variant (playlist);
  if (variant)
    p2p_engine_probe_open (self);
  else
    p2p_engine_probe_tell (self, NULL);
}

static void
p2p_engine_probe_on_head (P2pRequest * request, P2pHttpHead * head,
    gpointer user_data)
{
  P2pEngineProbe *self = user_data;

  g_free (self->reading);
  self->reading = g_strdup (head->uri);
}

static void
p2p_engine_probe_on_data (P2pRequest * request, GBytes * bytes,
    P2pSource source, gpointer user_data)
{
  P2pEngineProbe *self = user_data;
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  if (self->body->len + size <= P2P_PLAYLIST_MAX_BYTES
      && (self->body->len > 0 || p2p_playlist_sniff (data, size))) {
    g_byte_array_append (self->body, data, size);
  } else {
    g_autoptr (GError) error = g_error_new (P2P_ERROR, P2P_ERROR_PLAYLIST,
        "no HLS playlist, or one that is too long: %s", self->reading);

    p2p_engine_probe_fail (self, error);
  }
}

static void
p2p_engine_probe_on_done (P2pRequest * request, gint64 end,
    P2pHttpHead * head, const GError * error, gpointer user_data)
{
  P2pEngineProbe *self = user_data;
  g_autoptr (GError) why = NULL;
  g_autoptr (P2pPlaylist) playlist = NULL;

  if (error) {
    p2p_engine_probe_fail (self, error);
    return;
  }
  playlist = p2p_playlist_parse (self->reading, self->body->data,
      self->body->len, &why);
  if (playlist)
    p2p_engine_probe_take (self, playlist);
  else
    p2p_engine_probe_fail (self, why);
}

static const P2pRequestEvents request_events = {
  p2p_engine_probe_on_head,
  p2p_engine_probe_on_data,
  p2p_engine_probe_on_done,
};

static void
p2p_engine_probe_open (P2pEngineProbe * self)
{
  g_free (self->reading);
  self->reading = g_strdup (self->master ? find_variant (self->master)->uri
      : self->uri);
  self->request =
      p2p_session_open (self->session, NULL, NULL, self->reading, 0, -1,
      p2p_session_get_options (self->session), &request_events, self);
}

P2pEngineProbe *
p2p_engine_probe_new (P2pClock * clock, GRand * rand, P2pSession * session,
    const char *uri, const P2pEngineProbeEvents * events, gpointer user_data)
{
  P2pEngineProbe *self = g_new0 (P2pEngineProbe, 1);

  self->clock = clock;
  self->rand = rand;
  self->session = session;
  self->uri = g_strdup (uri);
  self->events = events;
  self->user_data = user_data;
  self->body = g_byte_array_new ();
  p2p_engine_probe_open (self);
  return self;
}

void
p2p_engine_probe_free (P2pEngineProbe * self)
{
  p2p_engine_probe_close (self);
  p2p_clock_cancel (self->clock, &self->retry);
  g_clear_pointer (&self->master, p2p_playlist_unref);
  g_byte_array_unref (self->body);
  g_free (self->reading);
  g_free (self->uri);
  g_free (self);
}

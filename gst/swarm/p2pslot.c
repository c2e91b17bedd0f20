/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pslot.h"
#include "p2phttploader.h"
#include "p2phybridloader.h"
#include "p2puri.h"
#include "p2pwindows.h"

#include <string.h>

static void
p2p_slot_make_loader (P2pSlot * self)
{
  self->loader = p2p_loader_new (self->settings.use_p2p ?
      P2P_TYPE_HYBRID_LOADER : P2P_TYPE_HTTP_LOADER, self->world,
      &self->settings, self->options, self->events, self->user_data);
}

P2pSlot *
p2p_slot_new (const char *name, const P2pLoaderWorld * world,
    const P2pSettings * settings, P2pHttpOptions * options,
    const P2pLoaderEvents * events, const P2pSlotEvents * slot_events,
    gpointer user_data)
{
  P2pSlot *self = g_new0 (P2pSlot, 1);

  self->name = g_strdup (name);
  self->world = world;
  self->settings = *settings;
  self->options = p2p_http_options_ref (options);
  self->events = events;
  self->slot_events = slot_events;
  self->names = p2p_names_new ();
  self->signallers = g_ptr_array_new_with_free_func (g_object_unref);
  self->user_data = user_data;
  p2p_slot_make_loader (self);
  return self;
}

/* --- its swarm --- */

static char *
p2p_slot_make_id (P2pSlot * self, const char *url, gint64 offset, gint64 length)
{
  g_autofree char *base = self->slot_events->generate_id (url, self->user_data);

  return p2p_segment_make_id (base, url, offset, length);
}

/* The id of a segment of the stream. It is made once: it is in many queues until
 * it is played. */
static const char *
p2p_slot_get_id (P2pSlot * self, guint position)
{
  P2pMediaSegment *media = p2p_stream_get (self->stream, position);
  gpointer *id = &g_ptr_array_index (self->stream->ids, position);

  if (*id == NULL)
    *id = p2p_slot_make_id (self, media->uri, media->offset, media->length);
  return *id;
}

/* As a playlist that lies beside or above its segments would spell it. */
static const char *
p2p_slot_get_relative (P2pSlot * self, const char *url)
{
  const char *base = self->stream->playlist->uri;
  gsize path = strcspn (base, "?#");

  while (path > 0 && base[path - 1] != '/')
    path--;
  return strncmp (url, base, path) == 0 ? url + path : url;
}

/* Lets the peers know what the segments of the stream are called now. */
static void
p2p_slot_name_segments (P2pSlot * self)
{
  if (self->signallers->len == 0 || self->stream == NULL
      || self->named == self->stream->playlist)
    return;
  p2p_names_clear (self->names);
  g_clear_pointer (&self->named, p2p_playlist_unref);
  self->named = p2p_playlist_ref (self->stream->playlist);
  p2p_names_set_first (self->names, self->named->media_sequence);
  for (guint i = 0; i < self->named->segments->len; i++) {
    P2pMediaSegment *media = p2p_stream_get (self->stream, i);

    if (!media->gap)
      p2p_names_add (self->names, p2p_slot_get_id (self, i), media->sequence,
          p2p_slot_get_relative (self, media->uri));
  }
}

static void
p2p_slot_on_peer (P2pSignaller * signaller, P2pPeer * peer, const char *own_id,
    gpointer user_data)
{
  P2pSlot *self = user_data;

  /* Each tracker gives an id of its own, and another one when it begins anew. */
  if (own_id)
    p2p_loader_set_own_id (self->loader, own_id);
  p2p_loader_add_peer (self->loader, peer);
}

static void
p2p_slot_expect (P2pSlot * self, guint n_peers)
{
  self->expected = n_peers;
  if (P2P_IS_HYBRID_LOADER (self->loader))
    p2p_hybrid_loader_expect_peers (P2P_HYBRID_LOADER (self->loader), n_peers);
}

static void
p2p_slot_on_announced (P2pSignaller * signaller, const char *tracker,
    const char *peer_id, guint n_peers, gpointer user_data)
{
  P2pSlot *self = user_data;

  p2p_loader_set_own_id (self->loader, peer_id);
  /* Later, whoever is to be connected is. */
  if (self->expected == G_MAXUINT)
    p2p_slot_expect (self, n_peers);
  self->slot_events->announced (tracker, peer_id, n_peers, self->user_data);
}

static void
p2p_slot_on_tracker (const P2pSignallerStats * tracker, gpointer user_data)
{
  *(gboolean *) user_data |= tracker->state == P2P_SIGNALLER_ANNOUNCING;
}

/* While no tracker answers, nobody is going to be connected. */
static void
p2p_slot_on_trouble (P2pSlot * self)
{
  gboolean announcing = FALSE;

  if (self->expected != G_MAXUINT)
    return;
  p2p_slot_foreach_tracker (self, p2p_slot_on_tracker, &announcing);
  if (!announcing)
    p2p_slot_expect (self, 0);
}

static void
p2p_slot_on_warning (P2pSignaller * signaller, const char *tracker,
    const char *text, gpointer user_data)
{
  P2pSlot *self = user_data;

  p2p_slot_on_trouble (self);
  self->slot_events->warning (tracker, text, self->user_data);
}

static void
p2p_slot_on_error (P2pSignaller * signaller, const char *tracker,
    const GError * error, gpointer user_data)
{
  P2pSlot *self = user_data;

  p2p_slot_on_trouble (self);
  self->slot_events->error (tracker, error, self->user_data);
}

static void
p2p_slot_on_get_counts (P2pSignaller * signaller, P2pSignallerCounts * counts,
    gpointer user_data)
{
  P2pSlot *self = user_data;

  *counts = self->counts;
}

void
p2p_slot_count (P2pSlot * self, P2pSource source, gsize size)
{
  if (source == P2P_SOURCE_P2P)
    self->counts.p2p_bytes += size;
  else
    self->counts.http_bytes += size;
}

void
p2p_slot_clear_signallers (P2pSlot * self)
{
  for (guint i = 0; i < self->signallers->len; i++)
    p2p_signaller_leave (g_ptr_array_index (self->signallers, i),
        p2p_identity_get_name (self->identity), self);
  g_ptr_array_set_size (self->signallers, 0);
  p2p_slot_expect (self, 0);
  p2p_loader_set_own_id (self->loader, NULL);
}

void
p2p_slot_add_signaller (P2pSlot * self, P2pSignaller * signaller)
{
  static const P2pSignallerEvents events = {
    p2p_slot_on_peer, p2p_slot_on_announced, p2p_slot_on_warning,
    p2p_slot_on_error, p2p_slot_on_get_counts
  };

  if (self->identity == NULL)
    return;
  g_ptr_array_add (self->signallers, g_object_ref (signaller));
  p2p_slot_expect (self, G_MAXUINT);
  p2p_slot_name_segments (self);
  p2p_signaller_join (signaller, self->identity, self->names, &events, self);
}

static void
p2p_slot_leave (P2pSlot * self)
{
  p2p_slot_clear_signallers (self);
  g_clear_pointer (&self->identity, p2p_identity_unref);
}

/* Returns: (transfer full): of the stream that plays, or, if an application made
 * the queue, of the one that it means */
static P2pIdentity *
p2p_slot_identify (P2pSlot * self, const char *swarm_id)
{
  g_autoptr (P2pIdentity) identity = NULL;

  if (self->stream)
    identity = self->slot_events->identify (self->stream, self->user_data);
  if (identity && g_str_equal (p2p_identity_get_name (identity), swarm_id))
    return g_steal_pointer (&identity);
  return p2p_identity_new_named (swarm_id);
}

void
p2p_slot_join (P2pSlot * self, GPtrArray * signallers, const char *swarm_id)
{
  p2p_slot_leave (self);
  self->identity = swarm_id ? p2p_slot_identify (self, swarm_id) : NULL;
  for (guint i = 0; i < signallers->len; i++)
    p2p_slot_add_signaller (self, g_ptr_array_index (signallers, i));
}

static void
p2p_slot_drop_loader (P2pSlot * self)
{
  p2p_slot_leave (self);
  p2p_loader_destroy (self->loader);
  g_clear_object (&self->loader);
}

void
p2p_slot_free (P2pSlot * self)
{
  p2p_slot_drop_loader (self);
  p2p_http_options_unref (self->options);
  p2p_names_unref (self->names);
  g_ptr_array_unref (self->signallers);
  g_clear_pointer (&self->named, p2p_playlist_unref);
  g_free (self->current);
  g_free (self->name);
  g_free (self);
}

void
p2p_slot_set_settings (P2pSlot * self, const P2pSettings * settings)
{
  if (settings->use_p2p != self->settings.use_p2p)
    self->renew = !self->renew;
  self->settings = *settings;
  p2p_loader_set_settings (self->loader, settings);
}

void
p2p_slot_set_options (P2pSlot * self, P2pHttpOptions * options)
{
  p2p_http_options_ref (options);
  p2p_http_options_unref (self->options);
  self->options = options;
  p2p_loader_set_options (self->loader, options);
}

static void
p2p_slot_renew (P2pSlot * self)
{
  if (!self->renew || self->readers > 0)
    return;
  p2p_slot_drop_loader (self);
  p2p_slot_make_loader (self);
  self->renew = FALSE;
}

/* --- what it plays --- */

/* Puts the segments from start on, before stop, behind the queue, until that has
 * length. Returns: where it goes on */
static guint
p2p_slot_fill (P2pSlot * self, GPtrArray * queue, guint start, guint stop,
    guint length)
{
  guint i;

  for (i = start; i < stop && queue->len < length; i++) {
    P2pMediaSegment *media = p2p_stream_get (self->stream, i);
    P2pSegment *segment;

    if (media->gap)
      continue;
    segment = p2p_segment_new (media->uri, p2p_slot_get_id (self, i),
        media->offset, media->length, queue->len);
    segment->duration = media->duration;
    g_ptr_array_add (queue, segment);
  }
  return i;
}

/* In the order in which it is loaded. */
static void
p2p_slot_fill_all (P2pSlot * self, GPtrArray * queue, GArray * players)
{
  P2pStream *stream = self->stream;
  guint end = stream->playlist->segments->len;
  guint least = MAX (self->settings.required_segments_count, 1);
  guint length = MAX (self->settings.buffer_segments_count, least);
  guint start = stream->current + stream->consumed, stop;
  g_autoptr (GArray) starts = p2p_windows_place (players,
      stream->playlist->media_sequence, start, end);
  guint share = p2p_windows_share (starts, end, length, least);

  stop = p2p_slot_fill (self, queue, start, end, share);
  self->n_own = queue->len;
  for (guint i = 0; i < starts->len; i++) {
    guint from = g_array_index (starts, guint, i);
    guint to = i + 1 < starts->len ? g_array_index (starts, guint, i + 1) : end;

    to = from + MIN (to - MIN (from, to), share);
    if (from < start)
      p2p_slot_fill (self, queue, from, MIN (to, start), length);
    p2p_slot_fill (self, queue, MAX (from, stop), to, length);
  }
}

void
p2p_slot_play (P2pSlot * self, P2pStream * stream, GArray * players)
{
  g_autoptr (GPtrArray) queue =
      g_ptr_array_new_with_free_func ((GDestroyNotify) p2p_segment_unref);
  g_autoptr (P2pIdentity) identity =
      self->slot_events->identify (stream, self->user_data);

  p2p_slot_renew (self);
  self->stream = stream;
  p2p_slot_fill_all (self, queue, players);
  g_clear_pointer (&self->current, g_free);
  if (!stream->consumed && self->n_own > 0
      && !p2p_stream_get (stream, stream->current)->gap)
    self->current = g_strdup (((P2pSegment *) queue->pdata[0])->id);
  p2p_slot_name_segments (self);
  p2p_loader_load (self->loader, queue, p2p_identity_get_name (identity), NULL);
}

void
p2p_slot_load (P2pSlot * self, GPtrArray * segments, const char *swarm_id,
    const char *emit_now_url)
{
  g_autoptr (GPtrArray) queue =
      g_ptr_array_new_with_free_func ((GDestroyNotify) p2p_segment_unref);
  g_autoptr (P2pIdentity) current =
      self->stream ? self->slot_events->identify (self->stream,
      self->user_data) : NULL;

  p2p_slot_renew (self);
  self->n_own = segments->len;
  for (guint i = 0; i < segments->len; i++) {
    P2pSegment *given = g_ptr_array_index (segments, i);
    g_autofree char *id = p2p_slot_make_id (self, given->url, given->offset,
        given->length);

    g_ptr_array_add (queue, p2p_segment_new (given->url, id, given->offset,
            given->length, given->priority));
  }
  if (!swarm_id && current)
    swarm_id = p2p_identity_get_name (current);
  p2p_loader_load (self->loader, queue, swarm_id, emit_now_url);
}

void
p2p_slot_forget (P2pSlot * self, P2pStream * stream)
{
  g_autoptr (GPtrArray) nothing = NULL;

  if (self->stream != stream)
    return;
  nothing = g_ptr_array_new ();
  self->stream = NULL;
  p2p_loader_load (self->loader, nothing, NULL, NULL);
}

P2pReader *
p2p_slot_read (P2pSlot * self, const P2pReaderEvents * events,
    gpointer user_data)
{
  P2pReader *reader = NULL;

  if (self->current)
    reader = p2p_loader_read (self->loader, self->current, events, user_data);
  if (reader)
    self->readers++;
  return reader;
}

void
p2p_slot_close (P2pSlot * self, P2pReader * reader)
{
  self->readers--;
  p2p_reader_close (reader);
}

/* When the segment that was asked for last is played. Returns: FALSE: unknown */
static gboolean
p2p_slot_get_deadline (P2pSlot * self, gint64 * deadline)
{
  P2pStream *stream = self->stream;
  gint64 first, current;

  if (self->rate <= 0 || stream == NULL || !stream->started
      || !p2p_stream_get_time (stream, MAX (stream->run,
              stream->playlist->media_sequence), &first)
      || !p2p_stream_get_time (stream, stream->sequence, &current)
      || self->position < first - P2P_SLOT_POSITION_SLACK)
    return FALSE;
  *deadline = self->asked_at + (gint64) ((current - self->position)
      / self->rate);
  return TRUE;
}

void
p2p_slot_set_position (P2pSlot * self, gint64 position, double rate,
    gboolean pauses)
{
  gint64 deadline;

  if (pauses && self->expected > 0)
    p2p_slot_expect (self, 0);
  if (position != self->position || rate != self->rate)
    self->asked_at = p2p_clock_get_time (self->world->clock);
  self->position = position;
  self->rate = rate;
  if (p2p_slot_get_deadline (self, &deadline))
    p2p_loader_set_position (self->loader, deadline);
}

/* In milliseconds. */
static guint64
p2p_slot_get_buffered (P2pSlot * self)
{
  GPtrArray *queue = p2p_loader_get_queue (self->loader);
  gint64 duration = 0;

  for (guint i = 0; i < MIN (queue->len, self->n_own); i++) {
    P2pItem *item = g_ptr_array_index (queue, i);

    if (i == 0 && self->stream->consumed
        && g_strcmp0 (self->current, item->segment->id) == 0)
      continue;
    if (item->state != P2P_ITEM_LOADED)
      break;
    duration += item->segment->duration;
  }
  return duration / P2P_MSEC;
}

void
p2p_slot_add_stats (P2pSlot * self, P2pStats * stats)
{
  GPtrArray *queue = p2p_loader_get_queue (self->loader);
  gint64 deadline;

  if (g_str_equal (self->name, P2P_SLOT_MAIN)
      && p2p_slot_get_deadline (self, &deadline))
    stats->deadline = deadline - p2p_clock_get_time (self->world->clock);
  for (guint i = 0; i < queue->len; i++) {
    P2pItem *item = g_ptr_array_index (queue, i);

    stats->queued_segments += item->state != P2P_ITEM_LOADED
        && item->state != P2P_ITEM_FAILED;
  }
  if (self->stream) {
    guint64 buffered = p2p_slot_get_buffered (self);

    stats->buffered = stats->streams == 0 ? buffered
        : MIN (stats->buffered, buffered);
    stats->streams++;
  }
  stats->peers += p2p_loader_get_n_peers (self->loader);
}

void
p2p_slot_foreach_tracker (P2pSlot * self, P2pTrackerFunc func,
    gpointer user_data)
{
  for (guint i = 0; i < self->signallers->len; i++)
    p2p_signaller_foreach_tracker (g_ptr_array_index (self->signallers, i),
        p2p_identity_get_name (self->identity), self, func, user_data);
}

void
p2p_slot_foreach_peer (P2pSlot * self, P2pPeerFunc func, gpointer user_data)
{
  g_autoptr (GPtrArray) peers = g_ptr_array_new ();

  if (P2P_IS_HYBRID_LOADER (self->loader))
    p2p_hybrid_loader_list_peers (P2P_HYBRID_LOADER (self->loader), peers);
  for (guint i = 0; i < peers->len; i++)
    func (g_ptr_array_index (peers, i),
        p2p_identity_get_name (self->identity), user_data);
}

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pslot.h"
#include "p2phttploader.h"
#include "p2phybridloader.h"
#include "p2puri.h"

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
    const P2pLoaderEvents * events, gpointer user_data)
{
  P2pSlot *self = g_new0 (P2pSlot, 1);

  self->name = g_strdup (name);
  self->world = world;
  self->settings = *settings;
  self->options = p2p_http_options_ref (options);
  self->events = events;
  self->user_data = user_data;
  p2p_slot_make_loader (self);
  return self;
}

static void
p2p_slot_on_peer (P2pSignaller * signaller, P2pPeer * peer, gpointer user_data)
{
  P2pSlot *self = user_data;

  p2p_loader_add_peer (self->loader, peer);
}

void
p2p_slot_join (P2pSlot * self, P2pSignaller * signaller, const char *swarm_id)
{
  if (self->signaller)
    p2p_signaller_leave (self->signaller, self->swarm_id, self);
  g_clear_object (&self->signaller);
  g_clear_pointer (&self->swarm_id, g_free);
  if (signaller == NULL || swarm_id == NULL)
    return;
  self->signaller = g_object_ref (signaller);
  self->swarm_id = g_strdup (swarm_id);
  p2p_signaller_join (signaller, swarm_id, p2p_slot_on_peer, self);
}

static void
p2p_slot_drop_loader (P2pSlot * self)
{
  p2p_slot_join (self, NULL, NULL);
  p2p_loader_destroy (self->loader);
  g_clear_object (&self->loader);
}

void
p2p_slot_free (P2pSlot * self)
{
  p2p_slot_drop_loader (self);
  p2p_http_options_unref (self->options);
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

/* What gathers the peers of a stream: its playlist, without the query, which is
 * the viewer's own (a token) and nobody else's business. */
static char *
p2p_slot_make_swarm_id (P2pStream * stream)
{
  return g_strndup (stream->uri, strcspn (stream->uri, "?"));
}

static char *
p2p_slot_make_id (const char *url, gint64 offset, gint64 length,
    P2pSlotIdFunc func, gpointer user_data)
{
  g_autofree char *base = func (url, user_data);

  return p2p_segment_make_id (base, url, offset, length);
}

void
p2p_slot_play (P2pSlot * self, P2pStream * stream, P2pSlotIdFunc func,
    gpointer user_data)
{
  guint length = MAX (self->settings.buffer_segments_count,
      self->settings.required_segments_count);
  g_autoptr (GPtrArray) queue =
      g_ptr_array_new_with_free_func ((GDestroyNotify) p2p_segment_unref);
  g_autofree char *swarm_id = p2p_slot_make_swarm_id (stream);

  p2p_slot_renew (self);
  self->stream = stream;
  g_clear_pointer (&self->current, g_free);
  for (guint i = stream->current + stream->consumed;
      i < stream->playlist->segments->len && queue->len < MAX (length, 1);
      i++) {
    P2pMediaSegment *media = p2p_stream_get (stream, i);
    gpointer *id = &g_ptr_array_index (stream->ids, i);
    P2pSegment *segment;

    if (media->gap)
      continue;
    /* It is in many queues until it is played. */
    if (*id == NULL)
      *id = p2p_slot_make_id (media->uri, media->offset, media->length, func,
          user_data);
    segment = p2p_segment_new (media->uri, *id, media->offset, media->length,
        queue->len);
    segment->duration = media->duration;
    if (i == stream->current)
      self->current = g_strdup (segment->id);
    g_ptr_array_add (queue, segment);
  }
  p2p_loader_load (self->loader, queue, swarm_id, NULL);
}

void
p2p_slot_load (P2pSlot * self, GPtrArray * segments, const char *swarm_id,
    const char *emit_now_url, P2pSlotIdFunc func, gpointer user_data)
{
  g_autoptr (GPtrArray) queue =
      g_ptr_array_new_with_free_func ((GDestroyNotify) p2p_segment_unref);
  g_autofree char *current =
      self->stream ? p2p_slot_make_swarm_id (self->stream) : NULL;

  p2p_slot_renew (self);
  for (guint i = 0; i < segments->len; i++) {
    P2pSegment *given = g_ptr_array_index (segments, i);
    g_autofree char *id = p2p_slot_make_id (given->url, given->offset,
        given->length, func, user_data);

    g_ptr_array_add (queue, p2p_segment_new (given->url, id, given->offset,
            given->length, given->priority));
  }
  p2p_loader_load (self->loader, queue, swarm_id ? swarm_id : current,
      emit_now_url);
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

void
p2p_slot_add_stats (P2pSlot * self, P2pStats * stats)
{
  GPtrArray *queue = p2p_loader_get_queue (self->loader);

  for (guint i = 0; i < queue->len; i++) {
    P2pItem *item = g_ptr_array_index (queue, i);

    stats->queued_segments += item->state != P2P_ITEM_LOADED
        && item->state != P2P_ITEM_FAILED;
  }
  stats->streams += self->stream != NULL;
  stats->peers += p2p_loader_get_n_peers (self->loader);
}

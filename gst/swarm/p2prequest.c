/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2prequest.h"

P2pRequest *
p2p_request_new (const P2pLoaderWorld * world, const P2pRequestOwner * owner,
    gpointer owner_data, const P2pRequestEvents * events, gpointer user_data)
{
  P2pRequest *self = g_new0 (P2pRequest, 1);

  self->world = world;
  self->owner = owner;
  self->owner_data = owner_data;
  self->events = events;
  self->user_data = user_data;
  self->opened = p2p_clock_get_time (world->clock);
  return self;
}

static void
p2p_request_finish (P2pRequest * self, gint64 end, P2pHttpHead * head,
    const GError * error)
{
  self->done = TRUE;
  self->events->done (self, end, head, error, self->user_data);
}

/* --- from a loader --- */

static void
p2p_request_reader_head (P2pReader * reader, P2pHttpHead * head,
    gpointer user_data)
{
  P2pRequest *self = user_data;

  self->events->head (self, head, self->user_data);
}

static void
p2p_request_reader_data (P2pReader * reader, GBytes * bytes, P2pSource source,
    gpointer user_data)
{
  P2pRequest *self = user_data;

  self->bytes += g_bytes_get_size (bytes);
  self->events->data (self, bytes, source, self->user_data);
}

static void
p2p_request_reader_done (P2pReader * reader, P2pSource source,
    P2pHttpHead * head, const GError * error, gpointer user_data)
{
  P2pRequest *self = user_data;
  gint64 end = p2p_clock_get_time (self->world->clock);

  if (error == NULL) {
    /* Only what all came at the network's speed since it was asked for looks
     * to the demuxer as fast as the network is. */
    if (source != P2P_SOURCE_HTTP || p2p_reader_was_ahead (reader))
      end = self->owner->pace (self, self->opened, self->bytes,
          self->owner_data);
    self->owner->segment_done (self, source, self->owner_data);
  }
  p2p_request_finish (self, end, head, error);
}

static const P2pReaderEvents reader_events = {
  p2p_request_reader_head,
  p2p_request_reader_data,
  p2p_request_reader_done,
};

void
p2p_request_read (P2pRequest * self, P2pSlot * slot)
{
  self->slot = slot;
  self->id = g_strdup (slot->current);
  self->reader = p2p_slot_read (slot, &reader_events, self);
}

/* --- straight over HTTP --- */

static void
p2p_request_download_head (P2pDownload * download, P2pHttpHead * head,
    gpointer user_data)
{
  P2pRequest *self = user_data;

  if (head->status >= 200 && head->status <= 299) {
    self->events->head (self, head, self->user_data);
  } else {
    g_clear_pointer (&self->refusal, p2p_http_head_unref);
    self->refusal = p2p_http_head_ref (head);
  }
}

static void
p2p_request_download_data (P2pDownload * download, GBytes * bytes,
    gpointer user_data)
{
  P2pRequest *self = user_data;

  self->owner->fetched (self, g_bytes_get_size (bytes), self->owner_data);
  self->events->data (self, bytes, P2P_SOURCE_HTTP, self->user_data);
}

static void
p2p_request_download_done (P2pDownload * download, const GError * error,
    gpointer user_data)
{
  P2pRequest *self = user_data;

  p2p_request_finish (self, p2p_clock_get_time (self->world->clock),
      self->refusal, error);
}

static const P2pDownloadEvents download_events = {
  p2p_request_download_head,
  p2p_request_download_data,
  p2p_request_download_done,
};

void
p2p_request_download (P2pRequest * self, const char *method, const char *uri,
    gint64 start, gint64 stop, P2pHttpOptions * options)
{
  self->download = p2p_download_new (self->world->clock, self->world->rand,
      self->world->fetcher, method, uri, start, stop, options,
      &download_events, self);
}

/* --- any --- */

void
p2p_request_set_paused (P2pRequest * self, gboolean paused)
{
  if (self->reader)
    p2p_reader_set_paused (self->reader, paused);
  else if (self->download)
    p2p_download_set_paused (self->download, paused);
}

void
p2p_request_hurry (P2pRequest * self)
{
  P2pReader *reader = self->reader;

  if (!reader)
    return;
  p2p_clock_cancel (reader->clock, &reader->call);
  p2p_reader_feed (reader);
}

P2pSegment *
p2p_request_get_segment (P2pRequest * self)
{
  return self->id ? p2p_cache_get (self->world->cache, self->id) : NULL;
}

static void
p2p_request_drop (P2pRequest * self)
{
  if (self->reader)
    p2p_slot_close (self->slot, self->reader);
  self->reader = NULL;
  if (self->download)
    p2p_download_cancel (self->download);
  g_clear_object (&self->download);
}

static void
p2p_request_say_abandoned (gpointer user_data)
{
  P2pRequest *self = user_data;
  g_autoptr (GError) error = g_error_new_literal (P2P_ERROR,
      P2P_ERROR_DESTROYED, "The session was destroyed by the application");

  self->abandoned = 0;
  p2p_request_finish (self, p2p_clock_get_time (self->world->clock), NULL,
      error);
}

void
p2p_request_abandon (P2pRequest * self)
{
  p2p_request_drop (self);
  self->slot = NULL;
  if (self->done)
    return;
  self->abandoned = p2p_clock_call_at (self->world->clock,
      p2p_clock_get_time (self->world->clock), p2p_request_say_abandoned, self);
}

void
p2p_request_close (P2pRequest * self)
{
  p2p_request_drop (self);
  p2p_clock_cancel (self->world->clock, &self->abandoned);
  g_clear_pointer (&self->refusal, p2p_http_head_unref);
  self->owner->closed (self, self->owner_data);
  g_free (self->id);
  g_free (self);
}

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2preader.h"

P2pReader *
p2p_reader_new (P2pClock * clock, const P2pReaderEvents * events,
    gpointer user_data, void (*changed) (P2pReader *, gpointer),
    gpointer changed_data)
{
  P2pReader *self = g_new0 (P2pReader, 1);

  g_ref_count_init (&self->refs);
  self->clock = g_object_ref (clock);
  self->events = events;
  self->user_data = user_data;
  self->changed = changed;
  self->changed_data = changed_data;
  return self;
}

P2pReader *
p2p_reader_ref (P2pReader * self)
{
  g_ref_count_inc (&self->refs);
  return self;
}

void
p2p_reader_unref (P2pReader * self)
{
  if (!g_ref_count_dec (&self->refs))
    return;
  g_clear_pointer (&self->body, p2p_body_unref);
  g_clear_pointer (&self->bad_head, p2p_http_head_unref);
  g_clear_error (&self->error);
  g_object_unref (self->clock);
  g_free (self);
}

static void
p2p_reader_tell_body (P2pReader * self)
{
  if (self->body->head && !self->head_told) {
    self->head_told = TRUE;
    self->events->head (self, self->body->head, self->user_data);
  }
  while (!self->closed && self->body
      && self->position - self->body->dropped < self->body->chunks->len) {
    guint at = self->position++ - self->body->dropped;
    g_autoptr (GBytes) bytes =
        g_bytes_ref (g_ptr_array_index (self->body->chunks, at));

    self->events->data (self, bytes, self->body->source, self->user_data);
  }
}

void
p2p_reader_feed (P2pReader * self)
{
  g_autoptr (P2pReader) alive = p2p_reader_ref (self);

  if (self->body && !self->closed)
    p2p_reader_tell_body (self);
  if (self->ended && !self->done_told && !self->closed) {
    self->done_told = TRUE;
    self->events->done (self, self->source, self->bad_head, self->error,
        self->user_data);
  }
}

static void
p2p_reader_on_call (gpointer data)
{
  P2pReader *self = data;

  self->call = 0;
  p2p_reader_feed (self);
}

static void
p2p_reader_feed_soon (P2pReader * self)
{
  if (self->call == 0 && !self->closed)
    self->call = p2p_clock_call_at (self->clock,
        p2p_clock_get_time (self->clock), p2p_reader_on_call, self);
}

void
p2p_reader_set_body (P2pReader * self, P2pBody * body)
{
  g_clear_pointer (&self->body, p2p_body_unref);
  if (!body)
    return;
  self->body = p2p_body_ref (body);
  p2p_reader_feed_soon (self);
}

void
p2p_reader_end (P2pReader * self, P2pSource source, P2pHttpHead * head,
    const GError * error)
{
  self->ended = TRUE;
  self->source = source;
  g_clear_error (&self->error);
  if (error)
    self->error = g_error_copy (error);
  g_clear_pointer (&self->bad_head, p2p_http_head_unref);
  if (head)
    self->bad_head = p2p_http_head_ref (head);
  p2p_reader_feed_soon (self);
}

gboolean
p2p_reader_was_ahead (P2pReader * self)
{
  return self->ahead;
}

void
p2p_reader_set_paused (P2pReader * self, gboolean paused)
{
  if (self->paused == paused)
    return;
  self->paused = paused;
  self->changed (self, self->changed_data);
}

void
p2p_reader_close (P2pReader * self)
{
  self->closed = TRUE;
  p2p_clock_cancel (self->clock, &self->call);
  self->changed (self, self->changed_data);
  p2p_reader_unref (self);
}

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pitem.h"

P2pItem *
p2p_item_new (P2pSegment * segment, const P2pItemEvents * events,
    gpointer user_data)
{
  P2pItem *self = g_new0 (P2pItem, 1);

  g_ref_count_init (&self->refs);
  self->segment = p2p_segment_ref (segment);
  self->index = P2P_ITEM_STRAY;
  self->deadline = P2P_NEVER;
  self->readers =
      g_ptr_array_new_with_free_func ((GDestroyNotify) p2p_reader_unref);
  self->events = events;
  self->user_data = user_data;
  return self;
}

P2pItem *
p2p_item_ref (P2pItem * self)
{
  g_ref_count_inc (&self->refs);
  return self;
}

void
p2p_item_unref (P2pItem * self)
{
  if (!g_ref_count_dec (&self->refs))
    return;
  p2p_item_stop (self);
  g_clear_pointer (&self->kept, p2p_body_unref);
  g_ptr_array_unref (self->readers);
  p2p_segment_unref (self->segment);
  g_free (self);
}

gboolean
p2p_item_is_read (P2pItem * self)
{
  return self->readers->len > 0;
}

gboolean
p2p_item_is_coming (P2pItem * self)
{
  return self->state == P2P_ITEM_HTTP || self->state == P2P_ITEM_P2P
      || self->state == P2P_ITEM_CHECK;
}

guint64
p2p_item_get_expected (P2pItem * self, guint64 guess)
{
  P2pBody *body = self->checked ? self->checked : self->body;
  gint64 length = self->segment->length;

  if (length < 0 && body && body->head)
    length = body->head->length;
  if (length < 0)
    length = guess;
  return body ? MAX (body->size, (guint64) length) : (guint64) length;
}

/* Whether it is told when it is complete, and looked at, and not before. */
static gboolean
p2p_item_is_held (P2pItem * self)
{
  return self->resumed || self->guarded;
}

static void
p2p_item_give_body (P2pItem * self, P2pBody * body)
{
  for (guint i = 0; i < self->readers->len; i++)
    p2p_reader_set_body (g_ptr_array_index (self->readers, i), body);
}

/* Of those who read it as it flows by, the slowest has its way. */
static gboolean
p2p_item_update_paused (P2pItem * self)
{
  gboolean paused = FALSE, flows = FALSE;

  if (!self->streaming)
    return TRUE;
  for (guint i = 0; i < self->readers->len; i++) {
    P2pReader *reader = g_ptr_array_index (self->readers, i);

    flows |= reader->body == self->body;
    paused |= reader->body == self->body && reader->paused;
  }
  p2p_download_set_paused (self->download, paused);
  return flows;
}

void
p2p_item_add_reader (P2pItem * self, P2pReader * reader, gint64 now)
{
  reader->item = self;
  reader->ahead = p2p_item_is_coming (self) && self->started < now;
  /* Who comes too late for the first bytes waits for the next time. */
  if (self->body && !p2p_item_is_held (self)
      && (!self->streaming || self->body->size == 0))
    p2p_reader_set_body (reader, self->body);
  g_ptr_array_add (self->readers, p2p_reader_ref (reader));
}

gboolean
p2p_item_reader_changed (P2pItem * self, P2pReader * reader)
{
  if (reader->closed) {
    reader->item = NULL;
    g_ptr_array_remove (self->readers, reader);
  }
  return p2p_item_update_paused (self);
}

void
p2p_item_end_readers (P2pItem * self, P2pSource source, const GError * error)
{
  g_autoptr (GPtrArray) readers = g_steal_pointer (&self->readers);

  self->readers =
      g_ptr_array_new_with_free_func ((GDestroyNotify) p2p_reader_unref);
  for (guint i = 0; i < readers->len; i++) {
    P2pReader *reader = g_ptr_array_index (readers, i);

    /* Who came too late for a body that streamed goes on waiting. */
    if (!error && !reader->body) {
      g_ptr_array_add (self->readers, p2p_reader_ref (reader));
      continue;
    }
    reader->item = NULL;
    p2p_reader_end (reader, source, error ? self->bad_head : NULL, error);
  }
}

static void
p2p_item_feed (P2pItem * self)
{
  g_autoptr (GPtrArray) readers =
      g_ptr_array_new_with_free_func ((GDestroyNotify) p2p_reader_unref);

  /* A copy, as what is told may close readers and bring new ones. */
  for (guint i = 0; i < self->readers->len; i++)
    g_ptr_array_add (readers,
        p2p_reader_ref (g_ptr_array_index (self->readers, i)));
  for (guint i = 0; i < readers->len; i++)
    p2p_reader_feed (g_ptr_array_index (readers, i));
}

void
p2p_item_keep (P2pItem * self, P2pBody * body, gsize of)
{
  P2pBody *less = self->kept;

  if (!body)
    return;
  if (body->size > (less ? less->size : 0)) {
    self->kept = body;
    self->kept_of = of;
  } else {
    less = body;
  }
  if (less) {
    self->wasted += less->size;
    p2p_body_unref (less);
  }
}

void
p2p_item_drop_kept (P2pItem * self)
{
  if (self->kept)
    self->wasted += self->kept->size;
  g_clear_pointer (&self->kept, p2p_body_unref);
}

/* What a peer sent does not go together with what the server has. */
static void
p2p_item_begin_anew (P2pItem * self)
{
  self->wasted += p2p_item_stop (self);
  self->state = P2P_ITEM_PENDING;
  self->events->anew (self, self->user_data);
}

/* Whether head's body is the rest of what was kept. */
static gboolean
p2p_item_is_rest (P2pItem * self, P2pHttpHead * head)
{
  gint64 rest = self->kept_of - self->body->size;

  return head->status == 206 && !head->encoded
      && (head->length < 0 || head->length == rest)
      && (self->segment->length >= 0 || head->total < 0
      || head->total - self->segment->offset == (gint64) self->kept_of);
}

/* It will be size bytes or more: can they be kept? */
static void
p2p_item_check_size (P2pItem * self, gsize size)
{
  if (self->streaming || self->events->fits (self, size, self->user_data))
    return;
  self->at_least = MAX (size, 1);
  if (p2p_item_is_read (self) && self->resumed) {
    p2p_item_begin_anew (self);
  } else if (p2p_item_is_read (self)) {
    /* What is too much to be kept cannot be looked at in one piece. */
    if (self->guarded)
      p2p_item_give_body (self, self->body);
    self->guarded = FALSE;
    self->streaming = TRUE;
    p2p_item_update_paused (self);
  } else {
    self->events->overflow (self, self->user_data);
  }
}

static void
p2p_item_on_head (P2pDownload * download, P2pHttpHead * head, gpointer data)
{
  g_autoptr (P2pItem) self = p2p_item_ref (data);
  g_autoptr (P2pBody) body = p2p_body_ref (self->body);

  self->answered = p2p_download_get_elapsed (download);
  if (self->resumed) {
    if (p2p_item_is_rest (self, head))
      p2p_item_check_size (self, self->kept_of);
    else
      p2p_item_begin_anew (self);
    return;
  }
  if (head->status / 100 != 2) {
    self->bad_head = p2p_http_head_ref (head);
    return;
  }
  body->head = p2p_http_head_ref (head);
  p2p_item_check_size (self, MAX (head->length, 0));
  if (self->body == body)
    p2p_item_feed (self);
}

static void
p2p_item_on_data (P2pDownload * download, GBytes * bytes, gpointer data)
{
  g_autoptr (P2pItem) self = p2p_item_ref (data);
  g_autoptr (P2pBody) body = p2p_body_ref (self->body);

  p2p_body_add (body, bytes);
  self->events->piece (self, g_bytes_get_size (bytes), self->user_data);
  if (self->body == body)
    p2p_item_check_size (self, body->size);
  if (self->body == body)
    p2p_item_feed (self);
  if (self->streaming && self->body == body)
    p2p_body_drop (body);
}

static P2pSegment *
p2p_item_make_loaded (P2pItem * self, P2pBody * body)
{
  P2pSegment *own = self->segment;
  P2pSegment *loaded = p2p_segment_new (own->url, own->id, own->offset,
      own->length, own->priority);

  loaded->duration = own->duration;
  if (!self->streaming)
    p2p_segment_take_data (loaded, g_ptr_array_ref (body->chunks));
  return loaded;
}

/* It is there, and good. */
static void
p2p_item_finish (P2pItem * self, P2pSegment * loaded, P2pBody * body)
{
  p2p_item_drop_kept (self);
  self->events->judged (self, body->from, TRUE, self->user_data);
  p2p_item_give_body (self, body);
  p2p_item_end_readers (self, body->source, NULL);
  self->state = P2P_ITEM_LOADED;
  self->n_rejected = 0;
  self->events->done (self, loaded, body->source, self->elapsed, 0, NULL,
      self->user_data);
}

/* It is there, and bad. From a peer it comes another way. */
static void
p2p_item_reject (P2pItem * self, P2pBody * body)
{
  gboolean failed = body->source == P2P_SOURCE_HTTP
      && (++self->n_rejected >= P2P_ITEM_MAX_REJECTED || !self->guarded);
  g_autoptr (GError) error = failed ? g_error_new_literal (P2P_ERROR,
      P2P_ERROR_REJECTED, "The application rejected what the server sent.")
      : NULL;

  self->wasted += body->size;
  self->state = failed ? P2P_ITEM_FAILED : P2P_ITEM_PENDING;
  if (failed)
    p2p_item_end_readers (self, P2P_SOURCE_HTTP, error);
  self->events->judged (self, body->from, FALSE, self->user_data);
  if (failed)
    self->events->done (self, NULL, P2P_SOURCE_HTTP, 0, 0, error,
        self->user_data);
}

static void
p2p_item_on_checked (gboolean good, gpointer data)
{
  g_autoptr (P2pItem) self = p2p_item_ref (data);
  g_autoptr (P2pCheck) check = g_steal_pointer (&self->check);
  g_autoptr (P2pBody) body = g_steal_pointer (&self->checked);

  if (good)
    p2p_item_finish (self, check->segment, body);
  else
    p2p_item_reject (self, body);
}

void
p2p_item_take (P2pItem * self, P2pBody * body, gint64 elapsed)
{
  g_autoptr (P2pSegment) loaded = p2p_item_make_loaded (self, body);

  self->state = P2P_ITEM_CHECK;
  self->elapsed = elapsed;
  self->checked = p2p_body_ref (body);
  self->check = p2p_check_new (loaded, body->source, body->from,
      p2p_item_on_checked, self);
  if (!self->events->validate (self, self->check, self->user_data))
    p2p_item_on_checked (TRUE, self);
}

gsize
p2p_item_break (P2pItem * self)
{
  P2pBody *body = self->streaming || !self->body || self->body->size == 0 ? NULL
      : p2p_body_ref (self->body);
  P2pHttpHead *head = body ? body->head : NULL;
  gsize of = self->resumed ? self->kept_of : 0, size = p2p_item_stop (self);

  if (head && !head->encoded && head->length > (gint64) body->size)
    of = head->length;
  if (of == 0) {
    g_clear_pointer (&body, p2p_body_unref);
    return size;
  }
  p2p_item_keep (self, body, of);
  return 0;
}

gboolean
p2p_item_join (P2pItem * self, P2pBody * body)
{
  g_autoptr (P2pBody) whole = p2p_body_ref (self->body);
  gsize size = whole->size;

  if ((whole->head && whole->head->length >= 0
          && (guint64) whole->head->length != body->size)
      || !p2p_body_add_rest (whole, body))
    return FALSE;
  self->wasted += size;
  whole->source = P2P_SOURCE_P2P;
  whole->from = g_strdup (body->from);
  p2p_item_stop (self);
  p2p_item_take (self, whole, 0);
  return TRUE;
}

/* What a peer began has ended over HTTP. */
static void
p2p_item_end_resumed (P2pItem * self, const GError * error)
{
  g_autoptr (P2pBody) body = p2p_body_ref (self->body);

  if (error || body->size != self->kept_of) {
    p2p_item_begin_anew (self);
    return;
  }
  p2p_item_stop (self);
  p2p_item_take (self, body, 0);
}

static void
p2p_item_on_done (P2pDownload * download, const GError * error, gpointer data)
{
  g_autoptr (P2pItem) self = p2p_item_ref (data);
  g_autoptr (P2pBody) body = p2p_body_ref (self->body);
  g_autoptr (P2pSegment) loaded = NULL;
  gsize size;

  if (self->resumed && (!error || error->code == P2P_ERROR_RANGE
          || error->code == P2P_ERROR_STATUS)) {
    p2p_item_end_resumed (self, error);
    return;
  }
  if (!error && !self->streaming) {
    gint64 elapsed = p2p_download_get_elapsed (download);

    p2p_item_stop (self);
    p2p_item_take (self, body, elapsed);
    return;
  }
  /* The time that it took, with a reader who held it up, says nothing. */
  if (!error)
    loaded = p2p_item_make_loaded (self, body);
  p2p_item_end_readers (self, P2P_SOURCE_HTTP, error);
  size = p2p_item_stop (self);
  self->state = error ? P2P_ITEM_FAILED : P2P_ITEM_LOADED;
  if (p2p_item_is_read (self))
    self->state = P2P_ITEM_PENDING;
  self->events->done (self, loaded, P2P_SOURCE_HTTP, 0, error ? size : 0,
      error, self->user_data);
}

void
p2p_item_fetch (P2pItem * self, P2pClock * clock, GRand * rand,
    P2pFetcher * fetcher, P2pHttpOptions * options)
{
  static const P2pDownloadEvents events =
      { p2p_item_on_head, p2p_item_on_data, p2p_item_on_done };
  P2pSegment *segment = self->segment;
  gint64 stop = segment->length < 0 ? -1 : segment->offset + segment->length;

  self->state = P2P_ITEM_HTTP;
  self->started = p2p_clock_get_time (clock);
  self->also = self->answered = 0;
  self->resumed = self->kept != NULL;
  self->guarded = self->events->validate (self, NULL, self->user_data);
  self->body = self->resumed ? g_steal_pointer (&self->kept)
      : p2p_body_new (P2P_SOURCE_HTTP, NULL);
  for (guint i = 0; i < self->readers->len && !self->resumed; i++)
    ((P2pReader *) g_ptr_array_index (self->readers, i))->ahead = FALSE;
  if (!p2p_item_is_held (self))
    p2p_item_give_body (self, self->body);
  self->download = p2p_download_new (clock, rand, fetcher, NULL, segment->url,
      segment->offset + (gint64) self->body->size, stop, options, &events,
      self);
}

gsize
p2p_item_stop (P2pItem * self)
{
  gsize size = self->body ? self->body->size : 0;

  if (self->check) {
    size = self->checked->size;
    p2p_check_cancel (self->check);
  }
  g_clear_pointer (&self->check, p2p_check_unref);
  g_clear_pointer (&self->checked, p2p_body_unref);
  if (self->download) {
    self->retries += p2p_download_get_retries (self->download);
    p2p_download_cancel (self->download);
  }
  g_clear_object (&self->download);
  g_clear_pointer (&self->body, p2p_body_unref);
  g_clear_pointer (&self->bad_head, p2p_http_head_unref);
  self->streaming = FALSE;
  self->resumed = FALSE;
  return size;
}

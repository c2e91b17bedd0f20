/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "fakepeer.h"

static void fake_peer_iface_init (P2pPeerInterface * iface);

/* *INDENT-OFF* */
G_DEFINE_TYPE_WITH_CODE (FakePeer, fake_peer, G_TYPE_OBJECT,
    G_IMPLEMENT_INTERFACE (P2P_TYPE_PEER, fake_peer_iface_init));
/* *INDENT-ON* */

static void
fake_peer_end (FakePeer * self)
{
  p2p_clock_cancel (self->clock, &self->timer);
  g_clear_pointer (&self->asked, g_free);
  g_clear_pointer (&self->answer, g_bytes_unref);
}

static void
fake_peer_finalize (GObject * object)
{
  FakePeer *self = FAKE_PEER (object);

  fake_peer_end (self);
  p2p_clock_cancel (self->clock, &self->news_timer);
  if (self->other)
    self->other->other = NULL;
  g_ptr_array_unref (self->requests);
  g_string_free (self->loaded, TRUE);
  g_string_free (self->loading, TRUE);
  g_hash_table_unref (self->held);
  g_hash_table_unref (self->coming);
  g_free (self->id);
  g_object_unref (self->clock);
  G_OBJECT_CLASS (fake_peer_parent_class)->finalize (object);
}

static void
fake_peer_class_init (FakePeerClass * klass)
{
  G_OBJECT_CLASS (klass)->finalize = fake_peer_finalize;
}

static void
fake_bytes_unref (gpointer bytes)
{
  if (bytes)
    g_bytes_unref (bytes);
}

static void
fake_peer_init (FakePeer * self)
{
  self->chunk = 16 * 1024;
  self->elects = TRUE;
  self->requests = g_ptr_array_new_with_free_func (g_free);
  self->loaded = g_string_new (NULL);
  self->loading = g_string_new (NULL);
  self->held = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
      fake_bytes_unref);
  self->coming = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

FakePeer *
fake_peer_new (P2pClock * clock, const char *id)
{
  FakePeer *self = g_object_new (FAKE_TYPE_PEER, NULL);

  self->clock = g_object_ref (clock);
  self->id = g_strdup (id);
  return self;
}

void
fake_peer_pair (FakePeer * a, FakePeer * b)
{
  a->other = b;
  b->other = a;
}

static void
fake_peer_on_news (gpointer data)
{
  FakePeer *self = data;

  self->news_timer = 0;
  if (self->events)
    self->events->changed (P2P_PEER (self), self->user_data);
}

static void
fake_peer_news_soon (FakePeer * self)
{
  if (self->news_timer == 0 && !self->closed)
    self->news_timer = p2p_clock_call_at (self->clock,
        p2p_clock_get_time (self->clock) + self->latency, fake_peer_on_news,
        self);
}

void
fake_peer_hold (FakePeer * self, const char *id, GBytes * bytes)
{
  g_hash_table_remove (self->coming, id);
  g_hash_table_replace (self->held, g_strdup (id), g_bytes_ref (bytes));
  fake_peer_news_soon (self);
}

void
fake_peer_drop (FakePeer * self, const char *id)
{
  g_hash_table_remove (self->held, id);
  fake_peer_news_soon (self);
}

void
fake_peer_set_coming (FakePeer * self, const char *id)
{
  g_hash_table_add (self->coming, g_strdup (id));
  fake_peer_news_soon (self);
}

/* The bytes that were asked for, from the other end if there is one. */
static GBytes *
fake_peer_find (FakePeer * self)
{
  FakePeer *other = self->other;
  g_autoptr (P2pSegment) segment = NULL;
  GBytes *bytes = g_hash_table_lookup (self->held, self->asked);

  if (bytes)
    return g_bytes_ref (bytes);
  if (!other || !other->events)
    return NULL;
  segment = other->events->wanted (P2P_PEER (other), self->asked,
      other->user_data);
  return segment ? p2p_segment_get_data (segment) : NULL;
}

static void
fake_peer_tell_done (FakePeer * self, int code)
{
  g_autofree char *id = g_strdup (self->asked);
  g_autoptr (GError) error = code < 0 ? NULL
      : g_error_new_literal (P2P_ERROR, code, "told by the peer");

  fake_peer_end (self);
  self->events->done (P2P_PEER (self), id, error, self->user_data);
}

static void
fake_peer_tell_size (FakePeer * self, gsize size)
{
  const P2pPeerEvents *events = self->events;
  gpointer data = self->user_data;
  g_autofree char *id = g_strdup (self->asked);

  self->sized = TRUE;
  switch (self->fault) {
    case FAKE_PEER_SIZE_ZERO:
      events->size (P2P_PEER (self), id, 0, data);
      break;
    case FAKE_PEER_SIZE_HUGE:
      events->size (P2P_PEER (self), id, P2P_SEGMENT_MAX_BYTES + 1, data);
      break;
    case FAKE_PEER_SIZE_OTHER:
      events->size (P2P_PEER (self), id, size + 1, data);
      break;
    case FAKE_PEER_SIZE_TWICE:
      events->size (P2P_PEER (self), id, size, data);
      if (self->events)
        events->size (P2P_PEER (self), id, size, data);
      break;
    case FAKE_PEER_SIZE_NONE:
      break;
    case FAKE_PEER_OTHER_ID:
      events->size (P2P_PEER (self), "other", size, data);
      break;
    default:
      events->size (P2P_PEER (self), id, size, data);
  }
}

static void
fake_peer_tell_data (FakePeer * self, gsize size)
{
  g_autoptr (GBytes) bytes = self->fault == FAKE_PEER_EMPTY_DATA
      ? g_bytes_new (NULL, 0)
      : g_bytes_new_from_bytes (self->answer, self->position, size);
  FakePeer *other = self->other;

  self->position += size;
  if (other && other->events)
    other->events->uploaded (P2P_PEER (other), size, other->user_data);
  self->events->data (P2P_PEER (self), self->asked, bytes, self->user_data);
}

static void
fake_peer_tell_end (FakePeer * self)
{
  static const guint8 more;

  if (self->fault == FAKE_PEER_TOO_MANY || self->fault == FAKE_PEER_SIZE_OTHER) {
    g_autoptr (GBytes) bytes = g_bytes_new_static (&more, 1);

    self->events->data (P2P_PEER (self), self->asked, bytes, self->user_data);
  }
  if (self->asked)
    fake_peer_tell_done (self, self->fault == FAKE_PEER_FAIL
        ? P2P_ERROR_PEER : -1);
}

static void fake_peer_step (gpointer data);

static void
fake_peer_wait (FakePeer * self, gint64 time)
{
  self->timer = p2p_clock_call_at (self->clock,
      p2p_clock_get_time (self->clock) + time, fake_peer_step, self);
}

static gsize
fake_peer_get_next (FakePeer * self)
{
  gsize all = g_bytes_get_size (self->answer);

  if (self->fault == FAKE_PEER_STALL || self->fault == FAKE_PEER_VANISH
      || self->fault == FAKE_PEER_TOO_FEW)
    all /= 2;
  return MIN (all - MIN (all, self->position), self->chunk);
}

static void
fake_peer_step (gpointer data)
{
  g_autoptr (FakePeer) self = g_object_ref (data);

  self->timer = 0;
  if (!self->answer)
    self->answer = fake_peer_find (self);
  if (self->fault == FAKE_PEER_SILENT)
    return;
  if (self->fault == FAKE_PEER_ABSENT || !self->answer) {
    fake_peer_tell_done (self, P2P_ERROR_ABSENT);
    return;
  }

  if (!self->sized)
    fake_peer_tell_size (self, g_bytes_get_size (self->answer));
  else if (fake_peer_get_next (self) > 0)
    fake_peer_tell_data (self, fake_peer_get_next (self));
  else if (self->fault == FAKE_PEER_VANISH)
    fake_peer_vanish (self);
  else if (self->fault == FAKE_PEER_STALL)
    return;
  else
    fake_peer_tell_end (self);

  if (self->asked && self->timer == 0)
    fake_peer_wait (self, self->rate
        ? fake_peer_get_next (self) * P2P_SECOND / self->rate : 0);
}

void
fake_peer_vanish (FakePeer * self)
{
  const P2pPeerEvents *events = self->events;

  if (self->closed)
    return;
  self->closed = TRUE;
  self->events = NULL;
  fake_peer_end (self);
  p2p_clock_cancel (self->clock, &self->news_timer);
  if (events)
    events->closed (P2P_PEER (self), self->user_data);
}

/* The interface */

static const char *
fake_peer_get_id (P2pPeer * peer)
{
  return FAKE_PEER (peer)->id;
}

static const char *
fake_peer_get_remote_address (P2pPeer * peer)
{
  return "192.0.2.1:5000";
}

static void
fake_peer_set_events (P2pPeer * peer, const P2pPeerEvents * events,
    gpointer user_data)
{
  FAKE_PEER (peer)->events = events;
  FAKE_PEER (peer)->user_data = user_data;
}

static P2pPeerHas
fake_peer_has (P2pPeer * peer, const char *id)
{
  FakePeer *self = FAKE_PEER (peer);

  if (g_hash_table_contains (self->held, id))
    return P2P_PEER_HAS;
  return g_hash_table_contains (self->coming, id) ? P2P_PEER_IS_LOADING
      : P2P_PEER_HAS_NOT;
}

static gboolean
fake_peer_is_idle (P2pPeer * peer)
{
  FakePeer *self = FAKE_PEER (peer);

  return !self->busy && !self->asked && !self->closed;
}

static void
fake_peer_request (P2pPeer * peer, const char *id, gboolean urgent)
{
  FakePeer *self = FAKE_PEER (peer);

  g_assert_true (fake_peer_is_idle (peer));
  g_assert_nonnull (self->events);
  g_ptr_array_add (self->requests, g_strdup (id));
  self->asked = g_strdup (id);
  self->position = self->first = 0;
  self->sized = FALSE;
  fake_peer_wait (self, self->latency);
}

static void
fake_peer_resume (P2pPeer * peer, const char *id, gsize first, gboolean urgent)
{
  FakePeer *self = FAKE_PEER (peer);

  fake_peer_request (peer, id, urgent);
  self->position = self->first = first;
}

static void
fake_peer_cancel (P2pPeer * peer, const char *id)
{
  FakePeer *self = FAKE_PEER (peer);

  if (self->asked)
    g_assert_cmpstr (self->asked, ==, id);
  self->n_cancelled++;
  fake_peer_end (self);
}

static void
fake_peer_accept (P2pPeer * peer, const char *id)
{
  FAKE_PEER (peer)->n_accepted++;
}

static void
fake_peer_list (GString * list, GPtrArray * ids)
{
  g_string_truncate (list, 0);
  for (guint i = 0; i < ids->len; i++)
    g_string_append_printf (list, "%s ",
        (const char *) g_ptr_array_index (ids, i));
}

static void
fake_peer_announce (P2pPeer * peer, GPtrArray * loaded, GPtrArray * loading,
    gboolean elects)
{
  FakePeer *self = FAKE_PEER (peer), *other = self->other;

  g_assert_false (self->closed);
  self->n_announced++;
  fake_peer_list (self->loaded, loaded);
  fake_peer_list (self->loading, loading);
  self->told_elects = elects;
  if (!other)
    return;
  other->elects = elects;
  g_hash_table_remove_all (other->held);
  g_hash_table_remove_all (other->coming);
  for (guint i = 0; i < loaded->len; i++)
    g_hash_table_insert (other->held,
        g_strdup (g_ptr_array_index (loaded, i)), NULL);
  for (guint i = 0; i < loading->len; i++)
    g_hash_table_add (other->coming, g_strdup (g_ptr_array_index (loading, i)));
  fake_peer_news_soon (other);
}

static gboolean
fake_peer_elects (P2pPeer * peer)
{
  return FAKE_PEER (peer)->elects;
}

static void
fake_peer_on_other_gone (gpointer data)
{
  fake_peer_vanish (data);
  g_object_unref (data);
}

static void
fake_peer_close (P2pPeer * peer)
{
  FakePeer *self = FAKE_PEER (peer);

  self->closed = TRUE;
  self->events = NULL;
  fake_peer_end (self);
  p2p_clock_cancel (self->clock, &self->news_timer);
  if (self->other && !self->other->closed)
    p2p_clock_call_at (self->clock, p2p_clock_get_time (self->clock),
        fake_peer_on_other_gone, g_object_ref (self->other));
}

static void
fake_peer_iface_init (P2pPeerInterface * iface)
{
  iface->get_id = fake_peer_get_id;
  iface->get_remote_address = fake_peer_get_remote_address;
  iface->set_events = fake_peer_set_events;
  iface->has = fake_peer_has;
  iface->is_idle = fake_peer_is_idle;
  iface->request = fake_peer_request;
  iface->cancel = fake_peer_cancel;
  iface->accept = fake_peer_accept;
  iface->announce = fake_peer_announce;
  iface->elects = fake_peer_elects;
  iface->close = fake_peer_close;
}

/* The same, and more. */
typedef FakePeer FakeResumer;
typedef FakePeerClass FakeResumerClass;
GType fake_resumer_get_type (void);

static void
fake_resumer_iface_init (P2pPeerInterface * iface)
{
  fake_peer_iface_init (iface);
  iface->resume = fake_peer_resume;
}

/* *INDENT-OFF* */
G_DEFINE_TYPE_WITH_CODE (FakeResumer, fake_resumer, FAKE_TYPE_PEER,
    G_IMPLEMENT_INTERFACE (P2P_TYPE_PEER, fake_resumer_iface_init));
/* *INDENT-ON* */

static void
fake_resumer_class_init (FakeResumerClass * klass)
{
}

static void
fake_resumer_init (FakeResumer * self)
{
}

FakePeer *
fake_peer_new_resuming (P2pClock * clock, const char *id)
{
  FakePeer *self = g_object_new (fake_resumer_get_type (), NULL);

  self->clock = g_object_ref (clock);
  self->id = g_strdup (id);
  return self;
}

P2pPeer *
fake_peer_new_over (P2pClock * clock, P2pChannel * channel, const char *id)
{
  FakePeer *self = fake_peer_new (clock, id);

  g_object_set_data_full (G_OBJECT (self), "channel", g_object_ref (channel),
      g_object_unref);
  return P2P_PEER (self);
}

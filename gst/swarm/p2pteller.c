/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pteller.h"

struct _P2pTeller
{
  P2pClock *clock;
  P2pNewsFunc func;
  gpointer user_data;
  GQueue waiting;               /* of P2pNews */
  guint call;
};

static void
p2p_news_free (P2pNews * news)
{
  g_clear_pointer (&news->segment, p2p_segment_unref);
  g_clear_object (&news->peer);
  g_clear_error ((GError **) & news->error);
  g_free ((char *) news->id);
  g_free (news);
}

P2pTeller *
p2p_teller_new (P2pClock * clock, P2pNewsFunc func, gpointer user_data)
{
  P2pTeller *self = g_new0 (P2pTeller, 1);

  self->clock = g_object_ref (clock);
  self->func = func;
  self->user_data = user_data;
  g_queue_init (&self->waiting);
  return self;
}

void
p2p_teller_free (P2pTeller * self)
{
  g_queue_clear_full (&self->waiting, (GDestroyNotify) p2p_news_free);
  p2p_clock_cancel (self->clock, &self->call);
  g_object_unref (self->clock);
  g_free (self);
}

static void p2p_teller_call_soon (P2pTeller * self);

/* One in each call, as it may free the teller. */
static void
p2p_teller_on_call (gpointer data)
{
  P2pTeller *self = data;
  P2pNews *news = g_queue_pop_head (&self->waiting);

  self->call = 0;
  p2p_teller_call_soon (self);
  self->func (news, self->user_data);
  p2p_news_free (news);
}

static void
p2p_teller_call_soon (P2pTeller * self)
{
  if (self->call == 0 && self->waiting.length > 0)
    self->call = p2p_clock_call_at (self->clock,
        p2p_clock_get_time (self->clock), p2p_teller_on_call, self);
}

void
p2p_teller_tell (P2pTeller * self, const P2pNews * news)
{
  P2pNews *copy = g_new (P2pNews, 1);

  *copy = *news;
  if (copy->segment)
    p2p_segment_ref (copy->segment);
  if (copy->peer)
    g_object_ref (copy->peer);
  if (copy->error)
    copy->error = g_error_copy (copy->error);
  copy->id = g_strdup (copy->id);
  g_queue_push_tail (&self->waiting, copy);
  p2p_teller_call_soon (self);
}

void
p2p_teller_tell_size (P2pTeller * self, const P2pNews * news)
{
  P2pNews *last = g_queue_peek_tail (&self->waiting);

  if (!last)
    self->func (news, self->user_data);
  else if (last->kind == news->kind && last->source == news->source)
    last->size += news->size;
  else
    p2p_teller_tell (self, news);
}

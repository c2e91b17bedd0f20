/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2penginelimit.h"

typedef struct
{
  const P2pEngineLimited *klass;
  gpointer torrent;
  guint64 uploaded;             /* at the last deal */
  guint quiet;                  /* deals since it uploaded */
} Member;

struct _P2pEngineLimit
{
  P2pClock *clock;
  guint64 rate;
  GArray *members;              /* of Member */
  guint timer;                  /* the next deal */
};

P2pEngineLimit *
p2p_engine_limit_new (P2pClock * clock, guint64 rate)
{
  P2pEngineLimit *self = g_new0 (P2pEngineLimit, 1);

  self->clock = clock;
  self->rate = rate;
  self->members = g_array_new (FALSE, FALSE, sizeof (Member));
  return self;
}

void
p2p_engine_limit_free (P2pEngineLimit * self)
{
  p2p_clock_cancel (self->clock, &self->timer);
  g_array_unref (self->members);
  g_free (self);
}

static void
p2p_engine_limit_deal (P2pEngineLimit * self)
{
  guint busy = 0;

  for (guint i = 0; i < self->members->len; i++)
    busy += g_array_index (self->members, Member, i).quiet
        < P2P_ENGINE_LIMIT_BUSY;
  for (guint i = 0; i < self->members->len; i++) {
    Member *member = &g_array_index (self->members, Member, i);

    member->klass->set_max_upload_rate (member->torrent,
        MAX (self->rate / MAX (busy, 1), 1));
  }
}

static void
p2p_engine_limit_on_timer (gpointer user_data)
{
  P2pEngineLimit *self = user_data;

  self->timer = p2p_clock_call_at (self->clock,
      p2p_clock_get_time (self->clock) + P2P_ENGINE_LIMIT_DEAL,
      p2p_engine_limit_on_timer, self);
  for (guint i = 0; i < self->members->len; i++) {
    Member *member = &g_array_index (self->members, Member, i);
    guint64 uploaded = member->klass->get_uploaded (member->torrent);

    member->quiet = uploaded == member->uploaded ? member->quiet + 1 : 0;
    member->uploaded = uploaded;
  }
  p2p_engine_limit_deal (self);
}

void
p2p_engine_limit_add (P2pEngineLimit * self, const P2pEngineLimited * klass,
    gpointer torrent)
{
  Member member = { klass, torrent, 0, P2P_ENGINE_LIMIT_BUSY };

  if (self->rate == 0)
    return;
  g_array_append_val (self->members, member);
  p2p_engine_limit_deal (self);
  if (self->timer == 0)
    self->timer = p2p_clock_call_at (self->clock,
        p2p_clock_get_time (self->clock) + P2P_ENGINE_LIMIT_DEAL,
        p2p_engine_limit_on_timer, self);
}

void
p2p_engine_limit_remove (P2pEngineLimit * self, gpointer torrent)
{
  for (guint i = 0; i < self->members->len; i++) {
    if (g_array_index (self->members, Member, i).torrent == torrent) {
      g_array_remove_index_fast (self->members, i);
      break;
    }
  }
  if (self->members->len == 0)
    p2p_clock_cancel (self->clock, &self->timer);
}

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2ploader.h"
#include "p2psignaller.h"
#include "p2pstats.h"
#include "p2pstream.h"

G_BEGIN_DECLS

/* The slot of the variants; renditions have slots of their own names. */
#define P2P_SLOT_MAIN "main"

/* A player may seem to be so much before the first segment that it asked for, as
 * the times in the segments are not just those of the playlist. */
#define P2P_SLOT_POSITION_SLACK (1 * P2P_SECOND)

typedef struct _P2pSlot P2pSlot;

/* As P2pTrackerFunc */
typedef void (*P2pPeerFunc) (P2pPeer * peer, const char *swarm_id,
    gpointer user_data);

/* What a slot asks its owner, and tells it of its swarm: see P2pSessionEvents,
 * and P2pSignallerEvents. */
typedef struct
{
  /* Makes the id of a segment from its URL; NULL: the default. Comes from inside
   * calls. */
  char *(*generate_id) (const char *url, gpointer user_data);
  /* Returns: (transfer full): what gathers the viewers of stream. From inside
   * calls. */
  P2pIdentity *(*identify) (P2pStream * stream, gpointer user_data);
  void (*announced) (const char *tracker, const char *peer_id, guint n_peers,
      gpointer user_data);
  void (*warning) (const char *tracker, const char *text,
      gpointer user_data);
  void (*error) (const char *tracker, const GError * error,
      gpointer user_data);
} P2pSlotEvents;

/**
 * P2pSlot:
 *
 * A place of a session where one stream plays at a time, with its loader: the
 * variant, an alternate audio, subtitles.
 */
struct _P2pSlot
{
  char *name;
  P2pStream *stream;            /* that plays; borrowed; NULL: none */
  char *current;                /* id of the segment asked for last */
  P2pLoader *loader;

  /*< private >*/
  const P2pLoaderWorld *world;
  P2pSettings settings;
  P2pHttpOptions *options;
  const P2pLoaderEvents *events;
  const P2pSlotEvents *slot_events;
  gpointer user_data;
  GPtrArray *signallers;        /* with which it is in a swarm */
  P2pIdentity *identity;        /* of that swarm, or NULL */
  guint expected;               /* viewers that trackers told of; G_MAXUINT:
                                 * none has answered */
  P2pNames *names;              /* of the segments of its stream, for peers */
  P2pPlaylist *named;           /* the state of it that has them, or NULL */
  P2pSignallerCounts counts;
  gint64 position, asked_at;    /* where the player was, and when; */
  double rate;                  /* 0: it is not known */
  guint n_own;                  /* of the queue: for who asked last */
  guint readers;
  gboolean renew;               /* use_p2p changed: the next queue gets a new
                                 * loader, when nobody reads from the old one */
};

P2pSlot *p2p_slot_new (const char *name, const P2pLoaderWorld * world,
    const P2pSettings * settings, P2pHttpOptions * options,
    const P2pLoaderEvents * events, const P2pSlotEvents * slot_events,
    gpointer user_data);
/* Its loader is destroyed. */
void p2p_slot_free (P2pSlot * self);

void p2p_slot_set_settings (P2pSlot * self, const P2pSettings * settings);
void p2p_slot_set_options (P2pSlot * self, P2pHttpOptions * options);

/* Makes the queue of stream's current segment and of what follows it, and behind
 * that of what players (element-type guint64, as p2p_audience_list() does; or
 * NULL) want next elsewhere: of each as much as all together leave room for. */
void p2p_slot_play (P2pSlot * self, P2pStream * stream, GArray * players);
/* Makes the queue that an application asks for; the ids of segments do not
 * count. swarm_id: NULL for that of the stream that plays. */
void p2p_slot_load (P2pSlot * self, GPtrArray * segments,
    const char *swarm_id, const char *emit_now_url);
/* stream is going: nothing is loaded for it any more. */
void p2p_slot_forget (P2pSlot * self, P2pStream * stream);

/* In the swarm that it is in now, too. */
void p2p_slot_add_signaller (P2pSlot * self, P2pSignaller * signaller);
/* Leaves them; it stays in its swarm. */
void p2p_slot_clear_signallers (P2pSlot * self);

/* Gets its peers from signallers (element-type P2pSignaller) for the swarm
 * (NULL: none), and no more from where it got them before. */
void p2p_slot_join (P2pSlot * self, GPtrArray * signallers,
    const char *swarm_id);

/* Reads the segment asked for last. Returns: (nullable) */
P2pReader *p2p_slot_read (P2pSlot * self, const P2pReaderEvents * events,
    gpointer user_data);
void p2p_slot_close (P2pSlot * self, P2pReader * reader);

/* The player is at position of the stream that plays, and goes on at rate. What
 * cannot be, as nothing of it was asked for, is not believed. One that stands
 * still may be waiting for what it asked for (buffering), so that comes no later
 * than if it went on, and those who are not connected yet are not waited for if it
 * pauses. */
void p2p_slot_set_position (P2pSlot * self, gint64 position, double rate,
    gboolean pauses);

/* Adds what is its own to stats. */
void p2p_slot_add_stats (P2pSlot * self, P2pStats * stats);
/* As those of the session. */
void p2p_slot_foreach_tracker (P2pSlot * self, P2pTrackerFunc func,
    gpointer user_data);
void p2p_slot_foreach_peer (P2pSlot * self, P2pPeerFunc func,
    gpointer user_data);

/* size bytes of a segment came from source. */
void p2p_slot_count (P2pSlot * self, P2pSource source, gsize size);

G_END_DECLS

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pclock.h"

G_BEGIN_DECLS

/**
 * P2pSnReply:
 *
 * What seed 002's tracker answers to announce and get_peers, and what it is told
 * in stats.
 */
typedef struct
{
  char *peer_id;                /* our own; NULL: it gave none */
  gint64 report_interval;       /* microseconds, in bounds */
  gint64 heartbeat_interval;
  GPtrArray *peers;             /* (element-type utf8): ids of other viewers */
} P2pSnReply;

/* Bytes of a reply, and viewers taken from one; the rest is left out. */
#define P2P_SN_REPLY_MAX_SIZE (256 * 1024)
#define P2P_SN_REPLY_MAX_PEERS 200
/* Intervals as the tracker gives them, in seconds; the last one where it gives
 * none that is a whole number. */
#define P2P_SN_MIN_INTERVAL 1
#define P2P_SN_MAX_INTERVAL (24 * 3600)
#define P2P_SN_DEFAULT_INTERVAL 60

/* Returns: (nullable): NULL if it is no such reply (P2P_ERROR_MALFORMED) */
P2pSnReply *p2p_sn_reply_parse (GBytes * body, GError ** error);
void p2p_sn_reply_free (P2pSnReply * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pSnReply, p2p_sn_reply_free)

/* source, p2p: KB since the last ones that the tracker took. conns: connections
 * that are open, more than then (less: negative); failed_conns: that failed
 * since then. Both are left out when 0, as browsers do. Returns: (transfer full):
 * the body for POST */
char *p2p_sn_stats_write (gint64 source, gint64 p2p, gint64 conns,
    gint64 failed_conns);

G_END_DECLS

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Bytes of a body of a POST; the statistics of a peer are some hundred. */
#define P2P_TRACKER_MAX_BODY (16 * 1024)
/* Bytes of a body that is refused, up to which it is read and thrown away so
 * that the answer arrives; beyond it the connection is closed. */
#define P2P_TRACKER_MAX_SKIPPED (256 * 1024)
/* Seconds at the limit for which a stranger may save up. */
#define P2P_TRACKER_BURST 4
/* Addresses that are watched at a time: those with a connection, and those
 * that made a request in the last seconds. */
#define P2P_TRACKER_MAX_ADDRESSES 65536
/* Bytes that wait for a WebSocket that does not read; more is dropped. */
#define P2P_TRACKER_MAX_QUEUED (1024 * 1024)
/* Characters of the id of a WebSocket */
#define P2P_TRACKER_MAX_SOCKET_ID 64
/* Absent peers that a WebSocket was told of, and is not told of again */
#define P2P_TRACKER_MAX_ABSENT 32

/**
 * P2pTrackerConfig:
 *
 * How a tracker serves. Start from p2p_tracker_config_init(), which gives the
 * defaults that stand beside the fields.
 */
typedef struct
{
  const char *listen_address;   /* numeric; NULL: any, IPv4 and IPv6 */
  guint16 listen_port;          /* 0: any that is free */
  /* Files in PEM; both NULL: no TLS. */
  const char *certificate_file;
  const char *key_file;
  /* The numeric address of a proxy before the tracker, whose X-Forwarded-For is
   * believed: its last address, which is what nginx adds. NULL: none. */
  const char *trusted_proxy;

  /* Origins of pages, such as "https://site.example", of which WebSockets are
   * taken; one without an origin is of no page, and always taken. NULL: any */
  char **allowed_origins;
  /* The only info hashes that WebTorrent swarms may have: each 40 hexadecimal
   * digits, or 20 printable characters. NULL: any */
  char **allowed_info_hashes;

  /* Seconds, told to the peers of seed 002: 60, 60. One that is silent for three
   * heartbeats is gone. */
  guint report_interval;
  guint heartbeat_interval;
  /* … to those of WebTorrent: 120. One that is silent for three of them is
   * gone. */
  guint announce_interval;
  /* Seconds until a WebSocket that says nothing and answers no ping is closed
   * (at half of it a ping is sent), and until an HTTP connection on which
   * nothing is asked: 60, 10. */
  guint idle_timeout;
  guint request_timeout;

  /* Of seed 002 and of WebTorrent, each: */
  guint max_swarms;             /* 10000 */
  guint max_peers;              /* of a swarm: 100000 */
  guint max_ids;                /* peers of all swarms: 200000 */
  guint max_listed;             /* peers told of at a time, seed 002: 20 */
  guint max_connections;        /* 100000 */
  guint max_connections_per_address;    /* 256 */
  guint max_requests_per_second;        /* of an address, over HTTP: 50 */
  guint max_messages_per_second;        /* of a WebSocket: 100 */
  guint max_message;            /* bytes, of a WebSocket: 65536 */
  guint max_header;             /* bytes, of a request: 4096 */
} P2pTrackerConfig;

void p2p_tracker_config_init (P2pTrackerConfig * self);
/* Returns: (transfer full): strings are copied, and what is out of range is put
 * into it: times are at least a second, max_listed is at most
 * P2P_TRACKER_BOOK_MAX_LISTED */
P2pTrackerConfig *p2p_tracker_config_copy (const P2pTrackerConfig * self);
void p2p_tracker_config_free (P2pTrackerConfig * self);

G_END_DECLS

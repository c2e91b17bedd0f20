/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2ptrackerserver.h"
#include "p2ptrackerlistener.h"
#include "p2ptrackerloop.h"
#include "p2ptrackersocket.h"

#include "ext/p2pfilelimit.h"

/* File descriptors of all else in the process. */
#define OTHER_FILES 1024

struct _P2pTrackerServer
{
  P2pTrackerConfig *config;
  GMutex lock;                  /* of what follows */
  P2pTrackerCore *core;         /* (nullable): these three come and go together */
  P2pTrackerLoop *loop;
  GSocket *listener;
};

P2pTrackerServer *
p2p_tracker_server_new (const P2pTrackerConfig * config)
{
  P2pTrackerServer *self = g_new0 (P2pTrackerServer, 1);

  g_mutex_init (&self->lock);
  self->config = p2p_tracker_config_copy (config);
  return self;
}

void
p2p_tracker_server_free (P2pTrackerServer * self)
{
  p2p_tracker_server_stop (self);
  p2p_tracker_config_free (self->config);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static gboolean
check_info_hashes (char **info_hashes, GError ** error)
{
  P2pWtId id;

  for (; info_hashes && *info_hashes; info_hashes++) {
    if (!p2p_tracker_webtorrent_read_info_hash (*info_hashes, &id)) {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
          "The allowed info hash %s is neither 40 hexadecimal digits nor 20 "
          "printable characters", *info_hashes);
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
check_config (const P2pTrackerConfig * config, GError ** error)
{
  if (!config->certificate_file != !config->key_file) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
        "A certificate needs a key, and a key a certificate");
    return FALSE;
  }
  if (config->trusted_proxy
      && !g_hostname_is_ip_address (config->trusted_proxy)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
        "The trusted proxy %s is not a numeric address", config->trusted_proxy);
    return FALSE;
  }
  return check_info_hashes (config->allowed_info_hashes, error);
}

static gboolean
start (P2pTrackerServer * self, GError ** error)
{
  if (!check_config (self->config, error))
    return FALSE;
  self->listener = p2p_tracker_listener_open (self->config->listen_address,
      self->config->listen_port, error);
  if (!self->listener)
    return FALSE;
  /* libwebsockets makes its tables for the soft limit that it finds. */
  p2p_file_limit_raise ((rlim_t) self->config->max_connections + OTHER_FILES);
  self->core = p2p_tracker_core_new (p2p_tracker_config_copy (self->config),
      &p2p_tracker_socket_hub_funcs, &p2p_tracker_socket_idle_funcs);
  self->loop = p2p_tracker_loop_start (self->core, self->listener, error);
  if (self->loop)
    return TRUE;
  g_clear_pointer (&self->core, p2p_tracker_core_free);
  g_clear_object (&self->listener);
  return FALSE;
}

gboolean
p2p_tracker_server_start (P2pTrackerServer * self, GError ** error)
{
  gboolean started;

  g_mutex_lock (&self->lock);
  started = self->loop || start (self, error);
  g_mutex_unlock (&self->lock);
  return started;
}

void
p2p_tracker_server_stop (P2pTrackerServer * self)
{
  g_mutex_lock (&self->lock);
  if (self->loop) {
    g_clear_pointer (&self->loop, p2p_tracker_loop_stop);
    g_clear_pointer (&self->core, p2p_tracker_core_free);
    g_socket_close (self->listener, NULL);
    g_clear_object (&self->listener);
  }
  g_mutex_unlock (&self->lock);
}

guint16
p2p_tracker_server_get_port (P2pTrackerServer * self)
{
  guint16 port;

  g_mutex_lock (&self->lock);
  port = self->listener ? p2p_tracker_listener_get_port (self->listener) : 0;
  g_mutex_unlock (&self->lock);
  return port;
}

static void
add_book (P2pTrackerStats * stats, const P2pTrackerBookStats * book)
{
  stats->swarms = book->swarms;
  stats->peers = book->peers;
  stats->source_kb = book->source_kb;
  stats->p2p_kb = book->p2p_kb;
  stats->conns = book->conns;
  stats->fail_conns = book->fail_conns;
}

static void
add_core (P2pTrackerStats * stats, P2pTrackerCore * core)
{
  P2pTrackerHubStats hub;

  p2p_tracker_hub_get_stats (core->hub, &hub);
  stats->connections = core->connections;
  p2p_tracker_webtorrent_get_stats (core->webtorrent, &stats->webtorrent);
  stats->sockets = hub.sockets + stats->webtorrent.sockets;
  stats->requests = core->requests;
  stats->refused = core->refused;
  stats->relayed = hub.relayed;
  stats->absent = hub.absent;
  stats->bad = hub.bad;
  stats->dropped = core->dropped;
}

void
p2p_tracker_server_get_stats (P2pTrackerServer * self, P2pTrackerStats * stats)
{
  P2pTrackerBookStats book;

  *stats = (P2pTrackerStats) {
  0};
  g_mutex_lock (&self->lock);
  if (self->core) {
    g_rec_mutex_lock (&self->core->lock);
    p2p_tracker_book_get_stats (self->core->book, &book);
    add_book (stats, &book);
    add_core (stats, self->core);
    g_rec_mutex_unlock (&self->core->lock);
  }
  g_mutex_unlock (&self->lock);
}

gboolean
p2p_tracker_server_get_swarm_stats (P2pTrackerServer * self,
    const char *info_hash, P2pTrackerStats * stats)
{
  P2pTrackerBookStats book;
  gboolean there = FALSE;

  *stats = (P2pTrackerStats) {
  0};
  g_mutex_lock (&self->lock);
  if (self->core) {
    g_rec_mutex_lock (&self->core->lock);
    there = p2p_tracker_book_get_swarm_stats (self->core->book, info_hash,
        &book);
    if (there)
      add_book (stats, &book);
    g_rec_mutex_unlock (&self->core->lock);
  }
  g_mutex_unlock (&self->lock);
  return there;
}

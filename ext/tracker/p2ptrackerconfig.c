/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2ptrackerconfig.h"
#include "p2ptrackerbook.h"

#include <gio/gio.h>

void
p2p_tracker_config_init (P2pTrackerConfig * self)
{
  /* *INDENT-OFF* */
  *self = (P2pTrackerConfig) {
    .report_interval = 60,
    .heartbeat_interval = 60,
    .announce_interval = 120,
    .idle_timeout = 60,
    .request_timeout = 10,
    .max_swarms = 10000,
    .max_peers = 100000,
    .max_ids = 200000,
    .max_listed = 20,
    .max_connections = 100000,
    .max_connections_per_address = 256,
    .max_requests_per_second = 50,
    .max_messages_per_second = 100,
    .max_message = 64 * 1024,
    .max_header = 4096,
  };
  /* *INDENT-ON* */
}

/* In the one spelling that the addresses of connections have */
static char *
copy_address (const char *text)
{
  g_autoptr (GInetAddress) address =
      text ? g_inet_address_new_from_string (text) : NULL;

  return address ? g_inet_address_to_string (address) : g_strdup (text);
}

P2pTrackerConfig *
p2p_tracker_config_copy (const P2pTrackerConfig * self)
{
  P2pTrackerConfig *copy = g_memdup2 (self, sizeof (*self));

  copy->listen_address = g_strdup (self->listen_address);
  copy->certificate_file = g_strdup (self->certificate_file);
  copy->key_file = g_strdup (self->key_file);
  copy->trusted_proxy = copy_address (self->trusted_proxy);
  copy->allowed_origins = g_strdupv (self->allowed_origins);
  copy->allowed_info_hashes = g_strdupv (self->allowed_info_hashes);
  copy->report_interval = MAX (self->report_interval, 1);
  copy->heartbeat_interval = MAX (self->heartbeat_interval, 1);
  copy->announce_interval = MAX (self->announce_interval, 1);
  copy->idle_timeout = MAX (self->idle_timeout, 1);
  copy->request_timeout = MAX (self->request_timeout, 1);
  copy->max_listed = MIN (self->max_listed, P2P_TRACKER_BOOK_MAX_LISTED);
  return copy;
}

void
p2p_tracker_config_free (P2pTrackerConfig * self)
{
  g_free ((char *) self->listen_address);
  g_free ((char *) self->certificate_file);
  g_free ((char *) self->key_file);
  g_free ((char *) self->trusted_proxy);
  g_strfreev (self->allowed_origins);
  g_strfreev (self->allowed_info_hashes);
  g_free (self);
}

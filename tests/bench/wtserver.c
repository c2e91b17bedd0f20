/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The tracker for tests/bench/webtorrent: prints its port, and ends with its
 * standard input. All viewers come from one address here, faster than ever else.
 */

#include "p2ptrackerserver.h"

#include <unistd.h>

int
main (void)
{
  g_autoptr (P2pTrackerServer) server = NULL;
  g_autoptr (GError) error = NULL;
  P2pTrackerConfig config;
  char byte;

  p2p_tracker_config_init (&config);
  config.listen_address = "127.0.0.1";
  config.max_connections_per_address = G_MAXUINT;
  config.max_requests_per_second = 1000000;
  server = p2p_tracker_server_new (&config);
  if (!p2p_tracker_server_start (server, &error))
    g_error ("%s", error->message);
  g_print ("%u\n", p2p_tracker_server_get_port (server));
  while (read (STDIN_FILENO, &byte, 1) > 0);
  return 0;
}

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What a session tells those who find peers for it.
 */

#include "fakefetcher.h"
#include "fakesignaller.h"
#include "p2psession.h"

/* What is said later holds for trackers too. */
static void
test_told (void)
{
  static const P2pSessionEvents events;
  g_autoptr (P2pClock) clock = p2p_clock_new (P2P_SECOND);
  g_autoptr (FakeFetcher) fetcher = fake_fetcher_new (clock);
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (FakePeer) peer = fake_peer_new (clock, "p");
  g_autoptr (FakeSignaller) signaller = fake_signaller_new (clock, log, peer);
  g_autoptr (P2pHttpOptions) first = p2p_http_options_new ();
  g_autoptr (P2pHttpOptions) second = p2p_http_options_new ();
  g_autoptr (P2pSession) session = NULL;
  P2pSettings settings;

  g_free (first->user_agent);
  first->user_agent = g_strdup ("first");
  g_free (second->user_agent);
  second->user_agent = g_strdup ("second");
  p2p_settings_init (&settings);
  settings.max_peers = 7;
  session = p2p_session_new (clock, g_rand_new_with_seed (1),
      P2P_FETCHER (fetcher), &settings, first, &events, NULL);
  p2p_session_add_signaller (session, P2P_SIGNALLER (signaller));
  g_assert_cmpstr (log->str, ==, "max 7\nagent first\n");
  settings.max_peers = 8;
  p2p_session_set_settings (session, &settings);
  p2p_session_set_options (session, second);
  g_assert_cmpstr (log->str, ==, "max 7\nagent first\nmax 8\nagent second\n");
  p2p_session_destroy (session);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/signaller/told", test_told);
  return g_test_run ();
}

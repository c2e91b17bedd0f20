/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2penginesettings.h"
#include "p2pgeneration.h"
#include "p2phlsremoteerror.h"
#include "p2pswarm.h"

#include <string.h>

static gboolean
read_text (P2pEngineSettings * settings, const char *text, gboolean of_torrent,
    GError ** error)
{
  g_autoptr (P2pJson) json = p2p_json_parse (text, strlen (text), 1 << 20);

  g_assert_nonnull (json);
  return of_torrent ? p2p_engine_settings_read_torrent (settings, json, error)
      : p2p_engine_settings_read (settings, json, error);
}

static void
test_defaults (void)
{
  P2pEngineSettings settings;
  P2pEnginePeers peers;

  p2p_engine_settings_init (&settings);
  g_assert_true (read_text (&settings, "{}", FALSE, NULL));
  g_assert_true (settings.loader.use_p2p);
  g_assert_cmpuint (settings.loader.max_cache_bytes, ==,
      P2P_DEFAULT_MAX_CACHE_BYTES);
  p2p_engine_settings_get_peers (&settings, &peers);
  g_assert_true (peers.trackers == p2p_engine_peers_get_default_trackers ());
  g_assert_cmpstr (peers.stun_server, ==, P2P_ENGINE_STUN_SERVER);
  g_assert_true (peers.elects);
  p2p_engine_settings_clear (&settings);
}

/* One of each kind. */
static void
test_values (void)
{
  P2pEngineSettings settings;
  P2pEngineSettings copy;
  P2pEnginePeers peers;

  p2p_engine_settings_init (&settings);
  g_assert_true (read_text (&settings, "{\"trace\":true,\"update-interval\":0,"
          "\"heartbeat-timeout\":1,\"use-p2p\":false,"
          "\"max-peers\":1000000,\"max-upload-rate\":9007199254740991,"
          "\"last-segment-probability\":0.5,\"stun-server\":null,"
          "\"tracker-announce\":[\"http://a/\",\"ws://b/\"],"
          "\"swarm-compat\":\"p2pml-0.6+p2pml-5.0\",\"ice-policy\":\"lan\","
          "\"last-segment-probability-interval\":0,\"upload\":false}", FALSE,
          NULL));
  p2p_engine_settings_copy (&settings, &copy);
  g_assert_true (p2p_engine_settings_find_alike (&settings, &copy));
  g_assert_true (read_text (&settings, "{\"upload\":true}", FALSE, NULL));
  g_assert_true (p2p_engine_settings_find_alike (&settings, &copy));
  g_assert_true (read_text (&settings, "{\"tracker-announce\":[\"http://a/\"]}",
          FALSE, NULL));
  g_assert_false (p2p_engine_settings_find_alike (&settings, &copy));
  p2p_engine_settings_clear (&settings);
  g_assert_null (settings.tracker_announce);
  g_assert_false (copy.loader.use_p2p);
  g_assert_cmpuint (copy.loader.max_peers, ==, P2P_SWARM_MAX_PEERS);
  g_assert_cmpuint (copy.loader.max_upload_rate, ==, P2P_JSON_MAX_INT64);
  g_assert_cmpfloat (copy.loader.last_segment_probability, ==, 0.5);
  g_assert_cmpuint (copy.loader.last_segment_probability_interval, ==, 1);
  p2p_engine_settings_get_peers (&copy, &peers);
  g_assert_cmpstr (peers.trackers[1], ==, "ws://b/");
  g_assert_null (peers.trackers[2]);
  g_assert_null (peers.stun_server);
  g_assert_cmpuint (peers.swarm_compat, ==,
      P2P_GENERATIONS_2 | P2P_GENERATIONS_6);
  g_assert_cmpint (peers.ice_policy, ==, P2P_ENGINE_ICE_POLICY_LAN);
  g_assert_false (peers.elects);
  g_assert_true (read_text (&copy, "{\"swarm-compat\":\"\"}", FALSE, NULL));
  g_assert_cmpuint (copy.swarm_compat, ==, P2P_GENERATIONS_NONE);
  p2p_engine_settings_clear (&copy);
}

static void
test_refused (void)
{
  static const char *const bad[] = {
    "{\"no-such-option\":1}", "{\"use-p2p\":1}", "{\"max-peers\":-1}",
    "{\"max-peers\":4294967296}", "{\"max-cache-bytes\":1.5}",
    "{\"last-segment-probability\":2}", "{\"last-segment-probability\":null}",
    "{\"stun-server\":7}", "{\"tracker-announce\":\"http://a/\"}",
    "{\"tracker-announce\":[1]}", "{\"swarm-compat\":\"p2pml-9\"}",
    "{\"swarm-compat\":5}", "{\"ice-policy\":\"some\"}", "{\"pem\":[]}",
    "{\"ice-policy\":null}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error = NULL;
    P2pEngineSettings settings;

    p2p_engine_settings_init (&settings);
    g_assert_false (read_text (&settings, bad[i], FALSE, &error));
    g_assert_error (error, P2P_HLS_REMOTE_ERROR, P2P_HLS_REMOTE_ERROR_OPTIONS);
    p2p_engine_settings_clear (&settings);
  }
}

/* What a client says of its torrent changes nothing that is everybody's. */
static void
test_torrent (void)
{
  P2pEngineSettings settings;
  g_autoptr (GError) error = NULL;

  p2p_engine_settings_init (&settings);
  g_assert_true (read_text (&settings, "{\"server\":{},\"pem\":\"x\","
          "\"max-cache-bytes\":1,\"max-upload-rate\":1,\"turn-server\":\"x\","
          "\"stun-server\":7,\"swarm-id\":\"s\",\"no-such-option\":1,"
          "\"tracker-announce\":[],\"use-p2p\":false}", TRUE, NULL));
  g_assert_null (settings.pem);
  g_assert_null (settings.turn_server);
  g_assert_cmpuint (settings.loader.max_cache_bytes, ==,
      P2P_DEFAULT_MAX_CACHE_BYTES);
  g_assert_cmpuint (settings.loader.max_upload_rate, ==, 0);
  g_assert_cmpstr (settings.swarm_id, ==, "s");
  g_assert_nonnull (settings.tracker_announce);
  g_assert_false (settings.loader.use_p2p);
  g_assert_false (read_text (&settings, "{\"swarm-id\":1}", TRUE, &error));
  g_assert_error (error, P2P_HLS_REMOTE_ERROR, P2P_HLS_REMOTE_ERROR_OPTIONS);
  p2p_engine_settings_clear (&settings);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/settings/defaults", test_defaults);
  g_test_add_func ("/engine/settings/values", test_values);
  g_test_add_func ("/engine/settings/refused", test_refused);
  g_test_add_func ("/engine/settings/torrent", test_torrent);
  return g_test_run ();
}

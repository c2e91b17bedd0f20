/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pnicesdp.h"

#include "p2perror.h"

#include <string.h>

#define HEAD "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
#define SECTION "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n"
#define SECRETS "a=ice-ufrag:6eQc\r\na=ice-pwd:swMTav1jbgduZRD7wdUnUIn3\r\n"
#define FINGERPRINT "9F:92:1C:B5:54:7B:34:46:38:68:DD:A7:34:9B:46:96:22:A7:72:" \
    "08:49:B8:77:7B:81:73:CD:E2:DC:A3:A2:E1"
#define PRINT "a=fingerprint:sha-256 " FINGERPRINT "\r\n"
#define SETUP "a=setup:active\r\n"

/* Of Chromium 156, as p2p-media-loader 2.3.1 sent it. */
static const char offer[] = "v=0\r\n"
    "o=- 2727542612934036640 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
    "a=group:BUNDLE 0\r\na=extmap-allow-mixed\r\na=msid-semantic: WMS\r\n"
    "m=application 44167 UDP/DTLS/SCTP webrtc-datachannel\r\n"
    "c=IN IP4 192.0.2.2\r\n"
    "a=candidate:1266415132 1 udp 2113937151 192.0.2.2 44167 typ host "
    "generation 0 network-cost 999\r\n"
    "a=candidate:961649871 1 udp 2113942271 fd00::2 59887 typ host generation "
    "0 network-cost 999\r\n"
    "a=ice-ufrag:/V4V\r\na=ice-pwd:0UW6sD9NtdbtA5hR9k4VzuRk\r\n"
    PRINT "a=setup:actpass\r\na=mid:0\r\na=sctp-port:5000\r\n"
    "a=max-message-size:262144\r\n";

static P2pNiceSdp *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  P2pNiceSdp *sdp = p2p_nice_sdp_parse (text, &error);

  g_assert_no_error (error);
  g_assert_nonnull (sdp);
  return sdp;
}

static void
test_browser (void)
{
  g_autoptr (P2pNiceSdp) sdp = parse (offer);

  g_assert_cmpstr (sdp->mid, ==, "0");
  g_assert_cmpstr (sdp->ufrag, ==, "/V4V");
  g_assert_cmpstr (sdp->pwd, ==, "0UW6sD9NtdbtA5hR9k4VzuRk");
  g_assert_cmpint (sdp->fingerprint[0], ==, 0x9f);
  g_assert_cmpint (sdp->fingerprint[31], ==, 0xe1);
  g_assert_cmpint (sdp->setup, ==, P2P_NICE_SETUP_ACTPASS);
  g_assert_cmpuint (sdp->sctp_port, ==, 5000);
  g_assert_cmpuint (sdp->max_message, ==, 262144);
  g_assert_false (sdp->trickle);
  g_assert_cmpuint (sdp->candidates->len, ==, 2);
  g_assert_cmpstr (g_array_index (sdp->candidates, P2pNiceCandidate, 1).host,
      ==, "fd00::2");
}

static void
test_round_trip (void)
{
  g_autoptr (P2pNiceSdp) sdp = parse (offer), again = NULL;
  g_autofree char *text = NULL, *back = NULL;

  g_free (sdp->mid);
  sdp->mid = g_strdup ("data-1");
  sdp->setup = P2P_NICE_SETUP_PASSIVE;
  sdp->trickle = TRUE;
  sdp->max_message = 65535;
  text = p2p_nice_sdp_write (sdp);
  g_assert_nonnull (strstr (text, "\r\na=group:BUNDLE data-1\r\n"));
  g_assert_nonnull (strstr (text, "\r\n" PRINT));
  again = parse (text);
  g_assert_true (again->trickle);
  g_assert_cmpuint (again->candidates->len, ==, 2);
  g_assert_cmpint (again->setup, ==, P2P_NICE_SETUP_PASSIVE);
  g_assert_cmpstr (again->mid, ==, "data-1");
  back = p2p_nice_sdp_write (again);
  g_assert_cmpstr (back, ==, text);
}

/* What need not be there, and line ends and places that others choose. */
static void
test_lenient (void)
{
  g_autoptr (P2pNiceSdp) short_one = parse (HEAD SECTION SECRETS PRINT SETUP);
  g_autoptr (P2pNiceSdp) session = parse ("v=0\n"
      "a=fingerprint:sha-512 00\na=fingerprint:SHA-256 " FINGERPRINT
      "\na=ice-options:ice2 trickle\n" SECRETS
      "m=application 1 TCP/DTLS/SCTP webrtc-datachannel\n"
      "a=setup:passive\na=max-message-size:0\na=sctp-port:1\na=\na=x:\nq");
  g_autoptr (P2pNiceSdp) huge = parse (HEAD SECTION SECRETS PRINT SETUP
      "a=max-message-size:18446744073709551615");

  g_assert_cmpstr (short_one->mid, ==, "0");
  g_assert_cmpuint (short_one->sctp_port, ==, P2P_NICE_SDP_DEFAULT_PORT);
  g_assert_cmpuint (short_one->max_message, ==, 65536);
  g_assert_true (session->trickle);
  g_assert_cmpint (session->setup, ==, P2P_NICE_SETUP_PASSIVE);
  g_assert_cmpuint (session->sctp_port, ==, 1);
  g_assert_cmpuint (session->max_message, ==, P2P_NICE_MAX_MESSAGE);
  g_assert_cmpuint (huge->max_message, ==, P2P_NICE_MAX_MESSAGE);
}

static void
test_refused (void)
{
  static const char *const texts[] = {
    "", "v=1", "\r\n", HEAD, HEAD SECTION,
    HEAD SECRETS PRINT SETUP,
    HEAD SECTION PRINT SETUP,
    HEAD SECTION SECRETS SETUP,
    HEAD SECTION SECRETS PRINT,
    HEAD SECTION SECTION SECRETS PRINT SETUP,
    HEAD "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n" SECTION SECRETS PRINT SETUP,
    HEAD "m=application 0 UDP/DTLS/SCTP webrtc-datachannel\r\n" SECRETS PRINT
        SETUP,
    HEAD "m=application 9 DTLS/SCTP 5000\r\n" SECRETS PRINT SETUP,
    HEAD "m=\r\n" SECRETS PRINT SETUP,
    HEAD SECTION SECRETS PRINT "a=setup:holdconn\r\n",
    HEAD SECTION SECRETS SETUP "a=fingerprint:sha-1 00:11\r\n",
    HEAD SECTION SECRETS SETUP "a=fingerprint:sha-256 \r\n",
    HEAD SECTION SECRETS SETUP "a=fingerprint:sha-256 9F:92\r\n",
    HEAD SECTION SECRETS SETUP "a=fingerprint:sha-256 " FINGERPRINT ":00\r\n",
    HEAD SECTION SECRETS SETUP PRINT "a=sctp-port:0\r\n",
    HEAD SECTION SECRETS SETUP PRINT "a=sctp-port:65536\r\n",
    HEAD SECTION SECRETS SETUP PRINT "a=max-message-size:-1\r\n",
    HEAD SECTION SECRETS SETUP PRINT "a=mid:\r\n",
    HEAD SECTION SECRETS SETUP PRINT "a=mid:a b\r\n",
    HEAD SECTION SECRETS SETUP PRINT "a=ice-ufrag:abc\r\n",
    HEAD SECTION SECRETS SETUP PRINT "a=ice-pwd:tooshort\r\n",
    HEAD SECTION SECRETS SETUP PRINT "a=ice-ufrag:a\xff\xff\xff\r\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (p2p_nice_sdp_parse (texts[i], &error));
    g_assert_error (error, P2P_ERROR, P2P_ERROR_PEER);
  }
}

/* One over each limit. */
static void
test_limits (void)
{
  g_autofree char *fill = g_strnfill (P2P_NICE_SDP_MAX_SIZE, 'x');
  g_autofree char *too_long = g_strconcat (offer, fill, NULL);
  g_autofree char *mid = g_strdup_printf ("%sa=mid:%.*s\r\n", offer,
      P2P_NICE_SDP_MAX_MID + 1, fill);
  g_autofree char *pwd = g_strdup_printf ("%sa=ice-pwd:%.*s\r\n", offer,
      P2P_NICE_SDP_MAX_SECRET + 1, fill);
  g_autoptr (GString) many = g_string_new (offer);
  g_autoptr (P2pNiceSdp) sdp = NULL;

  g_assert_null (p2p_nice_sdp_parse (too_long, NULL));
  g_assert_null (p2p_nice_sdp_parse (mid, NULL));
  g_assert_null (p2p_nice_sdp_parse (pwd, NULL));
  for (guint i = 0; i < 2 * P2P_NICE_SDP_MAX_CANDIDATES; i++)
    g_string_append_printf (many,
        "a=candidate:%u 1 udp 5 192.0.2.1 5 typ host\r\n", i);
  sdp = parse (many->str);
  g_assert_cmpuint (sdp->candidates->len, ==, P2P_NICE_SDP_MAX_CANDIDATES);
}

/* Cut anywhere it is refused or read, and nothing else. */
static void
test_cut (void)
{
  for (gsize i = 0; i < strlen (offer); i++) {
    g_autofree char *text = g_strndup (offer, i);
    g_autoptr (GError) error = NULL;
    g_autoptr (P2pNiceSdp) sdp = p2p_nice_sdp_parse (text, &error);

    g_assert_true (!sdp == !!error);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sdp/browser", test_browser);
  g_test_add_func ("/sdp/round-trip", test_round_trip);
  g_test_add_func ("/sdp/lenient", test_lenient);
  g_test_add_func ("/sdp/refused", test_refused);
  g_test_add_func ("/sdp/limits", test_limits);
  g_test_add_func ("/sdp/cut", test_cut);
  return g_test_run ();
}

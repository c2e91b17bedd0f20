/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "mlworld.h"
#include "p2pmldownload.h"
#include "p2pmlreader.h"

#include <string.h>

/* What p2p-media-loader 2.3.1 said in Chromium, with ours in the place of one of
 * two. */

static char *
describe_hex (GBytes * message)
{
  return p2p_ml_message_is_command (message) ? ml_to_hex (message)
      : g_strdup_printf ("#%" G_GSIZE_FORMAT, g_bytes_get_size (message));
}

/* Ours in the place of the one that serves */

#define BYTES_278052 "#65535\n#65535\n#65535\n#65535\n#15912\n"

static const struct
{
  const char *says, *got;
} served[] = {
  {"637374720169010072010763656e64",
      "63737472026901007303043e2472010763656e64\n" BYTES_278052
        "637374720369010072010763656e64\n"},
  /* From byte 200000 on */
  {"63737472016901007201086203030d4063656e64",
      "637374720269010073030130e472010863656e64\n#65535\n#12517\n"
        "637374720369010072010863656e64\n"},
  {"637374720169013772010963656e64", "637374720469013772010963656e64\n"},
  /* Not in the playlist: theirs says nothing, and lets it wait. */
  {"63737472016902270f72010a63656e64", "63737472046902270f72010a63656e64\n"},
  /* From its end on, and beyond */
  {"637374720169010072010b6203043e2463656e64",
      "637374720269010073010072010b63656e64\n"
        "637374720369010072010b63656e64\n"},
  {"637374720169010072010c6203061a8063656e64",
      "637374720269010073010072010c63656e64\n"
        "637374720369010072010c63656e64\n"},
  /* Cancelled too late */
  {"637374720169010372010f63656e64",
      "6373747202690103730304200872010f63656e64\n"
        "#65535\n#65535\n#65535\n#65535\n#8204\n"
        "637374720369010372010f63656e64\n"},
  {"637374720569010372010f63656e64", ""},
  /* Fields in another order; a long integer; a field that nobody knows */
  {"637374720172011069010063656e64",
      "63737472026901007303043e2472011063656e64\n" BYTES_278052
        "637374720369010072011063656e64\n"},
  {"637374720169040000000072011163656e64",
      "63737472026901007303043e2472011163656e64\n" BYTES_278052
        "637374720369010072011163656e64\n"},
  {"637374720169010072011278010563656e64",
      "63737472026901007303043e2472011263656e64\n" BYTES_278052
        "637374720369010072011263656e64\n"},
  /* A code that nobody knows */
  {"637374720969010072011363656e64", ""},
  /* Divided */
  {"63737472016964656e64", ""},
  {"64737472010072011463656e64",
      "63737472026901007303043e2472011463656e64\n" BYTES_278052
        "637374720369010072011463656e64\n"},
};

static void
test_served (void)
{
  g_autoptr (Wire) w = ml_wire_new ("0-4,6,5,7");

  w->describe = describe_hex;
  wire_hold (w, 0, 278052);
  wire_hold (w, 3, 270344);
  for (guint i = 0; i < G_N_ELEMENTS (served); i++) {
    ml_say (w, served[i].says);
    wire_assert_got (w, served[i].got);
  }
  g_assert_null (strstr (w->log->str, "bad"));
}

/* A request in the middle of the answer to another one. */
static void
test_replaced (void)
{
  g_autoptr (Wire) w = ml_wire_new ("");

  w->describe = describe_hex;
  w->ours->rate = 10000000;
  wire_hold (w, 1, 280120);
  wire_hold (w, 2, 262824);
  ml_say (w, "637374720169010172010d63656e64");
  wire_run (w, 10 * P2P_MSEC);
  ml_say (w, "637374720169010272010e63656e64");
  wire_run (w, P2P_SECOND);
  wire_assert_got (w, "6373747202690101730304463872010d63656e64\n"
      "#65535\n#65535\n#65535\n6373747202690102730304" "02a872010e63656e64\n"
      "#65535\n#65535\n#65535\n#65535\n#684\n"
      "637374720369010272010e63656e64\n");
}

/* What each holds, as both told it when they met; and a list over the end of a
 * block. */
static void
test_announced (void)
{
  g_autoptr (Wire) w = ml_wire_new (NULL);

  w->describe = describe_hex;
  wire_announce (w);
  wire_assert_got (w, "637374720063656e64\n");
  ml_say (w, "63737472006c1001010a0100020304050607080963656e64");
  wire_assert_log (w, "changed\n");
  g_assert_cmpint (p2p_peer_has (w->peer, "id9"), ==, P2P_PEER_HAS);
  g_assert_cmpint (p2p_peer_has (w->peer, "id10"), ==, P2P_PEER_HAS_NOT);
  ml_say (w, "63737472006c1001010500020103047010010102050663656e64");
  g_assert_cmpint (p2p_peer_has (w->peer, "id4"), ==, P2P_PEER_HAS);
  g_assert_cmpint (p2p_peer_has (w->peer, "id6"), ==, P2P_PEER_IS_LOADING);
  g_assert_cmpint (p2p_peer_has (w->peer, "id9"), ==, P2P_PEER_HAS_NOT);
  p2p_names_add (w->names, "id716", 716, "seg716.ts");
  ml_say (w, "63737472006c100102020bc0c1c2c3c4c5c6c7c8c9cc701001020201cb"
      "63656e64");
  g_assert_cmpint (p2p_peer_has (w->peer, "id716"), ==, P2P_PEER_HAS);
  wire_hold (w, 716, 1);
  wire_hold (w, 0, 1);
  wire_announce (w);
  wire_assert_got (w, "63737472006c10020101000202" "01cc63656e64\n");
}

/* Ours in the place of the one that asks: what it got is said with the ids of our
 * requests */

static void
say_with (Wire * w, const char *hex, gint64 request)
{
  g_autoptr (GBytes) message = ml_from_hex (hex);
  g_autoptr (P2pMlReader) reader = p2p_ml_reader_new (TRUE);
  g_auto (P2pMlCommand) command = { 0, };

  g_assert_cmpint (p2p_ml_reader_take (reader, message, &command), ==,
      P2P_ML_READ_COMMAND);
  ml_say_command (w, command.type, command.segment, request,
      command.type == P2P_ML_DATA ? command.size : -1);
}

/* A cancelled request whose answer all came, before the next one's. */
static void
test_cancelled_too_late (void)
{
  g_autoptr (Wire) w = ml_wire_new ("0-9");
  gint64 r = ml_request (w, 7, 0), s;

  p2p_peer_cancel (w->peer, "id7");
  wire_run (w, 0);
  ml_assert_got (w, "cancel 7 r%d\n", (int) r);
  s = ml_request (w, 8, 0);
  say_with (w, "637374720269010773030417387202017663656e64", r);
  for (guint i = 0; i < 4; i++)
    wire_say_bytes (w, 65535);
  wire_say_bytes (w, 5948);
  say_with (w, "63737472036901077202017663656e64", r);
  wire_assert_log (w, "");
  say_with (w, "6373747202690108730303ebe47202013863656e64", s);
  for (guint i = 0; i < 3; i++)
    wire_say_bytes (w, 65535);
  wire_say_bytes (w, 60391);
  say_with (w, "63737472036901087202013863656e64", s);
  wire_assert_log (w, "size id8 256996\ndata id8 65535\ndata id8 65535\n"
      "data id8 65535\ndata id8 60391\ndone id8\n");
}

/* Cancelled in the middle of 32 MB: three more messages come, then another segment;
 * that is cancelled, and four more come before the next one. */
static void
test_cancelled_in_the_middle (void)
{
  g_autoptr (Wire) w = ml_wire_new ("1,0,2-11");
  gint64 r = ml_request (w, 2, 0);

  say_with (w, "6373747202690102730401e8482c7202026063656e64", r);
  for (guint i = 0; i < 5; i++)
    wire_say_bytes (w, 65535);
  for (guint next = 4; next < 6; next++) {
    g_autofree char *id = g_strdup_printf ("id%u", next == 4 ? 2 : 4);

    p2p_peer_cancel (w->peer, id);
    wire_run (w, 0);
    g_string_truncate (w->got, 0);
    g_string_truncate (w->log, 0);
    wire_say_bytes (w, 65535);
    r = ml_request (w, next, 0);
    for (guint i = 0; i < 3; i++)
      wire_say_bytes (w, 65535);
    wire_assert_log (w, "");
    say_with (w, next == 4 ? "6373747202690104730401e8482c720202df63656e64"
        : "6373747202690105730401e8482c720202ed63656e64", r);
    wire_say_bytes (w, 65535);
    g_assert_true (g_str_has_prefix (w->log->str, "size "));
    g_assert_true (g_str_has_suffix (w->log->str, " 65535\n"));
  }
}

/* Its bytes do not come: three times, and it is left. */
static void
test_stalled (void)
{
  static const struct
  {
    guint segment;
    const char *says;
  } stalled[] = {
    {716, "6373747202690202cc730303d988720203b063656e64"},
    {715, "6373747202690202cb7303041a28720200c763656e64"},
    {716, "6373747202690202cc730303d9887202011763656e64"},
  };
  g_autoptr (Wire) w = ml_wire_new ("");

  p2p_names_add (w->names, "id715", 715, "seg715.ts");
  p2p_names_add (w->names, "id716", 716, "seg716.ts");
  ml_say (w, "63737472006c100102020cc0c1c2c3c4c5c6c7c8c9cccb63656e64");
  for (guint i = 0; i < G_N_ELEMENTS (stalled); i++) {
    gint64 r = ml_request (w, stalled[i].segment, 0);

    wire_run (w, 10 * P2P_MSEC);
    say_with (w, stalled[i].says, r);
    wire_run (w, P2P_ML_DOWNLOAD_TIMEOUT);
    ml_assert_got (w, "cancel %u r%d\n", stalled[i].segment, (int) r);
  }
  wire_assert_log (w, "changed\nsize id716 252296\ntimeout id716\n"
      "size id715 268840\ntimeout id715\nsize id716 252296\ntimeout id716\n"
      "closed\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ml-capture/served", test_served);
  g_test_add_func ("/ml-capture/replaced", test_replaced);
  g_test_add_func ("/ml-capture/announced", test_announced);
  g_test_add_func ("/ml-capture/cancelled-too-late", test_cancelled_too_late);
  g_test_add_func ("/ml-capture/cancelled-in-the-middle",
      test_cancelled_in_the_middle);
  g_test_add_func ("/ml-capture/stalled", test_stalled);
  return g_test_run ();
}

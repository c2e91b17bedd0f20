/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pbudget.h"
#include "p2psndownload.h"
#include "p2psnpeer.h"
#include "p2psnupload.h"
#include "wireworld.h"

#include <string.h>

/* What a stranger may do to a P2pSnPeer. Whatever it is: dropped, told once,
 * and nothing is left of it. */

#define PIECE1 "{\"event\":\"PIECE\",\"attachments\":2,\"url\":\"seg001.ts\"," \
    "\"sn\":1,\"size\":20000}"

static Wire *
asking_wire (void)
{
  Wire *w = wire_new ("[0,1,2]");

  p2p_peer_request (w->peer, "id1", FALSE);
  wire_run (w, 0);
  wire_assert_got (w, "{\"event\":\"REQUEST\",\"sn\":1,\"urgent\":false}\n");
  return w;
}

static void
test_no_json (void)
{
  g_autoptr (Wire) w = wire_new ("[1]");

  wire_say (w, "GET / HTTP/1.1");
  wire_assert_log (w, "bad\n");
  wire_say (w, "{\"event\":\"HAVE\",\"sn\":\"2\"}");
  wire_assert_log (w, "bad\n");
  wire_say (w, "{\"event\":\"SOMETHING\"}");
  wire_assert_log (w, "");
  wire_assert_got (w, "");
}

/* Whatever else it says, without a BITFIELD it is not waited for for ever. */
static void
test_no_field (gconstpointer data)
{
  g_autoptr (Wire) w = wire_new (NULL);

  wire_announce (w);
  for (guint i = 0; i < 99; i++) {
    if (data)
      wire_say (w, data);
    wire_run (w, P2P_SN_PEER_PATIENCE / 100);
  }
  g_assert_null (strstr (w->log->str, "closed"));
  g_assert_false (p2p_peer_is_idle (w->peer));
  g_string_truncate (w->log, 0);
  wire_run (w, P2P_SN_PEER_PATIENCE / 100);
  wire_assert_log (w, "closed\n");
  g_assert_nonnull (strstr (w->ours->texts->str, "CLOSE"));
  g_assert_true (w->gone);
}

/* One that said what it has may say nothing more. */
static void
test_says_nothing_more (void)
{
  g_autoptr (Wire) w = wire_new ("[]");

  wire_run (w, 3600 * P2P_SECOND);
  wire_assert_log (w, "");
  g_assert_true (p2p_peer_is_idle (w->peer));
}

static void
test_bytes_alone (void)
{
  g_autoptr (Wire) w = wire_new ("[1]");

  wire_say_bytes (w, 1);
  wire_assert_log (w, "bad\n");
}

static void
test_unasked_piece (void)
{
  g_autoptr (Wire) w = wire_new ("[1]");

  wire_say (w, PIECE1);
  wire_assert_log (w, "bad\n");
  wire_say_bytes (w, 16384);
  wire_say_bytes (w, 3616);
  wire_assert_log (w, "");
  wire_say_bytes (w, 1);
  wire_assert_log (w, "bad\n");
  g_assert_true (p2p_peer_is_idle (w->peer));
}

/* … while something else is asked for. */
static void
test_other_piece (void)
{
  g_autoptr (Wire) w = asking_wire ();

  wire_say (w, "{\"event\":\"PIECE\",\"attachments\":1,\"url\":\"seg002.ts\","
      "\"sn\":2,\"size\":9}");
  wire_assert_log (w, "bad id1\n");
  wire_say_bytes (w, 9);
  wire_assert_log (w, "");
}

static void
test_piece_in_piece (void)
{
  g_autoptr (Wire) w = asking_wire ();

  wire_say (w, PIECE1);
  wire_say_bytes (w, 16384);
  wire_say (w, PIECE1);
  wire_assert_log (w, "size id1 20000\ndata id1 16384\nbad id1\n");
}

/* Packets that are not what was announced: sizes of them, 0 for none more. */
static void
test_wrong_bytes (void)
{
  static const struct
  {
    gsize sizes[3];
    const char *log;
  } cases[] = {
    {{20001}, "bad id1\n"},
    {{20000}, "bad id1\n"},
    {{16384, 3615}, "data id1 16384\nbad id1\n"},
    {{16384, 3617}, "data id1 16384\nbad id1\n"},
    {{16384, 65537}, "data id1 16384\nbad id1\n"},
    {{19999, 1, 1}, "data id1 19999\ndata id1 1\ndone id1\nbad\n"}
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (Wire) w = asking_wire ();
    g_autofree char *log = g_strconcat ("size id1 20000\n", cases[i].log,
        NULL);

    wire_say (w, PIECE1);
    for (guint k = 0; k < 3 && cases[i].sizes[k]; k++)
      wire_say_bytes (w, cases[i].sizes[k]);
    wire_assert_log (w, log);
  }
}

static void
test_long_packet (void)
{
  g_autoptr (Wire) w = asking_wire ();

  wire_say (w, "{\"event\":\"PIECE\",\"attachments\":2,\"sn\":1,"
      "\"size\":131071}");
  wire_say_bytes (w, P2P_SN_MAX_PACKET + 1);
  wire_assert_log (w, "size id1 131071\nbad id1\n");
}

static void
test_empty_packet (void)
{
  g_autoptr (Wire) w = asking_wire ();
  g_autoptr (GBytes) nothing = g_bytes_new (NULL, 0);

  wire_say (w, PIECE1);
  w->ours->events->message (P2P_CHANNEL (w->ours), nothing, FALSE,
      w->ours->user_data);
  wire_assert_log (w, "size id1 20000\nbad id1\n");
}

static void
test_attachments_that_do_not_fit (void)
{
  g_autoptr (Wire) w = asking_wire ();

  wire_say (w, "{\"event\":\"PIECE\",\"attachments\":20001,\"sn\":1,"
      "\"size\":20000}");
  wire_assert_log (w, "bad id1\n");
}

static void
test_million (void)
{
  g_autoptr (Wire) w = wire_new (NULL);
  g_autoptr (GString) text =
      g_string_new ("{\"event\":\"BITFIELD\",\"field\":[0");

  for (guint i = 1; i < 1000000; i++)
    g_string_append_printf (text, ",%u", i);
  g_string_append (text, "]}");
  w->theirs->max_message = G_MAXSIZE;
  wire_say (w, text->str);
  wire_assert_log (w, "bad\n");
  g_assert_false (p2p_peer_is_idle (w->peer));
}

/* A set grows by HAVE no further than by BITFIELD. */
static void
test_have_storm (void)
{
  g_autoptr (Wire) w = wire_new ("[]");
  g_autofree char *text = NULL;

  for (guint i = 0; i < P2P_SN_MAX_FIELD; i++) {
    g_autofree char *have = g_strdup_printf ("{\"event\":\"HAVE\",\"sn\":%u}",
        i + 1000);

    wire_say (w, have);
    wire_run (w, P2P_SECOND / P2P_BUDGET_RATE);
  }
  g_assert_null (strstr (w->log->str, "bad"));
  g_string_truncate (w->log, 0);
  wire_say (w, "{\"event\":\"HAVE\",\"sn\":1000}");
  wire_assert_log (w, "");
  wire_say (w, "{\"event\":\"HAVE\",\"sn\":1}");
  wire_assert_log (w, "bad\n");
  g_assert_cmpint (p2p_peer_has (w->peer, "id1"), ==, P2P_PEER_HAS_NOT);
}

static void
test_text_storm (void)
{
  g_autoptr (Wire) w = wire_new ("[]");

  wire_run (w, 3600 * P2P_SECOND);
  for (guint i = 0; i < P2P_BUDGET_BURST; i++)
    wire_say (w, "{\"event\":\"PONG\"}");
  wire_assert_log (w, "");
  wire_say (w, "{\"event\":\"PONG\"}");
  wire_assert_log (w, "bad\n");
  wire_run (w, P2P_SECOND / P2P_BUDGET_RATE);
  wire_say (w, "{\"event\":\"PONG\"}");
  wire_assert_log (w, "");
  wire_say (w, "{\"event\":\"PONG\"}");
  wire_assert_log (w, "bad\n");
}

/* Long ones cost more. */
static void
test_long_text_storm (void)
{
  g_autoptr (Wire) w = wire_new ("[]");
  g_autofree char *fill = g_strnfill (200 * 1024, ' ');
  g_autofree char *text = g_strdup_printf ("{\"event\":\"PONG\"%s}", fill);

  for (guint i = 0; i < 4; i++)
    wire_say (w, text);
  wire_assert_log (w, "");
  wire_say (w, text);
  wire_assert_log (w, "bad\n");
}

static guint
count (const char *text, const char *what)
{
  guint n = 0;

  while ((text = strstr (text, what))) {
    text++;
    n++;
  }
  return n;
}

/* Nobody reads what is answered: not more than the bound waits, and nothing is
 * asked of the loader. */
static void
test_request_storm (void)
{
  g_autoptr (Wire) w = wire_new ("[]");

  for (guint i = 0; i < WIRE_SEGMENTS; i++)
    wire_hold (w, i, 200000);
  wire_announce (w);
  wire_say (w, "{\"event\":\"REQUEST\",\"sn\":0}");
  w->ours->stuck = TRUE;
  g_string_truncate (w->ours->texts, 0);
  for (guint i = 0; i < 900; i++) {
    g_autofree char *text =
        g_strdup_printf ("{\"event\":\"REQUEST\",\"sn\":%u,\"urgent\":true}",
        i % WIRE_SEGMENTS);

    wire_say (w, text);
  }
  g_assert_cmpuint (w->ours->max_buffered, <=, P2P_SN_MAX_BUFFERED);
  g_assert_cmpuint (count (w->ours->texts->str, "NOT_FOUND"), >, 0);
  g_assert_cmpuint (count (w->ours->texts->str, "\"PIECE\""), <=, 2);
  wire_assert_log (w, "");

  /* Those that waited are served, and none of the rest. */
  w->ours->stuck = FALSE;
  g_string_truncate (w->ours->texts, 0);
  wire_say (w, "{\"event\":\"PING\"}");
  wire_run (w, P2P_SECOND);
  g_assert_cmpuint (count (w->ours->texts->str, "\"PIECE\""), <=,
      P2P_SN_UPLOAD_MAX_REQUESTS + 1);
}

/* What nobody has ever heard of is not asked of the loader. */
static void
test_unknown (void)
{
  g_autoptr (Wire) w = wire_new ("[]");

  wire_hold (w, 1, 10);
  wire_announce (w);
  g_string_truncate (w->got, 0);
  wire_say (w, "{\"event\":\"REQUEST\",\"sn\":9007199254740991}");
  wire_assert_got (w, "{\"event\":\"PIECE_NOT_FOUND\",\"sn\":"
      "9007199254740991}\n");
  wire_say (w, "{\"event\":\"REQUEST\",\"url\":\"../../etc/passwd\"}");
  wire_assert_got (w, "{\"event\":\"PIECE_NOT_FOUND\",\"url\":"
      "\"../../etc/passwd\"}\n");
  wire_say (w, "{\"event\":\"REQUEST\",\"sn\":1,\"url\":\"seg002.ts\"}");
  wire_assert_got (w, "{\"event\":\"PIECE_NOT_FOUND\",\"url\":"
      "\"seg002.ts\",\"sn\":1}\n");
  wire_say (w, "{\"event\":\"HAVE\",\"sn\":9007199254740991}");
  wire_say (w, "{\"event\":\"LOST\",\"sn\":9007199254740990}");
  wire_say (w, "{\"event\":\"PIECE_NOT_FOUND\",\"sn\":3}");
  wire_assert_log (w, "changed\n");
}

/* Answers to what was cancelled long ago are known for what they are, but not
 * for ever. */
static void
test_stale (void)
{
  g_autoptr (Wire) w = wire_new ("[0,1,2,3,4,5,6,7,8,9]");

  for (guint i = 0; i <= P2P_SN_DOWNLOAD_MAX_STALE; i++) {
    g_autofree char *id = g_strdup_printf ("id%u", i);

    p2p_peer_request (w->peer, id, FALSE);
    p2p_peer_cancel (w->peer, id);
    wire_run (w, P2P_SN_DOWNLOAD_TIMEOUT);
  }
  g_string_truncate (w->log, 0);
  for (guint i = P2P_SN_DOWNLOAD_MAX_STALE; i > 0; i--) {
    g_autofree char *piece = g_strdup_printf ("{\"event\":\"PIECE\","
        "\"attachments\":1,\"sn\":%u,\"size\":9}", i);

    wire_say (w, piece);
    wire_say_bytes (w, 9);
  }
  wire_assert_log (w, "");
  wire_say (w, "{\"event\":\"PIECE\",\"attachments\":1,\"sn\":0,\"size\":9}");
  wire_assert_log (w, "bad\n");
}

/* One packet more than a piece may have, and just as many. */
static void
test_small_packets (void)
{
  g_autoptr (Wire) w = asking_wire ();
  g_autofree char *most = g_strdup_printf ("{\"event\":\"PIECE\",\"sn\":1,"
      "\"attachments\":20,\"size\":%u}", 20 * P2P_SN_MIN_PACKET);

  wire_say (w, "{\"event\":\"PIECE\",\"sn\":1,\"attachments\":21,"
      "\"size\":20480}");
  wire_assert_log (w, "bad id1\n");
  wire_run (w, P2P_SN_DOWNLOAD_TIMEOUT);
  g_string_truncate (w->log, 0);
  p2p_peer_request (w->peer, "id2", FALSE);
  most[strlen ("{\"event\":\"PIECE\",\"sn\":")] = '2';
  wire_say (w, most);
  for (guint i = 0; i < 20; i++)
    wire_say_bytes (w, P2P_SN_MIN_PACKET);
  g_assert_true (g_str_has_prefix (w->log->str, "size id2 20480\n"));
  g_assert_true (g_str_has_suffix (w->log->str, "done id2\n"));
}

/* Who reads nothing is still told what there is: pieces leave room for it. */
static void
test_room_for_text (void)
{
  g_autoptr (Wire) w = wire_new ("[]");

  wire_hold (w, 0, 5000000);
  wire_announce (w);
  w->ours->stuck = TRUE;
  wire_say (w, "{\"event\":\"REQUEST\",\"sn\":0}");
  g_assert_cmpuint (w->ours->max_buffered, <=,
      P2P_SN_MAX_BUFFERED - P2P_SN_TEXT_ROOM);
  wire_hold (w, 1, 10);
  wire_announce (w);
  g_assert_nonnull (strstr (w->ours->texts->str,
          "{\"event\":\"HAVE\",\"sn\":1}"));
}

static void
test_ping_storm (void)
{
  g_autoptr (Wire) w = wire_new ("[]");

  w->ours->stuck = TRUE;
  for (guint i = 0; i < 17000; i++) {
    wire_say (w, "{\"event\":\"PING\"}");
    wire_run (w, P2P_SECOND / P2P_BUDGET_RATE);
  }
  g_assert_cmpuint (w->ours->max_buffered, <=, P2P_SN_MAX_BUFFERED);
  wire_assert_log (w, "");
}

static void
test_odd_acks (void)
{
  g_autoptr (Wire) w = wire_new ("[]");

  wire_say (w, "{\"event\":\"PIECE_ACK\",\"sn\":1,\"url\":\"seg001.ts\"}");
  wire_say (w, "{\"event\":\"PIECE_ACK\"}");
  wire_hold (w, 1, 10);
  wire_say (w, "{\"event\":\"REQUEST\",\"sn\":1}");
  wire_say (w, "{\"event\":\"PIECE_ACK\",\"sn\":2,\"url\":\"seg001.ts\"}");
  wire_say (w, "{\"event\":\"PIECE_ACK\"}");
  wire_assert_log (w, "");
  wire_say (w, "{\"event\":\"PIECE_ACK\",\"url\":\"seg001.ts\"}");
  wire_say (w, "{\"event\":\"PIECE_ACK\",\"url\":\"seg001.ts\"}");
  wire_assert_log (w, "uploaded 10\n");
}

/* CLOSE, ERROR, and an end without either, whatever is going on. */
static void
end_at (guint how, guint when)
{
  static const char *const texts[] = {
    "{\"event\":\"CLOSE\"}", "{\"event\":\"ERROR\"}"
  };
  g_autoptr (Wire) w = wire_new (when > 0 ? "[1]" : NULL);

  w->ours->rate = 100000;
  if (when > 1)
    p2p_peer_request (w->peer, "id1", FALSE);
  if (when > 2)
    wire_say (w, PIECE1);
  if (when > 3)
    wire_say_bytes (w, 16384);
  if (when > 4)
    p2p_peer_cancel (w->peer, "id1");
  if (when > 5) {
    wire_hold (w, 5, 500000);
    wire_say (w, "{\"event\":\"REQUEST\",\"sn\":5}");
    wire_run (w, P2P_SECOND);
  }
  g_string_truncate (w->log, 0);
  if (how < 2)
    wire_say (w, texts[how]);
  else
    fake_channel_cut (w->theirs);
  wire_assert_log (w, "closed\n");
  g_assert_false (p2p_peer_is_idle (w->peer));
  g_assert_true (w->ours->closed);
  wire_run (w, 60 * P2P_SECOND);
  wire_announce (w);
  p2p_peer_close (w->peer);
  wire_assert_log (w, "");
}

static void
test_end (void)
{
  for (guint how = 0; how < 3; how++)
    for (guint when = 0; when < 7; when++)
      end_at (how, when);
}

/* The loader may close a peer inside of any event. */
static const char *close_at;

static void
on_event (gpointer data, const char *what)
{
  Wire *w = data;

  if (g_str_equal (what, close_at)) {
    p2p_peer_set_events (w->peer, NULL, NULL);
    p2p_peer_close (w->peer);
  }
}

static void
test_close_in_event (gconstpointer data)
{
  g_autoptr (Wire) w = asking_wire ();
  const char *last;

  close_at = data;
  w->on_event = on_event;
  wire_hold (w, 5, 500000);
  wire_say (w, "{\"event\":\"REQUEST\",\"sn\":5}");
  wire_run (w, P2P_SECOND);
  wire_say (w, "{\"event\":\"PIECE_ACK\",\"sn\":5}");
  wire_say (w, "{\"event\":\"HAVE\",\"sn\":7}");
  wire_say (w, PIECE1);
  wire_say_bytes (w, 16384);
  wire_say_bytes (w, 3616);
  wire_say (w, "!");
  g_assert_true (w->gone);
  /* Nothing came after it. */
  g_string_truncate (w->log, w->log->len - 1);
  last = strrchr (w->log->str, '\n');
  g_assert_true (g_str_has_prefix (last ? last + 1 : w->log->str, data));
  wire_run (w, 60 * P2P_SECOND);
}

int
main (int argc, char **argv)
{
  static const char *const events[] = {
    "changed", "size", "data", "done", "uploaded", "bad"
  };

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sn-hostile/no-json", test_no_json);
  g_test_add_data_func ("/sn-hostile/no-field/silent", NULL, test_no_field);
  g_test_add_data_func ("/sn-hostile/no-field/pings",
      "{\"event\":\"PING\"}", test_no_field);
  g_test_add_data_func ("/sn-hostile/no-field/news",
      "{\"event\":\"HAVE\",\"sn\":1}", test_no_field);
  g_test_add_data_func ("/sn-hostile/no-field/nonsense",
      "{\"event\":\"BITFIELD\"}", test_no_field);
  g_test_add_func ("/sn-hostile/says-nothing-more", test_says_nothing_more);
  g_test_add_func ("/sn-hostile/bytes-alone", test_bytes_alone);
  g_test_add_func ("/sn-hostile/unasked-piece", test_unasked_piece);
  g_test_add_func ("/sn-hostile/other-piece", test_other_piece);
  g_test_add_func ("/sn-hostile/piece-in-piece", test_piece_in_piece);
  g_test_add_func ("/sn-hostile/wrong-bytes", test_wrong_bytes);
  g_test_add_func ("/sn-hostile/long-packet", test_long_packet);
  g_test_add_func ("/sn-hostile/empty-packet", test_empty_packet);
  g_test_add_func ("/sn-hostile/attachments", test_attachments_that_do_not_fit);
  g_test_add_func ("/sn-hostile/million", test_million);
  g_test_add_func ("/sn-hostile/have-storm", test_have_storm);
  g_test_add_func ("/sn-hostile/text-storm", test_text_storm);
  g_test_add_func ("/sn-hostile/long-text-storm", test_long_text_storm);
  g_test_add_func ("/sn-hostile/request-storm", test_request_storm);
  g_test_add_func ("/sn-hostile/unknown", test_unknown);
  g_test_add_func ("/sn-hostile/stale", test_stale);
  g_test_add_func ("/sn-hostile/small-packets", test_small_packets);
  g_test_add_func ("/sn-hostile/room-for-text", test_room_for_text);
  g_test_add_func ("/sn-hostile/ping-storm", test_ping_storm);
  g_test_add_func ("/sn-hostile/odd-acks", test_odd_acks);
  g_test_add_func ("/sn-hostile/end", test_end);
  for (guint i = 0; i < G_N_ELEMENTS (events); i++) {
    g_autofree char *path = g_strconcat ("/sn-hostile/close-in-event/",
        events[i], NULL);

    g_test_add_data_func (path, events[i], test_close_in_event);
  }
  return g_test_run ();
}

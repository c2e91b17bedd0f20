/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pbudget.h"
#include "p2pjson.h"
#include "p2psndownload.h"
#include "p2psnpeer.h"
#include "p2psntold.h"
#include "p2psnupload.h"
#include "wireworld.h"

#include <string.h>

#define FIELD(list) \
    "{\"event\":\"BITFIELD\",\"field\":" list ",\"packet\":65536}\n"
#define REQUEST(n, urgent) \
    "{\"event\":\"REQUEST\",\"sn\":" n ",\"urgent\":" urgent "}\n"
#define PIECE(n, attachments, size) \
    "{\"event\":\"PIECE\",\"attachments\":" attachments ",\"url\":\"seg00" n \
    ".ts\",\"sn\":" n ",\"size\":" size "}"
#define NOT_FOUND(n) \
    "{\"event\":\"PIECE_NOT_FOUND\",\"url\":\"seg00" n ".ts\",\"sn\":" n "}"
#define ACK(n) \
    "{\"event\":\"PIECE_ACK\",\"sn\":" n ",\"url\":\"seg00" n ".ts\"}\n"

/* What each holds */

static void
test_open (void)
{
  g_autoptr (Wire) w = wire_new (NULL);

  wire_hold (w, 0, 1);
  wire_hold (w, 2, 1);
  wire_hold (w, WIRE_SEGMENTS, 1);
  wire_run (w, 0);
  wire_assert_got (w, "");
  wire_announce (w);
  wire_assert_got (w, FIELD ("[0,2]"));

  /* Nothing before its BITFIELD; what came before it does not count. */
  wire_say (w, "{\"event\":\"HAVE\",\"sn\":1}");
  wire_assert_log (w, "");
  g_assert_false (p2p_peer_is_idle (w->peer));
  g_assert_cmpint (p2p_peer_has (w->peer, "id1"), ==, P2P_PEER_HAS_NOT);
  wire_say (w, "{\"event\":\"BITFIELD\",\"field\":[5,0,5,3]}");
  wire_assert_log (w, "changed\n");
  g_assert_true (p2p_peer_is_idle (w->peer));
  g_assert_cmpint (p2p_peer_has (w->peer, "id0"), ==, P2P_PEER_HAS);
  g_assert_cmpint (p2p_peer_has (w->peer, "id1"), ==, P2P_PEER_HAS_NOT);
  g_assert_cmpint (p2p_peer_has (w->peer, "id3"), ==, P2P_PEER_HAS);
  g_assert_cmpint (p2p_peer_has (w->peer, "id5"), ==, P2P_PEER_HAS);
  g_assert_cmpint (p2p_peer_has (w->peer, "id40"), ==, P2P_PEER_HAS_NOT);
  g_assert_cmpstr (p2p_peer_get_id (w->peer), ==, "p");
  g_assert_cmpstr (p2p_peer_get_remote_address (w->peer), ==, "192.0.2.2:6000");
}

static void
test_news_of_theirs (void)
{
  g_autoptr (Wire) w = wire_new ("[]");

  wire_say (w, "{\"event\":\"HAVE\",\"sn\":0}");
  wire_assert_log (w, "changed\n");
  g_assert_cmpint (p2p_peer_has (w->peer, "id0"), ==, P2P_PEER_HAS);
  wire_say (w, "{\"event\":\"HAVE\",\"sn\":0}");
  wire_say (w, "{\"event\":\"HAVE\"}");
  wire_say (w, "{\"event\":\"LOST\"}");
  wire_say (w, "{\"event\":\"LOST\",\"sn\":1}");
  wire_assert_log (w, "");
  wire_say (w, "{\"event\":\"LOST\",\"sn\":0}");
  wire_assert_log (w, "changed\n");
  g_assert_cmpint (p2p_peer_has (w->peer, "id0"), ==, P2P_PEER_HAS_NOT);
}

static void
test_news_of_ours (void)
{
  g_autoptr (Wire) w = wire_new ("[]");

  wire_hold (w, 3, 1);
  wire_announce (w);
  wire_assert_got (w, "{\"event\":\"HAVE\",\"sn\":3}\n");
  wire_announce (w);
  wire_assert_got (w, "");
  wire_drop (w, 3);
  wire_hold (w, 4, 1);
  wire_announce (w);
  wire_assert_got (w, "{\"event\":\"LOST\",\"sn\":3}\n"
      "{\"event\":\"HAVE\",\"sn\":4}\n");
}

/* The playlist goes on: what was told is still had under that number, and lost
 * with it; what has no name is not told. */
static void
test_names_go (void)
{
  g_autoptr (Wire) w = wire_new ("[7]");

  wire_hold (w, 7, 10);
  wire_announce (w);
  wire_assert_got (w, "{\"event\":\"HAVE\",\"sn\":7}\n");
  p2p_names_clear (w->names);
  wire_hold (w, 8, 10);
  wire_announce (w);
  wire_assert_got (w, "");
  g_assert_cmpint (p2p_peer_has (w->peer, "id7"), ==, P2P_PEER_HAS_NOT);
  wire_say (w, "{\"event\":\"REQUEST\",\"sn\":7,\"urgent\":true}");
  wire_assert_got (w, PIECE ("7", "1", "10") "\n#10\n");
  wire_drop (w, 7);
  wire_announce (w);
  wire_assert_got (w, "{\"event\":\"LOST\",\"sn\":7}\n");
}

/* A stream that began anew: a number means another segment. */
static void
test_numbers_again (void)
{
  g_autoptr (Wire) w = wire_new ("[]");

  wire_hold (w, 7, 10);
  wire_announce (w);
  g_string_truncate (w->got, 0);
  wire_begin_anew (w);
  wire_assert_got (w, "{\"event\":\"HAVE\",\"sn\":7}\n");
  wire_say (w, "{\"event\":\"REQUEST\",\"sn\":7}");
  wire_assert_got (w, "{\"event\":\"PIECE\",\"attachments\":1,"
      "\"url\":\"new.ts\",\"sn\":7,\"size\":20}\n#20\n");
  wire_drop (w, 7);
  wire_announce (w);
  wire_assert_got (w, "");
}

static guint
count (const char *text, const char *what)
{
  guint n = 0;

  for (; (text = strstr (text, what)); text++)
    n++;
  return n;
}

/* A cache of hours is told in parts, none of them too long for a browser. */
static void
test_much_to_tell (void)
{
  g_autoptr (Wire) w = wire_new (NULL);
  const guint all = P2P_SN_TOLD_MAX_FIELD + P2P_SN_TOLD_MAX_NEWS + 10;

  p2p_names_clear (w->names);
  for (guint i = 0; i < all; i++) {
    g_autofree char *id = g_strdup_printf ("id%u", i);

    p2p_names_add (w->names, id, P2P_JSON_MAX_INT64 - i, id);
    wire_hold (w, i, 1);
  }
  p2p_names_add (w->names, "unsayable", P2P_JSON_MAX_INT64 + 1, "u.ts");
  g_hash_table_insert (w->segments, g_strdup ("unsayable"),
      p2p_segment_new ("http://h/u", "unsayable", 0, -1, 0));
  wire_announce (w);
  g_assert_cmpuint (count (w->got->str, "9007199254"), ==,
      P2P_SN_TOLD_MAX_FIELD);
  g_assert_cmpuint (w->got->len, <, 60000);
  g_string_truncate (w->got, 0);
  wire_announce (w);
  g_assert_cmpuint (count (w->got->str, "HAVE"), ==, P2P_SN_TOLD_MAX_NEWS);
  g_string_truncate (w->got, 0);
  wire_announce (w);
  g_assert_cmpuint (count (w->got->str, "HAVE"), ==, 10);
  g_string_truncate (w->got, 0);
  wire_announce (w);
  wire_assert_got (w, "");
}

/* What could not be said while nothing went is said later. */
static void
test_told_later (void)
{
  g_autoptr (Wire) w = wire_new ("[]");

  wire_hold (w, 0, 1000000);
  wire_announce (w);
  wire_assert_got (w, "{\"event\":\"HAVE\",\"sn\":0}\n");
  w->ours->stuck = TRUE;
  wire_say (w, "{\"event\":\"REQUEST\",\"sn\":0}");
  for (guint i = 0; i < 9000; i++) {
    wire_say (w, "{\"event\":\"PING\"}");
    wire_run (w, P2P_SECOND / P2P_BUDGET_RATE);
  }
  wire_hold (w, 1, 1);
  wire_drop (w, 0);
  wire_announce (w);
  w->ours->stuck = FALSE;
  fake_channel_send_binary (w->ours, 1);
  wire_run (w, 0);
  g_assert_null (strstr (w->got->str, "HAVE"));
  g_string_truncate (w->got, 0);
  wire_announce (w);
  wire_assert_got (w, "{\"event\":\"LOST\",\"sn\":0}\n"
      "{\"event\":\"HAVE\",\"sn\":1}\n");
}

/* Asking */

static void
test_request (void)
{
  g_autoptr (Wire) w = wire_new ("[0,1]");

  p2p_peer_request (w->peer, "id1", TRUE);
  wire_run (w, 0);
  wire_assert_got (w, REQUEST ("1", "true"));
  g_assert_false (p2p_peer_is_idle (w->peer));
  wire_say (w, PIECE ("1", "2", "20000"));
  wire_say_bytes (w, 16384);
  wire_assert_got (w, "");
  wire_say (w, "{\"event\":\"HAVE\",\"sn\":2}");
  wire_say_bytes (w, 3616);
  wire_assert_log (w, "size id1 20000\ndata id1 16384\nchanged\n"
      "data id1 3616\ndone id1\n");
  wire_assert_got (w, ACK ("1"));
  g_assert_true (p2p_peer_is_idle (w->peer));

  p2p_peer_request (w->peer, "id0", FALSE);
  wire_say (w, NOT_FOUND ("0"));
  wire_assert_got (w, REQUEST ("0", "false"));
  wire_assert_log (w, "absent id0\n");
  g_assert_true (p2p_peer_is_idle (w->peer));
}

/* An answer may name the segment by url only, as to the requests by url of the
 * seed's client; of packets up to 64 KiB. */
static void
test_answer_by_url (void)
{
  g_autoptr (Wire) w = wire_new ("[0,1]");

  p2p_peer_request (w->peer, "id1", FALSE);
  wire_say (w, "{\"event\":\"PIECE\",\"attachments\":1,"
      "\"url\":\"/vod/seg001.ts?x\",\"size\":65536}");
  wire_say_bytes (w, 65536);
  wire_assert_log (w, "size id1 65536\ndata id1 65536\ndone id1\n");
  p2p_peer_request (w->peer, "id0", FALSE);
  wire_say (w, "{\"event\":\"PIECE_NOT_FOUND\",\"url\":\"seg000.ts\"}");
  wire_assert_log (w, "absent id0\n");
}

/* The same number of another variant. */
static void
test_other_variant (void)
{
  g_autoptr (Wire) w = wire_new ("[0,1]");

  p2p_peer_request (w->peer, "id1", FALSE);
  wire_say (w, "{\"event\":\"PIECE\",\"attachments\":1,"
      "\"url\":\"high/other.ts\",\"sn\":1,\"size\":10}");
  wire_assert_log (w, "absent id1\n");
  p2p_peer_request (w->peer, "id0", FALSE);
  wire_say_bytes (w, 10);
  wire_say (w, PIECE ("0", "1", "5"));
  wire_say_bytes (w, 5);
  wire_assert_log (w, "size id0 5\ndata id0 5\ndone id0\n");
}

/* What the receiver's checks do not take is not acknowledged, and what they
 * take late is when they do. */
static void
test_accepted_late (void)
{
  g_autoptr (Wire) w = wire_new ("[1,2]");

  w->refuses = TRUE;
  p2p_peer_request (w->peer, "id1", FALSE);
  wire_say (w, PIECE ("1", "1", "5"));
  wire_say_bytes (w, 5);
  wire_assert_log (w, "size id1 5\ndata id1 5\ndone id1\n");
  g_assert_true (p2p_peer_is_idle (w->peer));
  p2p_peer_request (w->peer, "id2", FALSE);
  wire_assert_got (w, REQUEST ("1", "false"));
  p2p_peer_accept (w->peer, "id2");
  p2p_peer_accept (w->peer, "id1");
  p2p_peer_accept (w->peer, "id1");
  wire_run (w, 0);
  wire_assert_got (w, REQUEST ("2", "false") ACK ("1"));
}

/* No more than so many are remembered that were never judged. */
static void
test_never_accepted (void)
{
  g_autoptr (Wire) w = wire_new ("[1]");

  w->refuses = TRUE;
  for (guint i = 0; i < P2P_SN_DOWNLOAD_MAX_DONE + 3; i++) {
    p2p_peer_request (w->peer, "id1", FALSE);
    wire_say (w, PIECE ("1", "1", "5"));
    wire_say_bytes (w, 5);
  }
  g_string_truncate (w->ours->texts, 0);
  for (guint i = 0; i < P2P_SN_DOWNLOAD_MAX_DONE + 3; i++)
    p2p_peer_accept (w->peer, "id1");
  g_assert_cmpuint (w->ours->texts->len, ==,
      P2P_SN_DOWNLOAD_MAX_DONE * strlen (ACK ("1")));
}

static void
on_done_request (gpointer data, const char *what)
{
  Wire *w = data;

  if (g_str_equal (what, "done") && p2p_peer_is_idle (w->peer))
    p2p_peer_request (w->peer, "id2", TRUE);
}

static void
test_request_when_done (void)
{
  g_autoptr (Wire) w = wire_new ("[1,2]");

  p2p_peer_request (w->peer, "id1", FALSE);
  wire_say (w, PIECE ("1", "1", "5"));
  w->on_event = on_done_request;
  wire_say_bytes (w, 5);
  wire_assert_got (w, REQUEST ("1", "false") ACK ("1") REQUEST ("2", "true"));
}

/* Cancelling */

static void
test_cancel_while_it_comes (void)
{
  g_autoptr (Wire) w = wire_new ("[1,2]");

  p2p_peer_request (w->peer, "id1", FALSE);
  wire_say (w, PIECE ("1", "2", "20000"));
  wire_assert_log (w, "size id1 20000\n");
  p2p_peer_cancel (w->peer, "id1");
  g_assert_false (p2p_peer_is_idle (w->peer));
  wire_run (w, P2P_SN_DOWNLOAD_TIMEOUT - 1);
  wire_say_bytes (w, 16384);
  wire_run (w, P2P_SN_DOWNLOAD_TIMEOUT - 1);
  g_assert_false (p2p_peer_is_idle (w->peer));
  wire_assert_log (w, "");
  wire_say_bytes (w, 3616);
  wire_assert_log (w, "changed\n");
  g_assert_true (p2p_peer_is_idle (w->peer));
  wire_assert_got (w, REQUEST ("1", "false"));
}

static void
test_cancel_before_it_comes (void)
{
  g_autoptr (Wire) w = wire_new ("[1,2]");

  p2p_peer_request (w->peer, "id1", FALSE);
  p2p_peer_cancel (w->peer, "id1");
  wire_say (w, NOT_FOUND ("1"));
  wire_assert_log (w, "changed\n");
  g_assert_true (p2p_peer_is_idle (w->peer));
}

/* An answer that nobody waits for any more is no crime. */
static void
test_late_answer (void)
{
  g_autoptr (Wire) w = wire_new ("[1,2]");

  p2p_peer_request (w->peer, "id1", FALSE);
  wire_run (w, P2P_SECOND);
  p2p_peer_cancel (w->peer, "id1");
  wire_run (w, P2P_SN_DOWNLOAD_TIMEOUT - 1);
  g_assert_false (p2p_peer_is_idle (w->peer));
  wire_run (w, 1);
  g_assert_true (p2p_peer_is_idle (w->peer));
  wire_assert_log (w, "changed\n");

  p2p_peer_request (w->peer, "id2", FALSE);
  wire_say (w, PIECE ("1", "1", "9"));
  wire_say_bytes (w, 9);
  wire_say (w, PIECE ("2", "1", "8"));
  wire_say_bytes (w, 8);
  wire_assert_log (w, "size id2 8\ndata id2 8\ndone id2\n");
  wire_say (w, PIECE ("1", "1", "9"));
  wire_assert_log (w, "bad\n");
}

/* The rest of a piece that stopped half-way. */
static void
test_late_rest (void)
{
  g_autoptr (Wire) w = wire_new ("[1,2]");

  p2p_peer_request (w->peer, "id1", FALSE);
  wire_say (w, PIECE ("1", "2", "20000"));
  p2p_peer_cancel (w->peer, "id1");
  wire_run (w, P2P_SN_DOWNLOAD_TIMEOUT);
  p2p_peer_request (w->peer, "id2", FALSE);
  wire_say_bytes (w, 16384);
  wire_say_bytes (w, 3616);
  wire_say (w, PIECE ("2", "1", "8"));
  wire_say_bytes (w, 8);
  wire_assert_log (w, "size id1 20000\nchanged\nsize id2 8\ndata id2 8\n"
      "done id2\n");
}

/* Serving */

static void
assert_uploads (Wire * w, const char *request, const char *expect)
{
  wire_say (w, request);
  wire_assert_got (w, expect);
}

static void
test_serve (void)
{
  g_autoptr (Wire) w = wire_new ("[]");

  wire_hold (w, 0, 40000);
  wire_hold (w, 1, 16384);
  wire_hold (w, 2, 0);
  assert_uploads (w, "{\"event\":\"REQUEST\",\"sn\":0,\"urgent\":true}",
      PIECE ("0", "3", "40000") "\n#16384\n#16384\n#7232\n");
  wire_assert_log (w, "");
  wire_say (w, "{\"event\":\"PIECE_ACK\",\"sn\":0,\"url\":\"seg000.ts\"}");
  wire_assert_log (w, "uploaded 40000\n");
  assert_uploads (w, "{\"event\":\"REQUEST\",\"url\":\"seg001.ts\"}",
      PIECE ("1", "1", "16384") "\n#16384\n");
  assert_uploads (w, "{\"event\":\"REQUEST\",\"url\":\"/a/seg001.ts?b\","
      "\"sn\":1}", "{\"event\":\"PIECE\",\"attachments\":1,"
      "\"url\":\"/a/seg001.ts?b\",\"sn\":1,\"size\":16384}\n#16384\n");
  assert_uploads (w, "{\"event\":\"PING\"}", "{\"event\":\"PONG\"}\n");

  /* Not held, empty, not known, of another variant. */
  assert_uploads (w, "{\"event\":\"REQUEST\",\"sn\":3}", NOT_FOUND ("3") "\n");
  assert_uploads (w, "{\"event\":\"REQUEST\",\"sn\":2}", NOT_FOUND ("2") "\n");
  assert_uploads (w, "{\"event\":\"REQUEST\",\"sn\":99}",
      "{\"event\":\"PIECE_NOT_FOUND\",\"sn\":99}\n");
  assert_uploads (w, "{\"event\":\"REQUEST\",\"url\":\"x.ts\"}",
      "{\"event\":\"PIECE_NOT_FOUND\",\"url\":\"x.ts\"}\n");
  assert_uploads (w, "{\"event\":\"REQUEST\",\"sn\":1,\"url\":\"b/1.ts\"}",
      "{\"event\":\"PIECE_NOT_FOUND\",\"url\":\"b/1.ts\",\"sn\":1}\n");
}

static void
test_not_acknowledged (void)
{
  g_autoptr (Wire) w = wire_new ("[]");

  wire_hold (w, 0, 10);
  wire_say (w, "{\"event\":\"REQUEST\",\"sn\":0}");
  wire_run (w, P2P_SN_UPLOAD_TIMEOUT - 1);
  wire_say (w, "{\"event\":\"PIECE_ACK\",\"sn\":0}");
  wire_assert_log (w, "uploaded 10\n");
  wire_say (w, "{\"event\":\"REQUEST\",\"sn\":0}");
  wire_run (w, P2P_SN_UPLOAD_TIMEOUT);
  wire_say (w, "{\"event\":\"PIECE_ACK\",\"sn\":0}");
  wire_assert_log (w, "");
  g_assert_false (w->gone);
}

/* Over a slow link the time counts from when the bytes went. */
static void
test_slow_acknowledgement (void)
{
  g_autoptr (Wire) w = wire_new ("[]");

  w->ours->rate = 10000;
  wire_hold (w, 0, 100000);
  wire_say (w, "{\"event\":\"REQUEST\",\"sn\":0}");
  wire_run (w, 11 * P2P_SECOND);
  wire_say (w, "{\"event\":\"PIECE_ACK\",\"sn\":0}");
  wire_assert_log (w, "uploaded 100000\n");
}

/* One after the other, and urgent ones first. */
static void
test_order (void)
{
  static const char *const requests[] = {
    "{\"event\":\"REQUEST\",\"sn\":1,\"urgent\":false}",
    "{\"event\":\"REQUEST\",\"sn\":2,\"urgent\":false}",
    "{\"event\":\"REQUEST\",\"sn\":3,\"urgent\":false}",
    "{\"event\":\"REQUEST\",\"sn\":4,\"urgent\":true}",
    "{\"event\":\"REQUEST\",\"sn\":5,\"urgent\":true}",
    "{\"event\":\"REQUEST\",\"sn\":3,\"urgent\":true}",
    "{\"event\":\"REQUEST\",\"sn\":4,\"urgent\":false}"
  };
  g_autoptr (Wire) w = wire_new ("[]");

  w->ours->rate = 1000000;
  for (guint i = 1; i < 6; i++)
    wire_hold (w, i, 400000);
  for (guint i = 0; i < G_N_ELEMENTS (requests); i++)
    wire_say (w, requests[i]);
  wire_run (w, 10 * P2P_SECOND);
  g_assert_cmpstr (w->ours->texts->str + strlen (FIELD ("[]")), ==,
      PIECE ("1", "25", "400000") "\n" PIECE ("4", "25", "400000") "\n"
      PIECE ("5", "25", "400000") "\n" PIECE ("3", "25", "400000") "\n"
      PIECE ("2", "25", "400000") "\n");
  /* Whole: no packet of one among those of another. */
  for (const char *at = strstr (w->got->str, "{"); at;) {
    const char *next = strstr (at + 1, "{");
    guint packets = 0;

    for (const char *c = at; *c && c != next; c++)
      packets += *c == '#';
    g_assert_cmpuint (packets, ==, 25);
    at = next;
  }
}

static void
test_back_pressure (void)
{
  g_autoptr (Wire) w = wire_new ("[]");

  w->ours->rate = 1000000;
  wire_hold (w, 0, 5000000);
  wire_say (w, "{\"event\":\"REQUEST\",\"sn\":0}");
  g_assert_cmpuint (w->ours->buffered, >, P2P_SN_MAX_BUFFERED / 2);
  /* The channel is never empty before the end. */
  wire_run (w, 5 * P2P_SECOND - P2P_MSEC);
  g_assert_cmpuint (w->ours->buffered, >, 0);
  wire_run (w, 2 * P2P_MSEC);
  g_assert_cmpuint (w->ours->buffered, ==, 0);
  g_assert_cmpuint (w->ours->n_binary, ==, 306);
  g_assert_cmpuint (w->ours->max_buffered, <=, P2P_SN_MAX_BUFFERED);
}

/* As long as the other side takes them: known of its own kind only. */
static void
test_packet_size (void)
{
  g_autoptr (Wire) w = wire_new ("[]");

  wire_hold (w, 0, 100000);
  wire_say (w, "{\"event\":\"BITFIELD\",\"field\":[],\"packet\":65536}");
  assert_uploads (w, "{\"event\":\"REQUEST\",\"sn\":0}",
      PIECE ("0", "2", "100000") "\n#65536\n#34464\n");
  wire_say (w, "{\"event\":\"BITFIELD\",\"field\":[],\"packet\":1}");
  g_assert_cmpuint (w->ours->max_binary, ==, 65536);
  assert_uploads (w, "{\"event\":\"REQUEST\",\"sn\":0}",
      PIECE ("0", "7", "100000") "\n#16384\n#16384\n#16384\n#16384\n#16384\n"
      "#16384\n#1696\n");
  wire_say (w, "{\"event\":\"BITFIELD\",\"field\":[],\"packet\":1048576}");
  w->ours->max_message = 60000;
  assert_uploads (w, "{\"event\":\"REQUEST\",\"sn\":0}",
      PIECE ("0", "2", "100000") "\n#60000\n#40000\n");
}

/* Only its own kind says that it takes part in the election. */
static void
test_elects (void)
{
  g_autoptr (Wire) w = wire_new ("[]");

  g_assert_false (p2p_peer_elects (w->peer));
  wire_say (w, "{\"event\":\"BITFIELD\",\"field\":[],\"elects\":1}");
  g_assert_false (p2p_peer_elects (w->peer));
  wire_say (w, "{\"event\":\"BITFIELD\",\"field\":[],\"elects\":true}");
  g_assert_true (p2p_peer_elects (w->peer));
  wire_say (w, "{\"event\":\"BITFIELD\",\"field\":[]}");
  g_assert_false (p2p_peer_elects (w->peer));

  /* What changed while something was held is told with all that is. */
  wire_hold (w, 0, 100);
  wire_announce (w);
  wire_assert_got (w, "{\"event\":\"HAVE\",\"sn\":0}\n");
  w->elects = TRUE;
  wire_hold (w, 1, 100);
  wire_announce (w);
  wire_assert_got (w, "{\"event\":\"BITFIELD\",\"field\":[0,1],"
      "\"packet\":65536,\"elects\":true}\n");
}

/* Goodbye */

static void
test_stats (void)
{
  g_autoptr (Wire) w = wire_new (NULL);
  P2pPeerStats stats;

  p2p_peer_get_stats (w->peer, &stats);
  g_assert_cmpstr (stats.id, ==, "p");
  g_assert_cmpstr (stats.address, ==, "192.0.2.2:6000");
  g_assert_cmpstr (p2p_peer_state_get_name (stats.state), ==, "new");
  g_assert_cmpint (stats.round_trip, ==, 0);
  g_assert_cmpuint (stats.bytes_received, ==, 0);
  g_assert_cmpuint (stats.download_rate, ==, 0);

  wire_run (w, 9 * P2P_SECOND);
  w->ours->latency = 30 * P2P_MSEC;
  wire_hold (w, 1, WIRE_SIZE);
  wire_announce (w);
  wire_say (w, "{\"event\":\"BITFIELD\",\"field\":[2]}");
  p2p_peer_get_stats (w->peer, &stats);
  g_assert_cmpstr (p2p_peer_state_get_name (stats.state), ==, "idle");
  g_assert_cmpint (stats.round_trip, ==, 30 * P2P_MSEC);

  p2p_peer_request (w->peer, "id2", FALSE);
  wire_say (w, PIECE ("2", "1", "20000"));
  wire_say_bytes (w, 20000);
  p2p_peer_request (w->peer, "id2", FALSE);
  wire_say (w, "{\"event\":\"REQUEST\",\"sn\":1,\"urgent\":true}");
  p2p_peer_get_stats (w->peer, &stats);
  g_assert_cmpstr (p2p_peer_state_get_name (stats.state), ==, "asked");
  g_assert_cmpuint (stats.bytes_received, ==,
      w->theirs->texts->len - 3 + 20000);
  g_assert_cmpuint (stats.bytes_sent, >, WIRE_SIZE);
  g_assert_cmpuint (stats.download_rate, ==, 40000);
  g_assert_cmpuint (stats.upload_rate, ==, WIRE_SIZE * 2);

  p2p_peer_close (w->peer);
  p2p_peer_get_stats (w->peer, &stats);
  g_assert_cmpstr (p2p_peer_state_get_name (stats.state), ==, "closed");
  g_assert_cmpuint (stats.bytes_received, >, 20000);
}

static void
test_close (void)
{
  g_autoptr (Wire) w = wire_new ("[]");

  wire_hold (w, 6, 10);
  wire_announce (w);
  g_string_truncate (w->got, 0);
  p2p_peer_close (w->peer);
  wire_run (w, 0);
  wire_assert_got (w, "{\"event\":\"LOST\",\"sn\":6}\n{\"event\":\"CLOSE\"}\n");
  wire_assert_log (w, "");
  g_assert_true (w->gone);
}

static void
test_close_a_bad_one (void)
{
  g_autoptr (Wire) w = wire_new ("[]");

  wire_say (w, "!");
  p2p_peer_close (w->peer);
  wire_run (w, 0);
  wire_assert_got (w, "{\"event\":\"ERROR\"}\n");
}

/* A peer that nobody wants says goodbye with its last reference. */
static void
test_unref (void)
{
  g_autoptr (Wire) w = wire_new (NULL);
  g_autoptr (P2pNames) names = p2p_names_new ();
  FakeChannel *a, *b;

  fake_channel_pair (w->clock, &a, &b);
  g_object_unref (p2p_sn_peer_new (w->clock, P2P_CHANNEL (a), names, "q"));
  g_assert_cmpstr (a->texts->str, ==, "{\"event\":\"CLOSE\"}\n");
  g_assert_true (a->closed);
  g_object_unref (a);
  g_object_unref (b);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sn-peer/open", test_open);
  g_test_add_func ("/sn-peer/news-of-theirs", test_news_of_theirs);
  g_test_add_func ("/sn-peer/news-of-ours", test_news_of_ours);
  g_test_add_func ("/sn-peer/names-go", test_names_go);
  g_test_add_func ("/sn-peer/numbers-again", test_numbers_again);
  g_test_add_func ("/sn-peer/much-to-tell", test_much_to_tell);
  g_test_add_func ("/sn-peer/told-later", test_told_later);
  g_test_add_func ("/sn-peer/request", test_request);
  g_test_add_func ("/sn-peer/answer-by-url", test_answer_by_url);
  g_test_add_func ("/sn-peer/other-variant", test_other_variant);
  g_test_add_func ("/sn-peer/accepted-late", test_accepted_late);
  g_test_add_func ("/sn-peer/never-accepted", test_never_accepted);
  g_test_add_func ("/sn-peer/request-when-done", test_request_when_done);
  g_test_add_func ("/sn-peer/cancel/while-it-comes",
      test_cancel_while_it_comes);
  g_test_add_func ("/sn-peer/cancel/before-it-comes",
      test_cancel_before_it_comes);
  g_test_add_func ("/sn-peer/cancel/late-answer", test_late_answer);
  g_test_add_func ("/sn-peer/cancel/late-rest", test_late_rest);
  g_test_add_func ("/sn-peer/serve", test_serve);
  g_test_add_func ("/sn-peer/not-acknowledged", test_not_acknowledged);
  g_test_add_func ("/sn-peer/slow-acknowledgement", test_slow_acknowledgement);
  g_test_add_func ("/sn-peer/order", test_order);
  g_test_add_func ("/sn-peer/back-pressure", test_back_pressure);
  g_test_add_func ("/sn-peer/packet-size", test_packet_size);
  g_test_add_func ("/sn-peer/elects", test_elects);
  g_test_add_func ("/sn-peer/stats", test_stats);
  g_test_add_func ("/sn-peer/close", test_close);
  g_test_add_func ("/sn-peer/close-a-bad-one", test_close_a_bad_one);
  g_test_add_func ("/sn-peer/unref", test_unref);
  return g_test_run ();
}

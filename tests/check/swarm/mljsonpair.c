/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "mljsonwire.h"

#include <string.h>

/* Two of us, each with segments that the other one lacks. */

#define RATE 1000000

typedef struct
{
  Wire *wire;                   /* one, with its world */
  P2pPeer *peer;                /* the other one, in the stranger's place */
  GString *log;
  GByteArray *bytes;
} Pair;

static void
on_changed (P2pPeer * peer, gpointer data)
{
}

static void
on_size (P2pPeer * peer, const char *id, gsize size, gpointer data)
{
  g_string_append_printf (((Pair *) data)->log, "size %s %" G_GSIZE_FORMAT
      "\n", id, size);
}

static void
on_data (P2pPeer * peer, const char *id, GBytes * bytes, gpointer data)
{
  g_byte_array_append (((Pair *) data)->bytes, g_bytes_get_data (bytes, NULL),
      g_bytes_get_size (bytes));
}

static void
on_done (P2pPeer * peer, const char *id, const GError * error, gpointer data)
{
  g_string_append_printf (((Pair *) data)->log, "done %s%s\n", id,
      error ? " not" : "");
}

static P2pSegment *
on_wanted (P2pPeer * peer, const char *id, gpointer data)
{
  P2pSegment *segment =
      g_hash_table_lookup (((Pair *) data)->wire->segments, id);

  return segment ? p2p_segment_ref (segment) : NULL;
}

static void
on_uploaded (P2pPeer * peer, gsize bytes, gpointer data)
{
}

static void
on_closed (P2pPeer * peer, gpointer data)
{
  g_assert_not_reached ();
}

static void
announce (P2pPeer * peer, const char *a, const char *b)
{
  g_autoptr (GPtrArray) loaded = g_ptr_array_new (), loading =
      g_ptr_array_new ();

  g_ptr_array_add (loaded, (gpointer) a);
  g_ptr_array_add (loaded, (gpointer) b);
  p2p_peer_announce (peer, loaded, loading, FALSE);
}

static Pair *
pair_new (P2pMlWire kind, gsize size)
{
  static const P2pPeerEvents events = {
    on_changed, on_size, on_data, on_done, on_wanted, on_uploaded, on_closed
  };
  Pair *p = g_new0 (Pair, 1);
  Wire *w = ml_json_wire_new (kind, NULL);

  p->wire = w;
  p->log = g_string_new (NULL);
  p->bytes = g_byte_array_new ();
  p->peer = p2p_ml_json_peer_new (w->clock, P2P_CHANNEL (w->theirs), w->names,
      "q", kind, ML_STREAM, "http://h/v/live.m3u8");
  p2p_peer_set_events (p->peer, &events, p);
  for (guint i = 0; i < 4; i++)
    wire_hold (w, i, size + i);
  w->ours->rate = w->theirs->rate = RATE;
  announce (w->peer, "id0", "id1");
  announce (p->peer, "id2", "id3");
  wire_run (w, P2P_SECOND);
  g_string_truncate (w->log, 0);
  return p;
}

static void
pair_free (Pair * p)
{
  g_object_unref (p->peer);
  wire_free (p->wire);
  g_string_free (p->log, TRUE);
  g_byte_array_unref (p->bytes);
  g_free (p);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Pair, pair_free);

static void
assert_segment (Pair * p, const char *id, GByteArray * bytes)
{
  g_autoptr (GBytes) expect =
      p2p_segment_get_data (g_hash_table_lookup (p->wire->segments, id));
  gsize size;
  const guint8 *data = g_bytes_get_data (expect, &size);

  g_assert_cmpmem (bytes->data, bytes->len, data, size);
  g_byte_array_set_size (bytes, 0);
}

static gboolean
has_done (GString * log, const char *id)
{
  g_autofree char *end = g_strdup_printf ("done %s\n", id);

  return g_str_has_suffix (log->str, end);
}

/* At the same time, one after the other. */
static void
test_exchange (gconstpointer data)
{
  P2pMlWire kind = GPOINTER_TO_INT (data);
  g_autoptr (Pair) p =
      pair_new (kind, kind == P2P_ML_WIRE_ARRAYS ? 20000 : 300000);
  Wire *w = p->wire;

  for (guint i = 0; i < 2; i++) {
    g_autofree char *theirs = g_strdup_printf ("id%u", i + 2);
    g_autofree char *ours = g_strdup_printf ("id%u", i);

    g_assert_cmpint (p2p_peer_has (w->peer, theirs), ==, P2P_PEER_HAS);
    g_assert_cmpint (p2p_peer_has (w->peer, ours), ==, P2P_PEER_HAS_NOT);
    p2p_peer_request (w->peer, theirs, FALSE);
    p2p_peer_request (p->peer, ours, FALSE);
    wire_run (w, P2P_SECOND);
    g_assert_true (has_done (p->log, ours));
    g_assert_true (p2p_peer_is_idle (w->peer) && p2p_peer_is_idle (p->peer));
    assert_segment (p, ours, p->bytes);
    assert_segment (p, theirs, w->bytes);
    /* What is told meanwhile comes through. */
    p2p_peer_request (p->peer, ours, FALSE);
    wire_run (w, 10 * P2P_MSEC);
    announce (w->peer, ours, ours);
    wire_run (w, P2P_SECOND);
    g_assert_true (has_done (p->log, ours));
    g_byte_array_set_size (p->bytes, 0);
    announce (w->peer, "id0", "id1");
    wire_run (w, P2P_SECOND);
  }
}

/* Taken back in the middle: the next one is whole. */
static void
test_cancel (gconstpointer data)
{
  P2pMlWire kind = GPOINTER_TO_INT (data);
  g_autoptr (Pair) p =
      pair_new (kind, kind == P2P_ML_WIRE_ARRAYS ? 20000 : 300000);

  p2p_peer_request (p->peer, "id0", FALSE);
  wire_run (p->wire, 50 * P2P_MSEC);
  p2p_peer_cancel (p->peer, "id0");
  g_assert_false (p2p_peer_is_idle (p->peer));
  wire_run (p->wire, P2P_SECOND);
  g_assert_true (p2p_peer_is_idle (p->peer));
  g_assert_null (strstr (p->log->str, "done"));
  g_byte_array_set_size (p->bytes, 0);
  p2p_peer_request (p->peer, "id1", FALSE);
  wire_run (p->wire, P2P_SECOND);
  g_assert_true (has_done (p->log, "id1"));
  assert_segment (p, "id1", p->bytes);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (P2pMlWire kind = P2P_ML_WIRE_ARRAYS; kind <= P2P_ML_WIRE_SHORT; kind++) {
    g_autofree char *exchange = g_strdup_printf ("/mljsonpair/exchange/%d",
        kind);
    g_autofree char *cancel = g_strdup_printf ("/mljsonpair/cancel/%d", kind);

    g_test_add_data_func (exchange, GINT_TO_POINTER (kind), test_exchange);
    g_test_add_data_func (cancel, GINT_TO_POINTER (kind), test_cancel);
  }
  return g_test_run ();
}

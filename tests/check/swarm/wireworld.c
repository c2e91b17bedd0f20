/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "wireworld.h"
#include "fakefetcher.h"
#include "p2psnpeer.h"

static void
wire_log (Wire * w, const char *what, const char *id, gint64 number)
{
  g_string_append_printf (w->log, "%s%s%s", what, *id ? " " : "", id);
  if (number >= 0)
    g_string_append_printf (w->log, " %" G_GINT64_FORMAT, number);
  g_string_append_c (w->log, '\n');
  if (w->on_event)
    w->on_event (w, what);
}

static void
on_changed (P2pPeer * peer, gpointer data)
{
  wire_log (data, "changed", "", -1);
}

static void
on_size (P2pPeer * peer, const char *id, gsize size, gpointer data)
{
  wire_log (data, "size", id, size);
}

static void
on_data (P2pPeer * peer, const char *id, GBytes * bytes, gpointer data)
{
  Wire *w = data;

  g_byte_array_append (w->bytes, g_bytes_get_data (bytes, NULL),
      g_bytes_get_size (bytes));
  wire_log (w, "data", id, g_bytes_get_size (bytes));
}

static void
on_alive (P2pPeer * peer, const char *id, gpointer data)
{
  wire_log (data, "alive", id, -1);
}

static void
on_done (P2pPeer * peer, const char *id, const GError * error, gpointer data)
{
  g_assert_true (!error || error->domain == P2P_ERROR);
  if (!error && !((Wire *) data)->refuses)
    p2p_peer_accept (peer, id);
  wire_log (data, !error ? "done" : error->code == P2P_ERROR_PEER ? "bad"
      : error->code == P2P_ERROR_ABSENT ? "absent"
      : error->code == P2P_ERROR_TIMEOUT ? "timeout" : "other", id, -1);
}

static P2pSegment *
on_wanted (P2pPeer * peer, const char *id, gpointer data)
{
  P2pSegment *segment = g_hash_table_lookup (((Wire *) data)->segments, id);

  return segment ? p2p_segment_ref (segment) : NULL;
}

static void
on_uploaded (P2pPeer * peer, gsize bytes, gpointer data)
{
  wire_log (data, "uploaded", "", bytes);
}

static void
on_closed (P2pPeer * peer, gpointer data)
{
  wire_log (data, "closed", "", -1);
}

static P2pPeerTurn
on_turn (P2pPeer * peer, gboolean urgent, gboolean patient, gpointer data)
{
  Wire *w = data;

  w->n_turns++;
  return w->turn;
}

static void
on_sent (P2pPeer * peer, gpointer data)
{
  ((Wire *) data)->n_sent++;
}

/* The stranger */

static void
on_message (P2pChannel * channel, GBytes * bytes, gboolean text, gpointer data)
{
  Wire *w = data;
  gsize size;
  const char *start = g_bytes_get_data (bytes, &size);
  g_autofree char *described = text || !w->describe ? NULL
      : w->describe (bytes);

  if (text)
    g_string_append_len (w->got, start, size);
  else if (described)
    g_string_append (w->got, described);
  else
    g_string_append_printf (w->got, "#%" G_GSIZE_FORMAT, size);
  g_string_append_c (w->got, '\n');
}

static void
on_drained (P2pChannel * channel, gpointer data)
{
}

static void
on_end (P2pChannel * channel, const GError * error, gpointer data)
{
  ((Wire *) data)->gone = TRUE;
}

static P2pNames *
make_names (void)
{
  P2pNames *names = p2p_names_new ();

  for (guint i = 0; i < WIRE_SEGMENTS; i++) {
    g_autofree char *id = g_strdup_printf ("id%u", i);
    g_autofree char *url = g_strdup_printf ("seg%03u.ts", i);

    p2p_names_add (names, id, i, url);
  }
  return names;
}

Wire *
wire_new_of (P2pPeer * (*make) (Wire * w))
{
  static const P2pPeerEvents events = {
    on_changed, on_size, on_data, on_done, on_wanted, on_uploaded, on_closed,
    on_turn, on_sent, on_alive
  };
  static const P2pChannelEvents stranger = { on_message, on_drained, on_end };
  Wire *w = g_new0 (Wire, 1);

  w->clock = p2p_clock_new (0);
  w->names = make_names ();
  w->segments = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
      (GDestroyNotify) p2p_segment_unref);
  w->loading = g_ptr_array_new_with_free_func (g_free);
  w->log = g_string_new (NULL);
  w->got = g_string_new (NULL);
  w->bytes = g_byte_array_new ();
  fake_channel_pair (w->clock, &w->ours, &w->theirs);
  w->peer = make (w);
  p2p_peer_set_events (w->peer, &events, w);
  p2p_channel_set_events (P2P_CHANNEL (w->theirs), &stranger, w);
  return w;
}

static P2pPeer *
make_sn_peer (Wire * w)
{
  return p2p_sn_peer_new (w->clock, P2P_CHANNEL (w->ours), w->names, "p");
}

Wire *
wire_new (const char *field)
{
  Wire *w = wire_new_of (make_sn_peer);

  if (field) {
    g_autofree char *text =
        g_strdup_printf ("{\"event\":\"BITFIELD\",\"field\":%s}", field);

    wire_announce (w);
    wire_say (w, text);
    wire_assert_log (w, "changed\n");
    wire_assert_got (w,
        "{\"event\":\"BITFIELD\",\"field\":[],\"packet\":65536}\n");
  }
  return w;
}

void
wire_free (Wire * w)
{
  w->on_event = NULL;
  g_assert_finalize_object (w->peer);
  g_assert_finalize_object (w->ours);
  g_assert_finalize_object (w->theirs);
  /* No timer is left. */
  g_assert_cmpint (p2p_clock_get_next (w->clock), ==, P2P_NEVER);
  g_assert_finalize_object (w->clock);
  p2p_names_unref (w->names);
  g_hash_table_unref (w->segments);
  g_ptr_array_unref (w->loading);
  g_string_free (w->log, TRUE);
  g_string_free (w->got, TRUE);
  g_byte_array_unref (w->bytes);
  g_free (w);
}

void
wire_run (Wire * w, gint64 duration)
{
  fake_clock_run_for (w->clock, duration);
}

void
wire_say (Wire * w, const char *text)
{
  if (!w->gone)
    fake_channel_send_text (w->theirs, text);
  wire_run (w, 0);
}

void
wire_say_bytes (Wire * w, gsize size)
{
  if (!w->gone)
    fake_channel_send_binary (w->theirs, size);
  wire_run (w, 0);
}

void
wire_say_message (Wire * w, GBytes * message)
{
  g_autoptr (GBytes) bytes = message;

  if (!w->gone)
    g_assert_true (p2p_channel_send (P2P_CHANNEL (w->theirs), bytes, FALSE));
  wire_run (w, 0);
}

void
wire_hold (Wire * w, guint n, gsize size)
{
  g_autofree char *id = g_strdup_printf ("id%u", n);
  P2pSegment *segment = p2p_segment_new ("http://h/s", id, 0, -1, 0);
  GPtrArray *chunks =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  /* In pieces that fit no packet. */
  for (gsize at = 0; at < size;) {
    gsize chunk = MIN (size - at, 7001 + at % 20000);
    guint8 *data = g_malloc (chunk);

    for (gsize i = 0; i < chunk; i++)
      data[i] = (at + i) * 31 + n;
    g_ptr_array_add (chunks, g_bytes_new_take (data, chunk));
    g_ptr_array_add (chunks, g_bytes_new (NULL, 0));
    at += chunk;
  }
  p2p_segment_take_data (segment, chunks);
  g_hash_table_insert (w->segments, g_steal_pointer (&id), segment);
}

void
wire_drop (Wire * w, guint n)
{
  g_autofree char *id = g_strdup_printf ("id%u", n);

  g_hash_table_remove (w->segments, id);
}

static int
compare_ids (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(char **) a, *(char **) b);
}

void
wire_announce (Wire * w)
{
  g_autoptr (GPtrArray) loaded = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer id;

  g_hash_table_iter_init (&iter, w->segments);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    g_ptr_array_add (loaded, id);
  g_ptr_array_sort (loaded, compare_ids);
  p2p_peer_announce (w->peer, loaded, w->loading, w->elects);
  wire_run (w, 0);
}

void
wire_begin_anew (Wire * w)
{
  p2p_names_clear (w->names);
  p2p_names_add (w->names, "id8", 7, "new.ts");
  p2p_names_add (w->names, "id9", 7, "double.ts");
  wire_hold (w, 8, 20);
  wire_hold (w, 9, 30);
  wire_announce (w);
}

void
wire_assert_log (Wire * w, const char *expect)
{
  g_assert_cmpstr (w->log->str, ==, expect);
  g_string_truncate (w->log, 0);
}

void
wire_assert_got (Wire * w, const char *expect)
{
  g_assert_cmpstr (w->got->str, ==, expect);
  g_string_truncate (w->got, 0);
}

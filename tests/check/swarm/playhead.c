/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pplayhead.h"

#define S P2P_SECOND

/* Segments of 2 s, of a queue from first to last; unknown: has no duration. */
static GPtrArray *
make_queue (guint first, guint last, guint unknown)
{
  GPtrArray *queue =
      g_ptr_array_new_with_free_func ((GDestroyNotify) p2p_item_unref);

  for (guint i = first; i <= last; i++) {
    g_autofree char *id = g_strdup_printf ("%u", i);
    g_autoptr (P2pSegment) segment =
        p2p_segment_new ("http://origin.example/", id, 0, -1, 0);

    segment->duration = i == unknown ? 0 : 2 * S;
    g_ptr_array_add (queue, p2p_item_new (segment, NULL, NULL));
  }
  return queue;
}

static gint64
deadline (GPtrArray * queue, guint i)
{
  return ((P2pItem *) g_ptr_array_index (queue, i))->deadline;
}

static void
read_at (P2pPlayhead * head, GPtrArray * queue, guint i, gint64 now)
{
  P2pItem *item = g_ptr_array_index (queue, i);

  p2p_playhead_read (head, item->segment, now);
  p2p_playhead_place (head, queue);
}

static void
test_in_a_row (void)
{
  g_autoptr (GPtrArray) queue = make_queue (0, 5, 4);
  g_autoptr (GPtrArray) later = make_queue (2, 5, 9);
  P2pPlayhead head;

  p2p_playhead_init (&head);
  p2p_playhead_place (&head, queue);
  g_assert_cmpint (deadline (queue, 0), ==, P2P_NEVER);
  read_at (&head, queue, 0, 10 * S);
  g_assert_cmpint (deadline (queue, 0), ==, 10 * S);
  g_assert_cmpint (deadline (queue, 3), ==, 16 * S);
  g_assert_cmpint (deadline (queue, 4), ==, 18 * S);
  g_assert_cmpint (deadline (queue, 5), ==, P2P_NEVER);
  /* Asked for early: played in its time. */
  read_at (&head, queue, 1, 10 * S);
  g_assert_cmpint (deadline (queue, 0), ==, 12 * S);
  g_assert_cmpint (deadline (queue, 1), ==, 12 * S);
  p2p_playhead_place (&head, later);
  g_assert_cmpint (deadline (later, 0), ==, 14 * S);
  /* Late: not before. */
  read_at (&head, later, 0, 20 * S);
  g_assert_cmpint (deadline (later, 1), ==, 22 * S);
  read_at (&head, later, 0, 21 * S);
  g_assert_cmpint (deadline (later, 0), ==, 20 * S);
  p2p_playhead_clear (&head);
}

static void
test_jump (void)
{
  g_autoptr (GPtrArray) queue = make_queue (0, 5, 9);
  g_autoptr (GPtrArray) elsewhere = make_queue (20, 25, 99);
  P2pPlayhead head;

  p2p_playhead_init (&head);
  read_at (&head, queue, 0, 10 * S);
  p2p_playhead_place (&head, elsewhere);
  g_assert_cmpint (deadline (elsewhere, 0), ==, P2P_NEVER);
  read_at (&head, elsewhere, 0, 10 * S + 1);
  g_assert_cmpint (deadline (elsewhere, 0), ==, 10 * S + 1);
  p2p_playhead_clear (&head);
}

/* At the edge of a live stream nobody knew what comes next. */
static void
test_edge (void)
{
  g_autoptr (GPtrArray) queue = make_queue (0, 0, 9);
  g_autoptr (GPtrArray) grown = make_queue (1, 2, 9);
  P2pPlayhead head;

  p2p_playhead_init (&head);
  read_at (&head, queue, 0, 10 * S);
  p2p_playhead_place (&head, grown);
  g_assert_cmpint (deadline (grown, 0), ==, 12 * S);
  read_at (&head, grown, 0, 11 * S);
  g_assert_cmpint (deadline (grown, 1), ==, 14 * S);
  p2p_playhead_clear (&head);
}

static void
test_told (void)
{
  g_autoptr (GPtrArray) queue = make_queue (0, 5, 9);
  P2pPlayhead head;

  p2p_playhead_init (&head);
  g_assert_false (p2p_playhead_set (&head, 5 * S));
  p2p_playhead_place (&head, queue);
  g_assert_cmpint (deadline (queue, 0), ==, P2P_NEVER);
  read_at (&head, queue, 0, 10 * S);
  g_assert_true (p2p_playhead_set (&head, 15 * S));
  g_assert_false (p2p_playhead_set (&head, 15 * S));
  p2p_playhead_place (&head, queue);
  g_assert_cmpint (deadline (queue, 0), ==, 15 * S);
  g_assert_cmpint (deadline (queue, 1), ==, 17 * S);
  p2p_playhead_clear (&head);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/playhead/in-a-row", test_in_a_row);
  g_test_add_func ("/playhead/jump", test_jump);
  g_test_add_func ("/playhead/edge", test_edge);
  g_test_add_func ("/playhead/told", test_told);
  return g_test_run ();
}

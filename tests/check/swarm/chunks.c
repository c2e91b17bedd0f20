/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pchunks.h"

#include <string.h>

/* In pieces of which some are empty. */
static const char *const pieces[] = { "", "abc", "", "", "d", "efgh", "" };

#define WHOLE "abcdefgh"
#define SIZE 8

static P2pSegment *
make_segment (void)
{
  P2pSegment *segment = p2p_segment_new ("http://h/s", "id", 0, -1, 0);
  GPtrArray *chunks =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    g_ptr_array_add (chunks, g_bytes_new_static (pieces[i],
            strlen (pieces[i])));
  p2p_segment_take_data (segment, chunks);
  return segment;
}

/* From every place on, by every size. */
static void
test_take (void)
{
  g_autoptr (P2pSegment) segment = make_segment ();
  P2pChunks chunks = { 0, };

  for (gsize first = 0; first < SIZE; first++) {
    for (gsize step = 1; step <= SIZE; step++) {
      g_autoptr (GString) got = g_string_new (NULL);

      p2p_chunks_begin (&chunks, segment, first);
      g_assert_cmpuint (chunks.left, ==, SIZE - first);
      while (chunks.left > 0) {
        gsize size = MIN (step, chunks.left);
        g_autoptr (GBytes) bytes = p2p_chunks_take (&chunks, size);

        g_assert_cmpuint (g_bytes_get_size (bytes), ==, size);
        g_string_append_len (got, g_bytes_get_data (bytes, NULL), size);
      }
      g_assert_cmpstr (got->str, ==, WHOLE + first);
    }
  }
  p2p_chunks_clear (&chunks);
  g_assert_cmpuint (chunks.left, ==, 0);
}

static void
test_beyond (void)
{
  g_autoptr (P2pSegment) segment = make_segment ();
  P2pChunks chunks = { 0, };

  p2p_chunks_begin (&chunks, segment, 3);
  p2p_chunks_begin (&chunks, segment, SIZE);
  g_assert_cmpuint (chunks.left, ==, 0);
  p2p_chunks_begin (&chunks, segment, G_MAXSIZE);
  g_assert_cmpuint (chunks.left, ==, 0);
  p2p_chunks_clear (&chunks);
}

/* What is in one piece is not copied. */
static void
test_no_copy (void)
{
  g_autoptr (P2pSegment) segment = make_segment ();
  g_autoptr (GBytes) bytes = NULL;
  P2pChunks chunks = { 0, };

  p2p_chunks_begin (&chunks, segment, 5);
  bytes = p2p_chunks_take (&chunks, 2);
  g_assert_true (g_bytes_get_data (bytes, NULL) == pieces[5] + 1);
  p2p_chunks_clear (&chunks);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chunks/take", test_take);
  g_test_add_func ("/chunks/beyond", test_beyond);
  g_test_add_func ("/chunks/no-copy", test_no_copy);
  return g_test_run ();
}

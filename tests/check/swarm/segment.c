/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2psegment.h"

#include <string.h>

#define URL "http://h/a.ts"

static GPtrArray *
chunks_of (const char *first, ...)
{
  GPtrArray *chunks =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  va_list args;

  va_start (args, first);
  for (const char *s = first; s; s = va_arg (args, const char *))
      g_ptr_array_add (chunks, g_bytes_new_static (s, strlen (s)));
  va_end (args);
  return chunks;
}

static void
assert_id (const char *expect, const char *base, const char *url,
    gint64 offset, gint64 length)
{
  g_autofree char *id = p2p_segment_make_id (base, url, offset, length);

  g_assert_cmpstr (id, ==, expect);
}

static void
test_id (void)
{
  assert_id (URL, NULL, URL, 0, -1);
  assert_id (URL, NULL, "HTTP://H:80/b/../a.ts#x", 0, -1);
  assert_id (URL "|0-9", NULL, URL, 0, 10);
  assert_id (URL "|10-19", NULL, URL, 10, 10);
  assert_id (URL "|10-", NULL, URL, 10, -1);
  assert_id ("mine|10-19", "mine", URL, 10, 10);
  assert_id ("mine", "mine", URL, 0, -1);
  assert_id ("no uri", NULL, "no uri", 0, -1);
}

static void
test_new (void)
{
  g_autoptr (P2pSegment) plain = p2p_segment_new (URL, NULL, 0, -1, 7);
  g_autoptr (P2pSegment) named = p2p_segment_new (URL, "id", 5, 6, 0);
  g_autoptr (P2pSegment) odd = p2p_segment_new (URL, NULL, -5, -6, 0);

  g_assert_cmpstr (plain->url, ==, URL);
  g_assert_cmpstr (plain->id, ==, URL);
  g_assert_cmpuint (plain->priority, ==, 7);
  g_assert_cmpstr (named->id, ==, "id");
  g_assert_cmpint (named->offset, ==, 5);
  g_assert_cmpint (named->length, ==, 6);
  g_assert_cmpint (odd->offset, ==, 0);
  g_assert_cmpint (odd->length, ==, -1);
}

static void
test_data (void)
{
  g_autoptr (P2pSegment) segment = p2p_segment_new (URL, NULL, 0, -1, 0);
  g_autoptr (GPtrArray) chunks = NULL;
  g_autoptr (GBytes) all = NULL, again = NULL;

  g_assert_false (p2p_segment_is_loaded (segment));
  g_assert_null (p2p_segment_get_data (segment));
  g_assert_null (p2p_segment_get_chunks (segment));

  p2p_segment_take_data (segment, chunks_of ("one", "", "two", NULL));
  g_assert_true (p2p_segment_is_loaded (segment));
  g_assert_cmpuint (p2p_segment_get_size (segment), ==, 6);

  /* Joining leaves alone who reads the chunks. */
  chunks = p2p_segment_get_chunks (segment);
  all = p2p_segment_get_data (segment);
  again = p2p_segment_get_data (segment);
  g_assert_cmpmem (g_bytes_get_data (all, NULL), g_bytes_get_size (all),
      "onetwo", 6);
  g_assert_true (all == again);
  g_assert_cmpuint (chunks->len, ==, 3);
  g_assert_cmpuint (p2p_segment_get_size (segment), ==, 6);
}

static void
test_one_chunk_is_no_copy (void)
{
  static const char data[] = "data";
  g_autoptr (P2pSegment) segment = p2p_segment_new (URL, NULL, 0, -1, 0);
  g_autoptr (GBytes) all = NULL;

  p2p_segment_take_data (segment, chunks_of (data, NULL));
  all = p2p_segment_get_data (segment);
  g_assert_true (g_bytes_get_data (all, NULL) == (gconstpointer) data);
}

static void
test_empty_is_loaded (void)
{
  g_autoptr (P2pSegment) segment = p2p_segment_new (URL, NULL, 0, -1, 0);
  g_autoptr (GBytes) all = NULL;

  p2p_segment_take_data (segment, chunks_of (NULL));
  g_assert_true (p2p_segment_is_loaded (segment));
  all = p2p_segment_get_data (segment);
  g_assert_cmpuint (g_bytes_get_size (all), ==, 0);
}

/* The same bytes at another place, and who reads the old ones is not disturbed. */
static void
test_move (void)
{
  static const char other[] = "onetwo";
  g_autoptr (P2pSegment) segment = p2p_segment_new (URL, NULL, 0, -1, 0);
  g_autoptr (GBytes) whole = g_bytes_new_static (other, 6);
  g_autoptr (GPtrArray) before = NULL, after = NULL;

  p2p_segment_take_data (segment, chunks_of ("one", "two", NULL));
  before = p2p_segment_get_chunks (segment);
  p2p_segment_move_data (segment, whole);
  after = p2p_segment_get_chunks (segment);
  g_assert_cmpuint (before->len, ==, 2);
  g_assert_cmpuint (after->len, ==, 1);
  g_assert_true (g_ptr_array_index (after, 0) == whole);
  g_assert_cmpuint (p2p_segment_get_size (segment), ==, 6);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/segment/id", test_id);
  g_test_add_func ("/segment/new", test_new);
  g_test_add_func ("/segment/data", test_data);
  g_test_add_func ("/segment/one-chunk-is-no-copy", test_one_chunk_is_no_copy);
  g_test_add_func ("/segment/empty-is-loaded", test_empty_is_loaded);
  g_test_add_func ("/segment/move", test_move);
  return g_test_run ();
}

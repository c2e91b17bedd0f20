/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2psoupshelf.h"

#include <string.h>

#define HUGE_PAGE (2 * 1024 * 1024)

static guint8
get_byte (guint seed, gsize place)
{
  return seed * 31 + place * 7 + (place >> 8) * 13;
}

/* In pieces of step bytes, which do not lie one behind the other. */
static GPtrArray *
make_chunks (guint seed, gsize size, gsize step)
{
  GPtrArray *chunks =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  for (gsize at = 0; at < size; at += step) {
    gsize n = MIN (step, size - at);
    guint8 *data = g_malloc (n);

    for (gsize i = 0; i < n; i++)
      data[i] = get_byte (seed, at + i);
    g_ptr_array_add (chunks, g_bytes_new_take (data, n));
    g_ptr_array_add (chunks, g_bytes_new (NULL, 0));
  }
  return chunks;
}

static GBytes *
put (guint seed, gsize size)
{
  g_autoptr (GPtrArray) chunks = make_chunks (seed, size, 100001);

  return p2p_soup_shelf_put (chunks);
}

static void
assert_bytes (GBytes * bytes, guint seed, gsize size)
{
  const guint8 *data = g_bytes_get_data (bytes, NULL);

  g_assert_cmpuint (g_bytes_get_size (bytes), ==, size);
  for (gsize i = 0; i < size; i++) {
    if (data[i] != get_byte (seed, i))
      g_error ("byte %" G_GSIZE_FORMAT " is wrong", i);
  }
}

static void
test_sizes (void)
{
  static const gsize none[] = { 0, 1, P2P_SOUP_SHELF_MIN - 1,
    P2P_SOUP_SHELF_MAX + 1,
  };
  static const gsize sizes[] = { P2P_SOUP_SHELF_MIN, P2P_SOUP_SHELF_MIN + 1,
    7 * HUGE_PAGE / 8 - 1, 7 * HUGE_PAGE / 8, 7 * HUGE_PAGE / 8 + 1,
    2000000, HUGE_PAGE - 1, HUGE_PAGE, HUGE_PAGE + 1, P2P_SOUP_SHELF_MAX - 1,
    P2P_SOUP_SHELF_MAX,
  };

  for (guint i = 0; i < G_N_ELEMENTS (none); i++)
    g_assert_null (put (i, none[i]));
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autoptr (GBytes) bytes = put (i, sizes[i]);

    g_assert_nonnull (bytes);
    assert_bytes (bytes, i, sizes[i]);
  }
}

/* What is on it is not put there again. */
static void
test_again (void)
{
  g_autoptr (GBytes) bytes = put (1, 2000000);
  g_autoptr (GBytes) part = g_bytes_new_from_bytes (bytes, 1, 1000000);
  g_autoptr (GPtrArray) chunks = g_ptr_array_new ();
  g_autoptr (GBytes) both = NULL;

  g_ptr_array_add (chunks, bytes);
  g_assert_null (p2p_soup_shelf_put (chunks));
  g_ptr_array_index (chunks, 0) = part;
  g_assert_null (p2p_soup_shelf_put (chunks));
  g_ptr_array_add (chunks, bytes);
  both = p2p_soup_shelf_put (chunks);
  g_assert_nonnull (both);
  g_assert_cmpuint (g_bytes_get_size (both), ==, 3000000);
}

static void
test_has (void)
{
  static const gsize size = HUGE_PAGE + 300000;
  guint8 outside[16];
  g_autoptr (GBytes) first = put (1, size);
  g_autoptr (GBytes) second = put (2, size);
  const guint8 *data = g_bytes_get_data (first, NULL);
  g_autoptr (GBytes) part = g_bytes_new_from_bytes (first, 5, 10);

  g_assert_true (p2p_soup_shelf_has (data, size));
  g_assert_true (p2p_soup_shelf_has (data, 0));
  g_assert_true (p2p_soup_shelf_has (data + size - 1, 1));
  g_assert_true (p2p_soup_shelf_has (data + HUGE_PAGE - 1, 2));
  g_assert_true (p2p_soup_shelf_has (g_bytes_get_data (part, NULL), 10));
  g_assert_true (p2p_soup_shelf_has (g_bytes_get_data (second, NULL), size));
  /* Not beyond an end, which need not be that of a page. */
  g_assert_false (p2p_soup_shelf_has (data, size + 1));
  g_assert_false (p2p_soup_shelf_has (data + size - 1, 2));
  g_assert_false (p2p_soup_shelf_has (data + 1, size));
  g_assert_false (p2p_soup_shelf_has (data + 1, G_MAXSIZE));
  g_assert_false (p2p_soup_shelf_has (data - 1, 2));
  g_assert_false (p2p_soup_shelf_has (outside, sizeof outside));
  g_assert_false (p2p_soup_shelf_has (NULL, 1));
  /* A part holds all of it, and nothing does for longer. */
  g_clear_pointer (&first, g_bytes_unref);
  g_assert_true (p2p_soup_shelf_has (data, size));
  g_clear_pointer (&part, g_bytes_unref);
  g_assert_false (p2p_soup_shelf_has (data, 1));
  g_assert_false (p2p_soup_shelf_has (data + HUGE_PAGE, 1));
  assert_bytes (second, 2, size);
}

static gpointer
use (gpointer seed)
{
  for (guint i = 0; i < 50; i++) {
    g_autoptr (GBytes) bytes = put (GPOINTER_TO_UINT (seed), 300000 + i);

    g_assert_true (p2p_soup_shelf_has (g_bytes_get_data (bytes, NULL), 300000));
    if (i % 10 == 0)
      assert_bytes (bytes, GPOINTER_TO_UINT (seed), 300000 + i);
  }
  return NULL;
}

static void
test_threads (void)
{
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("shelf", use, GUINT_TO_POINTER (i));
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/shelf/sizes", test_sizes);
  g_test_add_func ("/shelf/again", test_again);
  g_test_add_func ("/shelf/has", test_has);
  g_test_add_func ("/shelf/threads", test_threads);
  return g_test_run ();
}

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2psoupslab.h"

#define SIZE 10000

static P2pSoupSlab *
make_slab (guint8 first)
{
  P2pSoupSlab *slab = p2p_soup_slab_new (SIZE);

  for (guint i = 0; i < SIZE; i++)
    slab->data[i] = first + i;
  return slab;
}

static void
add (GPtrArray * chunks, GBytes * bytes)
{
  g_ptr_array_add (chunks, bytes);
}

/* Asserts that from at on there is one piece up to next, of size bytes from data. */
static void
assert_joined (GPtrArray * chunks, guint at, guint next, const guint8 * data,
    gsize size)
{
  g_autoptr (GBytes) joined = p2p_soup_slab_join (chunks, &at);

  g_assert_cmpuint (at, ==, next);
  g_assert_cmpuint (g_bytes_get_size (joined), ==, size);
  g_assert_true (g_bytes_get_data (joined, NULL) == (size ? data : NULL));
}

static void
test_join (void)
{
  g_autoptr (GPtrArray) chunks =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  P2pSoupSlab *a = make_slab (0), *b = make_slab (7);

  add (chunks, p2p_soup_slab_slice (a, 0, 1));
  add (chunks, p2p_soup_slab_slice (a, 1, 4000));
  add (chunks, p2p_soup_slab_slice (a, 4001, SIZE - 4001));
  /* Of another one; what is left out, is there twice, or goes back. */
  add (chunks, p2p_soup_slab_slice (b, 0, 100));
  add (chunks, p2p_soup_slab_slice (b, 101, 100));
  add (chunks, p2p_soup_slab_slice (b, 101, 100));
  add (chunks, p2p_soup_slab_slice (b, 1, 100));
  add (chunks, g_bytes_new (NULL, 0));
  add (chunks, p2p_soup_slab_slice (b, SIZE - 1, 1));

  assert_joined (chunks, 0, 3, a->data, SIZE);
  assert_joined (chunks, 1, 3, a->data + 1, SIZE - 1);
  assert_joined (chunks, 3, 4, b->data, 100);
  assert_joined (chunks, 4, 5, b->data + 101, 100);
  assert_joined (chunks, 5, 6, b->data + 101, 100);
  assert_joined (chunks, 6, 7, b->data + 1, 100);
  assert_joined (chunks, 7, 8, NULL, 0);
  assert_joined (chunks, 8, 9, b->data + SIZE - 1, 1);
  p2p_soup_slab_unref (a);
  p2p_soup_slab_unref (b);
}

/* What is joined lives on without its pieces. */
static void
test_life (void)
{
  g_autoptr (GPtrArray) chunks =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (GBytes) joined = NULL;
  P2pSoupSlab *slab = make_slab (3);
  guint at = 0;

  for (guint i = 0; i < SIZE; i += 100)
    add (chunks, p2p_soup_slab_slice (slab, i, 100));
  p2p_soup_slab_unref (slab);
  joined = p2p_soup_slab_join (chunks, &at);
  g_assert_cmpuint (at, ==, chunks->len);
  g_ptr_array_set_size (chunks, 0);
  for (guint i = 0; i < SIZE; i++)
    g_assert_cmpuint (((const guint8 *) g_bytes_get_data (joined, NULL))[i], ==,
        (guint8) (3 + i));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/slab/join", test_join);
  g_test_add_func ("/slab/life", test_life);
  return g_test_run ();
}

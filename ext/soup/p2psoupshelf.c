/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#define _GNU_SOURCE             /* MADV_HUGEPAGE */
#include "p2psoupshelf.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* A huge page where the processor has such; nothing depends on it. A board begins
 * with one, so that none has two boards in it. */
#define HUGE_PAGE (2 * 1024 * 1024)
/* The last one is huge too if there is no more than this in vain. */
#define MAX_WASTE (HUGE_PAGE / 8)

typedef struct
{
  guint8 *data;
  gsize size;                   /* bytes, and those of the mapping */
  gsize length;
} Board;

static GMutex lock;
static GHashTable *boards;      /* by each of their huge pages */

static gpointer
get_key (const guint8 * data)
{
  return GSIZE_TO_POINTER ((gsize) data / HUGE_PAGE);
}

static void
board_register (Board * self, gboolean known)
{
  g_mutex_lock (&lock);
  if (!boards)
    boards = g_hash_table_new (NULL, NULL);
  for (gsize at = 0; at < self->length; at += HUGE_PAGE) {
    if (known)
      g_hash_table_insert (boards, get_key (self->data + at), self);
    else
      g_hash_table_remove (boards, get_key (self->data + at));
  }
  g_mutex_unlock (&lock);
}

static void
board_free (gpointer data)
{
  Board *self = data;

  board_register (self, FALSE);
  munmap (self->data, self->length);
  g_free (self);
}

/* Returns: (nullable) */
static guint8 *
map (gsize length)
{
  gsize room = length + HUGE_PAGE;
  guint8 *start = mmap (NULL, room, PROT_READ | PROT_WRITE,
      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  guint8 *data;

  if (start == MAP_FAILED)
    return NULL;
  data = start + (HUGE_PAGE - (gsize) start % HUGE_PAGE) % HUGE_PAGE;
  if (data > start)
    munmap (start, data - start);
  if (start + room > data + length)
    munmap (data + length, start + room - (data + length));
#ifdef MADV_HUGEPAGE
  madvise (data, length, MADV_HUGEPAGE);
#endif
  return data;
}

static gsize
get_length (gsize size)
{
  gsize unit = HUGE_PAGE - size % HUGE_PAGE <= MAX_WASTE ? HUGE_PAGE
      : (gsize) sysconf (_SC_PAGESIZE);

  return (size + unit - 1) / unit * unit;
}

gboolean
p2p_soup_shelf_has (gconstpointer data, gsize size)
{
  const guint8 *start = data;
  Board *board;
  gboolean found;

  g_mutex_lock (&lock);
  board = boards ? g_hash_table_lookup (boards, get_key (start)) : NULL;
  found = board && size <= board->size
      && (gsize) (start - board->data) <= board->size - size;
  g_mutex_unlock (&lock);
  return found;
}

/* Returns: (transfer full) (nullable) */
static GBytes *
board_new (GPtrArray * chunks, gsize size)
{
  gsize length = get_length (size), at = 0;
  guint8 *data = map (length);
  Board *self;

  if (!data)
    return NULL;
  for (guint i = 0; i < chunks->len; i++) {
    gsize n;
    gconstpointer from = g_bytes_get_data (g_ptr_array_index (chunks, i), &n);

    if (n > 0)
      memcpy (data + at, from, n);
    at += n;
  }
  mprotect (data, length, PROT_READ);
  self = g_new (Board, 1);
  *self = (Board) {
  data, size, length};
  board_register (self, TRUE);
  return g_bytes_new_with_free_func (data, size, board_free, self);
}

GBytes *
p2p_soup_shelf_put (GPtrArray * chunks)
{
  gconstpointer data = NULL;
  gsize size = 0;

  for (guint i = 0; i < chunks->len; i++) {
    gsize n;

    data = g_bytes_get_data (g_ptr_array_index (chunks, i), &n);
    size += n;
  }
  if (size < P2P_SOUP_SHELF_MIN || size > P2P_SOUP_SHELF_MAX
      || (chunks->len == 1 && p2p_soup_shelf_has (data, size)))
    return NULL;
  return board_new (chunks, size);
}

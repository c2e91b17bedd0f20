/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Whatever a playlist defines, it keeps its lines and its bound.
 */

#include "fuzz.h"
#include "p2pdefine.h"
#include "p2pplaylist.h"

#include <string.h>

#define URI "http://h/list.m3u8?a=1&token=x%2F%22&line=%0A&bad=%FF"
/* What a tag may be longer by once its query stands in it */
#define MAX_MORE 1024

static guint
count_lines (GBytes * text)
{
  gsize size;
  const char *data = g_bytes_get_data (text, &size);
  guint n = 0;

  for (gsize i = 0; i < size; i++)
    n += data[i] == '\n' || data[i] == '\r';
  return n;
}

static void
check (GBytes * in, GBytes * out, GHashTable * defined)
{
  GHashTableIter iter;
  gpointer value;

  if (!defined) {
    g_assert_true (out == in);
    return;
  }
  g_assert_cmpuint (count_lines (out), ==, count_lines (in));
  g_assert_cmpuint (g_bytes_get_size (out), <=,
      P2P_PLAYLIST_MAX_BYTES + MAX_MORE);
  g_hash_table_iter_init (&iter, defined);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    g_assert_null (strpbrk (value, "\"\r\n"));
    g_assert_true (g_utf8_validate (value, -1, NULL));
  }
}

/* As a master playlist, and as a media playlist of that one. */
int
LLVMFuzzerTestOneInput (const uint8_t * data, size_t size)
{
  g_autoptr (GBytes) in = g_bytes_new (data, size);
  g_autoptr (GHashTable) defined = NULL, again = NULL;
  g_autoptr (GBytes) master = p2p_playlist_define (in, URI, NULL, &defined);
  g_autoptr (GBytes) media = p2p_playlist_define (in, URI, defined, &again);

  check (in, master, defined);
  check (in, media, again);
  return 0;
}

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Rewriting only inserts, does so once, and changes no meaning.
 */

#include "dump.h"
#include "fuzz.h"
#include "p2prewrite.h"

#include <string.h>

/* Without what was inserted, text is data again: wherever they differ text has
 * a prefix, before "//" with the scheme. */
static void
check_inserted (const char *data, gsize size, const char *text, gsize len)
{
  static const char *const prefixes[] = { "p2phls+https:", "p2phls+http:",
    "p2phls+",
  };
  gsize pos = 0;

  for (gsize i = 0; i < len; i++, pos++) {
    if (pos >= size || text[i] != data[pos]) {
      gboolean slashes = pos < size && data[pos] == '/';
      guint j = slashes ? 0 : 2;

      while (j < G_N_ELEMENTS (prefixes)
          && strncmp (text + i, prefixes[j], strlen (prefixes[j])) != 0)
        j++;
      g_assert_cmpuint (j, <, slashes ? 2 : 3);
      i += strlen (prefixes[j]);
      g_assert_cmpuint (i, <, len);
    }
    g_assert_cmpuint (pos, <, size);
    g_assert_cmpint (text[i], ==, data[pos]);
  }
  g_assert_cmpuint (pos, ==, size);
}

/* Returns: (transfer full) (nullable): what a reader gets from bytes */
static char *
read_all (GBytes * bytes, const char *base)
{
  g_autoptr (P2pPlaylist) playlist = NULL;
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  playlist = p2p_playlist_parse (base, data, size, NULL);
  return playlist ? dump_playlist (playlist) : NULL;
}

int
LLVMFuzzerTestOneInput (const uint8_t * data, size_t size)
{
  static const char *const bases[] = { "http://h/dir/list.m3u8?q=/",
    "https://h", "P2PHLS+https://h:8/a/b",
  };
  const char *base = bases[size % G_N_ELEMENTS (bases)];
  g_autoptr (GBytes) in = g_bytes_new (data, size);
  g_autoptr (GBytes) out = p2p_playlist_rewrite (in, base);
  g_autoptr (GBytes) again = p2p_playlist_rewrite (out, base);
  g_autofree char *before = read_all (in, base);
  g_autofree char *after = read_all (out, base);

  check_inserted ((const char *) data, size, g_bytes_get_data (out, NULL),
      g_bytes_get_size (out));
  g_assert_true (again == out);
  g_assert_cmpstr (before, ==, after);
  return 0;
}

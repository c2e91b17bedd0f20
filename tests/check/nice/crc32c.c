/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pnicecrc32c.h"

#include <string.h>

/* RFC 3720, appendix B.4, with its bytes in the order of a number */
static void
check_vectors (P2pNiceCrc32cFunc func)
{
  static const guint8 read_command[48] = {
    0x01, 0xc0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0x14, 0, 0, 0, 0, 0, 0x04, 0, 0, 0, 0, 0x14, 0, 0, 0, 0x18,
    0x28, 0, 0, 0, 0, 0, 0, 0, 0x02, 0, 0, 0, 0, 0, 0, 0,
  };
  guint8 data[32] = { 0 };

  g_assert_cmphex (~func (~0u, data, 32), ==, 0x8a9136aa);
  memset (data, 0xff, sizeof data);
  g_assert_cmphex (~func (~0u, data, 32), ==, 0x62a8ab43);
  for (guint i = 0; i < 32; i++)
    data[i] = i;
  g_assert_cmphex (~func (~0u, data, 32), ==, 0x46dd794e);
  for (guint i = 0; i < 32; i++)
    data[i] = 31 - i;
  g_assert_cmphex (~func (~0u, data, 32), ==, 0x113fdb5c);
  g_assert_cmphex (~func (~0u, read_command, 48), ==, 0xd9963a56);
  g_assert_cmphex (~func (~0u, (const guint8 *) "123456789", 9), ==,
      0xe3069283);
  g_assert_cmphex (~func (~0u, data, 0), ==, 0);
}

static void
test_table (void)
{
  check_vectors (p2p_nice_crc32c_table);
}

static void
test_hardware (void)
{
  P2pNiceCrc32cFunc func = p2p_nice_crc32c_get_hardware ();

  if (func)
    check_vectors (func);
  else
    g_test_skip ("this processor has no instruction for it");
}

/* Each length and start: both ways and the chosen one say the same. */
static void
test_same (void)
{
  P2pNiceCrc32cFunc func = p2p_nice_crc32c_get_hardware ();
  guint8 data[80];

  for (guint i = 0; i < sizeof data; i++)
    data[i] = i * 37 + 11;
  for (guint start = 0; start < 8; start++) {
    for (guint size = 0; start + size <= sizeof data; size++) {
      guint32 crc = p2p_nice_crc32c_table (~0u, data + start, size);

      g_assert_cmphex (p2p_nice_crc32c (data + start, size), ==, ~crc);
      if (func)
        g_assert_cmphex (func (~0u, data + start, size), ==, crc);
    }
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/crc32c/table", test_table);
  g_test_add_func ("/crc32c/hardware", test_hardware);
  g_test_add_func ("/crc32c/same", test_same);
  return g_test_run ();
}

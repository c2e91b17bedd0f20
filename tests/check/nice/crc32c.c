/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Without GLib, since it is also built for a processor that is not here. Each way
 * is told by its name; on that processor none may be missing.
 */

#include "p2pnicecrc32c.h"

#include <stdio.h>
#include <string.h>

/* The bytes' checksum is the number. */
typedef struct
{
  const char *name;
  uint32_t crc;
  size_t size;
  uint8_t data[48];
} Vector;

/* RFC 3720, appendix B.4, with its bytes in the order of a number; and the one
 * that everybody has. */
/* *INDENT-OFF* */
static const Vector vectors[] = {
  {"32 zeros", 0x8a9136aa, 32, {0}},
  {"32 ones", 0x62a8ab43, 32, {
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    255, 255}},
  {"32 incrementing", 0x46dd794e, 32, {
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20,
    21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31}},
  {"32 decrementing", 0x113fdb5c, 32, {
    31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13,
    12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0}},
  {"an iSCSI read", 0xd9963a56, 48, {
    0x01, 0xc0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0x14, 0, 0, 0, 0, 0, 0x04, 0, 0, 0, 0, 0x14, 0, 0, 0, 0x18,
    0x28, 0, 0, 0, 0, 0, 0, 0, 0x02, 0, 0, 0, 0, 0, 0, 0}},
  {"123456789", 0xe3069283, 9, "123456789"},
  {"nothing", 0, 0, {0}},
};
/* *INDENT-ON* */

static int n_failed, n_told;

static void
tell (int good, const char *way, const char *what)
{
  n_failed += !good;
  printf ("%s %d %s: %s\n", good ? "ok" : "not ok", ++n_told, way, what);
}

static void
check_vectors (P2pNiceCrc32cFunc func, const char *way)
{
  for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
    const Vector *vector = &vectors[i];

    tell (~func (~0u, vector->data, vector->size) == vector->crc, way,
        vector->name);
  }
}

/* Each start and many lengths of bytes by chance: all ways say the same. */
static void
check_same (P2pNiceCrc32cFunc func, const char *way)
{
  static uint8_t data[4096];
  uint32_t chance = 1;
  int same = 1;

  for (size_t i = 0; i < sizeof data; i++) {
    chance = chance * 1664525 + 1013904223;
    data[i] = chance >> 24;
  }
  for (size_t start = 0; start < 16; start++) {
    for (size_t size = 0; start + size <= sizeof data; size += size / 64 + 1) {
      uint32_t crc = p2p_nice_crc32c_table (~0u, data + start, size);

      same &= func (~0u, data + start, size) == crc;
      same &= p2p_nice_crc32c (data + start, size) == (uint32_t) ~ crc;
    }
  }
  tell (same, way, "as the table has it");
}

int
main (void)
{
  const char *name;
  P2pNiceCrc32cFunc func = p2p_nice_crc32c_get_hardware (&name);

  check_vectors (p2p_nice_crc32c_table, "table");
  check_same (p2p_nice_crc32c_table, "table");
  if (func) {
    check_vectors (func, name);
    check_same (func, name);
  } else {
#ifdef __aarch64__
    tell (0, name, "this processor has to have it");
#else
    printf ("ok %d %s # SKIP this processor has none\n", ++n_told, name);
#endif
  }
  printf ("1..%d\n", n_told);
  return n_failed != 0;
}

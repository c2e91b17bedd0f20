/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pnicecrc32c.h"

#include <string.h>

#if defined(__x86_64__) && defined(__GNUC__)
#include <nmmintrin.h>
#define HARDWARE __attribute__ ((target ("sse4.2")))
#define CRC_8(crc, value) _mm_crc32_u8 (crc, value)
#define CRC_64(crc, value) (guint32) _mm_crc32_u64 (crc, value)
#elif defined(__aarch64__) && defined(__linux__) && defined(__GNUC__)
#include <sys/auxv.h>
#include <asm/hwcap.h>
#ifdef __clang__
#define HARDWARE __attribute__ ((target ("crc")))
#else
#define HARDWARE __attribute__ ((target ("+crc")))
#endif
#define CRC_8(crc, value) __builtin_aarch64_crc32cb (crc, value)
#define CRC_64(crc, value) __builtin_aarch64_crc32cx (crc, value)
#endif

#define POLYNOMIAL 0x82f63b78   /* of CRC32c, reflected */

guint32
p2p_nice_crc32c_table (guint32 crc, const guint8 * data, gsize size)
{
  static guint32 table[256];
  static gsize made;

  if (g_once_init_enter (&made)) {
    for (guint32 i = 0; i < G_N_ELEMENTS (table); i++) {
      table[i] = i;
      for (guint bit = 0; bit < 8; bit++)
        table[i] = table[i] >> 1 ^ (table[i] & 1 ? POLYNOMIAL : 0);
    }
    g_once_init_leave (&made, 1);
  }
  for (gsize i = 0; i < size; i++)
    crc = crc >> 8 ^ table[(crc ^ data[i]) & 0xff];
  return crc;
}

#ifdef HARDWARE
HARDWARE static guint32
crc32c_hardware (guint32 crc, const guint8 * data, gsize size)
{
  guint64 word;

  for (; size >= sizeof word; data += sizeof word, size -= sizeof word) {
    memcpy (&word, data, sizeof word);
    crc = CRC_64 (crc, GUINT64_FROM_LE (word));
  }
  for (; size > 0; data++, size--)
    crc = CRC_8 (crc, *data);
  return crc;
}

static gboolean
has_hardware (void)
{
#ifdef __x86_64__
  return __builtin_cpu_supports ("sse4.2");
#else
  return (getauxval (AT_HWCAP) & HWCAP_CRC32) != 0;
#endif
}
#endif

P2pNiceCrc32cFunc
p2p_nice_crc32c_get_hardware (void)
{
#ifdef HARDWARE
  return has_hardware ()? crc32c_hardware : NULL;
#else
  return NULL;
#endif
}

guint32
p2p_nice_crc32c (const guint8 * data, gsize size)
{
  static P2pNiceCrc32cFunc func;
  P2pNiceCrc32cFunc chosen = g_atomic_pointer_get (&func);

  if (chosen == NULL) {
    chosen = p2p_nice_crc32c_get_hardware ();
    if (chosen == NULL)
      chosen = p2p_nice_crc32c_table;
    g_atomic_pointer_set (&func, chosen);
  }
  return ~chosen (~0u, data, size);
}

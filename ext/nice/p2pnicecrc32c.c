/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pnicecrc32c.h"

#include <pthread.h>
#include <string.h>

#if defined(__x86_64__) && defined(__GNUC__)
#include <nmmintrin.h>
#define HARDWARE __attribute__ ((target ("sse4.2")))
#define NAME "SSE4.2"
#define CRC_8(crc, value) _mm_crc32_u8 (crc, value)
#define CRC_64(crc, value) (uint32_t) _mm_crc32_u64 (crc, value)
#elif defined(__aarch64__) && defined(__linux__) && defined(__GNUC__) \
    && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#include <sys/auxv.h>
#include <asm/hwcap.h>
#ifdef __clang__
#define HARDWARE __attribute__ ((target ("crc")))
#else
#define HARDWARE __attribute__ ((target ("+crc")))
#endif
#define NAME "ARMv8 CRC32"
#define CRC_8(crc, value) __builtin_aarch64_crc32cb (crc, value)
#define CRC_64(crc, value) __builtin_aarch64_crc32cx (crc, value)
#endif

#define POLYNOMIAL 0x82f63b78   /* of CRC32c, reflected */

static uint32_t table[256];

static void
make_table (void)
{
  for (uint32_t i = 0; i < 256; i++) {
    table[i] = i;
    for (int bit = 0; bit < 8; bit++)
      table[i] = table[i] >> 1 ^ (table[i] & 1 ? POLYNOMIAL : 0);
  }
}

uint32_t
p2p_nice_crc32c_table (uint32_t crc, const uint8_t * data, size_t size)
{
  static pthread_once_t made = PTHREAD_ONCE_INIT;

  pthread_once (&made, make_table);
  for (size_t i = 0; i < size; i++)
    crc = crc >> 8 ^ table[(crc ^ data[i]) & 0xff];
  return crc;
}

#ifdef HARDWARE
HARDWARE static uint32_t
crc32c_hardware (uint32_t crc, const uint8_t * data, size_t size)
{
  uint64_t word;

  for (; size >= sizeof word; data += sizeof word, size -= sizeof word) {
    memcpy (&word, data, sizeof word);
    crc = CRC_64 (crc, word);
  }
  for (; size > 0; data++, size--)
    crc = CRC_8 (crc, *data);
  return crc;
}

static int
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
p2p_nice_crc32c_get_hardware (const char **name)
{
#ifdef HARDWARE
  *name = NAME;
  return has_hardware ()? crc32c_hardware : NULL;
#else
  *name = "none";
  return NULL;
#endif
}

static P2pNiceCrc32cFunc chosen;

static void
choose (void)
{
  const char *name;

  chosen = p2p_nice_crc32c_get_hardware (&name);
  if (chosen == NULL)
    chosen = p2p_nice_crc32c_table;
}

uint32_t
p2p_nice_crc32c (const uint8_t * data, size_t size)
{
  static pthread_once_t done = PTHREAD_ONCE_INIT;

  pthread_once (&done, choose);
  return ~chosen (~0u, data, size);
}

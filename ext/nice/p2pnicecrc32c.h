/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* The checksum of SCTP (RFC 9260, appendix A; RFC 3720, appendix B.4): by the
 * processor's own instructions if it has them (SSE4.2, ARMv8's CRC32), which is
 * asked for once, else by a table. Without GLib, so that it is tested for
 * processors that are not here. */
uint32_t p2p_nice_crc32c (const uint8_t * data, size_t size);

/* Each way by itself, so that each can be tested. */
typedef uint32_t (*P2pNiceCrc32cFunc) (uint32_t crc, const uint8_t * data,
    size_t size);
uint32_t p2p_nice_crc32c_table (uint32_t crc, const uint8_t * data,
    size_t size);
/* name: (out): of the instructions. Returns: NULL if this processor has none */
P2pNiceCrc32cFunc p2p_nice_crc32c_get_hardware (const char **name);

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The checksum of SCTP (RFC 9260, appendix A; RFC 3720, appendix B.4): by the
 * processor's own instructions if it has them (SSE4.2, ARMv8's CRC32), which is
 * asked for once, else by a table. */
guint32 p2p_nice_crc32c (const guint8 * data, gsize size);

/* Each way by itself, so that each can be tested. */
typedef guint32 (*P2pNiceCrc32cFunc) (guint32 crc, const guint8 * data,
    gsize size);
guint32 p2p_nice_crc32c_table (guint32 crc, const guint8 * data, gsize size);
/* Returns: NULL if this processor has none */
P2pNiceCrc32cFunc p2p_nice_crc32c_get_hardware (void);

G_END_DECLS

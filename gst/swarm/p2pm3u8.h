/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The grammar of a playlist (RFC 8216, 4.1 and 4.2): lines, tags, attribute
 * lists, values. It looks at the bytes where they are, copies nothing and takes any
 * byte, NUL too. */

typedef struct
{
  const char *ptr;              /* not NUL-terminated */
  gsize len;
} P2pText;

gboolean p2p_text_equals (P2pText self, const char *string);
gboolean p2p_text_starts_with (P2pText self, const char *string);
/* Without blanks (space, tab) at both ends. */
P2pText p2p_text_trim (P2pText self);
/* Returns: (transfer full): valid UTF-8 without NUL, U+FFFD for what is not. */
char *p2p_text_dup (P2pText self);

/* Takes the next line off rest; LF, CR LF and a lone CR end one.
 * Returns: FALSE at the end. */
gboolean p2p_m3u8_next_line (P2pText * rest, P2pText * line);

/* "#NAME" or "#NAME:value". Returns: FALSE if line is no tag or comment. */
gboolean p2p_m3u8_split_tag (P2pText line, P2pText * name, P2pText * value);

/* Takes the next NAME=value off rest, quotes and blanks removed. What is no
 * attribute is passed over. Returns: FALSE at the end. */
gboolean p2p_m3u8_next_attribute (P2pText * rest, P2pText * name,
    P2pText * value);

/* A decimal number and nothing else, up to G_MAXINT64. */
gboolean p2p_m3u8_read_uint (P2pText text, guint64 * number);

/* "1280x720" */
gboolean p2p_m3u8_read_resolution (P2pText text, guint * width,
    guint * height);

/* Decimal seconds, cut to P2P_M3U8_MAX_SECONDS, to microseconds. A comma and
 * what is after it (the title of EXTINF) is passed over. */
#define P2P_M3U8_MAX_SECONDS (7 * 24 * 60 * 60)
gboolean p2p_m3u8_read_seconds (P2pText text, gint64 * microseconds);

/* The value of EXT-X-BYTERANGE and of BYTERANGE= */
typedef struct
{
  enum
  {
    P2P_RANGE_NONE,
    P2P_RANGE_FROM,             /* length@offset */
    P2P_RANGE_NEXT,             /* length: goes on after the one before */
    P2P_RANGE_ODD,              /* it makes no sense */
  } kind;
  gint64 offset, length;        /* their sum fits */
} P2pRange;

/* text: the value of EXT-X-BYTERANGE, or of the attribute */
void p2p_m3u8_read_range (P2pText text, P2pRange * range);

G_END_DECLS

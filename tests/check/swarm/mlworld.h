/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pmlcommand.h"
#include "wireworld.h"

G_BEGIN_DECLS

/* What the tests of p2p-media-loader's binary wire share. */

/* (transfer full): of bytes in hex */
GBytes *ml_from_hex (const char *hex);
char *ml_to_hex (GBytes * bytes);
/* (transfer full): a list of numbers, as "0-9,12"; NULL for "" */
GArray *ml_list (const char *text);
/* A command in words: "request 7 r5 b10", "announcement 0-9 p 11"; a message that
 * is none: "#size". (transfer full) */
char *ml_describe (GBytes * message);

/* A wire with a P2pMlPeer. loaded: what it announced, NULL if it says nothing
 * yet. */
Wire *ml_wire_new (const char *loaded);
/* The same of 1.0.0, without request ids. */
Wire *ml_wire_new_old (const char *loaded);
/* The stranger says a message in hex. */
void ml_say (Wire * w, const char *hex);
void ml_say_announcement (Wire * w, const char *loaded, const char *loading);
/* request: -1: none; more: the size of DATA, the first byte of REQUEST (-1: none) */
void ml_say_command (Wire * w, P2pMlType type, gint64 segment,
    gint64 request, gint64 more);
/* Asks the peer for a segment, and the end of it from first on. Returns: the id of the
 * request, which the stranger has got; -1: none */
gint64 ml_request (Wire * w, guint segment, gsize first);
/* Compares, and forgets. */
void ml_assert_got (Wire * w, const char *format, ...) G_GNUC_PRINTF (2, 3);

G_END_DECLS

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * P2pJsonSlice:
 *
 * A value where it stands in a JSON text, so that what is only passed on is
 * neither taken apart nor copied. Of a text that p2p_json_scan() took, as all
 * of the functions here want it, or that the functions here wrote.
 */
typedef struct
{
  const char *text;             /* NULL: there is no such value */
  gsize size;
} P2pJsonSlice;

/* Walks the members of an object. rest: the object at first, changed by each
 * call. name: without its quotes, as it is spelled. Returns: FALSE after the last
 * one, and at once if it is no object. */
gboolean p2p_json_slice_next_member (P2pJsonSlice * rest, P2pJsonSlice * name,
    P2pJsonSlice * value);
/* … the elements of an array. */
gboolean p2p_json_slice_next_element (P2pJsonSlice * rest,
    P2pJsonSlice * value);
/* The value of the member of that name, the last one if several */
P2pJsonSlice p2p_json_slice_get_member (const P2pJsonSlice * object,
    const char *name);
/* Whether a member's name is that one, however it is spelled. word: ASCII */
gboolean p2p_json_slice_is (const P2pJsonSlice * name, const char *word);

/* Returns: (transfer full) (nullable): NULL if it is no string; with
 * P2P_JSON_NUL for U+0000 */
char *p2p_json_slice_dup_string (const P2pJsonSlice * self);
/* A string of size code points, none above U+00FF, as that many bytes.
 * Returns: FALSE if it is no such string; bytes may be written to then too */
gboolean p2p_json_slice_get_bytes (const P2pJsonSlice * self, guint8 * bytes,
    gsize size);
/* Returns: the number, without its fraction; -1 if it is none, negative or above
 * P2P_JSON_MAX_INT64 */
gint64 p2p_json_slice_get_count (const P2pJsonSlice * self);

/* Adds a string with its quotes. text: UTF-8, P2P_JSON_NUL for U+0000 */
void p2p_json_write_string (GString * out, const char *text);
/* … of a code point a byte. */
void p2p_json_write_bytes (GString * out, const guint8 * bytes, gsize size);

G_END_DECLS

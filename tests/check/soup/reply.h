/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a server answered, read byte by byte. What is not HTTP fails the test. */
typedef struct
{
  guint status;
  GHashTable *headers;          /* lower-case name → value */
  char *body;                   /* NUL behind its end */
  gsize size;
  gboolean cut;                 /* the body ended before its time */
} Reply;

/* Reads one, of a HEAD without a body. Returns: (transfer full) (nullable): NULL if
 * the connection ended before */
Reply *reply_read (GInputStream * input, gboolean is_head);
void reply_free (Reply * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Reply, reply_free)

/* name: in lower case. Returns: (nullable) */
const char *reply_get (Reply * self, const char *name);

G_END_DECLS

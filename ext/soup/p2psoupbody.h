/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/**
 * P2pSoupBody:
 *
 * The body of an answer, as it comes: read into memory that is handed on in
 * slices, without a copy.
 */
typedef struct _P2pSoupBody P2pSoupBody;

/* stream: of libsoup, for message. (transfer full stream) */
P2pSoupBody *p2p_soup_body_new (SoupMessage * message, GInputStream * stream);
/* Lets go of the connection, which is kept if all was read. */
void p2p_soup_body_free (P2pSoupBody * self);

/* Whether a content coding is undone. */
gboolean p2p_soup_body_is_decoded (P2pSoupBody * self);

/* Reads once what is there; what is due has to be taken before. drained: there
 * is no more now. Returns: as read() does. */
gssize p2p_soup_body_read (P2pSoupBody * self, gboolean * drained,
    GError ** error);
/* Whether so much was read that it is to be taken now. */
gboolean p2p_soup_body_is_due (P2pSoupBody * self);

/* Returns: (transfer full) (nullable): what was read since the last time */
GBytes *p2p_soup_body_take (P2pSoupBody * self);

/* Of a body that came to what libsoup takes for its end: whether it is not. */
gboolean p2p_soup_body_is_cut (P2pSoupBody * self);

/* Reads what is there of a body that nobody wants, if that is little: then the
 * connection can be used again. */
void p2p_soup_body_drain (P2pSoupBody * self);

/* Ready (a GPollableSourceFunc) once more is there; of a body that is drained:
 * a source that is made earlier would be ready for ever. */
GSource *p2p_soup_body_create_source (P2pSoupBody * self);

G_END_DECLS

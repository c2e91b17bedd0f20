/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The schemes p2phls+http and p2phls+https say "this stream, with P2P"; on the
 * wire they are http and https. All functions take any string and never fail
 * on a strange one: they hand it back as it is, or NULL where said. */

#define P2P_URI_PREFIX "p2phls+"

gboolean p2p_uri_is_p2p (const char *uri);      /* p2phls+http(s)://, any case */
gboolean p2p_uri_is_http (const char *uri);     /* http(s)://, any case */

/* Returns: (transfer full): the plain http(s) form; others as they are. */
char *p2p_uri_to_http (const char *uri);

/* Returns: (transfer full): the p2phls+ form of an http(s) URI; others as they
 * are. */
char *p2p_uri_to_p2p (const char *uri);

/* Resolves ref against base (RFC 3986, 5.2), fragments dropped, p2phls+ of
 * base kept. Nothing is escaped or unescaped.
 * Returns: (transfer full) (nullable): NULL if ref is relative and base no
 * http(s) or p2phls+http(s) URI. */
char *p2p_uri_resolve (const char *base, const char *ref);

/* One spelling for all spellings of a URI that HTTP treats alike (RFC 3986,
 * 6.2.2 and 6.2.3): plain scheme and host in lower case, no default port, no
 * dot segments, percent-encoding only where needed and in upper case, no
 * fragment, path at least "/". The query is kept with its order. Reserved
 * characters stay as they are written: a%2Bb is not a+b. User and password are
 * dropped: HTTP sends them in a header, and they must not get into a name.
 * Two clients that join relative URIs in different ways meet here.
 * Returns: (transfer full): what is no http(s) URI as it is. */
char *p2p_uri_canonical (const char *uri);

/* uri as it is written, but plain, and without user, password, query, fragment
 * and dot segments: what may be told to others.
 * Returns: (transfer full): what is no http(s) URI up to its query */
char *p2p_uri_strip (const char *uri);

/* The same as a browser writes it (https://url.spec.whatwg.org): scheme and host
 * in lower case, no default port, %20 for a blank, and escapes as they are.
 * Returns: (transfer full): as p2p_uri_strip() where a browser would refuse it */
char *p2p_uri_strip_as_browser (const char *uri);

/* Whether both have the same scheme, host and port (RFC 6454); p2phls+http is
 * http. FALSE if one has none. */
gboolean p2p_uri_same_origin (const char *a, const char *b);

G_END_DECLS

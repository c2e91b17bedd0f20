/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2ptrackerapi.h"

#include <libwebsockets.h>

G_BEGIN_DECLS

/* Copies what is asked, but for the body, out of the headers of wsi.
 * Returns: FALSE if there is no method or path; clear it in any case */
gboolean p2p_tracker_http_read (struct lws *wsi, P2pTrackerRequest * request);
void p2p_tracker_http_clear (P2pTrackerRequest * request);

/* Returns: the length of the body to come; 0: none; -1: it does not say, or what
 * it says is no length */
gint64 p2p_tracker_http_get_length (struct lws *wsi);
/* Returns: (transfer full) (nullable): the last address of X-Forwarded-For */
char *p2p_tracker_http_get_forwarded (struct lws *wsi);

/* Returns: (transfer full) (nullable): the origin of the page that asks */
char *p2p_tracker_http_get_origin (struct lws *wsi);

/* Answers with body, or with nothing if it is empty, and headers that let any
 * page read it, and ends the connection: if a second request has a body and came
 * before the answer to the first (HTTP pipelining), libwebsockets frees what it reads,
 * and then the connection twice. type: of the body
 * Returns: what a callback of libwebsockets returns then */
int p2p_tracker_http_reply (struct lws *wsi, guint status, GString * body,
    const char *type);

G_END_DECLS

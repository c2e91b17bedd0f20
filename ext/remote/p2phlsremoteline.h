/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * P2pHlsRemoteLine:
 *
 * A stream on which each message is a line, as both ends have it. Nothing of it
 * blocks. It uses the main context of the thread that made it.
 */
typedef struct _P2pHlsRemoteLine P2pHlsRemoteLine;

typedef struct
{
  /* text: without its end, zero-terminated. May close or free the line. */
  void (*received) (P2pHlsRemoteLine * self, const char *text, gsize size,
      gpointer user_data);
  /* Last: the other end closed it (error NULL), or it broke. */
  void (*closed) (P2pHlsRemoteLine * self, const GError * error,
      gpointer user_data);
} P2pHlsRemoteLineEvents;

/* stream: a reference is kept. max_line: bytes; a longer line breaks it. max_unsent:
 * bytes that wait for the other end; more break it. */
P2pHlsRemoteLine *p2p_hls_remote_line_new (GIOStream * stream, gsize max_line,
    gsize max_unsent, const P2pHlsRemoteLineEvents * events,
    gpointer user_data);
/* text: without a line end */
void p2p_hls_remote_line_send (P2pHlsRemoteLine * self, const char *text);
/* Bytes that wait */
gsize p2p_hls_remote_line_get_unsent (P2pHlsRemoteLine * self);
/* No event comes after it; what waits goes out within some seconds, then it
 * closes. */
void p2p_hls_remote_line_free (P2pHlsRemoteLine * self);

G_END_DECLS

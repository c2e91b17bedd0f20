/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2phlsremote.h"

G_BEGIN_DECLS

/**
 * P2pHlsLine:
 *
 * A command's line to the engine: its options, the connection, the loop that runs
 * until there is something to end with.
 */
typedef struct
{
  char *engine;                 /* address; NULL: the user's own */
  char *token_file;
  char *certificate;
  gboolean json;
  guint delay;                  /* ms that what was added is kept after the end */

  GMainLoop *loop;
  P2pHlsRemoteConnection *connection;
  P2pHlsRemoteClient *client;   /* of it */
  int code;                     /* to end with */
  guint patience;               /* the call that ends it, or 0 */
} P2pHlsLine;

/* The options of every command that needs a line: to be put before its own. */
#define P2P_HLS_LINE_ENTRIES(line) \
  {"engine", 'e', 0, G_OPTION_ARG_STRING, &(line).engine, \
    N_("The engine: unix:PATH or tls://HOST:PORT"), N_("ADDRESS")}, \
  {"token-file", 0, 0, G_OPTION_ARG_FILENAME, &(line).token_file, \
    N_("Its token, for tls"), N_("FILE")}, \
  {"certificate", 0, 0, G_OPTION_ARG_FILENAME, &(line).certificate, \
    N_("Its certificate (PEM), for tls"), N_("FILE")}, \
  {"json", 'j', 0, G_OPTION_ARG_NONE, &(line).json, \
    N_("Print JSON, for scripts"), NULL}

/* Returns: FALSE: the user was told, and code says how to end */
gboolean p2p_hls_line_open (P2pHlsLine * self);
/* Runs until p2p_hls_line_end(), a signal of the system (that is good), or the
 * end of the connection (that is not). Returns: what to end with, all is freed */
int p2p_hls_line_run (P2pHlsLine * self);
void p2p_hls_line_end (P2pHlsLine * self, int code);
/* An answer has to come within some seconds, or it fails; it came. */
void p2p_hls_line_expect (P2pHlsLine * self);
void p2p_hls_line_heard (P2pHlsLine * self);
/* Tells the user of error and ends. */
void p2p_hls_line_fail (P2pHlsLine * self, const GError * error);

G_END_DECLS

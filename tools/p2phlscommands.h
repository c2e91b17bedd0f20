/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What the program ends with. */
enum
{
  P2P_HLS_EXIT_GOOD = 0,
  P2P_HLS_EXIT_FAILED = 1,
  P2P_HLS_EXIT_USAGE = 2,
  P2P_HLS_EXIT_MISSING = 3,     /* the engine does not have the stream */
  P2P_HLS_EXIT_NO_ENGINE = 4    /* there is none, it refused, or it ended */
};

/* The commands. argv[0]: "p2phls COMMAND". Returns: one of the above */
int p2p_hls_command_serve (int argc, char **argv);
int p2p_hls_command_add (int argc, char **argv);
int p2p_hls_command_get (int argc, char **argv);
int p2p_hls_command_status (int argc, char **argv);
int p2p_hls_command_stop (int argc, char **argv);

/* Reads options, and up to max_words words behind them, of which min_words have
 * to be there. words: what they are, for the usage; summary: translated. Returns:
 * (transfer full) (nullable): the words; NULL: the user was told */
char **p2p_hls_command_parse (int argc, char **argv,
    const GOptionEntry * entries, const char *words, guint min_words,
    guint max_words, const char *summary);
/* Whether the value of an option is one from 0 to most. Returns: FALSE: the user was
 * told */
gboolean p2p_hls_command_check (const char *option, int value, int most);
/* Puts NAME=VALUE of each of texts (nullable) in object: a number, true, false,
 * nothing (null) or a string. Returns: FALSE: the user was told */
gboolean p2p_hls_command_set (JsonObject * object, char **texts);
/* The text of a file with a secret in it, without the end of its line. Returns:
 * (transfer full) (nullable): NULL: the user was told */
char *p2p_hls_command_read_secret (const char *path);

G_END_DECLS

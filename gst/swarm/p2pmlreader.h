/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pmlcommand.h"

G_BEGIN_DECLS

/**
 * P2pMlReader:
 *
 * Tells commands from the bytes of segments in what comes over the binary wire of
 * p2p-media-loader, and puts those together that come in several messages: the
 * first "cstr" … "dend", then "dstr" … "dend", the last "dstr" … "cend".
 */
typedef struct _P2pMlReader P2pMlReader;

/* Bytes of a command, in however many messages. */
#define P2P_ML_MAX_COMMAND (256 * 1024)

typedef enum
{
  P2P_ML_READ_SEGMENT,          /* bytes of one */
  P2P_ML_READ_COMMAND,
  P2P_ML_READ_PART,             /* of a command, of which more is to come */
  P2P_ML_READ_BAD,              /* what looks like a command and is none */
} P2pMlRead;

/* Whether a message is (part of) a command; there is no way to escape bytes of a
 * segment that look the same. */
gboolean p2p_ml_message_is_command (GBytes * message);

/* request_ids: see p2p_ml_command_parse() */
P2pMlReader *p2p_ml_reader_new (gboolean request_ids);
void p2p_ml_reader_free (P2pMlReader * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pMlReader, p2p_ml_reader_free)

/* command: (out): to be cleared if it is P2P_ML_READ_COMMAND */
P2pMlRead p2p_ml_reader_take (P2pMlReader * self, GBytes * message,
    P2pMlCommand * command);

G_END_DECLS

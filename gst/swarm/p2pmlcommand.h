/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pchannel.h"

G_BEGIN_DECLS

/**
 * P2pMlCommand:
 *
 * A command of the binary wire of p2p-media-loader 1.0 and later: a code, and
 * fields of one letter each that are integers (sign and magnitude, big-endian, as
 * short as they can be), lists of integers (in groups that differ in their last
 * byte only) or strings. It goes out as one message that begins with "cstr" and
 * ends with "cend", or as several: see P2pMlReader.
 */

/* Integers reach from -P2P_ML_MAX_INT to it, in as many bytes as there may be. */
#define P2P_ML_MAX_INT G_GINT64_CONSTANT (9007199254740991)     /* 2^53 - 1 */
/* Ids of a list: nine hours of segments of 2 s. Longer ones are not read. */
#define P2P_ML_MAX_IDS (16 * 1024)
/* Groups of a list that is written, as their number is said in a byte: the last
 * ones, if there are more. */
#define P2P_ML_MAX_GROUPS 255

typedef enum
{
  P2P_ML_ANNOUNCEMENT,          /* loaded, loading */
  P2P_ML_REQUEST,               /* segment, request, perhaps first */
  P2P_ML_DATA,                  /* segment, size, request */
  P2P_ML_COMPLETED,             /* segment, request; so have the next two */
  P2P_ML_ABSENT,
  P2P_ML_CANCEL,
  P2P_ML_UNKNOWN,               /* this and above: of another generation, its
                                 * fields unread */
} P2pMlType;

/* Which of the integers are there. */
#define P2P_ML_HAS_SEGMENT (1 << 0)
#define P2P_ML_HAS_SIZE (1 << 1)
#define P2P_ML_HAS_REQUEST (1 << 2)
#define P2P_ML_HAS_FIRST (1 << 3)

typedef struct
{
  P2pMlType type;
  guint has;
  gint64 segment;               /* "i": its number */
  gint64 size;                  /* "s": bytes that follow */
  gint64 request;               /* "r": of the request's choice; 1.0.0 to 1.0.3
                                 * have none */
  gint64 first;                 /* "b": bytes that are held already */
  GArray *loaded, *loading;     /* "l", "p" (element-type gint64); NULL: none */
} P2pMlCommand;

/* payload: of a command, without what it begins and ends with, from a stranger.
 * self: whatever it was; to be cleared if it is TRUE. request_ids: whether the
 * generation has them. In any order, fields that are not known are passed over; of
 * two of a name the last one counts. Returns: FALSE if it makes no sense, breaks
 * a bound above, or lacks what its type has */
gboolean p2p_ml_command_parse (P2pMlCommand * self, GBytes * payload,
    gboolean request_ids);
void p2p_ml_command_clear (P2pMlCommand * self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (P2pMlCommand, p2p_ml_command_clear)

/* Fields in the order of p2p-media-loader; a list that is empty is left out. A group
 * of 256, whose number its byte cannot say (p2p-media-loader writes 0, which
 * before 3.0 it cannot read), is written as 255 and 1. Returns: (transfer full)
 * (element-type GBytes): the messages, of max_message bytes at most */
GPtrArray *p2p_ml_command_write (const P2pMlCommand * self,
    gsize max_message);

/* Commands are not sent while more bytes than this wait in the channel. */
#define P2P_ML_MAX_BUFFERED (256 * 1024)

/* Returns: FALSE if it is not sent: too much waits in the channel, or it is not open
 * any more. */
gboolean p2p_ml_command_send (const P2pMlCommand * self,
    P2pChannel * channel);

G_END_DECLS

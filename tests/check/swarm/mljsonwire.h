/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pmljsonpeer.h"
#include "wireworld.h"

G_BEGIN_DECLS

#define ML_STREAM "http://h/v.m3u8"
#define ML_ID(n) "\"" ML_STREAM "+" n "\""
#define ML_URL(n) "\"http://h/v/seg00" n ".ts\""

/* What is said in G2. */
#define ML_MAP(ids, statuses) \
    "{\"c\":2,\"m\":{\"" ML_STREAM "\":[\"" ids "\",[" statuses "]]}}"
#define ML_ARRAYS_MAP(urls) "{\"command\":\"segments_map\",\"segments\":[" urls "]}"
#define ML_NO_MAP "{\"c\":2,\"m\":{}}"
#define ML_REQUEST(n) "{\"c\":3,\"i\":" ML_ID (n) "}"
#define ML_ABSENT(n) "{\"c\":1,\"i\":" ML_ID (n) "}"
#define ML_CANCEL(n) "{\"c\":4,\"i\":" ML_ID (n) "}"
#define ML_DATA(n, size) "{\"c\":0,\"i\":" ML_ID (n) ",\"s\":" size "}"

/* A Wire with a P2pMlJsonPeer that was announced to, and that told map, if it is
 * not NULL; nothing is in its logs. */
Wire *ml_json_wire_new (P2pMlWire kind, const char *map);
/* For Wire.describe: commands as they are. */
char *ml_json_wire_describe (GBytes * message);
/* The stranger says it as theirs do: in a binary message. */
void ml_json_wire_say (Wire * w, const char *command);

G_END_DECLS

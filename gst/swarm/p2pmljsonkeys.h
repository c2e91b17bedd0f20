/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pmljson.h"
#include "p2pnames.h"

G_BEGIN_DECLS

/**
 * P2pMlJsonKeys:
 *
 * How p2p-media-loader 0.x tells the segments of one stream from each other: by
 * a key, which is the absolute URL in G0 and the media sequence number in G1 and
 * G2, where "stream+key" is the id on the wire.
 */
typedef struct
{
  P2pMlWire kind;
  char *stream;                 /* G1, G2 */
  char *base;                   /* G0: what URLs are relative to */
  P2pNames *names;
} P2pMlJsonKeys;

/* stream, base: (nullable): as far as kind needs them */
void p2p_ml_json_keys_init (P2pMlJsonKeys * self, P2pMlWire kind,
    const char *stream, const char *base, P2pNames * names);
void p2p_ml_json_keys_clear (P2pMlJsonKeys * self);

/* Returns: (transfer full) (nullable): NULL if it cannot be said */
char *p2p_ml_json_keys_get (const P2pMlJsonKeys * self, const P2pName * name);
/* Returns: (nullable): until the names change */
const P2pName *p2p_ml_json_keys_find (const P2pMlJsonKeys * self,
    const char *key);

/* Returns: (transfer full): the id on the wire */
char *p2p_ml_json_keys_join (const P2pMlJsonKeys * self, const char *key);
/* Returns: (nullable): the key in an id, NULL if it is of another stream */
const char *p2p_ml_json_keys_split (const P2pMlJsonKeys * self,
    const char *id);

G_END_DECLS

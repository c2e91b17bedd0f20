/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What tells the streams of a master playlist apart since p2p-media-loader 2.3,
 * in the order in which they are hashed. */
typedef enum
{
  P2P_PROPERTY_BITRATE,
  P2P_PROPERTY_CODECS,
  P2P_PROPERTY_WIDTH,
  P2P_PROPERTY_HEIGHT,
  P2P_PROPERTY_LANGUAGE,
  P2P_PROPERTY_CHANNELS,
  P2P_PROPERTY_NAME,
  P2P_PROPERTY_FRAME_RATE,
  P2P_PROPERTY_VIDEO_RANGE,
  P2P_N_PROPERTIES,
} P2pProperty;

/* Strings, NULL where there is none */
typedef struct
{
  char *values[P2P_N_PROPERTIES];
} P2pProperties;

void p2p_properties_clear (P2pProperties * self);
void p2p_properties_set (P2pProperties * self, P2pProperty property,
    const char *value);
void p2p_properties_set_number (P2pProperties * self, P2pProperty property,
    guint64 number);
/* As 2.3 spells it, as far as it does: codecs in lower case and sorted, two
 * letters of the language and none of "und", the channels before a slash, the
 * name in lower case, the video range in upper case. */
void p2p_properties_normalise (P2pProperties * self);
/* Returns: (transfer full): Base64 of SHA-1 */
char *p2p_properties_hash (const P2pProperties * self);

/* text: decimal, as FRAME-RATE is. Returns: (transfer full) (nullable): the same
 * number as JavaScript writes it: "29.97" of "29.970"; NULL if it is none. */
char *p2p_properties_spell_number (const char *text);

G_END_DECLS

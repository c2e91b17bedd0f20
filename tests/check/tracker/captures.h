/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What two browsers and npm's bittorrent-tracker said to each other, as it was:
 * p2p-media-loader 2.3.1 with a main and an audio stream over one WebSocket each,
 * and 0.6.2, whose info hashes are any bytes.
 */
#pragma once

typedef enum
{
  CAPTURED_END,
  CAPTURED_SENT,                /* by a browser */
  CAPTURED_GOT,                 /* … from the tracker */
} CapturedKind;

typedef struct
{
  CapturedKind kind;
  unsigned browser;             /* 0 or 1 */
  const char *text;
} CapturedFrame;

extern const CapturedFrame capture_master[];
extern const CapturedFrame capture_v06[];

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The input is what a stranger says in seed 002's protocol, a message a line; for
 * other lines see fuzzpeer.h.
 */

#include "fuzz.h"
#include "fuzzpeer.h"
#include "p2psnmessage.h"
#include "p2psnpeer.h"

#include <string.h>

static P2pPeer *
make (FuzzPeer * fuzz)
{
  return p2p_sn_peer_new (fuzz->clock, P2P_CHANNEL (fuzz->ours), fuzz->names,
      "p");
}

int
LLVMFuzzerTestOneInput (const uint8_t * data, size_t size)
{
  FuzzPeer fuzz = { 0, };
  const char *at = (const char *) data, *end = at + size;

  fuzz_peer_begin (&fuzz, make);
  while (at < end && !fuzz.closed) {
    const char *next = memchr (at, '\n', end - at);

    fuzz_peer_step (&fuzz, at, (next ? next : end) - at, TRUE);
    at = next ? next + 1 : end;
    g_assert_cmpuint (fuzz.ours->max_buffered, <=, P2P_SN_MAX_BUFFERED);
  }
  fuzz_peer_end (&fuzz);
  return 0;
}

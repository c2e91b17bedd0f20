/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What is read of a description keeps the limits, and what is written of it is
 * read as the same.
 */

#include "fuzz.h"
#include "p2pnicesdp.h"

#include <string.h>

static void
check_candidate (const P2pNiceCandidate * candidate)
{
  g_autofree char *text = p2p_nice_candidate_write (candidate);
  P2pNiceCandidate again;
  g_autofree char *back = NULL;

  g_assert_true (p2p_nice_candidate_parse (&again, text));
  back = p2p_nice_candidate_write (&again);
  g_assert_cmpstr (back, ==, text);
  g_assert_cmpuint (candidate->port, >, 0);
}

static void
check_lines (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", 256);

  for (guint i = 0; lines[i]; i++) {
    P2pNiceCandidate candidate;

    if (p2p_nice_candidate_parse (&candidate, lines[i]))
      check_candidate (&candidate);
  }
}

int
LLVMFuzzerTestOneInput (const uint8_t * data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (P2pNiceSdp) sdp = NULL, again = NULL;
  g_autofree char *written = NULL, *back = NULL;

  check_lines (text);
  sdp = p2p_nice_sdp_parse (text, NULL);
  if (!sdp)
    return 0;
  g_assert_cmpuint (sdp->candidates->len, <=, P2P_NICE_SDP_MAX_CANDIDATES);
  g_assert_cmpuint (sdp->max_message, <=, P2P_NICE_MAX_MESSAGE);
  g_assert_cmpuint (sdp->max_message, >, 0);
  g_assert_null (strpbrk (sdp->mid, "\r\n "));
  written = p2p_nice_sdp_write (sdp);
  again = p2p_nice_sdp_parse (written, NULL);
  g_assert_nonnull (again);
  back = p2p_nice_sdp_write (again);
  g_assert_cmpstr (back, ==, written);
  return 0;
}

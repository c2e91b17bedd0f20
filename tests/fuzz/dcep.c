/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What is read of an OPEN keeps the limits, and is written as it was.
 */

#include "fuzz.h"
#include "p2pnicedcep.h"

#include <string.h>

int
LLVMFuzzerTestOneInput (const uint8_t * data, size_t size)
{
  P2pNiceDcep dcep, again;

  p2p_nice_dcep_parse (&dcep, data, size);
  g_assert_true ((dcep.type == P2P_NICE_DCEP_OPEN) == (dcep.label != NULL));
  if (dcep.type == P2P_NICE_DCEP_ACK)
    g_assert_cmpuint (size, ==, 1);
  if (dcep.type == P2P_NICE_DCEP_OPEN) {
    g_autoptr (GBytes) open = p2p_nice_dcep_write_open (dcep.label);

    g_assert_cmpuint (strlen (dcep.label), <=, P2P_NICE_DCEP_MAX_LABEL);
    g_assert_true (g_utf8_validate (dcep.label, -1, NULL));
    p2p_nice_dcep_parse (&again, g_bytes_get_data (open, NULL),
        g_bytes_get_size (open));
    g_assert_cmpint (again.type, ==, P2P_NICE_DCEP_OPEN);
    g_assert_cmpstr (again.label, ==, dcep.label);
    g_assert_true (again.reliable);
    p2p_nice_dcep_clear (&again);
  }
  p2p_nice_dcep_clear (&dcep);
  return 0;
}

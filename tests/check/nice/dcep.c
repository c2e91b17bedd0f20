/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pnicedcep.h"

#include <string.h>

static P2pNiceDcepType
parse (P2pNiceDcep * dcep, GBytes * bytes)
{
  p2p_nice_dcep_parse (dcep, g_bytes_get_data (bytes, NULL),
      g_bytes_get_size (bytes));
  return dcep->type;
}

static void
test_open (void)
{
  /* As Chromium opens a channel with the label "p". */
  static const guint8 browser[] = { 3, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 'p' };
  static const guint8 unordered[] = { 3, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 };
  static const guint8 named[] = { 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 'x', 'y'
  };
  P2pNiceDcep dcep;

  p2p_nice_dcep_parse (&dcep, browser, sizeof browser);
  g_assert_cmpint (dcep.type, ==, P2P_NICE_DCEP_OPEN);
  g_assert_true (dcep.reliable);
  g_assert_cmpstr (dcep.label, ==, "p");
  p2p_nice_dcep_clear (&dcep);
  p2p_nice_dcep_parse (&dcep, unordered, sizeof unordered);
  g_assert_cmpint (dcep.type, ==, P2P_NICE_DCEP_OPEN);
  g_assert_false (dcep.reliable);
  p2p_nice_dcep_clear (&dcep);
  p2p_nice_dcep_parse (&dcep, named, sizeof named);
  g_assert_cmpint (dcep.type, ==, P2P_NICE_DCEP_OPEN);
  g_assert_cmpstr (dcep.label, ==, "");
  p2p_nice_dcep_clear (&dcep);
}

static void
test_round_trip (void)
{
  g_autofree char *fill = g_strnfill (P2P_NICE_DCEP_MAX_LABEL - 1, 'l');
  g_autofree char *cut = g_strconcat (fill, "\xc3\xbc", NULL);
  g_autoptr (GBytes) open = p2p_nice_dcep_write_open ("d\xc3\xa4ta");
  g_autoptr (GBytes) longest = p2p_nice_dcep_write_open (cut);
  g_autoptr (GBytes) ack = p2p_nice_dcep_write_ack ();
  P2pNiceDcep dcep;

  g_assert_cmpint (parse (&dcep, open), ==, P2P_NICE_DCEP_OPEN);
  g_assert_cmpstr (dcep.label, ==, "d\xc3\xa4ta");
  g_assert_true (dcep.reliable);
  p2p_nice_dcep_clear (&dcep);
  g_assert_cmpint (parse (&dcep, longest), ==, P2P_NICE_DCEP_OPEN);
  g_assert_cmpstr (dcep.label, ==, fill);
  p2p_nice_dcep_clear (&dcep);
  g_assert_cmpint (parse (&dcep, ack), ==, P2P_NICE_DCEP_ACK);
}

static void
test_bad (void)
{
  guint8 open[12 + P2P_NICE_DCEP_MAX_LABEL + 1] = { 3 };
  P2pNiceDcep dcep;

  p2p_nice_dcep_parse (&dcep, open, 0);
  g_assert_cmpint (dcep.type, ==, P2P_NICE_DCEP_BAD);
  for (guint type = 0; type < 256; type++) {
    guint8 data[2] = { type, 0 };

    p2p_nice_dcep_parse (&dcep, data, 1);
    g_assert_cmpint (dcep.type, ==, type == 2 ? P2P_NICE_DCEP_ACK
        : P2P_NICE_DCEP_BAD);
    p2p_nice_dcep_parse (&dcep, data, 2);
    g_assert_cmpint (dcep.type, ==, P2P_NICE_DCEP_BAD);
  }
  for (guint label = 1; label <= 2; label++) {
    open[9] = label;
    p2p_nice_dcep_parse (&dcep, open, 12);
    g_assert_cmpint (dcep.type, ==, P2P_NICE_DCEP_BAD);
    p2p_nice_dcep_parse (&dcep, open, 12 + 3);
    g_assert_cmpint (dcep.type, ==, P2P_NICE_DCEP_BAD);
  }
  /* One byte too many, by either length; not UTF-8; a NUL. */
  memset (open + 12, 'x', sizeof open - 12);
  open[8] = 1, open[9] = 1;
  p2p_nice_dcep_parse (&dcep, open, sizeof open);
  g_assert_cmpint (dcep.type, ==, P2P_NICE_DCEP_BAD);
  open[8] = 0, open[9] = 0, open[10] = 1, open[11] = 1;
  p2p_nice_dcep_parse (&dcep, open, sizeof open);
  g_assert_cmpint (dcep.type, ==, P2P_NICE_DCEP_BAD);
  open[9] = 1, open[10] = 0, open[11] = 0, open[12] = 0xff;
  p2p_nice_dcep_parse (&dcep, open, 13);
  g_assert_cmpint (dcep.type, ==, P2P_NICE_DCEP_BAD);
  open[12] = 0;
  p2p_nice_dcep_parse (&dcep, open, 13);
  g_assert_cmpint (dcep.type, ==, P2P_NICE_DCEP_BAD);
}

static void
test_streams (void)
{
  g_assert_cmpuint (p2p_nice_dcep_first_stream (TRUE), ==, 0);
  g_assert_cmpuint (p2p_nice_dcep_first_stream (FALSE), ==, 1);
  g_assert_true (p2p_nice_dcep_owns_stream (TRUE, 4));
  g_assert_false (p2p_nice_dcep_owns_stream (TRUE, 5));
  g_assert_true (p2p_nice_dcep_owns_stream (FALSE, 5));
  g_assert_false (p2p_nice_dcep_owns_stream (FALSE, 0));
  g_assert_false (p2p_nice_dcep_owns_stream (FALSE, 65535));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dcep/open", test_open);
  g_test_add_func ("/dcep/round-trip", test_round_trip);
  g_test_add_func ("/dcep/bad", test_bad);
  g_test_add_func ("/dcep/streams", test_streams);
  return g_test_run ();
}

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "pair.h"

/* What many connections of one process cost: for the tests, and for
 * tests/bench/load.c. */

typedef struct
{
  guint fds, threads;
  gsize memory;                 /* bytes that are resident */
} LoadUsage;

typedef struct
{
  LoadUsage before, early, after;       /* early: after the first of them */
  double seconds;
} LoadCycles;

/* Connects, exchanges 64 KiB each way and ends, so many times. Every other one
 * ends in that the process of the other viewer is killed, and waits until that is
 * noticed. To be called before anything else of ext/nice. */
void load_cycles (guint n, guint first, LoadCycles * cycles);

/* Milliseconds from connect() to open at both ends, each of the n times. */
void load_open (guint n, double *times);

typedef struct
{
  double memory;                /* bytes of an endpoint */
  double cpu;                   /* of a core, of all while they are idle */
} LoadCrowd;

/* n endpoints in one process that exchanged 64 KiB each way, and then say nothing
 * for a time (microseconds). */
void load_crowd (guint n, gint64 time, LoadCrowd * crowd);

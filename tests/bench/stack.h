/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

/* One end of a data channel, of whoever's making, as channel.c drives it: all in
 * the default main context. */

/* What it tells. */
void bench_say (const char *text);      /* to the other end's stack_hear() */
void bench_open (void);
void bench_message (gconstpointer data, gsize size, gboolean text);
void bench_room (void);         /* little waits to be sent */
void bench_closed (const char *why);    /* NULL: by the other end */
void bench_failed (const char *why);    /* it does not come to be open */

typedef struct
{
  /* options: of the stack's own */
  void (*start) (gboolean offer, const char *options);
  void (*hear) (const char *text);
  /* Returns: FALSE if that is too long */
  gboolean (*send) (GBytes * bytes, gboolean text);
  gsize (*get_buffered) (void);
  /* Ours only: */
  gsize (*get_max_message) (void);
  void (*close) (void);
  /* "direct" or "relayed", and the address of the other end */
  char *(*get_route) (void);
} Stack;

/* There is room when less than this waits. */
#define BENCH_LOW (256 * 1024)

extern const Stack stack_nice, stack_webrtc;

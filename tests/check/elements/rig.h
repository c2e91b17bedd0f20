/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/check/gstcheck.h>

#include "site.h"

G_BEGIN_DECLS

/**
 * Rig:
 *
 * A source in a pipeline, and all that came out of it. What is gathered is to
 * be read when the pipeline stands still.
 */
typedef struct
{
  GstElement *pipeline;
  GstElement *src;
  GstElement *sink;
  GstBus *bus;

  GMutex lock;
  gboolean forget_buffers;      /* so that who is downstream owns them */
  GByteArray *bytes;
  GPtrArray *buffers;           /* of GstBuffer */
  GPtrArray *events;            /* of GstEvent, those that went downstream */
  GPtrArray *messages;          /* of GstMessage, those taken off the bus */
} Rig;

/* source ! fakesink. The source is p2phlssrc, or what P2P_TEST_SOURCE says: so
 * that one can see what souphttpsrc does with the same. */
Rig *rig_new (Site * origin, const char *path);
Rig *rig_new_uri (const char *uri);
/* What stands behind the source. */
Rig *rig_new_launch (const char *uri, const char *downstream);
void rig_free (Rig * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Rig, rig_free)

/* Of each suite; name_suite() makes it. Where the leaks tracer watches (and tests
 * do not fork), what it finds at the end is a failure. */
#define RIG_MAIN(name) \
int \
main (int argc, char **argv) \
{ \
  gst_check_init (&argc, &argv); \
  return gst_check_run_suite (name##_suite (), #name, __FILE__) \
      || rig_print_leaks () > 0; \
}
guint rig_print_leaks (void);

/* The source alone, in no bin. Returns: (transfer full) */
GstElement *rig_make_source (const char *uri);

void rig_set_state (Rig * self, GstState state);
/* To PLAYING, and waits until it is there: GStreamer may lose its way in a seek
 * before. */
void rig_play (Rig * self);
/* To PLAYING and on to EOS or ERROR, whichever comes first. Messages of before
 * are kept. */
GstMessageType rig_run (Rig * self);
/* Runs to the end, then to READY; no error may come. */
void rig_run_to_eos (Rig * self);
/* Runs, and expects that error. Returns: (transfer none): its details, or NULL
 */
const GstStructure *rig_run_to_error (Rig * self, gint code);
/* Takes messages off the bus until one of these types comes; fails after
 * twenty seconds. Returns: (transfer none) */
GstMessage *rig_wait_for (Rig * self, GstMessageType types);
/* Waits until so many bytes went downstream. */
void rig_wait_for_bytes (Rig * self, gsize size);

/* Forgets what was gathered. */
void rig_clear (Rig * self);

void rig_check_bytes (Rig * self, gconstpointer data, gsize size);
void rig_check_text (Rig * self, const char *text);

/* Returns: (transfer none) (nullable): the first one */
GstEvent *rig_find_event (Rig * self, GstEventType type);
/* Returns: (transfer none) (nullable): the last message http-headers, and what
 * the sticky event has */
const GstStructure *rig_get_headers (Rig * self);
const GstStructure *rig_get_headers_event (Rig * self);
guint rig_count_messages (Rig * self, GstMessageType types);

/* Returns: (transfer full) (nullable): a field of request-headers or
 * response-headers */
char *rig_get_header (const GstStructure * headers, const char *which,
    const char *name);

G_END_DECLS

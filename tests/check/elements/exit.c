/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* A program that ends while viewers of it are being connected, without a word to
 * their pipelines: it ends well, whatever the engine is at. */

#include "site.h"

#include <gst/gst.h>

#include <stdlib.h>

#define PATIENCE (10 * GST_SECOND)
#define PLAYLIST "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n0.ts\n" \
    "#EXTINF:2,\n1.ts\n#EXT-X-ENDLIST\n"
/* Ends, and milliseconds from one to the next: a connection takes some 20. */
#define ENDS 8
#define STEP 6

static void
play (Site * origin, GstElement * pipeline, const char *path)
{
  g_autoptr (GstElement) source = gst_bin_get_by_name (GST_BIN (pipeline), "s");
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GstMessage) message = NULL;
  g_autofree char *uri = site_uri (origin, path);

  gst_element_set_state (pipeline, GST_STATE_READY);
  g_object_set (source, "location", uri, NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (bus, PATIENCE,
      GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  if (message == NULL || GST_MESSAGE_TYPE (message) != GST_MESSAGE_EOS)
    g_error ("%s was not played", path);
}

static void
view (Site * origin, int port)
{
  g_autofree char *line = g_strdup_printf ("p2phlstracker stun-server=NULL "
      "tracker-announce=http://127.0.0.1:%d p2phlssrc name=s ! fakesink", port);
  GstElement *pipeline = gst_parse_launch (line, NULL);

  play (origin, pipeline, "/a.m3u8");
  play (origin, pipeline, "/0.ts");
}

static void
run (int milliseconds)
{
  Site *origin = site_new ();
  GstElement *tracker = gst_element_factory_make ("p2phlstracker", NULL);
  int port;

  site_serve (origin, "/a.m3u8", NULL, PLAYLIST, sizeof PLAYLIST - 1);
  site_serve (origin, "/0.ts", NULL, "body", 4);
  site_serve (origin, "/1.ts", NULL, "body", 4);
  g_object_set (tracker, "listen-port", 0, "listen-address", "127.0.0.1", NULL);
  gst_element_set_state (tracker, GST_STATE_READY);
  g_object_get (tracker, "current-port", &port, NULL);
  view (origin, port);
  view (origin, port);
  g_usleep (milliseconds * 1000);
  exit (EXIT_SUCCESS);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  if (argc == 2)
    run (g_ascii_strtoll (argv[1], NULL, 10));
  /* It would look while the engine goes on, and crashes by that now and then. */
  g_setenv ("LSAN_OPTIONS", "detect_leaks=0", TRUE);
  for (int i = 0; i < ENDS; i++) {
    g_autofree char *delay = g_strdup_printf ("%d", i * STEP);
    char *command[] = { argv[0], delay, NULL };
    g_autoptr (GError) error = NULL;
    int status;

    if (!g_spawn_sync (NULL, command, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL,
            NULL, &status, &error)
        || !g_spawn_check_wait_status (status, &error)) {
      g_printerr ("after %s ms: %s\n", delay, error->message);
      return EXIT_FAILURE;
    }
  }
  return EXIT_SUCCESS;
}

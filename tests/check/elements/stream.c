/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "stream.h"

static char *
make_playlist (guint n_segments)
{
  GString *text = g_string_new ("#EXTM3U\n#EXT-X-TARGETDURATION:2\n");

  for (guint i = 0; i < n_segments; i++)
    g_string_append_printf (text, "#EXTINF:2,\n%u.ts\n", i);
  return g_string_free (g_string_append (text, "#EXT-X-ENDLIST\n"), FALSE);
}

static void
on_playlist (SiteConnection * connection, const SiteRequest * request,
    gpointer user_data)
{
  Stream *self = user_data;
  g_autofree char *text = make_playlist (self->n_segments);

  site_reply_text (connection, "200 OK", NULL, text);
}

Stream *
stream_new (guint n_segments, gsize size)
{
  Stream *self = g_new0 (Stream, 1);

  self->origin = site_new ();
  self->n_segments = n_segments;
  self->size = size;
  self->bytes = site_make_bytes (n_segments * size);
  site_handle (self->origin, "/a.m3u8", on_playlist, self);
  for (guint i = 0; i < n_segments; i++) {
    g_autofree char *path = g_strdup_printf ("/%u.ts", i);

    site_serve (self->origin, path, "video/mp2t", self->bytes + i * size, size);
  }
  return self;
}

void
stream_free (Stream * self)
{
  site_free (self->origin);
  g_free (self->bytes);
  g_free (self);
}

char *
stream_get_segment_uri (Stream * self, guint number)
{
  g_autofree char *path = g_strdup_printf ("/%u.ts", number);

  return site_uri (self->origin, path);
}

Rig *
stream_make_rig (Stream * self)
{
  Rig *rig = rig_new (self->origin, "/a.m3u8");

  /* The end of what is cached is not to be waited for. */
  g_object_set (rig->src, "pace-eos", FALSE, NULL);
  rig_run_to_eos (rig);
  rig_clear (rig);
  return rig;
}

void
stream_read (Stream * self, Rig * rig, guint number)
{
  g_autofree char *uri = stream_get_segment_uri (self, number);

  rig_clear (rig);
  fail_unless (gst_uri_handler_set_uri (GST_URI_HANDLER (rig->src), uri, NULL));
  rig_run_to_eos (rig);
  rig_check_bytes (rig, self->bytes + number * self->size, self->size);
}

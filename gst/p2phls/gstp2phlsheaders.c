/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstp2phlsheaders.h"

#include <gst/tag/tag.h>

static void
gst_p2p_hls_headers_append (GstStructure * structure, const char *name,
    const char *text)
{
  const GValue *old = gst_structure_get_value (structure, name);
  GValue value = G_VALUE_INIT, array = G_VALUE_INIT;

  if (old == NULL) {
    gst_structure_set (structure, name, G_TYPE_STRING, text, NULL);
    return;
  }
  g_value_init (&value, G_TYPE_STRING);
  g_value_set_string (&value, text);
  if (GST_VALUE_HOLDS_ARRAY (old)) {
    gst_value_array_append_and_take_value ((GValue *) old, &value);
    return;
  }
  g_value_init (&array, GST_TYPE_ARRAY);
  gst_value_array_append_value (&array, old);
  gst_value_array_append_and_take_value (&array, &value);
  gst_structure_take_value (structure, name, &array);
}

static GstStructure *
gst_p2p_hls_headers_to_structure (const char *name, GPtrArray * headers)
{
  GstStructure *structure = gst_structure_new_empty (name);

  for (guint i = 0; i < headers->len; i++) {
    P2pHeader *header = g_ptr_array_index (headers, i);

    /* A structure holds text; what is none is left out. */
    if (*header->name && g_utf8_validate (header->name, -1, NULL)
        && g_utf8_validate (header->value, -1, NULL))
      gst_p2p_hls_headers_append (structure, header->name, header->value);
  }
  return structure;
}

GstStructure *
gst_p2p_hls_headers_describe (const char *location, P2pHttpHead * head)
{
  g_autoptr (GstStructure) request =
      gst_p2p_hls_headers_to_structure ("request-headers",
      head->request_headers);
  g_autoptr (GstStructure) response =
      gst_p2p_hls_headers_to_structure ("response-headers",
      head->response_headers);
  GstStructure *structure = gst_structure_new ("http-headers",
      "uri", G_TYPE_STRING, location,
      "http-status-code", G_TYPE_UINT, head->status, NULL);

  if (head->redirected)
    gst_structure_set (structure, "redirection-uri", G_TYPE_STRING, head->uri,
        NULL);
  gst_structure_set (structure,
      "request-headers", GST_TYPE_STRUCTURE, request,
      "response-headers", GST_TYPE_STRUCTURE, response, NULL);
  return structure;
}

/* The value of a parameter of a content type, if it is a number over 0. */
static gint
gst_p2p_hls_headers_get_parameter (const char *type, const char *name,
    gint fallback)
{
  g_auto (GStrv) parts = g_strsplit (type, ";", -1);

  for (guint i = 1; parts[0] && parts[i]; i++) {
    const char *part = g_strstrip (parts[i]);
    gsize length = strlen (name);
    guint64 number;

    if (g_ascii_strncasecmp (part, name, length) != 0 || part[length] != '=')
      continue;
    if (g_ascii_string_to_unsigned (part + length + 1, 10, 1, 768000, &number,
            NULL))
      return number;
    return 0;
  }
  return fallback;
}

static GstCaps *
gst_p2p_hls_headers_make_l16 (const char *type)
{
  gint channels = gst_p2p_hls_headers_get_parameter (type, "channels", 2);
  gint rate = gst_p2p_hls_headers_get_parameter (type, "rate", 44100);

  if (channels <= 0 || channels >= 64 || rate <= 0)
    return NULL;
  return gst_caps_new_simple ("audio/x-unaligned-raw",
      "format", G_TYPE_STRING, "S16BE",
      "layout", G_TYPE_STRING, "interleaved",
      "channels", G_TYPE_INT, channels, "rate", G_TYPE_INT, rate, NULL);
}

GstCaps *
gst_p2p_hls_headers_make_caps (P2pHttpHead * head)
{
  const char *interval =
      p2p_headers_get (head->response_headers, "icy-metaint");
  const char *type = head->content_type;
  g_autofree char *essence = NULL;
  guint64 number;
  GstCaps *caps;

  if (type && !g_utf8_validate (type, -1, NULL))
    type = NULL;
  essence = type ? g_strndup (type, strcspn (type, "; ")) : NULL;
  if (essence && g_ascii_strcasecmp (essence, "audio/L16") == 0)
    return gst_p2p_hls_headers_make_l16 (type);
  if (interval == NULL
      || !g_ascii_string_to_unsigned (interval, 10, 1, G_MAXINT, &number, NULL))
    return NULL;
  caps = gst_caps_new_simple ("application/x-icy",
      "metadata-interval", G_TYPE_INT, (gint) number, NULL);
  if (essence)
    gst_caps_set_simple (caps, "content-type", G_TYPE_STRING, essence, NULL);
  return caps;
}

static void
gst_p2p_hls_headers_add_tag (GstTagList * tags, P2pHttpHead * head,
    const char *name, const char *tag)
{
  static const char *const charsets[] = {
    "GST_ICY_TAG_ENCODING", "GST_TAG_ENCODING", NULL
  };
  const char *value = p2p_headers_get (head->response_headers, name);
  g_autofree char *text = NULL;

  if (value == NULL)
    return;
  text = gst_tag_freeform_string_to_utf8 (value, -1, (const gchar **) charsets);
  if (text)
    gst_tag_list_add (tags, GST_TAG_MERGE_REPLACE, tag, text, NULL);
}

GstTagList *
gst_p2p_hls_headers_make_tags (P2pHttpHead * head)
{
  GstTagList *tags = gst_tag_list_new_empty ();

  gst_p2p_hls_headers_add_tag (tags, head, "icy-name", GST_TAG_ORGANIZATION);
  gst_p2p_hls_headers_add_tag (tags, head, "icy-genre", GST_TAG_GENRE);
  gst_p2p_hls_headers_add_tag (tags, head, "icy-url", GST_TAG_LOCATION);
  if (gst_tag_list_is_empty (tags))
    g_clear_pointer (&tags, gst_tag_list_unref);
  return tags;
}

/* --- the other way --- */

typedef struct
{
  const char *name;
  gboolean sent;                /* cookies that were sent, many in one value */
  GStrvBuilder *found;
} Search;

static void
gst_p2p_hls_headers_add_text (Search * self, const GValue * value)
{
  g_auto (GStrv) parts = NULL;

  if (!G_VALUE_HOLDS_STRING (value) || !g_value_get_string (value))
    return;
  if (!self->sent) {
    g_strv_builder_add (self->found, g_value_get_string (value));
    return;
  }
  parts = g_strsplit (g_value_get_string (value), ";", -1);
  for (guint i = 0; parts[i]; i++) {
    g_autofree char *cookie = g_strconcat (g_strstrip (parts[i]), "; Path=/",
        NULL);

    g_strv_builder_add (self->found, cookie);
  }
}

static gboolean
gst_p2p_hls_headers_on_field (GQuark field, const GValue * value, gpointer data)
{
  Search *self = data;

  if (g_ascii_strcasecmp (g_quark_to_string (field), self->name) != 0)
    return TRUE;
  if (!GST_VALUE_HOLDS_ARRAY (value))
    gst_p2p_hls_headers_add_text (self, value);
  for (guint i = 0; GST_VALUE_HOLDS_ARRAY (value)
      && i < gst_value_array_get_size (value); i++)
    gst_p2p_hls_headers_add_text (self, gst_value_array_get_value (value, i));
  return TRUE;
}

/* Adds the values of a header field, of the request's or the response's. */
static void
gst_p2p_hls_headers_find (const GstStructure * headers, const char *which,
    Search * search)
{
  const GValue *value = gst_structure_get_value (headers, which);

  if (value && GST_VALUE_HOLDS_STRUCTURE (value))
    gst_structure_foreach (gst_value_get_structure (value),
        gst_p2p_hls_headers_on_field, search);
}

char **
gst_p2p_hls_headers_get_cookies (const GstStructure * headers)
{
  g_autoptr (GStrvBuilder) found = g_strv_builder_new ();
  Search sent = { "Cookie", TRUE, found }, came =
      { "Set-Cookie", FALSE, found };

  gst_p2p_hls_headers_find (headers, "request-headers", &sent);
  gst_p2p_hls_headers_find (headers, "response-headers", &came);
  return g_strv_builder_end (found);
}

char *
gst_p2p_hls_headers_get_user_agent (const GstStructure * headers)
{
  g_autoptr (GStrvBuilder) found = g_strv_builder_new ();
  Search search = { "User-Agent", FALSE, found };
  g_auto (GStrv) values = NULL;

  gst_p2p_hls_headers_find (headers, "request-headers", &search);
  values = g_strv_builder_end (found);
  return values[0] && !g_str_has_prefix (values[0], "GStreamer souphttpsrc") ?
      g_strdup (values[0]) : NULL;
}

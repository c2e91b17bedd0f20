/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstp2phlsconfig.h"

#include "gstp2phlsoptions.h"

#include "p2puri.h"

void
gst_p2p_hls_config_init (GstP2pHlsConfig * self)
{
  memset (self, 0, sizeof *self);
  self->options = p2p_http_options_new ();
  self->options_set = gst_p2p_hls_options_read_environment (self->options);
}

void
gst_p2p_hls_config_clear (GstP2pHlsConfig * self)
{
  g_clear_pointer (&self->location, g_free);
  g_clear_pointer (&self->method, g_free);
  g_clear_pointer (&self->options, p2p_http_options_unref);
  g_clear_pointer (&self->extra_headers, gst_structure_free);
}

static void
gst_p2p_hls_config_set_origin (const GstP2pHlsConfig * self,
    P2pHttpOptions * options)
{
  g_free (options->origin);
  options->origin = self->location ? p2p_uri_to_http (self->location) : NULL;
}

P2pHttpOptions *
gst_p2p_hls_config_copy_options (const GstP2pHlsConfig * self)
{
  P2pHttpOptions *options = p2p_http_options_copy (self->options);

  gst_p2p_hls_config_set_origin (self, options);
  return options;
}

guint
gst_p2p_hls_config_install (GObjectClass * klass, guint first)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
      | GST_PARAM_MUTABLE_READY;

  /**
   * GstP2pHlsSrc:location:
   *
   * URI of http, https, p2phls+http or p2phls+https. The latter two ask for P2P,
   * if the user or the application set them.
   *
   * Since: 0.1
   */
  g_object_class_install_property (klass, first++,
      g_param_spec_string ("location", "Location",
          "Location to read from (http, https, p2phls+http, p2phls+https)",
          NULL, flags));
  /**
   * GstP2pHlsSrc:method:
   *
   * %NULL: GET. With any other method the body goes past the loaders.
   *
   * Since: 0.1
   */
  g_object_class_install_property (klass, first++,
      g_param_spec_string ("method", "HTTP method",
          "The HTTP method to use (GET, HEAD, OPTIONS, etc)", NULL, flags));
  /**
   * GstP2pHlsSrc:ssl-use-system-ca-file:
   *
   * Has no effect; it is there for pipelines that set it on souphttpsrc.
   *
   * Since: 0.1
   */
  g_object_class_install_property (klass, first++,
      g_param_spec_boolean ("ssl-use-system-ca-file", "Use System CA File",
          "No effect, as with souphttpsrc on libsoup 3: the system's "
          "certificates are used unless others are set", FALSE, flags));
  return gst_p2p_hls_options_install (klass, first);
}

gboolean
gst_p2p_hls_config_set_location (GstP2pHlsConfig * self, const char *location,
    GError ** error)
{
  if (location && !p2p_uri_is_p2p (location) && !p2p_uri_is_http (location)) {
    g_set_error (error, GST_URI_ERROR, GST_URI_ERROR_UNSUPPORTED_PROTOCOL,
        "\"%s\" is no URI of http, https, p2phls+http or p2phls+https",
        location);
    return FALSE;
  }
  g_free (self->location);
  self->location = g_strdup (location);
  return TRUE;
}

static void
gst_p2p_hls_config_set_option (GstP2pHlsConfig * self, int number,
    const GValue * value)
{
  gst_p2p_hls_options_set (self->options, number, value);
  self->options_set |= G_GUINT64_CONSTANT (1) << number;
  /* The options hold them as a list; the property gives back what it got. */
  if (GST_VALUE_HOLDS_STRUCTURE (value)) {
    g_clear_pointer (&self->extra_headers, gst_structure_free);
    self->extra_headers = g_value_dup_boxed (value);
  }
}

void
gst_p2p_hls_config_set (GstP2pHlsConfig * self, GParamSpec * pspec,
    const GValue * value)
{
  g_autoptr (GError) error = NULL;
  int number;

  if ((number = gst_p2p_hls_options_find (pspec->name)) >= 0) {
    gst_p2p_hls_config_set_option (self, number, value);
  } else if (g_str_equal (pspec->name, "location")) {
    if (!gst_p2p_hls_config_set_location (self, g_value_get_string (value),
            &error))
      g_warning ("%s", error->message);
  } else if (g_str_equal (pspec->name, "method")) {
    g_free (self->method);
    self->method = g_value_dup_string (value);
  } else {
    self->use_system_ca_file = g_value_get_boolean (value);
  }
}

void
gst_p2p_hls_config_get (const GstP2pHlsConfig * self, GParamSpec * pspec,
    GValue * value)
{
  int number;

  if (G_PARAM_SPEC_VALUE_TYPE (pspec) == GST_TYPE_STRUCTURE)
    gst_value_set_structure (value, self->extra_headers);
  else if ((number = gst_p2p_hls_options_find (pspec->name)) >= 0)
    gst_p2p_hls_options_get (self->options, number, value);
  else if (g_str_equal (pspec->name, "location"))
    g_value_set_string (value, self->location);
  else if (g_str_equal (pspec->name, "method"))
    g_value_set_string (value, self->method);
  else
    g_value_set_boolean (value, self->use_system_ca_file);
}

P2pHttpOptions *
gst_p2p_hls_config_make_options (const GstP2pHlsConfig * self,
    const P2pHttpOptions * shared)
{
  P2pHttpOptions *options = p2p_http_options_copy (shared);

  gst_p2p_hls_options_merge (options, self->options, self->options_set);
  if (gst_p2p_hls_options_has_secrets (self->options_set))
    gst_p2p_hls_config_set_origin (self, options);
  return options;
}

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The plugin itself: it looks whether the process can take libsoup 3, and only
 * then loads the module that has the elements and needs it. */

#include <gst/gst.h>

#include <dlfcn.h>
#include <gmodule.h>
#include <glib/gi18n-lib.h>

#define MODULE "libp2phls-core." G_MODULE_SUFFIX

/* libsoup 3 aborts a process that has libsoup 2: both register the same types.
 * Better to be missing, with a word why. */
static gboolean
plugin_has_soup2 (void)
{
  GModule *process = g_module_open (NULL, 0);
  gpointer symbol;
  gboolean found;
  void *soup2 = dlopen ("libsoup-2.4.so.1", RTLD_LAZY | RTLD_NOLOAD);

  if (soup2) {
    dlclose (soup2);
    return TRUE;
  }
  found = process && g_module_symbol (process, "soup_uri_new", &symbol);
  if (process)
    g_module_close (process);
  return found;
}

/* The module of this very plugin: installed beside it, or in its build tree. */
static GModule *
plugin_open_module (GstPlugin * plugin)
{
  static const char *const places[] = { "../p2phls", "../.." };
  const char *filename = gst_plugin_get_filename (plugin);
  g_autofree char *folder = g_path_get_dirname (filename ? filename : ".");

  for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
    g_autofree char *place = g_build_filename (folder, places[i], NULL);
    g_autofree char *path = g_build_filename (place, MODULE, NULL);
    GModule *module;

    if (!g_file_test (path, G_FILE_TEST_EXISTS))
      continue;
    /* Another module may have other elements: GStreamer is to look anew. */
    gst_plugin_add_dependency_simple (plugin, NULL, place, MODULE,
        GST_PLUGIN_DEPENDENCY_FLAG_NONE);
    module = g_module_open (path, G_MODULE_BIND_LOCAL);
    if (module)
      return module;
    GST_ERROR ("%s", g_module_error ());
  }
  GST_ERROR ("no %s found near %s: install p2phls anew", MODULE, folder);
  return NULL;
}

static gboolean
plugin_init (GstPlugin * plugin)
{
  gboolean (*load) (GstPlugin * plugin);
  GModule *module;

  if (plugin_has_soup2 ()) {
    GST_ERROR ("p2phls needs libsoup 3, and this process has loaded libsoup 2: "
        "no element is registered. Start the player without what loads it.");
    return FALSE;
  }
#ifdef ENABLE_NLS
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
#endif
  module = plugin_open_module (plugin);
  if (module == NULL)
    return FALSE;
  /* Its types stay registered, so it stays too. */
  g_module_make_resident (module);
  return g_module_symbol (module, "p2phls_load", (gpointer *) & load)
      && load (plugin);
}

GST_PLUGIN_DEFINE (GST_VERSION_MAJOR, GST_VERSION_MINOR, p2phls,
    "HLS over the other viewers of the same stream", plugin_init,
    PACKAGE_VERSION, "LGPL", GST_PACKAGE_NAME, GST_PACKAGE_ORIGIN)

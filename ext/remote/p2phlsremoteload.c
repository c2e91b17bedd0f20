/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The engine is in the module of the plugin, and loaded from there: a process has
 * one engine, and a client needs none of what that needs. */

#define _GNU_SOURCE
#include "p2phlsremoteengine.h"

#include <dlfcn.h>
#include <gmodule.h>

#define MODULE "libp2phls-core." G_MODULE_SUFFIX

/* Returns: (transfer full) (nullable): the folder that this library is in */
static char *
find_folder (void)
{
  Dl_info info;

  if (!dladdr (p2p_hls_remote_engine_find, &info) || info.dli_fname == NULL)
    return NULL;
  return g_path_get_dirname (info.dli_fname);
}

/* libsoup 3 aborts a process that has libsoup 2. */
static gboolean
has_soup2 (void)
{
  void *soup2 = dlopen ("libsoup-2.4.so.1", RTLD_LAZY | RTLD_NOLOAD);

  if (soup2)
    dlclose (soup2);
  return soup2 != NULL;
}

/* GStreamer brings libunwind, which has functions of libgcc_s by the same names. Were
 * C++'s library to come in below it, it would throw with those of the one, and what
 * is thrown through (libproxy, for one) go on with those of the other, which
 * aborts. So it comes in before, by itself. */
static void
prepare_exceptions (void)
{
  dlopen ("libstdc++.so.6", RTLD_NOW | RTLD_LOCAL);
}

/* Installed below this library, or in its build tree. */
static GModule *
open_module (void)
{
  static const char *const places[] = { "p2phls", "../.." };
  g_autofree char *folder = find_folder ();

  for (guint i = 0; folder && i < G_N_ELEMENTS (places); i++) {
    g_autofree char *path = g_build_filename (folder, places[i], MODULE, NULL);

    if (g_file_test (path, G_FILE_TEST_EXISTS))
      return g_module_open (path, G_MODULE_BIND_LOCAL);
  }
  return NULL;
}

const P2pHlsRemoteEngineClass *
p2p_hls_remote_engine_find (GError ** error)
{
  P2pHlsRemoteEngineFunc func;
  GModule *module;

  if (has_soup2 ()) {
    g_set_error_literal (error, P2P_HLS_REMOTE_ERROR,
        P2P_HLS_REMOTE_ERROR_FAILED, "the engine needs libsoup 3, and this "
        "process has loaded libsoup 2");
    return NULL;
  }
  prepare_exceptions ();
  module = open_module ();
  if (module == NULL
      || !g_module_symbol (module, P2P_HLS_REMOTE_ENGINE_SYMBOL,
          (gpointer *) & func)) {
    g_set_error (error, P2P_HLS_REMOTE_ERROR, P2P_HLS_REMOTE_ERROR_FAILED,
        "the engine (%s) is not there, install p2phls anew: %s", MODULE,
        module || !g_module_error ()? "no such file" : g_module_error ());
    return NULL;
  }
  /* Its types stay registered, so it stays too. */
  g_module_make_resident (module);
  return func ();
}

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "process.h"

#include <string.h>

#define PATIENCE (10 * G_TIME_SPAN_SECOND)

static gboolean
thread_has_prefix (const char *number, const char *prefix)
{
  g_autofree char *file = g_build_filename ("/proc/self/task", number, "comm",
      NULL);
  g_autofree char *name = NULL;

  return g_file_get_contents (file, &name, NULL, NULL)
      && g_str_has_prefix (name, prefix);
}

static gboolean
file_has_prefix (const char *number, const char *prefix)
{
  g_autofree char *file = g_build_filename ("/proc/self/fd", number, NULL);
  g_autofree char *target = g_file_read_link (file, NULL);

  return target && g_str_has_prefix (target, prefix);
}

static guint
count (const char *folder, const char *prefix,
    gboolean (*has_prefix) (const char *, const char *))
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint found = 0;

  while ((name = g_dir_read_name (dir)))
    found += has_prefix (name, prefix ? prefix : "");
  return found;
}

guint
process_count_threads (const char *prefix)
{
  return count ("/proc/self/task", prefix, thread_has_prefix);
}

guint
process_count_files (const char *prefix)
{
  return count ("/proc/self/fd", prefix, file_has_prefix);
}

gboolean
process_wait_for_threads (const char *prefix, guint at_most)
{
  gint64 end = g_get_monotonic_time () + PATIENCE;

  while (process_count_threads (prefix) > at_most) {
    if (g_get_monotonic_time () > end)
      return FALSE;
    g_usleep (5000);
  }
  return TRUE;
}

gboolean
process_wait_for_files (const char *prefix, guint at_most)
{
  gint64 end = g_get_monotonic_time () + PATIENCE;

  while (process_count_files (prefix) > at_most) {
    if (g_get_monotonic_time () > end)
      return FALSE;
    g_usleep (5000);
  }
  return TRUE;
}

guint
process_get_slowness (void)
{
  const char *preload = g_getenv ("LD_PRELOAD");

  /* valgrind preloads its own malloc. */
  if (preload && strstr (preload, "valgrind"))
    return 50;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return 10;
#else
  return 1;
#endif
}

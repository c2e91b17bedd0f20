/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Prints the table of docs/swarm.md: what swarms of many sizes take from the
 * origin.
 * sim-table --docs FILE: puts it in the place of the one in FILE.
 * sim-table [viewers [peers [seconds [cache [seeds [stream]]]]]]: only that
 * size; and only the stream-th stream, from 0 on. */

#include "simswarm.h"

#include <string.h>

/* All at 1 Mbit/s. */
static const struct
{
  const char *name;
  guint window, seconds;
} streams[] = {
  {"VOD, 2 s", 0, 2}, {"live 15 x 2 s", 15, 2}, {"live 10 x 4 s", 10, 4},
  {"live 6 x 2 s", 6, 2}, {"live 4 x 5 s", 4, 5}
};

/* The means of seeds runs. */
static void
run (SimConfig * config, guint seeds, SimOutcome * mean)
{
  *mean = (SimOutcome) {
  0};
  for (config->seed = 1; config->seed <= seeds; config->seed++) {
    SimOutcome one;

    sim_swarm_run (config, &one);
    mean->offload += one.offload / seeds;
    mean->bound = one.bound;
    mean->startup += one.startup / seeds;
    mean->stalls += one.stalls;
    mean->stalled += one.stalled;
    mean->duplicates += one.duplicates / seeds;
    mean->unplayed += one.unplayed / seeds;
    mean->fairness += one.fairness / seeds;
  }
}

static void
print_row (GString * table, guint stream, guint viewers, guint degree,
    guint seconds, guint cache, guint seeds)
{
  gsize before = table->len;
  guint time = streams[stream].seconds;
  SimConfig config = { streams[stream].name, viewers,
    {time * P2P_SECOND, streams[stream].window, seconds / time,
        time * 125000}, degree, cache, TRUE,
    viewers > 50 ? 60 * P2P_SECOND / viewers : 3 * P2P_SECOND, 0, 0
  };
  SimOutcome o;

  run (&config, seeds, &o);
  g_string_append_printf (table,
      "| %s | %u | %u | %.1f %% | %.1f %% | %.2f s | "
      "%u (%.1f s) | %.2f | %.1f %% | %.2f |\n", config.name, viewers,
      degree ? degree : viewers - 1, 100 * o.offload, 100 * o.offload / o.bound,
      o.startup, o.stalls, o.stalled, o.duplicates, 100 * o.unplayed,
      o.fairness);
  g_print ("%s", table->str + before);
}

/* Puts the table in the place of the one in the file. */
static gboolean
put (const char *file, GString * table, GError ** error)
{
  g_autofree char *text = NULL;
  g_autoptr (GString) changed = NULL;
  char *from, *to;

  if (!g_file_get_contents (file, &text, NULL, error))
    return FALSE;
  from = to = strstr (text, "| stream |");
  if (!from)
    return g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
        "There is no table in %s.", file), FALSE;
  while (*to == '|' && strchr (to, '\n'))
    to = strchr (to, '\n') + 1;
  changed = g_string_new_len (text, from - text);
  g_string_append (changed, table->str);
  g_string_append (changed, to);
  return g_file_set_contents (file, changed->str, changed->len, error);
}

int
main (int argc, char **argv)
{
  static const guint sizes[] = { 2, 3, 4, 8, 16, 32, 100, 1000 };
  /* viewers, peers, seconds, cache, seeds, stream */
  guint args[] = { 0, 30, 600, 120, 3, G_N_ELEMENTS (streams) };
  const char *file =
      argc == 3 && g_str_equal (argv[1], "--docs") ? argv[2] : NULL;
  g_autoptr (GString) table =
      g_string_new
      ("| stream | viewers | peers each | offload | of the bound | startup "
      "| stalls | duplicates | not played | fairness |\n"
      "|---|---|---|---|---|---|---|---|---|---|\n");
  g_autoptr (GError) error = NULL;

  for (guint i = 0; !file && i < G_N_ELEMENTS (args) && i + 1 < (guint) argc;
      i++)
    args[i] = g_ascii_strtoull (argv[i + 1], NULL, 10);
  g_print ("%s", table->str);
  for (guint stream = 0; stream < G_N_ELEMENTS (streams); stream++)
    for (guint i = 0; i < (args[0] ? 1 : G_N_ELEMENTS (sizes)); i++) {
      guint viewers = args[0] ? args[0] : sizes[i];

      /* One run of a thousand says as much as many small ones. */
      if (args[5] == stream || args[5] == G_N_ELEMENTS (streams))
        print_row (table, stream, viewers,
            args[1] < viewers - 1 ? args[1] : 0, args[2], args[3],
            !args[0] && viewers >= 1000 ? 1 : args[4]);
    }
  if (file && !put (file, table, &error))
    g_printerr ("%s\n", error->message);
  return error != NULL;
}

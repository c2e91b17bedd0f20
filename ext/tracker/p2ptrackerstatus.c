/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2ptrackerstatus.h"
#include "p2ptrackerstatuspage.h"

#include <string.h>

/* A swarm of either protocol */
typedef struct
{
  guint peers;
  const P2pTrackerWtSwarm *swarm;
  const char *info_hash;
  P2pTrackerBookStats stats;
} Row;

static int
compare (gconstpointer a, gconstpointer b)
{
  const Row *one = a, *two = b;

  return (two->peers > one->peers) - (two->peers < one->peers);
}

static gboolean
add_webtorrent (const P2pTrackerWtSwarm * swarm, gpointer user_data)
{
  const Row row = {.peers = swarm->peers->len,.swarm = swarm };

  g_array_append_val ((GArray *) user_data, row);
  return TRUE;
}

static void
add_signalling (const char *info_hash, const P2pTrackerBookStats * stats,
    gpointer user_data)
{
  const Row row = {
    .peers = stats->peers,
    .info_hash = info_hash,
    .stats = *stats,
  };

  g_array_append_val ((GArray *) user_data, row);
}

/* name: of a figure, which is the first of its object if the brace is there */
static void
write_figure (GString * out, const char *name, guint64 value)
{
  g_string_append_printf (out, "%s\"%s\":%" G_GUINT64_FORMAT,
      out->str[out->len - 1] == '{' ? "" : ",", name, value);
}

static void
write_webtorrent_row (GString * out, const Row * row)
{
  g_string_append_c (out, '"');
  for (guint i = 0; i < P2P_WT_ID_SIZE; i++)
    g_string_append_printf (out, "%02x", row->swarm->info_hash.bytes[i]);
  g_string_append_c (out, '"');
  write_figure (out, "complete", row->swarm->complete);
  write_figure (out, "incomplete", row->peers - row->swarm->complete);
}

static void
write_signalling_row (GString * out, const Row * row)
{
  g_autofree char *text = g_utf8_make_valid (row->info_hash,
      strnlen (row->info_hash, P2P_TRACKER_STATUS_INFO_HASH));

  p2p_json_write_string (out, text);
  write_figure (out, "peers", row->peers);
  write_figure (out, "source_kb", row->stats.source_kb);
  write_figure (out, "p2p_kb", row->stats.p2p_kb);
}

static void
write_largest (GString * out, GArray * rows, void (*write) (GString * out,
        const Row * row))
{
  g_array_sort (rows, compare);
  g_string_append (out, ",\"largest\":[");
  for (guint i = 0; i < MIN (rows->len, P2P_TRACKER_STATUS_SWARMS); i++) {
    g_string_append (out, i == 0 ? "{\"info_hash\":" : ",{\"info_hash\":");
    write (out, &g_array_index (rows, Row, i));
    g_string_append_c (out, '}');
  }
  g_string_append_c (out, ']');
}

static void
write_webtorrent (P2pTrackerCore * core, GString * out)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (Row));
  P2pTrackerWebtorrentStats stats;

  p2p_tracker_webtorrent_get_stats (core->webtorrent, &stats);
  p2p_tracker_wt_book_foreach (p2p_tracker_webtorrent_get_book
      (core->webtorrent), add_webtorrent, rows);
  g_string_append (out, ",\"webtorrent\":{");
  write_figure (out, "swarms", stats.swarms);
  write_figure (out, "peers", stats.peers);
  write_figure (out, "sockets", stats.sockets);
  write_figure (out, "announces", stats.announces);
  write_figure (out, "scrapes", stats.scrapes);
  write_figure (out, "offers", stats.offers);
  write_figure (out, "answers", stats.answers);
  write_figure (out, "absent", stats.absent);
  write_figure (out, "failed", stats.failed);
  write_largest (out, rows, write_webtorrent_row);
  g_string_append_c (out, '}');
}

static void
write_signalling (P2pTrackerCore * core, GString * out)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (Row));
  P2pTrackerBookStats book;
  P2pTrackerHubStats hub;

  p2p_tracker_book_get_stats (core->book, &book);
  p2p_tracker_hub_get_stats (core->hub, &hub);
  p2p_tracker_book_foreach_swarm (core->book, add_signalling, rows);
  g_string_append (out, ",\"signalling\":{");
  write_figure (out, "swarms", book.swarms);
  write_figure (out, "peers", book.peers);
  write_figure (out, "sockets", hub.sockets);
  write_figure (out, "requests", core->requests);
  write_figure (out, "relayed", hub.relayed);
  write_figure (out, "absent", hub.absent);
  write_figure (out, "bad", hub.bad);
  write_figure (out, "source_kb", book.source_kb);
  write_figure (out, "p2p_kb", book.p2p_kb);
  write_figure (out, "conns", book.conns);
  write_figure (out, "fail_conns", book.fail_conns);
  write_largest (out, rows, write_signalling_row);
  g_string_append_c (out, '}');
}

static void
make (P2pTrackerCore * core)
{
  GString *out = core->status;

  core->status_made = p2p_clock_get_time (core->clock);
  g_string_assign (out, "{");
  write_figure (out, "uptime", (core->status_made - core->started)
      / P2P_SECOND);
  write_figure (out, "connections", core->connections);
  write_figure (out, "refused", core->refused);
  write_figure (out, "dropped", core->dropped);
  write_webtorrent (core, out);
  write_signalling (core, out);
  g_string_append_c (out, '}');
}

gboolean
p2p_tracker_status_handle (P2pTrackerCore * core,
    const P2pTrackerRequest * request, GString * body, const char **type)
{
  if (strcmp (request->method, "GET") != 0)
    return FALSE;
  if (strcmp (request->path, "/") == 0) {
    g_string_append (body, p2p_tracker_status_page);
    *type = "text/html; charset=utf-8";
    return TRUE;
  }
  if (strcmp (request->path, "/stats.json") != 0)
    return FALSE;
  if (core->status->len == 0 || p2p_clock_get_time (core->clock)
      >= core->status_made + P2P_TRACKER_STATUS_AGE)
    make (core);
  g_string_append_len (body, core->status->str, core->status->len);
  *type = P2P_TRACKER_JSON;
  return TRUE;
}

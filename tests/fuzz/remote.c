/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The input is lines: ">" and a message to a server, "<" and one to a client, in
 * which @C stands for the client's key and @T for that of its torrent; "+" and a
 * torrentID that the client adds, "?" and one that it gets; "m", "s", "x", "d",
 * "p": the playlist is read, a server listens, one cannot, it is done, ten seconds
 * pass.
 */

#include "fuzz.h"
#include "remoteworld.h"

#include <string.h>

/* More would only take longer. */
#define MAX_LINES 100

typedef struct
{
  RemoteWorld *world;
  Client *client;
  Torrent *torrent;
  guint calls, asked;
} Fuzz;

static void
on_answer (const GError * error, Torrent * torrent, gpointer data)
{
  Fuzz *fuzz = data;

  g_assert_true (error || torrent);
  fuzz->calls++;
}

static char *
fill_in (Fuzz * fuzz, const char *line)
{
  GString *text = g_string_new (line);

  g_string_replace (text, "@C", p2p_hls_remote_client_get_key (fuzz->client),
      0);
  g_string_replace (text, "@T", p2p_hls_remote_torrent_get_key (fuzz->torrent),
      0);
  return g_string_free (text, FALSE);
}

static void
tell_engine (FakeTorrent * torrent, char what)
{
  g_autoptr (GError) error = g_error_new_literal (P2P_HLS_REMOTE_ERROR,
      P2P_HLS_REMOTE_ERROR_FAILED, "no");

  if (what == 'm')
    fake_torrent_tell_metadata (torrent, torrent->hosts->len > 0 ? -1 : 1000);
  else if (what == 'd')
    torrent->events->done (torrent->user_data);
  else if (torrent->hosts->len > 0)
    fake_torrent_tell_server (torrent, what == 'x' ? error : NULL);
}

static void
run_line (Fuzz * fuzz, const char *line)
{
  g_autofree char *text = fill_in (fuzz, line);

  switch (*text) {
    case '>':
      remote_world_tell (fuzz->world, text + 1);
      break;
    case '<':
      p2p_hls_remote_client_receive (fuzz->client, text + 1, -1, NULL);
      break;
    case '+':
      g_object_unref (p2p_hls_remote_client_add (fuzz->client, text + 1,
              strchr (text, '#') ? "{\"server\":{}}" : NULL, on_answer, fuzz));
      fuzz->asked++;
      break;
    case '?':
      p2p_hls_remote_client_get (fuzz->client, text + 1, on_answer, fuzz);
      fuzz->asked++;
      break;
    case 'p':
      remote_world_pass (fuzz->world, 10000);
      break;
    default:
      if (fake_engine.torrents->len > 0)
        tell_engine (fake_engine_get (0), *text);
  }
}

int
LLVMFuzzerTestOneInput (const uint8_t * data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_auto (GStrv) lines = g_strsplit (text, "\n", MAX_LINES);
  Fuzz fuzz = { remote_world_new ("{\"trace\":true}") };

  fuzz.world->lenient = TRUE;
  fuzz.client = remote_world_add_client (fuzz.world, NULL);
  fuzz.torrent = p2p_hls_remote_client_add (fuzz.client, URL_A, NULL, on_answer,
      &fuzz);
  fuzz.asked = 1;
  for (char **line = lines; *line; line++) {
    run_line (&fuzz, *line);
    remote_world_settle (fuzz.world);
    g_assert_true (fake_engine.running == (fake_engine.torrents->len > 0));
  }
  p2p_hls_remote_client_destroy (fuzz.client, 0);
  remote_world_settle (fuzz.world);
  /* Whatever came, each question has one answer. */
  g_assert_cmpuint (fuzz.calls, ==, fuzz.asked);
  g_object_unref (fuzz.torrent);
  g_object_unref (fuzz.client);
  remote_world_free (fuzz.world);
  return 0;
}

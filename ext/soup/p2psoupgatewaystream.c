/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2psoupgatewaystream.h"

#include "p2psoupfetcher.h"

#include "p2pdefine.h"
#include "p2puri.h"

/* Who has the stream's URL must not get by it to where only this machine may. */
static void
p2p_soup_gateway_stream_guard (P2pSession * session)
{
  P2pFetcher *fetcher = p2p_session_get_fetcher (session);

  if (fetcher && P2P_IS_SOUP_FETCHER (fetcher))
    p2p_soup_reach_guard (p2p_soup_fetcher_get_reach (P2P_SOUP_FETCHER
            (fetcher)));
}

P2pSoupGatewayStream *
p2p_soup_gateway_stream_new (P2pSession * session, const char *uri,
    const char *base, GError ** error)
{
  g_autofree char *plain = p2p_uri_to_http (uri);
  P2pSoupGatewayLinks *links;
  P2pSoupGatewayStream *self;

  if (!p2p_uri_is_http (plain) || strlen (plain) > P2P_SOUP_GATEWAY_MAX_URI) {
    g_set_error (error, P2P_ERROR, P2P_ERROR_URI,
        "No http or https URI, or one that is too long: %.200s", uri);
    return NULL;
  }
  links = p2p_soup_gateway_links_new (error);
  if (!links)
    return NULL;
  self = g_new0 (P2pSoupGatewayStream, 1);
  p2p_soup_gateway_stream_guard (session);
  self->session = g_object_ref (session);
  self->links = links;
  self->path = p2p_soup_gateway_links_sign (links, plain, NULL);
  self->uri = g_steal_pointer (&plain);
  self->url = g_strdup_printf ("%s/%s/", base,
      p2p_soup_gateway_links_get_token (links));
  self->playlist_url = g_strconcat (base, self->path, NULL);
  g_queue_init (&self->answers);
  self->reloads = p2p_soup_gateway_reload_new_table ();
  return self;
}

void
p2p_soup_gateway_stream_free (P2pSoupGatewayStream * self)
{
  g_object_unref (self->session);
  p2p_soup_gateway_links_unref (self->links);
  g_hash_table_unref (self->reloads);
  g_clear_pointer (&self->defined, g_hash_table_unref);
  g_free (self->uri);
  g_free (self->path);
  g_free (self->url);
  g_free (self->playlist_url);
  g_free (self);
}

const char *
p2p_soup_gateway_stream_get_url (P2pSoupGatewayStream * self)
{
  return self->url;
}

const char *
p2p_soup_gateway_stream_get_playlist_url (P2pSoupGatewayStream * self)
{
  return self->playlist_url;
}

P2pSoupGatewayLinks *
p2p_soup_gateway_stream_get_links (P2pSoupGatewayStream * self)
{
  return self->links;
}

char *
p2p_soup_gateway_stream_open (P2pSoupGatewayStream * self, const char *path,
    char **player)
{
  return p2p_soup_gateway_links_open (self->links, path, player);
}

P2pPlaylist *
p2p_soup_gateway_stream_read (P2pSoupGatewayStream * self, GBytes ** text,
    const char *requested, const char *base)
{
  g_autoptr (GBytes) written = *text;
  g_autoptr (GHashTable) defined = NULL;
  gsize size;
  const guint8 *data;
  P2pPlaylist *playlist;

  *text = p2p_playlist_define (written, base, self->defined, &defined);
  data = g_bytes_get_data (*text, &size);
  /* Not a plain list of songs. */
  if (g_strstr_len ((const char *) data, size, "#EXT-X-") == NULL)
    return NULL;
  playlist = p2p_playlist_parse (base, data, size, NULL);
  if (!playlist)
    return NULL;
  if (playlist->is_master) {
    g_clear_pointer (&self->defined, g_hash_table_unref);
    self->defined = g_steal_pointer (&defined);
  }
  p2p_playlist_set_requested (playlist, requested);
  p2p_session_add_playlist (self->session, playlist);
  return playlist;
}

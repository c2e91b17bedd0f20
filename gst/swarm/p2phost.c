/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2phost.h"

#include "p2prewrite.h"
#include "p2puri.h"

#include <string.h>

struct _P2pHost
{
  gatomicrefcount refs;
  P2pClock *clock;
  P2pHostReadFunc read;
  P2pHttpOptions *options;

  gboolean wanted;
  gboolean expected;
  gboolean there;
  gint64 wary;                  /* until then */
  GHashTable *urls;             /* URI -> URL, which are the queue's too */
  GQueue uris;                  /* newest first */
  GQueue playlists;             /* of URIs, newest first */
  GQueue waiters;               /* of P2pHostWaiter */
  guint64 bytes;
};

P2pHost *
p2p_host_new (P2pClock * clock, P2pHostReadFunc read)
{
  P2pHost *self = g_new0 (P2pHost, 1);

  g_atomic_ref_count_init (&self->refs);
  self->clock = g_object_ref (clock);
  self->read = read;
  self->options = p2p_http_options_new ();
  self->options->automatic_redirect = FALSE;
  self->options->iradio_mode = FALSE;
  self->wary = G_MININT64;
  self->urls = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  g_queue_init (&self->uris);
  g_queue_init (&self->playlists);
  g_queue_init (&self->waiters);
  return self;
}

P2pHost *
p2p_host_ref (P2pHost * self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

static void
p2p_host_forget (P2pHost * self)
{
  g_hash_table_remove_all (self->urls);
  g_queue_clear_full (&self->uris, g_free);
}

void
p2p_host_unref (P2pHost * self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  p2p_host_forget (self);
  g_hash_table_unref (self->urls);
  g_queue_clear_full (&self->playlists, g_free);
  p2p_http_options_unref (self->options);
  g_object_unref (self->clock);
  g_free (self);
}

/* --- whether it is there --- */

/* Who is told may wait again, or let the host go. */
static void
p2p_host_tell (P2pHost * self)
{
  g_autoptr (P2pHost) alive = p2p_host_ref (self);

  for (guint n = self->waiters.length; n > 0 && self->waiters.head; n--) {
    P2pHostWaiter *waiter = self->waiters.head->data;

    p2p_host_wait_no_more (self, waiter);
    waiter->func (waiter->user_data);
  }
}

void
p2p_host_set_wanted (P2pHost * self, gboolean wanted)
{
  self->wanted = wanted;
}

gboolean
p2p_host_is_wanted (P2pHost * self)
{
  return self->wanted;
}

void
p2p_host_expect (P2pHost * self, gboolean expected)
{
  self->expected = expected;
  if (!expected)
    p2p_host_tell (self);
}

static void
p2p_host_put (P2pHost * self, const char *uri, char *url)
{
  char *key;

  if (g_hash_table_lookup_extended (self->urls, uri, (gpointer *) & key, NULL)) {
    g_hash_table_insert (self->urls, key, url);
    return;
  }
  key = g_strdup (uri);
  g_queue_push_head (&self->uris, key);
  g_hash_table_insert (self->urls, key, url);
  if (self->uris.length > P2P_HOST_MAX_URIS) {
    key = g_queue_pop_tail (&self->uris);
    g_hash_table_remove (self->urls, key);
    g_free (key);
  }
}

void
p2p_host_add (P2pHost * self, const char *uri, const char *url)
{
  p2p_host_put (self, uri, g_strdup (url));
  self->expected = FALSE;
  self->there = TRUE;
  self->wary = G_MININT64;
  p2p_host_tell (self);
}

void
p2p_host_lose (P2pHost * self)
{
  self->expected = self->there = FALSE;
  p2p_host_forget (self);
  p2p_host_tell (self);
}

void
p2p_host_suspect (P2pHost * self)
{
  self->wary = p2p_clock_get_time (self->clock) + P2P_HOST_WARY;
}

gboolean
p2p_host_is_expected (P2pHost * self)
{
  return self->expected;
}

gboolean
p2p_host_is_there (P2pHost * self)
{
  return self->there;
}

const char *
p2p_host_find (P2pHost * self, const char *uri)
{
  if (p2p_clock_get_time (self->clock) < self->wary)
    return NULL;
  return g_hash_table_lookup (self->urls, uri);
}

/* --- how it is asked --- */

P2pHttpOptions *
p2p_host_get_options (P2pHost * self)
{
  return self->options;
}

/* What demuxers say with every playlist: how it is to be had, not what. */
static gboolean
p2p_host_is_plain (GPtrArray * headers)
{
  static const char *const plain[] = { "Referer", "Cache-Control", "Pragma" };

  for (guint i = 0; headers && i < headers->len; i++) {
    P2pHeader *header = g_ptr_array_index (headers, i);
    gboolean known = FALSE;

    for (guint j = 0; j < G_N_ELEMENTS (plain); j++)
      known |= g_ascii_strcasecmp (header->name, plain[j]) == 0;
    if (!known)
      return FALSE;
  }
  return TRUE;
}

gboolean
p2p_host_may_stand_for (const P2pHttpOptions * options)
{
  g_autoptr (P2pHttpOptions) plain = p2p_http_options_new ();
  g_autoptr (P2pHttpOptions) asked = p2p_http_options_copy (options);

  /* Who asks, and for which server secrets are that there are none of. */
  g_free (asked->user_agent);
  asked->user_agent = g_strdup (plain->user_agent);
  g_clear_pointer (&asked->origin, g_free);
  asked->iradio_mode = plain->iradio_mode;
  if (p2p_host_is_plain (asked->extra_headers))
    g_clear_pointer (&asked->extra_headers, g_ptr_array_unref);
  return p2p_http_options_equal (asked, plain);
}

/* --- what it has --- */

typedef struct
{
  P2pHost *host;
  const char *url;
} Learning;

static GBytes *
p2p_host_learn_uri (P2pText text, gpointer user_data)
{
  Learning *learning = user_data;
  P2pHost *self = learning->host;
  g_autofree char *written = p2p_text_dup (text);
  g_autofree char *uri = self->read (written);

  if (!uri)
    return NULL;
  p2p_host_put (self, uri, p2p_uri_resolve (learning->url, written));
  return g_bytes_new (uri, strlen (uri));
}

GBytes *
p2p_host_learn (P2pHost * self, GBytes * playlist, const char *url)
{
  Learning learning = { self, url };

  return p2p_playlist_rewrite_uris (playlist, p2p_host_learn_uri, NULL,
      &learning);
}

void
p2p_host_note_playlist (P2pHost * self, const char *uri)
{
  if (g_queue_find_custom (&self->playlists, uri, (GCompareFunc) strcmp))
    return;
  g_queue_push_head (&self->playlists, g_strdup (uri));
  if (self->playlists.length > P2P_HOST_MAX_PLAYLISTS)
    g_free (g_queue_pop_tail (&self->playlists));
}

GPtrArray *
p2p_host_list_playlists (P2pHost * self)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_free);

  for (GList * l = self->playlists.tail; l; l = l->prev)
    g_ptr_array_add (list, g_strdup (l->data));
  return list;
}

void
p2p_host_count (P2pHost * self, gsize count)
{
  self->bytes += count;
}

guint64
p2p_host_get_bytes (P2pHost * self)
{
  return self->bytes;
}

/* --- waiting --- */

void
p2p_host_wait (P2pHost * self, P2pHostWaiter * waiter,
    void (*func) (gpointer user_data), gpointer user_data)
{
  waiter->link.data = waiter;
  waiter->func = func;
  waiter->user_data = user_data;
  g_queue_push_tail_link (&self->waiters, &waiter->link);
}

void
p2p_host_wait_no_more (P2pHost * self, P2pHostWaiter * waiter)
{
  if (waiter->link.data == NULL)
    return;
  g_queue_unlink (&self->waiters, &waiter->link);
  waiter->link.data = NULL;
}

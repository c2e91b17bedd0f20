/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2psoupgatewayreload.h"

#include <libsoup/soup.h>
#include <string.h>

static void
p2p_soup_gateway_reload_free (gpointer data)
{
  P2pSoupGatewayReload *self = data;

  g_clear_pointer (&self->text, g_bytes_unref);
  g_free (self->base);
  g_free (self);
}

GHashTable *
p2p_soup_gateway_reload_new_table (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
      p2p_soup_gateway_reload_free);
}

static gboolean
p2p_soup_gateway_reload_is_idle (gpointer uri, gpointer reload, gpointer now)
{
  P2pSoupGatewayReload *self = reload;

  return !self->leader && self->waiting.length == 0
      && *(gint64 *) now >= self->until;
}

/* Returns: (nullable): NULL if there are too many */
static P2pSoupGatewayReload *
p2p_soup_gateway_reload_new (GHashTable * reloads, const char *uri, gint64 now)
{
  P2pSoupGatewayReload *self;

  if (g_hash_table_size (reloads) >= P2P_SOUP_GATEWAY_MAX_RELOADS)
    g_hash_table_foreach_remove (reloads, p2p_soup_gateway_reload_is_idle,
        &now);
  if (g_hash_table_size (reloads) >= P2P_SOUP_GATEWAY_MAX_RELOADS)
    return NULL;
  self = g_new0 (P2pSoupGatewayReload, 1);
  g_queue_init (&self->waiting);
  g_hash_table_insert (reloads, g_strdup (uri), self);
  return self;
}

void
p2p_soup_gateway_reload_share (GHashTable * reloads, const char *uri,
    GBytes * text, const char *base, P2pPlaylist * playlist, gint64 lifetime,
    gint64 asked)
{
  P2pSoupGatewayReload *self = g_hash_table_lookup (reloads, uri);
  gsize size;
  const char *data = g_bytes_get_data (text, &size);

  /* One with parts is reloaded more often than its target duration says. */
  if (!playlist->is_live || playlist->is_master
      || size > P2P_SOUP_GATEWAY_MAX_RELOAD
      || g_strstr_len (data, size, "#EXT-X-PART"))
    lifetime = 0;
  if (!self && lifetime > 0)
    self = p2p_soup_gateway_reload_new (reloads, uri, asked);
  if (!self)
    return;
  g_clear_pointer (&self->text, g_bytes_unref);
  self->text = g_bytes_ref (text);
  g_free (self->base);
  self->base = g_strdup (base);
  self->until = asked + lifetime;
  self->shared = lifetime > 0;
}

/* --- who asks, and who waits --- */

static void
p2p_soup_gateway_reload_stop_waiting (P2pSoupGatewayReloader * who)
{
  g_queue_unlink (&who->reload->waiting, &who->link);
  p2p_clock_cancel (who->clock, &who->timer);
  who->reload = NULL;
}

static void
p2p_soup_gateway_reload_on_impatient (gpointer user_data)
{
  P2pSoupGatewayReloader *who = user_data;

  who->timer = 0;
  p2p_soup_gateway_reload_stop_waiting (who);
  who->events->ask (who->user_data);
}

gboolean
p2p_soup_gateway_reload_join (GHashTable * reloads, const char *uri,
    P2pSoupGatewayReloader * who)
{
  P2pSoupGatewayReload *self = g_hash_table_lookup (reloads, uri);
  gint64 now = p2p_clock_get_time (who->clock);

  if (!self || !self->shared)
    return FALSE;
  if (now < self->until) {
    who->events->have (self, who->user_data);
    return TRUE;
  }
  who->reload = self;
  if (!self->leader) {
    self->leader = who;
    return FALSE;
  }
  who->link.data = who;
  g_queue_push_tail_link (&self->waiting, &who->link);
  who->timer = p2p_clock_call_at (who->clock,
      now + P2P_SOUP_GATEWAY_RELOAD_WAIT, p2p_soup_gateway_reload_on_impatient,
      who);
  return TRUE;
}

void
p2p_soup_gateway_reload_leave (P2pSoupGatewayReloader * who)
{
  P2pSoupGatewayReload *self = who->reload;
  P2pSoupGatewayReloader *other;

  if (!self)
    return;
  if (self->leader != who) {
    p2p_soup_gateway_reload_stop_waiting (who);
    return;
  }
  who->reload = NULL;
  self->leader = NULL;
  while ((other = g_queue_peek_head (&self->waiting))) {
    p2p_soup_gateway_reload_stop_waiting (other);
    if (p2p_clock_get_time (other->clock) < self->until)
      other->events->have (self, other->user_data);
    else
      other->events->ask (other->user_data);
  }
}

/* --- RFC 9111 --- */

/* Returns: seconds; -1: it is none */
static gint64
read_seconds (const char *text)
{
  guint64 seconds;

  return g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT32, &seconds, NULL) ?
      (gint64) seconds : -1;
}

/* Lowers seconds to what the field says (5.2.2). One user's cache is private. */
static void
read_cache_control (const char *value, gint64 * seconds, gboolean * explicit)
{
  g_auto (GStrv) directives = g_strsplit (value, ",", -1);

  for (char **d = directives; *d; d++) {
    g_strstrip (*d);
    if (g_ascii_strncasecmp (*d, "max-age=", 8) == 0) {
      *explicit = TRUE;
      *seconds = MIN (*seconds, MAX (read_seconds (*d + 8), 0));
    } else if (g_ascii_strncasecmp (*d, "no-store", 8) == 0
        || g_ascii_strncasecmp (*d, "no-cache", 8) == 0) {
      *seconds = 0;
    }
  }
}

/* What is no date has passed (5.3). */
static gint64
read_expires (P2pHttpHead * head, const char *value)
{
  const char *date = p2p_headers_get (head->response_headers, "Date");
  g_autoptr (GDateTime) end = soup_date_time_new_from_http_string (value);
  g_autoptr (GDateTime) now = date ? soup_date_time_new_from_http_string (date)
      : g_date_time_new_now_utc ();

  return end && now ? MAX (g_date_time_difference (end, now), 0)
      / G_TIME_SPAN_SECOND : 0;
}

/* Seconds; G_MAXINT32: nothing is said of it */
static gint64
get_allowed (P2pHttpHead * head)
{
  const char *expires = p2p_headers_get (head->response_headers, "Expires");
  const char *age = p2p_headers_get (head->response_headers, "Age");
  gint64 seconds = G_MAXINT32;
  gboolean explicit = FALSE;

  for (guint i = 0; i < head->response_headers->len; i++) {
    P2pHeader *header = g_ptr_array_index (head->response_headers, i);

    if (g_ascii_strcasecmp (header->name, "Cache-Control") == 0)
      read_cache_control (header->value, &seconds, &explicit);
    else if (g_ascii_strcasecmp (header->name, "Vary") == 0
        && strchr (header->value, '*'))
      return 0;
  }
  if (expires && !explicit)
    seconds = MIN (seconds, read_expires (head, expires));
  if (age && seconds < G_MAXINT32)
    seconds -= MIN (MAX (read_seconds (age), 0), seconds);
  return seconds;
}

gint64
p2p_soup_gateway_reload_get_lifetime (P2pHttpHead * head, gint64 target)
{
  if (head->status != SOUP_STATUS_OK || target <= 0)
    return 0;
  return MIN (target / 3, get_allowed (head) * G_USEC_PER_SEC);
}

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2ptrackerhub.h"
#include "p2pjson.h"

#include <string.h>

struct _P2pTrackerLink
{
  char *id;
  gpointer socket;
  GQueue absent;                /* of ids, the oldest first */
};

struct _P2pTrackerHub
{
  P2pTrackerBook *book;
  P2pTrackerHubFuncs funcs;
  guint max_message;
  GHashTable *links;            /* id -> P2pTrackerLink, the newest of it */
  GString *out;                 /* a message that is being made */
  P2pTrackerHubStats stats;
};

P2pTrackerHub *
p2p_tracker_hub_new (P2pTrackerBook * book, const P2pTrackerHubFuncs * funcs,
    guint max_message)
{
  P2pTrackerHub *self = g_new0 (P2pTrackerHub, 1);

  self->book = book;
  self->funcs = *funcs;
  self->max_message = max_message;
  self->links = g_hash_table_new (g_str_hash, g_str_equal);
  self->out = g_string_new (NULL);
  return self;
}

void
p2p_tracker_hub_free (P2pTrackerHub * self)
{
  g_hash_table_unref (self->links);
  g_string_free (self->out, TRUE);
  g_free (self);
}

/* Such ids stand in JSON as they are. */
gboolean
p2p_tracker_hub_is_id (const char *id)
{
  gsize size = strlen (id);

  if (size == 0 || size > P2P_TRACKER_MAX_SOCKET_ID)
    return FALSE;
  for (; *id; id++) {
    if (!g_ascii_isgraph (*id) || *id == '"' || *id == '\\')
      return FALSE;
  }
  return TRUE;
}

P2pTrackerLink *
p2p_tracker_hub_join (P2pTrackerHub * self, const char *id, gpointer socket)
{
  P2pTrackerLink *old = g_hash_table_lookup (self->links, id);
  P2pTrackerLink *link = g_new0 (P2pTrackerLink, 1);

  link->id = g_strdup (id);
  link->socket = socket;
  g_queue_init (&link->absent);
  g_hash_table_replace (self->links, link->id, link);
  self->stats.sockets++;
  p2p_tracker_book_set_away (self->book, id, FALSE);
  if (old)
    self->funcs.replaced (old->socket);
  return link;
}

void
p2p_tracker_hub_leave (P2pTrackerHub * self, P2pTrackerLink * link)
{
  if (g_hash_table_lookup (self->links, link->id) == link) {
    g_hash_table_remove (self->links, link->id);
    p2p_tracker_book_set_away (self->book, link->id, TRUE);
  }
  self->stats.sockets--;
  g_queue_clear_full (&link->absent, g_free);
  g_free (link->id);
  g_free (link);
}

/* data: (nullable): JSON; none says that from is gone */
static void
send_signal (P2pTrackerHub * self, P2pTrackerLink * link, const char *from,
    const char *data, gsize size)
{
  g_string_assign (self->out, "{\"action\":\"signal\",\"from_peer_id\":\"");
  g_string_append (self->out, from);
  g_string_append_c (self->out, '"');
  if (data) {
    g_string_append (self->out, ",\"data\":");
    g_string_append_len (self->out, data, size);
  }
  g_string_append_c (self->out, '}');
  self->funcs.send (link->socket, self->out->str, self->out->len);
}

static void
tell_absent (P2pTrackerHub * self, P2pTrackerLink * link, const char *id)
{
  self->stats.absent++;
  if (g_queue_find_custom (&link->absent, id, (GCompareFunc) strcmp))
    return;
  if (g_queue_get_length (&link->absent) >= P2P_TRACKER_MAX_ABSENT)
    g_free (g_queue_pop_head (&link->absent));
  g_queue_push_tail (&link->absent, g_strdup (id));
  send_signal (self, link, id, NULL, 0);
}

static gboolean
pass_on (P2pTrackerHub * self, P2pTrackerLink * link, const char *to,
    const char *data, gsize size)
{
  P2pTrackerLink *target;
  GList *told;

  if (!to || !data || !p2p_tracker_hub_is_id (to) || strcmp (to, link->id) == 0)
    return FALSE;
  target = g_hash_table_lookup (self->links, to);
  if (!target) {
    tell_absent (self, link, to);
    return TRUE;
  }
  /* If it goes again, that is news. */
  told = g_queue_find_custom (&link->absent, to, (GCompareFunc) strcmp);
  if (told) {
    g_free (told->data);
    g_queue_delete_link (&link->absent, told);
  }
  self->stats.relayed++;
  send_signal (self, target, link->id, data, size);
  return TRUE;
}

void
p2p_tracker_hub_message (P2pTrackerHub * self, P2pTrackerLink * link,
    const char *text, gsize size)
{
  static const char pong[] = "{\"action\":\"pong\"}";
  g_autoptr (P2pJson) json = p2p_json_parse (text, size, self->max_message);
  const char *action = json ? p2p_json_get_string (json, "action") : NULL;
  const char *data;
  gsize data_size;
  gboolean done = FALSE;

  if (g_strcmp0 (action, "ping") == 0) {
    self->funcs.send (link->socket, pong, strlen (pong));
    done = TRUE;
  } else if (g_strcmp0 (action, "signal") == 0) {
    p2p_json_scan (text, size, NULL, "data", &data, &data_size);
    done = pass_on (self, link, p2p_json_get_string (json, "to_peer_id"), data,
        data_size);
  }
  if (!done)
    self->stats.bad++;
}

void
p2p_tracker_hub_get_stats (P2pTrackerHub * self, P2pTrackerHubStats * stats)
{
  *stats = self->stats;
}

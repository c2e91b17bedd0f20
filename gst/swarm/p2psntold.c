/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2psntold.h"
#include "p2pjson.h"
#include "p2psnmessage.h"

typedef struct
{
  P2pName name;
  guint round;                  /* the last update that had it */
} P2pSnTelling;

struct _P2pSnTold
{
  P2pChannel *channel;
  P2pNames *names;
  GHashTable *ids;              /* id -> P2pSnTelling */
  GHashTable *sns;              /* sn -> the same */
  gboolean began;               /* the BITFIELD was sent */
  gboolean elects;
  guint round;
};

static void
p2p_sn_telling_free (gpointer data)
{
  P2pSnTelling *telling = data;

  g_free (telling->name.id);
  g_free (telling->name.url);
  g_free (telling);
}

P2pSnTold *
p2p_sn_told_new (P2pChannel * channel, P2pNames * names)
{
  P2pSnTold *self = g_new0 (P2pSnTold, 1);

  self->channel = g_object_ref (channel);
  self->names = p2p_names_ref (names);
  self->ids = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
      p2p_sn_telling_free);
  self->sns = g_hash_table_new (g_int64_hash, g_int64_equal);
  return self;
}

void
p2p_sn_told_free (P2pSnTold * self)
{
  g_hash_table_unref (self->sns);
  g_hash_table_unref (self->ids);
  p2p_names_unref (self->names);
  g_object_unref (self->channel);
  g_free (self);
}

static void
p2p_sn_told_remember (P2pSnTold * self, const P2pName * name)
{
  P2pSnTelling *telling = g_new0 (P2pSnTelling, 1);

  telling->name.id = g_strdup (name->id);
  telling->name.sn = name->sn;
  telling->name.url = g_strdup (name->url);
  telling->round = self->round;
  g_hash_table_insert (self->ids, telling->name.id, telling);
  g_hash_table_insert (self->sns, &telling->name.sn, telling);
}

static void
p2p_sn_told_forget (P2pSnTold * self, P2pSnTelling * telling)
{
  g_hash_table_remove (self->sns, &telling->name.sn);
  g_hash_table_remove (self->ids, telling->name.id);
}

/* LOST for what is not there any more. */
static void
p2p_sn_told_tell_lost (P2pSnTold * self)
{
  GHashTableIter iter;
  P2pSnTelling *telling;

  g_hash_table_iter_init (&iter, self->ids);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) & telling)) {
    if (telling->round == self->round
        || !p2p_sn_message_say (self->channel, P2P_SN_LOST, telling->name.sn,
            NULL))
      continue;
    g_hash_table_remove (self->sns, &telling->name.sn);
    g_hash_table_iter_remove (&iter);
  }
}

/* Returns: (nullable): the name of what is new */
static const P2pName *
p2p_sn_told_get_news (P2pSnTold * self, const char *id)
{
  P2pSnTelling *telling = g_hash_table_lookup (self->ids, id);
  const P2pName *name;

  if (telling) {
    telling->round = self->round;
    return NULL;
  }
  name = p2p_names_find_id (self->names, id);
  /* Of two with one number it would not be known which. */
  if (name == NULL || name->sn > P2P_JSON_MAX_INT64
      || p2p_names_find_sn (self->names, name->sn) != name)
    return NULL;
  /* The stream began anew. */
  telling = g_hash_table_lookup (self->sns, &name->sn);
  if (telling)
    p2p_sn_told_forget (self, telling);
  return name;
}

static void
p2p_sn_told_tell_field (P2pSnTold * self, GPtrArray * news)
{
  g_autoptr (GArray) field = g_array_new (FALSE, FALSE, sizeof (gint64));
  P2pSnMessage message = { P2P_SN_BITFIELD,.field = field,
    .packet = P2P_SN_MAX_PACKET,.elects = self->elects
  };
  guint n = MIN (news->len, P2P_SN_TOLD_MAX_FIELD);

  for (guint i = 0; i < n; i++) {
    const P2pName *name = g_ptr_array_index (news, i);

    g_array_append_val (field, name->sn);
  }
  self->began = p2p_sn_message_send (&message, self->channel);
  for (guint i = 0; self->began && i < n; i++)
    p2p_sn_told_remember (self, g_ptr_array_index (news, i));
}

void
p2p_sn_told_update (P2pSnTold * self, GPtrArray * loaded, gboolean elects)
{
  g_autoptr (GPtrArray) news = g_ptr_array_new ();

  if (elects != self->elects) {
    g_hash_table_remove_all (self->sns);
    g_hash_table_remove_all (self->ids);
    self->began = FALSE;
    self->elects = elects;
  }
  self->round++;
  for (guint i = 0; i < loaded->len; i++) {
    const P2pName *name =
        p2p_sn_told_get_news (self, g_ptr_array_index (loaded, i));

    if (name)
      g_ptr_array_add (news, (gpointer) name);
  }
  if (!self->began) {
    p2p_sn_told_tell_field (self, news);
    return;
  }
  p2p_sn_told_tell_lost (self);
  for (guint i = 0; i < MIN (news->len, P2P_SN_TOLD_MAX_NEWS); i++) {
    const P2pName *name = g_ptr_array_index (news, i);

    if (p2p_sn_message_say (self->channel, P2P_SN_HAVE, name->sn, NULL))
      p2p_sn_told_remember (self, name);
  }
}

void
p2p_sn_told_end (P2pSnTold * self)
{
  self->round++;
  p2p_sn_told_tell_lost (self);
}

const P2pName *
p2p_sn_told_find (P2pSnTold * self, gint64 sn, const char *url)
{
  const P2pName *name;
  P2pSnTelling *telling;

  if (sn < 0)
    return url ? p2p_names_find_url (self->names, url) : NULL;
  name = p2p_names_find_sn (self->names, sn);
  if (name == NULL) {
    telling = g_hash_table_lookup (self->sns, &sn);
    name = telling ? &telling->name : NULL;
  }
  if (name && url && !p2p_names_match (self->names, name, url))
    return NULL;
  return name;
}

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pmltold.h"
#include "p2pmlcommand.h"
#include "p2pmlsend.h"
#include "p2pnumberset.h"

typedef struct
{
  char *id;
  gint64 number;
  guint round;                  /* the last update that had it */
} P2pMlTelling;

struct _P2pMlTold
{
  P2pChannel *channel;
  P2pNames *names;
  gboolean counts_places;
  GHashTable *ids;              /* id -> P2pMlTelling: what is held */
  GHashTable *numbers;          /* number -> the same */
  guint round;
  P2pMlCommand *unsent;         /* waits for the channel to drain, or NULL */
};

static void
p2p_ml_telling_free (gpointer data)
{
  P2pMlTelling *telling = data;

  g_free (telling->id);
  g_free (telling);
}

P2pMlTold *
p2p_ml_told_new (P2pChannel * channel, P2pNames * names, gboolean counts_places)
{
  P2pMlTold *self = g_new0 (P2pMlTold, 1);

  self->channel = g_object_ref (channel);
  self->names = p2p_names_ref (names);
  self->counts_places = counts_places;
  self->ids = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
      p2p_ml_telling_free);
  self->numbers = g_hash_table_new (g_int64_hash, g_int64_equal);
  return self;
}

static void
p2p_ml_told_drop (P2pMlTold * self)
{
  if (self->unsent)
    p2p_ml_command_clear (self->unsent);
  g_clear_pointer (&self->unsent, g_free);
}

void
p2p_ml_told_free (P2pMlTold * self)
{
  p2p_ml_told_drop (self);
  g_hash_table_unref (self->numbers);
  g_hash_table_unref (self->ids);
  p2p_names_unref (self->names);
  g_object_unref (self->channel);
  g_free (self);
}

/* Numbers */

/* The media sequence number of number 0 */
static guint64
p2p_ml_told_get_first (P2pMlTold * self)
{
  return self->counts_places ? p2p_names_get_first (self->names) : 0;
}

gint64
p2p_ml_told_get_number (P2pMlTold * self, const char *id)
{
  const P2pName *name = p2p_names_find_id (self->names, id);
  guint64 first = p2p_ml_told_get_first (self);

  /* Of two with one number it would not be known which. */
  if (!name || p2p_names_find_sn (self->names, name->sn) != name
      || name->sn < first || name->sn - first > P2P_ML_MAX_INT)
    return -1;
  return name->sn - first;
}

const char *
p2p_ml_told_find (P2pMlTold * self, gint64 number)
{
  const P2pName *name = number < 0 ? NULL : p2p_names_find_sn (self->names,
      p2p_ml_told_get_first (self) + number);
  P2pMlTelling *telling;

  if (name)
    return name->id;
  telling = g_hash_table_lookup (self->numbers, &number);
  return telling ? telling->id : NULL;
}

/* Telling */

/* Whether telling is the one that its number means. */
static gboolean
p2p_ml_told_is_meant (P2pMlTold * self, P2pMlTelling * telling)
{
  return g_strcmp0 (p2p_ml_told_find (self, telling->number), telling->id) == 0;
}

/* What is held has the number that it has now, or had in the playlist. */
static void
p2p_ml_told_hold (P2pMlTold * self, const char *id)
{
  P2pMlTelling *telling = g_hash_table_lookup (self->ids, id);
  gint64 number = p2p_ml_told_get_number (self, id);

  if (!telling && number < 0)
    return;
  if (!telling) {
    telling = g_new0 (P2pMlTelling, 1);
    telling->id = g_strdup (id);
    telling->number = -1;
    g_hash_table_insert (self->ids, telling->id, telling);
  }
  telling->round = self->round;
  if (number < 0 || number == telling->number)
    return;
  if (g_hash_table_lookup (self->numbers, &telling->number) == telling)
    g_hash_table_remove (self->numbers, &telling->number);
  telling->number = number;
  g_hash_table_replace (self->numbers, &telling->number, telling);
}

/* What is not held any more goes; the numbers of the rest are added. */
static void
p2p_ml_told_sweep (P2pMlTold * self, GArray * numbers)
{
  GHashTableIter iter;
  P2pMlTelling *telling;

  g_hash_table_iter_init (&iter, self->ids);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) & telling)) {
    if (telling->round == self->round) {
      if (p2p_ml_told_is_meant (self, telling))
        g_array_append_val (numbers, telling->number);
      continue;
    }
    if (g_hash_table_lookup (self->numbers, &telling->number) == telling)
      g_hash_table_remove (self->numbers, &telling->number);
    g_hash_table_iter_remove (&iter);
  }
}

/* Sorted, the last ones of more than can be told. */
static void
trim (GArray * numbers)
{
  p2p_number_set_sort (numbers);
  if (numbers->len > P2P_ML_MAX_IDS)
    g_array_remove_range (numbers, 0, numbers->len - P2P_ML_MAX_IDS);
}

void
p2p_ml_told_update (P2pMlTold * self, GPtrArray * loaded, GPtrArray * loading)
{
  P2pMlCommand *command = g_new0 (P2pMlCommand, 1);

  command->type = P2P_ML_ANNOUNCEMENT;
  command->loaded = p2p_number_set_new ();
  command->loading = p2p_number_set_new ();
  self->round++;
  for (guint i = 0; i < loaded->len; i++)
    p2p_ml_told_hold (self, g_ptr_array_index (loaded, i));
  p2p_ml_told_sweep (self, command->loaded);
  for (guint i = 0; i < loading->len; i++) {
    gint64 number =
        p2p_ml_told_get_number (self, g_ptr_array_index (loading, i));

    if (number >= 0)
      g_array_append_val (command->loading, number);
  }
  trim (command->loaded);
  trim (command->loading);
  p2p_ml_told_drop (self);
  self->unsent = command;
  p2p_ml_told_go_on (self);
}

void
p2p_ml_told_go_on (P2pMlTold * self)
{
  if (!self->unsent || p2p_channel_get_buffered (self->channel) > P2P_ML_WATER)
    return;
  p2p_ml_command_send (self->unsent, self->channel);
  p2p_ml_told_drop (self);
}

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pnames.h"

#include <string.h>

struct _P2pNames
{
  grefcount refs;
  guint64 first;
  GPtrArray *names;             /* of P2pName */
  GHashTable *ids;              /* id -> P2pName */
  GHashTable *sns;              /* sn -> P2pName */
  GHashTable *urls;             /* last part of the path -> GPtrArray */
};

static void
p2p_name_free (gpointer data)
{
  P2pName *name = data;

  g_free (name->id);
  g_free (name->url);
  g_free (name);
}

P2pNames *
p2p_names_new (void)
{
  P2pNames *self = g_new0 (P2pNames, 1);

  g_ref_count_init (&self->refs);
  self->names = g_ptr_array_new_with_free_func (p2p_name_free);
  self->ids = g_hash_table_new (g_str_hash, g_str_equal);
  self->sns = g_hash_table_new (g_int64_hash, g_int64_equal);
  self->urls = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
      (GDestroyNotify) g_ptr_array_unref);
  return self;
}

P2pNames *
p2p_names_ref (P2pNames * self)
{
  g_ref_count_inc (&self->refs);
  return self;
}

void
p2p_names_unref (P2pNames * self)
{
  if (!g_ref_count_dec (&self->refs))
    return;
  g_hash_table_unref (self->ids);
  g_hash_table_unref (self->sns);
  g_hash_table_unref (self->urls);
  g_ptr_array_unref (self->names);
  g_free (self);
}

void
p2p_names_set_first (P2pNames * self, guint64 sn)
{
  self->first = sn;
}

guint64
p2p_names_get_first (P2pNames * self)
{
  return self->first;
}

void
p2p_names_clear (P2pNames * self)
{
  g_hash_table_remove_all (self->ids);
  g_hash_table_remove_all (self->sns);
  g_hash_table_remove_all (self->urls);
  g_ptr_array_set_size (self->names, 0);
}

/* Without query and fragment. */
static gsize
get_path_length (const char *url)
{
  return strcspn (url, "?#");
}

/* What all spellings of a URL have in common. */
static char *
get_last_part (const char *url)
{
  gsize end = get_path_length (url), start = end;

  while (start > 0 && url[start - 1] != '/')
    start--;
  return g_strndup (url + start, end - start);
}

/* How many bytes the paths of two URLs share at their ends, if they are the
 * same or one is all of it, from the start of a part on; else 0. */
static gsize
get_common (const char *a, const char *b)
{
  gsize m = get_path_length (a), n = get_path_length (b);
  gsize common = MIN (m, n);
  const char *longer = m > n ? a : b;
  gsize more = MAX (m, n) - common;

  if (memcmp (a + m - common, b + n - common, common) != 0)
    return 0;
  if (more > 0 && longer[more] != '/' && longer[more - 1] != '/')
    return 0;
  return common;
}

void
p2p_names_add (P2pNames * self, const char *id, guint64 sn, const char *url)
{
  P2pName *name = g_new0 (P2pName, 1);
  g_autofree char *last = get_last_part (url);
  GPtrArray *alike = g_hash_table_lookup (self->urls, last);

  name->id = g_strdup (id);
  name->sn = sn;
  name->url = g_strdup (url);
  g_ptr_array_add (self->names, name);
  if (!g_hash_table_contains (self->ids, name->id))
    g_hash_table_insert (self->ids, name->id, name);
  if (!g_hash_table_contains (self->sns, &name->sn))
    g_hash_table_insert (self->sns, &name->sn, name);
  if (alike == NULL) {
    alike = g_ptr_array_new ();
    g_hash_table_insert (self->urls, g_steal_pointer (&last), alike);
  }
  g_ptr_array_add (alike, name);
}

const P2pName *
p2p_names_find_id (P2pNames * self, const char *id)
{
  return g_hash_table_lookup (self->ids, id);
}

const P2pName *
p2p_names_find_sn (P2pNames * self, guint64 sn)
{
  return g_hash_table_lookup (self->sns, &sn);
}

/* The one that is spelled just so, else the one that shares most of the path;
 * what two share equally is not known. */
const P2pName *
p2p_names_find_url (P2pNames * self, const char *url)
{
  g_autofree char *last = get_last_part (url);
  GPtrArray *alike = g_hash_table_lookup (self->urls, last);
  const P2pName *best = NULL;
  gsize most = 0;

  for (guint i = 0; alike && i < alike->len; i++) {
    const P2pName *name = g_ptr_array_index (alike, i);
    gsize common = get_common (name->url, url);

    if (g_str_equal (name->url, url))
      return name;
    if (common > most)
      best = name;
    else if (common == most)
      best = NULL;
    most = MAX (most, common);
  }
  return best;
}

gboolean
p2p_names_match (P2pNames * self, const P2pName * name, const char *url)
{
  const P2pName *found;

  if (g_str_equal (name->url, url))
    return TRUE;
  found = p2p_names_find_url (self, url);
  return found && g_str_equal (found->id, name->id);
}

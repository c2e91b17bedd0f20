/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * P2pNames:
 *
 * What the segments of a stream are called: by the engine (their ids), and by
 * those peer protocols that name them by media sequence number or by URL. It
 * follows the playlist: a name of a segment that left it is not known any more.
 * Shared by a slot and its peers; belongs to the engine's thread.
 */
typedef struct _P2pNames P2pNames;

typedef struct
{
  char *id;                     /* of the segment in the engine */
  guint64 sn;                   /* media sequence number */
  char *url;                    /* as the playlist spells it, relative or not */
} P2pName;

P2pNames *p2p_names_new (void);
P2pNames *p2p_names_ref (P2pNames * self);
void p2p_names_unref (P2pNames * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pNames, p2p_names_unref)

/* The media sequence number of the playlist's first segment, 0 at first: from it
 * protocols count that name the segments of what has an end by their places. */
void p2p_names_set_first (P2pNames * self, guint64 sn);
guint64 p2p_names_get_first (P2pNames * self);

/* Forgets all. */
void p2p_names_clear (P2pNames * self);
/* Strings are copied. Of two with the same id, number or URL the first one
 * counts for that. */
void p2p_names_add (P2pNames * self, const char *id, guint64 sn,
    const char *url);

/* Returns: (nullable): valid until the names change. By URL it is found however
 * it is spelled: in full, relative, or as a path, with its query or without. */
const P2pName *p2p_names_find_id (P2pNames * self, const char *id);
const P2pName *p2p_names_find_sn (P2pNames * self, guint64 sn);
const P2pName *p2p_names_find_url (P2pNames * self, const char *url);
/* Whether url is one of the spellings of the URL of name, which need not be
 * among the names any more. */
gboolean p2p_names_match (P2pNames * self, const P2pName * name,
    const char *url);

G_END_DECLS

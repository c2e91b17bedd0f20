/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pjsonscan.h"

G_BEGIN_DECLS

/**
 * P2pJson:
 *
 * A JSON object, as strangers send them: what is read is bounded and strict,
 * and the getters say whether a member is there and of that type, and never
 * take one for another. Strings hold P2P_JSON_NUL for U+0000, in both
 * directions. Of members with the same name the last one counts. Not
 * thread-safe.
 */
typedef struct _JsonObject P2pJson;

/* An array in it, of values of any kind. */
typedef struct _JsonArray P2pJsonArray;

/* Numbers are whole and exact up to this one and its negative, in browsers
 * too; beyond it they count as not there. */
#define P2P_JSON_MAX_INT64 ((G_GINT64_CONSTANT (1) << 53) - 1)

/* Returns: (transfer full) (nullable): NULL if text is longer than max_size or
 * is not what p2p_json_scan() takes. */
P2pJson *p2p_json_parse (const char *text, gsize size, gsize max_size);
P2pJson *p2p_json_new (void);
P2pJson *p2p_json_ref (P2pJson * self);
void p2p_json_unref (P2pJson * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pJson, p2p_json_unref)

gboolean p2p_json_has (P2pJson * self, const char *name);
/* … and is not null. */
gboolean p2p_json_is_set (P2pJson * self, const char *name);
/* Returns: (nullable): NULL if there is no such member, or it is no string */
const char *p2p_json_get_string (P2pJson * self, const char *name);
/* These leave *value as it is when they return FALSE. */
gboolean p2p_json_get_int64 (P2pJson * self, const char *name, gint64 * value);
gboolean p2p_json_get_boolean (P2pJson * self, const char *name,
    gboolean * value);
/* Returns: (transfer full) (element-type gint64) (nullable): NULL if it is no
 * array or anything in it is no whole number */
GArray *p2p_json_get_int64s (P2pJson * self, const char *name);
/* Returns: (transfer none) (nullable) */
P2pJson *p2p_json_get_object (P2pJson * self, const char *name);
/* The elements of an array that are objects, the others left out.
 * Returns: (transfer container) (element-type P2pJson) (nullable): NULL if it is
 * no array; the objects live as long as self */
GPtrArray *p2p_json_get_objects (P2pJson * self, const char *name);
/* Returns: (transfer none) (nullable) */
P2pJsonArray *p2p_json_get_array (P2pJson * self, const char *name);
/* Returns: (transfer container) (element-type utf8): the names of all members,
 * in their order; they live as long as self */
GPtrArray *p2p_json_get_names (P2pJson * self);

guint p2p_json_array_get_length (P2pJsonArray * self);
/* The same as those of an object, of an element that has to be there. */
const char *p2p_json_array_get_string (P2pJsonArray * self, guint index);
gboolean p2p_json_array_get_int64 (P2pJsonArray * self, guint index,
    gint64 * value);
P2pJsonArray *p2p_json_array_get_array (P2pJsonArray * self, guint index);

/* Members are written in the order in which they were set. Strings have to be
 * UTF-8. */
void p2p_json_set_string (P2pJson * self, const char *name, const char *value);
void p2p_json_set_int64 (P2pJson * self, const char *name, gint64 value);
void p2p_json_set_boolean (P2pJson * self, const char *name, gboolean value);
void p2p_json_set_int64s (P2pJson * self, const char *name,
    const gint64 * values, gsize n_values);
void p2p_json_set_object (P2pJson * self, const char *name, P2pJson * value);
/* values: (element-type P2pJson) */
void p2p_json_set_objects (P2pJson * self, const char *name,
    GPtrArray * values);
/* value: (transfer full) */
void p2p_json_set_array (P2pJson * self, const char *name,
    P2pJsonArray * value);

P2pJsonArray *p2p_json_array_new (void);
void p2p_json_array_add_string (P2pJsonArray * self, const char *value);
void p2p_json_array_add_int64 (P2pJsonArray * self, gint64 value);
/* value: (transfer full) */
void p2p_json_array_add_array (P2pJsonArray * self, P2pJsonArray * value);
/* Returns: (transfer full): without any space between */
char *p2p_json_to_text (P2pJson * self);

G_END_DECLS

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pjson.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

P2pJson *
p2p_json_parse (const char *text, gsize size, gsize max_size)
{
  g_autoptr (GString) copy = NULL;
  g_autoptr (JsonNode) node = NULL;

  if (size > max_size)
    return NULL;
  copy = g_string_sized_new (size);
  if (!p2p_json_scan (text, size, copy, NULL, NULL, NULL))
    return NULL;
  node = json_from_string (copy->str, NULL);
  return node ? json_node_dup_object (node) : NULL;
}

P2pJson *
p2p_json_new (void)
{
  return json_object_new ();
}

P2pJson *
p2p_json_ref (P2pJson * self)
{
  return json_object_ref (self);
}

void
p2p_json_unref (P2pJson * self)
{
  json_object_unref (self);
}

gboolean
p2p_json_has (P2pJson * self, const char *name)
{
  return json_object_has_member (self, name);
}

gboolean
p2p_json_is_set (P2pJson * self, const char *name)
{
  return p2p_json_has (self, name) && !json_object_get_null_member (self, name);
}

/* Returns: NULL if node, which need not be there, holds no string */
static const char *
get_text (JsonNode * node)
{
  return node && JSON_NODE_HOLDS_VALUE (node)
      && json_node_get_value_type (node) == G_TYPE_STRING
      ? json_node_get_string (node) : NULL;
}

const char *
p2p_json_get_string (P2pJson * self, const char *name)
{
  return get_text (json_object_get_member (self, name));
}

static gboolean
get_whole (JsonNode * node, gint64 * value)
{
  GType type = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node)
      : G_TYPE_INVALID;
  double number;

  if (type != G_TYPE_INT64 && type != G_TYPE_DOUBLE)
    return FALSE;
  number = json_node_get_double (node);
  if (!(fabs (number) <= P2P_JSON_MAX_INT64) || trunc (number) != number)
    return FALSE;
  *value = number;
  return TRUE;
}

gboolean
p2p_json_get_int64 (P2pJson * self, const char *name, gint64 * value)
{
  JsonNode *node = json_object_get_member (self, name);

  return node && get_whole (node, value);
}

gboolean
p2p_json_get_boolean (P2pJson * self, const char *name, gboolean * value)
{
  JsonNode *node = json_object_get_member (self, name);

  if (!node || !JSON_NODE_HOLDS_VALUE (node)
      || json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    return FALSE;
  *value = json_node_get_boolean (node);
  return TRUE;
}

static JsonArray *
get_array (JsonNode * node)
{
  return node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node)
      : NULL;
}

P2pJsonArray *
p2p_json_get_array (P2pJson * self, const char *name)
{
  return get_array (json_object_get_member (self, name));
}

GArray *
p2p_json_get_int64s (P2pJson * self, const char *name)
{
  JsonArray *array = p2p_json_get_array (self, name);
  g_autoptr (GArray) values = NULL;
  guint n;

  if (!array)
    return NULL;
  n = json_array_get_length (array);
  values = g_array_sized_new (FALSE, FALSE, sizeof (gint64), n);
  for (guint i = 0; i < n; i++) {
    gint64 value;

    if (!get_whole (json_array_get_element (array, i), &value))
      return NULL;
    g_array_append_val (values, value);
  }
  return g_steal_pointer (&values);
}

P2pJson *
p2p_json_get_object (P2pJson * self, const char *name)
{
  JsonNode *node = json_object_get_member (self, name);

  return node && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node)
      : NULL;
}

GPtrArray *
p2p_json_get_objects (P2pJson * self, const char *name)
{
  JsonArray *array = p2p_json_get_array (self, name);
  GPtrArray *objects;

  if (!array)
    return NULL;
  objects = g_ptr_array_new ();
  for (guint i = 0; i < json_array_get_length (array); i++) {
    JsonNode *node = json_array_get_element (array, i);

    if (JSON_NODE_HOLDS_OBJECT (node))
      g_ptr_array_add (objects, json_node_get_object (node));
  }
  return objects;
}

GPtrArray *
p2p_json_get_names (P2pJson * self)
{
  g_autoptr (GList) members = json_object_get_members (self);
  GPtrArray *names = g_ptr_array_new ();

  for (GList * l = members; l; l = l->next)
    g_ptr_array_add (names, l->data);
  return names;
}

guint
p2p_json_array_get_length (P2pJsonArray * self)
{
  return json_array_get_length (self);
}

const char *
p2p_json_array_get_string (P2pJsonArray * self, guint index)
{
  return get_text (json_array_get_element (self, index));
}

gboolean
p2p_json_array_get_int64 (P2pJsonArray * self, guint index, gint64 * value)
{
  return get_whole (json_array_get_element (self, index), value);
}

P2pJsonArray *
p2p_json_array_get_array (P2pJsonArray * self, guint index)
{
  return get_array (json_array_get_element (self, index));
}

void
p2p_json_set_string (P2pJson * self, const char *name, const char *value)
{
  json_object_set_string_member (self, name, value);
}

void
p2p_json_set_int64 (P2pJson * self, const char *name, gint64 value)
{
  json_object_set_int_member (self, name, value);
}

void
p2p_json_set_boolean (P2pJson * self, const char *name, gboolean value)
{
  json_object_set_boolean_member (self, name, value);
}

void
p2p_json_set_int64s (P2pJson * self, const char *name, const gint64 * values,
    gsize n_values)
{
  JsonArray *array = json_array_sized_new (n_values);

  for (gsize i = 0; i < n_values; i++)
    json_array_add_int_element (array, values[i]);
  json_object_set_array_member (self, name, array);
}

void
p2p_json_set_object (P2pJson * self, const char *name, P2pJson * value)
{
  json_object_set_object_member (self, name, json_object_ref (value));
}

void
p2p_json_set_objects (P2pJson * self, const char *name, GPtrArray * values)
{
  JsonArray *array = json_array_sized_new (values->len);

  for (guint i = 0; i < values->len; i++)
    json_array_add_object_element (array,
        json_object_ref (g_ptr_array_index (values, i)));
  json_object_set_array_member (self, name, array);
}

void
p2p_json_set_array (P2pJson * self, const char *name, P2pJsonArray * value)
{
  json_object_set_array_member (self, name, value);
}

P2pJsonArray *
p2p_json_array_new (void)
{
  return json_array_new ();
}

void
p2p_json_array_add_string (P2pJsonArray * self, const char *value)
{
  json_array_add_string_element (self, value);
}

void
p2p_json_array_add_int64 (P2pJsonArray * self, gint64 value)
{
  json_array_add_int_element (self, value);
}

void
p2p_json_array_add_array (P2pJsonArray * self, P2pJsonArray * value)
{
  json_array_add_array_element (self, value);
}

char *
p2p_json_to_text (P2pJson * self)
{
  g_autoptr (JsonNode) node = json_node_alloc ();
  g_autofree char *text = NULL;
  g_autoptr (GString) out = NULL;

  json_node_init_object (node, self);
  text = json_to_string (node, FALSE);
  if (!strstr (text, P2P_JSON_NUL))
    return g_steal_pointer (&text);
  out = g_string_new (text);
  g_string_replace (out, P2P_JSON_NUL, "\\u0000", 0);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2penginesettings.h"

#include "p2pgeneration.h"
#include "p2phlsremoteerror.h"
#include "p2pswarm.h"

#include <json-glib/json-glib.h>
#include <string.h>

typedef enum
{
  BOOLEAN,
  UINT,
  UINT64,
  DOUBLE,                       /* 0 to 1 */
  STRING,                       /* or null */
  STRINGS,
  COMPAT,
  POLICY,
} Kind;

typedef struct
{
  const char *name;
  Kind kind;
  gsize offset;
  gboolean of_torrent;          /* may be different for one */
} Option;

#define LOADER(field) G_STRUCT_OFFSET (P2pEngineSettings, loader.field)
#define OWN(field) G_STRUCT_OFFSET (P2pEngineSettings, field)

static const Option options[] = {
  {"buffer-segments-count", UINT, LOADER (buffer_segments_count)},
  {"cache-segment-expiration", UINT, LOADER (cache_segment_expiration)},
  {"http-election", BOOLEAN, LOADER (http_election)},
  {"ice-policy", POLICY, OWN (ice_policy)},
  {"last-segment-probability", DOUBLE, LOADER (last_segment_probability)},
  {"last-segment-probability-interval", UINT,
      LOADER (last_segment_probability_interval)},
  {"max-cache-bytes", UINT64, LOADER (max_cache_bytes)},
  {"max-cache-segments-count", UINT, LOADER (max_cache_segments_count)},
  {"max-peers", UINT, LOADER (max_peers)},
  {"max-upload-rate", UINT64, LOADER (max_upload_rate)},
  {"pace-eos", BOOLEAN, LOADER (pace_eos)},
  {"pem", STRING, OWN (pem)},
  {"required-segments-count", UINT, LOADER (required_segments_count)},
  {"signal-url", STRING, OWN (signal_url), TRUE},
  {"simultaneous-p2p-downloads", UINT, LOADER (simultaneous_p2p_downloads)},
  {"stun-server", STRING, OWN (stun_server)},
  {"swarm-compat", COMPAT, OWN (swarm_compat), TRUE},
  {"swarm-id", STRING, OWN (swarm_id), TRUE},
  {"tracker-announce", STRINGS, OWN (tracker_announce), TRUE},
  {"turn-server", STRING, OWN (turn_server)},
  {"upload", BOOLEAN, LOADER (upload)},
  {"use-p2p", BOOLEAN, LOADER (use_p2p), TRUE},
};

/* Of the server itself, which hands over all that it was given. */
static const char *const others[] = {
  "heartbeat-timeout", "trace", "update-interval",
};

/* Trackers of one torrent */
#define MAX_STRINGS 32

static gboolean
read_uint64 (P2pJson * json, const char *name, guint64 max, guint64 * value)
{
  gint64 number;

  if (!p2p_json_get_int64 (json, name, &number) || number < 0
      || (guint64) number > max)
    return FALSE;
  *value = number;
  return TRUE;
}

static gboolean
read_uint (P2pJson * json, const char *name, guint * value)
{
  guint64 number;

  if (!read_uint64 (json, name, G_MAXUINT, &number))
    return FALSE;
  *value = number;
  return TRUE;
}

static gboolean
read_share (P2pJson * json, const char *name, double *value)
{
  JsonNode *node = json_object_get_member (json, name);
  GType type = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node)
      : G_TYPE_INVALID;

  if (type != G_TYPE_INT64 && type != G_TYPE_DOUBLE)
    return FALSE;
  *value = json_node_get_double (node);
  return *value >= 0 && *value <= 1;
}

static gboolean
read_string (P2pJson * json, const char *name, char **value)
{
  const char *text = p2p_json_get_string (json, name);

  if (text == NULL && !JSON_NODE_HOLDS_NULL (json_object_get_member (json,
              name)))
    return FALSE;
  g_free (*value);
  *value = g_strdup (text);
  return TRUE;
}

static gboolean
read_strings (P2pJson * json, const char *name, char ***value)
{
  P2pJsonArray *array = p2p_json_get_array (json, name);
  g_autoptr (GPtrArray) strings = g_ptr_array_new_with_free_func (g_free);

  if (array == NULL || p2p_json_array_get_length (array) > MAX_STRINGS)
    return FALSE;
  for (guint i = 0; i < p2p_json_array_get_length (array); i++) {
    const char *text = p2p_json_array_get_string (array, i);

    if (text == NULL)
      return FALSE;
    g_ptr_array_add (strings, g_strdup (text));
  }
  g_ptr_array_add (strings, NULL);
  g_strfreev (*value);
  *value = (char **) g_ptr_array_steal (strings, NULL);
  return TRUE;
}

/* As gst-launch-1.0 has it: nicks with "+" between them. */
static gboolean
read_compat (P2pJson * json, const char *name, guint * value)
{
  const char *text = p2p_json_get_string (json, name);
  g_auto (GStrv) nicks = text ? g_strsplit (text, "+", -1) : NULL;
  guint compat = 0;

  if (text == NULL)
    return FALSE;
  for (char **nick = nicks; *text && *nick; nick++) {
    guint i = 0;

    while (i < P2P_N_GENERATIONS
        && !g_str_equal (p2p_generation_get_info (i)->nick, *nick))
      i++;
    if (i == P2P_N_GENERATIONS)
      return FALSE;
    compat |= 1 << i;
  }
  *value = compat;
  return TRUE;
}

static gboolean
read_policy (P2pJson * json, const char *name, guint * value)
{
  static const char *const policies[] = {
    [P2P_ENGINE_ICE_POLICY_ALL] = "all",
    [P2P_ENGINE_ICE_POLICY_RELAY] = "relay",
    [P2P_ENGINE_ICE_POLICY_LAN] = "lan",
  };
  const char *text = p2p_json_get_string (json, name);

  for (guint i = 0; i < G_N_ELEMENTS (policies); i++) {
    if (g_strcmp0 (text, policies[i]) == 0) {
      *value = i;
      return TRUE;
    }
  }
  return FALSE;
}

static gboolean
p2p_engine_settings_read_one (P2pEngineSettings * self, P2pJson * json,
    const Option * option)
{
  gpointer field = G_STRUCT_MEMBER_P (self, option->offset);

  switch (option->kind) {
    case BOOLEAN:
      return p2p_json_get_boolean (json, option->name, field);
    case UINT:
      return read_uint (json, option->name, field);
    case UINT64:
      return read_uint64 (json, option->name, G_MAXINT64, field);
    case DOUBLE:
      return read_share (json, option->name, field);
    case STRING:
      return read_string (json, option->name, field);
    case STRINGS:
      return read_strings (json, option->name, field);
    case COMPAT:
      return read_compat (json, option->name, field);
    case POLICY:
      return read_policy (json, option->name, field);
  }
  g_assert_not_reached ();
}

static const Option *
find_option (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    if (g_str_equal (options[i].name, name))
      return &options[i];
  return NULL;
}

static gboolean
is_other (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    if (g_str_equal (others[i], name))
      return TRUE;
  return FALSE;
}

static gboolean
p2p_engine_settings_refuse (const char *what, const char *name, GError ** error)
{
  g_set_error (error, P2P_HLS_REMOTE_ERROR, P2P_HLS_REMOTE_ERROR_OPTIONS,
      "%s: %s", what, name);
  return FALSE;
}

static gboolean
p2p_engine_settings_take (P2pEngineSettings * self, P2pJson * json,
    gboolean of_torrent, GError ** error)
{
  g_autoptr (GPtrArray) names = p2p_json_get_names (json);

  for (guint i = 0; i < names->len; i++) {
    const char *name = g_ptr_array_index (names, i);
    const Option *option = find_option (name);

    if (option == NULL && !of_torrent && !is_other (name))
      return p2p_engine_settings_refuse ("there is no such option", name,
          error);
    if (option && (!of_torrent || option->of_torrent)
        && !p2p_engine_settings_read_one (self, json, option))
      return p2p_engine_settings_refuse ("no value for this option", name,
          error);
  }
  self->loader.max_peers = MIN (self->loader.max_peers, P2P_SWARM_MAX_PEERS);
  self->loader.last_segment_probability_interval =
      MAX (self->loader.last_segment_probability_interval, 1);
  return TRUE;
}

gboolean
p2p_engine_settings_read (P2pEngineSettings * self, P2pJson * json,
    GError ** error)
{
  return p2p_engine_settings_take (self, json, FALSE, error);
}

gboolean
p2p_engine_settings_read_torrent (P2pEngineSettings * self, P2pJson * json,
    GError ** error)
{
  return p2p_engine_settings_take (self, json, TRUE, error);
}

void
p2p_engine_settings_init (P2pEngineSettings * self)
{
  memset (self, 0, sizeof *self);
  p2p_settings_init (&self->loader);
  self->swarm_compat = P2P_GENERATIONS_DEFAULT;
  self->stun_server = g_strdup (P2P_ENGINE_STUN_SERVER);
}

void
p2p_engine_settings_clear (P2pEngineSettings * self)
{
  for (guint i = 0; i < G_N_ELEMENTS (options); i++) {
    gpointer field = G_STRUCT_MEMBER_P (self, options[i].offset);

    if (options[i].kind == STRING)
      g_clear_pointer ((char **) field, g_free);
    else if (options[i].kind == STRINGS)
      g_clear_pointer ((char ***) field, g_strfreev);
  }
}

void
p2p_engine_settings_copy (const P2pEngineSettings * self,
    P2pEngineSettings * to)
{
  *to = *self;
  for (guint i = 0; i < G_N_ELEMENTS (options); i++) {
    gpointer field = G_STRUCT_MEMBER_P (to, options[i].offset);

    if (options[i].kind == STRING)
      *(char **) field = g_strdup (*(char **) field);
    else if (options[i].kind == STRINGS)
      *(char ***) field = g_strdupv (*(char ***) field);
  }
}

static gboolean
p2p_engine_settings_strings_equal (char **a, char **b)
{
  return a == b || (a && b && g_strv_equal ((const char *const *) a,
          (const char *const *) b));
}

gboolean
p2p_engine_settings_find_alike (const P2pEngineSettings * self,
    const P2pEngineSettings * other)
{
  return p2p_engine_settings_strings_equal (self->tracker_announce,
      other->tracker_announce)
      && g_strcmp0 (self->signal_url, other->signal_url) == 0
      && g_strcmp0 (self->swarm_id, other->swarm_id) == 0
      && self->swarm_compat == other->swarm_compat
      && g_strcmp0 (self->stun_server, other->stun_server) == 0
      && g_strcmp0 (self->turn_server, other->turn_server) == 0
      && self->ice_policy == other->ice_policy
      && g_strcmp0 (self->pem, other->pem) == 0;
}

const char *const *
p2p_engine_settings_get_trackers (const P2pEngineSettings * self)
{
  return self->tracker_announce ? (const char *const *) self->tracker_announce
      : p2p_engine_peers_get_default_trackers ();
}

void
p2p_engine_settings_get_peers (const P2pEngineSettings * self,
    P2pEnginePeers * peers)
{
  memset (peers, 0, sizeof *peers);
  peers->trackers = p2p_engine_settings_get_trackers (self);
  peers->signal_url = self->signal_url;
  peers->swarm_id = self->swarm_id;
  peers->swarm_compat = self->swarm_compat;
  peers->elects = self->loader.http_election && self->loader.upload;
  peers->stun_server = self->stun_server;
  peers->turn_server = self->turn_server;
  peers->ice_policy = self->ice_policy;
  peers->pem = self->pem;
}

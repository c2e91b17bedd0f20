/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2psnsignal.h"

#include <string.h>

#include "p2perror.h"
#include "p2pjson.h"

static const struct
{
  const char *action;
  P2pSnSignalType type;
} actions[] = {
  {"reject", P2P_SN_SIGNAL_REJECT},
  {"ping", P2P_SN_SIGNAL_PING},
  {"pong", P2P_SN_SIGNAL_PONG},
};

gboolean
p2p_sn_is_peer_id (const char *id)
{
  gsize size = strlen (id);

  if (size == 0 || size > P2P_SN_MAX_PEER_ID || strstr (id, P2P_JSON_NUL)
      || !g_utf8_validate (id, size, NULL))
    return FALSE;
  for (; *id; id = g_utf8_next_char (id))
    if (!g_unichar_isgraph (g_utf8_get_char (id)))
      return FALSE;
  return TRUE;
}

static void
read_description (P2pSnSignal * self, P2pJson * data, const char *sdp)
{
  const char *type = p2p_json_get_string (data, "type");

  if (g_strcmp0 (type, "offer") == 0)
    self->type = P2P_SN_SIGNAL_OFFER;
  else if (g_strcmp0 (type, "answer") == 0)
    self->type = P2P_SN_SIGNAL_ANSWER;
  else
    return;
  self->text = g_strdup (sdp);
}

static void
read_candidate (P2pSnSignal * self, P2pJson * object)
{
  const char *candidate = p2p_json_get_string (object, "candidate");

  if (!candidate)
    return;
  self->type = P2P_SN_SIGNAL_CANDIDATE;
  self->text = g_strdup (candidate);
  self->mid = g_strdup (p2p_json_get_string (object, "sdpMid"));
}

/* What no type is found for stays OTHER: later clients say more. */
static void
read_data (P2pSnSignal * self, P2pJson * data)
{
  const char *sdp = p2p_json_get_string (data, "sdp");
  P2pJson *candidate = p2p_json_get_object (data, "candidate");

  if (sdp)
    read_description (self, data, sdp);
  else if (candidate)
    read_candidate (self, candidate);
}

static gboolean
read_signal (P2pSnSignal * self, P2pJson * json)
{
  const char *from = p2p_json_get_string (json, "from_peer_id");
  P2pJson *data = p2p_json_get_object (json, "data");

  if (!from || !p2p_sn_is_peer_id (from)
      || (!data && p2p_json_has (json, "data")))
    return FALSE;
  self->peer_id = g_strdup (from);
  if (data)
    read_data (self, data);
  else
    self->type = P2P_SN_SIGNAL_GONE;
  return TRUE;
}

static gboolean
read_message (P2pSnSignal * self, P2pJson * json)
{
  const char *action = p2p_json_get_string (json, "action");

  self->type = P2P_SN_SIGNAL_OTHER;
  if (!action)
    return FALSE;
  if (g_str_equal (action, "signal"))
    return read_signal (self, json);
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    if (g_str_equal (action, actions[i].action))
      self->type = actions[i].type;
  if (self->type == P2P_SN_SIGNAL_REJECT)
    self->text = g_strdup (p2p_json_get_string (json, "reason"));
  return TRUE;
}

P2pSnSignal *
p2p_sn_signal_parse (const char *text, gsize size, GError ** error)
{
  g_autoptr (P2pJson) json =
      p2p_json_parse (text, size, P2P_SN_SIGNAL_MAX_SIZE);
  g_autoptr (P2pSnSignal) self = g_new0 (P2pSnSignal, 1);

  if (!json || !read_message (self, json)) {
    g_set_error_literal (error, P2P_ERROR, P2P_ERROR_MALFORMED,
        "The signalling server sent a message that makes no sense. Check "
        "signal-url.");
    return NULL;
  }
  return g_steal_pointer (&self);
}

void
p2p_sn_signal_free (P2pSnSignal * self)
{
  g_free (self->peer_id);
  g_free (self->text);
  g_free (self->mid);
  g_free (self);
}

static P2pJson *
make_data (const P2pSnSignal * self)
{
  g_autoptr (P2pJson) data = p2p_json_new ();
  g_autoptr (P2pJson) candidate = NULL;

  if (self->type != P2P_SN_SIGNAL_CANDIDATE) {
    p2p_json_set_string (data, "type",
        self->type == P2P_SN_SIGNAL_OFFER ? "offer" : "answer");
    p2p_json_set_string (data, "sdp", self->text);
    return g_steal_pointer (&data);
  }
  candidate = p2p_json_new ();
  p2p_json_set_string (candidate, "candidate", self->text);
  p2p_json_set_int64 (candidate, "sdpMLineIndex", 0);
  p2p_json_set_string (candidate, "sdpMid", self->mid ? self->mid : "0");
  p2p_json_set_object (data, "candidate", candidate);
  return g_steal_pointer (&data);
}

char *
p2p_sn_signal_write (const P2pSnSignal * self, const char *own_id)
{
  g_autoptr (P2pJson) json = p2p_json_new ();
  g_autoptr (P2pJson) data = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++) {
    if (self->type == actions[i].type) {
      p2p_json_set_string (json, "action", actions[i].action);
      return p2p_json_to_text (json);
    }
  }
  data = make_data (self);
  p2p_json_set_string (json, "peer_id", own_id);
  p2p_json_set_string (json, "action", "signal");
  p2p_json_set_string (json, "to_peer_id", self->peer_id);
  p2p_json_set_object (json, "data", data);
  return p2p_json_to_text (json);
}

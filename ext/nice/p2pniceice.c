/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pniceice.h"

#include "p2pnicelookup.h"
#include "p2pniceprobe.h"
#include "p2pnicesocket.h"

#include <nice/agent.h>
#include <nice/interfaces.h>
#include <string.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define COMPONENT NICE_COMPONENT_TYPE_RTP       /* the first one */
#define RECORD_HEADER 13        /* of DTLS; the last two bytes are the length */
#define DTLS_MIN 20             /* first bytes (RFC 7983) */
#define DTLS_MAX 63
#define STUN_MAX 3

struct _P2pNiceIce
{
  P2pNiceHub *hub;
  const P2pNiceIceEvents *events;
  gpointer user_data;

  NiceAgent *agent;
  guint stream;
  char *ufrag, *pwd;
  char *remote_address;
  gboolean connected, has_loopback;
  P2pNiceSocket socket;         /* of the pair in use, if it has one */
  gboolean gro;                 /* on, on that socket */
  guint8 *buffer;               /* libnice's, that it reads into … */
  gsize buffer_used;            /* … as far as is known */
  GSList *names;                /* of Name: being looked up */
  guint n_names;                /* all that ever were */
  gboolean remote_ended;        /* no more candidates come */
};

/* Addresses */

static GInetAddress *
to_inet (const NiceAddress * address)
{
  g_autofree char *text = nice_address_dup_string (address);

  return g_inet_address_new_from_string (text);
}

static gboolean
may_use (P2pNiceIce * self, const NiceAddress * address)
{
  g_autoptr (GInetAddress) inet = to_inet (address);

  return inet && !g_inet_address_get_is_link_local (inet)
      && !g_inet_address_get_is_any (inet)
      && !g_inet_address_get_is_multicast (inet)
      && (self->has_loopback || !g_inet_address_get_is_loopback (inet))
      && (self->hub->policy != P2P_NICE_POLICY_LAN
      || nice_address_is_private (address));
}

static gboolean
add_local_address (P2pNiceIce * self, const char *text)
{
  g_autoptr (GInetAddress) inet = g_inet_address_new_from_string (text);
  NiceAddress address;

  nice_address_init (&address);
  if (!inet || g_inet_address_get_is_link_local (inet)
      || !nice_address_set_from_string (&address, text)
      || (self->hub->policy == P2P_NICE_POLICY_LAN
          && !nice_address_is_private (&address)))
    return FALSE;
  self->has_loopback |= g_inet_address_get_is_loopback (inet);
  return nice_agent_add_local_address (self->agent, &address);
}

static void
add_local_addresses (P2pNiceIce * self)
{
  guint most = self->hub->n_agents > P2P_NICE_ICE_MANY ? 1
      : P2P_NICE_ICE_MAX_ADDRESSES;
  guint left = most;
  GList *all;

  if (self->hub->local_address) {
    add_local_address (self, self->hub->local_address);
    return;
  }
  all = nice_interfaces_get_local_ips (FALSE);
  for (GList * l = all; l && left > 0; l = l->next) {
    if (add_local_address (self, l->data))
      left--;
  }
  g_list_free_full (all, g_free);
  /* Without a network there still are the viewers of this machine. */
  if (left == most)
    add_local_address (self, "127.0.0.1");
}

/* Candidates */

static P2pNiceCandidateType
type_from_nice (NiceCandidateType type)
{
  switch (type) {
    case NICE_CANDIDATE_TYPE_HOST:
      return P2P_NICE_CANDIDATE_HOST;
    case NICE_CANDIDATE_TYPE_SERVER_REFLEXIVE:
      return P2P_NICE_CANDIDATE_SRFLX;
    case NICE_CANDIDATE_TYPE_PEER_REFLEXIVE:
      return P2P_NICE_CANDIDATE_PRFLX;
    default:
      return P2P_NICE_CANDIDATE_RELAY;
  }
}

static NiceCandidateType
type_to_nice (P2pNiceCandidateType type)
{
  switch (type) {
    case P2P_NICE_CANDIDATE_HOST:
      return NICE_CANDIDATE_TYPE_HOST;
    case P2P_NICE_CANDIDATE_SRFLX:
      return NICE_CANDIDATE_TYPE_SERVER_REFLEXIVE;
    case P2P_NICE_CANDIDATE_PRFLX:
      return NICE_CANDIDATE_TYPE_PEER_REFLEXIVE;
    default:
      return NICE_CANDIDATE_TYPE_RELAYED;
  }
}

static void
on_candidate (NiceAgent * agent, NiceCandidate * found, gpointer user_data)
{
  P2pNiceIce *self = user_data;
  P2pNiceCandidate candidate = { {0} };
  gboolean relay = found->type == NICE_CANDIDATE_TYPE_RELAYED;
  g_autofree char *host = nice_address_dup_string (&found->addr);

  if (found->transport != NICE_CANDIDATE_TRANSPORT_UDP
      || (self->hub->policy == P2P_NICE_POLICY_RELAY && !relay))
    return;
  g_strlcpy (candidate.foundation, found->foundation,
      sizeof candidate.foundation);
  candidate.priority = found->priority;
  g_strlcpy (candidate.host, host, sizeof candidate.host);
  candidate.port = nice_address_get_port (&found->addr);
  candidate.type = type_from_nice (found->type);
  /* Where it was seen from is nobody's business. */
  if (candidate.type != P2P_NICE_CANDIDATE_HOST)
    g_strlcpy (candidate.related, "0.0.0.0", sizeof candidate.related);
  self->events->candidate (&candidate, self->user_data);
}

static void
on_gathered (NiceAgent * agent, guint stream, gpointer user_data)
{
  P2pNiceIce *self = user_data;

  self->events->candidate (NULL, self->user_data);
}

/* Returns: whether it can be one */
static gboolean
use_candidate (P2pNiceIce * self, const P2pNiceCandidate * candidate,
    const char *host)
{
  NiceCandidate *remote = nice_candidate_new (type_to_nice (candidate->type));
  gboolean usable;

  remote->transport = NICE_CANDIDATE_TRANSPORT_UDP;
  remote->stream_id = self->stream;
  remote->component_id = COMPONENT;
  remote->priority = candidate->priority;
  g_strlcpy (remote->foundation, candidate->foundation,
      sizeof remote->foundation);
  usable = nice_address_set_from_string (&remote->addr, host)
      && may_use (self, &remote->addr);
  if (usable) {
    GSList list = { remote, NULL };

    nice_address_set_port (&remote->addr, candidate->port);
    remote->base_addr = remote->addr;
    nice_agent_set_remote_candidates (self->agent, self->stream, COMPONENT,
        &list);
  }
  nice_candidate_free (remote);
  return usable;
}

/* Names */

typedef struct
{
  P2pNiceIce *ice;
  P2pNiceCandidate candidate;
  P2pNiceLookup *lookup;
} Name;

static void
tell_ended (P2pNiceIce * self)
{
  /* One whose name is being looked up may still come. */
  if (self->remote_ended && !self->names)
    nice_agent_peer_candidate_gathering_done (self->agent, self->stream);
}

static void
on_name (const GList * addresses, gpointer user_data)
{
  Name *name = user_data;
  P2pNiceIce *self = name->ice;
  gboolean used = FALSE;

  self->names = g_slist_remove (self->names, name);
  for (; addresses && !used; addresses = addresses->next) {
    g_autofree char *host = g_inet_address_to_string (addresses->data);

    used = use_candidate (self, &name->candidate, host);
  }
  if (!used)
    self->hub->n_unresolved++;
  tell_ended (self);
  g_free (name);
}

static void
resolve (P2pNiceIce * self, const P2pNiceCandidate * candidate)
{
  Name *name = g_new (Name, 1);

  name->ice = self;
  name->candidate = *candidate;
  name->lookup = self->n_names < P2P_NICE_ICE_MAX_NAMES ?
      p2p_nice_lookup_new (self->hub, candidate->host, on_name, name) : NULL;
  if (name->lookup) {
    self->n_names++;
    self->names = g_slist_prepend (self->names, name);
  } else {
    self->hub->n_unresolved++;
    g_free (name);
  }
}

static void
forget_name (gpointer name)
{
  p2p_nice_lookup_free (((Name *) name)->lookup);
  g_free (name);
}

/* The pair in use */

static void
on_selected (NiceAgent * agent, guint stream, guint component,
    NiceCandidate * local, NiceCandidate * remote, gpointer user_data)
{
  P2pNiceIce *self = user_data;
  GSocket *socket = nice_agent_get_selected_socket (agent, stream, component);
  struct sockaddr_storage address = { 0 };
  g_autofree char *text = nice_address_dup_string (&remote->addr);

  g_free (self->remote_address);
  self->remote_address = g_strdup_printf (strchr (text, ':') ? "[%s]:%u"
      : "%s:%u", text, nice_address_get_port (&remote->addr));
  /* Where it is no longer looked at, nothing may come together. */
  if (self->gro)
    p2p_nice_socket_set_gro (&self->socket, FALSE);
  self->gro = FALSE;
  p2p_nice_socket_clear (&self->socket);
  if (!socket)
    return;
  nice_address_copy_to_sockaddr (&remote->addr, (struct sockaddr *) &address);
  p2p_nice_socket_set (&self->socket, socket, (struct sockaddr *) &address,
      sizeof address);
  self->gro = self->hub->gro && p2p_nice_socket_set_gro (&self->socket, TRUE);
}

static void
on_state (NiceAgent * agent, guint stream, guint component, guint state,
    gpointer user_data)
{
  P2pNiceIce *self = user_data;

  p2p_clock_set_time (self->hub->clock, g_get_monotonic_time ());
  if (state == NICE_COMPONENT_STATE_CONNECTED
      || state == NICE_COMPONENT_STATE_READY) {
    self->connected = TRUE;
    self->events->connected (self->user_data);
  } else if (state == NICE_COMPONENT_STATE_FAILED) {
    self->connected = FALSE;
    self->events->failed (self->user_data);
  }
}

/* A message of STUN that the kernel put behind DTLS is lost to libnice. It will
 * come again; no other one shall be lost. */
static void
look_behind (P2pNiceIce * self, const guint8 * data, gsize size)
{
  while (size >= RECORD_HEADER && data[0] >= DTLS_MIN && data[0] <= DTLS_MAX) {
    gsize record = RECORD_HEADER + (data[11] << 8 | data[12]);

    if (record > size)
      return;
    data += record;
    size -= record;
  }
  if (size > 0 && data[0] <= STUN_MAX) {
    p2p_nice_socket_set_gro (&self->socket, FALSE);
    self->gro = FALSE;
  }
}

static void
on_received (NiceAgent * agent, guint stream, guint component, guint size,
    char *data, gpointer user_data)
{
  P2pNiceIce *self = user_data;
  const guint8 *bytes = (const guint8 *) data;

  if (bytes != self->buffer || size > self->buffer_used) {
    self->buffer = (guint8 *) data;
    self->buffer_used = size;
  }
  if (size == 0 || ((bytes[0] < DTLS_MIN || bytes[0] > DTLS_MAX)
          && bytes[0] != P2P_NICE_PROBE_FIRST))
    return;
  p2p_clock_set_time (self->hub->clock, g_get_monotonic_time ());
  if (self->gro)
    look_behind (self, bytes, size);
  self->events->received (bytes, size, self->user_data);
}

static void
set_servers (P2pNiceIce * self)
{
  P2pNiceServer *stun = self->hub->stun, *turn = self->hub->turn;
  const char *address;

  address = stun ? p2p_nice_lookup_get_server (self->hub, stun) : NULL;
  if (address)
    g_object_set (self->agent, "stun-server", address, "stun-server-port",
        stun->port, NULL);
  address = turn ? p2p_nice_lookup_get_server (self->hub, turn) : NULL;
  if (address)
    nice_agent_set_relay_info (self->agent, self->stream, COMPONENT, address,
        turn->port, turn->user, turn->password, turn->tcp
        ? NICE_RELAY_TYPE_TURN_TCP : NICE_RELAY_TYPE_TURN_UDP);
}

/* libnice's buffers of an agent are 128 KiB, and it writes into a small part of
 * them. From the C library that is memory that others have used, which stays; from
 * the kernel it is memory once it is written. */
static void
give_memory_back (P2pNiceHub * hub)
{
#ifdef __GLIBC__
  if (hub->n_agents >= P2P_NICE_ICE_SEVERAL)
    malloc_trim (0);
#endif
}

P2pNiceIce *
p2p_nice_ice_new (P2pNiceHub * hub, gboolean controlling,
    const P2pNiceIceEvents * events, gpointer user_data)
{
  P2pNiceIce *self = g_new0 (P2pNiceIce, 1);

  self->hub = p2p_nice_hub_ref (hub);
  self->events = events;
  self->user_data = user_data;
  give_memory_back (hub);
  self->agent = nice_agent_new_full (hub->context,
      NICE_COMPATIBILITY_RFC5245, NICE_AGENT_OPTION_ICE_TRICKLE);
  g_object_set (self->agent, "upnp", FALSE, "ice-tcp", FALSE,
      "controlling-mode", controlling, "stun-pacing-timer",
      P2P_NICE_ICE_PACING, "force-relay",
      hub->policy == P2P_NICE_POLICY_RELAY, NULL);
  self->stream = nice_agent_add_stream (self->agent, 1);
  nice_agent_get_local_credentials (self->agent, self->stream, &self->ufrag,
      &self->pwd);
  hub->n_agents++;
  set_servers (self);
  g_signal_connect (self->agent, "new-candidate-full",
      G_CALLBACK (on_candidate), self);
  g_signal_connect (self->agent, "candidate-gathering-done",
      G_CALLBACK (on_gathered), self);
  g_signal_connect (self->agent, "new-selected-pair-full",
      G_CALLBACK (on_selected), self);
  g_signal_connect (self->agent, "component-state-changed",
      G_CALLBACK (on_state), self);
  nice_agent_attach_recv (self->agent, self->stream, COMPONENT, hub->context,
      on_received, self);
  return self;
}

static void
on_closed (GObject * agent, GAsyncResult * result, gpointer unused)
{
  g_object_unref (agent);
}

void
p2p_nice_ice_free (P2pNiceIce * self)
{
  self->hub->n_agents--;
  g_slist_free_full (self->names, forget_name);
  g_signal_handlers_disconnect_by_data (self->agent, self);
  nice_agent_attach_recv (self->agent, self->stream, COMPONENT,
      self->hub->context, NULL, NULL);
  p2p_nice_socket_clear (&self->socket);
  /* A relay is told that it can forget us. */
  if (self->hub->turn)
    nice_agent_close_async (self->agent, on_closed, NULL);
  else
    g_object_unref (self->agent);
  p2p_nice_hub_unref (self->hub);
  g_free (self->ufrag);
  g_free (self->pwd);
  g_free (self->remote_address);
  g_free (self);
}

const char *
p2p_nice_ice_get_ufrag (P2pNiceIce * self)
{
  return self->ufrag;
}

const char *
p2p_nice_ice_get_pwd (P2pNiceIce * self)
{
  return self->pwd;
}

void
p2p_nice_ice_gather (P2pNiceIce * self)
{
  GPtrArray *sockets;

  add_local_addresses (self);
  if (!nice_agent_gather_candidates (self->agent, self->stream)) {
    self->events->candidate (NULL, self->user_data);
    return;
  }
  sockets = nice_agent_get_sockets (self->agent, self->stream, COMPONENT);
  for (guint i = 0; sockets && i < sockets->len; i++)
    g_socket_set_option (g_ptr_array_index (sockets, i), SOL_SOCKET,
        SO_RCVBUF, P2P_NICE_ICE_RECEIVE_BUFFER, NULL);
  g_clear_pointer (&sockets, g_ptr_array_unref);
}

void
p2p_nice_ice_set_remote (P2pNiceIce * self, const char *ufrag, const char *pwd)
{
  nice_agent_set_remote_credentials (self->agent, self->stream, ufrag, pwd);
}

void
p2p_nice_ice_add_candidate (P2pNiceIce * self,
    const P2pNiceCandidate * candidate)
{
  if (p2p_nice_candidate_is_local_name (candidate->host))
    resolve (self, candidate);
  else
    use_candidate (self, candidate, candidate->host);
}

void
p2p_nice_ice_end_candidates (P2pNiceIce * self)
{
  self->remote_ended = TRUE;
  tell_ended (self);
}

/* The way that all pairs have. */
static void
send_by_agent (P2pNiceIce * self, P2pNiceBatch * batch)
{
  GOutputVector vectors[P2P_NICE_BATCH_MAX];
  NiceOutputMessage messages[P2P_NICE_BATCH_MAX];
  guint n = batch->n - batch->first;
  const guint8 *data = batch->data + batch->start;
  g_autoptr (GError) error = NULL;
  int sent;

  for (guint i = 0; i < n; i++) {
    vectors[i].buffer = data;
    vectors[i].size = batch->sizes[batch->first + i];
    messages[i].buffers = &vectors[i];
    messages[i].n_buffers = 1;
    data += vectors[i].size;
  }
  sent = nice_agent_send_messages_nonblocking (self->agent, self->stream,
      COMPONENT, messages, n, NULL, &error);
  if (sent < 0)
    /* What is wrong but for a full buffer is a loss as on any network. */
    sent = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK) ? 0 : n;
  p2p_nice_batch_drop (batch, sent);
}

void
p2p_nice_ice_send (P2pNiceIce * self, P2pNiceBatch * batch)
{
  /* There is nowhere to send to, or not any more. */
  if (!self->connected)
    p2p_nice_batch_drop (batch, batch->n - batch->first);
  else if (self->socket.can && self->hub->gso)
    p2p_nice_socket_send (&self->socket, batch);
  if (!p2p_nice_batch_is_empty (batch) && !(self->socket.can && self->hub->gso))
    send_by_agent (self, batch);
}

/* The pages that only hold what was read: the buffer lives as long as the agent,
 * and nobody looks at them before they are written again. */
void
p2p_nice_ice_rest (P2pNiceIce * self)
{
  gsize page = sysconf (_SC_PAGESIZE);
  guint8 *start = (guint8 *) (((gsize) self->buffer + page - 1) / page * page);
  guint8 *end = (guint8 *) (((gsize) self->buffer + self->buffer_used) / page
      * page);

  if (end > start)
    madvise (start, end - start, MADV_DONTNEED);
  self->buffer_used = 0;
}

const char *
p2p_nice_ice_get_remote_address (P2pNiceIce * self)
{
  return self->remote_address;
}

gboolean
p2p_nice_ice_is_relayed (P2pNiceIce * self)
{
  NiceCandidate *local, *remote;

  return nice_agent_get_selected_pair (self->agent, self->stream, COMPONENT,
      &local, &remote) && (local->type == NICE_CANDIDATE_TYPE_RELAYED
      || remote->type == NICE_CANDIDATE_TYPE_RELAYED);
}

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#define _GNU_SOURCE             /* POLLRDHUP */
#include "p2psoupgatewaydoor.h"

#include "ext/p2pfilelimit.h"
#include "p2psoupsender.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>

/* Let in at one turn of the loop. */
#define TURN 16
/* After an accept that failed, for want of file descriptors most likely. */
#define REST (100 * P2P_MSEC)
#define SWEEP (10 * P2P_SECOND)
/* Files that the rest of the process may need. */
#define OTHER_FILES 1024

struct _P2pSoupGatewayVisitor
{
  grefcount refs;
  P2pSoupGatewayDoor *door;     /* NULL: it has left */
  GSocketConnection *connection;        /* not a reference */
  GSource *farewell;
  GPollFD fd;                   /* of farewell */
  GList link;
  gint64 since;                 /* when it did something last */
  guint64 held;                 /* bytes it is to read */
  gboolean busy, asked;
};

struct _P2pSoupGatewayDoor
{
  SoupServer *server;
  P2pClock *clock;
  GMainContext *context;
  GMainContext *nowhere;
  P2pSoupPipe *pipe;
  GSocket *listener;
  GSource *source;
  guint rest;                   /* the call that ends it */
  guint sweep;
  GQueue visitors;
  guint64 held;
  guint16 port;
};

/* --- visitors --- */

/* The clock may not have been told for a while: it is libsoup that calls. */
static gint64
p2p_soup_gateway_door_get_time (P2pSoupGatewayDoor * self)
{
  p2p_clock_set_time (self->clock, g_get_monotonic_time ());
  return p2p_clock_get_time (self->clock);
}

void
p2p_soup_gateway_visitor_unref (P2pSoupGatewayVisitor * self)
{
  if (g_ref_count_dec (&self->refs))
    g_free (self);
}

static void
p2p_soup_gateway_visitor_leave (P2pSoupGatewayVisitor * self)
{
  P2pSoupGatewayDoor *door = self->door;

  if (!door)
    return;
  self->door = NULL;
  door->held -= self->held;
  g_queue_unlink (&door->visitors, &self->link);
}

static void
p2p_soup_gateway_visitor_on_gone (gpointer data, GObject * connection)
{
  P2pSoupGatewayVisitor *self = data;

  self->connection = NULL;
  g_source_destroy (self->farewell);
  g_source_unref (self->farewell);
  p2p_soup_gateway_visitor_leave (self);
  p2p_soup_gateway_visitor_unref (self);
}

/* --- who leaves --- */

/* Who has said all, which the answer need not care about */
#ifdef POLLRDHUP
#define LEAVING POLLRDHUP
#else
#define LEAVING 0
#endif

typedef struct
{
  GSource source;
  P2pSoupGatewayVisitor *visitor;
} Farewell;

static gboolean
p2p_soup_gateway_farewell_check (GSource * source)
{
  return ((Farewell *) source)->visitor->fd.revents != 0;
}

/* libsoup 3.2 keeps the connection of who leaves between two requests until the
 * server ends. What it does close it has closed before this is called. */
static gboolean
p2p_soup_gateway_farewell_dispatch (GSource * source, GSourceFunc func,
    gpointer user_data)
{
  P2pSoupGatewayVisitor *visitor = ((Farewell *) source)->visitor;

  p2p_soup_gateway_visitor_leave (visitor);
  g_socket_close (g_socket_connection_get_socket (visitor->connection), NULL);
  return G_SOURCE_REMOVE;
}

static GSourceFuncs farewell_funcs = {
  .check = p2p_soup_gateway_farewell_check,
  .dispatch = p2p_soup_gateway_farewell_dispatch,
};

static void
p2p_soup_gateway_visitor_watch (P2pSoupGatewayVisitor * self, GSocket * socket,
    GMainContext * context)
{
  self->farewell = g_source_new (&farewell_funcs, sizeof (Farewell));
  ((Farewell *) self->farewell)->visitor = self;
  self->fd.fd = g_socket_get_fd (socket);
  self->fd.events = LEAVING;
  g_source_add_poll (self->farewell, &self->fd);
  g_source_set_priority (self->farewell, G_PRIORITY_LOW);
  g_source_attach (self->farewell, context);
}

void
p2p_soup_gateway_visitor_drop (P2pSoupGatewayVisitor * self)
{
  p2p_soup_gateway_visitor_leave (self);
  /* libsoup sees it and closes what it has of it. */
  if (self->connection)
    g_socket_shutdown (g_socket_connection_get_socket (self->connection), TRUE,
        TRUE, NULL);
}

void
p2p_soup_gateway_visitor_hold (P2pSoupGatewayVisitor * self)
{
  if (self->connection)
    p2p_soup_sender_hold (P2P_SOUP_SENDER (self->connection));
}

void
p2p_soup_gateway_visitor_turn_away (P2pSoupGatewayVisitor * self,
    SoupServerMessage * message)
{
  GSocket *socket = g_socket_connection_get_socket (self->connection);
  g_autoptr (GString) head = g_string_new (NULL);
  SoupMessageHeadersIter iter;
  const char *name, *value;

  g_string_printf (head, "HTTP/1.1 %u %s\r\n",
      soup_server_message_get_status (message),
      soup_server_message_get_reason_phrase (message));
  soup_message_headers_iter_init (&iter,
      soup_server_message_get_response_headers (message));
  while (soup_message_headers_iter_next (&iter, &name, &value))
    g_string_append_printf (head, "%s: %s\r\n", name, value);
  g_string_append (head, "Content-Length: 0\r\n\r\n");
  g_socket_send_with_blocking (socket, head->str, head->len, FALSE, NULL, NULL);
  /* libsoup reads the rest, finds that it cannot answer, and closes. */
  g_socket_shutdown (socket, FALSE, TRUE, NULL);
  self->asked = FALSE;
}

static void
p2p_soup_gateway_visitor_touch (P2pSoupGatewayVisitor * self)
{
  if (self->door)
    self->since = p2p_soup_gateway_door_get_time (self->door);
}

void
p2p_soup_gateway_visitor_set_busy (P2pSoupGatewayVisitor * self, gboolean busy)
{
  self->busy = busy;
  self->fd.events = busy ? 0 : LEAVING;
  self->asked = TRUE;
  p2p_soup_gateway_visitor_touch (self);
}

/* How long it has done nothing; 0 while it waits for us. */
static gint64
p2p_soup_gateway_visitor_get_idle (P2pSoupGatewayVisitor * self, gint64 now)
{
  return self->busy && self->held == 0 ? 0 : now - self->since;
}

/* Makes room: drops who did nothing for the longest time. Returns: FALSE if all
 * did something */
static gboolean
p2p_soup_gateway_door_drop_idlest (P2pSoupGatewayDoor * self, gboolean holding)
{
  gint64 now = p2p_soup_gateway_door_get_time (self);
  gint64 longest = P2P_SOUP_GATEWAY_GRACE;
  P2pSoupGatewayVisitor *idlest = NULL;

  for (GList * l = self->visitors.head; l; l = l->next) {
    P2pSoupGatewayVisitor *visitor = l->data;
    gint64 idle = p2p_soup_gateway_visitor_get_idle (visitor, now);

    if (idle >= longest && (!holding || visitor->held > 0)) {
      longest = idle;
      idlest = visitor;
    }
  }
  if (idlest)
    p2p_soup_gateway_visitor_drop (idlest);
  return idlest != NULL;
}

void
p2p_soup_gateway_visitor_give (P2pSoupGatewayVisitor * self, gsize size)
{
  P2pSoupGatewayDoor *door = self->door;

  if (!door)
    return;
  if (self->held == 0)
    p2p_soup_gateway_visitor_touch (self);
  self->held += size;
  door->held += size;
  while (door->held > P2P_SOUP_GATEWAY_MAX_HELD
      && p2p_soup_gateway_door_drop_idlest (door, TRUE));
}

void
p2p_soup_gateway_visitor_take (P2pSoupGatewayVisitor * self, gsize size)
{
  if (!self->door)
    return;
  p2p_soup_gateway_visitor_touch (self);
  size = MIN (size, self->held);
  self->held -= size;
  self->door->held -= size;
}

/* --- the door --- */

static void
p2p_soup_gateway_door_sweep (gpointer user_data)
{
  P2pSoupGatewayDoor *self = user_data;
  gint64 now = p2p_clock_get_time (self->clock);
  GList *next;

  self->sweep = 0;
  for (GList * l = self->visitors.head; l; l = next) {
    P2pSoupGatewayVisitor *visitor = l->data;
    gint64 limit = visitor->busy ? P2P_SOUP_GATEWAY_MAX_STALL
        : visitor->asked ? P2P_SOUP_GATEWAY_MAX_IDLE
        : P2P_SOUP_GATEWAY_MAX_SILENCE;

    next = l->next;
    if (p2p_soup_gateway_visitor_get_idle (visitor, now) > limit)
      p2p_soup_gateway_visitor_drop (visitor);
  }
  if (self->visitors.length > 0)
    self->sweep = p2p_clock_call_at (self->clock, now + SWEEP,
        p2p_soup_gateway_door_sweep, self);
}

static void
p2p_soup_gateway_door_let_in (P2pSoupGatewayDoor * self, GSocket * socket)
{
  g_autoptr (GSocketAddress) local = g_socket_get_local_address (socket, NULL);
  g_autoptr (GSocketAddress) remote = g_socket_get_remote_address (socket,
      NULL);
  g_autoptr (GSocketConnection) connection = NULL;
  P2pSoupGatewayVisitor *visitor;

  if (!local || !remote)
    return;                     /* it has gone already */
  if (self->visitors.length >= P2P_SOUP_GATEWAY_MAX_CONNECTIONS
      && !p2p_soup_gateway_door_drop_idlest (self, FALSE))
    return;
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, TRUE, NULL);
  connection = p2p_soup_sender_new (socket, self->pipe);
  visitor = g_new0 (P2pSoupGatewayVisitor, 1);
  g_ref_count_init (&visitor->refs);
  visitor->door = self;
  visitor->connection = connection;
  visitor->link.data = visitor;
  visitor->since = p2p_soup_gateway_door_get_time (self);
  g_queue_push_tail_link (&self->visitors, &visitor->link);
  p2p_soup_gateway_visitor_watch (visitor, socket, self->context);
  g_object_weak_ref (G_OBJECT (connection), p2p_soup_gateway_visitor_on_gone,
      visitor);
  /* By its address a message tells from whom it is. */
  g_object_set_data (G_OBJECT (remote), "p2phls-visitor", visitor);
  soup_server_accept_iostream (self->server, G_IO_STREAM (connection), local,
      remote, NULL);
  if (self->sweep == 0)
    self->sweep = p2p_clock_call_at (self->clock, visitor->since + SWEEP,
        p2p_soup_gateway_door_sweep, self);
}

static gboolean p2p_soup_gateway_door_on_knock (GSocket * listener,
    GIOCondition condition, gpointer user_data);

static void
p2p_soup_gateway_door_open (gpointer user_data)
{
  P2pSoupGatewayDoor *self = user_data;

  self->rest = 0;
  self->source = g_socket_create_source (self->listener, G_IO_IN, NULL);
  g_source_set_callback (self->source,
      G_SOURCE_FUNC (p2p_soup_gateway_door_on_knock), self, NULL);
  g_source_attach (self->source, self->context);
}

static void
p2p_soup_gateway_door_close (P2pSoupGatewayDoor * self)
{
  if (self->source)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
}

static gboolean
p2p_soup_gateway_door_on_knock (GSocket * listener, GIOCondition condition,
    gpointer user_data)
{
  P2pSoupGatewayDoor *self = user_data;

  for (guint i = 0; i < TURN; i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GSocket) socket = g_socket_accept (listener, NULL, &error);

    if (socket) {
      p2p_soup_gateway_door_let_in (self, socket);
    } else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) {
      break;
    } else {
      p2p_soup_gateway_door_close (self);
      self->rest = p2p_clock_call_at (self->clock,
          p2p_soup_gateway_door_get_time (self) + REST,
          p2p_soup_gateway_door_open, self);
      break;
    }
  }
  return G_SOURCE_CONTINUE;
}

/* libsoup keeps connections alive only if it listens, but at its first accept
 * that fails it would do so no more, and never say who comes. So it listens in a
 * context that nobody runs. */
static gboolean
p2p_soup_gateway_door_pretend (P2pSoupGatewayDoor * self, GError ** error)
{
  gboolean done;

  self->nowhere = g_main_context_new ();
  g_main_context_push_thread_default (self->nowhere);
  done = soup_server_listen_socket (self->server, self->listener, 0, error);
  g_main_context_pop_thread_default (self->nowhere);
  return done;
}

static GSocket *
p2p_soup_gateway_door_listen (GSocketAddress * address, GError ** error)
{
  g_autoptr (GSocket) socket =
      g_socket_new (g_socket_address_get_family (address),
      G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, error);

  if (!socket || !g_socket_bind (socket, address, TRUE, error))
    return NULL;
  g_socket_set_listen_backlog (socket, P2P_SOUP_GATEWAY_MAX_CONNECTIONS);
  if (!g_socket_listen (socket, error))
    return NULL;
  g_socket_set_blocking (socket, FALSE);
  return g_steal_pointer (&socket);
}

P2pSoupGatewayDoor *
p2p_soup_gateway_door_new (SoupServer * server, P2pClock * clock,
    GMainContext * context, GSocketAddress * address, GError ** error)
{
  P2pSoupGatewayDoor *self = g_new0 (P2pSoupGatewayDoor, 1);
  g_autoptr (GSocketAddress) bound = NULL;

  self->server = server;
  self->clock = g_object_ref (clock);
  self->context = g_main_context_ref (context);
  self->pipe = p2p_soup_pipe_new ();
  g_queue_init (&self->visitors);
  self->listener = p2p_soup_gateway_door_listen (address, error);
  if (self->listener)
    bound = g_socket_get_local_address (self->listener, error);
  if (!bound || !p2p_soup_gateway_door_pretend (self, error)) {
    p2p_soup_gateway_door_free (self);
    return NULL;
  }
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
  p2p_file_limit_raise (P2P_SOUP_GATEWAY_MAX_CONNECTIONS + OTHER_FILES);
  p2p_soup_gateway_door_open (self);
  return self;
}

void
p2p_soup_gateway_door_free (P2pSoupGatewayDoor * self)
{
  p2p_soup_gateway_door_close (self);
  p2p_clock_cancel (self->clock, &self->rest);
  p2p_clock_cancel (self->clock, &self->sweep);
  while (self->visitors.head)
    p2p_soup_gateway_visitor_drop (self->visitors.head->data);
  soup_server_disconnect (self->server);
  g_clear_pointer (&self->nowhere, g_main_context_unref);
  g_clear_object (&self->listener);
  p2p_soup_pipe_unref (self->pipe);
  g_main_context_unref (self->context);
  g_object_unref (self->clock);
  g_free (self);
}

guint16
p2p_soup_gateway_door_get_port (P2pSoupGatewayDoor * self)
{
  return self->port;
}

guint
p2p_soup_gateway_door_get_n_visitors (P2pSoupGatewayDoor * self)
{
  return self->visitors.length;
}

gboolean
p2p_soup_gateway_door_has_room (P2pSoupGatewayDoor * self)
{
  return self->held < P2P_SOUP_GATEWAY_MAX_HELD;
}

gboolean
p2p_soup_gateway_door_make_room (P2pSoupGatewayDoor * self)
{
  return p2p_soup_gateway_door_drop_idlest (self, TRUE);
}

P2pSoupGatewayVisitor *
p2p_soup_gateway_door_find (P2pSoupGatewayDoor * self,
    SoupServerMessage * message)
{
  P2pSoupGatewayVisitor *visitor =
      g_object_get_data (G_OBJECT (soup_server_message_get_remote_address
          (message)), "p2phls-visitor");

  g_ref_count_inc (&visitor->refs);
  return visitor;
}

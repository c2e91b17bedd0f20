/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2ptrackerloop.h"
#include "p2ptrackerconn.h"
#include "p2ptrackerlistener.h"

#include <errno.h>
#include <ev.h>

/* Connections taken before others have their turn */
#define MAX_ACCEPTS 64
/* Until it is tried again when there was no descriptor for one: seconds */
#define ACCEPT_PAUSE 0.2
/* What libwebsockets keeps for each WebSocket to read into, once a call of the
 * system: an offer or an answer fits; messages that are longer come in parts. */
#define RX_BUFFER 4096
/* What it hands to the system in one call; if not told, no more than RX_BUFFER. */
#define TX_PACKET P2P_TRACKER_MAX_QUEUED
/* libwebsockets 4.1 does not set its timer in libev anew for what is due before
 * it: it is woken so often to look, as long as there are connections. Seconds */
#define TICK 1.

struct _P2pTrackerLoop
{
  P2pTrackerCore *core;
  GSocket *listener;
  GThread *thread;
  struct ev_loop *loop;
  ev_async wake;                /* to stop */
  ev_io accept;
  ev_timer accept_again;
  ev_timer due;                 /* of the clock */
  ev_timer tick;                /* of libwebsockets */
  ev_prepare prepare;
  struct lws_context *context;
  struct lws_vhost *vhost;
};

/* *INDENT-OFF* */
static const struct lws_protocols protocols[] = {
  {
    .name = "p2phls-tracker",
    .callback = p2p_tracker_conn_callback,
    .rx_buffer_size = RX_BUFFER,
    .tx_packet_size = TX_PACKET,
  },
  { NULL }
};
/* *INDENT-ON* */

/* All zero: its timers for silent WebSockets are off, see P2pTrackerIdle. */
static const lws_retry_bo_t no_policy;

static void
on_log (int level, const char *line)
{
  g_debug ("libwebsockets: %s", line);
}

static void
on_acceptable (struct ev_loop *loop, ev_io * watcher, int events)
{
  P2pTrackerLoop *self = watcher->data;

  p2p_tracker_core_enter (self->core);
  for (guint i = 0; i < MAX_ACCEPTS; i++) {
    g_autofree char *address = NULL;
    int fd = p2p_tracker_listener_accept (self->listener, &address);

    if (fd == -2) {
      ev_io_stop (loop, watcher);
      ev_timer_set (&self->accept_again, ACCEPT_PAUSE, 0.);
      ev_timer_start (loop, &self->accept_again);
    }
    if (fd < 0)
      break;
    p2p_tracker_conn_accept (self->core, self->vhost, fd, address);
  }
  p2p_tracker_core_leave (self->core);
}

static void
on_accept_again (struct ev_loop *loop, ev_timer * watcher, int events)
{
  P2pTrackerLoop *self = watcher->data;

  ev_io_start (loop, &self->accept);
}

static void
on_due (struct ev_loop *loop, ev_timer * watcher, int events)
{
  P2pTrackerLoop *self = watcher->data;

  p2p_tracker_core_enter (self->core);
  p2p_clock_run (self->core->clock, g_get_monotonic_time ());
  p2p_tracker_core_leave (self->core);
}

static void
on_tick (struct ev_loop *loop, ev_timer * watcher, int events)
{
  P2pTrackerLoop *self = watcher->data;

  lws_cancel_service (self->context);
}

/* Before the loop sleeps: until the clock's next call, at most. */
static void
on_prepare (struct ev_loop *loop, ev_prepare * watcher, int events)
{
  P2pTrackerLoop *self = watcher->data;
  gint64 next, wait;
  gboolean busy;

  p2p_tracker_core_enter (self->core);
  next = p2p_clock_get_next (self->core->clock);
  wait = next - p2p_clock_get_time (self->core->clock);
  busy = self->core->connections > 0;
  p2p_tracker_core_leave (self->core);
  ev_now_update (loop);
  ev_timer_stop (loop, &self->due);
  if (next != P2P_NEVER) {
    ev_timer_set (&self->due, MAX (wait, 0) / (double) P2P_SECOND, 0.);
    ev_timer_start (loop, &self->due);
  }
  if (busy && !ev_is_active (&self->tick)) {
    ev_timer_set (&self->tick, TICK, 0.);
    ev_timer_start (loop, &self->tick);
  }
}

static void
on_stop (struct ev_loop *loop, ev_async * watcher, int events)
{
  ev_break (loop, EVBREAK_ALL);
}

static gpointer
run (gpointer user_data)
{
  P2pTrackerLoop *self = user_data;

  ev_run (self->loop, 0);
  /* It closes all connections. */
  lws_context_destroy (self->context);
  return NULL;
}

static gboolean
make_context (P2pTrackerLoop * self, GError ** error)
{
  const P2pTrackerConfig *config = self->core->config;
  gpointer loops[] = { self->loop };
  struct lws_context_creation_info info = {
    .port = CONTEXT_PORT_NO_LISTEN_SERVER,
    .protocols = protocols,
    .options = LWS_SERVER_OPTION_LIBEV | LWS_SERVER_OPTION_EXPLICIT_VHOSTS,
    .foreign_loops = loops,
    .pcontext = &self->context,
    .user = self->core,
    .retry_and_idle_policy = &no_policy,
    .max_http_header_data2 = config->max_header,
    .timeout_secs = config->request_timeout,
    .timeout_secs_ah_idle = config->request_timeout,
    .server_string = PACKAGE,
    .vhost_name = PACKAGE,
    .gid = -1,
    .uid = -1,
  };

  if (config->certificate_file) {
    info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
    info.alpn = "http/1.1";
    info.ssl_cert_filepath = config->certificate_file;
    info.ssl_private_key_filepath = config->key_file;
  }
  lws_set_log_level (LLL_ERR | LLL_WARN, on_log);
  self->context = lws_create_context (&info);
  if (!self->context) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
        "libwebsockets cannot start; is its loop for libev installed?");
    return FALSE;
  }
  self->vhost = lws_create_vhost (self->context, &info);
  if (!self->vhost) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
        "Cannot serve with the certificate %s and the key %s",
        config->certificate_file, config->key_file);
    return FALSE;
  }
  return TRUE;
}

static void
start_watchers (P2pTrackerLoop * self)
{
  ev_async_init (&self->wake, on_stop);
  ev_io_init (&self->accept, on_acceptable, g_socket_get_fd (self->listener),
      EV_READ);
  ev_init (&self->accept_again, on_accept_again);
  ev_init (&self->due, on_due);
  ev_init (&self->tick, on_tick);
  ev_prepare_init (&self->prepare, on_prepare);
  self->wake.data = self;
  self->accept.data = self;
  self->accept_again.data = self;
  self->due.data = self;
  self->tick.data = self;
  self->prepare.data = self;
  ev_async_start (self->loop, &self->wake);
  ev_io_start (self->loop, &self->accept);
  ev_prepare_start (self->loop, &self->prepare);
}

static void
loop_free (P2pTrackerLoop * self)
{
  ev_loop_destroy (self->loop);
  g_object_unref (self->listener);
  g_free (self);
}

P2pTrackerLoop *
p2p_tracker_loop_start (P2pTrackerCore * core, GSocket * listener,
    GError ** error)
{
  struct ev_loop *loop = ev_loop_new (EVBACKEND_EPOLL | EVFLAG_NOENV);
  P2pTrackerLoop *self;

  if (!loop) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
        "Cannot make a loop for the tracker: %s", g_strerror (errno));
    return NULL;
  }
  self = g_new0 (P2pTrackerLoop, 1);
  self->core = core;
  self->listener = g_object_ref (listener);
  self->loop = loop;
  if (!make_context (self, error)) {
    lws_context_destroy (self->context);
    loop_free (self);
    return NULL;
  }
  start_watchers (self);
  self->thread = g_thread_new ("p2phls-tracker", run, self);
  return self;
}

void
p2p_tracker_loop_stop (P2pTrackerLoop * self)
{
  ev_async_send (self->loop, &self->wake);
  g_thread_join (self->thread);
  loop_free (self);
}

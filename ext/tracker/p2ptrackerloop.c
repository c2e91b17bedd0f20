/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2ptrackerloop.h"
#include "p2ptrackerconn.h"
#include "p2ptrackerlistener.h"

#include <fcntl.h>
#include <unistd.h>
#include <uv.h>

/* Connections taken before others have their turn */
#define MAX_ACCEPTS 64
/* Until it is tried again when there was no descriptor for one: milliseconds */
#define ACCEPT_PAUSE 200
/* What libwebsockets keeps for each WebSocket to read into; messages that are
 * longer come in parts. */
#define RX_BUFFER 1024
/* At its end libwebsockets 4.1 closes a descriptor, one that it made at its
 * start, twice. In between its number could become that of somebody else's file,
 * but for so many lower ones that are free then: the system gives those first.
 * (It is lower itself if a lower one was freed as it was made.) */
#define SPARES 32

struct _P2pTrackerLoop
{
  P2pTrackerCore *core;
  GSocket *listener;
  GThread *thread;
  uv_loop_t loop;
  uv_async_t wake;              /* to stop */
  uv_poll_t accept;
  uv_timer_t accept_again;
  uv_timer_t due;               /* of the clock */
  uv_prepare_t prepare;
  struct lws_context *context;
  struct lws_vhost *vhost;
  int spares[SPARES];
};

/* *INDENT-OFF* */
static const struct lws_protocols protocols[] = {
  { "p2phls-tracker", p2p_tracker_conn_callback, 0, RX_BUFFER },
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

static void on_accept_again (uv_timer_t * handle);

static void
on_acceptable (uv_poll_t * handle, int status, int events)
{
  P2pTrackerLoop *self = handle->data;

  p2p_tracker_core_enter (self->core);
  for (guint i = 0; i < MAX_ACCEPTS; i++) {
    g_autofree char *address = NULL;
    int fd = p2p_tracker_listener_accept (self->listener, &address);

    if (fd == -2) {
      uv_poll_stop (&self->accept);
      uv_timer_start (&self->accept_again, on_accept_again, ACCEPT_PAUSE, 0);
    }
    if (fd < 0)
      break;
    p2p_tracker_conn_accept (self->core, self->vhost, fd, address);
  }
  p2p_tracker_core_leave (self->core);
}

static void
on_accept_again (uv_timer_t * handle)
{
  P2pTrackerLoop *self = handle->data;

  uv_poll_start (&self->accept, UV_READABLE, on_acceptable);
}

static void
on_due (uv_timer_t * handle)
{
  P2pTrackerLoop *self = handle->data;

  p2p_tracker_core_enter (self->core);
  p2p_clock_run (self->core->clock, g_get_monotonic_time ());
  p2p_tracker_core_leave (self->core);
}

/* Before the loop sleeps: until the clock's next call, at most. */
static void
on_prepare (uv_prepare_t * handle)
{
  P2pTrackerLoop *self = handle->data;
  gint64 next, wait;

  p2p_tracker_core_enter (self->core);
  next = p2p_clock_get_next (self->core->clock);
  wait = next - p2p_clock_get_time (self->core->clock);
  p2p_tracker_core_leave (self->core);
  if (next == P2P_NEVER)
    uv_timer_stop (&self->due);
  else
    uv_timer_start (&self->due, on_due, MAX (wait, 0) / P2P_MSEC + 1, 0);
}

static void
hold_spares (P2pTrackerLoop * self)
{
  for (guint i = 0; i < SPARES; i++)
    self->spares[i] = fcntl (uv_backend_fd (&self->loop), F_DUPFD_CLOEXEC, 0);
}

static void
free_spares (P2pTrackerLoop * self)
{
  for (guint i = 0; i < SPARES; i++)
    if (self->spares[i] >= 0)
      close (self->spares[i]);
}

static void
on_stop (uv_async_t * handle)
{
  P2pTrackerLoop *self = handle->data;

  uv_close ((uv_handle_t *) & self->wake, NULL);
  uv_close ((uv_handle_t *) & self->accept, NULL);
  uv_close ((uv_handle_t *) & self->accept_again, NULL);
  uv_close ((uv_handle_t *) & self->due, NULL);
  uv_close ((uv_handle_t *) & self->prepare, NULL);
  free_spares (self);
  if (self->context)
    lws_context_destroy (self->context);
}

static gpointer
run (gpointer user_data)
{
  P2pTrackerLoop *self = user_data;

  /* Until all handles are closed, those of libwebsockets too. */
  uv_run (&self->loop, UV_RUN_DEFAULT);
  return NULL;
}

static gboolean
make_context (P2pTrackerLoop * self, GError ** error)
{
  const P2pTrackerConfig *config = self->core->config;
  gpointer loops[] = { &self->loop };
  struct lws_context_creation_info info = {
    .port = CONTEXT_PORT_NO_LISTEN_SERVER,
    .protocols = protocols,
    .options = LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_EXPLICIT_VHOSTS,
    .foreign_loops = loops,
    .pcontext = &self->context,
    .user = self->core,
    .retry_and_idle_policy = &no_policy,
    .max_http_header_data2 = config->max_header,
    .timeout_secs = config->request_timeout,
    .keepalive_timeout = config->request_timeout,
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
        "libwebsockets cannot start; is its loop for libuv installed?");
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

/* Returns: FALSE if the system has no descriptors left */
static gboolean
init_handles (P2pTrackerLoop * self, GSocket * listener, GError ** error)
{
  int result = uv_loop_init (&self->loop);

  if (result == 0) {
    result = uv_async_init (&self->loop, &self->wake, on_stop);
    if (result != 0)
      uv_loop_close (&self->loop);
  }
  if (result != 0) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
        "Cannot make a loop for the tracker: %s", uv_strerror (result));
    return FALSE;
  }
  self->listener = g_object_ref (listener);
  uv_poll_init (&self->loop, &self->accept, g_socket_get_fd (listener));
  uv_timer_init (&self->loop, &self->accept_again);
  uv_timer_init (&self->loop, &self->due);
  uv_prepare_init (&self->loop, &self->prepare);
  self->wake.data = self;
  self->accept.data = self;
  self->accept_again.data = self;
  self->due.data = self;
  self->prepare.data = self;
  uv_poll_start (&self->accept, UV_READABLE, on_acceptable);
  uv_prepare_start (&self->prepare, on_prepare);
  hold_spares (self);
  return TRUE;
}

static void
loop_free (P2pTrackerLoop * self)
{
  /* The first time it only closed things. */
  if (self->context)
    lws_context_destroy (self->context);
  uv_loop_close (&self->loop);
  g_object_unref (self->listener);
  g_free (self);
}

P2pTrackerLoop *
p2p_tracker_loop_start (P2pTrackerCore * core, GSocket * listener,
    GError ** error)
{
  P2pTrackerLoop *self = g_new0 (P2pTrackerLoop, 1);

  self->core = core;
  if (!init_handles (self, listener, error)) {
    g_free (self);
    return NULL;
  }
  if (!make_context (self, error)) {
    on_stop (&self->wake);
    run (self);
    loop_free (self);
    return NULL;
  }
  self->thread = g_thread_new ("p2phls-tracker", run, self);
  return self;
}

void
p2p_tracker_loop_stop (P2pTrackerLoop * self)
{
  uv_async_send (&self->wake);
  g_thread_join (self->thread);
  loop_free (self);
}

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2phlsremotelistener.h"

#include "p2phlsremoteconnection.h"
#include "p2phlsremotedoor.h"
#include "p2phlsremoteguest.h"
#include "p2phlsremotelimits.h"
#include "p2phlsremoteserverpriv.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define MIN_TOKEN 16
/* Of GLib's ten threads for what blocks */
#define MAX_SHAKING 4
/* How many may come at once, before they are let in. */
#define BACKLOG 1024
/* Files that the engine can always open, however many connect. */
#define SPARE_FILES 64

struct _P2pHlsRemoteListener
{
  GObject parent;

  P2pHlsRemoteServer *server;
  GPtrArray *services;          /* of GSocketService */
  GPtrArray *paths;             /* of strings: files to be removed */
  GHashTable *guests;           /* set of P2pHlsRemoteGuest */
  GHashTable *keys;             /* client's key -> P2pHlsRemoteGuest */
};

/* *INDENT-OFF* */
G_DEFINE_TYPE (P2pHlsRemoteListener, p2p_hls_remote_listener, G_TYPE_OBJECT)
/* *INDENT-ON* */

/* What a socket asks of those who come. */
typedef struct
{
  P2pHlsRemoteListener *listener;
  GTlsCertificate *certificate; /* NULL: it is a UNIX socket */
  char *token;
} Door;

static void
door_free (gpointer data, GClosure * closure)
{
  Door *self = data;

  g_clear_object (&self->certificate);
  g_free (self->token);
  g_free (self);
}

/* --- messages --- */

static void
p2p_hls_remote_listener_send (const char *client_key, const char *message,
    gpointer user_data)
{
  P2pHlsRemoteListener *self = user_data;
  P2pHlsRemoteGuest *guest = g_hash_table_lookup (self->keys, client_key);

  if (guest)
    p2p_hls_remote_guest_send (guest, message);
}

/* A key is of the connection that used it first. */
static gboolean
p2p_hls_remote_listener_claim (P2pHlsRemoteListener * self,
    P2pHlsRemoteGuest * guest, const char *key)
{
  P2pHlsRemoteGuest *owner = g_hash_table_lookup (self->keys, key);

  if (owner)
    return owner == guest;
  g_hash_table_insert (self->keys, g_strdup (key), guest);
  p2p_hls_remote_guest_add_key (guest, key);
  if (p2p_hls_remote_guest_get_host (guest))
    p2p_hls_remote_server_set_client_host (self->server, key,
        p2p_hls_remote_guest_get_host (guest));
  return TRUE;
}

static void
p2p_hls_remote_listener_release (P2pHlsRemoteListener * self, const char *key)
{
  P2pHlsRemoteGuest *guest = g_hash_table_lookup (self->keys, key);

  if (guest == NULL)
    return;
  p2p_hls_remote_guest_remove_key (guest, key);
  g_hash_table_remove (self->keys, key);
}

static void
p2p_hls_remote_listener_received (P2pHlsRemoteGuest * guest, P2pJson * message,
    gpointer user_data)
{
  P2pHlsRemoteListener *self = user_data;
  const char *key = p2p_json_get_string (message, "clientKey");
  g_autoptr (GError) error = NULL;
  gboolean known;

  if (key == NULL)
    return;
  known = g_hash_table_contains (self->keys, key);
  if (!p2p_hls_remote_listener_claim (self, guest, key))
    return;
  if (p2p_hls_remote_server_take (self->server, message, &error))
    return;
  g_debug ("dropped a message: %s", error->message);
  if (!known && !p2p_hls_remote_server_has_client (self->server, key))
    p2p_hls_remote_listener_release (self, key);
}

static void
p2p_hls_remote_listener_drop (P2pHlsRemoteListener * self,
    P2pHlsRemoteGuest * guest)
{
  g_autoptr (GList) keys = p2p_hls_remote_guest_get_keys (guest);

  g_hash_table_remove (self->guests, guest);
  for (GList * l = keys; l; l = l->next) {
    g_autofree char *key = g_strdup (l->data);

    p2p_hls_remote_listener_release (self, key);
    p2p_hls_remote_server_lose_client (self->server, key);
  }
  p2p_hls_remote_guest_free (guest);
}

static void
p2p_hls_remote_listener_closed (P2pHlsRemoteGuest * guest, gpointer user_data)
{
  p2p_hls_remote_listener_drop (user_data, guest);
}

/* Makes room for one more of those from state first to last. */
static void
p2p_hls_remote_listener_bound (P2pHlsRemoteListener * self,
    P2pHlsRemoteGuestState first, P2pHlsRemoteGuestState last, guint max)
{
  P2pHlsRemoteGuest *oldest = NULL;
  GHashTableIter iter;
  gpointer guest;
  guint n = 0;

  g_hash_table_iter_init (&iter, self->guests);
  while (g_hash_table_iter_next (&iter, &guest, NULL)) {
    P2pHlsRemoteGuestState state = p2p_hls_remote_guest_get_state (guest);

    if (state < first || state > last)
      continue;
    n++;
    if (oldest == NULL || p2p_hls_remote_guest_get_came (guest)
        < p2p_hls_remote_guest_get_came (oldest))
      oldest = guest;
  }
  if (n >= max)
    p2p_hls_remote_listener_drop (self, oldest);
}

static void
p2p_hls_remote_listener_shaking (P2pHlsRemoteGuest * guest, gpointer user_data)
{
  p2p_hls_remote_listener_bound (user_data, P2P_HLS_REMOTE_GUEST_SHAKING,
      P2P_HLS_REMOTE_GUEST_SHAKING, MAX_SHAKING);
}

static const P2pHlsRemoteGuestEvents guest_events = {
  p2p_hls_remote_listener_shaking,
  p2p_hls_remote_listener_received,
  p2p_hls_remote_listener_closed,
};

/* A connection whose last client was silent for too long is of no use either. */
static void
p2p_hls_remote_listener_removed (const char *key, gboolean died,
    gpointer user_data)
{
  P2pHlsRemoteListener *self = user_data;
  P2pHlsRemoteGuest *guest = g_hash_table_lookup (self->keys, key);

  if (guest == NULL)
    return;
  p2p_hls_remote_listener_release (self, key);
  if (died && p2p_hls_remote_guest_get_n_keys (guest) == 0)
    p2p_hls_remote_listener_drop (self, guest);
}

/* --- sockets --- */

/* Descriptors are given out from the lowest on: this one says how many are left. */
static gboolean
p2p_hls_remote_listener_has_room (P2pHlsRemoteListener * self,
    GSocketConnection * connection)
{
  int fd = g_socket_get_fd (g_socket_connection_get_socket (connection));
  struct rlimit limit;

  return g_hash_table_size (self->guests) < P2P_HLS_REMOTE_MAX_CONNECTIONS
      && (getrlimit (RLIMIT_NOFILE, &limit) != 0
      || (rlim_t) fd + SPARE_FILES < limit.rlim_cur);
}

static gboolean
p2p_hls_remote_listener_on_incoming (GSocketService * service,
    GSocketConnection * connection, GObject * source, Door * door)
{
  P2pHlsRemoteListener *self = door->listener;
  g_autoptr (GError) error = NULL;
  guint silence;

  if (!p2p_hls_remote_listener_has_room (self, connection))
    return TRUE;
  if (door->certificate == NULL
      && !p2p_hls_remote_door_is_own (connection, &error)) {
    g_warning ("refused a connection: %s", error->message);
    return TRUE;
  }
  if (door->certificate)
    p2p_hls_remote_listener_bound (self, P2P_HLS_REMOTE_GUEST_SILENT,
        P2P_HLS_REMOTE_GUEST_ASKED, P2P_HLS_REMOTE_MAX_STRANGERS);
  g_object_get (self->server, "heartbeat-timeout", &silence, NULL);
  g_hash_table_add (self->guests, p2p_hls_remote_guest_new (connection,
          door->certificate, door->token, silence, &guest_events, self));
  return TRUE;
}

/* certificate, token: (nullable) */
static GSocketListener *
p2p_hls_remote_listener_add_service (P2pHlsRemoteListener * self,
    GTlsCertificate * certificate, const char *token)
{
  GSocketService *service = g_socket_service_new ();
  Door *door = g_new0 (Door, 1);

  /* On a UNIX socket who comes when this is full is refused at once. */
  g_socket_listener_set_backlog (G_SOCKET_LISTENER (service), BACKLOG);
  door->listener = self;
  g_set_object (&door->certificate, certificate);
  door->token = g_strdup (token);
  g_signal_connect_data (service, "incoming",
      G_CALLBACK (p2p_hls_remote_listener_on_incoming), door, door_free, 0);
  g_ptr_array_add (self->services, service);
  return G_SOCKET_LISTENER (service);
}

/* A folder that is no other user's, in which no other user can put a socket. */
static gboolean
p2p_hls_remote_listener_prepare_folder (const char *path, GError ** error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  struct stat info;

  if (g_mkdir_with_parents (folder, 0700) != 0 || stat (folder, &info) != 0) {
    int why = errno;

    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (why),
        "%s: %s", folder, g_strerror (why));
    return FALSE;
  }
  if ((info.st_uid == geteuid () || info.st_uid == 0)
      && ((info.st_mode & (S_IWGRP | S_IWOTH)) == 0
          || (info.st_mode & S_ISVTX)))
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
      "%s has to be a folder that only this user can write to", folder);
  return FALSE;
}

/* Whether somebody listens at path. What nobody listens at is removed. */
static gboolean
p2p_hls_remote_listener_is_taken (GSocketAddress * address, const char *path)
{
  g_autoptr (GSocket) probe = g_socket_new (G_SOCKET_FAMILY_UNIX,
      G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);
  g_autoptr (GError) error = NULL;
  struct stat info;

  if (lstat (path, &info) != 0 || !S_ISSOCK (info.st_mode))
    return FALSE;
  if (probe)
    g_socket_set_blocking (probe, FALSE);
  if (probe == NULL || g_socket_connect (probe, address, NULL, &error)
      || !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    return TRUE;
  g_unlink (path);
  return FALSE;
}

/* Of two that begin at once, one waits here until the other listens. The lock goes
 * with the descriptor. Returns: -1: it is not to be had */
static int
p2p_hls_remote_listener_lock (const char *path)
{
  g_autofree char *name = g_strconcat (path, ".lock", NULL);
  int fd = g_open (name, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
  struct flock lock = {.l_type = F_WRLCK,.l_whence = SEEK_SET };

  while (fd >= 0 && fcntl (fd, F_SETLKW, &lock) != 0)
    if (errno != EINTR)
      break;
  return fd;
}

gboolean
p2p_hls_remote_listener_add_unix (P2pHlsRemoteListener * self,
    const char *path, GError ** error)
{
  g_autofree char *own = NULL;
  g_autoptr (GSocketAddress) address = NULL;
  gboolean good;
  int lock;

  g_return_val_if_fail (P2P_HLS_REMOTE_IS_LISTENER (self), FALSE);
  own = path ? g_strdup (path) : p2p_hls_remote_get_default_path ();
  address = p2p_hls_remote_door_new_address (own, error);
  if (address == NULL || !p2p_hls_remote_listener_prepare_folder (own, error))
    return FALSE;
  lock = p2p_hls_remote_listener_lock (own);
  if (p2p_hls_remote_listener_is_taken (address, own)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE,
        "another engine listens at %s", own);
    good = FALSE;
  } else {
    good = g_socket_listener_add_address (p2p_hls_remote_listener_add_service
        (self, NULL, NULL), address, G_SOCKET_TYPE_STREAM,
        G_SOCKET_PROTOCOL_DEFAULT, NULL, NULL, error);
    if (good) {
      g_chmod (own, 0600);
      g_ptr_array_add (self->paths, g_steal_pointer (&own));
    }
  }
  if (lock >= 0)
    g_close (lock, NULL);
  return good;
}

gboolean
p2p_hls_remote_listener_add_fd (P2pHlsRemoteListener * self, int fd,
    GError ** error)
{
  g_autoptr (GSocket) socket = NULL;
  int listens = 0;

  g_return_val_if_fail (P2P_HLS_REMOTE_IS_LISTENER (self), FALSE);
  socket = g_socket_new_from_fd (fd, error);
  if (socket == NULL)
    return FALSE;
  if (g_socket_get_family (socket) != G_SOCKET_FAMILY_UNIX
      || !g_socket_get_option (socket, SOL_SOCKET, SO_ACCEPTCONN, &listens,
          NULL) || !listens) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
        "what was handed over is no UNIX socket that listens");
    return FALSE;
  }
  return g_socket_listener_add_socket (p2p_hls_remote_listener_add_service
      (self, NULL, NULL), socket, NULL, error);
}

/* Returns: the port, or 0 with an error */
static guint16
p2p_hls_remote_listener_try_tls (P2pHlsRemoteListener * self,
    const char *host, guint16 port, GTlsCertificate * certificate,
    const char *token, GError ** error)
{
  g_autoptr (GSocketAddress) address =
      g_inet_socket_address_new_from_string (host, port);
  g_autoptr (GSocketAddress) bound = NULL;

  if (address == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
        "not a numeric address: %s", host);
  else
    g_socket_listener_add_address (p2p_hls_remote_listener_add_service (self,
            certificate, token), address, G_SOCKET_TYPE_STREAM,
        G_SOCKET_PROTOCOL_DEFAULT, NULL, &bound, error);
  return bound
      ? g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound)) : 0;
}

guint16
p2p_hls_remote_listener_add_tls (P2pHlsRemoteListener * self,
    const char *host, guint16 port, const char *certificate,
    const char *token, GError ** error)
{
  g_autoptr (GTlsCertificate) loaded = NULL;
  g_autofree char *key = NULL;
  guint16 got = 0;

  g_return_val_if_fail (P2P_HLS_REMOTE_IS_LISTENER (self), 0);
  g_return_val_if_fail (certificate != NULL && token != NULL, 0);
  if (strlen (token) < MIN_TOKEN) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
        "the token needs %d characters or more", MIN_TOKEN);
    return 0;
  }
  loaded = g_tls_certificate_new_from_file (certificate, error);
  if (loaded == NULL)
    return 0;
  g_object_get (loaded, "private-key-pem", &key, NULL);
  if (key == NULL) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
        "there is no private key in %s", certificate);
    return 0;
  }
  /* Both families, or IPv4 where there is no other. */
  if (host == NULL)
    got = p2p_hls_remote_listener_try_tls (self, "::", port, loaded, token,
        NULL);
  return got ? got : p2p_hls_remote_listener_try_tls (self,
      host ? host : "0.0.0.0", port, loaded, token, error);
}

/* --- life --- */

void
p2p_hls_remote_listener_close (P2pHlsRemoteListener * self)
{
  g_autoptr (GList) guests = NULL;

  g_return_if_fail (P2P_HLS_REMOTE_IS_LISTENER (self));
  for (guint i = 0; i < self->services->len; i++) {
    GSocketService *service = g_ptr_array_index (self->services, i);

    g_signal_handlers_disconnect_matched (service, G_SIGNAL_MATCH_FUNC, 0, 0,
        NULL, p2p_hls_remote_listener_on_incoming, NULL);
    g_socket_service_stop (service);
    g_socket_listener_close (G_SOCKET_LISTENER (service));
  }
  g_ptr_array_set_size (self->services, 0);
  for (guint i = 0; i < self->paths->len; i++)
    g_unlink (g_ptr_array_index (self->paths, i));
  g_ptr_array_set_size (self->paths, 0);
  guests = g_hash_table_get_keys (self->guests);
  for (GList * l = guests; l; l = l->next)
    p2p_hls_remote_listener_drop (self, l->data);
}

P2pHlsRemoteServer *
p2p_hls_remote_listener_get_server (P2pHlsRemoteListener * self)
{
  g_return_val_if_fail (P2P_HLS_REMOTE_IS_LISTENER (self), NULL);
  return self->server;
}

guint
p2p_hls_remote_listener_get_n_connections (P2pHlsRemoteListener * self)
{
  g_return_val_if_fail (P2P_HLS_REMOTE_IS_LISTENER (self), 0);
  return g_hash_table_size (self->guests);
}

static void
p2p_hls_remote_listener_dispose (GObject * object)
{
  P2pHlsRemoteListener *self = P2P_HLS_REMOTE_LISTENER (object);

  p2p_hls_remote_listener_close (self);
  if (self->server)
    p2p_hls_remote_server_set_removed (self->server, NULL, NULL);
  g_clear_object (&self->server);
  G_OBJECT_CLASS (p2p_hls_remote_listener_parent_class)->dispose (object);
}

static void
p2p_hls_remote_listener_finalize (GObject * object)
{
  P2pHlsRemoteListener *self = P2P_HLS_REMOTE_LISTENER (object);

  g_ptr_array_unref (self->services);
  g_ptr_array_unref (self->paths);
  g_hash_table_unref (self->guests);
  g_hash_table_unref (self->keys);
  G_OBJECT_CLASS (p2p_hls_remote_listener_parent_class)->finalize (object);
}

static void
p2p_hls_remote_listener_class_init (P2pHlsRemoteListenerClass * klass)
{
  G_OBJECT_CLASS (klass)->dispose = p2p_hls_remote_listener_dispose;
  G_OBJECT_CLASS (klass)->finalize = p2p_hls_remote_listener_finalize;
}

static void
p2p_hls_remote_listener_init (P2pHlsRemoteListener * self)
{
  self->services = g_ptr_array_new_with_free_func (g_object_unref);
  self->paths = g_ptr_array_new_with_free_func (g_free);
  self->guests = g_hash_table_new (NULL, NULL);
  self->keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

P2pHlsRemoteListener *
p2p_hls_remote_listener_new (const char *options, GError ** error)
{
  g_autoptr (P2pHlsRemoteListener) self =
      g_object_new (P2P_HLS_REMOTE_TYPE_LISTENER, NULL);

  self->server = p2p_hls_remote_server_new (options,
      p2p_hls_remote_listener_send, self, NULL, error);
  if (self->server == NULL)
    return NULL;
  p2p_hls_remote_server_set_removed (self->server,
      p2p_hls_remote_listener_removed, self);
  return g_steal_pointer (&self);
}

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The carriers: UNIX sockets and TLS, with real sockets on this machine.
 */

#include "remoteworld.h"

#include "../elements/process.h"
#include "../soup/origin.h"
#include "p2phlsremoteserverpriv.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define TOKEN "0123456789abcdef"
#define ADD "{\"type\":\"add-torrent\",\"clientKey\":\"k\",\"torrentKey\":" \
    "\"t\",\"torrentID\":\"" URL_A "\",\"options\":{}}\n"

/* Of nobody who is met here. */
static const char other_pem[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBdjCCAR2gAwIBAgIUY2k4MLbdZCy3jcDVLNC/fsduVOcwCgYIKoZIzj0EAwIw\n"
    "EDEOMAwGA1UEAwwFb3RoZXIwIBcNMjYxMTIxMTU0MjMyWhgPMjEyNjEwMjgxNTQy\n"
    "MzJaMBAxDjAMBgNVBAMMBW90aGVyMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n"
    "CujkY14cANGmj0VW9yBhcLmSp4cPWTNK8p+DZhNs/GhnBSzG1F/aYPt5+8OVTlmT\n"
    "F/StQw3ohbsZovF4LBRfYaNTMFEwHQYDVR0OBBYEFK71F/mnGL2KEZnouBEBJLG0\n"
    "1YSNMB8GA1UdIwQYMBaAFK71F/mnGL2KEZnouBEBJLG01YSNMA8GA1UdEwEB/wQF\n"
    "MAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIgZp2hbK548hN5BkDd5M+WyBX80F8JupEt\n"
    "sOxrPU9vL6QCIArF+D5+aEYTPFh4DiwWKmdKOHVgF5J4iXRzaKemdtwi\n"
    "-----END CERTIFICATE-----\n";

typedef struct
{
  char *folder;
  char *path;
  char *address;
  P2pHlsRemoteListener *listener;
} Fixture;

typedef P2pHlsRemoteConnection Connection;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Connection, g_object_unref)
     static void set_up (Fixture * self, gconstpointer options)
{
  g_autoptr (GError) error = NULL;

  fake_engine_reset ();
  self->folder = g_dir_make_tmp ("p2phls-XXXXXX", &error);
  g_assert_no_error (error);
  self->path = g_build_filename (self->folder, "below", "engine.sock", NULL);
  self->address = g_strconcat ("unix:", self->path, NULL);
  self->listener = p2p_hls_remote_listener_new (options, &error);
  g_assert_no_error (error);
  p2p_hls_remote_server_set_engine (p2p_hls_remote_listener_get_server
      (self->listener), &fake_engine_class);
  p2p_hls_remote_listener_add_unix (self->listener, self->path, &error);
  g_assert_no_error (error);
}

static void
set_up_default (Fixture * self, gconstpointer unused)
{
  set_up (self, NULL);
}

static void
remove_file (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_remove (path);
}

/* Until what() holds. */
#define WAIT(what) G_STMT_START { \
  gint64 end_ = g_get_monotonic_time () \
      + 20 * process_get_slowness () * G_TIME_SPAN_SECOND; \
  while (!(what)) { \
    g_assert_cmpint (g_get_monotonic_time (), <, end_); \
    if (!g_main_context_iteration (NULL, FALSE)) \
      g_usleep (500); \
  } } G_STMT_END

static void
tear_down (Fixture * self, gconstpointer options)
{
  g_object_unref (self->listener);
  g_assert_false (fake_engine.running);
  g_assert_false (g_file_test (self->path, G_FILE_TEST_EXISTS));
  WAIT (process_count_files ("socket:") == 0);
  remove_file (self->folder, "below/engine.sock.lock");
  remove_file (self->folder, "below");
  remove_file (self->folder, "pem");
  remove_file (self->folder, "other");
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_free (self->folder);
  g_free (self->path);
  g_free (self->address);
}

static Connection *
connect_to (const char *address, const char *token, const char *certificate)
{
  g_autoptr (GError) error = NULL;
  Connection *connection = p2p_hls_remote_connection_new (address, token,
      certificate, NULL, &error);

  g_assert_no_error (error);
  return connection;
}

/* A client that does what it likes. */
static GSocketConnection *
connect_raw (Fixture * self)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (self->path);
  g_autoptr (GError) error = NULL;
  GSocketConnection *raw = g_socket_client_connect (client,
      G_SOCKET_CONNECTABLE (address), NULL, &error);

  g_assert_no_error (error);
  g_socket_set_blocking (g_socket_connection_get_socket (raw), FALSE);
  return raw;
}

static void
say (GSocketConnection * raw, const char *text)
{
  g_assert_cmpint (g_socket_send (g_socket_connection_get_socket (raw), text,
          strlen (text), NULL, NULL), ==, strlen (text));
}

/* Whether the other end has closed it; what came before is thrown away. */
static gboolean
is_closed (GSocketConnection * raw)
{
  char buffer[65536];
  gssize size;

  do
    size = g_socket_receive (g_socket_connection_get_socket (raw), buffer,
        sizeof buffer, NULL, NULL);
  while (size > 0);
  return size == 0;
}

static guint
count_guests (Fixture * self)
{
  return p2p_hls_remote_listener_get_n_connections (self->listener);
}

static guint
count_clients (Fixture * self)
{
  guint n;

  g_object_get (p2p_hls_remote_listener_get_server (self->listener),
      "n-clients", &n, NULL);
  return n;
}

static void
on_closed (Connection * connection, GError * error, GError ** told)
{
  g_assert_null (*told);
  *told = error ? g_error_copy (error)
      : g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CLOSED, "no error");
}

/* One for both ways, as a program uses it. */
static void
test_unix (Fixture * self, gconstpointer options)
{
  g_autoptr (Connection) connection = connect_to (self->address, NULL, NULL);
  g_autoptr (GError) told = NULL;
  g_auto (RemoteAnswer) answer = { 0 };
  g_autoptr (Torrent) torrent =
      p2p_hls_remote_client_add (p2p_hls_remote_connection_get_client
      (connection), URL_A, "{\"server\":{}}", remote_answer_take, &answer);
  struct stat info;

  g_signal_connect (connection, "closed", G_CALLBACK (on_closed), &told);
  g_assert_false (p2p_hls_remote_connection_is_connected (connection));
  WAIT (fake_engine.joined == 1);
  g_assert_true (p2p_hls_remote_connection_is_connected (connection));
  g_assert_cmpint (g_stat (self->path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 0777, ==, 0600);
  fake_torrent_tell_server (fake_engine_get (0), NULL);
  WAIT (answer.calls == 1);
  g_assert_no_error (answer.error);
  g_assert_cmpstr (p2p_hls_remote_torrent_get_server_url (torrent), ==,
      "http://localhost:9876/token/");
  p2p_hls_remote_connection_close (connection);
  g_assert_error (told, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_assert_false (p2p_hls_remote_connection_is_connected (connection));
  WAIT (!fake_engine.running && count_guests (self) == 0);
}

/* A killed client leaves nothing behind, at once. */
static void
test_killed (Fixture * self, gconstpointer options)
{
  g_autoptr (GSocketConnection) raw = connect_raw (self);

  say (raw, ADD);
  WAIT (fake_engine.running);
  g_clear_object (&raw);
  WAIT (!fake_engine.running && count_guests (self) == 0);
}

/* … but who said so before gets its delay. */
static void
test_delay (Fixture * self, gconstpointer options)
{
  g_autoptr (Connection) connection = connect_to (self->address, NULL, NULL);
  P2pHlsRemoteClient *client =
      p2p_hls_remote_connection_get_client (connection);
  g_autoptr (Torrent) torrent = p2p_hls_remote_client_add (client, URL_A, NULL,
      NULL, NULL);

  WAIT (fake_engine.running);
  p2p_hls_remote_client_destroy (client, 100);
  g_clear_object (&connection);
  WAIT (count_guests (self) == 0);
  g_assert_true (fake_engine.running);
  WAIT (!fake_engine.running);
}

/* The engine goes: its clients are told, and what they wait for ends. */
static void
test_engine_gone (Fixture * self, gconstpointer options)
{
  g_autoptr (Connection) connection = connect_to (self->address, NULL, NULL);
  g_autoptr (GError) told = NULL;
  g_auto (RemoteAnswer) answer = { 0 };
  g_autoptr (Torrent) torrent =
      p2p_hls_remote_client_add (p2p_hls_remote_connection_get_client
      (connection), URL_A, "{\"server\":{}}", remote_answer_take, &answer);

  g_signal_connect (connection, "closed", G_CALLBACK (on_closed), &told);
  WAIT (fake_engine.running);
  p2p_hls_remote_listener_close (self->listener);
  WAIT (told);
  g_assert_error (told, P2P_HLS_REMOTE_ERROR, P2P_HLS_REMOTE_ERROR_CONNECTION);
  g_assert_error (answer.error, P2P_HLS_REMOTE_ERROR,
      P2P_HLS_REMOTE_ERROR_CONNECTION);
  g_assert_cmpuint (answer.calls, ==, 1);
}

static void
test_no_engine (Fixture * self, gconstpointer options)
{
  g_autofree char *nowhere = g_strconcat (self->address, "-not", NULL);
  g_autoptr (Connection) connection = connect_to (nowhere, NULL, NULL);
  g_autoptr (GError) told = NULL;

  g_signal_connect (connection, "closed", G_CALLBACK (on_closed), &told);
  WAIT (told);
  g_assert_error (told, P2P_HLS_REMOTE_ERROR, P2P_HLS_REMOTE_ERROR_CONNECTION);
}

/* Let go of while it connects. */
static void
test_dropped (Fixture * self, gconstpointer options)
{
  for (guint i = 0; i < 20; i++) {
    g_autoptr (Connection) connection = connect_to (self->address, NULL, NULL);

    for (guint j = 0; j < i; j++)
      g_main_context_iteration (NULL, FALSE);
  }
  WAIT (count_guests (self) == 0 && process_count_files ("socket:") == 1);
}

static void
test_addresses (void)
{
  static const char *const bad[] = {
    "", "unix:", "tls://", "tls://host", "tls://[::1", "http://a:1", "/tmp/x"
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (p2p_hls_remote_connection_new (bad[i], NULL, NULL, NULL,
            &error));
    g_assert_error (error, P2P_HLS_REMOTE_ERROR, P2P_HLS_REMOTE_ERROR_OPTIONS);
  }
  g_assert_null (p2p_hls_remote_connection_new ("tls://a:1", NULL,
          "/nonexistent", NULL, NULL));
  g_assert_null (p2p_hls_remote_connection_new ("unix:/x", NULL, NULL, "7",
          NULL));
}

/* Messages in pieces, several at once, and nonsense between them. */
static void
test_lines (Fixture * self, gconstpointer options)
{
  static const char text[] = "\n\n{}\nnonsense\n[1]\n\xff\xfe\n" ADD
      "{\"type\":\"heartbeat\",\"clientKey\":\"k2\"}\n";
  g_autoptr (GSocketConnection) raw = connect_raw (self);

  for (guint i = 0; i < strlen (text); i += 7) {
    g_autofree char *piece = g_strndup (text + i, 7);

    say (raw, piece);
    while (g_main_context_iteration (NULL, FALSE));
  }
  WAIT (fake_engine.running);
  WAIT (count_clients (self) == 2);
  g_assert_false (is_closed (raw));
}

/* What is no line ends the connection, and only that. */
static void
test_long_line (Fixture * self, gconstpointer options)
{
  g_autoptr (GSocketConnection) raw = connect_raw (self);
  g_autoptr (GSocketConnection) good = connect_raw (self);
  g_autofree char *piece = g_strnfill (8192, ' ');

  say (good, ADD);
  WAIT (fake_engine.running);
  for (guint i = 0; i <= P2P_HLS_REMOTE_MAX_MESSAGE / 8192; i++) {
    say (raw, piece);
    while (g_main_context_iteration (NULL, FALSE));
  }
  WAIT (is_closed (raw));
  g_assert_true (fake_engine.running);
  g_assert_false (is_closed (good));
}

/* A key is of who used it first. */
static void
test_stolen_key (Fixture * self, gconstpointer options)
{
  g_autoptr (GSocketConnection) raw = connect_raw (self);
  g_autoptr (GSocketConnection) thief = connect_raw (self);

  say (raw, ADD);
  WAIT (fake_engine.running);
  say (thief, "{\"type\":\"destroy\",\"clientKey\":\"k\"}\n"
      "{\"type\":\"heartbeat\",\"clientKey\":\"own\"}\n");
  WAIT (count_clients (self) == 2);
  g_assert_true (fake_engine.running);
  g_clear_object (&raw);
  WAIT (!fake_engine.running);
  /* It is free again. */
  say (thief, ADD);
  WAIT (fake_engine.running);
}

/* All players of a host, as one engine ends and another begins. */
static void
test_at_once (Fixture * self, gconstpointer options)
{
  g_autoptr (GPtrArray) crowd = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < 200; i++)
    g_ptr_array_add (crowd, connect_to (self->address, NULL, NULL));
  WAIT (count_guests (self) == 200);
  for (guint i = 0; i < crowd->len; i++)
    WAIT (p2p_hls_remote_connection_is_connected (crowd->pdata[i]));
}

/* Who does not read costs a bounded memory, and is closed. */
static void
test_slow_reader (Fixture * self, gconstpointer options)
{
  g_autoptr (GSocketConnection) raw = connect_raw (self);

  say (raw, ADD);
  WAIT (fake_engine.running);
  for (guint i = 0; i < 100 * 1000 && count_guests (self) > 0; i++) {
    FakeTorrent *torrent = fake_engine_get (0);

    torrent->events->download (torrent->user_data);
    if (i % 100 == 0)
      while (g_main_context_iteration (NULL, FALSE));
  }
  WAIT (!fake_engine.running);
}

/* … and updates are not what fills it. */
static void
test_updates_left_out (Fixture * self, gconstpointer options)
{
  g_autoptr (GSocketConnection) raw = connect_raw (self);
  P2pHlsRemoteServer *server =
      p2p_hls_remote_listener_get_server (self->listener);
  gint64 end;

  say (raw, ADD);
  for (guint i = 0; i < 300; i++) {
    g_autofree char *text = g_strdup_printf ("{\"type\":\"subscribe\","
        "\"clientKey\":\"k\",\"torrentKey\":\"%u\",\"torrentID\":\"" URL_A
        "\"}\n", i);

    say (raw, text);
    while (g_main_context_iteration (NULL, FALSE));
  }
  WAIT (fake_engine.running);
  g_object_set (server, "update-interval", 1, NULL);
  end = g_get_monotonic_time () + 200 * G_TIME_SPAN_MILLISECOND;
  while (g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, FALSE);
  g_object_set (server, "update-interval", 0, NULL);
  g_assert_true (fake_engine.running);
}

/* A client that hangs goes with its connection, and so does who says nothing. */
static void
test_hung (Fixture * self, gconstpointer options)
{
  g_autoptr (GSocketConnection) raw = connect_raw (self);
  g_autoptr (GSocketConnection) silent = connect_raw (self);

  say (raw, ADD);
  WAIT (fake_engine.running);
  WAIT (is_closed (raw));
  WAIT (is_closed (silent));
  g_assert_false (fake_engine.running);
}

/* A file that a killed engine left is replaced; a living one is not. */
static void
test_stale (Fixture * self, gconstpointer options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (P2pHlsRemoteListener) second = p2p_hls_remote_listener_new (NULL,
      NULL);
  g_autofree char *path = g_build_filename (self->folder, "below", "stale",
      NULL);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocket) killed = g_socket_new (G_SOCKET_FAMILY_UNIX,
      G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);

  g_assert_false (p2p_hls_remote_listener_add_unix (second, self->path,
          &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
  g_clear_error (&error);
  g_assert_true (g_socket_bind (killed, address, TRUE, NULL));
  g_clear_object (&killed);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_true (p2p_hls_remote_listener_add_unix (second, path, &error));
  g_assert_no_error (error);
  p2p_hls_remote_listener_close (second);
  remove_file (self->folder, "below/stale.lock");
}

/* No file is removed that is no socket, and no folder used that is open to others. */
static void
test_unsafe_paths (Fixture * self, gconstpointer options)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_build_filename (self->folder, "below", NULL);
  g_autofree char *file = g_build_filename (folder, "file", NULL);
  g_autofree char *path = g_build_filename (folder, "socket", NULL);

  g_assert_true (g_file_set_contents (file, "mine", -1, NULL));
  g_assert_false (p2p_hls_remote_listener_add_unix (self->listener, file,
          &error));
  g_assert_true (g_file_test (file, G_FILE_TEST_IS_REGULAR));
  g_clear_error (&error);
  g_assert_cmpint (g_chmod (folder, 0777), ==, 0);
  g_assert_false (p2p_hls_remote_listener_add_unix (self->listener, path,
          &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  g_assert_cmpint (g_chmod (folder, 0700), ==, 0);
  remove_file (self->folder, "below/file");
  remove_file (self->folder, "below/file.lock");
}

/* What is too long for a socket is no other place. */
static void
test_long_path (Fixture * self, gconstpointer options)
{
  g_autofree char *name = g_strnfill (200, 'x');
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  g_autofree char *address = g_strconcat ("unix:", path, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (p2p_hls_remote_listener_add_unix (self->listener, path,
          &error));
  g_assert_error (error, P2P_HLS_REMOTE_ERROR, P2P_HLS_REMOTE_ERROR_OPTIONS);
  g_clear_error (&error);
  g_assert_null (p2p_hls_remote_connection_new (address, NULL, NULL, NULL,
          &error));
  g_assert_error (error, P2P_HLS_REMOTE_ERROR, P2P_HLS_REMOTE_ERROR_OPTIONS);
}

/* What systemd hands over. */
static void
test_fd (Fixture * self, gconstpointer options)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (self->folder, "other", NULL);
  g_autofree char *where = g_strconcat ("unix:", path, NULL);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_UNIX,
      G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);
  g_autoptr (Connection) connection = NULL;
  g_autoptr (Torrent) torrent = NULL;
  int fd = dup (g_socket_get_fd (socket));

  g_assert_false (p2p_hls_remote_listener_add_fd (self->listener, fd, &error));
  g_clear_error (&error);
  g_assert_true (g_socket_bind (socket, address, TRUE, NULL));
  g_assert_true (g_socket_listen (socket, NULL));
  g_assert_true (p2p_hls_remote_listener_add_fd (self->listener,
          dup (g_socket_get_fd (socket)), &error));
  g_assert_no_error (error);
  connection = connect_to (where, NULL, NULL);
  torrent = p2p_hls_remote_client_add (p2p_hls_remote_connection_get_client
      (connection), URL_A, NULL, NULL, NULL);
  WAIT (fake_engine.running);
}

/* --- TLS --- */

typedef struct
{
  char *pem;
  char *address;
} Tls;

static void
tls_clear (Tls * self)
{
  g_free (self->pem);
  g_free (self->address);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Tls, tls_clear)
     static void tls_init (Tls * self, Fixture * fixture)
{
  g_autoptr (GError) error = NULL;
  guint16 port;

  self->pem = g_build_filename (fixture->folder, "pem", NULL);
  g_assert_true (g_file_set_contents (self->pem, origin_get_pem (), -1, NULL));
  port = p2p_hls_remote_listener_add_tls (fixture->listener, "127.0.0.1", 0,
      self->pem, TOKEN, &error);
  g_assert_no_error (error);
  self->address = g_strdup_printf ("tls://127.0.0.1:%u", port);
}

static void
test_tls (Fixture * self, gconstpointer options)
{
  g_auto (Tls) tls = { 0 };
  g_autoptr (Connection) connection = NULL;
  g_autoptr (Torrent) torrent = NULL;
  g_auto (RemoteAnswer) answer = { 0 };

  tls_init (&tls, self);
  connection = connect_to (tls.address, TOKEN, tls.pem);
  torrent = p2p_hls_remote_client_add (p2p_hls_remote_connection_get_client
      (connection), URL_A, NULL, remote_answer_take, &answer);
  WAIT (answer.calls == 1);
  g_assert_no_error (answer.error);
  g_assert_true (p2p_hls_remote_connection_is_connected (connection));
  p2p_hls_remote_connection_close (connection);
  WAIT (!fake_engine.running && count_guests (self) == 0);
}

/* Without the token, or with another certificate, nothing is said to anybody. */
static void
test_tls_refused (Fixture * self, gconstpointer options)
{
  g_auto (Tls) tls = { 0 };
  g_autofree char *other = g_build_filename (self->folder, "other", NULL);
  const char *tokens[] = { NULL, "", "0123456789abcdeF", TOKEN, TOKEN };
  const char *words[] = { "token", "token", "token", "another certificate",
    "nobody that this system trusts"
  };
  const char *certificates[5];

  tls_init (&tls, self);
  g_assert_true (g_file_set_contents (other, other_pem, -1, NULL));
  certificates[0] = certificates[1] = certificates[2] = tls.pem;
  certificates[3] = other;
  certificates[4] = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (tokens); i++) {
    g_autoptr (Connection) connection = connect_to (tls.address, tokens[i],
        certificates[i]);
    g_autoptr (GError) told = NULL;
    g_autoptr (Torrent) torrent =
        p2p_hls_remote_client_add (p2p_hls_remote_connection_get_client
        (connection), URL_A, NULL, NULL, NULL);

    g_signal_connect (connection, "closed", G_CALLBACK (on_closed), &told);
    WAIT (told);
    g_assert_error (told, P2P_HLS_REMOTE_ERROR, P2P_HLS_REMOTE_ERROR_REFUSED);
    g_assert_nonnull (strstr (told->message, words[i]));
  }
  WAIT (count_guests (self) == 0);
  g_assert_cmpuint (fake_engine.joined, ==, 0);
}

/* What is no TLS at all. */
static void
test_tls_garbage (Fixture * self, gconstpointer options)
{
  g_auto (Tls) tls = { 0 };
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) raw = NULL;

  tls_init (&tls, self);
  raw = g_socket_client_connect_to_host (client,
      tls.address + strlen ("tls://"), 0, NULL, NULL);
  g_assert_nonnull (raw);
  g_socket_set_blocking (g_socket_connection_get_socket (raw), FALSE);
  say (raw, ADD ADD ADD);
  WAIT (is_closed (raw));
  g_assert_cmpuint (fake_engine.joined, ==, 0);
}

/* Strangers who say nothing, or begin and then say nothing, keep nobody out. */
static void
test_tls_strangers (Fixture * self, gconstpointer begins)
{
  g_auto (Tls) tls = { 0 };
  g_autoptr (GPtrArray) raws = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (Connection) connection = NULL;
  g_autoptr (Torrent) torrent = NULL;
  gint64 begun;

  tls_init (&tls, self);
  for (guint i = 0; i < P2P_HLS_REMOTE_MAX_STRANGERS + 20; i++) {
    GSocketConnection *raw = g_socket_client_connect_to_host (client,
        tls.address + strlen ("tls://"), 0, NULL, NULL);

    g_assert_nonnull (raw);
    g_socket_set_blocking (g_socket_connection_get_socket (raw), FALSE);
    g_ptr_array_add (raws, raw);
    if (begins)
      say (raw, "\x16");
    while (g_main_context_iteration (NULL, FALSE));
  }
  WAIT (is_closed (g_ptr_array_index (raws, 19)));
  g_assert_cmpuint (count_guests (self), <=, P2P_HLS_REMOTE_MAX_STRANGERS);
  begun = g_get_monotonic_time ();
  connection = connect_to (tls.address, TOKEN, tls.pem);
  torrent = p2p_hls_remote_client_add (p2p_hls_remote_connection_get_client
      (connection), URL_A, NULL, NULL, NULL);
  WAIT (fake_engine.running);
  g_assert_cmpint (g_get_monotonic_time () - begun, <,
      5 * process_get_slowness () * G_TIME_SPAN_SECOND);
}

/* 1,000 connections, each with a stream of its own, that all end. */
static void
test_thousand (Fixture * self, gconstpointer options)
{
  g_autoptr (GPtrArray) raws = g_ptr_array_new_with_free_func (g_object_unref);
  struct rlimit limit;

  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  limit.rlim_cur = MIN (limit.rlim_max, 4096);
  if (limit.rlim_cur < 2200 || setrlimit (RLIMIT_NOFILE, &limit) != 0) {
    g_test_skip ("this process may not open 2,200 files");
    return;
  }
  for (guint i = 0; i < 1000; i++) {
    g_autofree char *text = g_strdup_printf ("{\"type\":\"add-torrent\","
        "\"clientKey\":\"%u\",\"torrentKey\":\"t\",\"torrentID\":"
        "\"http://example.com/%u.m3u8\"}\n", i, i);
    GSocketConnection *raw = connect_raw (self);

    say (raw, text);
    g_ptr_array_add (raws, raw);
    while (g_main_context_iteration (NULL, FALSE));
  }
  WAIT (fake_engine.torrents->len == 1000 && count_guests (self) == 1000);
  g_ptr_array_set_size (raws, 0);
  WAIT (!fake_engine.running && count_guests (self) == 0);
}

static void
test_tls_options (Fixture * self, gconstpointer options)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *pem = g_build_filename (self->folder, "pem", NULL);

  g_assert_cmpuint (p2p_hls_remote_listener_add_tls (self->listener, NULL, 0,
          pem, TOKEN, &error), ==, 0);
  g_assert_nonnull (error);
  g_clear_error (&error);
  /* A certificate without its key. */
  g_assert_true (g_file_set_contents (pem, other_pem, -1, NULL));
  g_assert_cmpuint (p2p_hls_remote_listener_add_tls (self->listener, NULL, 0,
          pem, TOKEN, &error), ==, 0);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_true (g_file_set_contents (pem, origin_get_pem (), -1, NULL));
  g_assert_cmpuint (p2p_hls_remote_listener_add_tls (self->listener, NULL, 0,
          pem, "short", &error), ==, 0);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_cmpuint (p2p_hls_remote_listener_add_tls (self->listener, "host", 0,
          pem, TOKEN, &error), ==, 0);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_cmpuint (p2p_hls_remote_listener_add_tls (self->listener, NULL, 0,
          pem, TOKEN, NULL), !=, 0);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*func) (Fixture * self, gconstpointer options);
    const char *options;
  } tests[] = {
    {"/remote/sockets/unix", test_unix, NULL},
    {"/remote/sockets/killed", test_killed, NULL},
    {"/remote/sockets/delay", test_delay, NULL},
    {"/remote/sockets/engine-gone", test_engine_gone, NULL},
    {"/remote/sockets/no-engine", test_no_engine, NULL},
    {"/remote/sockets/dropped", test_dropped, NULL},
    {"/remote/sockets/lines", test_lines, NULL},
    {"/remote/sockets/long-line", test_long_line, NULL},
    {"/remote/sockets/stolen-key", test_stolen_key, NULL},
    {"/remote/sockets/at-once", test_at_once, NULL},
    {"/remote/sockets/slow-reader", test_slow_reader, NULL},
    {"/remote/sockets/updates-left-out", test_updates_left_out, NULL},
    {"/remote/sockets/hung", test_hung, "{\"heartbeatTimeout\":200}"},
    {"/remote/sockets/stale", test_stale, NULL},
    {"/remote/sockets/unsafe-paths", test_unsafe_paths, NULL},
    {"/remote/sockets/long-path", test_long_path, NULL},
    {"/remote/sockets/fd", test_fd, NULL},
    {"/remote/tls/both-ways", test_tls, NULL},
    {"/remote/tls/refused", test_tls_refused, NULL},
    {"/remote/tls/garbage", test_tls_garbage, NULL},
    {"/remote/tls/options", test_tls_options, NULL},
    {"/remote/many/thousand", test_thousand, NULL},
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, tests[i].options, set_up,
        tests[i].func, tear_down);
  g_test_add ("/remote/tls/silent-strangers", Fixture, NULL, set_up,
      test_tls_strangers, tear_down);
  g_test_add ("/remote/tls/strangers-that-begin", Fixture, "begins",
      set_up_default, test_tls_strangers, tear_down);
  g_test_add_func ("/remote/sockets/addresses", test_addresses);
  return g_test_run ();
}

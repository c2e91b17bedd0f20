/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Candidates with names, and the resolver of the system in the hands of the test.
 */

#include "p2pnicelookup.h"

#include "p2pniceice.h"
#include "p2pnicesdp.h"
#include "pair.h"

#include <string.h>

/* A resolver that knows here.local, and of which others wait for an answer. */
typedef struct
{
  GResolver parent;
} Book;

typedef struct
{
  GResolverClass parent;
} BookClass;

static GPtrArray *asked;        /* names, ever */
static GQueue waiting;          /* of GTask */
static guint most_waiting;

GType book_get_type (void);
G_DEFINE_TYPE (Book, book, G_TYPE_RESOLVER)
     static gboolean on_cancelled (GCancellable * cancellable,
    gpointer user_data)
{
  GTask *task = user_data;

  if (g_queue_remove (&waiting, task)) {
    g_task_return_error_if_cancelled (task);
    g_object_unref (task);
  }
  return G_SOURCE_REMOVE;
}

static void
wait_for_answer (GTask * task)
{
  g_autoptr (GSource) source =
      g_cancellable_source_new (g_task_get_cancellable (task));

  g_task_attach_source (task, source, G_SOURCE_FUNC (on_cancelled));
  g_queue_push_tail (&waiting, task);
  most_waiting = MAX (most_waiting, waiting.length);
}

static GList *
make_list (const char *const *texts)
{
  GList *list = NULL;

  for (; *texts; texts++)
    list = g_list_append (list, g_inet_address_new_from_string (*texts));
  return list;
}

static void
free_list (gpointer list)
{
  g_resolver_free_addresses (list);
}

static void
book_lookup_async (GResolver * self, const char *name,
    GCancellable * cancellable, GAsyncReadyCallback callback,
    gpointer user_data)
{
  static const char *const here[] = { "fe80::1", "127.0.0.1", NULL };
  static const char *const nowhere[] = { "fe80::1", "224.0.0.1", NULL };
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_ptr_array_add (asked, g_strdup (name));
  if (g_str_has_prefix (name, "later")) {
    wait_for_answer (task);
    return;
  }
  if (strcmp (name, "here.local") == 0)
    g_task_return_pointer (task, make_list (here), free_list);
  else if (strcmp (name, "nowhere.local") == 0)
    g_task_return_pointer (task, make_list (nowhere), free_list);
  else
    g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND,
        "nobody knows %s", name);
  g_object_unref (task);
}

static GList *
book_lookup_finish (GResolver * self, GAsyncResult * result, GError ** error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
book_class_init (BookClass * klass)
{
  klass->parent.lookup_by_name_async = book_lookup_async;
  klass->parent.lookup_by_name_finish = book_lookup_finish;
}

static void
book_init (Book * self)
{
}

/* The first of those who wait is found, or not. */
static void
answer (const char *address)
{
  const char *texts[] = { address, NULL };
  GTask *task = g_queue_pop_head (&waiting);

  if (address)
    g_task_return_pointer (task, make_list (texts), free_list);
  else
    g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND,
        "nobody knows");
  g_object_unref (task);
}

static World *
begin (void)
{
  most_waiting = 0;
  g_ptr_array_set_size (asked, 0);
  return world_new ();
}

static guint
count_unresolved (World * world)
{
  return
      p2p_nice_connector_get_unresolved (P2P_NICE_CONNECTOR (world->connector));
}

/* Look-ups */

static guint n_found, n_not_found;

static void
on_told (const GList * addresses, gpointer user_data)
{
  *(P2pNiceLookup **) user_data = NULL;
  *(addresses ? &n_found : &n_not_found) += 1;
}

#define N_LOOKUPS 100

static void
test_bounds (void)
{
  World *world = begin ();
  P2pNiceHub *hub = p2p_nice_hub_new (&world->config, NULL);
  P2pNiceLookup *lookups[N_LOOKUPS];
  guint n = 0;

  n_found = n_not_found = 0;
  for (guint i = 0; i < N_LOOKUPS; i++) {
    lookups[i] = p2p_nice_lookup_new (hub, "later.local", on_told, &lookups[i]);
    n += lookups[i] != NULL;
  }
  g_assert_cmpuint (waiting.length, ==, P2P_NICE_LOOKUP_MAX);
  g_assert_cmpuint (n, ==, P2P_NICE_LOOKUP_MAX + P2P_NICE_LOOKUP_MAX_WAITING);
  /* One of those that run, and one of those that wait, is not needed. */
  p2p_nice_lookup_free (lookups[1]);
  p2p_nice_lookup_free (lookups[n - 1]);
  answer ("192.0.2.1");
  answer ("192.0.2.1");
  world_settle (world);
  g_assert_cmpuint (n_found, ==, 1);
  g_assert_cmpuint (waiting.length, ==, P2P_NICE_LOOKUP_MAX);
  /* The system is too slow; it is not asked for more meanwhile. */
  p2p_clock_run (hub->clock, p2p_clock_get_time (hub->clock)
      + P2P_NICE_LOOKUP_TIMEOUT);
  g_assert_cmpuint (n_not_found, ==, n - 3);
  lookups[0] = p2p_nice_lookup_new (hub, "later.local", on_told, &lookups[0]);
  g_assert_cmpuint (waiting.length, ==, P2P_NICE_LOOKUP_MAX);
  answer (NULL);
  world_settle (world);
  g_assert_cmpuint (n_not_found, ==, n - 3);
  answer (NULL), answer (NULL), answer (NULL), answer (NULL);
  world_settle (world);
  g_assert_cmpuint (n_not_found, ==, n - 2);
  g_assert_cmpuint (most_waiting, ==, P2P_NICE_LOOKUP_MAX);
  p2p_nice_hub_end (hub);
  p2p_nice_hub_unref (hub);
  world_free (world);
}

/* Connections */

static char *
put_name (const char *sdp, const char *name)
{
  g_auto (GStrv) parts = g_strsplit (sdp, " 127.0.0.1 ", -1);

  g_assert_cmpuint (g_strv_length (parts), >, 1);
  return g_strjoinv (name, parts);
}

static char *
put_here (const char *sdp)
{
  return put_name (sdp, " here.local ");
}

static char *
put_nowhere (const char *sdp)
{
  return put_name (sdp, " nowhere.local ");
}

static char *
put_later (const char *sdp)
{
  return put_name (sdp, " later.local ");
}

static void
test_found (void)
{
  World *world = begin ();
  Peer a = { 0 }, b = { 0 };

  a.edit = b.edit = put_here;
  world_start (world);
  peers_open (world, &a, &b, FALSE);
  g_assert_cmpuint (asked->len, ==, 2);
  g_assert_cmpuint (count_unresolved (world), ==, 0);
  peers_finish (world, &a, &b);
}

/* It is known late, and after the word that it was the last. */
static void
test_late (void)
{
  World *world = begin ();
  Peer a = { 0 }, b = { 0 };

  a.edit = b.edit = put_later;
  world_start (world);
  peers_start (world, &a, &b, FALSE);
  world_wait (world, waiting.length == 2);
  p2p_connection_add_candidate (a.connection, NULL);
  p2p_connection_add_candidate (b.connection, NULL);
  world_run (world, 50 * P2P_MSEC);
  g_assert_cmpuint (a.n_open + a.n_failed + b.n_open + b.n_failed, ==, 0);
  answer ("127.0.0.1");
  answer ("127.0.0.1");
  world_wait (world, a.n_open && b.n_open);
  peers_finish (world, &a, &b);
}

/* What nobody knows, or what leads nowhere, is dropped and counted. */
static void
test_not_found (void)
{
  World *world = begin ();
  Peer a = { 0 }, b = { 0 };

  a.edit = put_nowhere;
  b.edit = put_nowhere;
  world_start (world);
  peers_start (world, &a, &b, FALSE);
  world_wait (world, count_unresolved (world) == 2);
  world_run (world, 50 * P2P_MSEC);
  g_assert_cmpuint (a.n_open + b.n_open, ==, 0);
  p2p_connection_add_candidate (a.connection,
      "candidate:1 1 udp 1 unknown.local 9 typ host");
  world_wait (world, count_unresolved (world) == 3);
  peers_finish (world, &a, &b);
}

/* A thousand names, by a resolver that never answers: a few are asked for, few
 * at a time, and the connection is made meanwhile. */
static void
test_flood (void)
{
  World *world = begin ();
  Peer a = { 0 }, b = { 0 };

  world_start (world);
  peer_start (world, &b, &a, P2P_CONNECTION_ANSWER, TRUE);
  for (guint i = 0; i < 1000; i++) {
    g_autofree char *text = g_strdup_printf ("candidate:%u 1 udp 4294967295 "
        "later-%u.local 9 typ host", i, i);

    /* Some room is left for those who mean it. */
    if (i < P2P_NICE_SDP_MAX_CANDIDATES - 8)
      p2p_connection_add_candidate (b.connection, text);
  }
  peer_start (world, &a, &b, P2P_CONNECTION_OFFER, TRUE);
  world_wait (world, a.n_open && b.n_open);
  g_assert_cmpuint (asked->len, ==, P2P_NICE_LOOKUP_MAX);
  g_assert_cmpuint (most_waiting, ==, P2P_NICE_LOOKUP_MAX);
  g_assert_cmpuint (count_unresolved (world), ==,
      P2P_NICE_SDP_MAX_CANDIDATES - 8 - P2P_NICE_ICE_MAX_NAMES);
  peers_finish (world, &a, &b);
  g_assert_cmpuint (waiting.length, ==, 0);
}

/* Its answer comes to nobody: to a connection that is gone, or never, as all
 * is gone. */
static void
test_gone (void)
{
  World *world = begin ();
  Peer a = { 0 }, b = { 0 };

  a.edit = b.edit = put_later;
  world_start (world);
  peers_start (world, &a, &b, FALSE);
  world_wait (world, waiting.length == 2);
  peer_clear (&a);
  world_settle (world);
  answer ("127.0.0.1");
  world_settle (world);
  peers_finish (world, &a, &b);
  g_assert_cmpuint (waiting.length, ==, 0);
}

/* Servers */

/* Those whose names take time delay no connection. One look-up of each is enough
 * for all, but for those who come at first. */
static void
test_servers (void)
{
  World *world = begin ();
  Peer a[4] = { {0} }, b[4] = { {0} };
  guint n = 2 + 2 * P2P_NICE_LOOKUP_MAX;

  world->config.stun_server = "stun://later.example";
  world->config.turn_server = "turn://u:p@later.example";
  world_start (world);
  g_assert_cmpuint (asked->len, ==, 0);
  for (guint i = 0; i < 3; i++)
    peers_open (world, &a[i], &b[i], TRUE);
  g_assert_cmpuint (asked->len, ==, n);
  while (waiting.length > 0)
    answer ("127.0.0.1");
  world_settle (world);
  peers_open (world, &a[3], &b[3], TRUE);
  g_assert_cmpuint (asked->len, ==, n);
  for (guint i = 0; i < 4; i++) {
    peer_clear (&a[i]);
    peer_clear (&b[i]);
  }
  world_free (world);
  /* Only those are looked up that are to be asked. */
  world = begin ();
  world->config.stun_server = "stun://later.example";
  world->config.turn_server = "turn://u:p@later.example";
  world->config.policy = P2P_NICE_POLICY_LAN;
  world_start (world);
  g_assert_cmpuint (asked->len, ==, 0);
  world_free (world);
}

/* The address of IPv4, again after a time; none is as good as no server. */
static void
test_server_address (void)
{
  World *world = begin ();
  P2pNiceHub *hub;
  const char *both[] = { "2001:db8::1", "192.0.2.1", NULL };
  P2pClock *clock = world->config.clock;

  world->config.stun_server = "stun://later.example";
  world->config.turn_server = "turn://u:p@[::1]";
  hub = p2p_nice_hub_new (&world->config, NULL);
  g_assert_cmpstr (p2p_nice_lookup_get_server (hub, hub->turn), ==, "::1");
  for (guint i = 0; i < P2P_NICE_LOOKUP_MAX; i++)
    g_assert_cmpstr (p2p_nice_lookup_get_server (hub, hub->stun), ==,
        "later.example");
  g_assert_null (p2p_nice_lookup_get_server (hub, hub->stun));
  answer (NULL);
  world_settle (world);
  g_assert_null (p2p_nice_lookup_get_server (hub, hub->stun));
  g_assert_cmpuint (waiting.length, ==, 0);
  p2p_clock_run (clock, p2p_clock_get_time (clock)
      + P2P_NICE_LOOKUP_FAILED_AGE);
  g_assert_cmpstr (p2p_nice_lookup_get_server (hub, hub->stun), ==,
      "later.example");
  g_task_return_pointer (g_queue_peek_head (&waiting), make_list (both),
      free_list);
  g_object_unref (g_queue_pop_head (&waiting));
  world_settle (world);
  g_assert_cmpstr (p2p_nice_lookup_get_server (hub, hub->stun), ==,
      "192.0.2.1");
  g_assert_cmpuint (waiting.length, ==, 0);
  p2p_clock_run (clock, p2p_clock_get_time (clock) + P2P_NICE_LOOKUP_AGE);
  g_assert_cmpstr (p2p_nice_lookup_get_server (hub, hub->stun), ==,
      "192.0.2.1");
  /* It is better than none. */
  answer (NULL);
  world_settle (world);
  g_assert_cmpstr (p2p_nice_lookup_get_server (hub, hub->stun), ==,
      "192.0.2.1");
  p2p_nice_hub_end (hub);
  p2p_nice_hub_unref (hub);
  world_free (world);
}

int
main (int argc, char **argv)
{
  GResolver *book;
  int result;

  g_test_init (&argc, &argv, NULL);
  asked = g_ptr_array_new_with_free_func (g_free);
  book = g_object_new (book_get_type (), NULL);
  g_resolver_set_default (book);
  g_test_add_func ("/lookup/bounds", test_bounds);
  g_test_add_func ("/lookup/flood", test_flood);
  g_test_add_func ("/lookup/found", test_found);
  g_test_add_func ("/lookup/late", test_late);
  g_test_add_func ("/lookup/not-found", test_not_found);
  g_test_add_func ("/lookup/gone", test_gone);
  g_test_add_func ("/lookup/servers", test_servers);
  g_test_add_func ("/lookup/server-address", test_server_address);
  result = g_test_run ();
  g_object_unref (book);
  g_ptr_array_unref (asked);
  return result;
}

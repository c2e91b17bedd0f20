/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "fakefetcher.h"
#include "p2pbackoff.h"
#include "p2psncall.h"
#include "p2psnreply.h"

#define URI "http://t/heartbeat"

typedef struct
{
  P2pClock *clock;
  GRand *rand;
  FakeFetcher *fetcher;
  FakeResource *resource;
  P2pSnCall *call;
  const char *post;             /* what is sent; NULL: a GET */
  gboolean leave;
  guint n_due, n_done, n_failed;
  gsize size;                   /* of the last body */
  guint status;                 /* of the last failure */
  int code;
} World;

static void
leave (World * world)
{
  if (world->leave)
    g_clear_pointer (&world->call, p2p_sn_call_free);
}

static void
on_due (P2pSnCall * call, gpointer user_data)
{
  World *world = user_data;

  world->n_due++;
  p2p_sn_call_send (call, URI, world->post);
}

static void
on_done (P2pSnCall * call, GBytes * body, gpointer user_data)
{
  World *world = user_data;

  world->n_done++;
  world->size = g_bytes_get_size (body);
  leave (world);
}

static void
on_failed (P2pSnCall * call, guint status, const GError * error,
    gpointer user_data)
{
  World *world = user_data;

  g_assert_true (error->domain == P2P_ERROR);
  world->n_failed++;
  world->status = status;
  world->code = error->code;
  leave (world);
}

static const P2pSnCallEvents events = { on_due, on_done, on_failed };

static void
set_up (World * world, gconstpointer data)
{
  g_autoptr (P2pHttpOptions) options = p2p_http_options_new ();

  world->clock = p2p_clock_new (1);
  world->rand = g_rand_new_with_seed (1);
  world->fetcher = fake_fetcher_new (world->clock);
  world->resource = fake_fetcher_add (world->fetcher, URI, 100);
  world->call = p2p_sn_call_new (world->clock, world->rand,
      P2P_FETCHER (world->fetcher), options, &events, world);
}

static void
tear_down (World * world, gconstpointer data)
{
  g_clear_pointer (&world->call, p2p_sn_call_free);
  g_assert_cmpuint (fake_fetcher_get_n_open (world->fetcher), ==, 0);
  g_assert_cmpint (p2p_clock_get_next (world->clock), ==, P2P_NEVER);
  g_assert_finalize_object (world->fetcher);
  g_assert_finalize_object (world->clock);
  g_rand_free (world->rand);
}

static void
run_for (World * world, gint64 duration)
{
  fake_clock_run_for (world->clock, duration);
}

static void
test_done (World * world, gconstpointer data)
{
  FakeRequest *request;

  p2p_sn_call_schedule (world->call, 10 * P2P_SECOND);
  run_for (world, 10 * P2P_SECOND - 1);
  g_assert_cmpuint (world->n_due, ==, 0);
  run_for (world, P2P_SECOND);
  g_assert_cmpuint (world->n_due, ==, 1);
  g_assert_cmpuint (world->n_done, ==, 1);
  g_assert_cmpuint (world->size, ==, 100);
  g_assert_cmpint (p2p_clock_get_next (world->clock), ==, P2P_NEVER);

  world->post = "{}";
  p2p_sn_call_schedule (world->call, 0);
  run_for (world, P2P_SECOND);
  g_assert_cmpuint (world->n_done, ==, 2);
  request = fake_fetcher_get_requests (world->fetcher)->pdata[0];
  g_assert_cmpstr (request->method, ==, NULL);
  request = fake_fetcher_get_requests (world->fetcher)->pdata[1];
  g_assert_cmpstr (request->method, ==, "POST");
}

/* Later and later, but not for ever later; a success begins anew. */
static void
test_retries (World * world, gconstpointer data)
{
  gint64 began = p2p_clock_get_time (world->clock), first;

  fake_resource_fault (world->resource, FAKE_STATUS, 503, -1);
  p2p_sn_call_schedule (world->call, 0);
  run_for (world, 0);
  g_assert_cmpuint (world->n_failed, ==, 1);
  g_assert_cmpuint (world->status, ==, 503);
  g_assert_cmpint (world->code, ==, P2P_ERROR_STATUS);
  first = p2p_clock_get_next (world->clock) - began;
  g_assert_cmpint (first, >=, P2P_SN_CALL_RETRY / 2);
  g_assert_cmpint (first, <=, P2P_SN_CALL_RETRY * 3 / 2);

  run_for (world, 24 * 3600 * P2P_SECOND);
  g_assert_cmpuint (world->n_failed, >, 24 * 3600 * P2P_SECOND
      / (P2P_SN_CALL_RETRY_MAX * 3 / 2));
  g_assert_cmpuint (world->n_failed, <, 24 * 3600 * P2P_SECOND
      / P2P_SN_CALL_RETRY_MAX * 3 / 2);

  fake_resource_heal (world->resource);
  run_for (world, 2 * P2P_SN_CALL_RETRY_MAX);
  g_assert_cmpuint (world->n_done, ==, 1);
  fake_resource_fault (world->resource, FAKE_ERROR, P2P_ERROR_CONNECT, 1);
  p2p_sn_call_schedule (world->call, 0);
  run_for (world, 0);
  g_assert_cmpuint (world->status, ==, 0);
  g_assert_cmpint (world->code, ==, P2P_ERROR_CONNECT);
  run_for (world, P2P_SN_CALL_RETRY * 3 / 2);
  g_assert_cmpuint (world->n_done, ==, 2);
}

static void
test_late (World * world, gconstpointer data)
{
  world->resource->latency = P2P_SN_CALL_TIMEOUT - P2P_SECOND;
  p2p_sn_call_schedule (world->call, 0);
  run_for (world, P2P_SN_CALL_TIMEOUT);
  g_assert_cmpuint (world->n_done, ==, 1);

  fake_resource_fault (world->resource, FAKE_SILENT, 0, 1);
  fake_resource_fault (world->resource, FAKE_STALL, 10, 1);
  p2p_sn_call_schedule (world->call, 0);
  run_for (world, P2P_SN_CALL_TIMEOUT);
  g_assert_cmpuint (world->n_failed, ==, 1);
  g_assert_cmpint (world->code, ==, P2P_ERROR_TIMEOUT);
  g_assert_cmpuint (fake_fetcher_get_n_open (world->fetcher), ==, 0);
  world->resource->latency = 0;
  run_for (world, 2 * P2P_SN_CALL_RETRY + P2P_SN_CALL_TIMEOUT);
  g_assert_cmpuint (world->n_failed, ==, 2);
  run_for (world, 4 * P2P_SN_CALL_RETRY);
  g_assert_cmpuint (world->n_done, ==, 2);
  g_assert_cmpuint (world->size, ==, 100);
}

static void
test_too_large (World * world, gconstpointer data)
{
  world->resource = fake_fetcher_add (world->fetcher, URI,
      P2P_SN_REPLY_MAX_SIZE);
  p2p_sn_call_schedule (world->call, 0);
  run_for (world, 0);
  g_assert_cmpuint (world->size, ==, P2P_SN_REPLY_MAX_SIZE);

  world->resource = fake_fetcher_add (world->fetcher, URI, 1 << 26);
  p2p_sn_call_schedule (world->call, 0);
  run_for (world, 0);
  g_assert_cmpint (world->code, ==, P2P_ERROR_TOO_LARGE);
  g_assert_cmpuint (fake_fetcher_get_n_open (world->fetcher), ==, 0);
  g_assert_cmpuint (fake_fetcher_get_served (world->fetcher), <,
      3 * P2P_SN_REPLY_MAX_SIZE);
}

static void
test_cancel (World * world, gconstpointer data)
{
  world->resource->latency = P2P_SECOND;
  p2p_sn_call_schedule (world->call, 0);
  p2p_sn_call_cancel (world->call);
  run_for (world, P2P_SECOND);
  g_assert_cmpuint (world->n_due, ==, 0);
  p2p_sn_call_schedule (world->call, 0);
  run_for (world, 0);
  p2p_sn_call_cancel (world->call);
  run_for (world, 100 * P2P_SECOND);
  g_assert_cmpuint (world->n_due, ==, 1);
  g_assert_cmpuint (world->n_done + world->n_failed, ==, 0);
}

static void
test_leave_done (World * world, gconstpointer data)
{
  world->leave = TRUE;
  p2p_sn_call_schedule (world->call, 0);
  run_for (world, 100 * P2P_SECOND);
  g_assert_cmpuint (world->n_done, ==, 1);
}

static void
test_leave_failed (World * world, gconstpointer data)
{
  world->leave = TRUE;
  fake_resource_fault (world->resource, FAKE_ERROR, P2P_ERROR_CUT, 1);
  p2p_sn_call_schedule (world->call, 0);
  run_for (world, 100 * P2P_SECOND);
  g_assert_cmpuint (world->n_failed, ==, 1);
  g_assert_cmpuint (world->n_due, ==, 1);
}

static void
test_backoff (void)
{
  GRand *rand = g_rand_new_with_seed (1);
  gint64 least = G_MAXINT64, most = 0;

  for (guint i = 0; i < 1000; i++) {
    gint64 pause = p2p_backoff (rand, 100, 1000, 3);

    least = MIN (least, pause);
    most = MAX (most, pause);
    g_assert_cmpint (p2p_backoff (rand, 100, 1000, 1), >=, 50);
    g_assert_cmpint (p2p_backoff (rand, 100, 1000, 1), <=, 150);
    g_assert_cmpint (p2p_backoff (rand, 100, 1000, G_MAXUINT), >=, 500);
    g_assert_cmpint (p2p_backoff (rand, 100, 1000, G_MAXUINT), <=, 1500);
  }
  g_assert_cmpint (least, >=, 200);
  g_assert_cmpint (least, <, 220);
  g_assert_cmpint (most, <=, 600);
  g_assert_cmpint (most, >, 580);
  g_rand_free (rand);
}

static void
add (const char *path, void (*test) (World *, gconstpointer))
{
  g_test_add (path, World, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/sncall/done", test_done);
  add ("/sncall/retries", test_retries);
  add ("/sncall/late", test_late);
  add ("/sncall/too-large", test_too_large);
  add ("/sncall/cancel", test_cancel);
  add ("/sncall/leave/done", test_leave_done);
  add ("/sncall/leave/failed", test_leave_failed);
  g_test_add_func ("/sncall/backoff", test_backoff);
  return g_test_run ();
}

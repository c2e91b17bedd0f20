/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "fakechannel.h"
#include "loaderworld.h"
#include "p2psnpeer.h"
#include "p2pturns.h"

#include <string.h>

/* Several strangers ask one loader, by seed 002's protocol. */

#define PEERS 6
#define SEGMENTS 8

typedef struct
{
  Stage *stage;
  P2pNames *names;
  FakeChannel *theirs[PEERS];
  GString *log;                 /* what they got: "milliseconds peer what" */
  guint64 got;                  /* bytes of segments */
  gint64 since;
  gboolean persistent;          /* they ask again for what they do not get */
} Shop;

/* One of them, and what it asked for. */
typedef struct
{
  Shop *shop;
  guint n;
  guint sn;
} Customer;

static void
say (Customer * c, const char *event, gboolean urgent)
{
  g_autofree char *text = g_strdup_printf ("{\"event\":\"%s\",\"sn\":%u,"
      "\"urgent\":%s}", event, c->sn, urgent ? "true" : "false");

  fake_channel_send_text (c->shop->theirs[c->n], text);
}

static void
on_again (gpointer data)
{
  say (data, "REQUEST", TRUE);
}

static void
on_message (P2pChannel * channel, GBytes * bytes, gboolean text, gpointer data)
{
  Customer *c = data;
  Shop *shop = c->shop;
  P2pClock *clock = shop->stage->clock;
  gint64 now = p2p_clock_get_time (clock);
  const char *start = g_bytes_get_data (bytes, NULL);
  gboolean missing;

  if (!text) {
    shop->got += g_bytes_get_size (bytes);
    return;
  }
  missing = g_strstr_len (start, g_bytes_get_size (bytes), "NOT_FOUND") != NULL;
  if (!missing && !g_strstr_len (start, g_bytes_get_size (bytes), "PIECE"))
    return;
  g_string_append_printf (shop->log, "%u %c%s\n",
      (guint) ((now - shop->since) / P2P_MSEC), 'a' + c->n,
      missing ? " not" : "");
  if (missing && shop->persistent)
    p2p_clock_call_at (clock, now + P2P_LINK_AGAIN, on_again, c);
  if (!missing)
    say (c, "PIECE_ACK", FALSE);
  if (!missing && shop->persistent && ++c->sn < SEGMENTS)
    on_again (c);
}

static void
on_drained (P2pChannel * channel, gpointer data)
{
}

static void
on_closed (P2pChannel * channel, const GError * error, gpointer data)
{
}

/* rate: bytes a second that are given away; 0: no limit */
static Shop *
shop_new (Customer customers[PEERS], guint64 rate)
{
  static const P2pChannelEvents events = { on_message, on_drained, on_closed };
  Shop *shop = g_new0 (Shop, 1);
  Stage *s = shop->stage = stage_new (P2P_TYPE_HYBRID_LOADER, 0);

  shop->names = p2p_names_new ();
  shop->log = g_string_new (NULL);
  s->settings.max_upload_rate = rate;
  stage_apply (s);
  for (guint i = 0; i < SEGMENTS; i++)
    p2p_names_add (shop->names, stage_id (i), i, stage_uri (i));
  stage_load (s, 0, SEGMENTS - 1);
  stage_settle (s);
  g_assert_cmpuint (p2p_cache_get_count (s->cache), >=, SEGMENTS - 1);
  for (guint i = 0; i < PEERS; i++) {
    g_autofree char *id = g_strdup_printf ("peer%u", i);
    g_autoptr (P2pPeer) peer = NULL;
    FakeChannel *ours;

    customers[i] = (Customer) {
    shop, i, 0};
    fake_channel_pair (s->clock, &ours, &shop->theirs[i]);
    p2p_channel_set_events (P2P_CHANNEL (shop->theirs[i]), &events,
        &customers[i]);
    fake_channel_send_text (shop->theirs[i],
        "{\"event\":\"BITFIELD\",\"field\":[]}");
    peer = p2p_sn_peer_new (s->clock, P2P_CHANNEL (ours), shop->names, id);
    p2p_loader_add_peer (s->loader, peer);
    g_object_unref (ours);
  }
  stage_run (s, 0);
  shop->since = p2p_clock_get_time (s->clock);
  return shop;
}

static void
shop_free (Shop * shop)
{
  p2p_loader_destroy (shop->stage->loader);
  for (guint i = 0; i < PEERS; i++)
    g_object_unref (shop->theirs[i]);
  stage_free (shop->stage);
  p2p_names_unref (shop->names);
  g_string_free (shop->log, TRUE);
  g_free (shop);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Shop, shop_free);

/* who: letters, in capitals what they ask for is urgent */
static void
ask (Customer customers[PEERS], const char *who)
{
  for (; *who; who++)
    say (&customers[g_ascii_tolower (*who) - 'a'], "REQUEST",
        g_ascii_isupper (*who));
  stage_run (customers[0].shop->stage, 0);
}

static void
assert_log (Shop * shop, const char *expect)
{
  g_assert_cmpstr (shop->log->str, ==, expect);
  g_string_truncate (shop->log, 0);
}

/* Whoever needs it most, of all peers, and no faster than is allowed. */
static void
test_most_urgent_first (void)
{
  Customer customers[PEERS];
  g_autoptr (Shop) shop = shop_new (customers, 4 * STAGE_SIZE);

  ask (customers, "abcDE");
  stage_run (shop->stage, P2P_SECOND / 8);
  ask (customers, "F");
  stage_run (shop->stage, P2P_SECOND);
  assert_log (shop, "0 a\n0 c not\n0 e not\n125 f not\n250 d\n500 b\n");
  g_assert_cmpuint (shop->got, ==, 3 * STAGE_SIZE);
  g_assert_cmpuint (shop->stage->uploaded, ==, shop->got);
}

/* Without a limit nobody waits for one who is slow. */
static void
test_no_limit (void)
{
  Customer customers[PEERS];
  g_autoptr (Shop) shop = shop_new (customers, 0);

  shop->theirs[1]->other->rate = STAGE_SIZE;
  ask (customers, "aBcD");
  assert_log (shop, "0 a\n0 c\n0 d\n");
  stage_run (shop->stage, 5 * P2P_SECOND);
  g_assert_cmpuint (shop->got, ==, 4 * STAGE_SIZE);
}

/* Who is told that there is no time for it comes again, and gets all in the
 * end: at the rate that is allowed, as there is always somebody. */
static void
test_come_again (void)
{
  Customer customers[PEERS];
  g_autoptr (Shop) shop = shop_new (customers, STAGE_SIZE);
  gint64 end = shop->since;
  const guint64 all = PEERS * SEGMENTS * STAGE_SIZE;

  shop->persistent = TRUE;
  ask (customers, "ABCDEF");
  while (shop->got < all) {
    guint64 allowed;

    stage_run (shop->stage, P2P_SECOND / 10);
    end = p2p_clock_get_time (shop->stage->clock);
    allowed = (end - shop->since) * STAGE_SIZE / P2P_SECOND + STAGE_SIZE;
    g_assert_cmpuint (shop->got, <=, allowed);
    g_assert_cmpint (end, <, shop->since + 600 * P2P_SECOND);
  }
  g_assert_cmpint (end - shop->since, <=, 2 * PEERS * SEGMENTS * P2P_SECOND);
  g_assert_nonnull (strstr (shop->log->str, "not"));
}

/* One that goes away while it waits, or is sent something, takes nobody's
 * turn. */
static void
test_leave (void)
{
  Customer customers[PEERS];
  g_autoptr (Shop) shop = shop_new (customers, 4 * STAGE_SIZE);

  ask (customers, "ab");
  fake_channel_cut (shop->theirs[0]);
  fake_channel_cut (shop->theirs[1]);
  ask (customers, "cd");
  stage_run (shop->stage, P2P_SECOND);
  assert_log (shop, "0 a\n0 d not\n250 c\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/serve/most-urgent-first", test_most_urgent_first);
  g_test_add_func ("/serve/no-limit", test_no_limit);
  g_test_add_func ("/serve/come-again", test_come_again);
  g_test_add_func ("/serve/leave", test_leave);
  return g_test_run ();
}

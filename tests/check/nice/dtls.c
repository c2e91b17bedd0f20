/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Two ends in memory, with a network between that the test is.
 */

#include "p2pnicedtls.h"

#include "p2perror.h"

#include <string.h>

typedef struct
{
  P2pClock *clock;
  P2pNiceCertificate *certificate;
  SSL_CTX *context;
  P2pNiceDtls *dtls;
  GQueue out;                   /* of GBytes */
  guint n_connected, n_closed;
  GError *error;
  GByteArray *packets;
} End;

static void
on_output (const guint8 * data, gsize size, gpointer user_data)
{
  End *self = user_data;

  g_assert_cmpuint (size, <=, 1280);
  g_queue_push_tail (&self->out, g_bytes_new (data, size));
}

static void
on_connected (gpointer user_data)
{
  ((End *) user_data)->n_connected++;
}

static void
on_packet (const guint8 * data, gsize size, gpointer user_data)
{
  End *self = user_data;

  g_assert_cmpuint (self->n_connected, ==, 1);
  g_byte_array_append (self->packets, data, size);
}

static void
on_closed (const GError * error, gpointer user_data)
{
  End *self = user_data;

  self->n_closed++;
  self->error = error ? g_error_copy (error) : NULL;
}

static const P2pNiceDtlsEvents events = {
  on_output, on_connected, on_packet, on_closed,
};

static void
end_init (End * self, P2pClock * clock)
{
  memset (self, 0, sizeof *self);
  self->clock = clock;
  self->certificate = p2p_nice_certificate_new (NULL, NULL);
  self->context = p2p_nice_dtls_context_new (self->certificate);
  self->dtls = p2p_nice_dtls_new (self->context, clock, &events, self);
  self->packets = g_byte_array_new ();
}

static void
end_clear (End * self)
{
  p2p_nice_dtls_free (self->dtls);
  SSL_CTX_free (self->context);
  p2p_nice_certificate_free (self->certificate);
  g_queue_clear_full (&self->out, (GDestroyNotify) g_bytes_unref);
  g_byte_array_unref (self->packets);
  g_clear_error (&self->error);
}

static void
give (End * to, GBytes * bytes)
{
  p2p_nice_dtls_input (to->dtls, g_bytes_get_data (bytes, NULL),
      g_bytes_get_size (bytes));
}

/* Carries until both are silent. Returns: how much there was */
static guint
carry (End * a, End * b)
{
  guint n = 0;

  while (a->out.length || b->out.length) {
    End *from = a->out.length ? a : b;
    g_autoptr (GBytes) bytes = g_queue_pop_head (&from->out);

    give (from == a ? b : a, bytes);
    n++;
  }
  return n;
}

static void
shake_hands (End * client, End * server)
{
  p2p_nice_dtls_start (server->dtls, FALSE, client->certificate->fingerprint);
  p2p_nice_dtls_start (client->dtls, TRUE, server->certificate->fingerprint);
  carry (client, server);
  g_assert_cmpuint (client->n_connected, ==, 1);
  g_assert_cmpuint (server->n_connected, ==, 1);
}

static void
test_packets (void)
{
  g_autoptr (P2pClock) clock = p2p_clock_new (0);
  g_autoptr (GByteArray) joined = g_byte_array_new ();
  End a, b;
  GBytes *bytes;

  end_init (&a, clock);
  end_init (&b, clock);
  shake_hands (&a, &b);
  g_assert_cmpint (p2p_clock_get_next (clock), ==, P2P_NEVER);
  /* Many that come together, as GRO has it; more than OpenSSL reads at once. */
  for (guint i = 0; i < 50; i++) {
    guint8 packet[1172];

    memset (packet, i, sizeof packet);
    p2p_nice_dtls_send (a.dtls, packet, sizeof packet);
  }
  while ((bytes = g_queue_pop_head (&a.out))) {
    gsize size = g_bytes_get_size (bytes);

    g_assert_cmpuint (size, <=, 1172 + P2P_NICE_DTLS_OVERHEAD);
    g_byte_array_append (joined, g_bytes_get_data (bytes, NULL), size);
    g_bytes_unref (bytes);
  }
  p2p_nice_dtls_input (b.dtls, joined->data, joined->len);
  g_assert_cmpuint (b.packets->len, ==, 50 * 1172);
  for (guint i = 0; i < b.packets->len; i++)
    g_assert_cmpint (b.packets->data[i], ==, i / 1172);
  /* Once more: a replay is nothing. */
  p2p_nice_dtls_input (b.dtls, joined->data, joined->len);
  g_assert_cmpuint (b.packets->len, ==, 50 * 1172);
  p2p_nice_dtls_close (b.dtls);
  carry (&a, &b);
  g_assert_cmpuint (a.n_closed, ==, 1);
  g_assert_no_error (a.error);
  g_assert_cmpuint (b.n_closed, ==, 0);
  end_clear (&a);
  end_clear (&b);
}

/* Whatever comes first after it: to send, to read, to close. */
static void
test_rest (void)
{
  g_autoptr (P2pClock) clock = p2p_clock_new (0);
  guint8 packet[1188] = { 0 };
  End a, b;

  end_init (&a, clock);
  end_init (&b, clock);
  p2p_nice_dtls_rest (a.dtls);
  shake_hands (&a, &b);
  for (guint i = 1; i <= 3; i++) {
    p2p_nice_dtls_rest (a.dtls);
    p2p_nice_dtls_rest (b.dtls);
    p2p_nice_dtls_send (a.dtls, packet, sizeof packet);
    p2p_nice_dtls_send (a.dtls, packet, sizeof packet);
    p2p_nice_dtls_rest (a.dtls);
    g_assert_cmpuint (carry (&a, &b), ==, 2);
    g_assert_cmpuint (b.packets->len, ==, 2 * i * sizeof packet);
  }
  p2p_nice_dtls_rest (a.dtls);
  p2p_nice_dtls_rest (b.dtls);
  p2p_nice_dtls_close (a.dtls);
  carry (&a, &b);
  g_assert_cmpuint (b.n_closed, ==, 1);
  g_assert_no_error (b.error);
  p2p_nice_dtls_rest (a.dtls);
  p2p_nice_dtls_rest (b.dtls);
  end_clear (&a);
  end_clear (&b);
}

/* Rubbish before, between and after: it changes nothing. */
static void
test_garbage (void)
{
  g_autoptr (P2pClock) clock = p2p_clock_new (0);
  g_autoptr (GRand) chance = g_rand_new_with_seed (7);
  End a, b;
  guint8 rubbish[2000];

  end_init (&a, clock);
  end_init (&b, clock);
  shake_hands (&a, &b);
  for (guint i = 0; i < 5000; i++) {
    gsize size = g_rand_int_range (chance, 0, sizeof rubbish);
    gsize said = MAX (size, 13) - 13;

    for (gsize j = 0; j < size; j++)
      rubbish[j] = g_rand_int (chance);
    if (i % 2 && size > 13) {   /* a record, by its look */
      const guint8 head[] = { 20 + i % 5, 0xfe, 0xfd, 0, i % 3, 0, 0, 0, 0, 0,
        i, said >> 8, said
      };

      memcpy (rubbish, head, sizeof head);
    }
    p2p_nice_dtls_input (i % 3 ? a.dtls : b.dtls, rubbish, size);
  }
  g_assert_cmpuint (a.n_closed + b.n_closed, ==, 0);
  p2p_nice_dtls_send (a.dtls, (const guint8 *) "still", 5);
  carry (&a, &b);
  g_assert_cmpuint (b.packets->len, ==, 5);
  end_clear (&a);
  end_clear (&b);
}

/* What comes before it is known whose it must be waits, as much as is allowed. */
static void
test_early (void)
{
  g_autoptr (P2pClock) clock = p2p_clock_new (0);
  End a, b;

  end_init (&a, clock);
  end_init (&b, clock);
  p2p_nice_dtls_start (a.dtls, TRUE, b.certificate->fingerprint);
  for (guint i = 0; i < 100; i++)
    give (&b, g_queue_peek_head (&a.out));
  g_queue_clear_full (&a.out, (GDestroyNotify) g_bytes_unref);
  g_assert_cmpuint (b.out.length, ==, 0);
  p2p_nice_dtls_start (b.dtls, FALSE, a.certificate->fingerprint);
  carry (&a, &b);
  g_assert_cmpuint (a.n_connected + b.n_connected, ==, 2);
  end_clear (&a);
  end_clear (&b);
}

/* A lost flight is sent again, soon at first; in the end it is given up. */
static void
test_lost (void)
{
  g_autoptr (P2pClock) clock = p2p_clock_new (0);
  End a, b;

  end_init (&a, clock);
  end_init (&b, clock);
  p2p_nice_dtls_start (b.dtls, FALSE, a.certificate->fingerprint);
  p2p_nice_dtls_start (a.dtls, TRUE, b.certificate->fingerprint);
  g_assert_cmpuint (a.out.length, ==, 1);
  g_queue_clear_full (&a.out, (GDestroyNotify) g_bytes_unref);
  g_assert_cmpint (p2p_clock_get_next (clock), <=,
      P2P_NICE_DTLS_FIRST_TIMEOUT + 2 * P2P_MSEC);
  while (a.out.length == 0) {
    g_usleep (5000);
    p2p_clock_run (clock, p2p_clock_get_next (clock));
  }
  carry (&a, &b);
  g_assert_cmpuint (a.n_connected + b.n_connected, ==, 2);
  end_clear (&a);
  end_clear (&b);
}

/* Nothing of a stranger is handed on. */
static void
test_stranger (void)
{
  for (guint way = 0; way < 2; way++) {
    g_autoptr (P2pClock) clock = p2p_clock_new (0);
    End a, b;
    guint8 other[P2P_NICE_FINGERPRINT_SIZE] = { 1 };

    end_init (&a, clock);
    end_init (&b, clock);
    p2p_nice_dtls_start (b.dtls, FALSE, way ? other
        : a.certificate->fingerprint);
    p2p_nice_dtls_start (a.dtls, TRUE, way ? b.certificate->fingerprint
        : other);
    carry (&a, &b);
    g_assert_cmpuint (a.packets->len + b.packets->len, ==, 0);
    g_assert_cmpuint ((way ? b : a).n_connected, ==, 0);
    g_assert_cmpuint (a.n_closed, ==, 1);
    g_assert_cmpuint (b.n_closed, ==, 1);
    g_assert_error (a.error, P2P_ERROR, P2P_ERROR_PEER);
    g_assert_error (b.error, P2P_ERROR, P2P_ERROR_PEER);
    end_clear (&a);
    end_clear (&b);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dtls/packets", test_packets);
  g_test_add_func ("/dtls/rest", test_rest);
  g_test_add_func ("/dtls/garbage", test_garbage);
  g_test_add_func ("/dtls/early", test_early);
  g_test_add_func ("/dtls/lost", test_lost);
  g_test_add_func ("/dtls/stranger", test_stranger);
  return g_test_run ();
}

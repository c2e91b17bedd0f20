/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pnicedtls.h"

#include "p2perror.h"

#include <openssl/err.h>
#include <string.h>

#define RECORD_HEADER 13        /* bytes; the last two are the length */
/* What encryption adds: a nonce and a tag, or a tag. */
#define GCM_OVERHEAD 24
#define CHACHA_OVERHEAD 16
/* Of the network below, which we do not see. */
#define IP_UDP_OVERHEAD 48

/* The fastest first, then what others may have. */
#define CIPHERS "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:" \
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:" \
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"

struct _P2pNiceDtls
{
  P2pClock *clock;
  const P2pNiceDtlsEvents *events;
  gpointer user_data;

  SSL *ssl;
  guint8 fingerprint[P2P_NICE_FINGERPRINT_SIZE];
  gboolean started, connected, ended;
  gboolean resting;             /* without buffers */
  gboolean mistaken;            /* the certificate is another one */
  GQueue early;                 /* of GBytes */
  const guint8 *record;         /* that OpenSSL has not read yet */
  gsize record_size;
  guint timer;
};

/* OpenSSL's way to the network: a write is a datagram, a read the record that
 * came last. */

static int
bio_write (BIO * bio, const char *data, int size)
{
  P2pNiceDtls *self = BIO_get_data (bio);

  self->events->output ((const guint8 *) data, size, self->user_data);
  return size;
}

static int
bio_read (BIO * bio, char *data, int size)
{
  P2pNiceDtls *self = BIO_get_data (bio);
  gsize n = self->record_size;

  BIO_clear_retry_flags (bio);
  if (n == 0 || size < 0 || n > (gsize) size) {
    BIO_set_retry_read (bio);
    return -1;
  }
  memcpy (data, self->record, n);
  self->record_size = 0;
  return n;
}

static long
bio_ctrl (BIO * bio, int command, long number, void *pointer)
{
  switch (command) {
    case BIO_CTRL_FLUSH:
      return 1;
    case BIO_CTRL_DGRAM_GET_MTU_OVERHEAD:
      return IP_UDP_OVERHEAD;
    default:
      return 0;
  }
}

static BIO_METHOD *
get_bio_method (void)
{
  static BIO_METHOD *method;

  if (g_once_init_enter (&method)) {
    BIO_METHOD *made = BIO_meth_new (BIO_get_new_index ()
        | BIO_TYPE_SOURCE_SINK, "p2pnice");

    BIO_meth_set_write (made, bio_write);
    BIO_meth_set_read (made, bio_read);
    BIO_meth_set_ctrl (made, bio_ctrl);
    g_once_init_leave (&method, made);
  }
  return method;
}

static BIO *
bio_new (P2pNiceDtls * self)
{
  BIO *bio = BIO_new (get_bio_method ());

  BIO_set_data (bio, self);
  BIO_set_init (bio, 1);
  return bio;
}

/* In place of a chain of trust: the certificate is the one that was told of. */
static int
verify (X509_STORE_CTX * store, void *unused)
{
  SSL *ssl = X509_STORE_CTX_get_ex_data (store,
      SSL_get_ex_data_X509_STORE_CTX_idx ());
  P2pNiceDtls *self = SSL_get_app_data (ssl);
  X509 *x509 = X509_STORE_CTX_get0_cert (store);
  guint8 fingerprint[P2P_NICE_FINGERPRINT_SIZE];

  self->mistaken = !x509 || !p2p_nice_certificate_hash (x509, fingerprint)
      || memcmp (fingerprint, self->fingerprint, sizeof fingerprint) != 0;
  X509_STORE_CTX_set_error (store, self->mistaken
      ? X509_V_ERR_APPLICATION_VERIFICATION : X509_V_OK);
  return !self->mistaken;
}

static unsigned int
next_timeout (SSL * ssl, unsigned int last)
{
  return last == 0 ? P2P_NICE_DTLS_FIRST_TIMEOUT
      : MIN (2 * last, P2P_NICE_DTLS_MAX_TIMEOUT);
}

SSL_CTX *
p2p_nice_dtls_context_new (const P2pNiceCertificate * certificate)
{
  SSL_CTX *context = SSL_CTX_new (DTLS_method ());

  SSL_CTX_set_min_proto_version (context, DTLS1_2_VERSION);
  SSL_CTX_set_max_proto_version (context, DTLS1_2_VERSION);
  SSL_CTX_set_options (context, SSL_OP_NO_QUERY_MTU | SSL_OP_NO_TICKET
      | SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION
      | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_session_cache_mode (context, SSL_SESS_CACHE_OFF);
  /* What is sent is a packet, and not 16 KiB. */
  SSL_CTX_set_max_send_fragment (context, P2P_NICE_DTLS_MAX_PACKET);
  SSL_CTX_set_cipher_list (context, CIPHERS);
  SSL_CTX_set1_groups_list (context, "X25519:P-256");
  SSL_CTX_use_certificate (context, certificate->x509);
  SSL_CTX_use_PrivateKey (context, certificate->key);
  SSL_CTX_set_verify (context, SSL_VERIFY_PEER
      | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
  SSL_CTX_set_cert_verify_callback (context, verify, NULL);
  return context;
}

P2pNiceDtls *
p2p_nice_dtls_new (SSL_CTX * context, P2pClock * clock,
    const P2pNiceDtlsEvents * events, gpointer user_data)
{
  P2pNiceDtls *self = g_new0 (P2pNiceDtls, 1);
  BIO *bio = bio_new (self);

  self->clock = g_object_ref (clock);
  self->events = events;
  self->user_data = user_data;
  self->ssl = SSL_new (context);
  SSL_set_app_data (self->ssl, self);
  SSL_set_bio (self->ssl, bio, bio);
  DTLS_set_link_mtu (self->ssl, P2P_NICE_DTLS_MTU + IP_UDP_OVERHEAD);
  DTLS_set_timer_cb (self->ssl, next_timeout);
  return self;
}

void
p2p_nice_dtls_free (P2pNiceDtls * self)
{
  p2p_clock_cancel (self->clock, &self->timer);
  g_queue_clear_full (&self->early, (GDestroyNotify) g_bytes_unref);
  SSL_free (self->ssl);
  g_object_unref (self->clock);
  g_free (self);
}

static void
end (P2pNiceDtls * self, const GError * error)
{
  if (self->ended)
    return;
  self->ended = TRUE;
  p2p_clock_cancel (self->clock, &self->timer);
  self->events->closed (error, self->user_data);
}

static void
fail (P2pNiceDtls * self)
{
  g_autoptr (GError) error = NULL;
  const char *reason = ERR_reason_error_string (ERR_peek_error ());

  if (self->mistaken)
    g_set_error_literal (&error, P2P_ERROR, P2P_ERROR_PEER,
        "The peer's certificate is not the one it told of");
  else
    g_set_error (&error, P2P_ERROR, P2P_ERROR_PEER, "DTLS: %s",
        reason ? reason : "failed");
  ERR_clear_error ();
  end (self, error);
}

static void turn (P2pNiceDtls * self);

/* SSL_get_error() wants none left of earlier; there hardly ever is, and to look
 * is much cheaper than to clear. */
static void
forget_errors (void)
{
  if (ERR_peek_error ())
    ERR_clear_error ();
}

static void
on_timer (gpointer user_data)
{
  P2pNiceDtls *self = user_data;

  self->timer = 0;
  forget_errors ();
  if (DTLSv1_handle_timeout (self->ssl) < 0)
    fail (self);
  else
    turn (self);
}

static void
arm_timer (P2pNiceDtls * self)
{
  struct timeval left;

  p2p_clock_cancel (self->clock, &self->timer);
  if (!self->ended && DTLSv1_get_timeout (self->ssl, &left))
    self->timer = p2p_clock_call_at (self->clock,
        p2p_clock_get_time (self->clock) + left.tv_sec * P2P_SECOND
        + left.tv_usec + P2P_MSEC, on_timer, self);
}

static void
shake_hands (P2pNiceDtls * self)
{
  int result;

  forget_errors ();
  result = SSL_do_handshake (self->ssl);
  if (result == 1) {
    self->connected = TRUE;
    self->events->connected (self->user_data);
  } else if (SSL_get_error (self->ssl, result) != SSL_ERROR_WANT_READ)
    fail (self);
}

/* all: what OpenSSL kept during the handshake too, else the record that came. */
static void
read_packets (P2pNiceDtls * self, gboolean all)
{
  guint8 packet[SSL3_RT_MAX_PLAIN_LENGTH];
  int size = 0;

  do {
    forget_errors ();
    size = SSL_read (self->ssl, packet, sizeof packet);
    if (size <= 0)
      break;
    self->events->packet (packet, size, self->user_data);
  } while (!self->ended && (all || self->record_size > 0));
  if (self->ended || size > 0)
    return;
  switch (SSL_get_error (self->ssl, size)) {
    case SSL_ERROR_WANT_READ:
      break;
    case SSL_ERROR_ZERO_RETURN:
      end (self, NULL);
      break;
    default:
      fail (self);
  }
}

/* Does what can be done now. */
static void
turn (P2pNiceDtls * self)
{
  gboolean was_connected = self->connected;

  if (self->ended)
    return;
  if (!was_connected) {
    shake_hands (self);
    arm_timer (self);
  }
  if (self->connected && !self->ended)
    read_packets (self, !was_connected);
}

void
p2p_nice_dtls_start (P2pNiceDtls * self, gboolean client,
    const guint8 fingerprint[P2P_NICE_FINGERPRINT_SIZE])
{
  GBytes *bytes;

  self->started = TRUE;
  memcpy (self->fingerprint, fingerprint, sizeof self->fingerprint);
  if (client)
    SSL_set_connect_state (self->ssl);
  else
    SSL_set_accept_state (self->ssl);
  turn (self);
  while ((bytes = g_queue_pop_head (&self->early))) {
    gsize size;
    const guint8 *data = g_bytes_get_data (bytes, &size);

    p2p_nice_dtls_input (self, data, size);
    g_bytes_unref (bytes);
  }
}

/* Whether it is of a later epoch, and shorter than the nonce and the tag that it
 * must have: anybody can make one, and OpenSSL 3.5 ends the connection over it
 * where 3.0 drops it. */
static gboolean
is_too_short (P2pNiceDtls * self, const guint8 * record, gsize size)
{
  const SSL_CIPHER *cipher;

  if (size >= RECORD_HEADER + GCM_OVERHEAD || (record[3] | record[4]) == 0)
    return FALSE;
  cipher = SSL_get_current_cipher (self->ssl);
  return !cipher || SSL_CIPHER_get_cipher_nid (cipher) != NID_chacha20_poly1305
      || size < RECORD_HEADER + CHACHA_OVERHEAD;
}

void
p2p_nice_dtls_input (P2pNiceDtls * self, const guint8 * data, gsize size)
{
  if (!self->started) {
    if (self->early.length < P2P_NICE_DTLS_MAX_EARLY
        && size <= P2P_NICE_DTLS_MAX_EARLY_SIZE)
      g_queue_push_tail (&self->early, g_bytes_new (data, size));
    return;
  }
  /* Record by record, as they say their length: it may be more than OpenSSL
   * has room for. */
  while (!self->ended && size >= RECORD_HEADER) {
    gsize record = RECORD_HEADER + (data[11] << 8 | data[12]);

    if (record > size)
      return;
    if (!is_too_short (self, data, record)) {
      self->record = data;
      self->record_size = record;
      turn (self);
      self->record_size = 0;
    }
    data += record;
    size -= record;
  }
}

void
p2p_nice_dtls_rest (P2pNiceDtls * self)
{
  if (self->connected && !self->ended)
    self->resting = SSL_free_buffers (self->ssl) == 1;
}

/* OpenSSL makes them for DTLS when it reads, and takes them for there when it
 * writes. */
static void
wake (P2pNiceDtls * self)
{
  char unused;

  if (self->resting)
    SSL_peek (self->ssl, &unused, sizeof unused);
  self->resting = FALSE;
}

void
p2p_nice_dtls_send (P2pNiceDtls * self, const guint8 * data, gsize size)
{
  if (!self->connected || self->ended)
    return;
  wake (self);
  if (SSL_write (self->ssl, data, size) <= 0)
    ERR_clear_error ();
}

void
p2p_nice_dtls_close (P2pNiceDtls * self)
{
  if (!self->started || self->ended)
    return;
  self->ended = TRUE;
  p2p_clock_cancel (self->clock, &self->timer);
  ERR_clear_error ();
  if (self->connected) {
    wake (self);
    SSL_shutdown (self->ssl);
  }
  ERR_clear_error ();
}

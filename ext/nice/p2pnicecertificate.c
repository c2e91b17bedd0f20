/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pnicecertificate.h"

#include "p2perror.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>

#define SERIAL_BITS 64
/* What browsers write there too: it says nothing of who runs it. */
#define COMMON_NAME "WebRTC"

gboolean
p2p_nice_certificate_hash (X509 * x509,
    guint8 fingerprint[P2P_NICE_FINGERPRINT_SIZE])
{
  guint size = P2P_NICE_FINGERPRINT_SIZE;

  return X509_digest (x509, EVP_sha256 (), fingerprint, &size) == 1;
}

static gboolean
set_serial (X509 * x509)
{
  BIGNUM *number = BN_new ();
  gboolean done;

  done = number && BN_rand (number, SERIAL_BITS, BN_RAND_TOP_ANY,
      BN_RAND_BOTTOM_ANY)
      && BN_to_ASN1_INTEGER (number, X509_get_serialNumber (x509));
  BN_free (number);
  return done;
}

static gboolean
make (P2pNiceCertificate * self)
{
  X509_NAME *name;

  self->key = EVP_EC_gen ("P-256");
  self->x509 = X509_new ();
  if (!self->key || !self->x509)
    return FALSE;
  name = X509_get_subject_name (self->x509);
  return X509_set_version (self->x509, X509_VERSION_3)
      && set_serial (self->x509)
      && X509_NAME_add_entry_by_txt (name, "CN", MBSTRING_ASC,
      (const guchar *) COMMON_NAME, -1, -1, 0)
      && X509_set_issuer_name (self->x509, name)
      && X509_gmtime_adj (X509_getm_notBefore (self->x509), -24 * 60 * 60)
      && X509_gmtime_adj (X509_getm_notAfter (self->x509),
      P2P_NICE_CERTIFICATE_AGE)
      && X509_set_pubkey (self->x509, self->key)
      && X509_sign (self->x509, self->key, EVP_sha256 ()) > 0;
}

/* Nobody is asked for a password. */
static int
no_password (char *buffer, int size, int writing, void *user_data)
{
  return -1;
}

static gboolean
read_pem (P2pNiceCertificate * self, const char *pem)
{
  BIO *bio = BIO_new_mem_buf (pem, -1);

  if (!bio)
    return FALSE;
  self->x509 = PEM_read_bio_X509 (bio, NULL, no_password, NULL);
  BIO_free (bio);
  bio = BIO_new_mem_buf (pem, -1);
  self->key = bio ? PEM_read_bio_PrivateKey (bio, NULL, no_password, NULL)
      : NULL;
  BIO_free (bio);
  return self->x509 && self->key
      && X509_check_private_key (self->x509, self->key) == 1;
}

P2pNiceCertificate *
p2p_nice_certificate_new (const char *pem, GError ** error)
{
  g_autoptr (P2pNiceCertificate) self = g_new0 (P2pNiceCertificate, 1);
  gboolean done = pem ? read_pem (self, pem) : make (self);

  if (done && p2p_nice_certificate_hash (self->x509, self->fingerprint))
    return g_steal_pointer (&self);
  ERR_clear_error ();
  g_set_error_literal (error, P2P_ERROR, P2P_ERROR_TLS,
      pem ? "pem holds no certificate with its key"
      : "No certificate could be made");
  return NULL;
}

void
p2p_nice_certificate_free (P2pNiceCertificate * self)
{
  X509_free (self->x509);
  EVP_PKEY_free (self->key);
  g_free (self);
}

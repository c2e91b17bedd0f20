/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pnicesdp.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

G_BEGIN_DECLS

/* A certificate that is made is good from a day ago, for clocks that differ, to
 * this many seconds from now. */
#define P2P_NICE_CERTIFICATE_AGE (30 * 24 * 60 * 60)

/**
 * P2pNiceCertificate:
 *
 * Who we are to other viewers: a certificate and its key. Nobody signs it; that
 * its fingerprint stands in a description makes it ours.
 */
typedef struct
{
  X509 *x509;
  EVP_PKEY *key;
  guint8 fingerprint[P2P_NICE_FINGERPRINT_SIZE];
} P2pNiceCertificate;

/* pem: a certificate and its key, in any order; NULL: new ones, ECDSA on P-256.
 * Returns: NULL, with P2P_ERROR_TLS, if pem is not that. */
P2pNiceCertificate *p2p_nice_certificate_new (const char *pem,
    GError ** error);
void p2p_nice_certificate_free (P2pNiceCertificate * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pNiceCertificate, p2p_nice_certificate_free)

/* The SHA-256 of a certificate. Returns: FALSE if it cannot be had */
gboolean p2p_nice_certificate_hash (X509 * x509,
    guint8 fingerprint[P2P_NICE_FINGERPRINT_SIZE]);

G_END_DECLS

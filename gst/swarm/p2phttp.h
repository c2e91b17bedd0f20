/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* What is said over HTTP, without a library of HTTP: header fields, the options
 * of a request, the head of a response. */

/**
 * P2pHeaders: header fields in their order, names may repeat.
 */
typedef struct
{
  char *name;
  char *value;
} P2pHeader;

/* Returns: (transfer full) (element-type P2pHeader) */
GPtrArray *p2p_headers_new (void);
void p2p_headers_add (GPtrArray * self, const char *name, const char *value);
/* Returns: (nullable): the first value of name, any case */
const char *p2p_headers_get (GPtrArray * self, const char *name);

/**
 * P2pHttpOptions:
 *
 * How requests are to be made: the properties of souphttpsrc 1.26, whose names
 * and defaults they keep. Filled once, then shared and never changed (copy it
 * to change it), so any thread may read it. Strings may be NULL.
 */
typedef struct
{
  char *user_agent;             /* with a space at its end, the library's name
                                 * is appended; empty: only that */
  char **cookies;               /* set: only these are sent */
  GPtrArray *extra_headers;     /* of P2pHeader, or NULL */
  char *user_id, *user_pw;      /* Basic and Digest */
  char *proxy, *proxy_id, *proxy_pw;    /* proxy NULL or empty: none */
  char *origin;                 /* URI whose origin alone gets cookies, user_id
                                 * and user_pw; NULL: the request's own */
  char *ssl_ca_file;
  GObject *tls_database, *tls_interaction;      /* GTlsDatabase, … */
  gboolean ssl_strict;
  gboolean automatic_redirect;
  gboolean compress;
  gboolean keep_alive;
  gboolean iradio_mode;
  guint timeout;                /* seconds without a byte; 0: no end */
  int retries;                  /* -1: for ever */
  gdouble retry_backoff_factor; /* seconds; 0: the pauses are P2pDownload's */
  gdouble retry_backoff_max;    /* seconds */
  int log_level;                /* 0 none … 3 body */

  /*< private >*/
  gatomicrefcount refs;
} P2pHttpOptions;

/* souphttpsrc's defaults; its user agent, but with our name and version. */
#define P2P_DEFAULT_USER_AGENT "GStreamer p2phlssrc " PACKAGE_VERSION " "
#define P2P_DEFAULT_TIMEOUT 15
#define P2P_DEFAULT_RETRIES 3
#define P2P_DEFAULT_RETRY_BACKOFF_MAX 60
#define P2P_DEFAULT_LOG_LEVEL 2

/* Returns: (transfer full): the defaults */
P2pHttpOptions *p2p_http_options_new (void);
P2pHttpOptions *p2p_http_options_copy (const P2pHttpOptions * self);
/* Returns: (transfer full): proxy, TLS, user agent and time-out of self, without
 * what is for the playlist's server only */
P2pHttpOptions *p2p_http_options_copy_for_tracker (const P2pHttpOptions *
    self);
/* Whether a server would see and answer the same: compress and keep_alive,
 * retries and their pauses, timeout and log_level do not count. */
gboolean p2p_http_options_equal (const P2pHttpOptions * a,
    const P2pHttpOptions * b);
P2pHttpOptions *p2p_http_options_ref (P2pHttpOptions * self);
void p2p_http_options_unref (P2pHttpOptions * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pHttpOptions, p2p_http_options_unref)

/* The first response that is no redirect that was followed, and no challenge
 * that was answered. */
typedef struct
{
  guint status;
  char *reason;
  char *uri;                    /* that answered: after redirects */
  gboolean redirected;
  gboolean permanent;           /* every redirect was 301 or 308 */
  gint64 start;                 /* resource's byte that the body starts with */
  gint64 length;                /* bytes that follow, as they will be handed
                                 * on; -1 if not known */
  gint64 total;                 /* bytes of the whole resource; -1 */
  gboolean seekable;            /* ranges are worth trying */
  gboolean encoded;             /* a content coding was undone: offsets are not
                                 * those of the wire */
  char *validator;              /* strong ETag, else Last-Modified, or NULL */
  char *content_type;           /* with its parameters, or NULL */
  GPtrArray *request_headers;   /* of P2pHeader */
  GPtrArray *response_headers;

  /*< private >*/
  gatomicrefcount refs;
} P2pHttpHead;

P2pHttpHead *p2p_http_head_new (void);
P2pHttpHead *p2p_http_head_ref (P2pHttpHead * self);
void p2p_http_head_unref (P2pHttpHead * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pHttpHead, p2p_http_head_unref)

G_END_DECLS

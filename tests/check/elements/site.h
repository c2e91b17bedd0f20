/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * Site:
 *
 * A web server on loopback, on a port that the kernel chose, with one thread
 * for each connection. What it answers is said path by path. It knows no
 * library of HTTP, so that it can also say what no decent server does.
 */
typedef struct _Site Site;
typedef struct _SiteConnection SiteConnection;

/* A request, as it came. */
typedef struct
{
  char *method;
  char *target;                 /* as on the wire; of a proxy an absolute URI */
  char *path;                   /* of target, without its query */
  char *head;                   /* all of it, lines end in \r\n */
  guint connection;             /* 1, 2 … in the order they were made */
  guint number;                 /* 1, 2 … of those for this path */
} SiteRequest;

/* Called on the thread of the connection, which stays open after it if
 * site_close() was not called. */
typedef void (*SiteHandler) (SiteConnection * connection,
    const SiteRequest * request, gpointer user_data);

Site *site_new (void);
/* cert_pem: of certificate and key, both PEM, in one file. */
Site *site_new_tls (const char *cert_pem);
/* Has its port, but refuses all connections before site_open(). */
Site *site_new_closed (void);
void site_open (Site * self);
/* Ends all connections and threads. */
void site_free (Site * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Site, site_free)

guint16 site_get_port (Site * self);
/* Returns: (transfer full): http://127.0.0.1:port + path */
char *site_uri (Site * self, const char *path);

/* path "*": all that nothing else is said of. May be said anew at any time. */
void site_handle (Site * self, const char *path, SiteHandler handler,
    gpointer user_data);
/* A body with ranges, HEAD and an ETag; type NULL: no Content-Type. Not
 * copied. */
void site_serve (Site * self, const char *path, const char *type,
    gconstpointer data, gsize size);
void site_serve_text (Site * self, const char *path, const char *type,
    const char *text);

/* --- by handlers --- */

/* Answers in full, Content-Length included; a HEAD request gets no body.
 * headers: NULL or lines that each end in \r\n. */
void site_reply (SiteConnection * connection, const char *status,
    const char *headers, gconstpointer body, gsize size);
void site_reply_text (SiteConnection * connection, const char *status,
    const char *headers, const char *body);
/* As site_serve() does. */
void site_reply_range (SiteConnection * connection,
    const SiteRequest * request, const char *headers, gconstpointer data,
    gsize size);
/* The same; of all of it only the first bytes come, and then nothing. */
void site_reply_stalled (SiteConnection * connection,
    const SiteRequest * request, gconstpointer data, gsize size);
/* Any bytes. Returns: FALSE when the client or the origin is gone. */
gboolean site_write (SiteConnection * connection, gconstpointer data,
    gsize size);
gboolean site_print (SiteConnection * connection, const char *text);
/* Until the client closes or the origin ends: a server that is silent. */
void site_wait (SiteConnection * connection);
/* So long, or until the origin ends. */
void site_sleep (SiteConnection * connection, guint milliseconds);
/* After this request. */
void site_close (SiteConnection * connection);
Site *site_of (SiteConnection * connection);

/* Returns: (transfer full) (nullable): the value of a header field; several
 * are joined with ", ". */
char *site_request_get (const SiteRequest * request, const char *name);

/* --- the log --- */

/* Requests so far, of a path or, NULL, of all. */
guint site_count (Site * self, const char *path);
/* Returns: (transfer none) (nullable): the request number of path (NULL: of
 * all), from 1 on; 0: the last one. Lives as long as the origin. */
const SiteRequest *site_get (Site * self, const char *path,
    guint number);
/* Returns: (transfer full) (nullable): a header field of the last request for
 * path */
char *site_get_header (Site * self, const char *path, const char *name);
/* Connections made so far, and those that are open now. */
guint site_get_connections (Site * self);
guint site_get_open_connections (Site * self);
/* Waits for the count-th request for path, ten seconds at most. */
gboolean site_wait_for (Site * self, const char *path, guint count);

/* Returns: (transfer full): size bytes, each of which tells its place. */
guint8 *site_make_bytes (gsize size);

G_END_DECLS

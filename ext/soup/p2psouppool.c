/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2perror.h"
#include "p2psouppool.h"

/* Sets of options in use at once; the session used longest ago goes first. */
#define MAX_SESSIONS 8

typedef struct
{
  P2pHttpOptions *options;
  SoupSession *session;
} Entry;

/* A session may have something to say after its pool has gone. */
typedef struct
{
  P2pSoupLogFunc func;
  gpointer user_data;
} Log;

struct _P2pSoupPool
{
  GQueue entries;               /* used last first */
  SoupCookieJar *jar;           /* of all entries */
  Log *log;                     /* an rc box, or NULL */
};

static void
entry_free (Entry * entry)
{
  p2p_http_options_unref (entry->options);
  g_object_unref (entry->session);
  g_free (entry);
}

P2pSoupPool *
p2p_soup_pool_new (void)
{
  P2pSoupPool *self = g_new0 (P2pSoupPool, 1);

  g_queue_init (&self->entries);
  self->jar = soup_cookie_jar_new ();
  return self;
}

void
p2p_soup_pool_free (P2pSoupPool * self)
{
  g_queue_clear_full (&self->entries, (GDestroyNotify) entry_free);
  g_clear_pointer (&self->log, g_rc_box_release);
  g_object_unref (self->jar);
  g_free (self);
}

void
p2p_soup_pool_set_log (P2pSoupPool * self, P2pSoupLogFunc func,
    gpointer user_data)
{
  g_clear_pointer (&self->log, g_rc_box_release);
  self->log = g_rc_box_new (Log);
  self->log->func = func;
  self->log->user_data = user_data;
}

static gboolean
same (const char *a, const char *b)
{
  return g_strcmp0 (a ? a : "", b ? b : "") == 0;
}

/* A connection that was accepted without a check must never carry a request
 * that wants one, nor an answered challenge one that has no password. */
static gboolean
may_share (const P2pHttpOptions * a, const P2pHttpOptions * b)
{
  return same (a->proxy, b->proxy)
      && same (a->proxy_id, b->proxy_id) && same (a->proxy_pw, b->proxy_pw)
      && same (a->user_id, b->user_id) && same (a->user_pw, b->user_pw)
      && same (a->ssl_ca_file, b->ssl_ca_file)
      && a->tls_database == b->tls_database
      && a->tls_interaction == b->tls_interaction
      && a->ssl_strict == b->ssl_strict && a->log_level == b->log_level;
}

static void
on_log (SoupLogger * logger, SoupLoggerLogLevel level, char direction,
    const char *data, gpointer user_data)
{
  Log *log = user_data;
  g_autofree char *line = g_strdup_printf ("%c %s", direction, data);

  log->func (line, log->user_data);
}

static void
add_logger (P2pSoupPool * self, SoupSession * session, int level)
{
  g_autoptr (SoupLogger) logger = NULL;

  if (!self->log || level <= 0)
    return;
  logger = soup_logger_new (MIN (level, SOUP_LOGGER_LOG_BODY));
  soup_logger_set_printer (logger, on_log,
      g_rc_box_acquire (self->log), g_rc_box_release);
  soup_session_add_feature (session, SOUP_SESSION_FEATURE (logger));
}

static gboolean
set_tls (SoupSession * session, P2pHttpOptions * options, GError ** error)
{
  g_autoptr (GTlsDatabase) database = NULL;
  g_autoptr (GError) reason = NULL;

  if (options->tls_database) {
    soup_session_set_tls_database (session,
        G_TLS_DATABASE (options->tls_database));
  } else if (options->ssl_ca_file && *options->ssl_ca_file) {
    database = g_tls_file_database_new (options->ssl_ca_file, &reason);
    if (!database) {
      g_set_error (error, P2P_ERROR, P2P_ERROR_TLS,
          "The certificates of %s cannot be read (%s). Check ssl-ca-file.",
          options->ssl_ca_file, reason->message);
      return FALSE;
    }
    soup_session_set_tls_database (session, database);
  }
  if (options->tls_interaction)
    soup_session_set_tls_interaction (session,
        G_TLS_INTERACTION (options->tls_interaction));
  return TRUE;
}

/* Without one, the system's proxies are used, as everywhere. */
static void
set_proxy (SoupSession * session, const char *proxy)
{
  g_autoptr (GProxyResolver) resolver = NULL;
  g_autofree char *uri = NULL;

  if (!proxy || !*proxy)
    return;
  uri = strstr (proxy, "://") ? g_strdup (proxy)
      : g_strconcat ("http://", proxy, NULL);
  resolver = g_simple_proxy_resolver_new (uri, NULL);
  soup_session_set_proxy_resolver (session, resolver);
}

static SoupSession *
make_session (P2pSoupPool * self, P2pHttpOptions * options, GError ** error)
{
  g_autoptr (SoupSession) session =
      soup_session_new_with_options ("timeout", 0, "max-conns",
      P2P_SOUP_MAX_CONNS, "max-conns-per-host", P2P_SOUP_MAX_CONNS_PER_HOST,
      NULL);

  if (!set_tls (session, options, error))
    return NULL;
  set_proxy (session, options->proxy);
  soup_session_add_feature (session, SOUP_SESSION_FEATURE (self->jar));
  add_logger (self, session, options->log_level);
  return g_steal_pointer (&session);
}

SoupSession *
p2p_soup_pool_get (P2pSoupPool * self, P2pHttpOptions * options,
    GError ** error)
{
  SoupSession *session;
  Entry *entry;

  for (GList * l = self->entries.head; l; l = l->next) {
    entry = l->data;
    if (entry->options != options && !may_share (entry->options, options))
      continue;
    g_queue_unlink (&self->entries, l);
    g_queue_push_head_link (&self->entries, l);
    return g_object_ref (entry->session);
  }

  session = make_session (self, options, error);
  if (!session)
    return NULL;
  entry = g_new (Entry, 1);
  entry->options = p2p_http_options_ref (options);
  entry->session = session;
  g_queue_push_head (&self->entries, entry);
  if (self->entries.length > MAX_SESSIONS)
    entry_free (g_queue_pop_tail (&self->entries));
  return g_object_ref (session);
}

void
p2p_soup_pool_add_cookie (P2pSoupPool * self, const char *uri,
    const char *set_cookie)
{
  g_autoptr (GUri) parsed = g_uri_parse (uri, SOUP_HTTP_URI_FLAGS, NULL);

  if (parsed)
    soup_cookie_jar_set_cookie (self->jar, parsed, set_cookie);
}

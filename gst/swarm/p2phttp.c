/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2phttp.h"

static void
p2p_header_free (P2pHeader * header)
{
  g_free (header->name);
  g_free (header->value);
  g_free (header);
}

GPtrArray *
p2p_headers_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) p2p_header_free);
}

void
p2p_headers_add (GPtrArray * self, const char *name, const char *value)
{
  P2pHeader *header = g_new (P2pHeader, 1);

  header->name = g_strdup (name);
  header->value = g_strdup (value);
  g_ptr_array_add (self, header);
}

const char *
p2p_headers_get (GPtrArray * self, const char *name)
{
  for (guint i = 0; i < self->len; i++) {
    P2pHeader *header = g_ptr_array_index (self, i);

    if (g_ascii_strcasecmp (header->name, name) == 0)
      return header->value;
  }
  return NULL;
}

P2pHttpOptions *
p2p_http_options_new (void)
{
  P2pHttpOptions *self = g_new0 (P2pHttpOptions, 1);

  g_atomic_ref_count_init (&self->refs);
  self->user_agent = g_strdup (P2P_DEFAULT_USER_AGENT);
  self->proxy = g_strdup ("");
  self->ssl_strict = TRUE;
  self->automatic_redirect = TRUE;
  self->keep_alive = TRUE;
  self->iradio_mode = TRUE;
  self->timeout = P2P_DEFAULT_TIMEOUT;
  self->retries = P2P_DEFAULT_RETRIES;
  self->retry_backoff_max = P2P_DEFAULT_RETRY_BACKOFF_MAX;
  self->log_level = P2P_DEFAULT_LOG_LEVEL;
  return self;
}

P2pHttpOptions *
p2p_http_options_copy (const P2pHttpOptions * self)
{
  P2pHttpOptions *copy = g_new (P2pHttpOptions, 1);

  *copy = *self;
  g_atomic_ref_count_init (&copy->refs);
  copy->user_agent = g_strdup (self->user_agent);
  copy->cookies = g_strdupv (self->cookies);
  copy->extra_headers =
      self->extra_headers ? g_ptr_array_ref (self->extra_headers) : NULL;
  copy->user_id = g_strdup (self->user_id);
  copy->user_pw = g_strdup (self->user_pw);
  copy->proxy = g_strdup (self->proxy);
  copy->proxy_id = g_strdup (self->proxy_id);
  copy->proxy_pw = g_strdup (self->proxy_pw);
  copy->origin = g_strdup (self->origin);
  copy->ssl_ca_file = g_strdup (self->ssl_ca_file);
  copy->tls_database = self->tls_database ? g_object_ref (self->tls_database)
      : NULL;
  copy->tls_interaction = self->tls_interaction ?
      g_object_ref (self->tls_interaction) : NULL;
  return copy;
}

P2pHttpOptions *
p2p_http_options_copy_for_tracker (const P2pHttpOptions * self)
{
  P2pHttpOptions *copy = p2p_http_options_copy (self);

  g_clear_pointer (&copy->cookies, g_strfreev);
  g_clear_pointer (&copy->extra_headers, g_ptr_array_unref);
  g_clear_pointer (&copy->user_id, g_free);
  g_clear_pointer (&copy->user_pw, g_free);
  g_clear_pointer (&copy->origin, g_free);
  copy->automatic_redirect = TRUE;
  copy->keep_alive = TRUE;
  copy->iradio_mode = FALSE;
  return copy;
}

static gboolean
p2p_headers_equal (GPtrArray * a, GPtrArray * b)
{
  guint length = a ? a->len : 0;

  if (length != (b ? b->len : 0))
    return FALSE;
  for (guint i = 0; i < length; i++) {
    P2pHeader *x = g_ptr_array_index (a, i), *y = g_ptr_array_index (b, i);

    if (!g_str_equal (x->name, y->name) || !g_str_equal (x->value, y->value))
      return FALSE;
  }
  return TRUE;
}

static gboolean
p2p_cookies_equal (char **a, char **b)
{
  if (a == NULL || b == NULL)
    return a == b;
  return g_strv_equal ((const char *const *) a, (const char *const *) b);
}

gboolean
p2p_http_options_equal (const P2pHttpOptions * a, const P2pHttpOptions * b)
{
  if (a == b)
    return TRUE;
  return g_strcmp0 (a->user_agent, b->user_agent) == 0
      && p2p_cookies_equal (a->cookies, b->cookies)
      && p2p_headers_equal (a->extra_headers, b->extra_headers)
      && g_strcmp0 (a->user_id, b->user_id) == 0
      && g_strcmp0 (a->user_pw, b->user_pw) == 0
      && g_strcmp0 (a->proxy, b->proxy) == 0
      && g_strcmp0 (a->proxy_id, b->proxy_id) == 0
      && g_strcmp0 (a->proxy_pw, b->proxy_pw) == 0
      && g_strcmp0 (a->origin, b->origin) == 0
      && g_strcmp0 (a->ssl_ca_file, b->ssl_ca_file) == 0
      && a->tls_database == b->tls_database
      && a->tls_interaction == b->tls_interaction
      && a->ssl_strict == b->ssl_strict
      && a->automatic_redirect == b->automatic_redirect
      && a->iradio_mode == b->iradio_mode;
}

P2pHttpOptions *
p2p_http_options_ref (P2pHttpOptions * self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
p2p_http_options_unref (P2pHttpOptions * self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_free (self->user_agent);
  g_strfreev (self->cookies);
  g_clear_pointer (&self->extra_headers, g_ptr_array_unref);
  g_free (self->user_id);
  g_free (self->user_pw);
  g_free (self->proxy);
  g_free (self->proxy_id);
  g_free (self->proxy_pw);
  g_free (self->origin);
  g_free (self->ssl_ca_file);
  g_clear_object (&self->tls_database);
  g_clear_object (&self->tls_interaction);
  g_free (self);
}

P2pHttpHead *
p2p_http_head_new (void)
{
  P2pHttpHead *self = g_new0 (P2pHttpHead, 1);

  g_atomic_ref_count_init (&self->refs);
  self->length = -1;
  self->total = -1;
  self->request_headers = p2p_headers_new ();
  self->response_headers = p2p_headers_new ();
  return self;
}

P2pHttpHead *
p2p_http_head_ref (P2pHttpHead * self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
p2p_http_head_unref (P2pHttpHead * self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_free (self->reason);
  g_free (self->uri);
  g_free (self->validator);
  g_free (self->content_type);
  g_ptr_array_unref (self->request_headers);
  g_ptr_array_unref (self->response_headers);
  g_free (self);
}

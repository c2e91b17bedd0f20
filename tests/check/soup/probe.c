/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "probe.h"

static void
leave (Probe * self, char now)
{
  if (self->leave != now)
    return;
  self->leave = 0;
  if (self->cancel)
    p2p_fetch_cancel (self->fetch);
  else
    g_clear_object (&self->fetch);
}

static void
on_head (P2pFetch * fetch, P2pHttpHead * head, gpointer user_data)
{
  Probe *self = user_data;

  g_assert_true (fetch == self->fetch);
  g_assert_cmpuint (self->n_heads + self->n_data + self->n_done, ==, 0);
  g_assert_cmpint (p2p_clock_get_time (self->clock), >, 0);
  self->n_heads++;
  self->head = p2p_http_head_ref (head);
  if (self->pause)
    p2p_fetch_set_paused (fetch, TRUE);
  leave (self, 'h');
}

static void
on_data (P2pFetch * fetch, GBytes * bytes, gpointer user_data)
{
  Probe *self = user_data;
  gsize size = g_bytes_get_size (bytes);

  g_assert_true (fetch == self->fetch);
  g_assert_cmpuint (self->n_heads, ==, 1);
  g_assert_cmpuint (self->n_done, ==, 0);
  g_assert_cmpuint (size, >, 0);
  self->n_data++;
  self->size += size;
  self->largest = MAX (self->largest, size);
  if (!self->forget)
    g_byte_array_append (self->data, g_bytes_get_data (bytes, NULL), size);
  if (self->pause)
    p2p_fetch_set_paused (fetch, TRUE);
  leave (self, 'd');
}

static void
on_done (P2pFetch * fetch, const GError * error, gpointer user_data)
{
  Probe *self = user_data;

  g_assert_true (fetch == self->fetch);
  g_assert_cmpuint (self->n_done, ==, 0);
  self->n_done++;
  if (error) {
    g_assert_true (error->domain == P2P_ERROR);
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
    self->error = g_error_copy (error);
  }
  leave (self, 'e');
}

static const P2pFetchEvents events = { on_head, on_data, on_done };

Probe *
probe_new (void)
{
  Probe *self = g_new0 (Probe, 1);

  self->context = g_main_context_new ();
  g_main_context_push_thread_default (self->context);
  self->clock = p2p_clock_new (0);
  self->fetcher = P2P_FETCHER (p2p_soup_fetcher_new (self->clock,
          self->context));
  self->options = p2p_http_options_new ();
  self->data = g_byte_array_new ();
  return self;
}

static void
forget_results (Probe * self)
{
  g_clear_object (&self->fetch);
  g_clear_pointer (&self->head, p2p_http_head_unref);
  g_clear_error (&self->error);
  g_byte_array_set_size (self->data, 0);
  self->size = self->largest = 0;
  self->n_heads = self->n_data = self->n_done = 0;
}

void
probe_settle (Probe * self)
{
  while (g_main_context_iteration (self->context, FALSE));
}

void
probe_free (Probe * self)
{
  forget_results (self);
  g_assert_finalize_object (self->fetcher);
  probe_settle (self);
  g_assert_finalize_object (self->clock);
  p2p_http_options_unref (self->options);
  g_byte_array_unref (self->data);
  g_main_context_pop_thread_default (self->context);
  g_main_context_unref (self->context);
  g_free (self);
}

void
probe_start_full (Probe * self, const char *method, const char *uri,
    gint64 start, gint64 stop, const char *if_range)
{
  g_autoptr (P2pHttpOptions) copy = p2p_http_options_copy (self->options);
  P2pFetchRequest request = { method, uri, start, stop, if_range, copy };

  forget_results (self);
  self->fetch = p2p_fetcher_fetch (self->fetcher, &request, &events, self);
  g_assert_cmpuint (self->n_heads + self->n_data + self->n_done, ==, 0);
}

void
probe_start (Probe * self, const char *uri)
{
  probe_start_full (self, NULL, uri, 0, -1, NULL);
}

void
probe_run (Probe * self)
{
  while (self->n_done == 0)
    g_main_context_iteration (self->context, TRUE);
}

void
probe_fetch (Probe * self, const char *uri)
{
  probe_start (self, uri);
  probe_run (self);
}

const char *
probe_get_sent (Probe * self, const char *name)
{
  return p2p_headers_get (self->head->request_headers, name);
}

void
probe_assert_body (Probe * self, const char *body)
{
  g_assert_no_error (self->error);
  g_assert_cmpmem (self->data->data, self->data->len, body, strlen (body));
}

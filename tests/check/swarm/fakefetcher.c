/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "fakefetcher.h"

struct _FakeFetcher
{
  GObject parent;

  P2pClock *clock;
  GHashTable *resources;        /* URI -> FakeResource */
  GPtrArray *requests;          /* of FakeRequest */
  GPtrArray *open;              /* of FakeFetch */
  guint max_open;
  guint64 served;
};

typedef struct
{
  FakeFault fault;
  gint64 arg;
  int times;
} Fault;

#define NO_FAULT ((FakeFault) -1)

/* *INDENT-OFF* */
#define FAKE_TYPE_FETCH (fake_fetch_get_type ())
G_DECLARE_FINAL_TYPE (FakeFetch, fake_fetch, FAKE, FETCH, P2pFetch)
/* *INDENT-ON* */

struct _FakeFetch
{
  P2pFetch parent;

  FakeFetcher *fetcher;
  char *uri;
  const P2pFetchEvents *events;
  gpointer user_data;

  P2pHttpHead *head;            /* to be told; NULL: none will come */
  GBytes *body;                 /* what will come */
  gsize position;
  gsize chunk;
  guint64 rate;
  GError *error;                /* at its end */
  gboolean endless;             /* its end never comes */

  guint timer;
  gboolean told;
  gboolean paused;
  gboolean closed;
};

static void fake_fetcher_iface_init (P2pFetcherInterface * iface);

/* *INDENT-OFF* */
G_DEFINE_TYPE (FakeFetch, fake_fetch, P2P_TYPE_FETCH);
G_DEFINE_TYPE_WITH_CODE (FakeFetcher, fake_fetcher, G_TYPE_OBJECT,
    G_IMPLEMENT_INTERFACE (P2P_TYPE_FETCHER, fake_fetcher_iface_init));
/* *INDENT-ON* */

static void
fake_fetch_cancel (P2pFetch * fetch)
{
  FakeFetch *self = FAKE_FETCH (fetch);

  if (self->closed)
    return;
  self->closed = TRUE;
  g_ptr_array_remove (self->fetcher->open, self);
  p2p_clock_cancel (self->fetcher->clock, &self->timer);
}

static void fake_fetch_step (gpointer user_data);

/* Arms the timer for what comes next, size bytes from now. */
static void
fake_fetch_wait (FakeFetch * self, gsize size)
{
  gint64 when = p2p_clock_get_time (self->fetcher->clock);

  if (self->rate > 0)
    when += size * P2P_SECOND / self->rate;
  self->timer = p2p_clock_call_at (self->fetcher->clock, when, fake_fetch_step,
      self);
}

static gsize
fake_fetch_next_size (FakeFetch * self)
{
  return MIN (self->chunk, g_bytes_get_size (self->body) - self->position);
}

static void
fake_fetch_tell_data (FakeFetch * self)
{
  gsize size = fake_fetch_next_size (self);
  g_autoptr (GBytes) bytes = g_bytes_new_from_bytes (self->body,
      self->position, size);

  self->position += size;
  self->fetcher->served += size;
  self->events->data (P2P_FETCH (self), bytes, self->user_data);
}

static void
fake_fetch_step (gpointer user_data)
{
  g_autoptr (FakeFetch) self = g_object_ref (user_data);

  self->timer = 0;
  if (self->head && !self->told) {
    self->told = TRUE;
    self->events->head (P2P_FETCH (self), self->head, self->user_data);
  } else if (fake_fetch_next_size (self) > 0) {
    fake_fetch_tell_data (self);
  } else if (!self->endless) {
    fake_fetch_cancel (P2P_FETCH (self));
    self->events->done (P2P_FETCH (self), self->error, self->user_data);
  }

  if (self->closed || self->paused)
    return;
  if (fake_fetch_next_size (self) > 0 || !self->endless)
    fake_fetch_wait (self, fake_fetch_next_size (self));
}

static void
fake_fetch_set_paused (P2pFetch * fetch, gboolean paused)
{
  FakeFetch *self = FAKE_FETCH (fetch);

  self->paused = paused;
  if (self->closed || !self->told)
    return;
  p2p_clock_cancel (self->fetcher->clock, &self->timer);
  if (!paused)
    fake_fetch_wait (self, fake_fetch_next_size (self));
}

static void
fake_fetch_finalize (GObject * object)
{
  FakeFetch *self = FAKE_FETCH (object);

  fake_fetch_cancel (P2P_FETCH (self));
  g_object_unref (self->fetcher);
  g_free (self->uri);
  g_clear_pointer (&self->head, p2p_http_head_unref);
  g_bytes_unref (self->body);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (fake_fetch_parent_class)->finalize (object);
}

static void
fake_fetch_class_init (FakeFetchClass * klass)
{
  G_OBJECT_CLASS (klass)->finalize = fake_fetch_finalize;
  P2P_FETCH_CLASS (klass)->set_paused = fake_fetch_set_paused;
  P2P_FETCH_CLASS (klass)->cancel = fake_fetch_cancel;
}

static void
fake_fetch_init (FakeFetch * self)
{
  self->body = g_bytes_new_static (NULL, 0);
  self->chunk = 16 * 1024;
}

static void
fake_resource_free (FakeResource * resource)
{
  g_bytes_unref (resource->body);
  g_free (resource->validator);
  g_free (resource->content_type);
  g_free (resource->location);
  g_queue_clear_full (&resource->faults, g_free);
  g_free (resource);
}

void
fake_resource_fault (FakeResource * resource, FakeFault fault, gint64 arg,
    int times)
{
  Fault *next = g_new (Fault, 1);

  next->fault = fault;
  next->arg = arg;
  next->times = times;
  g_queue_push_tail (&resource->faults, next);
}

void
fake_resource_heal (FakeResource * resource)
{
  g_queue_clear_full (&resource->faults, g_free);
}

static FakeFault
fake_resource_next_fault (FakeResource * resource, gint64 * arg)
{
  Fault *fault = g_queue_peek_head (&resource->faults);
  FakeFault kind;

  if (!fault)
    return NO_FAULT;
  kind = fault->fault;
  *arg = fault->arg;
  if (fault->times > 0 && --fault->times == 0)
    g_free (g_queue_pop_head (&resource->faults));
  return kind;
}

static void
fake_fetch_set_body (FakeFetch * self, GBytes * body, gsize start, gsize size)
{
  g_autoptr (GBytes) old = self->body;

  self->body = g_bytes_new_from_bytes (body, start, size);
}

/* The head of a success, and the part of the body that belongs to it. */
static void
fake_fetch_answer (FakeFetch * self, const P2pFetchRequest * request,
    FakeResource * resource)
{
  gint64 total = g_bytes_get_size (resource->body);
  gboolean part = (request->start > 0 || request->stop >= 0)
      && !resource->no_ranges && !resource->encoded && (!request->if_range
      || g_strcmp0 (request->if_range, resource->validator) == 0);
  gint64 start = part ? request->start : 0;
  gint64 stop = part && request->stop >= 0 ? MIN (request->stop, total) : total;
  P2pHttpHead *head = self->head;

  if (part && start >= total) {
    head->status = 416;
    head->total = total;
    return;
  }
  head->status = part ? 206 : 200;
  head->start = start;
  if (!resource->encoded && !resource->no_length) {
    head->length = stop - start;
    head->total = total;
  }
  head->seekable = !resource->no_ranges && head->length >= 0;
  head->encoded = resource->encoded;
  head->validator = g_strdup (resource->validator);
  head->content_type = g_strdup (resource->content_type);
  if (g_strcmp0 (request->method, "HEAD") != 0)
    fake_fetch_set_body (self, resource->body, start, stop - start);
}

static void
fake_fetch_set_end (FakeFetch * self, gsize size, gboolean cut)
{
  fake_fetch_set_body (self, self->body, 0, MIN (size,
          g_bytes_get_size (self->body)));
  if (cut)
    self->error = g_error_new (P2P_ERROR, P2P_ERROR_CUT, "cut");
}

/* A server that claims too much is cut, one that claims less is believed. */
static void
fake_fetch_set_length (FakeFetch * self, gint64 length)
{
  self->head->total += length - self->head->length;
  self->head->length = length;
  fake_fetch_set_end (self, length, (gsize) length
      > g_bytes_get_size (self->body));
}

static void
fake_fetch_apply_fault (FakeFetch * self, FakeResource * resource,
    FakeFault fault, gint64 arg)
{
  switch (fault) {
    case FAKE_ERROR:
      fake_fetch_set_end (self, 0, FALSE);
      self->error = g_error_new (P2P_ERROR, arg, "fault %d", (int) arg);
      g_clear_pointer (&self->head, p2p_http_head_unref);
      break;
    case FAKE_STATUS:
      self->head->status = arg;
      if (resource->retry_after > 0) {
        g_autofree char *value = g_strdup_printf ("%u", resource->retry_after);

        p2p_headers_add (self->head->response_headers, "Retry-After", value);
      }
      break;
    case FAKE_SILENT:
      g_clear_pointer (&self->head, p2p_http_head_unref);
      self->endless = TRUE;
      break;
    case FAKE_STALL:
      fake_fetch_set_end (self, arg, FALSE);
      self->endless = TRUE;
      break;
    case FAKE_CUT:
    case FAKE_SHORT:
      fake_fetch_set_end (self, arg, fault == FAKE_CUT);
      break;
    case FAKE_LENGTH:
      if (self->head->status != 416)
        fake_fetch_set_length (self, arg);
      break;
  }
}

/* What will come of it. */
static void
fake_fetch_prepare (FakeFetch * self, const P2pFetchRequest * request,
    FakeResource * resource)
{
  FakeFault fault = NO_FAULT;
  gint64 arg = 0;

  self->head = p2p_http_head_new ();
  self->head->uri = g_strdup (resource && resource->location
      ? resource->location : request->uri);
  self->head->redirected = resource && resource->location;
  if (!resource) {
    self->head->status = 404;
    return;
  }
  fault = fake_resource_next_fault (resource, &arg);
  self->rate = resource->rate;
  self->chunk = resource->chunk;
  if (fault != FAKE_STATUS)
    fake_fetch_answer (self, request, resource);
  fake_fetch_apply_fault (self, resource, fault, arg);
}

static void
fake_request_free (FakeRequest * request)
{
  g_free (request->uri);
  g_free (request->method);
  g_free (request->if_range);
  g_free (request);
}

static void
fake_fetcher_log (FakeFetcher * self, const P2pFetchRequest * request)
{
  FakeRequest *copy = g_new (FakeRequest, 1);

  copy->uri = g_strdup (request->uri);
  copy->method = g_strdup (request->method);
  copy->start = request->start;
  copy->stop = request->stop;
  copy->if_range = g_strdup (request->if_range);
  copy->when = p2p_clock_get_time (self->clock);
  g_ptr_array_add (self->requests, copy);
}

static P2pFetch *
fake_fetcher_fetch (P2pFetcher * fetcher, const P2pFetchRequest * request,
    const P2pFetchEvents * events, gpointer user_data)
{
  FakeFetcher *self = FAKE_FETCHER (fetcher);
  FakeResource *resource = fake_fetcher_get (self, request->uri);
  FakeFetch *fetch = g_object_new (FAKE_TYPE_FETCH, NULL);

  fake_fetcher_log (self, request);
  fetch->fetcher = g_object_ref (self);
  fetch->uri = g_strdup (request->uri);
  fetch->events = events;
  fetch->user_data = user_data;
  g_ptr_array_add (self->open, fetch);
  self->max_open = MAX (self->max_open, self->open->len);

  fake_fetch_prepare (fetch, request, resource);
  if (fetch->head || !fetch->endless)
    fetch->timer = p2p_clock_call_at (self->clock,
        p2p_clock_get_time (self->clock) + (resource ? resource->latency : 0),
        fake_fetch_step, fetch);
  return P2P_FETCH (fetch);
}

static void
fake_fetcher_iface_init (P2pFetcherInterface * iface)
{
  iface->fetch = fake_fetcher_fetch;
}

static void
fake_fetcher_finalize (GObject * object)
{
  FakeFetcher *self = FAKE_FETCHER (object);

  g_object_unref (self->clock);
  g_hash_table_unref (self->resources);
  g_ptr_array_unref (self->requests);
  g_ptr_array_unref (self->open);
  G_OBJECT_CLASS (fake_fetcher_parent_class)->finalize (object);
}

static void
fake_fetcher_class_init (FakeFetcherClass * klass)
{
  G_OBJECT_CLASS (klass)->finalize = fake_fetcher_finalize;
}

static void
fake_fetcher_init (FakeFetcher * self)
{
  self->resources = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
      (GDestroyNotify) fake_resource_free);
  self->open = g_ptr_array_new ();
  self->requests =
      g_ptr_array_new_with_free_func ((GDestroyNotify) fake_request_free);
}

FakeFetcher *
fake_fetcher_new (P2pClock * clock)
{
  FakeFetcher *self = g_object_new (FAKE_TYPE_FETCHER, NULL);

  self->clock = g_object_ref (clock);
  return self;
}

FakeResource *
fake_fetcher_add (FakeFetcher * self, const char *uri, gsize size)
{
  FakeResource *resource = g_new0 (FakeResource, 1);
  guint8 *data = g_malloc (size);
  guint32 x = g_str_hash (uri);

  for (gsize i = 0; i < size; i++) {
    x = x * 1664525u + 1013904223u;
    data[i] = x >> 24;
  }
  resource->body = g_bytes_new_take (data, size);
  resource->chunk = 16 * 1024;
  g_queue_init (&resource->faults);
  g_hash_table_replace (self->resources, g_strdup (uri), resource);
  return resource;
}

void
fake_fetcher_remove (FakeFetcher * self, const char *uri)
{
  g_hash_table_remove (self->resources, uri);
}

FakeResource *
fake_fetcher_get (FakeFetcher * self, const char *uri)
{
  return g_hash_table_lookup (self->resources, uri);
}

GPtrArray *
fake_fetcher_get_requests (FakeFetcher * self)
{
  return self->requests;
}

guint
fake_fetcher_get_n_open (FakeFetcher * self)
{
  return self->open->len;
}

guint
fake_fetcher_get_max_open (FakeFetcher * self)
{
  return self->max_open;
}

static int
compare_uris (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

GPtrArray *
fake_fetcher_list_open (FakeFetcher * self)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < self->open->len; i++)
    g_ptr_array_add (list,
        g_strdup (FAKE_FETCH (g_ptr_array_index (self->open, i))->uri));
  g_ptr_array_sort (list, compare_uris);
  return list;
}

guint64
fake_fetcher_get_served (FakeFetcher * self)
{
  return self->served;
}

void
fake_clock_run_for (P2pClock * clock, gint64 duration)
{
  gint64 end = p2p_clock_get_time (clock) + duration;

  while (p2p_clock_get_next (clock) <= end)
    p2p_clock_run (clock, p2p_clock_get_next (clock));
  p2p_clock_set_time (clock, end);
}

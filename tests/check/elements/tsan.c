/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Tells ThreadSanitizer what it cannot see: GLib locks, counts references and
 * hands on calls by atomics of its own, in a library that is not instrumented.
 * To be linked into a program, where its functions go before GLib's. */

#include <dlfcn.h>
#include <glib-object.h>
#include <gst/gst.h>
#include <sanitizer/tsan_interface.h>

#define REAL(name) \
  static gpointer found; \
  __typeof__ (name) *real = g_atomic_pointer_get (&found); \
  if (G_UNLIKELY (real == NULL)) { \
    real = (__typeof__ (name) *) dlsym (RTLD_NEXT, #name); \
    g_atomic_pointer_set (&found, real); \
  }

/* Around what GLib does under locks within it, and where nothing of ours runs. */
void __tsan_ignore_thread_begin (void);
void __tsan_ignore_thread_end (void);

#pragma GCC visibility push(default)

/* A thread of a pool takes its work from a queue within GLib, and frees the
 * entry, before any function here is called. */
const char *__tsan_default_suppressions (void);

const char *
__tsan_default_suppressions (void)
{
  return "race:^g_queue_pop_tail$\n";
}

#undef g_once_init_enter
#undef g_once_init_leave

/* --- locks --- */

void
g_mutex_lock (GMutex * mutex)
{
  REAL (g_mutex_lock);
  __tsan_mutex_pre_lock (mutex, 0);
  real (mutex);
  __tsan_mutex_post_lock (mutex, 0, 0);
}

gboolean
g_mutex_trylock (GMutex * mutex)
{
  gboolean locked;

  REAL (g_mutex_trylock);
  __tsan_mutex_pre_lock (mutex, __tsan_mutex_try_lock);
  locked = real (mutex);
  __tsan_mutex_post_lock (mutex, locked ? __tsan_mutex_try_lock :
      __tsan_mutex_try_lock | __tsan_mutex_try_lock_failed, 0);
  return locked;
}

void
g_mutex_unlock (GMutex * mutex)
{
  REAL (g_mutex_unlock);
  __tsan_mutex_pre_unlock (mutex, 0);
  real (mutex);
  __tsan_mutex_post_unlock (mutex, 0);
}

void
g_cond_wait (GCond * cond, GMutex * mutex)
{
  REAL (g_cond_wait);
  __tsan_mutex_pre_unlock (mutex, 0);
  __tsan_mutex_post_unlock (mutex, 0);
  real (cond, mutex);
  __tsan_mutex_pre_lock (mutex, 0);
  __tsan_mutex_post_lock (mutex, 0, 0);
}

gboolean
g_cond_wait_until (GCond * cond, GMutex * mutex, gint64 end_time)
{
  gboolean in_time;

  REAL (g_cond_wait_until);
  __tsan_mutex_pre_unlock (mutex, 0);
  __tsan_mutex_post_unlock (mutex, 0);
  in_time = real (cond, mutex, end_time);
  __tsan_mutex_pre_lock (mutex, 0);
  __tsan_mutex_post_lock (mutex, 0, 0);
  return in_time;
}

gboolean (g_once_init_enter) (volatile void *location) {
  gboolean first;

  REAL (g_once_init_enter);
  first = real (location);
  __tsan_acquire ((void *) location);
  return first;
}

void (g_once_init_leave) (volatile void *location, gsize result)
{
  REAL (g_once_init_leave);
  __tsan_release ((void *) location);
  real (location, result);
}

/* --- what objects have tied to them: by name, under a bit of the list --- */

void
g_datalist_id_set_data_full (GData ** list, GQuark key, gpointer data,
    GDestroyNotify destroy)
{
  REAL (g_datalist_id_set_data_full);
  __tsan_ignore_thread_begin ();
  real (list, key, data, destroy);
  __tsan_ignore_thread_end ();
}

gpointer
g_datalist_id_remove_no_notify (GData ** list, GQuark key)
{
  gpointer data;

  REAL (g_datalist_id_remove_no_notify);
  __tsan_ignore_thread_begin ();
  data = real (list, key);
  __tsan_ignore_thread_end ();
  return data;
}

/* --- references: who drops the last one sees what all others did --- */

#define UNREF(name, type) \
void \
name (type object) \
{ \
  REAL (name); \
  if (object) { \
    __tsan_release ((void *) object); \
    __tsan_acquire ((void *) object); \
  } \
  real (object); \
}

/* *INDENT-OFF* */
UNREF (g_object_unref, gpointer)
UNREF (gst_object_unref, gpointer)
UNREF (g_bytes_unref, GBytes *)
UNREF (g_main_context_unref, GMainContext *)
UNREF (g_ptr_array_unref, GPtrArray *)
UNREF (gst_mini_object_unref, GstMiniObject *)
/* *INDENT-ON* */

/* It takes the source out of the context's table, too. */
void
g_source_unref (GSource * source)
{
  REAL (g_source_unref);
  __tsan_release (source);
  __tsan_acquire (source);
  __tsan_ignore_thread_begin ();
  real (source);
  __tsan_ignore_thread_end ();
}

gboolean (g_atomic_ref_count_dec) (gatomicrefcount * count) {
  gboolean last;

  REAL (g_atomic_ref_count_dec);
  __tsan_release ((void *) count);
  last = real (count);
  /* Not before it is known to be the last one: others may drop theirs meanwhile. */
  if (last)
    __tsan_acquire ((void *) count);
  return last;
}

/* --- calls on another thread --- */

typedef struct
{
  GSourceFunc func;
  gpointer data;
  GDestroyNotify notify;
} Callback;

static gboolean
on_call (gpointer user_data)
{
  Callback *self = user_data;

  __tsan_acquire (self);
  return self->func (self->data);
}

static void
on_free (gpointer user_data)
{
  Callback *self = user_data;

  __tsan_acquire (self);
  if (self->notify)
    self->notify (self->data);
  g_free (self);
}

void
g_source_set_callback (GSource * source, GSourceFunc func, gpointer data,
    GDestroyNotify notify)
{
  REAL (g_source_set_callback);
  /* Sources of other kinds call back with other arguments. */
  if (source->source_funcs == &g_idle_funcs && func) {
    Callback *self = g_new (Callback, 1);

    self->func = func;
    self->data = data;
    self->notify = notify;
    func = on_call;
    data = self;
    notify = on_free;
    __tsan_release (self);
  }
  __tsan_ignore_thread_begin ();
  real (source, func, data, notify);
  __tsan_ignore_thread_end ();
}

guint
g_source_attach (GSource * source, GMainContext * context)
{
  guint id;

  REAL (g_source_attach);
  __tsan_ignore_thread_begin ();
  id = real (source, context);
  __tsan_ignore_thread_end ();
  return id;
}

typedef struct
{
  GFunc func;
  gpointer user_data;
} Work;

static void
on_work (gpointer data, gpointer user_data)
{
  Work *self = user_data;

  __tsan_acquire (data);
  self->func (data, self->user_data);
}

/* What wraps the function lives as long as the process, as most pools do. */
GThreadPool *
g_thread_pool_new (GFunc func, gpointer user_data, gint max_threads,
    gboolean exclusive, GError ** error)
{
  Work *work = g_new (Work, 1);

  REAL (g_thread_pool_new);
  work->func = func;
  work->user_data = user_data;
  return real (on_work, work, max_threads, exclusive, error);
}

gboolean
g_thread_pool_push (GThreadPool * pool, gpointer data, GError ** error)
{
  gboolean pushed;

  REAL (g_thread_pool_push);
  __tsan_release (data);
  __tsan_ignore_thread_begin ();
  pushed = real (pool, data, error);
  __tsan_ignore_thread_end ();
  return pushed;
}

/* Threads are told to end through the queue that they wait at. */
#define TELL(name, parameters, arguments) \
void \
name parameters \
{ \
  REAL (name); \
  __tsan_ignore_thread_begin (); \
  real arguments; \
  __tsan_ignore_thread_end (); \
}

/* *INDENT-OFF* */
TELL (g_thread_pool_free,
    (GThreadPool * pool, gboolean immediate, gboolean wait_),
    (pool, immediate, wait_))
TELL (g_thread_pool_set_max_unused_threads, (gint max_threads), (max_threads))
TELL (g_thread_pool_stop_unused_threads, (void), ())
/* Whoever drops the last reference of an entry frees what the clock's thread had
 * locked. */
TELL (gst_clock_id_unref, (GstClockID id), (id))
/* *INDENT-ON* */

void
g_async_queue_push (GAsyncQueue * queue, gpointer data)
{
  REAL (g_async_queue_push);
  __tsan_release (data);
  __tsan_ignore_thread_begin ();
  real (queue, data);
  __tsan_ignore_thread_end ();
}

#define POP(name, arguments, values) \
gpointer \
name arguments \
{ \
  gpointer data; \
\
  REAL (name); \
  data = real values; \
  if (data) \
    __tsan_acquire (data); \
  return data; \
}

/* *INDENT-OFF* */
POP (g_async_queue_pop, (GAsyncQueue * queue), (queue))
POP (g_async_queue_try_pop, (GAsyncQueue * queue), (queue))
POP (g_async_queue_timeout_pop, (GAsyncQueue * queue, guint64 timeout),
    (queue, timeout))
/* *INDENT-ON* */

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "names.h"

#define TYPE_NO_NAMES (no_names_get_type ())
/* *INDENT-OFF* */
G_DECLARE_FINAL_TYPE (NoNames, no_names, NO, NAMES, GResolver)

struct _NoNames
{
  GResolver parent;
};

G_DEFINE_TYPE (NoNames, no_names, G_TYPE_RESOLVER)
/* *INDENT-ON* */

static void
no_names_lookup_async (GResolver * resolver, const char *name,
    GResolverNameLookupFlags flags, GCancellable * cancellable,
    GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (resolver, cancellable, callback,
      user_data);

  g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND,
      "no %s", name);
}

static void
no_names_lookup_plain_async (GResolver * resolver, const char *name,
    GCancellable * cancellable, GAsyncReadyCallback callback,
    gpointer user_data)
{
  no_names_lookup_async (resolver, name, G_RESOLVER_NAME_LOOKUP_FLAGS_DEFAULT,
      cancellable, callback, user_data);
}

static GList *
no_names_lookup_finish (GResolver * resolver, GAsyncResult * result,
    GError ** error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
no_names_class_init (NoNamesClass * klass)
{
  GResolverClass *resolver_class = G_RESOLVER_CLASS (klass);

  resolver_class->lookup_by_name_async = no_names_lookup_plain_async;
  resolver_class->lookup_by_name_finish = no_names_lookup_finish;
  resolver_class->lookup_by_name_with_flags_async = no_names_lookup_async;
  resolver_class->lookup_by_name_with_flags_finish = no_names_lookup_finish;
}

static void
no_names_init (NoNames * self)
{
}

void
names_forget (void)
{
  g_autoptr (GResolver) resolver = g_object_new (TYPE_NO_NAMES, NULL);

  g_resolver_set_default (resolver);
}

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pnicebatch.h"

#include <string.h>

P2pNiceBatch *
p2p_nice_batch_new (void)
{
  P2pNiceBatch *self = g_new (P2pNiceBatch, 1);

  p2p_nice_batch_clear (self);
  return self;
}

void
p2p_nice_batch_clear (P2pNiceBatch * self)
{
  self->first = self->n = 0;
  self->start = self->end = 0;
}

gboolean
p2p_nice_batch_add (P2pNiceBatch * self, const guint8 * data, gsize size)
{
  if (p2p_nice_batch_is_full (self) || size > P2P_NICE_BATCH_MTU)
    return FALSE;
  memcpy (self->data + self->end, data, size);
  self->end += size;
  self->sizes[self->n++] = size;
  return TRUE;
}

gboolean
p2p_nice_batch_is_full (const P2pNiceBatch * self)
{
  return self->n == P2P_NICE_BATCH_MAX;
}

gboolean
p2p_nice_batch_is_empty (const P2pNiceBatch * self)
{
  return self->first == self->n;
}

guint
p2p_nice_batch_get_run (const P2pNiceBatch * self, gsize * bytes)
{
  const guint16 *sizes = self->sizes + self->first;
  guint n = 1, left = self->n - self->first;

  *bytes = sizes[0];
  while (n < left && sizes[n - 1] == sizes[0] && sizes[n] <= sizes[0])
    *bytes += sizes[n++];
  return n;
}

void
p2p_nice_batch_drop (P2pNiceBatch * self, guint n)
{
  for (; n > 0; n--)
    self->start += self->sizes[self->first++];
}

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2phlsremotetypes.h"

static P2pHlsRemoteFile *
p2p_hls_remote_file_copy (P2pHlsRemoteFile * self)
{
  P2pHlsRemoteFile *copy = g_new (P2pHlsRemoteFile, 1);

  copy->name = g_strdup (self->name);
  copy->length = self->length;
  return copy;
}

static void
p2p_hls_remote_file_free (P2pHlsRemoteFile * self)
{
  g_free (self->name);
  g_free (self);
}

/* *INDENT-OFF* */
G_DEFINE_BOXED_TYPE (P2pHlsRemoteFile, p2p_hls_remote_file,
    p2p_hls_remote_file_copy, p2p_hls_remote_file_free)
/* *INDENT-ON* */

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2perror.h"

/* *INDENT-OFF* */
G_DEFINE_QUARK (p2p-error-quark, p2p_error);
/* *INDENT-ON* */

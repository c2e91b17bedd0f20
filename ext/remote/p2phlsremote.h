/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

/* All of the library p2phls-remote-1.0 */
#include "p2phlsremoteclient.h"
#include "p2phlsremoteconnection.h"
#include "p2phlsremoteerror.h"
#include "p2phlsremotelimits.h"
#include "p2phlsremotelistener.h"
#include "p2phlsremoteserver.h"
#include "p2phlsremotetorrent.h"
#include "p2phlsremotetypes.h"

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* What libFuzzer, and replay.c without it, call with one input; it aborts if
 * a property does not hold. */
int LLVMFuzzerTestOneInput (const uint8_t * data, size_t size);

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pclock.h"
#include "p2pfetcher.h"
#include "p2psouplog.h"
#include "p2psoupreach.h"

G_BEGIN_DECLS

/**
 * P2pSoupFetcher:
 *
 * HTTP by libsoup. What it holds for the requests to come (connections, cookies,
 * answered challenges) is its own: one for each session keeps them apart.
 *
 * It speaks HTTP/1.1 only: libsoup 3.2 takes in an HTTP/2 body as fast as it
 * comes, so that a paused fetch would fill the memory.
 */
#define P2P_TYPE_SOUP_FETCHER (p2p_soup_fetcher_get_type ())
G_DECLARE_FINAL_TYPE (P2pSoupFetcher, p2p_soup_fetcher, P2P, SOUP_FETCHER,
    GObject)

/* context: the engine thread's. It has to be the thread's default one
 * (g_main_context_push_thread_default()) whenever the fetcher is used, which is
 * for that thread's main function to see to. After the last unref the context
 * has to run a little more, until its connections are closed. */
P2pSoupFetcher *p2p_soup_fetcher_new (P2pClock * clock,
    GMainContext * context);

/* Before the first request. Nothing is put together for a log that nobody
 * reads. */
void p2p_soup_fetcher_set_log (P2pSoupFetcher * self, P2pSoupLogFunc func,
    gpointer user_data);

/* Which networks it may get to; all, unless that is guarded. */
P2pSoupReach *p2p_soup_fetcher_get_reach (P2pSoupFetcher * self);

/* Of requests from here on, as if uri had answered with the header Set-Cookie:
 * for one that somebody else asked. */
void p2p_soup_fetcher_add_cookie (P2pSoupFetcher * self, const char *uri,
    const char *set_cookie);

G_END_DECLS

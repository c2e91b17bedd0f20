/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2psncall.h"

#include <string.h>

#include "p2pbackoff.h"
#include "p2perror.h"
#include "p2psnreply.h"

/* As browsers send it, so that they need not ask whether they may. */
#define BODY_TYPE "text/plain;charset=UTF-8"

struct _P2pSnCall
{
  P2pClock *clock;
  GRand *rand;
  P2pFetcher *fetcher;
  P2pHttpOptions *options;
  const P2pSnCallEvents *events;
  gpointer user_data;

  guint timer;                  /* until due, or the time-out */
  P2pFetch *fetch;
  guint status;
  GByteArray *body;
  guint failures;               /* in a row */
};

void
p2p_sn_call_cancel (P2pSnCall * self)
{
  p2p_clock_cancel (self->clock, &self->timer);
  if (self->fetch)
    p2p_fetch_cancel (self->fetch);
  g_clear_object (&self->fetch);
  g_byte_array_set_size (self->body, 0);
  self->status = 0;
}

static void
p2p_sn_call_on_due (gpointer user_data)
{
  P2pSnCall *self = user_data;

  self->timer = 0;
  self->events->due (self, self->user_data);
}

void
p2p_sn_call_schedule (P2pSnCall * self, gint64 delay)
{
  p2p_sn_call_cancel (self);
  self->timer = p2p_clock_call_at (self->clock,
      p2p_clock_get_time (self->clock) + delay, p2p_sn_call_on_due, self);
}

static void
p2p_sn_call_fail (P2pSnCall * self, const GError * error)
{
  guint status = self->status;

  self->failures++;
  p2p_sn_call_schedule (self, p2p_backoff (self->rand, P2P_SN_CALL_RETRY,
          P2P_SN_CALL_RETRY_MAX, self->failures));
  self->events->failed (self, status, error, self->user_data);
}

static void
p2p_sn_call_on_timeout (gpointer user_data)
{
  P2pSnCall *self = user_data;
  g_autoptr (GError) error = g_error_new_literal (P2P_ERROR,
      P2P_ERROR_TIMEOUT, "The tracker did not answer in time. Check that it "
      "runs, and the network.");

  self->timer = 0;
  p2p_sn_call_fail (self, error);
}

static void
p2p_sn_call_on_head (P2pFetch * fetch, P2pHttpHead * head, gpointer user_data)
{
  P2pSnCall *self = user_data;

  self->status = head->status;
}

static void
p2p_sn_call_on_data (P2pFetch * fetch, GBytes * bytes, gpointer user_data)
{
  P2pSnCall *self = user_data;
  g_autoptr (GError) error = NULL;

  g_byte_array_append (self->body, g_bytes_get_data (bytes, NULL),
      g_bytes_get_size (bytes));
  if (self->body->len <= P2P_SN_REPLY_MAX_SIZE)
    return;
  error = g_error_new_literal (P2P_ERROR, P2P_ERROR_TOO_LARGE,
      "The tracker's answer is far too long. Check tracker-announce.");
  p2p_sn_call_fail (self, error);
}

static void
p2p_sn_call_on_done (P2pFetch * fetch, const GError * error, gpointer user_data)
{
  P2pSnCall *self = user_data;
  g_autoptr (GError) refused = NULL;
  g_autoptr (GBytes) body = NULL;

  if (error) {
    p2p_sn_call_fail (self, error);
  } else if (self->status < 200 || self->status > 299) {
    refused = g_error_new (P2P_ERROR, P2P_ERROR_STATUS,
        "The tracker answered with status %u. Check tracker-announce.",
        self->status);
    p2p_sn_call_fail (self, refused);
  } else {
    body = g_bytes_new (self->body->data, self->body->len);
    p2p_sn_call_cancel (self);
    self->failures = 0;
    self->events->done (self, body, self->user_data);
  }
}

static const P2pFetchEvents fetch_events = {
  p2p_sn_call_on_head,
  p2p_sn_call_on_data,
  p2p_sn_call_on_done,
};

void
p2p_sn_call_send (P2pSnCall * self, const char *uri, const char *body)
{
  g_autoptr (GBytes) bytes = body ? g_bytes_new (body, strlen (body)) : NULL;
  P2pFetchRequest request = { body ? "POST" : NULL, uri, 0, -1, NULL,
    self->options, bytes, BODY_TYPE
  };

  p2p_sn_call_cancel (self);
  self->timer = p2p_clock_call_at (self->clock,
      p2p_clock_get_time (self->clock) + P2P_SN_CALL_TIMEOUT,
      p2p_sn_call_on_timeout, self);
  self->fetch = p2p_fetcher_fetch (self->fetcher, &request, &fetch_events,
      self);
}

P2pSnCall *
p2p_sn_call_new (P2pClock * clock, GRand * rand, P2pFetcher * fetcher,
    P2pHttpOptions * options, const P2pSnCallEvents * events,
    gpointer user_data)
{
  P2pSnCall *self = g_new0 (P2pSnCall, 1);

  self->clock = g_object_ref (clock);
  self->rand = rand;
  self->fetcher = g_object_ref (fetcher);
  self->options = p2p_http_options_ref (options);
  self->events = events;
  self->user_data = user_data;
  self->body = g_byte_array_new ();
  return self;
}

void
p2p_sn_call_free (P2pSnCall * self)
{
  p2p_sn_call_cancel (self);
  g_byte_array_unref (self->body);
  p2p_http_options_unref (self->options);
  g_object_unref (self->fetcher);
  g_object_unref (self->clock);
  g_free (self);
}

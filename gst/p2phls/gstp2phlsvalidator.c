/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstp2phlsvalidator.h"

#include "p2pengine.h"
#include "gstp2phlssignals.h"

struct _GstP2pHlsValidator
{
  gatomicrefcount refs;
  GThreadPool *pool;            /* of one thread */
  gint ended;                   /* atomic */
};

typedef struct
{
  GstP2pHlsValidator *validator;
  P2pEngine *engine;
  GPtrArray *elements;
  P2pCheck *check;              /* touched on the engine only */
  char *url;
  GBytes *data;
  P2pSource source;
  char *peer_id;
  gboolean good;
} Question;

static void
gst_p2p_hls_validator_question_free (gpointer data)
{
  Question *question = data;

  p2p_check_unref (question->check);
  g_bytes_unref (question->data);
  g_free (question->url);
  g_free (question->peer_id);
  gst_p2p_hls_validator_unref (question->validator);
  p2p_engine_release (question->engine);
  g_free (question);
}

static void
gst_p2p_hls_validator_on_answer (gpointer data)
{
  Question *question = data;

  p2p_check_answer (question->check, question->good);
}

/* On the pool's thread. */
static void
gst_p2p_hls_validator_emit (gpointer data, gpointer user_data)
{
  GstP2pHlsValidator *self = user_data;
  Question *question = data;

  question->good = TRUE;
  for (guint i = 0; i < question->elements->len && question->good
      && !g_atomic_int_get (&self->ended); i++)
    question->good =
        gst_p2p_hls_signals_validate (g_ptr_array_index (question->elements,
            i), question->url, question->data,
        question->source == P2P_SOURCE_P2P ? "p2p" : "http", question->peer_id);
  g_clear_pointer (&question->elements, g_ptr_array_unref);
  p2p_engine_call (question->engine, gst_p2p_hls_validator_on_answer,
      question, gst_p2p_hls_validator_question_free);
}

GstP2pHlsValidator *
gst_p2p_hls_validator_new (void)
{
  GstP2pHlsValidator *self = g_new0 (GstP2pHlsValidator, 1);

  g_atomic_ref_count_init (&self->refs);
  /* It takes a thread when there is the first question. */
  self->pool = g_thread_pool_new (gst_p2p_hls_validator_emit, self, 1, FALSE,
      NULL);
  return self;
}

GstP2pHlsValidator *
gst_p2p_hls_validator_ref (GstP2pHlsValidator * self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
gst_p2p_hls_validator_unref (GstP2pHlsValidator * self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  /* No question is left: each holds a reference. */
  g_thread_pool_free (self->pool, FALSE, FALSE);
  g_free (self);
}

void
gst_p2p_hls_validator_end (GstP2pHlsValidator * self)
{
  g_atomic_int_set (&self->ended, TRUE);
}

void
gst_p2p_hls_validator_ask (GstP2pHlsValidator * self, GPtrArray * elements,
    P2pCheck * check)
{
  Question *question = g_new0 (Question, 1);

  question->validator = gst_p2p_hls_validator_ref (self);
  question->engine = p2p_engine_acquire ();
  question->elements = g_ptr_array_ref (elements);
  question->check = p2p_check_ref (check);
  question->url = g_strdup (check->segment->url);
  question->data = p2p_segment_get_data (check->segment);
  question->source = check->source;
  question->peer_id = g_strdup (check->peer_id);
  g_thread_pool_push (self->pool, question, NULL);
}

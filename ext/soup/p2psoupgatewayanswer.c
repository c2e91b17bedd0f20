/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2psoupgatewayanswer.h"

#include "p2psoupgatewayhead.h"
#include "p2psoupgatewaypage.h"
#include "p2psoupgatewaywish.h"
#include "p2psoupshelf.h"
#include "p2psoupslab.h"

/* So many bytes tell a playlist from what is none: a BOM and #EXTM3U. */
#define SNIFF_BYTES 10
/* So often a segment is read from the cache before it is worth the copy by which it
 * needs none. */
#define SHELF_READS 2
/* A signature's place in a path. */
#define SIGNATURE_START (1 + P2P_SOUP_GATEWAY_TOKEN + 1)

typedef enum
{
  ASKING,                       /* with HEAD */
  SNIFFING,
  TEXT,                         /* gathering all of a playlist */
  GATHERING,                    /* what is all there, to know its length */
  STREAMING,
} State;

struct _P2pSoupGatewayAnswer
{
  P2pSoupGatewayStream *stream;
  GList link;
  P2pClock *clock;
  P2pSoupGatewayVisitor *visitor;
  SoupServerMessage *message;
  char *uri;
  char *player;                 /* who asks, or NULL */
  char *directives;             /* to the origin, behind the URI */
  char *etag;                   /* or NULL */
  P2pSoupGatewayWish wish;
  gboolean is_page;             /* not the playlist but the page for it */

  P2pSoupGatewayReloader reloader;
  gint64 asked;                 /* when the request was */
  P2pRequest *request;
  P2pHttpHead *head;            /* that HTTP gave, or NULL */
  State state;
  gboolean is_part;             /* the request is for the part that is wished */
  GByteArray *text;             /* SNIFFING, TEXT */
  GPtrArray *chunks;            /* GATHERING: of GBytes */
  gint64 gathered;              /* bytes of them */

  gint64 skip, left;            /* bytes of the body; left: -1: to its end */
  gsize waiting;                /* for the player to read them */
  gboolean starting;            /* libsoup waits for what it may write at once */
  gboolean begun;               /* the head of the answer is said */
  gboolean completed;           /* … and all of it */
  gboolean early;               /* it ends before the request does */
  gboolean paused;              /* the request is */
  gboolean done;                /* the request is */
  gint64 end;                   /* when that may be told */
  GBytes *tail;                 /* held back until then, or NULL */
  guint call;                   /* then */
};

static const P2pRequestEvents events;

/* There is something to write. */
static void
p2p_soup_gateway_answer_go_on (P2pSoupGatewayAnswer * self)
{
  if (!self->starting)
    soup_server_message_unpause (self->message);
}

/* --- the end --- */

static void
p2p_soup_gateway_answer_close (P2pSoupGatewayAnswer * self)
{
  p2p_soup_gateway_reload_leave (&self->reloader);
  if (self->request)
    p2p_request_close (self->request);
  self->request = NULL;
}

static void
p2p_soup_gateway_answer_free (P2pSoupGatewayAnswer * self)
{
  g_signal_handlers_disconnect_by_data (self->message, self);
  p2p_soup_gateway_answer_close (self);
  p2p_clock_cancel (self->clock, &self->call);
  g_queue_unlink (&self->stream->answers, &self->link);
  p2p_soup_gateway_visitor_take (self->visitor, self->waiting);
  p2p_soup_gateway_visitor_set_busy (self->visitor, FALSE);
  p2p_soup_gateway_visitor_unref (self->visitor);
  g_clear_pointer (&self->head, p2p_http_head_unref);
  g_clear_pointer (&self->text, g_byte_array_unref);
  g_clear_pointer (&self->chunks, g_ptr_array_unref);
  g_clear_pointer (&self->tail, g_bytes_unref);
  g_object_unref (self->clock);
  g_object_unref (self->message);
  g_free (self->directives);
  g_free (self->etag);
  g_free (self->player);
  g_free (self->uri);
  g_free (self);
}

static void
p2p_soup_gateway_answer_on_finished (SoupServerMessage * message,
    P2pSoupGatewayAnswer * self)
{
  p2p_clock_set_time (self->clock, g_get_monotonic_time ());
  p2p_soup_gateway_answer_free (self);
}

/* All of the body was said. */
static void
p2p_soup_gateway_answer_complete (P2pSoupGatewayAnswer * self)
{
  if (self->completed)
    return;
  self->completed = TRUE;
  p2p_soup_gateway_answer_close (self);
  soup_message_body_complete (soup_server_message_get_response_body
      (self->message));
  p2p_soup_gateway_answer_go_on (self);
}

/* An answer without a body, or with one line of text that says why. */
static void
p2p_soup_gateway_answer_refuse (P2pSoupGatewayAnswer * self, guint status,
    const char *reason)
{
  self->begun = TRUE;
  soup_server_message_set_status (self->message, status, NULL);
  if (reason) {
    g_autofree char *line = g_strconcat (reason, "\n", NULL);

    soup_server_message_set_response (self->message,
        "text/plain; charset=utf-8", SOUP_MEMORY_COPY, line, strlen (line));
  }
  p2p_soup_gateway_answer_complete (self);
}

/* What the player has already cannot be taken back: it sees that the rest is
 * missing. */
static void
p2p_soup_gateway_answer_cut (P2pSoupGatewayAnswer * self)
{
  p2p_soup_gateway_visitor_drop (self->visitor);
  p2p_soup_gateway_answer_complete (self);
}

static void
p2p_soup_gateway_answer_fail (P2pSoupGatewayAnswer * self, guint status,
    const char *reason)
{
  if (self->begun)
    p2p_soup_gateway_answer_cut (self);
  else
    p2p_soup_gateway_answer_refuse (self, status, reason);
}

void
p2p_soup_gateway_answer_abort (P2pSoupGatewayAnswer * self)
{
  p2p_soup_gateway_answer_cut (self);
  p2p_soup_gateway_answer_free (self);
}

/* --- the body --- */

static void
p2p_soup_gateway_answer_send (P2pSoupGatewayAnswer * self, GBytes * bytes)
{
  gsize size = g_bytes_get_size (bytes);

  if (size == 0)
    return;
  soup_message_body_append_bytes (soup_server_message_get_response_body
      (self->message), bytes);
  p2p_soup_gateway_answer_go_on (self);
  self->waiting += size;
  p2p_soup_gateway_visitor_give (self->visitor, size);
  if (self->waiting > P2P_SOUP_GATEWAY_HIGH && self->request && !self->paused) {
    self->paused = TRUE;
    p2p_request_set_paused (self->request, TRUE);
  }
}

static void
p2p_soup_gateway_answer_on_wrote (SoupServerMessage * message, guint size,
    P2pSoupGatewayAnswer * self)
{
  self->waiting -= MIN (self->waiting, size);
  p2p_soup_gateway_visitor_take (self->visitor, size);
  if (self->waiting < P2P_SOUP_GATEWAY_LOW && self->request && self->paused) {
    self->paused = FALSE;
    p2p_request_set_paused (self->request, FALSE);
  }
}

/* The last bytes are held back until the end may be told. */
static void
p2p_soup_gateway_answer_send_last (P2pSoupGatewayAnswer * self, GBytes * bytes)
{
  gsize size = g_bytes_get_size (bytes);
  gsize held = MIN (size, P2P_SOUP_GATEWAY_TAIL);
  g_autoptr (GBytes) front = NULL;

  if (self->done && self->end <= p2p_clock_get_time (self->clock)) {
    p2p_soup_gateway_answer_send (self, bytes);
    return;
  }
  front = g_bytes_new_from_bytes (bytes, 0, size - held);
  self->tail = g_bytes_new_from_bytes (bytes, size - held, held);
  p2p_soup_gateway_answer_send (self, front);
}

static void
p2p_soup_gateway_answer_add (P2pSoupGatewayAnswer * self, GBytes * bytes)
{
  gint64 size = g_bytes_get_size (bytes);
  gint64 skipped = MIN (self->skip, size);
  gint64 taken = size - skipped;
  g_autoptr (GBytes) part = NULL;

  self->skip -= skipped;
  if (self->left >= 0)
    taken = MIN (taken, self->left);
  part = g_bytes_new_from_bytes (bytes, skipped, taken);
  if (self->left < 0) {
    p2p_soup_gateway_answer_send (self, part);
    return;
  }
  self->left -= taken;
  if (self->left > 0 || self->early)
    p2p_soup_gateway_answer_send (self, part);
  else if (taken > 0)
    p2p_soup_gateway_answer_send_last (self, part);
  if (self->left == 0 && self->early)
    p2p_soup_gateway_answer_complete (self);
}

static void
p2p_soup_gateway_answer_end (gpointer user_data)
{
  P2pSoupGatewayAnswer *self = user_data;

  self->call = 0;
  if (self->tail)
    p2p_soup_gateway_answer_send (self, self->tail);
  g_clear_pointer (&self->tail, g_bytes_unref);
  if (self->left > 0)
    p2p_soup_gateway_answer_cut (self);
  else
    p2p_soup_gateway_answer_complete (self);
}

/* --- the head --- */

static void
p2p_soup_gateway_answer_set_range (P2pSoupGatewayAnswer * self, gint64 start,
    gint64 stop, gint64 total)
{
  g_autofree char *whole = total < 0 ? g_strdup ("*")
      : g_strdup_printf ("%" G_GINT64_FORMAT, total);
  g_autofree char *range = g_strdup_printf ("bytes %" G_GINT64_FORMAT "-%"
      G_GINT64_FORMAT "/%s", start, stop - 1, whole);

  soup_server_message_set_status (self->message, SOUP_STATUS_PARTIAL_CONTENT,
      NULL);
  soup_message_headers_replace (soup_server_message_get_response_headers
      (self->message), "Content-Range", range);
}

/* Of a body of length bytes (-1: not known), what is wished. Returns: the status */
static guint
p2p_soup_gateway_answer_cut_out (P2pSoupGatewayAnswer * self, gint64 length)
{
  gint64 start, stop;
  guint status;

  self->left = length;
  if (self->is_part) {
    p2p_soup_gateway_answer_set_range (self, self->wish.start,
        self->wish.start + length, self->head ? self->head->total : -1);
    return SOUP_STATUS_PARTIAL_CONTENT;
  }
  status = p2p_soup_gateway_wish_cut (&self->wish, self->etag, length, &start,
      &stop);
  if (status == SOUP_STATUS_PARTIAL_CONTENT) {
    p2p_soup_gateway_answer_set_range (self, start, stop, length);
    self->skip = start;
    self->left = stop - start;
    self->early = stop < length;
  }
  return status;
}

static void
p2p_soup_gateway_answer_set_length (P2pSoupGatewayAnswer * self, gint64 length)
{
  SoupMessageHeaders *headers =
      soup_server_message_get_response_headers (self->message);

  if (length >= 0)
    soup_message_headers_set_content_length (headers, length);
  else if (soup_server_message_get_http_version (self->message)
      == SOUP_HTTP_1_0)
    soup_message_headers_set_encoding (headers, SOUP_ENCODING_EOF);
  else
    soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
}

/* Says the head. length: of what the request gives. Returns: whether a body
 * follows */
static gboolean
p2p_soup_gateway_answer_begin (P2pSoupGatewayAnswer * self, const char *type,
    gint64 length)
{
  guint status;

  self->begun = TRUE;
  p2p_soup_gateway_head_describe (self->message, type, self->etag);
  if (p2p_soup_gateway_wish_is_held (&self->wish, self->etag)) {
    p2p_soup_gateway_answer_refuse (self, SOUP_STATUS_NOT_MODIFIED, NULL);
    return FALSE;
  }
  soup_server_message_set_status (self->message, SOUP_STATUS_OK, NULL);
  status = p2p_soup_gateway_answer_cut_out (self, length);
  if (status == SOUP_STATUS_REQUESTED_RANGE_NOT_SATISFIABLE) {
    g_autofree char *range = g_strdup_printf ("bytes */%" G_GINT64_FORMAT,
        length);

    if (length >= 0)
      soup_message_headers_replace (soup_server_message_get_response_headers
          (self->message), "Content-Range", range);
    p2p_soup_gateway_answer_refuse (self, status, NULL);
    return FALSE;
  }
  p2p_soup_gateway_answer_set_length (self, self->left);
  p2p_soup_gateway_answer_go_on (self);
  if (self->wish.head_only)
    p2p_soup_gateway_answer_complete (self);
  return !self->wish.head_only;
}

static const char *
p2p_soup_gateway_answer_get_type (P2pSoupGatewayAnswer * self)
{
  return p2p_soup_gateway_head_get_type (self->head ? self->head->content_type
      : NULL, self->uri);
}

/* --- a playlist --- */

/* Not of what the player gets, which may have its own number in it. */
static char *
p2p_soup_gateway_answer_name_text (GBytes * text)
{
  g_autofree char *sum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, text);

  return g_strdup_printf ("\"%.32s\"", sum);
}

/* Without the directives, which are no part of its name. */
static const char *
p2p_soup_gateway_answer_get_base (P2pSoupGatewayAnswer * self)
{
  return self->head && self->head->redirected ? self->head->uri : self->uri;
}

/* text: (inout). Returns: (transfer full) (nullable): what the player gets for a
 * playlist; type: and what that is */
static GBytes *
p2p_soup_gateway_answer_write_text (P2pSoupGatewayAnswer * self, GBytes ** text,
    const char **type)
{
  const char *base = p2p_soup_gateway_answer_get_base (self);
  P2pSoupGatewayLinks *links = self->stream->links;
  g_autoptr (P2pPlaylist) playlist =
      p2p_soup_gateway_stream_read (self->stream, text, self->uri, base);

  if (playlist && self->head && !*self->directives)
    p2p_soup_gateway_reload_share (self->stream->reloads, self->uri, *text,
        base, playlist, p2p_soup_gateway_reload_get_lifetime (self->head,
            playlist->target_duration), self->asked);
  *type = P2P_SOUP_GATEWAY_PLAYLIST_TYPE;
  if (!self->is_page) {
    /* Whoever gets a master playlist may choose what no other one does, and of a
     * VOD, which it gets once, be where no other one is. */
    if (playlist && (playlist->is_master || !playlist->is_live)
        && !self->player)
      self->player = p2p_soup_gateway_links_name_player
          (self->stream->n_players++);
    return p2p_soup_gateway_links_rewrite (links, *text, base, self->player);
  }
  *type = "text/html; charset=utf-8";
  soup_message_headers_replace (soup_server_message_get_response_headers
      (self->message), "Content-Security-Policy",
      p2p_soup_gateway_page_get_policy ());
  soup_message_headers_replace (soup_server_message_get_response_headers
      (self->message), "Referrer-Policy", "no-referrer");
  return playlist ? p2p_soup_gateway_page_new (links, self->stream->path,
      playlist) : NULL;
}

/* named: what its ETag is of */
static void
p2p_soup_gateway_answer_send_text (P2pSoupGatewayAnswer * self,
    GBytes * written, const char *type, GBytes * named)
{
  g_free (self->etag);
  self->etag = p2p_soup_gateway_answer_name_text (named);
  if (!p2p_soup_gateway_answer_begin (self, type, g_bytes_get_size (written)))
    return;
  p2p_soup_gateway_answer_add (self, written);
  p2p_soup_gateway_answer_complete (self);
}

static void
p2p_soup_gateway_answer_finish_text (P2pSoupGatewayAnswer * self)
{
  g_autoptr (GBytes) text =
      g_byte_array_free_to_bytes (g_steal_pointer (&self->text));
  const char *type;
  g_autoptr (GBytes) written = p2p_soup_gateway_answer_write_text (self, &text,
      &type);

  if (!written) {
    p2p_soup_gateway_answer_refuse (self, SOUP_STATUS_BAD_GATEWAY,
        "The URL is not that of an HLS playlist");
    return;
  }
  p2p_soup_gateway_answer_send_text (self, written, type,
      self->is_page ? written : text);
}

/* What came for another, who asked for it a little while ago. */
static void
p2p_soup_gateway_answer_have_reload (P2pSoupGatewayReload * reload,
    gpointer user_data)
{
  P2pSoupGatewayAnswer *self = user_data;
  g_autoptr (GBytes) text = g_bytes_ref (reload->text);
  g_autoptr (GBytes) written =
      p2p_soup_gateway_links_rewrite (self->stream->links, text, reload->base,
      self->player);

  self->done = TRUE;            /* all of it is there */
  p2p_soup_gateway_answer_send_text (self, written,
      P2P_SOUP_GATEWAY_PLAYLIST_TYPE, text);
}

/* --- from the session --- */

static void
p2p_soup_gateway_answer_open (P2pSoupGatewayAnswer * self, const char *method,
    gint64 start, gint64 stop)
{
  g_autofree char *uri = g_strconcat (self->uri, self->directives, NULL);

  self->asked = p2p_clock_get_time (self->clock);
  self->request =
      p2p_session_open (self->stream->session, self->player, method, uri, start,
      stop, p2p_session_get_options (self->stream->session), &events, self);
}

static void
p2p_soup_gateway_answer_open_playlist (gpointer user_data)
{
  P2pSoupGatewayAnswer *self = user_data;

  self->state = SNIFFING;
  p2p_soup_gateway_answer_open (self, NULL, 0, -1);
}

static const P2pSoupGatewayReloadEvents reload_events = {
  p2p_soup_gateway_answer_have_reload,
  p2p_soup_gateway_answer_open_playlist,
};

static void
p2p_soup_gateway_answer_on_head (P2pRequest * request, P2pHttpHead * head,
    gpointer user_data)
{
  P2pSoupGatewayAnswer *self = user_data;

  self->head = p2p_http_head_ref (head);
  if (!self->etag && head->validator && head->validator[0] == '"')
    self->etag = g_strdup (head->validator);
}

/* The nature of the body is known: it is no playlist. */
static gboolean
p2p_soup_gateway_answer_begin_body (P2pSoupGatewayAnswer * self)
{
  gint64 length = self->head ? self->head->length : -1;

  if (self->is_page) {
    p2p_soup_gateway_answer_refuse (self, SOUP_STATUS_BAD_GATEWAY,
        "The URL is not that of an HLS playlist");
    return FALSE;
  }
  if (length >= 0 || (self->head && !self->is_part)) {
    self->state = STREAMING;
    return p2p_soup_gateway_answer_begin (self,
        p2p_soup_gateway_answer_get_type (self), length);
  }
  self->state = GATHERING;
  self->chunks = g_ptr_array_new_with_free_func ((GDestroyNotify)
      g_bytes_unref);
  return TRUE;
}

/* Returns: (transfer full) (nullable): what is known to be no playlist */
static GBytes *
p2p_soup_gateway_answer_sniff (P2pSoupGatewayAnswer * self, GBytes * bytes)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  /* Most bodies tell what they are with their first bytes, and then nothing is
   * copied. */
  if (self->state == SNIFFING && !self->text && size >= SNIFF_BYTES
      && !p2p_playlist_sniff (data, size))
    return g_bytes_ref (bytes);
  if (!self->text)
    self->text = g_byte_array_new ();
  g_byte_array_append (self->text, data, size);
  if (self->state == TEXT || self->text->len < SNIFF_BYTES)
    return NULL;
  if (p2p_playlist_sniff (self->text->data, self->text->len)) {
    self->state = TEXT;
    return NULL;
  }
  return g_byte_array_free_to_bytes (g_steal_pointer (&self->text));
}

static void
p2p_soup_gateway_answer_take (P2pSoupGatewayAnswer * self, GBytes * bytes)
{
  if (self->state == GATHERING) {
    self->gathered += g_bytes_get_size (bytes);
    g_ptr_array_add (self->chunks, g_bytes_ref (bytes));
  } else {
    p2p_soup_gateway_answer_add (self, bytes);
  }
}

/* More than can be looked at: the player has it from where it is. */
static void
p2p_soup_gateway_answer_pass_by (P2pSoupGatewayAnswer * self)
{
  g_autofree char *uri = g_strconcat (self->uri, self->directives, NULL);

  self->begun = TRUE;
  soup_server_message_set_redirect (self->message,
      SOUP_STATUS_TEMPORARY_REDIRECT, uri);
  p2p_soup_gateway_answer_complete (self);
}

static void
p2p_soup_gateway_answer_on_data (P2pRequest * request, GBytes * bytes,
    P2pSource source, gpointer user_data)
{
  P2pSoupGatewayAnswer *self = user_data;
  g_autoptr (GBytes) body = NULL;

  self->stream->handed[source] += g_bytes_get_size (bytes);
  if (self->state >= GATHERING) {
    p2p_soup_gateway_answer_take (self, bytes);
    return;
  }
  body = p2p_soup_gateway_answer_sniff (self, bytes);
  if (body && p2p_soup_gateway_answer_begin_body (self))
    p2p_soup_gateway_answer_take (self, body);
  else if (self->text && self->text->len > P2P_PLAYLIST_MAX_BYTES)
    p2p_soup_gateway_answer_pass_by (self);
}

/* The origin answered to HEAD. */
static void
p2p_soup_gateway_answer_finish_head (P2pSoupGatewayAnswer * self)
{
  if (!self->head) {
    p2p_soup_gateway_answer_fail (self, SOUP_STATUS_BAD_GATEWAY, NULL);
  } else if (p2p_soup_gateway_head_is_playlist_type (self->head->content_type)) {
    /* What it says of the text's length does not hold for ours. */
    p2p_soup_gateway_answer_close (self);
    g_clear_pointer (&self->head, p2p_http_head_unref);
    p2p_soup_gateway_answer_open_playlist (self);
  } else {
    p2p_soup_gateway_answer_begin (self,
        p2p_soup_gateway_answer_get_type (self), self->head->length);
  }
}

/* What is read again and again lies where it can be sent from without a copy, from the
 * next one on. */
static void
p2p_soup_gateway_answer_shelve (P2pSoupGatewayAnswer * self)
{
  g_autoptr (P2pSegment) segment = p2p_request_get_segment (self->request);
  g_autoptr (GPtrArray) chunks = NULL;
  g_autoptr (GBytes) whole = NULL;

  if (!segment || segment->n_reads < SHELF_READS)
    return;
  chunks = p2p_segment_get_chunks (segment);
  whole = p2p_soup_shelf_put (chunks);
  if (whole)
    p2p_segment_move_data (segment, whole);
}

static void
p2p_soup_gateway_answer_finish_body (P2pSoupGatewayAnswer * self)
{
  if (self->state == SNIFFING) {
    /* It is shorter than the name of a playlist. */
    g_autoptr (GBytes) all = self->text ?
        g_byte_array_free_to_bytes (g_steal_pointer (&self->text))
        : g_bytes_new (NULL, 0);

    if (!p2p_soup_gateway_answer_begin_body (self))
      return;
    p2p_soup_gateway_answer_take (self, all);
  }
  if (self->state == GATHERING) {
    g_autoptr (GPtrArray) chunks = g_steal_pointer (&self->chunks);

    if (!p2p_soup_gateway_answer_begin (self,
            p2p_soup_gateway_answer_get_type (self), self->gathered))
      return;
    /* The head leaves with the body, which is all there. */
    if (self->left > 0 && self->end <= p2p_clock_get_time (self->clock))
      p2p_soup_gateway_visitor_hold (self->visitor);
    p2p_soup_gateway_answer_shelve (self);
    for (guint i = 0; i < chunks->len;) {
      g_autoptr (GBytes) bytes = p2p_soup_slab_join (chunks, &i);

      p2p_soup_gateway_answer_add (self, bytes);
    }
  }
  if (self->end <= p2p_clock_get_time (self->clock))
    p2p_soup_gateway_answer_end (self);
  else
    self->call = p2p_clock_call_at (self->clock, self->end,
        p2p_soup_gateway_answer_end, self);
}

static void
p2p_soup_gateway_answer_on_done (P2pRequest * request, gint64 end,
    P2pHttpHead * head, const GError * error, gpointer user_data)
{
  P2pSoupGatewayAnswer *self = user_data;

  self->done = TRUE;
  self->end = end;
  if (error && !self->begun)
    p2p_soup_gateway_head_excuse (self->message, head);
  if (error)
    p2p_soup_gateway_answer_fail (self,
        p2p_soup_gateway_head_get_status (head, error), error->message);
  else if (self->state == ASKING)
    p2p_soup_gateway_answer_finish_head (self);
  else if (self->state == TEXT)
    p2p_soup_gateway_answer_finish_text (self);
  else
    p2p_soup_gateway_answer_finish_body (self);
}

static const P2pRequestEvents events = {
  p2p_soup_gateway_answer_on_head,
  p2p_soup_gateway_answer_on_data,
  p2p_soup_gateway_answer_on_done,
};

/* --- the beginning --- */

/* What a playlist names does not change (RFC 8216, 6.2.1), unless its stream begins
 * anew: the signature of its URI names it. */
static void
p2p_soup_gateway_answer_name_segment (P2pSoupGatewayAnswer * self)
{
  const char *path =
      g_uri_get_path (soup_server_message_get_uri (self->message));

  self->etag = g_strdup_printf ("\"%.22s-%u\"", path + SIGNATURE_START,
      p2p_session_get_n_anew (self->stream->session));
}

/* Asks the session for what is needed of what is wished. */
static void
p2p_soup_gateway_answer_ask (P2pSoupGatewayAnswer * self)
{
  P2pSession *session = self->stream->session;
  P2pSoupGatewayWish *wish = &self->wish;
  gboolean is_whole = p2p_session_has_segment (session, self->uri, 0, -1);
  gboolean is_segment = wish->has_range && p2p_session_has_segment (session,
      self->uri, wish->start, wish->stop);
  gboolean is_playlist = self->is_page
      || p2p_soup_gateway_head_is_playlist_name (self->uri);

  if (is_whole || is_segment)
    p2p_soup_gateway_answer_name_segment (self);
  if (p2p_soup_gateway_wish_is_held (wish, self->etag)) {
    p2p_soup_gateway_head_describe (self->message,
        p2p_soup_gateway_answer_get_type (self), self->etag);
    p2p_soup_gateway_answer_refuse (self, SOUP_STATUS_NOT_MODIFIED, NULL);
    return;
  }
  if (!is_whole && !is_segment && !self->is_page && !*self->directives
      && p2p_soup_gateway_reload_join (self->stream->reloads, self->uri,
          &self->reloader))
    return;
  self->state = wish->head_only && !is_playlist ? ASKING : SNIFFING;
  self->is_part = wish->has_range && wish->start >= 0 && !is_playlist
      && (is_segment || !is_whole) && (wish->start > 0 || wish->stop > 0)
      && p2p_soup_gateway_wish_is_firm (wish, self->etag);
  if (self->is_part)
    p2p_soup_gateway_answer_open (self, NULL, wish->start, wish->stop);
  else
    p2p_soup_gateway_answer_open (self, self->state == ASKING ? "HEAD" : NULL,
        0, -1);
}

void
p2p_soup_gateway_answer_start (P2pSoupGatewayStream * stream, P2pClock * clock,
    P2pSoupGatewayVisitor * visitor, SoupServerMessage * message,
    const char *uri, const char *player, const char *query)
{
  P2pSoupGatewayAnswer *self = g_new0 (P2pSoupGatewayAnswer, 1);

  self->stream = stream;
  self->clock = g_object_ref (clock);
  self->visitor = visitor;
  self->message = g_object_ref (message);
  self->uri = g_strdup (uri ? uri : stream->uri);
  self->player = g_strdup (player);
  self->is_page = uri == NULL;
  self->reloader.clock = clock;
  self->reloader.events = &reload_events;
  self->reloader.user_data = self;
  self->directives = p2p_soup_gateway_wish_read_directives (query, self->uri);
  self->link.data = self;
  g_queue_push_tail_link (&stream->answers, &self->link);
  g_signal_connect (message, "finished",
      G_CALLBACK (p2p_soup_gateway_answer_on_finished), self);
  g_signal_connect (message, "wrote-body-data",
      G_CALLBACK (p2p_soup_gateway_answer_on_wrote), self);
  soup_message_body_set_accumulate (soup_server_message_get_response_body
      (message), FALSE);
  p2p_soup_gateway_visitor_set_busy (visitor, TRUE);
  p2p_soup_gateway_wish_read (&self->wish, message);
  self->starting = TRUE;
  p2p_soup_gateway_answer_ask (self);
  if (self->request)
    p2p_request_hurry (self->request);
  self->starting = FALSE;
  if (!self->begun)
    soup_server_message_pause (message);
}

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pnicesdp.h"

#include "p2perror.h"

#include <string.h>

/* What was seen while reading. */
typedef struct
{
  P2pNiceSdp *sdp;
  guint sections;
  gboolean has_fingerprint, has_setup;
  const char *wrong;
} Reader;

P2pNiceSdp *
p2p_nice_sdp_new (void)
{
  P2pNiceSdp *self = g_new0 (P2pNiceSdp, 1);

  self->sctp_port = P2P_NICE_SDP_DEFAULT_PORT;
  self->max_message = P2P_NICE_SDP_DEFAULT_MAX_MESSAGE;
  self->candidates = g_array_new (FALSE, FALSE, sizeof (P2pNiceCandidate));
  return self;
}

void
p2p_nice_sdp_free (P2pNiceSdp * self)
{
  g_array_unref (self->candidates);
  g_free (self->mid);
  g_free (self->ufrag);
  g_free (self->pwd);
  g_free (self);
}

/* ice-char of RFC 8839, and what else RFC 4566 has in a token. */
static gboolean
is_word (const char *text, gsize min, gsize max)
{
  gsize len = strlen (text);

  if (len < min || len > max)
    return FALSE;
  for (gsize i = 0; i < len; i++) {
    if (!g_ascii_isalnum (text[i]) && !strchr ("+/!#$%&'*-.^_`{|}~", text[i]))
      return FALSE;
  }
  return TRUE;
}

static void
read_word (Reader * reader, char **word, const char *value, gsize min,
    gsize max, const char *name)
{
  if (!is_word (value, min, max)) {
    reader->wrong = name;
    return;
  }
  g_free (*word);
  *word = g_strdup (value);
}

/* "sha-256 AB:CD:…"; other hashes may stand beside it. */
static void
read_fingerprint (Reader * reader, const char *value)
{
  guint8 *byte = reader->sdp->fingerprint;

  if (g_ascii_strncasecmp (value, "sha-256 ", strlen ("sha-256 ")) != 0)
    return;
  value += strlen ("sha-256 ");
  for (guint i = 0; i < P2P_NICE_FINGERPRINT_SIZE; i++, value += 3) {
    char end = i + 1 < P2P_NICE_FINGERPRINT_SIZE ? ':' : '\0';

    if (!g_ascii_isxdigit (value[0]) || !g_ascii_isxdigit (value[1])
        || value[2] != end) {
      reader->wrong = "fingerprint";
      return;
    }
    byte[i] = g_ascii_xdigit_value (value[0]) << 4
        | g_ascii_xdigit_value (value[1]);
  }
  reader->has_fingerprint = TRUE;
}

static void
read_setup (Reader * reader, const char *value)
{
  if (strcmp (value, "actpass") == 0)
    reader->sdp->setup = P2P_NICE_SETUP_ACTPASS;
  else if (strcmp (value, "active") == 0)
    reader->sdp->setup = P2P_NICE_SETUP_ACTIVE;
  else if (strcmp (value, "passive") == 0)
    reader->sdp->setup = P2P_NICE_SETUP_PASSIVE;
  else
    reader->wrong = "setup";
  reader->has_setup = TRUE;
}

static void
read_sctp_port (Reader * reader, const char *value)
{
  guint64 number;

  if (g_ascii_string_to_unsigned (value, 10, 1, G_MAXUINT16, &number, NULL))
    reader->sdp->sctp_port = number;
  else
    reader->wrong = "sctp-port";
}

/* 0: as long as one likes. */
static void
read_max_message (Reader * reader, const char *value)
{
  guint64 number;

  if (!g_ascii_string_to_unsigned (value, 10, 0, G_MAXUINT64, &number, NULL))
    reader->wrong = "max-message-size";
  else if (number == 0 || number > P2P_NICE_MAX_MESSAGE)
    reader->sdp->max_message = P2P_NICE_MAX_MESSAGE;
  else
    reader->sdp->max_message = number;
}

static void
read_candidate (Reader * reader, const char *line)
{
  P2pNiceCandidate candidate;

  if (reader->sdp->candidates->len < P2P_NICE_SDP_MAX_CANDIDATES
      && p2p_nice_candidate_parse (&candidate, line))
    g_array_append_val (reader->sdp->candidates, candidate);
}

static void
read_trickle (Reader * reader, const char *value)
{
  g_auto (GStrv) options = g_strsplit (value, " ", -1);

  reader->sdp->trickle = g_strv_contains ((const char *const *) options,
      "trickle");
}

/* line: without "a=" */
static void
read_attribute (Reader * reader, const char *line)
{
  P2pNiceSdp *sdp = reader->sdp;
  const char *colon = strchr (line, ':');
  const char *value = colon ? colon + 1 : "";
  g_autofree char *name = colon ? g_strndup (line, colon - line)
      : g_strdup (line);

  if (strcmp (name, "candidate") == 0)
    read_candidate (reader, line);
  else if (strcmp (name, "mid") == 0)
    read_word (reader, &sdp->mid, value, 1, P2P_NICE_SDP_MAX_MID, "mid");
  else if (strcmp (name, "ice-ufrag") == 0)
    read_word (reader, &sdp->ufrag, value, P2P_NICE_SDP_MIN_UFRAG,
        P2P_NICE_SDP_MAX_SECRET, "ice-ufrag");
  else if (strcmp (name, "ice-pwd") == 0)
    read_word (reader, &sdp->pwd, value, P2P_NICE_SDP_MIN_PWD,
        P2P_NICE_SDP_MAX_SECRET, "ice-pwd");
  else if (strcmp (name, "ice-options") == 0)
    read_trickle (reader, value);
  else if (strcmp (name, "fingerprint") == 0)
    read_fingerprint (reader, value);
  else if (strcmp (name, "setup") == 0)
    read_setup (reader, value);
  else if (strcmp (name, "sctp-port") == 0)
    read_sctp_port (reader, value);
  else if (strcmp (name, "max-message-size") == 0)
    read_max_message (reader, value);
}

/* value: "application 9 UDP/DTLS/SCTP webrtc-datachannel" */
static void
read_section (Reader * reader, const char *value)
{
  g_auto (GStrv) words = g_strsplit (value, " ", 5);
  guint64 port;

  if (reader->sections++ > 0)
    reader->wrong = "more than one section";
  else if (g_strv_length (words) != 4
      || strcmp (words[0], "application") != 0
      || !g_str_has_suffix (words[2], "/DTLS/SCTP")
      || strcmp (words[3], "webrtc-datachannel") != 0
      || !g_ascii_string_to_unsigned (words[1], 10, 1, G_MAXUINT16, &port,
          NULL))
    reader->wrong = "no section of a data channel";
}

static void
read_line (Reader * reader, const char *line)
{
  if (g_str_has_prefix (line, "m="))
    read_section (reader, line + strlen ("m="));
  else if (g_str_has_prefix (line, "a="))
    read_attribute (reader, line + strlen ("a="));
}

static void
check_complete (Reader * reader)
{
  P2pNiceSdp *sdp = reader->sdp;

  if (reader->wrong)
    return;
  if (reader->sections == 0)
    reader->wrong = "no section of a data channel";
  else if (!sdp->ufrag || !sdp->pwd)
    reader->wrong = "no ice-ufrag or ice-pwd";
  else if (!reader->has_fingerprint)
    reader->wrong = "no fingerprint of SHA-256";
  else if (!reader->has_setup)
    reader->wrong = "no setup";
}

P2pNiceSdp *
p2p_nice_sdp_parse (const char *text, GError ** error)
{
  g_autoptr (P2pNiceSdp) sdp = p2p_nice_sdp_new ();
  Reader reader = { sdp };

  if (strnlen (text, P2P_NICE_SDP_MAX_SIZE) == P2P_NICE_SDP_MAX_SIZE)
    reader.wrong = "too long";
  else if (!g_str_has_prefix (text, "v=0"))
    reader.wrong = "not SDP";
  else {
    g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

    for (guint i = 0; lines[i] && !reader.wrong; i++)
      read_line (&reader, g_strchomp (lines[i]));
  }
  check_complete (&reader);
  if (reader.wrong) {
    g_set_error (error, P2P_ERROR, P2P_ERROR_PEER,
        "The description of the peer cannot be used: %s", reader.wrong);
    return NULL;
  }
  if (!sdp->mid)
    sdp->mid = g_strdup ("0");
  return g_steal_pointer (&sdp);
}

char *
p2p_nice_sdp_write (const P2pNiceSdp * self)
{
  static const char *const setups[] = { "actpass", "active", "passive" };
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "v=0\r\n"
      "o=- %" G_GUINT64_FORMAT " 2 IN IP4 127.0.0.1\r\n"
      "s=-\r\nt=0 0\r\na=group:BUNDLE %s\r\n"
      "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n"
      "c=IN IP4 0.0.0.0\r\n", self->session_id, self->mid);
  for (guint i = 0; i < self->candidates->len; i++) {
    g_autofree char *line =
        p2p_nice_candidate_write (&g_array_index (self->candidates,
            P2pNiceCandidate, i));

    g_string_append_printf (text, "a=%s\r\n", line);
  }
  g_string_append_printf (text, "a=ice-ufrag:%s\r\na=ice-pwd:%s\r\n%s"
      "a=fingerprint:sha-256 ", self->ufrag, self->pwd,
      self->trickle ? "a=ice-options:trickle\r\n" : "");
  for (guint i = 0; i < P2P_NICE_FINGERPRINT_SIZE; i++)
    g_string_append_printf (text, "%s%02X", i ? ":" : "", self->fingerprint[i]);
  g_string_append_printf (text, "\r\na=setup:%s\r\na=mid:%s\r\n"
      "a=sctp-port:%u\r\na=max-message-size:%" G_GSIZE_FORMAT "\r\n",
      setups[self->setup], self->mid, self->sctp_port, self->max_message);
  return g_string_free (text, FALSE);
}

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pnicecandidate.h"

#include <arpa/inet.h>
#include <string.h>

static const char *const type_names[] = { "host", "srflx", "prflx", "relay" };

/* RFC 8839: ALPHA / DIGIT / "+" / "/"; others send "-" and "_" too. */
static gboolean
is_foundation (const char *text)
{
  gsize len = strlen (text);

  if (len == 0 || len >= P2P_NICE_CANDIDATE_MAX_FOUNDATION)
    return FALSE;
  for (gsize i = 0; i < len; i++) {
    if (!g_ascii_isalnum (text[i]) && !strchr ("+/-_", text[i]))
      return FALSE;
  }
  return TRUE;
}

static gboolean
is_address (const char *host)
{
  guint8 address[16];

  return inet_pton (AF_INET, host, address) == 1
      || inet_pton (AF_INET6, host, address) == 1;
}

gboolean
p2p_nice_candidate_is_local_name (const char *host)
{
  gsize len = strlen (host);

  if (len <= strlen (".local") || len >= P2P_NICE_CANDIDATE_MAX_HOST
      || g_ascii_strcasecmp (host + len - strlen (".local"), ".local") != 0)
    return FALSE;
  for (gsize i = 0; i < len; i++) {
    if (!g_ascii_isalnum (host[i]) && host[i] != '-' && host[i] != '.')
      return FALSE;
  }
  return TRUE;
}

static gboolean
parse_number (const char *text, guint64 max, guint64 * number)
{
  return g_ascii_string_to_unsigned (text, 10, 0, max, number, NULL);
}

static gboolean
parse_type (const char *text, P2pNiceCandidateType * type)
{
  for (guint i = 0; i < G_N_ELEMENTS (type_names); i++) {
    if (strcmp (text, type_names[i]) == 0) {
      *type = i;
      return TRUE;
    }
  }
  return FALSE;
}

/* What follows the type: pairs of a name and a value. */
static gboolean
parse_extensions (P2pNiceCandidate * candidate, char **words)
{
  guint64 number;

  for (; words[0] && words[1]; words += 2) {
    if (strcmp (words[0], "raddr") == 0) {
      if (g_strlcpy (candidate->related, words[1],
              sizeof candidate->related) >= sizeof candidate->related
          || !is_address (candidate->related))
        candidate->related[0] = '\0';
    } else if (strcmp (words[0], "rport") == 0) {
      if (!parse_number (words[1], G_MAXUINT16, &number))
        return FALSE;
      candidate->related_port = number;
    }
  }
  return TRUE;
}

gboolean
p2p_nice_candidate_parse (P2pNiceCandidate * candidate, const char *line)
{
  g_auto (GStrv) words = NULL;
  g_autofree char *text = NULL;
  guint64 component, priority, port;

  memset (candidate, 0, sizeof *candidate);
  if (strnlen (line, P2P_NICE_CANDIDATE_MAX_LINE) ==
      P2P_NICE_CANDIDATE_MAX_LINE)
    return FALSE;
  if (g_str_has_prefix (line, "a="))
    line += strlen ("a=");
  if (!g_str_has_prefix (line, "candidate:"))
    return FALSE;
  text = g_strchomp (g_strdup (line + strlen ("candidate:")));
  words = g_strsplit (text, " ", -1);
  if (g_strv_length (words) < 8 || !is_foundation (words[0])
      || !parse_number (words[1], 256, &component) || component != 1
      || g_ascii_strcasecmp (words[2], "udp") != 0
      || !parse_number (words[3], G_MAXUINT32, &priority) || priority == 0
      || !parse_number (words[5], G_MAXUINT16, &port) || port == 0
      || strcmp (words[6], "typ") != 0
      || !parse_type (words[7], &candidate->type))
    return FALSE;
  if (!is_address (words[4]) && !p2p_nice_candidate_is_local_name (words[4]))
    return FALSE;
  g_strlcpy (candidate->foundation, words[0], sizeof candidate->foundation);
  g_strlcpy (candidate->host, words[4], sizeof candidate->host);
  candidate->priority = priority;
  candidate->port = port;
  return parse_extensions (candidate, words + 8);
}

char *
p2p_nice_candidate_write (const P2pNiceCandidate * candidate)
{
  GString *text = g_string_new (NULL);

  g_string_printf (text, "candidate:%s 1 udp %u %s %u typ %s",
      candidate->foundation, candidate->priority, candidate->host,
      candidate->port, type_names[candidate->type]);
  if (candidate->related[0])
    g_string_append_printf (text, " raddr %s rport %u", candidate->related,
        candidate->related_port);
  return g_string_free (text, FALSE);
}

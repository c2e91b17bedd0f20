/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Not with GUri: it refuses what hlsdemux joins and a server may serve (a %
 * alone, a strange port) and writes escapes anew, while what goes on the wire
 * must stay as the playlist has it.
 */

#include "p2puri.h"

#include <string.h>

#define PREFIX_LEN (sizeof (P2P_URI_PREFIX) - 1)
/* A DNS name has 253 characters at most; escaped, three times as many. */
#define MAX_HOST 1024
#define UNRESERVED_MARKS "-._~"
#define SUB_DELIMS "!$&'()*+,;="

/* A piece of a string that is not its own; ptr NULL: it is not there. */
typedef struct
{
  const char *ptr;
  gsize len;
} Span;

/* RFC 3986, 3; the fragment is left out. */
typedef struct
{
  Span scheme, authority, path, query;
} Parts;

static Span
take (const char **pos, gsize len)
{
  Span span = { *pos, len };

  *pos += len;
  return span;
}

/* The scheme's length, 0 if uri has none. Like GStreamer, one letter is not
 * enough. */
static gsize
scheme_length (const char *uri)
{
  gsize len = 0;

  if (!g_ascii_isalpha (uri[0]))
    return 0;
  while (g_ascii_isalnum (uri[len]) || (uri[len] && strchr ("+-.", uri[len])))
    len++;
  return uri[len] == ':' && len >= 2 ? len : 0;
}

static void
split (const char *uri, Parts * parts)
{
  gsize scheme = scheme_length (uri);

  memset (parts, 0, sizeof (*parts));
  if (scheme > 0) {
    parts->scheme = take (&uri, scheme);
    uri++;
  }
  if (g_str_has_prefix (uri, "//")) {
    uri += 2;
    parts->authority = take (&uri, strcspn (uri, "/?#"));
  }
  parts->path = take (&uri, strcspn (uri, "?#"));
  if (*uri == '?') {
    uri++;
    parts->query = take (&uri, strcspn (uri, "#"));
  }
}

gboolean
p2p_uri_is_p2p (const char *uri)
{
  return g_ascii_strncasecmp (uri, P2P_URI_PREFIX, PREFIX_LEN) == 0
      && p2p_uri_is_http (uri + PREFIX_LEN);
}

gboolean
p2p_uri_is_http (const char *uri)
{
  return g_ascii_strncasecmp (uri, "http://", 7) == 0
      || g_ascii_strncasecmp (uri, "https://", 8) == 0;
}

char *
p2p_uri_to_http (const char *uri)
{
  return g_strdup (p2p_uri_is_p2p (uri) ? uri + PREFIX_LEN : uri);
}

char *
p2p_uri_to_p2p (const char *uri)
{
  return p2p_uri_is_http (uri) ? g_strconcat (P2P_URI_PREFIX, uri, NULL)
      : g_strdup (uri);
}

static void
append (GString * out, Span span)
{
  g_string_append_len (out, span.ptr, span.len);
}

/* RFC 3986, 5.2.4, for an absolute path at start of out, in place. */
static void
remove_dot_segments (GString * out, gsize start)
{
  const char *in = out->str + start, *end = out->str + out->len;
  char *to = out->str + start;

  while (in < end) {
    /* in is at a slash: one segment */
    const char *next = memchr (in + 1, '/', end - in - 1);
    gsize len = (next ? next : end) - in;
    gboolean up = len == 3 && memcmp (in, "/..", 3) == 0;

    if (up && to > out->str + start) {
      do
        to--;
      while (*to != '/');
    }
    if (up || (len == 2 && in[1] == '.')) {
      if (!next)
        *to++ = '/';
    } else {
      memmove (to, in, len);
      to += len;
    }
    in += len;
  }
  g_string_truncate (out, to - out->str);
}

/* RFC 3986, 5.2.3: what path is relative to */
static void
append_directory (GString * out, const Parts * base)
{
  gsize len = base->path.len;

  while (len > 0 && base->path.ptr[len - 1] != '/')
    len--;
  if (len > 0)
    g_string_append_len (out, base->path.ptr, len);
  else
    g_string_append_c (out, '/');
}

char *
p2p_uri_resolve (const char *base_uri, const char *ref_uri)
{
  Parts base, ref;
  GString *out;
  gsize path;

  split (ref_uri, &ref);
  if (ref.scheme.ptr && !p2p_uri_is_http (ref_uri)
      && !p2p_uri_is_p2p (ref_uri))
    return g_strndup (ref_uri, strcspn (ref_uri, "#"));
  if (!ref.scheme.ptr && !p2p_uri_is_http (base_uri)
      && !p2p_uri_is_p2p (base_uri))
    return NULL;

  split (base_uri, &base);
  out = g_string_new (NULL);
  append (out, ref.scheme.ptr ? ref.scheme : base.scheme);
  g_string_append (out, "://");
  append (out, ref.authority.ptr ? ref.authority : base.authority);
  path = out->len;
  if (ref.authority.ptr || ref.path.len > 0) {
    if (!ref.authority.ptr && ref.path.ptr[0] != '/')
      append_directory (out, &base);
    append (out, ref.path);
  } else {
    append (out, base.path);
    if (!ref.query.ptr)
      ref.query = base.query;
  }
  remove_dot_segments (out, path);
  if (ref.query.ptr) {
    g_string_append_c (out, '?');
    append (out, ref.query);
  }
  return g_string_free (out, FALSE);
}

/* RFC 3986, 6.2.2.1 and 6.2.2.2. allowed: what may stand as it is beside the
 * unreserved characters. */
static void
append_normal (GString * out, Span span, const char *allowed)
{
  static const char hex[] = "0123456789ABCDEF";

  for (gsize i = 0; i < span.len; i++) {
    guchar c = span.ptr[i];
    gboolean escaped = c == '%' && i + 2 < span.len
        && g_ascii_isxdigit (span.ptr[i + 1])
        && g_ascii_isxdigit (span.ptr[i + 2]);

    if (escaped) {
      c = g_ascii_xdigit_value (span.ptr[i + 1]) << 4
          | g_ascii_xdigit_value (span.ptr[i + 2]);
      i += 2;
    }
    if (g_ascii_isalnum (c) || (c && strchr (UNRESERVED_MARKS, c))
        || (!escaped && c && strchr (allowed, c))) {
      g_string_append_c (out, c);
    } else {
      g_string_append_c (out, '%');
      g_string_append_c (out, hex[c >> 4]);
      g_string_append_c (out, hex[c & 15]);
    }
  }
}

/* What stands between brackets must look like an IP address; a name must not
 * hold, escaped or not, what ends a host: two readers of it could disagree
 * about whose it is. */
static gboolean
append_host (GString * out, Span host)
{
  g_autofree char *name = NULL, *ascii = NULL;

  if (host.len == 0 || host.len > MAX_HOST)
    return FALSE;
  if (host.ptr[0] == '[') {
    name = g_ascii_strdown (host.ptr + 1, host.len - 1);
    if (!g_str_has_suffix (name, "]"))
      return FALSE;
    name[strlen (name) - 1] = '\0';
    if (!strchr (name, ':') || strpbrk (name, "%/")
        || !g_hostname_is_ip_address (name))
      return FALSE;
    g_string_append_printf (out, "[%s]", name);
    return TRUE;
  }
  name = g_uri_unescape_segment (host.ptr, host.ptr + host.len, NULL);
  if (!name || !*name || !g_utf8_validate (name, -1, NULL))
    return FALSE;
  if (g_hostname_is_non_ascii (name) && !(ascii = g_hostname_to_ascii (name)))
    return FALSE;
  if (!ascii)
    ascii = g_ascii_strdown (name, -1);
  /* Of characters that IDNA takes away nothing is left. */
  if (!*ascii)
    return FALSE;
  for (const char *c = ascii; *c; c++) {
    if (!g_ascii_isalnum (*c) && !strchr (UNRESERVED_MARKS SUB_DELIMS, *c))
      return FALSE;
  }
  g_string_append (out, ascii);
  return TRUE;
}

/* RFC 3986, 6.2.3. port: with its colon, or empty */
static gboolean
append_port (GString * out, Span port, guint standard)
{
  guint number = 0;

  if (port.len <= 1)
    return TRUE;
  for (gsize i = 1; i < port.len; i++) {
    if (!g_ascii_isdigit (port.ptr[i]))
      return FALSE;
    number = number * 10 + (port.ptr[i] - '0');
    if (number > G_MAXUINT16)
      return FALSE;
  }
  if (number == standard)
    return TRUE;
  g_string_append_c (out, ':');
  for (; port.len > 2 && port.ptr[1] == '0'; port.ptr++)
    port.len--;
  g_string_append_len (out, port.ptr + 1, port.len - 1);
  return TRUE;
}

/* Scheme, host and port of an http(s) or p2phls+http(s) URI, and its parts.
 * Returns: (nullable): NULL if it is none. */
static GString *
make_origin (const char *uri, Parts * parts)
{
  gboolean tls;
  GString *out;
  Span host, port;
  const char *pos, *end, *at;

  if (p2p_uri_is_p2p (uri))
    uri += PREFIX_LEN;
  if (!p2p_uri_is_http (uri))
    return NULL;
  split (uri, parts);
  tls = parts->scheme.len == 5;
  pos = parts->authority.ptr;
  end = pos + parts->authority.len;
  at = memchr (pos, '@', end - pos);
  /* Browsers end the host there, RFC 3986 does not. */
  if (memchr (pos, '\\', end - pos))
    return NULL;
  if (at)
    pos = at + 1;
  if (*pos == '[') {
    const char *bracket = memchr (pos, ']', end - pos);

    host = take (&pos, bracket ? bracket + 1 - pos : end - pos);
  } else {
    const char *colon = memchr (pos, ':', end - pos);

    host = take (&pos, (colon ? colon : end) - pos);
  }
  port = take (&pos, end - pos);

  out = g_string_new (tls ? "https://" : "http://");
  if (append_host (out, host) && (port.len == 0 || port.ptr[0] == ':')
      && append_port (out, port, tls ? 443 : 80))
    return out;
  g_string_free (out, TRUE);
  return NULL;
}

char *
p2p_uri_canonical (const char *uri)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (uri));
  Parts parts;
  GString *out = make_origin (trimmed, &parts);
  gsize path;

  if (!out)
    return g_strdup (uri);
  path = out->len;
  if (parts.path.len == 0)
    g_string_append_c (out, '/');
  append_normal (out, parts.path, SUB_DELIMS ":@/");
  /* After the escapes: %2E is a dot. */
  remove_dot_segments (out, path);
  if (parts.query.ptr) {
    g_string_append_c (out, '?');
    append_normal (out, parts.query, SUB_DELIMS ":@/?");
  }
  return g_string_free (out, FALSE);
}

char *
p2p_uri_strip (const char *uri)
{
  Parts parts;
  const char *at;
  GString *out;
  gsize path;

  if (p2p_uri_is_p2p (uri))
    uri += PREFIX_LEN;
  if (!p2p_uri_is_http (uri))
    return g_strndup (uri, strcspn (uri, "?#"));
  split (uri, &parts);
  out = g_string_new (NULL);
  append (out, parts.scheme);
  g_string_append (out, "://");
  at = g_strrstr_len (parts.authority.ptr, parts.authority.len, "@");
  if (at) {
    parts.authority.len -= at + 1 - parts.authority.ptr;
    parts.authority.ptr = at + 1;
  }
  append (out, parts.authority);
  path = out->len;
  append (out, parts.path);
  remove_dot_segments (out, path);
  return g_string_free (out, FALSE);
}

char *
p2p_uri_strip_as_browser (const char *uri)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (uri));
  Parts parts;
  GString *out = make_origin (trimmed, &parts);
  gsize path;

  if (!out)
    return p2p_uri_strip (uri);
  path = out->len;
  if (parts.path.len == 0)
    g_string_append_c (out, '/');
  for (gsize i = 0; i < parts.path.len; i++) {
    guchar c = parts.path.ptr[i];

    if (c <= ' ' || c > '~' || strchr ("\"<>^`{}", c))
      g_string_append_printf (out, "%%%02X", c);
    else
      g_string_append_c (out, c == '\\' ? '/' : c);
  }
  remove_dot_segments (out, path);
  return g_string_free (out, FALSE);
}

gboolean
p2p_uri_same_origin (const char *a, const char *b)
{
  Parts parts;
  GString *origin_a = make_origin (a, &parts);
  GString *origin_b = make_origin (b, &parts);
  gboolean same = origin_a && origin_b && g_string_equal (origin_a, origin_b);

  if (origin_a)
    g_string_free (origin_a, TRUE);
  if (origin_b)
    g_string_free (origin_b, TRUE);
  return same;
}

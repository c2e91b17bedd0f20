/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2psoupgatewaylinks.h"

#include "p2prewrite.h"
#include "p2puri.h"

#include <errno.h>
#include <gio/gio.h>
#include <string.h>
#include <unistd.h>

#define KEY_BYTES 32
#define SIGNATURE_BYTES 16
/* … in base64url, which is all that is of use here */
#define SIGNATURE_CHARS 22
#define MAX_NAME 64
#define PLAYER_CHARS 9
/* Before the URI in a path. */
#define SKIPPED (1 + P2P_SOUP_GATEWAY_TOKEN + 1 + SIGNATURE_CHARS)

struct _P2pSoupGatewayLinks
{
  gatomicrefcount refs;
  char token[P2P_SOUP_GATEWAY_TOKEN + 1];
  GHmac *hmac;                  /* that knows the key, and nothing else yet */
};

P2pSoupGatewayLinks *
p2p_soup_gateway_links_new (GError ** error)
{
  guint8 chance[KEY_BYTES + P2P_SOUP_GATEWAY_TOKEN / 2];
  P2pSoupGatewayLinks *self;

  if (getentropy (chance, sizeof chance) < 0) {
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
        "No random numbers for a URL that nobody can guess: %s",
        g_strerror (errno));
    return NULL;
  }
  self = g_new0 (P2pSoupGatewayLinks, 1);
  g_atomic_ref_count_init (&self->refs);
  self->hmac = g_hmac_new (G_CHECKSUM_SHA256, chance, KEY_BYTES);
  for (guint i = 0; i < P2P_SOUP_GATEWAY_TOKEN / 2; i++)
    g_snprintf (self->token + 2 * i, 3, "%02x", chance[KEY_BYTES + i]);
  return self;
}

P2pSoupGatewayLinks *
p2p_soup_gateway_links_ref (P2pSoupGatewayLinks * self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
p2p_soup_gateway_links_unref (P2pSoupGatewayLinks * self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_hmac_unref (self->hmac);
  g_free (self);
}

const char *
p2p_soup_gateway_links_get_token (P2pSoupGatewayLinks * self)
{
  return self->token;
}

/* --- names --- */

/* RFC 4648, 5, without padding. */
static void
append_base64url (GString * out, const guint8 * data, gsize size)
{
  g_autofree char *text = g_base64_encode (data, size);

  for (const char *c = text; *c && *c != '='; c++)
    g_string_append_c (out, *c == '+' ? '-' : *c == '/' ? '_' : *c);
}

static char *
read_base64url (const char *text)
{
  g_autoptr (GString) padded = g_string_new (NULL);
  gsize size;

  for (; *text && *text != '/'; text++)
    g_string_append_c (padded, *text == '-' ? '+' : *text == '_' ? '/' : *text);
  if (padded->len == 0)
    return g_strdup ("");
  while (padded->len % 4)
    g_string_append_c (padded, '=');
  g_base64_decode_inplace (padded->str, &size);
  return g_strndup (padded->str, size);
}

static void
append_signature (P2pSoupGatewayLinks * self, GString * out, const char *uri)
{
  GHmac *hmac = g_hmac_copy (self->hmac);
  guint8 digest[32];
  gsize size = sizeof digest;

  g_hmac_update (hmac, (const guint8 *) uri, strlen (uri));
  g_hmac_get_digest (hmac, digest, &size);
  g_hmac_unref (hmac);
  append_base64url (out, digest, SIGNATURE_BYTES);
}

/* The last part of the URI's path, of what no URL has to escape; its end counts. */
static void
append_name (GString * out, const char *uri)
{
  gsize end = strcspn (uri, "?#"), start = end;

  while (start > 0 && uri[start - 1] != '/' && end - start < MAX_NAME)
    start--;
  while (start < end && uri[start] == '.')
    start++;
  if (start == end)
    g_string_append_c (out, '-');
  for (; start < end; start++) {
    char c = uri[start];

    g_string_append_c (out, g_ascii_isalnum (c) || strchr ("-._", c) ? c : '_');
  }
}

char *
p2p_soup_gateway_links_sign (P2pSoupGatewayLinks * self, const char *uri,
    const char *player)
{
  GString *path = g_string_new ("/");

  g_string_append (path, self->token);
  g_string_append_c (path, '/');
  append_signature (self, path, uri);
  append_base64url (path, (const guint8 *) uri, strlen (uri));
  g_string_append_c (path, '/');
  if (player) {
    g_string_append (path, player);
    g_string_append_c (path, '/');
  }
  append_name (path, uri);
  return g_string_free (path, FALSE);
}

/* Whether both are the same, in a time that says nothing of where they differ. */
static gboolean
is_same (const char *a, const char *b)
{
  gsize len = strlen (a);
  guint8 difference = 0;

  if (len != strlen (b))
    return FALSE;
  for (gsize i = 0; i < len; i++)
    difference |= a[i] ^ b[i];
  return difference == 0;
}

char *
p2p_soup_gateway_links_name_player (guint number)
{
  return g_strdup_printf ("p%08x", number);
}

/* Returns: (transfer full) (nullable): what path says between URI and name */
static char *
read_player (const char *path)
{
  const char *text = path + SKIPPED + strcspn (path + SKIPPED, "/");

  return text[0] == '/' && text[1] == 'p'
      && strspn (text + 2, "0123456789abcdef") >= PLAYER_CHARS - 1
      && text[1 + PLAYER_CHARS] == '/' ? g_strndup (text + 1, PLAYER_CHARS)
      : NULL;
}

char *
p2p_soup_gateway_links_open (P2pSoupGatewayLinks * self, const char *path,
    char **player)
{
  g_autofree char *uri = NULL, *signed_path = NULL, *said = NULL;

  *player = NULL;
  if (strlen (path) <= SKIPPED)
    return NULL;
  uri = read_base64url (path + SKIPPED);
  said = read_player (path);
  signed_path = p2p_soup_gateway_links_sign (self, uri, said);
  if (!is_same (path, signed_path))
    return NULL;
  *player = g_steal_pointer (&said);
  return g_steal_pointer (&uri);
}

char *
p2p_soup_gateway_links_read (const char *path)
{
  g_autofree char *uri = NULL;
  gsize len = strlen (path);

  if (len <= SKIPPED || path[0] != '/'
      || strspn (path + 1, "0123456789abcdef") != P2P_SOUP_GATEWAY_TOKEN
      || strcspn (path + SKIPPED - SIGNATURE_CHARS, "/") <= SIGNATURE_CHARS)
    return NULL;
  uri = read_base64url (path + SKIPPED);
  return p2p_uri_is_http (uri) && g_utf8_validate (uri, -1, NULL) ?
      g_steal_pointer (&uri) : NULL;
}

/* --- playlists --- */

typedef struct
{
  P2pSoupGatewayLinks *links;
  const char *base, *player;
} Rewriting;

/* Bytes that are no text go to the server as they are, in a form that may stand in
 * a URI. Returns: (transfer full) */
static char *
read_reference (P2pText text)
{
  GString *out;

  if (g_utf8_validate_len (text.ptr, text.len, NULL))
    return g_strndup (text.ptr, text.len);
  out = g_string_new (NULL);
  for (gsize i = 0; i < text.len; i++) {
    guchar c = text.ptr[i];

    if (c == '\0' || c >= 0x80)
      g_string_append_printf (out, "%%%02X", c);
    else
      g_string_append_c (out, c);
  }
  return g_string_free (out, FALSE);
}

/* Returns: (transfer full) (nullable): absolute and plain; NULL: no http(s), or for
 * the player to put together: a variable (EXT-X-DEFINE) may say where it is */
static char *
p2p_soup_gateway_links_resolve (Rewriting * self, P2pText text)
{
  g_autofree char *written = read_reference (text);
  g_autofree char *uri = p2p_uri_resolve (self->base, written);
  g_autofree char *plain = uri ? p2p_uri_to_http (uri) : NULL;

  return plain && p2p_uri_is_http (plain) && text.len > 0
      && !g_str_has_prefix (written, "{$") ? g_steal_pointer (&plain) : NULL;
}

/* What is not fetched here says where it is: what it was relative to is not here. */
static GBytes *
p2p_soup_gateway_links_place (P2pText text, gpointer user_data)
{
  g_autofree char *written = read_reference (text);
  char *plain = p2p_uri_is_http (written) ? NULL
      : p2p_soup_gateway_links_resolve (user_data, text);

  return plain ? g_bytes_new_take (plain, strlen (plain)) : NULL;
}

static GBytes *
p2p_soup_gateway_links_write (P2pText text, gpointer user_data)
{
  Rewriting *self = user_data;
  g_autofree char *plain = p2p_soup_gateway_links_resolve (self, text);
  char *path;

  if (!plain)
    return NULL;
  if (strstr (plain, "{$") || strlen (plain) > P2P_SOUP_GATEWAY_MAX_URI)
    return p2p_soup_gateway_links_place (text, user_data);
  path = p2p_soup_gateway_links_sign (self->links, plain, self->player);
  return g_bytes_new_take (path, strlen (path));
}

GBytes *
p2p_soup_gateway_links_rewrite (P2pSoupGatewayLinks * self, GBytes * playlist,
    const char *base, const char *player)
{
  Rewriting rewriting = { self, base, player };

  return p2p_playlist_rewrite_uris (playlist, p2p_soup_gateway_links_write,
      p2p_soup_gateway_links_place, &rewriting);
}

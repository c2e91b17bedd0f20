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

  text[strcspn (text, "=")] = '\0';
  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  g_string_append (out, text);
}

static char *
read_base64url (const char *text)
{
  gsize len = strcspn (text, "/");
  g_autoptr (GString) padded = g_string_new_len (text, len);
  gsize size;

  if (len == 0)
    return g_strdup ("");
  g_strdelimit (padded->str, "-", '+');
  g_strdelimit (padded->str, "_", '/');
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
  if (player)
    g_string_append_printf (path, "%s/", player);
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

static GBytes *
p2p_soup_gateway_links_write (P2pText text, gpointer user_data)
{
  Rewriting *rewriting = user_data;
  g_autofree char *written = p2p_text_dup (text);
  g_autofree char *uri = p2p_uri_resolve (rewriting->base, written);
  g_autofree char *plain = uri ? p2p_uri_to_http (uri) : NULL;
  char *path;

  /* What has a variable in it (EXT-X-DEFINE) is for the player to put together. */
  if (!plain || !p2p_uri_is_http (plain) || text.len == 0
      || strstr (plain, "{$") || strlen (plain) > P2P_SOUP_GATEWAY_MAX_URI)
    return NULL;
  path = p2p_soup_gateway_links_sign (rewriting->links, plain,
      rewriting->player);
  return g_bytes_new_take (path, strlen (path));
}

GBytes *
p2p_soup_gateway_links_rewrite (P2pSoupGatewayLinks * self, GBytes * playlist,
    const char *base, const char *player)
{
  Rewriting rewriting = { self, base, player };

  return p2p_playlist_rewrite_uris (playlist, p2p_soup_gateway_links_write,
      &rewriting);
}

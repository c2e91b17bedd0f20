/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <libsoup/soup.h>

#include "p2pfetcher.h"

G_BEGIN_DECLS

/* Redirects followed for one request. */
#define P2P_SOUP_MAX_REDIRECTS 20

/* What a fetch asks for, over all redirects of it. */
typedef struct
{
  const char *method;           /* interned */
  char *wanted;                 /* the URI as it was asked for */
  GUri *uri;                    /* where it is asked for now */
  gint64 start;
  gint64 stop;
  char *if_range;
  P2pHttpOptions *options;
  GBytes *body;                 /* or NULL */
  char *content_type;

  guint redirects;              /* so far */
  gboolean permanent;           /* all of them */
} P2pSoupRequest;

/* Returns: (transfer full) (nullable): NULL if it cannot be asked for. */
P2pSoupRequest *p2p_soup_request_new (const P2pFetchRequest * request,
    GError ** error);
void p2p_soup_request_free (P2pSoupRequest * self);

/* Returns: (transfer full): the message for uri, redirects not followed */
SoupMessage *p2p_soup_request_make_message (P2pSoupRequest * self);

/* Answers for the options what message asks while it is under way; until
 * p2p_soup_request_unwatch(). */
void p2p_soup_request_watch (P2pSoupRequest * self, SoupMessage * message);
void p2p_soup_request_unwatch (P2pSoupRequest * self, SoupMessage * message);

/* Whether the user name and the password may be told to whom uri names. */
gboolean p2p_soup_request_trusts (P2pSoupRequest * self, GUri * uri);

/* Whether the answer says to ask elsewhere. */
gboolean p2p_soup_request_is_redirect (P2pSoupRequest * self,
    SoupMessage * message);

/* Goes where the answer says. */
gboolean p2p_soup_request_follow (P2pSoupRequest * self,
    SoupMessage * message, GError ** error);

G_END_DECLS

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstp2phlserrors.h"

#include <glib/gi18n-lib.h>

static GstResourceError
gst_p2p_hls_errors_map_status (guint status)
{
  switch (status) {
    case 404:
      return GST_RESOURCE_ERROR_NOT_FOUND;
    case 401:
    case 402:
    case 403:
    case 407:
      return GST_RESOURCE_ERROR_NOT_AUTHORIZED;
    default:
      return GST_RESOURCE_ERROR_OPEN_READ;
  }
}

/* Sets the words for a user; an HTTP status says its own. */
static GstResourceError
gst_p2p_hls_errors_map (const GError * error, P2pHttpHead * head,
    const char **text)
{
  switch ((P2pError) error->code) {
    case P2P_ERROR_STATUS:
      *text = head && head->reason && *head->reason ? head->reason :
          _("The server answered with an error.");
      return gst_p2p_hls_errors_map_status (head ? head->status : 0);
    case P2P_ERROR_RESOLVE:
      *text = _("Could not resolve server name.");
      return GST_RESOURCE_ERROR_NOT_FOUND;
    case P2P_ERROR_CONNECT:
      *text = _("Could not establish connection to server.");
      return GST_RESOURCE_ERROR_OPEN_READ;
    case P2P_ERROR_TLS:
      *text = _("Secure connection setup failed.");
      return GST_RESOURCE_ERROR_OPEN_READ;
    case P2P_ERROR_TIMEOUT:
      *text = _("The server sent nothing for too long.");
      return GST_RESOURCE_ERROR_READ;
    case P2P_ERROR_CUT:
      *text = _("A network error occurred, or the server closed the connection "
          "unexpectedly.");
      return GST_RESOURCE_ERROR_READ;
    case P2P_ERROR_MALFORMED:
      *text = _("Server sent bad data.");
      return GST_RESOURCE_ERROR_READ;
    case P2P_ERROR_REDIRECT:
      *text = _("The server's redirections lead nowhere.");
      return GST_RESOURCE_ERROR_OPEN_READ;
    case P2P_ERROR_RANGE:
      *text = _("Server does not support seeking.");
      return GST_RESOURCE_ERROR_SEEK;
    case P2P_ERROR_TOO_LARGE:
      *text = _("The server sent more than a playlist can hold.");
      return GST_RESOURCE_ERROR_READ;
    case P2P_ERROR_URI:
      *text = _("The URL cannot be fetched. Check the location.");
      return GST_RESOURCE_ERROR_OPEN_READ;
    case P2P_ERROR_REJECTED:
      *text = _("The application rejected what the server sent.");
      return GST_RESOURCE_ERROR_READ;
    case P2P_ERROR_DESTROYED:
      *text = _("The session was destroyed by the application.");
      return GST_RESOURCE_ERROR_CLOSE;
    default:
      *text = _("Could not read from resource.");
      return GST_RESOURCE_ERROR_READ;
  }
}

void
gst_p2p_hls_errors_post (GstElement * element, const char *location,
    P2pHttpHead * head, const GError * error)
{
  const char *text;
  GstResourceError code = gst_p2p_hls_errors_map (error, head, &text);
  g_autofree char *utf8 = g_utf8_make_valid (text, -1);
  g_autofree char *debug = g_strdup_printf ("%s, URL: %s, Redirect to: %s",
      error->message, location,
      head && head->redirected ? head->uri : "(NULL)");
  g_autofree char *valid = g_utf8_make_valid (debug, -1);
  GstStructure *details = NULL;

  if (head)
    details = gst_structure_new ("details",
        "http-status-code", G_TYPE_UINT, head->status,
        "http-redirect-uri", G_TYPE_STRING,
        head->redirected ? head->uri : "(NULL)", NULL);
  gst_element_message_full_with_details (element, GST_MESSAGE_ERROR,
      GST_RESOURCE_ERROR, code, g_steal_pointer (&utf8),
      g_steal_pointer (&valid), __FILE__, GST_FUNCTION, __LINE__, details);
}

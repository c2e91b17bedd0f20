/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/**
 * SECTION:element-p2phlstracker
 * @title: p2phlstracker
 * @short_description: finds the other viewers of what p2phlssrc plays
 * @see_also: p2phlssrc
 *
 * The pair of p2phlssrc, and like it no part of the flow: it has no pads. In a
 * pipeline with sources it gives them its session, wherever they stand and
 * whenever it is added, asks for P2P with that, and what is set on it wins over
 * what is set on them. With tracker-announce it is a client of those trackers;
 * with listen-port it is a tracker itself, and without tracker-announce its own
 * client too. As a tracker it serves viewers of seed 002's protocol and, on the same
 * port, those of WebTorrent trackers; its own sources are announced to both.
 *
 * Trouble with trackers and peers never ends a pipeline: it is told by signals.
 * Only a port that cannot be listened on is an ERROR, and fails the way from NULL
 * to READY.
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 p2phlstracker listen-port=8000
 * ]| A tracker and nothing else.
 * |[
 * gst-launch-1.0 p2phlstracker tracker-announce=http://tracker.example:8000 p2phlssrc location=https://example.com/live/index.m3u8 ! hlsdemux ! decodebin ! autovideosink
 * ]| A viewer that shares what it loads with the other viewers of that tracker.
 *
 * Since: 0.1
 */

#include "gstp2phlstracker.h"

#include <glib/gi18n-lib.h>

#include "gstp2phlscontext.h"
#include "gstp2phlsmember.h"

#include "p2ptrackerserver.h"

GST_DEBUG_CATEGORY_STATIC (gst_p2p_hls_tracker_debug);
#define GST_CAT_DEFAULT gst_p2p_hls_tracker_debug

#define DEFAULT_LISTEN_PORT -1
#define DEFAULT_REPORT_INTERVAL 60
#define DEFAULT_HEARTBEAT_INTERVAL 60
#define DEFAULT_ANNOUNCE_INTERVAL 120
#define DEFAULT_MAX_CONNECTIONS_PER_ADDRESS 256
#define DEFAULT_STATS_INTERVAL 0

enum
{
  PROP_0,
  PROP_LISTEN_ADDRESS,
  PROP_LISTEN_PORT,
  PROP_CURRENT_PORT,
  PROP_REPORT_INTERVAL,
  PROP_HEARTBEAT_INTERVAL,
  PROP_ANNOUNCE_INTERVAL,
  PROP_CERTIFICATE_FILE,
  PROP_KEY_FILE,
  PROP_TRUSTED_PROXY,
  PROP_ALLOWED_ORIGINS,
  PROP_ALLOWED_INFO_HASHES,
  PROP_MAX_CONNECTIONS_PER_ADDRESS,
  PROP_STATS_INTERVAL,
  PROP_MEMBER                   /* the first of GstP2pHlsMember's */
};

struct _GstP2pHlsTracker
{
  GstElement parent;

  GstP2pHlsMember member;

  /* Under the object's lock: */
  char *listen_address;
  int listen_port;
  int current_port;             /* -1: not listening */
  guint report_interval;
  guint heartbeat_interval;
  guint announce_interval;
  char *certificate_file;
  char *key_file;
  char *trusted_proxy;
  char **allowed_origins;
  char **allowed_info_hashes;
  guint max_connections_per_address;
  guint stats_interval;

  /* Of who changes the state: */
  P2pTrackerServer *server;
  GstClockID stats_timer;
};

#define gst_p2p_hls_tracker_parent_class parent_class
G_DEFINE_TYPE (GstP2pHlsTracker, gst_p2p_hls_tracker, GST_TYPE_ELEMENT);
GST_ELEMENT_REGISTER_DEFINE (p2phlstracker, "p2phlstracker", GST_RANK_NONE,
    GST_TYPE_P2P_HLS_TRACKER);

/* --- the session --- */

/* Under the lock. Where it listens, as seen from this machine: scheme "http" or
 * "ws". */
static char *
gst_p2p_hls_tracker_make_url (GstP2pHlsTracker * self, const char *scheme)
{
  const char *address = self->listen_address;

  if (address == NULL || g_str_equal (address, "0.0.0.0"))
    address = "127.0.0.1";
  else if (g_str_equal (address, "::"))
    address = "::1";
  return g_strdup_printf (strchr (address, ':') ? "%s%s://[%s]:%d"
      : "%s%s://%s:%d", scheme, self->certificate_file ? "s" : "", address,
      self->current_port);
}

/* Tells the session what was set here, for all its elements. A tracker that
 * listens and was given none announces to itself, to players and to browsers. */
static void
gst_p2p_hls_tracker_tell (GstElement * element, GstP2pHlsSession * session,
    GstP2pHlsSettings * settings, guint64 mask)
{
  GstP2pHlsTracker *self = GST_P2P_HLS_TRACKER (element);

  GST_OBJECT_LOCK (self);
  if (self->current_port > 0 && settings->session.tracker_announce == NULL) {
    char **urls = settings->session.tracker_announce = g_new0 (char *, 3);

    urls[0] = gst_p2p_hls_tracker_make_url (self, "http");
    urls[1] = gst_p2p_hls_tracker_make_url (self, "ws");
    mask |= gst_p2p_hls_settings_get_tracker_bit ();
  }
  GST_OBJECT_UNLOCK (self);
  gst_p2p_hls_session_rule (session, settings, mask);
  gst_p2p_hls_session_ask (session);
}

static void
gst_p2p_hls_tracker_attach (GstP2pHlsTracker * self)
{
  g_autoptr (GstP2pHlsSession) session =
      gst_p2p_hls_context_get (GST_ELEMENT (self));

  gst_p2p_hls_member_attach (&self->member, session);
}

/* --- the server --- */

static void
gst_p2p_hls_tracker_set_current_port (GstP2pHlsTracker * self, int port)
{
  GST_OBJECT_LOCK (self);
  self->current_port = port;
  GST_OBJECT_UNLOCK (self);
  g_object_notify (G_OBJECT (self), "current-port");
}

/* Returns: FALSE after an ERROR. */
static gboolean
gst_p2p_hls_tracker_listen (GstP2pHlsTracker * self)
{
  g_autofree char *address = NULL, *certificate = NULL, *key = NULL;
  g_autofree char *proxy = NULL;
  g_auto (GStrv) origins = NULL, info_hashes = NULL;
  g_autoptr (GError) error = NULL;
  P2pTrackerConfig config;

  p2p_tracker_config_init (&config);
  GST_OBJECT_LOCK (self);
  if (self->listen_port < 0) {
    GST_OBJECT_UNLOCK (self);
    return TRUE;
  }
  config.listen_address = address = g_strdup (self->listen_address);
  config.listen_port = self->listen_port;
  config.certificate_file = certificate = g_strdup (self->certificate_file);
  config.key_file = key = g_strdup (self->key_file);
  config.trusted_proxy = proxy = g_strdup (self->trusted_proxy);
  config.report_interval = self->report_interval;
  config.heartbeat_interval = self->heartbeat_interval;
  config.announce_interval = self->announce_interval;
  config.allowed_origins = origins = g_strdupv (self->allowed_origins);
  config.allowed_info_hashes = info_hashes =
      g_strdupv (self->allowed_info_hashes);
  config.max_connections_per_address = self->max_connections_per_address;
  GST_OBJECT_UNLOCK (self);

  self->server = p2p_tracker_server_new (&config);
  if (!p2p_tracker_server_start (self->server, &error)) {
    g_clear_pointer (&self->server, p2p_tracker_server_free);
    GST_ELEMENT_ERROR (self, RESOURCE, OPEN_READ_WRITE,
        (_("Cannot listen for other viewers.")), ("%s", error->message));
    return FALSE;
  }
  gst_p2p_hls_tracker_set_current_port (self,
      p2p_tracker_server_get_port (self->server));
  return TRUE;
}

static void
gst_p2p_hls_tracker_hang_up (GstP2pHlsTracker * self)
{
  if (self->server == NULL)
    return;
  p2p_tracker_server_stop (self->server);
  g_clear_pointer (&self->server, p2p_tracker_server_free);
  gst_p2p_hls_tracker_set_current_port (self, -1);
}

/* --- statistics --- */

static gboolean
gst_p2p_hls_tracker_on_stats (GstClock * clock, GstClockTime time,
    GstClockID id, gpointer user_data)
{
  GstP2pHlsTracker *self = g_weak_ref_get (user_data);
  GstStructure *stats;

  if (self == NULL)
    return FALSE;
  stats = gst_p2p_hls_member_get_stats (&self->member);
  gst_structure_set_name (stats, "p2phls-stats");
  gst_element_post_message (GST_ELEMENT (self),
      gst_message_new_element (GST_OBJECT (self), stats));
  gst_object_unref (self);
  return TRUE;
}

static void
gst_p2p_hls_tracker_weak_free (gpointer weak)
{
  g_weak_ref_clear (weak);
  g_free (weak);
}

static void
gst_p2p_hls_tracker_start_stats (GstP2pHlsTracker * self)
{
  g_autoptr (GstClock) clock = gst_system_clock_obtain ();
  GstClockTime interval;
  GWeakRef *weak;

  GST_OBJECT_LOCK (self);
  interval = self->stats_interval * GST_MSECOND;
  GST_OBJECT_UNLOCK (self);
  if (interval == 0)
    return;
  weak = g_new (GWeakRef, 1);
  g_weak_ref_init (weak, self);
  self->stats_timer = gst_clock_new_periodic_id (clock,
      gst_clock_get_time (clock) + interval, interval);
  gst_clock_id_wait_async (self->stats_timer, gst_p2p_hls_tracker_on_stats,
      weak, gst_p2p_hls_tracker_weak_free);
}

static void
gst_p2p_hls_tracker_stop_stats (GstP2pHlsTracker * self)
{
  if (self->stats_timer == NULL)
    return;
  gst_clock_id_unschedule (self->stats_timer);
  g_clear_pointer (&self->stats_timer, gst_clock_id_unref);
}

static GstStateChangeReturn
gst_p2p_hls_tracker_change_state (GstElement * element,
    GstStateChange transition)
{
  GstP2pHlsTracker *self = GST_P2P_HLS_TRACKER (element);
  GstStateChangeReturn result;

  if (transition == GST_STATE_CHANGE_NULL_TO_READY) {
    if (!gst_p2p_hls_tracker_listen (self))
      return GST_STATE_CHANGE_FAILURE;
    gst_p2p_hls_tracker_attach (self);
    gst_p2p_hls_tracker_start_stats (self);
  }
  result = GST_ELEMENT_CLASS (parent_class)->change_state (element, transition);
  if (transition == GST_STATE_CHANGE_READY_TO_NULL) {
    gst_p2p_hls_tracker_stop_stats (self);
    gst_p2p_hls_member_detach (&self->member);
    gst_p2p_hls_tracker_hang_up (self);
  }
  return result;
}

/* --- properties --- */

/* The element's own, by id. */
static GstP2pHlsField fields[PROP_MEMBER];

static void
gst_p2p_hls_tracker_set_property (GObject * object, guint id,
    const GValue * value, GParamSpec * pspec)
{
  GstP2pHlsTracker *self = GST_P2P_HLS_TRACKER (object);

  if (gst_p2p_hls_member_set_property (&self->member, pspec, value))
    return;
  GST_OBJECT_LOCK (self);
  gst_p2p_hls_field_set (&fields[id], self, value);
  GST_OBJECT_UNLOCK (self);
}

static void
gst_p2p_hls_tracker_get_property (GObject * object, guint id, GValue * value,
    GParamSpec * pspec)
{
  GstP2pHlsTracker *self = GST_P2P_HLS_TRACKER (object);

  if (gst_p2p_hls_member_get_property (&self->member, pspec, value))
    return;
  GST_OBJECT_LOCK (self);
  gst_p2p_hls_field_get (&fields[id], self, value);
  GST_OBJECT_UNLOCK (self);
}

/* --- class --- */

static void
gst_p2p_hls_tracker_finalize (GObject * object)
{
  GstP2pHlsTracker *self = GST_P2P_HLS_TRACKER (object);

  g_free (self->listen_address);
  g_free (self->certificate_file);
  g_free (self->key_file);
  g_free (self->trusted_proxy);
  g_strfreev (self->allowed_origins);
  g_strfreev (self->allowed_info_hashes);
  gst_p2p_hls_member_clear (&self->member);
  G_OBJECT_CLASS (parent_class)->finalize (object);
}

#define IN_NULL (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS)
#define FIELD(name) G_STRUCT_OFFSET (GstP2pHlsTracker, name)

static void
gst_p2p_hls_tracker_install (GObjectClass * klass, guint id, gsize offset,
    GParamSpec * pspec)
{
  fields[id].offset = offset;
  fields[id].pspec = pspec;
  g_object_class_install_property (klass, id, pspec);
}

static void
gst_p2p_hls_tracker_install_server (GObjectClass * klass)
{
  /**
   * GstP2pHlsTracker:listen-address:
   *
   * The numeric address of this machine that viewers come to. %NULL: any, IPv4
   * and IPv6. In NULL only, as all of the server's.
   *
   * Since: 0.1
   */
  gst_p2p_hls_tracker_install (klass, PROP_LISTEN_ADDRESS,
      FIELD (listen_address), g_param_spec_string ("listen-address",
          "Listen address", "Address to listen on as a tracker; NULL: any",
          NULL, IN_NULL));
  /**
   * GstP2pHlsTracker:listen-port:
   *
   * The port on which this is a tracker: -1 for none, 0 for any that is free.
   *
   * Since: 0.1
   */
  gst_p2p_hls_tracker_install (klass, PROP_LISTEN_PORT, FIELD (listen_port),
      g_param_spec_int ("listen-port", "Listen port",
          "Port to listen on as a tracker; -1: none, 0: any that is free", -1,
          G_MAXUINT16, DEFAULT_LISTEN_PORT, IN_NULL));
  /**
   * GstP2pHlsTracker:current-port:
   *
   * The port that is listened on from READY on; -1 before, and without one.
   *
   * Since: 0.1
   */
  gst_p2p_hls_tracker_install (klass, PROP_CURRENT_PORT, FIELD (current_port),
      g_param_spec_int ("current-port", "Current port",
          "Port that is listened on; -1: none", -1, G_MAXUINT16, -1,
          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

static void
gst_p2p_hls_tracker_install_intervals (GObjectClass * klass)
{
  /**
   * GstP2pHlsTracker:report-interval:
   *
   * "report_interval" of seed 002: how often viewers tell their statistics, in
   * seconds.
   *
   * Since: 0.1
   */
  gst_p2p_hls_tracker_install (klass, PROP_REPORT_INTERVAL,
      FIELD (report_interval), g_param_spec_uint ("report-interval",
          "Report interval",
          "How often viewers of this tracker tell their statistics (s)", 1,
          86400, DEFAULT_REPORT_INTERVAL, IN_NULL));
  /**
   * GstP2pHlsTracker:heartbeat-interval:
   *
   * "heartbeat_interval" of seed 002, in seconds. A viewer that is silent for
   * three of them is gone.
   *
   * Since: 0.1
   */
  gst_p2p_hls_tracker_install (klass, PROP_HEARTBEAT_INTERVAL,
      FIELD (heartbeat_interval), g_param_spec_uint ("heartbeat-interval",
          "Heartbeat interval",
          "How often viewers of this tracker tell that they are there (s)", 1,
          86400, DEFAULT_HEARTBEAT_INTERVAL, IN_NULL));
  /**
   * GstP2pHlsTracker:announce-interval:
   *
   * "interval" of WebTorrent trackers, in seconds. A viewer that is silent for
   * three of them is gone.
   *
   * Since: 0.1
   */
  gst_p2p_hls_tracker_install (klass, PROP_ANNOUNCE_INTERVAL,
      FIELD (announce_interval), g_param_spec_uint ("announce-interval",
          "Announce interval",
          "How often WebTorrent viewers of this tracker announce themselves (s)",
          1, 86400, DEFAULT_ANNOUNCE_INTERVAL, IN_NULL));
}

static void
gst_p2p_hls_tracker_install_access (GObjectClass * klass)
{
  /**
   * GstP2pHlsTracker:certificate-file:
   *
   * Certificate chain in PEM, for https and wss; %NULL: http and ws. Needs
   * key-file.
   *
   * Since: 0.1
   */
  gst_p2p_hls_tracker_install (klass, PROP_CERTIFICATE_FILE,
      FIELD (certificate_file), g_param_spec_string ("certificate-file",
          "Certificate file",
          "File with the certificate (PEM) of this tracker; NULL: no TLS", NULL,
          IN_NULL));
  /**
   * GstP2pHlsTracker:key-file:
   *
   * Private key in PEM of certificate-file.
   *
   * Since: 0.1
   */
  gst_p2p_hls_tracker_install (klass, PROP_KEY_FILE, FIELD (key_file),
      g_param_spec_string ("key-file", "Key file",
          "File with the private key (PEM) of certificate-file", NULL,
          IN_NULL));
  /**
   * GstP2pHlsTracker:trusted-proxy:
   *
   * Numeric address of a proxy (nginx) before this tracker: its clients are told
   * apart, for the limits of one address, by the last address of X-Forwarded-For,
   * which is believed of nobody else.
   *
   * Since: 0.1
   */
  gst_p2p_hls_tracker_install (klass, PROP_TRUSTED_PROXY, FIELD (trusted_proxy),
      g_param_spec_string ("trusted-proxy", "Trusted proxy",
          "Numeric address of a proxy before this tracker, whose X-Forwarded-For "
          "is believed; NULL: none", NULL, IN_NULL));
}

static void
gst_p2p_hls_tracker_install_limits (GObjectClass * klass)
{
  /**
   * GstP2pHlsTracker:allowed-origins:
   *
   * The pages that may open a WebSocket here, each as their browser says it, such
   * as "https://site.example"; others get 403. Who is no page says none, and may
   * always. %NULL: all may.
   *
   * Since: 0.1
   */
  gst_p2p_hls_tracker_install (klass, PROP_ALLOWED_ORIGINS,
      FIELD (allowed_origins), g_param_spec_boxed ("allowed-origins",
          "Allowed origins",
          "Origins of the pages that this tracker serves; NULL: any",
          G_TYPE_STRV, IN_NULL));
  /**
   * GstP2pHlsTracker:allowed-info-hashes:
   *
   * The WebTorrent swarms that there may be, each by its info hash: 40 hexadecimal
   * digits, or, as p2p-media-loader's are, 20 printable characters. Others get a
   * failure that says why. %NULL: any.
   *
   * Since: 0.1
   */
  gst_p2p_hls_tracker_install (klass, PROP_ALLOWED_INFO_HASHES,
      FIELD (allowed_info_hashes), g_param_spec_boxed ("allowed-info-hashes",
          "Allowed info hashes",
          "Info hashes of the WebTorrent swarms of this tracker; NULL: any",
          G_TYPE_STRV, IN_NULL));
  /**
   * GstP2pHlsTracker:max-connections-per-address:
   *
   * Connections at a time of one IPv4 address, or of the 64 bits of an IPv6 one
   * that a customer has. Many viewers may have one address: that of a company.
   *
   * Since: 0.1
   */
  gst_p2p_hls_tracker_install (klass, PROP_MAX_CONNECTIONS_PER_ADDRESS,
      FIELD (max_connections_per_address),
      g_param_spec_uint ("max-connections-per-address",
          "Maximum connections of an address",
          "Connections of one address that this tracker takes at a time", 1,
          G_MAXUINT, DEFAULT_MAX_CONNECTIONS_PER_ADDRESS, IN_NULL));
}

static void
gst_p2p_hls_tracker_install_session (GObjectClass * klass)
{
  /**
   * GstP2pHlsTracker:stats-interval:
   *
   * How often the element message "p2phls-stats" is posted, in milliseconds from
   * READY on; 0: never. Its fields are those of #GstP2pHlsTracker:stats.
   *
   * Since: 0.1
   */
  gst_p2p_hls_tracker_install (klass, PROP_STATS_INTERVAL,
      FIELD (stats_interval), g_param_spec_uint ("stats-interval",
          "Statistics interval",
          "How often a message with the statistics is posted (ms); 0: never", 0,
          G_MAXUINT, DEFAULT_STATS_INTERVAL, IN_NULL));
  gst_p2p_hls_member_install (klass, PROP_MEMBER);
}

static void
gst_p2p_hls_tracker_class_init (GstP2pHlsTrackerClass * klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (gst_p2p_hls_tracker_debug, "p2phlstracker", 0,
      "finds the other viewers of what p2phlssrc plays");

  object_class->set_property = gst_p2p_hls_tracker_set_property;
  object_class->get_property = gst_p2p_hls_tracker_get_property;
  object_class->finalize = gst_p2p_hls_tracker_finalize;
  gst_p2p_hls_tracker_install_server (object_class);
  gst_p2p_hls_tracker_install_intervals (object_class);
  gst_p2p_hls_tracker_install_access (object_class);
  gst_p2p_hls_tracker_install_limits (object_class);
  gst_p2p_hls_tracker_install_session (object_class);

  gst_element_class_set_static_metadata (element_class, "P2P HLS tracker",
      "Generic/Network",
      "Finds the other viewers of what p2phlssrc plays, and can be their tracker",
      "The p2phls developers");
  element_class->change_state = gst_p2p_hls_tracker_change_state;
}

static void
gst_p2p_hls_tracker_init (GstP2pHlsTracker * self)
{
  g_autoptr (GstP2pHlsSession) session = gst_p2p_hls_session_new ();

  self->listen_port = DEFAULT_LISTEN_PORT;
  self->current_port = -1;
  self->report_interval = DEFAULT_REPORT_INTERVAL;
  self->heartbeat_interval = DEFAULT_HEARTBEAT_INTERVAL;
  self->announce_interval = DEFAULT_ANNOUNCE_INTERVAL;
  self->max_connections_per_address = DEFAULT_MAX_CONNECTIONS_PER_ADDRESS;
  self->stats_interval = DEFAULT_STATS_INTERVAL;
  gst_p2p_hls_member_init (&self->member, GST_ELEMENT (self),
      gst_p2p_hls_tracker_tell);
  /* So that a bin has it before any of its sources starts. */
  gst_p2p_hls_context_give (GST_ELEMENT (self), session);
}

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstp2phlssettings.h"

#include "p2pgeneration.h"
#include "p2pswarm.h"

#include <string.h>

#define AT_ONCE (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS \
    | GST_PARAM_MUTABLE_PLAYING)
#define IN_READY (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS \
    | GST_PARAM_MUTABLE_READY)

enum
{
  CACHE_SEGMENT_EXPIRATION,
  MAX_CACHE_SEGMENTS_COUNT,
  MAX_CACHE_BYTES,
  REQUIRED_SEGMENTS_COUNT,
  USE_P2P,
  SIMULTANEOUS_P2P_DOWNLOADS,
  LAST_SEGMENT_PROBABILITY,
  LAST_SEGMENT_PROBABILITY_INTERVAL,
  BUFFER_SEGMENTS_COUNT,
  PACE_EOS,
  TRACKER_ANNOUNCE,
  SIGNAL_URL,
  SWARM_ID,
  SWARM_COMPAT,
  MAX_PEERS,
  UPLOAD,
  MAX_UPLOAD_RATE,
  HTTP_ELECTION,
  STUN_SERVER,
  TURN_SERVER,
  ICE_POLICY,
  PEM,
  ENGINE,
  ENGINE_TOKEN_FILE,
  ENGINE_CERTIFICATE_FILE,
  N_FIELDS
};

#define DEFAULT_ENGINE "auto"

/**
 * GstP2pHlsIcePolicy:
 * @P2P_ENGINE_ICE_POLICY_ALL: any way there is
 * @P2P_ENGINE_ICE_POLICY_RELAY: only through the TURN server, so that no other
 *   viewer learns the address
 * @P2P_ENGINE_ICE_POLICY_LAN: only the addresses of the machine itself: no STUN,
 *   no TURN
 *
 * By which ways connections to other viewers are made.
 *
 * Since: 0.1
 */
static GType
gst_p2p_hls_ice_policy_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    {P2P_ENGINE_ICE_POLICY_ALL, "Any way there is", "all"},
    {P2P_ENGINE_ICE_POLICY_RELAY, "Through the TURN server only", "relay"},
    {P2P_ENGINE_ICE_POLICY_LAN, "Own addresses only", "lan"},
    {0, NULL, NULL}
  };

  if (g_once_init_enter (&type))
    g_once_init_leave (&type,
        g_enum_register_static ("GstP2pHlsIcePolicy", values));
  return type;
}

/* For where they are and of what type, whichever class has them. */
static GstP2pHlsField fields[N_FIELDS];

#define LOADER(field) \
    G_STRUCT_OFFSET (GstP2pHlsSettings, session.loader.field)
#define SESSION(field) G_STRUCT_OFFSET (GstP2pHlsSettings, session.field)

static void
gst_p2p_hls_settings_fill_cache (GstP2pHlsField * f)
{
  /**
   * GstP2pHlsSrc:cache-segment-expiration:
   *
   * "Segment lifetime in cache. The segment is deleted from the cache if the
   * last access time is greater than this value (in milliseconds)" (seed 000).
   * An access is handing it on or uploading it; 0 keeps nothing. At once.
   *
   * Since: 0.1
   */
  f[CACHE_SEGMENT_EXPIRATION].offset = LOADER (cache_segment_expiration);
  f[CACHE_SEGMENT_EXPIRATION].pspec =
      g_param_spec_uint ("cache-segment-expiration", "Cache segment expiration",
      "How long a segment stays in the cache after it was last handed on or "
      "uploaded (ms)", 0, G_MAXUINT, P2P_DEFAULT_CACHE_SEGMENT_EXPIRATION,
      AT_ONCE);
  /**
   * GstP2pHlsSrc:max-cache-segments-count:
   *
   * "Max number of segments that can be stored in the cache" (seed 000), of each
   * stream: the variant, each alternate audio. 0 keeps nothing. At once.
   *
   * Since: 0.1
   */
  f[MAX_CACHE_SEGMENTS_COUNT].offset = LOADER (max_cache_segments_count);
  f[MAX_CACHE_SEGMENTS_COUNT].pspec =
      g_param_spec_uint ("max-cache-segments-count",
      "Maximum of cached segments",
      "How many segments of each stream the cache keeps", 0, G_MAXUINT,
      P2P_DEFAULT_MAX_CACHE_SEGMENTS_COUNT, AT_ONCE);
  /**
   * GstP2pHlsSrc:max-cache-bytes:
   *
   * Bytes that all cached segments may have together. Beside seed 000's count,
   * which says nothing of memory. 0 keeps nothing. At once.
   *
   * Since: 0.1
   */
  f[MAX_CACHE_BYTES].offset = LOADER (max_cache_bytes);
  f[MAX_CACHE_BYTES].pspec = g_param_spec_uint64 ("max-cache-bytes",
      "Maximum of cached bytes", "How large the whole cache may get (bytes)",
      0, G_MAXUINT64, P2P_DEFAULT_MAX_CACHE_BYTES, AT_ONCE);
}

static void
gst_p2p_hls_settings_fill_loader (GstP2pHlsField * f)
{
  /**
   * GstP2pHlsSrc:required-segments-count:
   *
   * "The number of the segments to be downloaded as quickly as possible via HTTP
   * method" (seed 000), from the one that is asked for. At once.
   *
   * Since: 0.1
   */
  f[REQUIRED_SEGMENTS_COUNT].offset = LOADER (required_segments_count);
  f[REQUIRED_SEGMENTS_COUNT].pspec =
      g_param_spec_uint ("required-segments-count", "Required segments",
      "How many segments are fetched as quickly as possible, over HTTP", 0,
      G_MAXUINT, P2P_DEFAULT_REQUIRED_SEGMENTS_COUNT, AT_ONCE);
  /**
   * GstP2pHlsSrc:use-p2p:
   *
   * "Enable/Disable peers interaction" (seed 000): %TRUE for its HybridLoader,
   * %FALSE for its HttpLoader, with no peer-* signals. From the next segment that
   * is asked for.
   *
   * Since: 0.1
   */
  f[USE_P2P].offset = LOADER (use_p2p);
  f[USE_P2P].pspec = g_param_spec_boolean ("use-p2p", "Use P2P",
      "Whether segments are exchanged with other viewers; if not, all come "
      "over HTTP", P2P_DEFAULT_USE_P2P, IN_READY);
  /**
   * GstP2pHlsSrc:simultaneous-p2p-downloads:
   *
   * "Max number of simultaneous downloads from peers" (seed 000), of each stream.
   * At once.
   *
   * Since: 0.1
   */
  f[SIMULTANEOUS_P2P_DOWNLOADS].offset = LOADER (simultaneous_p2p_downloads);
  f[SIMULTANEOUS_P2P_DOWNLOADS].pspec =
      g_param_spec_uint ("simultaneous-p2p-downloads",
      "Simultaneous P2P downloads",
      "How many segments of a stream are fetched from peers at a time", 0,
      G_MAXUINT, P2P_DEFAULT_SIMULTANEOUS_P2P_DOWNLOADS, AT_ONCE);
  /**
   * GstP2pHlsSrc:buffer-segments-count:
   *
   * "Max number of the segments to be downloaded via HTTP or P2P methods" (seed
   * 000): how many of a stream are there or on their way ahead. At once.
   *
   * Since: 0.1
   */
  f[BUFFER_SEGMENTS_COUNT].offset = LOADER (buffer_segments_count);
  f[BUFFER_SEGMENTS_COUNT].pspec = g_param_spec_uint ("buffer-segments-count",
      "Buffered segments",
      "How many segments of a stream are loaded ahead, over HTTP or P2P", 0,
      G_MAXUINT, P2P_DEFAULT_BUFFER_SEGMENTS_COUNT, AT_ONCE);
}

static void
gst_p2p_hls_settings_fill_queue (GstP2pHlsField * f)
{
  /**
   * GstP2pHlsSrc:last-segment-probability:
   *
   * "Probability of downloading the last one in the row and the only remaining
   * not downloaded file in the segments queue via HTTP" (seed 000). From the next
   * check.
   *
   * Since: 0.1
   */
  f[LAST_SEGMENT_PROBABILITY].offset = LOADER (last_segment_probability);
  f[LAST_SEGMENT_PROBABILITY].pspec =
      g_param_spec_double ("last-segment-probability",
      "Last segment probability",
      "How probable it is that the last segment of the queue, if it is the "
      "only one not loaded, is fetched over HTTP at a check", 0, 1,
      P2P_DEFAULT_LAST_SEGMENT_PROBABILITY, AT_ONCE);
  /**
   * GstP2pHlsSrc:last-segment-probability-interval:
   *
   * "Interval of the lastSegmentProbability check (in milliseconds)" (seed 000).
   * From the next check.
   *
   * Since: 0.1
   */
  f[LAST_SEGMENT_PROBABILITY_INTERVAL].offset =
      LOADER (last_segment_probability_interval);
  f[LAST_SEGMENT_PROBABILITY_INTERVAL].pspec =
      g_param_spec_uint ("last-segment-probability-interval",
      "Last segment probability interval",
      "How often last-segment-probability is checked (ms)", 1, G_MAXUINT,
      P2P_DEFAULT_LAST_SEGMENT_PROBABILITY_INTERVAL, AT_ONCE);
  /**
   * GstP2pHlsSrc:pace-eos:
   *
   * Holds back the end, not the data, of a segment that was there before it was
   * asked for until the network would have brought it: hlsdemux measures until
   * the end. Only where there are variants to choose from, and for 10 s at the
   * most.
   *
   * Since: 0.1
   */
  f[PACE_EOS].offset = LOADER (pace_eos);
  f[PACE_EOS].pspec = g_param_spec_boolean ("pace-eos", "Pace EOS",
      "Hold back the end (not the data) of a segment that did not come over "
      "the network just now, so that a demuxer does not take it for the speed "
      "of the network", P2P_DEFAULT_PACE_EOS, AT_ONCE);
}

static void
gst_p2p_hls_settings_fill_swarm (GstP2pHlsField * f)
{
  /**
   * GstP2pHlsSrc:tracker-announce:
   *
   * "Torrent trackers (announcers) to use" (seed 000). To set it is to ask for
   * P2P; the default alone announces nothing. %NULL: the default or, of a
   * p2phlstracker that listens, itself. What the user says to all players, by
   * P2PHLS_TRACKERS or the file p2phls.conf, takes the place of the default. At
   * once: other trackers are left, and who is connected stays so.
   *
   * Since: 0.1
   */
  f[TRACKER_ANNOUNCE].offset = SESSION (tracker_announce);
  f[TRACKER_ANNOUNCE].pspec =
      g_param_spec_boxed ("tracker-announce", "Tracker announce",
      "URLs of the trackers that find the other viewers; setting it asks for "
      "P2P", G_TYPE_STRV, AT_ONCE);
  /**
   * GstP2pHlsSrc:signal-url:
   *
   * WebSocket over which the viewers of an http(s) tracker send each other what
   * it takes to connect (seed 002). %NULL: /ws of the tracker's own host. At once.
   *
   * Since: 0.1
   */
  f[SIGNAL_URL].offset = SESSION (signal_url);
  f[SIGNAL_URL].pspec = g_param_spec_string ("signal-url", "Signal URL",
      "WebSocket (ws, wss) for the signalling of http(s) trackers; NULL: /ws of "
      "the tracker's host", NULL, AT_ONCE);
  /**
   * GstP2pHlsSrc:swarm-id:
   *
   * What gathers the viewers of a stream at trackers, in place of the URL of its
   * playlist (without query): for a stream that has different URLs at different
   * viewers. The streams of a master playlist get a number behind it.
   *
   * Since: 0.1
   */
  f[SWARM_ID].offset = SESSION (swarm_id);
  f[SWARM_ID].pspec = g_param_spec_string ("swarm-id", "Swarm ID",
      "What gathers the viewers, in place of the URL of the playlist", NULL,
      AT_ONCE);
  /**
   * GstP2pHlsSrc:swarm-compat:
   *
   * Which generations of p2p-media-loader's viewers to find, at trackers with a
   * ws(s) URL: browsers of two generations do not see each other, and a viewer that
   * is among both hands on what one has to the other. At once.
   *
   * Since: 0.1
   */
  f[SWARM_COMPAT].offset = SESSION (swarm_compat);
  f[SWARM_COMPAT].pspec = g_param_spec_flags ("swarm-compat",
      "Swarm compatibility",
      "Generations of p2p-media-loader to find at ws(s) trackers",
      P2P_TYPE_GENERATIONS, P2P_GENERATIONS_DEFAULT, AT_ONCE);
}

static void
gst_p2p_hls_settings_fill_peers (GstP2pHlsField * f)
{
  /**
   * GstP2pHlsSrc:max-peers:
   *
   * How many peers each stream has at most. At once, for those to come.
   *
   * Since: 0.1
   */
  f[MAX_PEERS].offset = LOADER (max_peers);
  f[MAX_PEERS].pspec = g_param_spec_uint ("max-peers", "Maximum of peers",
      "How many peers each stream has at most", 0, P2P_SWARM_MAX_PEERS,
      P2P_DEFAULT_MAX_PEERS, AT_ONCE);
  /**
   * GstP2pHlsSrc:upload:
   *
   * Whether peers get segments from here. At once.
   *
   * Since: 0.1
   */
  f[UPLOAD].offset = LOADER (upload);
  f[UPLOAD].pspec = g_param_spec_boolean ("upload", "Upload",
      "Whether other viewers get segments from here", P2P_DEFAULT_UPLOAD,
      AT_ONCE);
  /**
   * GstP2pHlsSrc:max-upload-rate:
   *
   * Bytes a second that peers of a stream get from here at most, all together and
   * on average; 0: as many as they take. At once.
   *
   * Since: 0.1
   */
  f[MAX_UPLOAD_RATE].offset = LOADER (max_upload_rate);
  f[MAX_UPLOAD_RATE].pspec = g_param_spec_uint64 ("max-upload-rate",
      "Maximum upload rate",
      "Bytes a second that the peers of a stream get from here; 0: no limit", 0,
      G_MAXUINT64, P2P_DEFAULT_MAX_UPLOAD_RATE, AT_ONCE);
  /**
   * GstP2pHlsSrc:http-election:
   *
   * Of viewers who are connected one is elected for each segment, by a hash that
   * all of them compute alike, and fetches it over HTTP for all. It goes beyond
   * seed 000, where chance decides: %FALSE, and last-segment-probability does. At
   * once.
   *
   * Since: 0.1
   */
  f[HTTP_ELECTION].offset = LOADER (http_election);
  f[HTTP_ELECTION].pspec = g_param_spec_boolean ("http-election",
      "HTTP election",
      "Whether one of the connected viewers is elected to fetch a segment over "
      "HTTP for all", P2P_DEFAULT_HTTP_ELECTION, AT_ONCE);
}

static void
gst_p2p_hls_settings_fill_ice (GstP2pHlsField * f)
{
  /**
   * GstP2pHlsSrc:stun-server:
   *
   * stun://host:port that tells the address a NAT gives to this machine. Asked
   * only when P2P was asked for, and waited for by nobody who can do without.
   * %NULL: none.
   *
   * Since: 0.1
   */
  f[STUN_SERVER].offset = SESSION (stun_server);
  f[STUN_SERVER].pspec = g_param_spec_string ("stun-server", "STUN server",
      "stun://host:port, or NULL for none", P2P_ENGINE_STUN_SERVER, AT_ONCE);
  /**
   * GstP2pHlsSrc:turn-server:
   *
   * turn://user:password@host:port, with ?transport=tcp for TCP, that relays
   * between viewers who cannot connect otherwise. What is not a letter, a digit
   * or one of -._~ in user and password is percent-encoded. One that cannot be
   * read is told by tracker-error. %NULL: none.
   *
   * Since: 0.1
   */
  f[TURN_SERVER].offset = SESSION (turn_server);
  f[TURN_SERVER].pspec = g_param_spec_string ("turn-server", "TURN server",
      "turn://user:password@host:port?transport=udp|tcp, user and password "
      "percent-encoded, or NULL for none", NULL, AT_ONCE);
  /**
   * GstP2pHlsSrc:ice-policy:
   *
   * By which ways connections to other viewers are made: all; relay, only by
   * way of the turn-server, so that they see no other address; or lan, only
   * between private addresses and without asking any server.
   *
   * Since: 0.1
   */
  f[ICE_POLICY].offset = SESSION (ice_policy);
  f[ICE_POLICY].pspec = g_param_spec_enum ("ice-policy", "ICE policy",
      "By which ways connections to other viewers are made",
      gst_p2p_hls_ice_policy_get_type (), P2P_ENGINE_ICE_POLICY_ALL, AT_ONCE);
  /**
   * GstP2pHlsSrc:pem:
   *
   * The certificate and private key that other viewers know this one by, in PEM
   * one behind the other. %NULL: made anew for each session.
   *
   * Since: 0.1
   */
  f[PEM].offset = SESSION (pem);
  f[PEM].pspec = g_param_spec_string ("pem", "PEM",
      "Certificate and private key for connections to other viewers; NULL: made "
      "anew for each session", NULL, AT_ONCE);
}

static void
gst_p2p_hls_settings_fill_engine (GstP2pHlsField * f)
{
  /**
   * GstP2pHlsSrc:engine:
   *
   * Whose engine finds the other viewers, and holds the cache: "own"; that of this
   * host, at the address where `p2phls serve` listens (unix:PATH), or of another
   * one (tls://HOST:PORT); or "auto", the host's if one listens at the user's own
   * socket as playback begins, else own. "auto" looks for it only if P2P was asked
   * for; who names an address asks that engine for it. When the engine ends, or
   * does not let the player in, all comes over HTTP, until it is there again; the
   * latter is a WARNING. What is set for own engines (upload, max-peers,
   * validate-segment of a peer …) is for the other to know: see docs/p2phls.md.
   *
   * Since: 0.1
   */
  f[ENGINE].offset = G_STRUCT_OFFSET (GstP2pHlsSettings, engine);
  f[ENGINE].pspec = g_param_spec_string ("engine", "Engine",
      "auto, own, or unix:PATH or tls://HOST:PORT of an engine to share with other "
      "players", DEFAULT_ENGINE, IN_READY);
  /**
   * GstP2pHlsSrc:engine-token-file:
   *
   * A file whose first line is what an engine at tls://HOST:PORT wants to be told.
   * It is read each time that the engine is called.
   *
   * Since: 0.1
   */
  f[ENGINE_TOKEN_FILE].offset =
      G_STRUCT_OFFSET (GstP2pHlsSettings, engine_token_file);
  f[ENGINE_TOKEN_FILE].pspec = g_param_spec_string ("engine-token-file",
      "Engine's token", "File with the token for an engine at tls://HOST:PORT",
      NULL, IN_READY);
  /**
   * GstP2pHlsSrc:engine-certificate-file:
   *
   * The certificate (PEM) that an engine at tls://HOST:PORT has to have; no other
   * will do. %NULL: one for its host that the system trusts.
   *
   * Since: 0.1
   */
  f[ENGINE_CERTIFICATE_FILE].offset =
      G_STRUCT_OFFSET (GstP2pHlsSettings, engine_certificate_file);
  f[ENGINE_CERTIFICATE_FILE].pspec =
      g_param_spec_string ("engine-certificate-file", "Engine's certificate",
      "File with the certificate (PEM) of an engine at tls://HOST:PORT; NULL: one "
      "that the system trusts", NULL, IN_READY);
}

/* A spec belongs to one class, so each class gets its own. */
static void
gst_p2p_hls_settings_fill (GstP2pHlsField * f)
{
  gst_p2p_hls_settings_fill_cache (f);
  gst_p2p_hls_settings_fill_loader (f);
  gst_p2p_hls_settings_fill_queue (f);
  gst_p2p_hls_settings_fill_swarm (f);
  gst_p2p_hls_settings_fill_peers (f);
  gst_p2p_hls_settings_fill_ice (f);
  gst_p2p_hls_settings_fill_engine (f);
}

guint
gst_p2p_hls_settings_install (GObjectClass * klass, guint first)
{
  static gsize filled = 0;
  GstP2pHlsField own[N_FIELDS];

  gst_p2p_hls_settings_fill (own);
  gst_type_mark_as_plugin_api (gst_p2p_hls_ice_policy_get_type (), 0);
  gst_type_mark_as_plugin_api (P2P_TYPE_GENERATIONS, 0);
  for (guint i = 0; i < N_FIELDS; i++)
    g_object_class_install_property (klass, first + i, own[i].pspec);
  /* Element classes stay for the life of the process, and their specs too. */
  if (g_once_init_enter (&filled)) {
    memcpy (fields, own, sizeof fields);
    g_once_init_leave (&filled, 1);
  }
  return first + N_FIELDS;
}

void
gst_p2p_hls_settings_init (GstP2pHlsSettings * self)
{
  p2p_engine_settings_init (&self->session);
  self->engine = g_strdup (DEFAULT_ENGINE);
  self->engine_token_file = self->engine_certificate_file = NULL;
}

void
gst_p2p_hls_settings_clear (GstP2pHlsSettings * self)
{
  p2p_engine_settings_clear (&self->session);
  g_clear_pointer (&self->engine, g_free);
  g_clear_pointer (&self->engine_token_file, g_free);
  g_clear_pointer (&self->engine_certificate_file, g_free);
}

void
gst_p2p_hls_settings_copy (const GstP2pHlsSettings * self,
    GstP2pHlsSettings * to)
{
  p2p_engine_settings_copy (&self->session, &to->session);
  to->engine = g_strdup (self->engine);
  to->engine_token_file = g_strdup (self->engine_token_file);
  to->engine_certificate_file = g_strdup (self->engine_certificate_file);
}

int
gst_p2p_hls_settings_find (const char *name)
{
  for (int i = 0; i < N_FIELDS; i++) {
    if (g_str_equal (fields[i].pspec->name, name))
      return i;
  }
  return -1;
}

void
gst_p2p_hls_settings_set (GstP2pHlsSettings * self, int number,
    const GValue * value)
{
  gst_p2p_hls_field_set (&fields[number], self, value);
}

void
gst_p2p_hls_settings_get (const GstP2pHlsSettings * self, int number,
    GValue * value)
{
  if (number == TRACKER_ANNOUNCE)
    g_value_set_boxed (value,
        p2p_engine_settings_get_trackers (&self->session));
  else
    gst_p2p_hls_field_get (&fields[number], self, value);
}

gboolean
gst_p2p_hls_settings_parse (GstP2pHlsSettings * self, const char *name,
    const char *text)
{
  int number = gst_p2p_hls_settings_find (name);
  GValue value = G_VALUE_INIT;
  gboolean good;

  if (number < 0)
    return FALSE;
  g_value_init (&value, G_PARAM_SPEC_VALUE_TYPE (fields[number].pspec));
  good = gst_value_deserialize (&value, text)
      && !g_param_value_validate (fields[number].pspec, &value);
  if (good)
    gst_p2p_hls_settings_set (self, number, &value);
  g_value_unset (&value);
  return good;
}

void
gst_p2p_hls_settings_merge (GstP2pHlsSettings * self,
    const GstP2pHlsSettings * other, guint64 mask)
{
  for (guint i = 0; i < N_FIELDS; i++) {
    if (mask & (G_GUINT64_CONSTANT (1) << i))
      gst_p2p_hls_field_copy (&fields[i], self, other);
  }
}

gboolean
gst_p2p_hls_settings_names_engine (const GstP2pHlsSettings * self)
{
  return self->engine && !g_str_equal (self->engine, "auto")
      && !g_str_equal (self->engine, "own");
}

gboolean
gst_p2p_hls_settings_ask (const GstP2pHlsSettings * self)
{
  return self->session.tracker_announce
      || gst_p2p_hls_settings_names_engine (self);
}

guint64
gst_p2p_hls_settings_get_tracker_bit (void)
{
  return G_GUINT64_CONSTANT (1) << TRACKER_ANNOUNCE;
}

GstStructure *
gst_p2p_hls_settings_to_structure (const GstP2pHlsSettings * self)
{
  GstStructure *structure = gst_structure_new_empty ("settings");

  for (guint i = 0; i < N_FIELDS; i++) {
    GValue value = G_VALUE_INIT;

    /* Keys and passwords are not for everybody's log. */
    if (i == PEM || i == TURN_SERVER)
      continue;
    g_value_init (&value, G_PARAM_SPEC_VALUE_TYPE (fields[i].pspec));
    gst_p2p_hls_settings_get (self, i, &value);
    gst_structure_take_value (structure, fields[i].pspec->name, &value);
  }
  return structure;
}

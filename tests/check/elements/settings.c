/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The settings of seed 000 as properties: names, defaults, ranges, when they
 * act; and the structures "settings" and "stats". */

#include "stream.h"

typedef struct
{
  const char *name;
  const char *value;            /* the default, as a string */
  GType type;
  gdouble minimum, maximum;
  GParamFlags mutable_in;
} Setting;

#define AT_ONCE GST_PARAM_MUTABLE_PLAYING
#define IN_READY GST_PARAM_MUTABLE_READY

/* *INDENT-OFF* */
static const Setting settings[] = {
  {"cache-segment-expiration", "300000", G_TYPE_UINT, 0, G_MAXUINT, AT_ONCE},
  {"max-cache-segments-count", "20", G_TYPE_UINT, 0, G_MAXUINT, AT_ONCE},
  {"max-cache-bytes", "268435456", G_TYPE_UINT64, 0, G_MAXUINT64, AT_ONCE},
  {"required-segments-count", "2", G_TYPE_UINT, 0, G_MAXUINT, AT_ONCE},
  {"use-p2p", "true", G_TYPE_BOOLEAN, 0, 1, IN_READY},
  {"simultaneous-p2p-downloads", "3", G_TYPE_UINT, 0, G_MAXUINT, AT_ONCE},
  {"last-segment-probability", "0.050000000000000003", G_TYPE_DOUBLE, 0, 1, AT_ONCE},
  {"last-segment-probability-interval", "1000", G_TYPE_UINT, 1, G_MAXUINT,
      AT_ONCE},
  {"buffer-segments-count", "20", G_TYPE_UINT, 0, G_MAXUINT, AT_ONCE},
  {"pace-eos", "true", G_TYPE_BOOLEAN, 0, 1, AT_ONCE},
  {"max-peers", "50", G_TYPE_UINT, 0, 128, AT_ONCE},
  {"upload", "true", G_TYPE_BOOLEAN, 0, 1, AT_ONCE},
  {"max-upload-rate", "0", G_TYPE_UINT64, 0, G_MAXUINT64, AT_ONCE},
  {"http-election", "true", G_TYPE_BOOLEAN, 0, 1, AT_ONCE},
};
/* *INDENT-ON* */

static const char *const trackers[] = {
  "wss://tracker.btorrent.xyz/", "wss://tracker.openwebtorrent.com/", NULL
};

static void
check_range (GParamSpec * pspec, const Setting * setting)
{
  if (G_IS_PARAM_SPEC_UINT (pspec)) {
    fail_unless (G_PARAM_SPEC_UINT (pspec)->minimum == setting->minimum);
    fail_unless (G_PARAM_SPEC_UINT (pspec)->maximum == setting->maximum);
  } else if (G_IS_PARAM_SPEC_UINT64 (pspec)) {
    fail_unless (G_PARAM_SPEC_UINT64 (pspec)->minimum == setting->minimum);
    fail_unless ((gdouble) G_PARAM_SPEC_UINT64 (pspec)->maximum
        == setting->maximum);
  } else if (G_IS_PARAM_SPEC_DOUBLE (pspec)) {
    fail_unless (G_PARAM_SPEC_DOUBLE (pspec)->minimum == setting->minimum);
    fail_unless (G_PARAM_SPEC_DOUBLE (pspec)->maximum == setting->maximum);
  } else {
    fail_unless (G_IS_PARAM_SPEC_BOOLEAN (pspec));
  }
}

static char *
to_string (const GValue * value)
{
  return gst_value_serialize (value);
}

GST_START_TEST (test_property)
{
  const Setting *setting = &settings[__i__ / 2];
  GstElement *src = __i__ % 2 ? rig_make_source (NULL)
      : gst_element_factory_make ("p2phlstracker", NULL);
  GParamSpec *pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (src),
      setting->name);
  g_autofree char *by_spec = NULL, *by_object = NULL, *in_settings = NULL;
  g_autoptr (GstStructure) all = NULL;
  GValue value = G_VALUE_INIT;

  fail_unless (pspec != NULL);
  fail_unless (pspec->value_type == setting->type);
  fail_unless ((pspec->flags & G_PARAM_READWRITE) == G_PARAM_READWRITE);
  fail_unless ((pspec->flags & (AT_ONCE | IN_READY
              | GST_PARAM_MUTABLE_PAUSED)) == setting->mutable_in);
  check_range (pspec, setting);
  by_spec = to_string (g_param_spec_get_default_value (pspec));
  fail_unless_equals_string (by_spec, setting->value);

  g_value_init (&value, setting->type);
  g_object_get_property (G_OBJECT (src), setting->name, &value);
  by_object = to_string (&value);
  fail_unless_equals_string (by_object, setting->value);
  g_value_unset (&value);

  g_object_get (src, "settings", &all, NULL);
  fail_unless (gst_structure_has_field_typed (all, setting->name,
          setting->type));
  in_settings = to_string (gst_structure_get_value (all, setting->name));
  fail_unless_equals_string (in_settings, setting->value);
  gst_object_unref (src);
}

GST_END_TEST;

GST_START_TEST (test_trackers)
{
  const char *set[] = { "ws://127.0.0.1:1/", NULL };
  GstElement *src = rig_make_source (NULL);
  GParamSpec *pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (src),
      "tracker-announce");
  g_auto (GStrv) strv = NULL, again = NULL;
  g_autoptr (GstStructure) all = NULL;

  fail_unless (pspec->value_type == G_TYPE_STRV);
  fail_unless ((pspec->flags & (AT_ONCE | IN_READY)) == AT_ONCE);
  g_object_get (src, "tracker-announce", &strv, NULL);
  fail_unless (g_strv_equal ((const char *const *) strv, trackers));
  g_object_set (src, "tracker-announce", set, NULL);
  g_object_get (src, "settings", &all, NULL);
  fail_unless (gst_structure_get (all, "tracker-announce", G_TYPE_STRV, &again,
          NULL));
  fail_unless (g_strv_equal ((const char *const *) again,
          (const char *const *) set));
  gst_object_unref (src);
}

GST_END_TEST;

GST_START_TEST (test_compat)
{
  GstElement *src = rig_make_source (NULL);
  GParamSpec *pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (src),
      "swarm-compat");
  guint set;

  fail_unless (G_IS_PARAM_SPEC_FLAGS (pspec));
  fail_unless ((pspec->flags & (AT_ONCE | IN_READY)) == AT_ONCE);
  g_object_get (src, "swarm-compat", &set, NULL);
  fail_unless_equals_int (set, 1 << 5);
  gst_util_set_object_arg (G_OBJECT (src), "swarm-compat",
      "p2pml-0.6+p2pml-2.3");
  g_object_get (src, "swarm-compat", &set, NULL);
  fail_unless_equals_int (set, 1 << 2 | 1 << 5);
  gst_util_set_object_arg (G_OBJECT (src), "swarm-compat", "");
  g_object_get (src, "swarm-compat", &set, NULL);
  fail_unless_equals_int (set, 0);
  gst_object_unref (src);
}

GST_END_TEST;

/* All of them, and nothing else. */
GST_START_TEST (test_structure)
{
  GstElement *src = rig_make_source (NULL);
  g_autoptr (GstStructure) all = NULL;
  GParamSpec *pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (src),
      "settings");

  fail_unless ((pspec->flags & G_PARAM_READWRITE) == G_PARAM_READABLE);
  g_object_get (src, "settings", &all, NULL);
  fail_unless_equals_int (gst_structure_n_fields (all),
      G_N_ELEMENTS (settings) + 9);
  fail_unless (gst_structure_has_field (all, "tracker-announce"));
  fail_unless (gst_structure_has_field (all, "signal-url"));
  fail_unless (gst_structure_has_field (all, "swarm-id"));
  fail_unless (gst_structure_has_field (all, "stun-server"));
  fail_unless (gst_structure_has_field (all, "ice-policy"));
  fail_unless_equals_string (gst_structure_get_string (all, "engine"), "auto");
  gst_object_unref (src);
}

GST_END_TEST;

/* How peers are found and connected: text that is kept as it is. */
GST_START_TEST (test_peers)
{
  static const char *const names[][2] = {
    {"signal-url", NULL}, {"swarm-id", NULL}, {"turn-server", NULL},
    {"pem", NULL}, {"stun-server", "stun://stun.l.google.com:19302"},
    {"engine", "auto"}, {"engine-token-file", NULL},
    {"engine-certificate-file", NULL},
  };
  GstElement *src = rig_make_source (NULL);
  gint policy;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *text = NULL, *set = NULL, *gone = NULL;

    g_object_get (src, names[i][0], &text, NULL);
    fail_unless_equals_string (text, names[i][1]);
    g_object_set (src, names[i][0], "x", NULL);
    g_object_get (src, names[i][0], &set, NULL);
    fail_unless_equals_string (set, "x");
    g_object_set (src, names[i][0], NULL, NULL);
    g_object_get (src, names[i][0], &gone, NULL);
    fail_unless (gone == NULL);
  }
  gst_util_set_object_arg (G_OBJECT (src), "ice-policy", "lan");
  g_object_get (src, "ice-policy", &policy, NULL);
  fail_unless_equals_int (policy, 2);
  gst_object_unref (src);
}

GST_END_TEST;

/* While it plays: what the session holds is what was set last. */
GST_START_TEST (test_while_playing)
{
  g_autoptr (Stream) stream = stream_new (3, 1000);
  g_autoptr (Rig) rig = stream_make_rig (stream);
  g_autoptr (GstStructure) all = NULL;
  guint count;

  g_object_set (rig->src, "buffer-segments-count", 5, NULL);
  rig_set_state (rig, GST_STATE_PLAYING);
  g_object_set (rig->src, "buffer-segments-count", 7, NULL);
  g_object_get (rig->src, "settings", &all, NULL);
  fail_unless (gst_structure_get_uint (all, "buffer-segments-count", &count));
  fail_unless_equals_int (count, 7);
}

GST_END_TEST;

static const char *const counts[] = {
  "cache-segments", "http-segments", "p2p-segments", "segments-loaded",
  "segments-failed", "segments-aborted", "cached-segments", "queued-segments",
  "streams", "playlists", "peers", "bad-messages",
  "rejected-segments",
};

static const char *const sizes[] = {
  "cache-bytes", "http-bytes", "p2p-bytes", "http-fetched", "host-fetched",
  "p2p-fetched", "p2p-uploaded", "wasted", "cached-bytes", "bandwidth",
};

/* They are there before it starts, too, and say that nothing was. */
GST_START_TEST (test_stats)
{
  GstElement *src = rig_make_source (NULL);
  g_autoptr (GstStructure) stats = NULL;
  guint64 size;
  guint count;

  g_object_get (src, "stats", &stats, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (counts); i++) {
    fail_unless (gst_structure_get_uint (stats, counts[i], &count), "%s",
        counts[i]);
    fail_unless_equals_int (count, 0);
  }
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    fail_unless (gst_structure_get_uint64 (stats, sizes[i], &size), "%s",
        sizes[i]);
    fail_unless_equals_int (size, 0);
  }
  gst_object_unref (src);
}

GST_END_TEST;

static guint64
get_size (Rig * rig, const char *name)
{
  g_autoptr (GstStructure) stats = NULL;
  guint64 size = 0;

  g_object_get (rig->src, "stats", &stats, NULL);
  fail_unless (gst_structure_get_uint64 (stats, name, &size));
  return size;
}

/* Bytes by source are the bytes that went out of the pads. */
GST_START_TEST (test_bytes_by_source)
{
  const gsize size = 100 * 1000;
  g_autoptr (Stream) stream = stream_new (4, size);
  g_autoptr (Rig) rig = stream_make_rig (stream);
  guint64 playlist, total;

  playlist = get_size (rig, "http-bytes");
  fail_unless (playlist > 0);
  for (guint i = 0; i < 4; i++)
    stream_read (stream, rig, i);
  for (guint i = 0; i < 4; i++)
    stream_read (stream, rig, i);
  total = get_size (rig, "http-bytes") + get_size (rig, "cache-bytes")
      + get_size (rig, "p2p-bytes");
  fail_unless_equals_uint64 (total, playlist + 8 * size);
  fail_unless (get_size (rig, "cache-bytes") >= 4 * size);
  fail_unless_equals_uint64 (get_size (rig, "p2p-bytes"), 0);
}

GST_END_TEST;

static Suite *
settings_suite (void)
{
  Suite *suite = suite_create ("settings");
  TCase *tests = tcase_create ("settings");

  suite_add_tcase (suite, tests);
  tcase_add_loop_test (tests, test_property, 0, 2 * G_N_ELEMENTS (settings));
  tcase_add_test (tests, test_trackers);
  tcase_add_test (tests, test_compat);
  tcase_add_test (tests, test_structure);
  tcase_add_test (tests, test_peers);
  tcase_add_test (tests, test_while_playing);
  tcase_add_test (tests, test_stats);
  tcase_add_test (tests, test_bytes_by_source);
  return suite;
}

RIG_MAIN (settings)

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pjson.h"

#include <string.h>

#define DEEP_15 "[[[[[[[[[[[[[[["
#define DEEP_15_END "]]]]]]]]]]]]]]]"

static P2pJson *
parse (const char *text)
{
  return p2p_json_parse (text, strlen (text), 4096);
}

static const char *const bad[] = {
  "", " ", "{", "}", "[]", "1", "\"a\"", "null", "{}x", "{} {}", "{\"a\"}",
  "{\"a\":}", "{\"a\":1,}", "{,}", "{\"a\" 1}", "{a:1}", "{'a':1}",
  "{\"a\":'b'}", "/**/{}", "{}//", "var a = {}", "{\"a\":01}", "{\"a\":1.}",
  "{\"a\":.5}", "{\"a\":-}", "{\"a\":+1}", "{\"a\":1e}", "{\"a\":0x1}",
  "{\"a\":NaN}", "{\"a\":True}", "{\"a\":tru}", "{\"a\":\"b}",
  "{\"a\":\"\\x\"}", "{\"a\":\"\\q12\"}", "{\"a\":\"\\q12}", "{\"a\":\"\n\"}",
  "{\"a\":\"\\u12\"}", "{\"a\":\"\\u12g4\"}", "{\"a\":\"\\ud800\"}",
  "{\"a\":\"\\udc00\\ud800\"}", "{\"a\":\"\\ud800\\u0041\"}",
  "{\"a\":\"\\ud800x\"}", "{\"a\":\"\\ud8", "{\"a\":[1,]}", "{\"a\":[,1]}",
  "{\"a\":[1 2]}", "{\"a\":[1}", "{\"a\":{]}", "{\"a\":\"\xff\"}",
  "{\"a\":\"\xed\xa0\x80\"}", "\xef\xbb\xbf{}", "{\"a\":\"\\",
  "{\"a\":" DEEP_15 "[]" DEEP_15_END "}",
};

static void
test_bad (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    if (parse (bad[i]))
      g_error ("taken: %s", bad[i]);
  }
  g_assert_null (p2p_json_parse ("{\0}", 3, 10));
  g_assert_null (p2p_json_parse ("{\"a\":\"\0\"}", 9, 10));
}

static const char *const good[] = {
  "{}", " \t\r\n{ } ", "{\"\":null}", "{\"a\":[]}", "{ \"a\" : [ 1 , 2 ] }",
  "{\"a\":-0.5e-10}", "{\"a\":0}", "{\"a\":[true,false,null,{},\"\"]}",
  "{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\"}",
  "{\"a\":" DEEP_15 DEEP_15_END "}",
};

static void
test_good (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (good); i++) {
    g_autoptr (P2pJson) json = parse (good[i]);

    if (!json)
      g_error ("refused: %s", good[i]);
  }
}

/* Up to max_size, and not beyond it */
static void
test_size (void)
{
  g_autoptr (P2pJson) json = p2p_json_parse ("{\"a\":1}", 7, 7);

  g_assert_nonnull (json);
  g_assert_null (p2p_json_parse ("{\"a\":1}", 7, 6));
}

/* A hundred thousand levels, which a recursive parser dies of */
static void
test_depth (void)
{
  g_autofree char *open = g_strnfill (100000, '[');
  g_autofree char *text = g_strconcat ("{\"a\":", open, NULL);

  g_assert_null (p2p_json_parse (text, strlen (text), G_MAXSIZE));
}

static void
test_types (void)
{
  g_autoptr (P2pJson) json =
      parse ("{\"s\":\"x\",\"i\":7,\"b\":true,\"n\":null,"
      "\"a\":[1],\"o\":{\"i\":8},\"f\":1.5}");
  const char *const names[] = { "s", "i", "b", "n", "a", "o", "f", "-" };

  g_assert_nonnull (json);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    const char *name = names[i];
    gint64 number = -1;
    gboolean flag = -1;
    g_autoptr (GArray) numbers = p2p_json_get_int64s (json, name);
    g_autoptr (GPtrArray) objects = p2p_json_get_objects (json, name);

    g_assert_cmpint (p2p_json_has (json, name), ==, *name != '-');
    g_assert_cmpstr (p2p_json_get_string (json, name), ==,
        *name == 's' ? "x" : NULL);
    g_assert_cmpint (p2p_json_get_int64 (json, name, &number), ==,
        *name == 'i');
    g_assert_cmpint (number, ==, *name == 'i' ? 7 : -1);
    g_assert_cmpint (p2p_json_get_boolean (json, name, &flag), ==,
        *name == 'b');
    g_assert_cmpint (flag, ==, *name == 'b' ? TRUE : -1);
    g_assert_true ((numbers != NULL) == (*name == 'a'));
    g_assert_true ((objects != NULL) == (*name == 'a'));
    g_assert_true ((p2p_json_get_object (json, name) != NULL)
        == (*name == 'o'));
  }
}

static const struct
{
  const char *text;
  gboolean there;
  gint64 value;
} numbers[] = {
  /* *INDENT-OFF* */
  { "0", TRUE, 0 }, { "-0", TRUE, 0 }, { "-7", TRUE, -7 },
  { "7.0", TRUE, 7 }, { "7e3", TRUE, 7000 }, { "7.5", FALSE },
  { "9007199254740991", TRUE, P2P_JSON_MAX_INT64 },
  { "-9007199254740991", TRUE, -P2P_JSON_MAX_INT64 },
  { "9007199254740993", FALSE }, { "9223372036854775807", FALSE },
  { "18446744073709551615", FALSE }, { "99999999999999999999999", FALSE },
  { "-99999999999999999999999", FALSE }, { "1e999", FALSE },
  { "1e-999", TRUE, 0 }, { "\"7\"", FALSE }, { "[7]", FALSE },
  /* *INDENT-ON* */
};

static void
test_numbers (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++) {
    g_autofree char *text = g_strdup_printf ("{\"a\":%s,\"b\":[%s]}",
        numbers[i].text, numbers[i].text);
    g_autoptr (P2pJson) json = parse (text);
    g_autoptr (GArray) list = NULL;
    gint64 value = 0;

    g_assert_nonnull (json);
    g_test_message ("%s", text);
    list = p2p_json_get_int64s (json, "b");
    g_assert_cmpint (p2p_json_get_int64 (json, "a", &value), ==,
        numbers[i].there);
    g_assert_cmpint (value, ==, numbers[i].value);
    g_assert_true ((list != NULL) == numbers[i].there);
    if (list)
      g_assert_cmpint (g_array_index (list, gint64, 0), ==, value);
  }
}

static void
test_objects (void)
{
  g_autoptr (P2pJson) json = parse ("{\"p\":[{\"id\":\"a\"},7,null,[{}],"
      "{\"id\":\"b\"}],\"o\":{\"id\":\"c\"}}");
  g_autoptr (GPtrArray) objects = p2p_json_get_objects (json, "p");

  g_assert_cmpuint (objects->len, ==, 2);
  g_assert_cmpstr (p2p_json_get_string (objects->pdata[0], "id"), ==, "a");
  g_assert_cmpstr (p2p_json_get_string (objects->pdata[1], "id"), ==, "b");
  g_assert_cmpstr (p2p_json_get_string (p2p_json_get_object (json, "o"), "id"),
      ==, "c");
}

static void
test_last_counts (void)
{
  g_autoptr (P2pJson) json = parse ("{\"a\":\"x\",\"a\":\"y\"}");

  g_assert_cmpstr (p2p_json_get_string (json, "a"), ==, "y");
}

/* An id of 20 bytes may hold any of them. */
static void
test_nul (void)
{
  const char *text = "{\"a\":\"\\u0000x\\u0000\",\"b\":\"\\\\u0000\"}";
  g_autoptr (P2pJson) json = parse (text);
  g_autofree char *again = p2p_json_to_text (json);

  g_assert_cmpstr (p2p_json_get_string (json, "a"), ==,
      P2P_JSON_NUL "x" P2P_JSON_NUL);
  g_assert_cmpstr (p2p_json_get_string (json, "b"), ==, "\\u0000");
  g_assert_cmpstr (again, ==, text);
}

static void
test_write (void)
{
  g_autoptr (P2pJson) json = p2p_json_new (), inner = p2p_json_new ();
  g_autoptr (GPtrArray) list = g_ptr_array_new ();
  const gint64 numbers_of[] = { 0, -1, P2P_JSON_MAX_INT64 };
  g_autofree char *empty = p2p_json_to_text (inner), *text = NULL;

  g_assert_cmpstr (empty, ==, "{}");
  p2p_json_set_string (inner, "id", "é\"\\\n\x7f/");
  g_ptr_array_add (list, inner);
  g_ptr_array_add (list, inner);
  p2p_json_set_string (json, "z", "");
  p2p_json_set_int64 (json, "i", 21);
  p2p_json_set_boolean (json, "b", TRUE);
  p2p_json_set_int64s (json, "f", numbers_of, G_N_ELEMENTS (numbers_of));
  p2p_json_set_int64s (json, "e", NULL, 0);
  p2p_json_set_object (json, "o", inner);
  p2p_json_set_objects (json, "l", list);
  text = p2p_json_to_text (json);
  g_assert_cmpstr (text, ==, "{\"z\":\"\",\"i\":21,\"b\":true,"
      "\"f\":[0,-1,9007199254740991],\"e\":[],"
      "\"o\":{\"id\":\"é\\\"\\\\\\n\\u007f/\"},"
      "\"l\":[{\"id\":\"é\\\"\\\\\\n\\u007f/\"},"
      "{\"id\":\"é\\\"\\\\\\n\\u007f/\"}]}");
}

static void
assert_raw (const char *text, const char *expected)
{
  const char *raw;
  gsize size;

  g_assert_true (p2p_json_scan (text, strlen (text), NULL, "data", &raw,
          &size));
  if (expected)
    g_assert_cmpmem (raw, size, expected, strlen (expected));
  else
    g_assert_null (raw);
}

static void
test_raw (void)
{
  assert_raw ("{\"data\": {\"sdp\" : \"\\u0000\"} , \"a\":1}",
      "{\"sdp\" : \"\\u0000\"}");
  assert_raw ("{\"a\":{\"data\":1},\"data\":2e400,\"dat\":3}", "2e400");
  assert_raw ("{\"data\":1,\"data\":[ 2 ]}", "[ 2 ]");
  assert_raw ("{\"data\":null }", "null");
  assert_raw ("{\"a\":{\"data\":1},\"b\":[{\"data\":1}],\"datas\":4}", NULL);
}

static void
test_arrays (void)
{
  g_autoptr (P2pJson) json = parse ("{\"b\":[\"x\",2,[\"y\"],null,2.5,{}],"
      "\"a\":{\"b\":[]}}");
  P2pJsonArray *array = p2p_json_get_array (json, "b"), *inner;
  g_autoptr (GPtrArray) names = p2p_json_get_names (json);
  gint64 value = 7;

  g_assert_null (p2p_json_get_array (json, "a"));
  g_assert_null (p2p_json_get_array (json, "c"));
  g_assert_cmpuint (names->len, ==, 2);
  g_assert_cmpstr (names->pdata[0], ==, "b");
  g_assert_cmpstr (names->pdata[1], ==, "a");
  g_assert_cmpuint (p2p_json_array_get_length (array), ==, 6);
  g_assert_cmpstr (p2p_json_array_get_string (array, 0), ==, "x");
  for (guint i = 1; i < 6; i++)
    g_assert_null (p2p_json_array_get_string (array, i));
  for (guint i = 0; i < 6; i++)
    g_assert_true (p2p_json_array_get_int64 (array, i, &value) == (i == 1));
  g_assert_cmpint (value, ==, 2);
  for (guint i = 0; i < 6; i++)
    g_assert_true ((p2p_json_array_get_array (array, i) != NULL) == (i == 2));
  inner = p2p_json_array_get_array (array, 2);
  g_assert_cmpstr (p2p_json_array_get_string (inner, 0), ==, "y");
}

static void
test_write_arrays (void)
{
  g_autoptr (P2pJson) json = p2p_json_new ();
  P2pJsonArray *array = p2p_json_array_new (), *inner = p2p_json_array_new ();
  g_autofree char *text = NULL;

  p2p_json_array_add_string (array, "1|\"2\"");
  p2p_json_array_add_int64 (inner, 0);
  p2p_json_array_add_int64 (inner, -1);
  p2p_json_array_add_array (array, inner);
  p2p_json_set_array (json, "a", array);
  p2p_json_set_array (json, "b", p2p_json_array_new ());
  text = p2p_json_to_text (json);
  g_assert_cmpstr (text, ==, "{\"a\":[\"1|\\\"2\\\"\",[0,-1]],\"b\":[]}");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json/bad", test_bad);
  g_test_add_func ("/json/good", test_good);
  g_test_add_func ("/json/size", test_size);
  g_test_add_func ("/json/depth", test_depth);
  g_test_add_func ("/json/types", test_types);
  g_test_add_func ("/json/numbers", test_numbers);
  g_test_add_func ("/json/objects", test_objects);
  g_test_add_func ("/json/last-counts", test_last_counts);
  g_test_add_func ("/json/nul", test_nul);
  g_test_add_func ("/json/write", test_write);
  g_test_add_func ("/json/raw", test_raw);
  g_test_add_func ("/json/arrays", test_arrays);
  g_test_add_func ("/json/write-arrays", test_write_arrays);
  return g_test_run ();
}

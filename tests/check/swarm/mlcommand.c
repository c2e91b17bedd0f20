/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "mlworld.h"
#include "p2pmlreader.h"

#include <string.h>

/* Of four bytes each, around a payload. */
#define CSTR "63737472"
#define DSTR "64737472"
#define CEND "63656e64"
#define DEND "64656e64"
#define WHOLE(payload) CSTR payload CEND

#define LONGEST 65535

static P2pMlRead
take (P2pMlReader * reader, const char *hex, P2pMlCommand * command)
{
  g_autoptr (GBytes) bytes = ml_from_hex (hex);

  return p2p_ml_reader_take (reader, bytes, command);
}

/* Hostile first */

static void
test_no_sense (gconstpointer data)
{
  g_autoptr (P2pMlReader) reader = p2p_ml_reader_new (TRUE);
  P2pMlCommand command;

  g_assert_cmpint (take (reader, data, &command), ==, P2P_ML_READ_BAD);
  /* It is over with that. */
  g_assert_cmpint (take (reader, WHOLE ("00"), &command), ==,
      P2P_ML_READ_COMMAND);
  p2p_ml_command_clear (&command);
}

static const char *const nonsense[] = {
  WHOLE (""),                   /* no code */
  WHOLE ("0169"),               /* a name without a value */
  WHOLE ("016901"),             /* an integer without its bytes */
  WHOLE ("01690201"),
  WHOLE ("01690072017b"),       /* an integer of no byte */
  WHOLE ("0169072000000000000072017b"), /* 2^53 */
  WHOLE ("01690aff0000000000000000007201"),
  WHOLE ("01690f7fffffffffffffffffffffffffffff72017b"),
  WHOLE ("0069107b"),           /* the list's groups are not there */
  WHOLE ("006c10"),
  WHOLE ("006c1001"),
  WHOLE ("006c100101"),
  WHOLE ("006c100101020a"),     /* a group of two of which one is there */
  WHOLE ("006c1001010000010203"),       /* 0 is 256 */
  WHOLE ("006c100110010100"),   /* a list in a list */
  WHOLE ("006c0107"),           /* an integer where a list is */
  WHOLE ("006c2000"),           /* a string */
  WHOLE ("0078200561"),         /* a string that is cut */
  WHOLE ("007820"),
  WHOLE ("00783000"),           /* a kind that there is not */
  WHOLE ("0078f000"),
  WHOLE ("01690107"),           /* a request without an id */
  WHOLE ("0172017b"),           /* … of no segment */
  WHOLE ("01691000"),           /* … of a list */
  WHOLE ("0169200072017b"),     /* … of a string */
  WHOLE ("0169010772017b620181"),       /* … from before the first byte */
  WHOLE ("02690107720105"),     /* data of no size */
  WHOLE ("0269010773018172017b"),       /* … of -1 */
  WHOLE ("0373010172017b"),
  WHOLE ("04690107"),
  WHOLE ("05720107"),
  DSTR "69" CEND,               /* a part of nothing */
  DSTR "69" DEND,
};

/* A command that never ends, and another one in it. */
static void
test_in_another (void)
{
  g_autoptr (P2pMlReader) reader = p2p_ml_reader_new (TRUE);
  P2pMlCommand command;

  g_assert_cmpint (take (reader, CSTR "016901" DEND, &command), ==,
      P2P_ML_READ_PART);
  g_assert_cmpint (take (reader, WHOLE ("00"), &command), ==, P2P_ML_READ_BAD);
  g_assert_cmpint (take (reader, DSTR "0772017b" CEND, &command), ==,
      P2P_ML_READ_BAD);
  g_assert_cmpint (take (reader, WHOLE ("00"), &command), ==,
      P2P_ML_READ_COMMAND);
  p2p_ml_command_clear (&command);
}

static GBytes *
make_message (const char *start, gsize size, const char *end)
{
  char *data = g_malloc0 (size + 8);

  memcpy (data, start, 4);
  memcpy (data + 4 + size, end, 4);
  return g_bytes_new_take (data, size + 8);
}

static P2pMlRead
take_zeros (P2pMlReader * reader, const char *start, gsize size,
    const char *end)
{
  g_autoptr (GBytes) bytes = make_message (start, size, end);
  P2pMlCommand command;

  return p2p_ml_reader_take (reader, bytes, &command);
}

static void
test_endless (void)
{
  g_autoptr (P2pMlReader) reader = p2p_ml_reader_new (TRUE);

  for (guint i = 0; i < 3; i++) {
    g_assert_cmpint (take_zeros (reader, "cstr", P2P_ML_MAX_COMMAND - 1,
            "dend"), ==, P2P_ML_READ_PART);
    g_assert_cmpint (take_zeros (reader, "dstr", 0, "dend"), ==,
        P2P_ML_READ_PART);
    g_assert_cmpint (take_zeros (reader, "dstr", 1, "dend"), ==,
        P2P_ML_READ_PART);
    g_assert_cmpint (take_zeros (reader, "dstr", 1, "dend"), ==,
        P2P_ML_READ_BAD);
    g_assert_cmpint (take_zeros (reader, "dstr", 1, "dend"), ==,
        P2P_ML_READ_BAD);
  }
  g_assert_cmpint (take_zeros (reader, "cstr", P2P_ML_MAX_COMMAND + 1, "cend"),
      ==, P2P_ML_READ_BAD);
}

/* More ids than anybody holds. */
static void
test_long_list (void)
{
  for (guint n = P2P_ML_MAX_IDS; n < P2P_ML_MAX_IDS + 2; n++) {
    g_autoptr (P2pMlReader) reader = p2p_ml_reader_new (TRUE);
    g_autofree char *text = g_strdup_printf ("1-%u", n);
    g_auto (P2pMlCommand) command = { 0, };
    g_auto (P2pMlCommand) got = { 0, };
    g_autoptr (GPtrArray) messages = NULL;

    command.loading = ml_list (text);
    messages = p2p_ml_command_write (&command, LONGEST);
    g_assert_cmpint (p2p_ml_reader_take (reader,
            g_ptr_array_index (messages, 0), &got), ==,
        n > P2P_ML_MAX_IDS ? P2P_ML_READ_BAD : P2P_ML_READ_COMMAND);
    g_assert_cmpuint (got.loading ? got.loading->len : 0, ==,
        n > P2P_ML_MAX_IDS ? 0 : n);
  }
}

static void
test_no_command (void)
{
  static const char *const others[] = {
    "", "63", CSTR, CEND, CSTR "656e64", "637374" CEND, CSTR "00" "63656e65",
    "6373747300" CEND, "0063737472" CEND, CSTR "0063656e6400", CEND CSTR,
    "65737472" CEND, CSTR "65656e64", "68656c6c6f"
  };
  g_autoptr (P2pMlReader) reader = p2p_ml_reader_new (TRUE);
  P2pMlCommand command;

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_cmpint (take (reader, others[i], &command), ==,
        P2P_ML_READ_SEGMENT);
}

/* The vectors: what p2p-media-loader-core 2.3.1 writes and reads */

#define NONE G_MININT64

static const struct
{
  P2pMlType type;
  const char *loaded, *loading;
  gint64 segment, size, request, first;
  const char *hex;
} vectors[] = {
  {0, "", "", NONE, NONE, NONE, NONE, "637374720063656e64"},
  {0, "0", "", NONE, NONE, NONE, NONE, "63737472006c100101010063656e64"},
  {0, "0-2", "3,4", NONE, NONE, NONE, NONE,
      "63737472006c100101030001027010010102030463656e64"},
  {0, "", "5", NONE, NONE, NONE, NONE, "63737472007010010101" "0563656e64"},
  {0, "250-261", "", NONE, NONE, NONE, NONE,
      "63737472006c10020106fafbfcfdfeff02010600010203040563656e64"},
  {0, "1,256,65536,16777216,1000000", "", NONE, NONE, NONE, NONE,
      "63737472006c1005010101020101000301000100040100000100030f42014063"
        "656e64"},
  {0, "1700000000-1700000003", "", NONE, NONE, NONE, NONE,
      "63737472006c1001046553f1040001020363656e64"},
  {0, "1,0,2-9", "", NONE, NONE, NONE, NONE,
      "63737472006c1001010a0100020304050607080963656e64"},
  {0, "254-257", "258", NONE, NONE, NONE, NONE,
      "63737472006c10020102feff02010200017010010201010263656e64"},
  {1, "", "", 0, NONE, 0, NONE, "637374720169010072010063656e64"},
  {1, "", "", 127, NONE, 128, NONE, "637374720169017f7202008063656e64"},
  {1, "", "", 255, NONE, 256, NONE, "6373747201690200ff7202010063656e64"},
  {1, "", "", 32767, NONE, 32768, NONE,
      "637374720169027fff720300800063656e64"},
  {1, "", "", 8388607, NONE, 999, NONE,
      "637374720169037fffff720203e763656e64"},
  {1, "", "", 8388608, NONE, 999, NONE,
      "6373747201690400800000720203e763656e64"},
  {1, "", "", 2147483648, NONE, 1, NONE,
      "63737472016905008000000072010163656e64"},
  {1, "", "", 1700000000, NONE, 5, NONE,
      "637374720169046553f10072010563656e64"},
  {1, "", "", 1099511627776, NONE, 5, NONE,
      "6373747201690601000000000072010563656e64"},
  {1, "", "", 7, NONE, 5, 65535, "6373747201690107720105620300ffff63656e64"},
  {1, "", "", 7, NONE, 5, 131070, "6373747201690107720105620301fffe63656e64"},
  {1, "", "", 7, NONE, 5, NONE, "637374720169010772010563656e64"},
  {1, "", "", 300, NONE, 999, 65535,
      "63737472016902012c720203e7620300ffff63656e64"},
  {2, "", "", 7, 250000, 5, NONE, "6373747202690107730303d09072010563656e64"},
  {2, "", "", 7, 0, 5, NONE, "637374720269010773010072010563656e64"},
  {2, "", "", 7, 1000000, 123, NONE,
      "637374720269010773030f424072017b63656e64"},
  {3, "", "", 7, NONE, 5, NONE, "637374720369010772010563656e64"},
  {4, "", "", 7, NONE, 5, NONE, "637374720469010772010563656e64"},
  {4, "", "", 7, NONE, 0, NONE, "637374720469010772010063656e64"},
  {5, "", "", 7, NONE, 5, NONE, "637374720569010772010563656e64"},
  {1, "", "", -1, NONE, 5, NONE, "637374720169018172010563656e64"},
  {1, "", "", -128, NONE, 5, NONE, "63737472016902808072010563656e64"},
  /* Of 1.0.0, without request ids */
  {1, "", "", 7, NONE, NONE, 100, "637374720169010762016463656e64"},
  {2, "", "", 7, 250000, NONE, NONE, "6373747202690107730303d09063656e64"},
  {5, "", "", 7, NONE, NONE, NONE, "637374720569010763656e64"},
};

static void
set_int (P2pMlCommand * command, guint has, gint64 * field, gint64 value)
{
  if (value == NONE)
    return;
  command->has |= has;
  *field = value;
}

static void
make_command (P2pMlCommand * command, guint i)
{
  *command = (P2pMlCommand) {
  vectors[i].type};
  command->loaded = ml_list (vectors[i].loaded);
  command->loading = ml_list (vectors[i].loading);
  set_int (command, P2P_ML_HAS_SEGMENT, &command->segment, vectors[i].segment);
  set_int (command, P2P_ML_HAS_SIZE, &command->size, vectors[i].size);
  set_int (command, P2P_ML_HAS_REQUEST, &command->request, vectors[i].request);
  set_int (command, P2P_ML_HAS_FIRST, &command->first, vectors[i].first);
}

static void
assert_list (GArray * got, GArray * expect)
{
  g_assert_cmpuint (got ? got->len : 0, ==, expect ? expect->len : 0);
  for (guint i = 0; expect && i < expect->len; i++)
    g_assert_cmpint (g_array_index (got, gint64, i), ==,
        g_array_index (expect, gint64, i));
}

static void
assert_command (const P2pMlCommand * got, const P2pMlCommand * expect)
{
  g_assert_cmpint (got->type, ==, expect->type);
  g_assert_cmpuint (got->has, ==, expect->has);
  g_assert_cmpint (got->segment, ==, expect->segment);
  g_assert_cmpint (got->size, ==, expect->size);
  g_assert_cmpint (got->request, ==, expect->request);
  g_assert_cmpint (got->first, ==, expect->first);
  assert_list (got->loaded, expect->loaded);
  assert_list (got->loading, expect->loading);
}

static void
test_vectors (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (vectors); i++) {
    g_autoptr (P2pMlReader) reader =
        p2p_ml_reader_new (vectors[i].request != NONE);
    g_auto (P2pMlCommand) command = { 0, };
    g_auto (P2pMlCommand) got = { 0, };
    g_autoptr (GPtrArray) messages = NULL;
    g_autofree char *hex = NULL;

    make_command (&command, i);
    messages = p2p_ml_command_write (&command, LONGEST);
    g_assert_cmpuint (messages->len, ==, 1);
    hex = ml_to_hex (g_ptr_array_index (messages, 0));
    g_assert_cmpstr (hex, ==, vectors[i].hex);
    g_assert_cmpint (take (reader, hex, &got), ==, P2P_ML_READ_COMMAND);
    assert_command (&got, &command);
  }
}

/* Cut anywhere, a command makes no sense, or less of it. */
static void
test_cut (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (vectors); i++) {
    for (gsize n = 8; n < strlen (vectors[i].hex) - 8; n += 2) {
      g_autoptr (P2pMlReader) reader = p2p_ml_reader_new (TRUE);
      g_autofree char *start = g_strndup (vectors[i].hex, n);
      g_autofree char *hex = g_strconcat (start, CEND, NULL);
      g_auto (P2pMlCommand) got = { 0, };
      P2pMlRead read = take (reader, hex, &got);

      g_assert_true (read == P2P_ML_READ_BAD || read == P2P_ML_READ_COMMAND);
      if (read == P2P_ML_READ_BAD)
        continue;
      if (got.type == P2P_ML_ANNOUNCEMENT)
        g_assert_true (!got.loading || got.loaded);
      else
        g_assert_cmpint (got.has & P2P_ML_HAS_SEGMENT, !=, 0);
    }
  }
}

/* Lists of one block: as many bytes as there are ids. */
static void
test_block (void)
{
  for (guint n = 127; n <= 255; n += n == 128 ? 127 : 1) {
    g_auto (P2pMlCommand) command = { 0, };
    g_autofree char *text = g_strdup_printf ("0-%u", n - 1);
    g_autoptr (GString) expect = g_string_new (CSTR "006c1001");
    g_autoptr (GPtrArray) messages = NULL;
    g_autofree char *hex = NULL;

    g_string_append (expect, n < 128 ? "017f" : n < 129 ? "020080" : "0200ff");
    for (guint i = 0; i < n; i++)
      g_string_append_printf (expect, "%02x", i);
    g_string_append (expect, CEND);
    command.loaded = ml_list (text);
    messages = p2p_ml_command_write (&command, LONGEST);
    hex = ml_to_hex (g_ptr_array_index (messages, 0));
    g_assert_cmpstr (hex, ==, expect->str);
  }
}

/* A block that is full */

static void
assert_list_read (const char *hex, const char *loaded, const char *loading)
{
  g_autoptr (P2pMlReader) reader = p2p_ml_reader_new (TRUE);
  g_auto (P2pMlCommand) got = { 0, };
  g_autoptr (GArray) expect = ml_list (loaded);
  g_autoptr (GArray) expect_loading = ml_list (loading);

  g_assert_cmpint (take (reader, hex, &got), ==, P2P_ML_READ_COMMAND);
  assert_list (got.loaded, expect);
  assert_list (got.loading, expect_loading);
}

/* As p2p-media-loader writes it: with 0 for 256. */
static void
test_full_block_read (void)
{
  g_autoptr (GString) low = g_string_new (NULL);
  g_autofree char *alone = NULL, *more = NULL, *both = NULL, *far = NULL;

  for (guint i = 0; i < 256; i++)
    g_string_append_printf (low, "%02x", i);
  alone = g_strconcat (CSTR "006c10010100", low->str, CEND, NULL);
  assert_list_read (alone, "0-255", "");
  more = g_strconcat (CSTR "006c10020100", low->str, "02010200" "01" CEND,
      NULL);
  assert_list_read (more, "0-257", "");
  both = g_strconcat (CSTR "006c10010100", low->str, "7010010201" "0101" CEND,
      NULL);
  assert_list_read (both, "0-255", "257");
  far = g_strconcat (CSTR "006c1001046553f100", low->str, CEND, NULL);
  assert_list_read (far, "1700000000-1700000255", "");
}

/* … and so that all can read it: 255 and 1. */
static void
test_full_block_written (void)
{
  static const char *const lists[] = {
    "0-255", "0-256", "0-299", "0-511", "0-1023", "256-511", "1-511",
    "1700000000-1700001000", "5,0-255"
  };

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++) {
    g_auto (P2pMlCommand) command = { 0, };
    g_autoptr (GPtrArray) messages = NULL;
    g_autofree char *hex = NULL;

    command.loaded = ml_list (lists[i]);
    messages = p2p_ml_command_write (&command, LONGEST);
    hex = ml_to_hex (g_ptr_array_index (messages, 0));
    assert_list_read (hex, lists[i], "");
    if (i == 0) {
      g_assert_true (g_str_has_prefix (hex, CSTR "006c10020200ff000102"));
      g_assert_true (g_str_has_suffix (hex, "fdfe0101ff" CEND));
    }
  }
}

/* No more groups than their number can say: the last ones. */
static void
test_many_groups (void)
{
  g_auto (P2pMlCommand) command = { 0, };
  g_auto (P2pMlCommand) got = { 0, };
  g_autoptr (P2pMlReader) reader = p2p_ml_reader_new (TRUE);
  g_autoptr (GPtrArray) messages = NULL;
  const guint n = 300;

  command.loaded = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (gint64 id = 0; id < n * 1000; id += 1000)
    g_array_append_val (command.loaded, id);
  messages = p2p_ml_command_write (&command, LONGEST);
  g_assert_cmpint (p2p_ml_reader_take (reader, g_ptr_array_index (messages, 0),
          &got), ==, P2P_ML_READ_COMMAND);
  g_array_remove_range (command.loaded, 0, n - P2P_ML_MAX_GROUPS);
  assert_command (&got, &command);
}

/* Several messages */

static const char *
get_start (GBytes * message)
{
  return g_bytes_get_data (message, NULL);
}

static void
assert_divided (GPtrArray * messages, gsize max, const P2pMlCommand * expect)
{
  g_autoptr (P2pMlReader) reader = p2p_ml_reader_new (TRUE);
  g_auto (P2pMlCommand) got = { 0, };

  for (guint i = 0; i < messages->len; i++) {
    GBytes *message = g_ptr_array_index (messages, i);
    gsize size = g_bytes_get_size (message);
    gboolean last = i + 1 == messages->len;

    g_assert_cmpuint (size, <=, max);
    g_assert_cmpuint (size, >, 8);
    g_assert_cmpmem (get_start (message), 4, i == 0 ? "cstr" : "dstr", 4);
    g_assert_cmpmem (get_start (message) + size - 4, 4,
        last ? "cend" : "dend", 4);
    g_assert_cmpint (p2p_ml_reader_take (reader, message, &got), ==,
        last ? P2P_ML_READ_COMMAND : P2P_ML_READ_PART);
  }
  assert_command (&got, expect);
}

static void
test_divided (void)
{
  static const char *const parts[] = {
    CSTR "006c1001013c000102030405060708090a0b0c0d0e0f" DEND,
    DSTR "101112131415161718191a1b1c1d1e1f202122232425" DEND,
    DSTR "262728292a2b2c2d2e2f303132333435363738393a3b" CEND,
  };
  g_auto (P2pMlCommand) command = { 0, };
  g_autoptr (GPtrArray) messages = NULL;

  command.loaded = ml_list ("0-59");
  messages = p2p_ml_command_write (&command, 40);
  g_assert_cmpuint (messages->len, ==, G_N_ELEMENTS (parts));
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++) {
    g_autofree char *hex = ml_to_hex (g_ptr_array_index (messages, i));

    g_assert_cmpstr (hex, ==, parts[i]);
  }
  for (gsize max = 9; max < 80; max++) {
    g_autoptr (GPtrArray) divided = p2p_ml_command_write (&command, max);

    assert_divided (divided, max, &command);
  }
}

/* Cut in two at any byte, with bytes of a segment in between. */
static void
test_cut_in_two (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (vectors) - 3; i++) {
    for (gsize n = 8; n <= strlen (vectors[i].hex) - 8; n += 2) {
      g_autoptr (P2pMlReader) reader = p2p_ml_reader_new (TRUE);
      g_autofree char *start = g_strndup (vectors[i].hex, n);
      g_autofree char *first = g_strconcat (start, DEND, NULL);
      g_autofree char *second = g_strconcat (DSTR, vectors[i].hex + n, NULL);
      g_auto (P2pMlCommand) got = { 0, };
      g_auto (P2pMlCommand) expect = { 0, };

      make_command (&expect, i);
      g_assert_cmpint (take (reader, first, &got), ==, P2P_ML_READ_PART);
      g_assert_cmpint (take (reader, "68656c6c6f", &got), ==,
          P2P_ML_READ_SEGMENT);
      g_assert_cmpint (take (reader, second, &got), ==, P2P_ML_READ_COMMAND);
      assert_command (&got, &expect);
    }
  }
}

/* What other generations may write */

static void
assert_request (const char *hex, gboolean request_ids, gint64 segment,
    gint64 request, gint64 first)
{
  g_autoptr (P2pMlReader) reader = p2p_ml_reader_new (request_ids);
  g_auto (P2pMlCommand) got = { 0, };
  g_auto (P2pMlCommand) expect = { P2P_ML_REQUEST };

  set_int (&expect, P2P_ML_HAS_SEGMENT, &expect.segment, segment);
  set_int (&expect, P2P_ML_HAS_REQUEST, &expect.request, request);
  set_int (&expect, P2P_ML_HAS_FIRST, &expect.first, first);
  g_assert_cmpint (take (reader, hex, &got), ==, P2P_ML_READ_COMMAND);
  if (!request_ids)
    got.request = 0;
  assert_command (&got, &expect);
}

static void
test_lenient (void)
{
  /* In another order */
  assert_request (WHOLE ("0172011069" "0100"), TRUE, 0, 16, NONE);
  assert_request (WHOLE ("01620164720110690100"), TRUE, 0, 16, 100);
  /* Integers of more bytes than they need */
  assert_request (WHOLE ("01690400000000720111"), TRUE, 0, 17, NONE);
  assert_request (WHOLE ("01690f000000000000000000000000000007720111"), TRUE, 7,
      17, NONE);
  assert_request (WHOLE ("0169071fffffffffffff720111"), TRUE, P2P_ML_MAX_INT,
      17, NONE);
  assert_request (WHOLE ("0169079fffffffffffff720111"), TRUE, -P2P_ML_MAX_INT,
      17, NONE);
  assert_request (WHOLE ("01690180720111"), TRUE, 0, 17, NONE);
  /* Fields that nobody knows: an integer, a string, a list of a full block */
  assert_request (WHOLE ("01690100720112780105"), TRUE, 0, 18, NONE);
  assert_request (WHOLE ("0178200361626369010072" "0112"), TRUE, 0, 18, NONE);
  assert_request (WHOLE ("017820006901007201127a1001010205" "06"), TRUE, 0, 18,
      NONE);
  /* Of two the last one counts. */
  assert_request (WHOLE ("01690105690107720112"), TRUE, 7, 18, NONE);
  /* A request id where there is none */
  assert_request (WHOLE ("01690107720112"), FALSE, 7, NONE, NONE);
  assert_request (WHOLE ("01690107"), FALSE, 7, NONE, NONE);
  assert_list_read (WHOLE ("006c10010101096c1001010203" "04"), "3,4", "");
  assert_list_read (WHOLE ("006c10007010010101" "04"), "", "4");
  assert_list_read (WHOLE ("006c1f0101010469" "0107"), "4", "");
}

static void
test_other_codes (void)
{
  static const char *const codes[] = {
    WHOLE ("06"), WHOLE ("0969010072" "0113"), WHOLE ("ff"), WHOLE ("06ffff")
  };
  static const guint types[] = { 6, 9, 255, 6 };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++) {
    g_autoptr (P2pMlReader) reader = p2p_ml_reader_new (TRUE);
    g_auto (P2pMlCommand) got = { 0, };

    g_assert_cmpint (take (reader, codes[i], &got), ==, P2P_ML_READ_COMMAND);
    g_assert_cmpuint (got.type, ==, types[i]);
    g_assert_cmpuint (got.type, >=, P2P_ML_UNKNOWN);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (nonsense); i++) {
    g_autofree char *path = g_strdup_printf ("/ml-command/no-sense/%u", i);

    g_test_add_data_func (path, nonsense[i], test_no_sense);
  }
  g_test_add_func ("/ml-command/in-another", test_in_another);
  g_test_add_func ("/ml-command/endless", test_endless);
  g_test_add_func ("/ml-command/long-list", test_long_list);
  g_test_add_func ("/ml-command/no-command", test_no_command);
  g_test_add_func ("/ml-command/vectors", test_vectors);
  g_test_add_func ("/ml-command/cut", test_cut);
  g_test_add_func ("/ml-command/block", test_block);
  g_test_add_func ("/ml-command/full-block/read", test_full_block_read);
  g_test_add_func ("/ml-command/full-block/written", test_full_block_written);
  g_test_add_func ("/ml-command/many-groups", test_many_groups);
  g_test_add_func ("/ml-command/divided", test_divided);
  g_test_add_func ("/ml-command/cut-in-two", test_cut_in_two);
  g_test_add_func ("/ml-command/lenient", test_lenient);
  g_test_add_func ("/ml-command/other-codes", test_other_codes);
  return g_test_run ();
}

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Serves what the bench reads, from memory and without a copy, so that it is
 * not what is measured. Prints its port and ends when its input does.
 *
 * /file/SIZE                             bytes
 * /hls/COUNT/LEAST/MOST/index.m3u8       a playlist of segments
 * /hls/COUNT/LEAST/MOST/N.ts             one, of LEAST to MOST bytes
 */

#define _GNU_SOURCE
#include <glib.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#define PACKET 188
/* After so many packets the same ones come again. */
#define N_PACKETS 12000
#define PID 0x100

static int media;               /* a file in memory */

/* --- the media: an MPEG-TS of one stream, with a clock, of no picture --- */

static guint32
crc (const guint8 * data, gsize size)
{
  guint32 sum = 0xffffffff;

  for (gsize i = 0; i < size; i++) {
    sum ^= (guint32) data[i] << 24;
    for (int bit = 0; bit < 8; bit++)
      sum = sum & 0x80000000 ? sum << 1 ^ 0x04c11db7 : sum << 1;
  }
  return sum;
}

static void
write_packet (guint8 * packet, guint pid, guint n)
{
  memset (packet, 0xff, PACKET);
  packet[0] = 0x47;
  packet[1] = pid >> 8;
  packet[2] = pid & 0xff;
  packet[3] = 0x10 | (n & 0x0f);
}

static void
write_table (guint8 * packet, guint pid, const guint8 * table, gsize size)
{
  guint32 sum = GUINT32_TO_BE (crc (table, size));

  write_packet (packet, pid, 0);
  packet[1] |= 0x40;
  packet[4] = 0;
  memcpy (packet + 5, table, size);
  memcpy (packet + 5 + size, &sum, sizeof sum);
}

/* n: its place; four megabits are a second */
static void
write_clock (guint8 * packet, guint n)
{
  guint64 base = n * G_GUINT64_CONSTANT (90000) * PACKET * 8 / 4000000;

  write_packet (packet, PID, n);
  packet[3] |= 0x20;
  packet[4] = 7;
  packet[5] = 0x10;
  packet[6] = base >> 25;
  packet[7] = base >> 17;
  packet[8] = base >> 9;
  packet[9] = base >> 1;
  packet[10] = (base & 1) << 7 | 0x7e;
  packet[11] = 0;
}

static void
make_media (void)
{
  static const guint8 pat[] = { 0x00, 0xb0, 0x0d, 0x00, 0x01, 0xc1, 0x00, 0x00,
    0x00, 0x01, 0xf0, 0x00
  };
  static const guint8 pmt[] = { 0x02, 0xb0, 0x12, 0x00, 0x01, 0xc1, 0x00, 0x00,
    0xe1, 0x00, 0xf0, 0x00, 0x1b, 0xe1, 0x00, 0xf0, 0x00
  };
  g_autofree guint8 *packets = g_malloc (N_PACKETS * PACKET);

  for (guint n = 0; n < N_PACKETS; n++) {
    guint8 *packet = packets + n * PACKET;

    /* The tables ten times a second, the clock twenty-five times, as muxers do. */
    if (n % 265 == 0)
      write_table (packet, 0, pat, sizeof pat);
    else if (n % 265 == 1)
      write_table (packet, 0x1000, pmt, sizeof pmt);
    else if (n % 106 == 2)
      write_clock (packet, n);
    else
      write_packet (packet, PID, n);
  }
  media = memfd_create ("media", MFD_CLOEXEC);
  if (media < 0 || write (media, packets, N_PACKETS * PACKET)
      != N_PACKETS * PACKET)
    g_error ("no memory for the media");
}

/* --- answers --- */

typedef struct
{
  const char *type;
  GString *text;                /* or NULL: of the media */
  guint64 size;
} Answer;

static void
make_playlist (Answer * answer, guint64 count)
{
  answer->type = "application/vnd.apple.mpegurl";
  answer->text = g_string_new ("#EXTM3U\n#EXT-X-VERSION:3\n"
      "#EXT-X-TARGETDURATION:4\n#EXT-X-MEDIA-SEQUENCE:0\n");
  for (guint64 n = 0; n < count; n++)
    g_string_append_printf (answer->text,
        "#EXTINF:4.0,\n%" G_GUINT64_FORMAT ".ts\n", n);
  g_string_append (answer->text, "#EXT-X-ENDLIST\n");
  answer->size = answer->text->len;
}

/* The same number is always of the same size. */
static guint64
get_segment_size (guint64 n, guint64 least, guint64 most)
{
  guint64 size = least + n * 7919 * PACKET % (most - least + 1);

  return size / PACKET * PACKET;
}

/* Returns: whether there is such a thing */
static gboolean
find (const char *path, Answer * answer)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);
  guint n = g_strv_length (parts);
  guint64 numbers[3] = { 0 };

  for (guint i = 2; i < n && i < 5; i++)
    if (!g_ascii_string_to_unsigned (parts[i], 10, 0, G_MAXINT64,
            &numbers[i - 2], NULL))
      return FALSE;
  if (n == 3 && g_str_equal (parts[1], "file")) {
    answer->type = "application/octet-stream";
    answer->size = numbers[0];
  } else if (n == 6 && numbers[1] <= numbers[2]
      && g_str_has_suffix (parts[5], ".m3u8")) {
    make_playlist (answer, numbers[0]);
  } else if (n == 6 && numbers[1] <= numbers[2]) {
    answer->type = "video/mp2t";
    answer->size = get_segment_size (g_ascii_strtoull (parts[5], NULL, 10),
        numbers[1], numbers[2]);
  } else {
    return FALSE;
  }
  return TRUE;
}

static gboolean
send_all (int connection, const char *data, gsize size, int flags)
{
  while (size > 0) {
    gssize n = send (connection, data, size, flags);

    if (n <= 0)
      return FALSE;
    data += n;
    size -= n;
  }
  return TRUE;
}

static gboolean
send_media (int connection, guint64 size)
{
  while (size > 0) {
    off_t offset = 0;

    while (offset < N_PACKETS * PACKET && size > 0) {
      gssize n = sendfile (connection, media, &offset,
          MIN (size, (guint64) (N_PACKETS * PACKET - offset)));

      if (n <= 0)
        return FALSE;
      size -= n;
    }
  }
  return TRUE;
}

/* Returns: whether the connection goes on */
static gboolean
answer_one (int connection, const char *method, const char *path)
{
  Answer answer = { "text/plain", NULL, 0 };
  gboolean found = find (path, &answer);
  gboolean head = g_str_equal (method, "HEAD");
  g_autofree char *headers = g_strdup_printf ("HTTP/1.1 %s\r\n"
      "Content-Type: %s\r\nContent-Length: %" G_GUINT64_FORMAT "\r\n"
      "Accept-Ranges: bytes\r\n\r\n", found ? "200 OK" : "404 Not Found",
      answer.type, answer.size);
  gboolean sent = send_all (connection, headers, strlen (headers),
      answer.size > 0 && !head ? MSG_MORE : 0);

  if (sent && !head)
    sent = answer.text ? send_all (connection, answer.text->str,
        answer.text->len, 0) : send_media (connection, answer.size);
  if (answer.text)
    g_string_free (answer.text, TRUE);
  return sent;
}

/* One after the other; nobody here sends the next request too early. */
static gpointer
serve (gpointer data)
{
  int connection = GPOINTER_TO_INT (data), one = 1;
  g_autoptr (GString) request = g_string_new (NULL);
  gboolean open = TRUE;

  setsockopt (connection, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  while (open && request->len < 64 * 1024) {
    char buffer[4096];
    gssize n = recv (connection, buffer, sizeof buffer, 0);

    open = n > 0;
    if (open)
      g_string_append_len (request, buffer, n);
    if (open && strstr (request->str, "\r\n\r\n")) {
      g_auto (GStrv) words = g_strsplit (request->str, " ", 3);

      open = g_strv_length (words) == 3
          && answer_one (connection, words[0], words[1]);
      g_string_truncate (request, 0);
    }
  }
  close (connection);
  return NULL;
}

static gpointer
accept_all (gpointer data)
{
  for (;;) {
    int connection = accept (GPOINTER_TO_INT (data), NULL, NULL);

    if (connection >= 0)
      g_thread_unref (g_thread_new ("serve", serve,
              GINT_TO_POINTER (connection)));
  }
  return NULL;
}

int
main (void)
{
  struct sockaddr_in address = { AF_INET, 0, {htonl (INADDR_LOOPBACK)}, };
  socklen_t size = sizeof address;
  int listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  /* Some hang up in the middle. */
  signal (SIGPIPE, SIG_IGN);
  make_media ();
  if (listener < 0 || bind (listener, (struct sockaddr *) &address, size) < 0
      || listen (listener, 64) < 0
      || getsockname (listener, (struct sockaddr *) &address, &size) < 0)
    g_error ("no socket");
  g_thread_unref (g_thread_new ("accept", accept_all,
          GINT_TO_POINTER (listener)));
  printf ("%d\n", ntohs (address.sin_port));
  fflush (stdout);
  while (getchar () != EOF);
  return 0;
}

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What the packages of npm make of playlists, run under node on 2026-11-21:
 * p2p-media-loader-core and -hlsjs 2.3.1 (G5) with hls.js 1.6.19 and 1.7.4, which
 * agree; 2.2.2 (G4) with hls.js 1.6.19; p2p-media-loader-hlsjs 0.6.2 (G2). No
 * MediaSource supports any codec there, so that none is known but by its name.
 */
#pragma once

typedef struct
{
  const char *requested, *response;
  const char *base;             /* G4 and G5 */
  const char *text;
} VectorMaster;

/* Of the stream at uri: NULL is no P2P. Info hashes are SHA-1 in hexadecimal for
 * G2, 20 characters for G4 and G5. */
typedef struct
{
  guint master;
  const char *uri;
  const char *g2, *g2_hash;
  const char *g4, *g4_hash;     /* behind "v2-", base, "-" */
  const char *g5, *g5_hash;
} Vector;

static const VectorMaster vector_masters[] = {
  /* media */
  { "https://cdn.example.com/live/master.m3u8?token=1",
    "https://cdn.example.com/live/master.m3u8?token=1",
    "https://cdn.example.com/live/master.m3u8",
    "#EXTM3U\n"
    "#EXT-X-TARGETDURATION:2\n"
    "#EXTINF:2,\n"
    "a.ts\n" },
  /* media-redirected */
  { "https://example.com/x.m3u8",
    "https://cdn.example.com/live/master.m3u8?t=2",
    "https://cdn.example.com/live/master.m3u8",
    "#EXTM3U\n"
    "#EXT-X-TARGETDURATION:2\n"
    "#EXTINF:2,\n"
    "a.ts\n" },
  /* ladder */
  { "https://cdn.example.com/live/master.m3u8",
    "https://cdn.example.com/live/master.m3u8",
    "https://cdn.example.com/live/master.m3u8",
    "#EXTM3U\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=1280000,AVERAGE-BANDWIDTH=1000000,CODECS=\"avc1.4d401f,mp4a.40.2\",RESOLUTION=842x480,FRAME-RATE=29.970\n"
    "low.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=2560000,CODECS=\"avc1.64001f,mp4a.40.2\",RESOLUTION=1280x720,FRAME-RATE=30.000,VIDEO-RANGE=SDR\n"
    "sub/mid.m3u8?x=1\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=7680000,CODECS=\"hvc1.2.4.L123.B0,ec-3\",RESOLUTION=1920x1080,FRAME-RATE=59.940,VIDEO-RANGE=PQ\n"
    "https://other.example.com/high.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=65000,CODECS=\"mp4a.40.5\"\n"
    "audio-only.m3u8\n" },
  /* redirected */
  { "https://example.com/play?id=7",
    "https://cdn.example.com:8443/a/b/master.m3u8?session=9",
    "https://cdn.example.com:8443/a/b/master.m3u8",
    "#EXTM3U\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=800000,CODECS=\"avc1.42c01e\"\n"
    "../v1/index.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=1600000\n"
    "./v2/./index.m3u8?token=z\n" },
  /* audio-groups */
  { "https://cdn.example.com/live/master.m3u8",
    "https://cdn.example.com/live/master.m3u8",
    "https://cdn.example.com/live/master.m3u8",
    "#EXTM3U\n"
    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"aac\",NAME=\"English\",LANGUAGE=\"en-US\",DEFAULT=YES,AUTOSELECT=YES,CHANNELS=\"2\",URI=\"a/en.m3u8\"\n"
    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"aac\",NAME=\" Deutsch \",LANGUAGE=\"DE\",URI=\"a/de.m3u8\"\n"
    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"ac3\",NAME=\"English\",LANGUAGE=\"en\",CHANNELS=\"6/JOC\",URI=\"a/en51.m3u8\"\n"
    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"lost\",LANGUAGE=\"und\",NAME=\"\",URI=\"a/lost.m3u8\"\n"
    "#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"s\",NAME=\"English\",LANGUAGE=\"en\",URI=\"s/en.m3u8\"\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=1200000,CODECS=\"mp4a.40.2,avc1.77.30\",RESOLUTION=640x360,AUDIO=\"aac\",SUBTITLES=\"s\"\n"
    "v1.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=2200000,CODECS=\"avc1.640028,ac-3\",RESOLUTION=1920x1080,AUDIO=\"ac3\",SUBTITLES=\"s\"\n"
    "v2.m3u8\n"
    "#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=100000,CODECS=\"avc1.640028\",URI=\"i.m3u8\"\n" },
  /* muxed-audio-is-counted */
  { "https://cdn.example.com/live/master.m3u8",
    "https://cdn.example.com/live/master.m3u8",
    "https://cdn.example.com/live/master.m3u8",
    "#EXTM3U\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=1200000,CODECS=\"avc1.4d401e,mp4a.40.2\",AUDIO=\"a\"\n"
    "v1.m3u8\n"
    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"Main\",DEFAULT=YES\n"
    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"Commentary\",URI=\"c.m3u8\"\n" },
  /* pseudo-track */
  { "https://cdn.example.com/live/master.m3u8",
    "https://cdn.example.com/live/master.m3u8",
    "https://cdn.example.com/live/master.m3u8",
    "#EXTM3U\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=1200000,CODECS=\"avc1.4d401e,mp4a.40.2\"\n"
    "v1.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=2200000,CODECS=\"avc1.4d401f\",AUDIO=\"a\"\n"
    "v2.m3u8\n"
    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"Other\",LANGUAGE=\"fr\",URI=\"o.m3u8\"\n"
    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",LANGUAGE=\"pt-BR\",URI=\"p.m3u8\"\n" },
  /* unknown-codecs */
  { "https://cdn.example.com/live/master.m3u8",
    "https://cdn.example.com/live/master.m3u8",
    "https://cdn.example.com/live/master.m3u8",
    "#EXTM3U\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=500000,CODECS=\"xyz1.2,mp4a.40.2\",AUDIO=\"g\"\n"
    "odd.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=900000,CODECS=\"avc1.42001e,mp4a.40.5\",AUDIO=\"g\"\n"
    "known.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=950000,AUDIO=\"g\"\n"
    "none.m3u8\n"
    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"g\",NAME=\"G\",URI=\"g.m3u8\"\n" },
  /* all-unknown */
  { "https://cdn.example.com/live/master.m3u8",
    "https://cdn.example.com/live/master.m3u8",
    "https://cdn.example.com/live/master.m3u8",
    "#EXTM3U\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=500000,CODECS=\"xyz1.2\"\n"
    "v1.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=900000,CODECS=\"zzzz\"\n"
    "v2.m3u8\n" },
  /* bandwidths */
  { "https://cdn.example.com/live/master.m3u8",
    "https://cdn.example.com/live/master.m3u8",
    "https://cdn.example.com/live/master.m3u8",
    "#EXTM3U\n"
    "#EXT-X-STREAM-INF:AVERAGE-BANDWIDTH=900000,RESOLUTION=640x360\n"
    "avg.m3u8\n"
    "#EXT-X-STREAM-INF:CODECS=\"avc1.42001e\",RESOLUTION=640x360\n"
    "no.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=0,CODECS=\"avc1.42001e\"\n"
    "zero.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=0,AVERAGE-BANDWIDTH=0,CODECS=\"avc1.42001e\",RESOLUTION=640x360,FRAME-RATE=25\n"
    "zeros.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=9007199254740993\n"
    "huge.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=1,RESOLUTION=0x0\n"
    "point.m3u8\n" },
  /* codecs */
  { "https://cdn.example.com/live/master.m3u8",
    "https://cdn.example.com/live/master.m3u8",
    "https://cdn.example.com/live/master.m3u8",
    "#EXTM3U\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=1,CODECS=\"hvc1.1.6.L93.B0, avc1.64001F ,mp4a.40.2\"\n"
    "c1.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=2,CODECS=\"avc1.66.30\"\n"
    "c2.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=3,CODECS=\"avc1.9.10\"\n"
    "c3.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=4,CODECS=\"avc3.77.30\"\n"
    "c4.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=5,CODECS=\"avc1.100.40.x\"\n"
    "c5.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=6,CODECS=\"avc1.64001f.q\"\n"
    "c6.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=7,CODECS=\"dvh1.05.06/db4h,hev1.1.2\"\n"
    "c7.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=8,CODECS=\"Avc1.64001f\"\n"
    "c8.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=9,CODECS=\" , \"\n"
    "c9.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=10,CODECS=\"wvtt,av01.0.05M.08,Opus\"\n"
    "c10.m3u8\n" },
  /* rates */
  { "https://cdn.example.com/live/master.m3u8",
    "https://cdn.example.com/live/master.m3u8",
    "https://cdn.example.com/live/master.m3u8",
    "#EXTM3U\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=1,FRAME-RATE=25.000\n"
    "r0.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=2,FRAME-RATE=29.970\n"
    "r1.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=3,FRAME-RATE=23.976\n"
    "r2.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=4,FRAME-RATE=59.94005994\n"
    "r3.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=5,FRAME-RATE=0\n"
    "r4.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=6,FRAME-RATE=0.1\n"
    "r5.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=7,FRAME-RATE=100\n"
    "r6.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=8,FRAME-RATE=60.0000000001\n"
    "r7.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=9,FRAME-RATE=abc\n"
    "r8.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=10,FRAME-RATE=\n"
    "r9.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=11,FRAME-RATE=1000000\n"
    "r10.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=12,FRAME-RATE=30.\n"
    "r11.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=13,FRAME-RATE=.5\n"
    "r12.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=14,FRAME-RATE=29.97002997002997\n"
    "r13.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=99,VIDEO-RANGE=hlg\n"
    "range.m3u8\n" },
  /* duplicates */
  { "https://cdn.example.com/live/master.m3u8",
    "https://cdn.example.com/live/master.m3u8",
    "https://cdn.example.com/live/master.m3u8",
    "#EXTM3U\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=100,RESOLUTION=640x360\n"
    "one.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=100,RESOLUTION=640x360\n"
    "backup.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=200,RESOLUTION=640x360\n"
    "one.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=300\n"
    "last.m3u8\n"
    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"One\",URI=\"one.m3u8\"\n"
    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"A\",URI=\"a.m3u8\"\n"
    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"b\",NAME=\"B\",URI=\"a.m3u8\"\n" },
  /* names */
  { "https://cdn.example.com/live/master.m3u8",
    "https://cdn.example.com/live/master.m3u8",
    "https://cdn.example.com/live/master.m3u8",
    "#EXTM3U\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=100,CODECS=\"avc1.42001e,mp4a.40.2\",AUDIO=\"a\"\n"
    "v.m3u8\n"
    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"Русский\",LANGUAGE=\"ru\",CHANNELS=\"2\",URI=\"n0.m3u8\"\n"
    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"ΕΛΛΗΝΙΚΟΣ ΣΑΣ Σ\",LANGUAGE=\"el\",CHANNELS=\"\",URI=\"n1.m3u8\"\n"
    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"İstanbul\",LANGUAGE=\"TR\",CHANNELS=\"6/-\",URI=\"n2.m3u8\"\n"
    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"日本語\",LANGUAGE=\"ja-JP\",CHANNELS=\"8/JOC/x\",URI=\"n3.m3u8\"\n"
    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"ÉCOLE\",LANGUAGE=\"FR\",CHANNELS=\"1\",URI=\"n4.m3u8\"\n"
    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"Straße\",LANGUAGE=\"de\",CHANNELS=\"12\",URI=\"n5.m3u8\"\n"
    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"A,B=C\",LANGUAGE=\"UND\",CHANNELS=\"2\",URI=\"n6.m3u8\"\n"
    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\" Nbsp　\",LANGUAGE=\"und\",CHANNELS=\"/\",URI=\"n7.m3u8\"\n"
    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"ǅ\",LANGUAGE=\"x\",CHANNELS=\"16\",URI=\"n8.m3u8\"\n" },
  /* urls */
  { "http://EXAMPLE.com:80/Café 1/%7Elive/%c3%a9/m.m3u8?q",
    "http://example.com/Caf%C3%A9%201/%7Elive/%c3%a9/m.m3u8?q",
    "http://example.com/Caf%C3%A9%201/%7Elive/%c3%a9/m.m3u8",
    "#EXTM3U\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=100\n"
    "v.m3u8\n" },
};

static const Vector vectors[] = {
  { 0, "https://cdn.example.com/live/master.m3u8?token=1",
    "https://cdn.example.com/live/master.m3u8",
    "20952ce0edca0c0b28be9ac1e8bc215ad37a6d13",
    "main-0", "tw0U74knU+1wDtBPNfc4",
    "main-UYnLxGhQilEV4D0HbCx+kRv0ZF0=", "krJ3gTv9HNg8LD8HGgcy" },
  { 1, "https://cdn.example.com/live/master.m3u8?t=2",
    "https://example.com/x.m3u8",
    "4390cf72001df456cc3a11d3621f15a7ffe62a4e",
    "main-0", "tw0U74knU+1wDtBPNfc4",
    "main-UYnLxGhQilEV4D0HbCx+kRv0ZF0=", "krJ3gTv9HNg8LD8HGgcy" },
  { 2, "https://cdn.example.com/live/low.m3u8",
    "https://cdn.example.com/live/master.m3u8+V0",
    "9c1472a57b146ddf1a9f8554d26c65bb57b61f60",
    "main-0", "tw0U74knU+1wDtBPNfc4",
    "main-Ba+2FZIM6XlCH18iLKaOvlPeXl0=", "7frDUeIEuBwSqQReC7gd" },
  { 2, "https://cdn.example.com/live/sub/mid.m3u8?x=1",
    "https://cdn.example.com/live/master.m3u8+V1",
    "2289f47d212bf0a0785c7e4f039bc89885b27caf",
    "main-1", "24UY5DKSBz1487kOFarK",
    "main-SCnmdLzHHaVKF4bnyJ3F/5DjvlM=", "Wb0hTWESvRv4yqxd/bMG" },
  { 2, "https://other.example.com/high.m3u8",
    "https://cdn.example.com/live/master.m3u8+V2",
    "d92c8e4c5bc3804b8350b70b23dbc26fdbf9f332",
    "main-2", "Oxyr4BTOtYMxoka/dhu+",
    "main-OWrGQJBtFLUoGTxa9hfPFsjo8NU=", "eYixK56LLhkLvsj7NHcq" },
  { 2, "https://cdn.example.com/live/audio-only.m3u8",
    "https://cdn.example.com/live/master.m3u8+V3",
    "a4bd2f71aec33f9c65453cc3c50fbbf0bb80399b",
    "main-3", "lXQuvR3WvmsQraXgmQpB",
    "main-76ghba4L4lWItDi36cSlAPXYSSs=", "tDyAadOSr2FPnnRMRJ5K" },
  { 3, "https://cdn.example.com:8443/a/v1/index.m3u8",
    "https://example.com/play+V0",
    "68a00dcbd230e835a54f21517f66dc6d96bcf115",
    "main-0", "NnPeNNU/0nVLxqtl5sj+",
    "main-PC+K2ZupnCNUqLlWkwOlS1iig2E=", "As23flNBn0dM5zwhMvrC" },
  { 3, "https://cdn.example.com:8443/a/b/v2/index.m3u8?token=z",
    "https://example.com/play+V1",
    "eccadeee20f48d75aeb9ab70eaf7934bf7072a2f",
    "main-1", "lRNTm5+8dLHuA6iP6nom",
    "main-zMh20YkamsObLSMmPX5Fk3Xs7Gs=", "ucEc+3bFGgUNdk2iVNqK" },
  { 4, "https://cdn.example.com/live/v1.m3u8",
    "https://cdn.example.com/live/master.m3u8+V0",
    "9c1472a57b146ddf1a9f8554d26c65bb57b61f60",
    "main-0", "tw0U74knU+1wDtBPNfc4",
    "main-WNngECN0irCo0lCXWKtppF05Ppw=", "m8R/zGD37pwOIlLko8d6" },
  { 4, "https://cdn.example.com/live/v2.m3u8",
    "https://cdn.example.com/live/master.m3u8+V1",
    "2289f47d212bf0a0785c7e4f039bc89885b27caf",
    "main-1", "24UY5DKSBz1487kOFarK",
    "main-SNgOijjhAE3zsqIPvRVeJPGKYUg=", "qn5vU/AKsytAywRcXGN/" },
  { 4, "https://cdn.example.com/live/a/en.m3u8",
    NULL,
    NULL,
    "secondary-0", "G06ZU+6D6r8B7HW1sc/H",
    "secondary-bdjQ1B4N2yrcTDHyU5j7iDGV9sY=", "pWlB9P4lKCYQrRLIdUfn" },
  { 4, "https://cdn.example.com/live/a/de.m3u8",
    NULL,
    NULL,
    "secondary-1", "4r3nJNp3KqLRMIDIyl3T",
    "secondary-JCovg+Qt343YozSIG7DZ7CpIJlk=", "bsa9MH2ks+GzjmlRwIjy" },
  { 4, "https://cdn.example.com/live/a/en51.m3u8",
    NULL,
    NULL,
    "secondary-2", "3c7hrAWkLP/y/qmMfoHe",
    "secondary-OW0i3QS3shgiLnHmmd4UV9w8AIk=", "NiNwPnvCGbpuTGuh+VvI" },
  { 4, "https://cdn.example.com/live/a/lost.m3u8",
    NULL,
    NULL,
    "secondary-3", "WBELfs7BNjaGmi0Ypp/L",
    "secondary-cuILyoF0VC8uaGR5PEYoADUHU5M=", "cIUxVFYGxOxP46jm4Fyf" },
  { 5, "https://cdn.example.com/live/v1.m3u8",
    "https://cdn.example.com/live/master.m3u8+V0",
    "9c1472a57b146ddf1a9f8554d26c65bb57b61f60",
    "main-0", "tw0U74knU+1wDtBPNfc4",
    "main-bYg8ORAyI9iT9sTfLWhwxFf9KOQ=", "QbeAkxu0O9OjMZJj04xw" },
  { 5, "https://cdn.example.com/live/c.m3u8",
    NULL,
    NULL,
    "secondary-1", "4r3nJNp3KqLRMIDIyl3T",
    "secondary-jdPhNc2wpzIxSZmx8+PxH49Q/qw=", "6QJgxD5/DZN3Qt4zAU37" },
  { 6, "https://cdn.example.com/live/v1.m3u8",
    "https://cdn.example.com/live/master.m3u8+V0",
    "9c1472a57b146ddf1a9f8554d26c65bb57b61f60",
    "main-0", "tw0U74knU+1wDtBPNfc4",
    "main-bYg8ORAyI9iT9sTfLWhwxFf9KOQ=", "QbeAkxu0O9OjMZJj04xw" },
  { 6, "https://cdn.example.com/live/v2.m3u8",
    "https://cdn.example.com/live/master.m3u8+V1",
    "2289f47d212bf0a0785c7e4f039bc89885b27caf",
    "main-1", "24UY5DKSBz1487kOFarK",
    "main-9mh0FFBY/dg4P8oxmKv2E4+1PBc=", "UlSDbo6vvGgQaCNbAaAm" },
  { 6, "https://cdn.example.com/live/o.m3u8",
    NULL,
    NULL,
    "secondary-1", "4r3nJNp3KqLRMIDIyl3T",
    "secondary-zXtBbPR7xBleflqIbVEuFKMr3zM=", "Cnb7vJnE4WskAiMiHoiH" },
  { 6, "https://cdn.example.com/live/p.m3u8",
    NULL,
    NULL,
    "secondary-2", "3c7hrAWkLP/y/qmMfoHe",
    "secondary-fNiobXOzxYVMUjSAkHI82JKyfmE=", "STbhQfTfJBc6nI26K9qE" },
  { 7, "https://cdn.example.com/live/known.m3u8",
    "https://cdn.example.com/live/master.m3u8+V1",
    "2289f47d212bf0a0785c7e4f039bc89885b27caf",
    "main-0", "tw0U74knU+1wDtBPNfc4",
    "main-evLmfCzcblWbf9XrJxeL5B4RzfI=", "t+JBLQybKrZMJNySx2K1" },
  { 7, "https://cdn.example.com/live/none.m3u8",
    "https://cdn.example.com/live/master.m3u8+V2",
    "d92c8e4c5bc3804b8350b70b23dbc26fdbf9f332",
    "main-1", "24UY5DKSBz1487kOFarK",
    "main-hXH28J1nBSep7DFPKKjKwloukdQ=", "GHPpOYXWf5MJuASlBpBf" },
  { 7, "https://cdn.example.com/live/g.m3u8",
    NULL,
    NULL,
    "secondary-0", "G06ZU+6D6r8B7HW1sc/H",
    "secondary-BG20keG9VVxMeBo4DmohctHR7iM=", "5nCcZZCVHpUa445oh1qy" },
  { 7, "https://cdn.example.com/live/odd.m3u8",
    "https://cdn.example.com/live/master.m3u8+V0",
    "9c1472a57b146ddf1a9f8554d26c65bb57b61f60",
    NULL, NULL,
    NULL, NULL },
  { 8, "https://cdn.example.com/live/v1.m3u8",
    "https://cdn.example.com/live/master.m3u8+V0",
    "9c1472a57b146ddf1a9f8554d26c65bb57b61f60",
    "main-0", "tw0U74knU+1wDtBPNfc4",
    "main-ZxghGb+ftasDZSXWqpM+bUmo3pg=", "jMiUUtca0p5z772erA36" },
  { 8, "https://cdn.example.com/live/v2.m3u8",
    "https://cdn.example.com/live/master.m3u8+V1",
    "2289f47d212bf0a0785c7e4f039bc89885b27caf",
    "main-1", "24UY5DKSBz1487kOFarK",
    "main-9OV8qDR7rgqNor/NG2hJHg/pxl0=", "2uXxReVMjBGyt0TFlR2A" },
  { 9, "https://cdn.example.com/live/avg.m3u8",
    "https://cdn.example.com/live/master.m3u8+V0",
    "9c1472a57b146ddf1a9f8554d26c65bb57b61f60",
    "main-0", "tw0U74knU+1wDtBPNfc4",
    "main-3DEoZhRFHQjHEh0GvdemT7uBsm0=", "HIkkmgWtHD9J3d/3iDvI" },
  { 9, "https://cdn.example.com/live/no.m3u8",
    "https://cdn.example.com/live/master.m3u8+V1",
    "2289f47d212bf0a0785c7e4f039bc89885b27caf",
    "main-1", "24UY5DKSBz1487kOFarK",
    "main-nWWcw4KjUoPN2maH6wpi8d7IoEc=", "I5J3Sy6+KHKb4dQuldoQ" },
  { 9, "https://cdn.example.com/live/zero.m3u8",
    "https://cdn.example.com/live/master.m3u8+V2",
    "d92c8e4c5bc3804b8350b70b23dbc26fdbf9f332",
    "main-2", "Oxyr4BTOtYMxoka/dhu+",
    "main-7xYrFW0azDJei5bt4JzAt8g2czA=", "p1861aTMVMs4ya8m9mQ/" },
  { 9, "https://cdn.example.com/live/zeros.m3u8",
    "https://cdn.example.com/live/master.m3u8+V3",
    "a4bd2f71aec33f9c65453cc3c50fbbf0bb80399b",
    "main-3", "lXQuvR3WvmsQraXgmQpB",
    "main-UYnLxGhQilEV4D0HbCx+kRv0ZF0=", "krJ3gTv9HNg8LD8HGgcy" },
  { 9, "https://cdn.example.com/live/huge.m3u8",
    "https://cdn.example.com/live/master.m3u8+V4",
    "abc6c36aec1c15134dbc92ea50cd130d8aeff169",
    "main-4", "oErCk8fQBvKsRQ28aywX",
    "main-Cv3TVSi8XhOCOMZgBj9GV4ob4d4=", "iOg1pva/laNodDP8lKxq" },
  { 9, "https://cdn.example.com/live/point.m3u8",
    "https://cdn.example.com/live/master.m3u8+V5",
    "8d90ea7743c9afe634caca10a57fe906766669d0",
    "main-5", "cK0kFn6NXBkqZ0pVZxQ7",
    "main-HTmvFxjp10iPDlTce3Lb2OgIHsU=", "P0wnCgXBsp9PPq7cJsh+" },
  { 10, "https://cdn.example.com/live/c1.m3u8",
    "https://cdn.example.com/live/master.m3u8+V0",
    "9c1472a57b146ddf1a9f8554d26c65bb57b61f60",
    "main-0", "tw0U74knU+1wDtBPNfc4",
    "main-RnpdAw0fuTh90pV9cpBdK8A0adE=", "Frzu+bwiVKUSa/2ZDKqW" },
  { 10, "https://cdn.example.com/live/c2.m3u8",
    "https://cdn.example.com/live/master.m3u8+V1",
    "2289f47d212bf0a0785c7e4f039bc89885b27caf",
    "main-1", "24UY5DKSBz1487kOFarK",
    "main-GQ2cF1FElLIbPX+gASrz3q7hSf0=", "zPkVsS8LxDH91T6Le/S6" },
  { 10, "https://cdn.example.com/live/c3.m3u8",
    "https://cdn.example.com/live/master.m3u8+V2",
    "d92c8e4c5bc3804b8350b70b23dbc26fdbf9f332",
    "main-2", "Oxyr4BTOtYMxoka/dhu+",
    "main-zddRhyekT0Twnluy9BdiKcAkC7w=", "JwYiIon6xNz+j/lit4JE" },
  { 10, "https://cdn.example.com/live/c4.m3u8",
    "https://cdn.example.com/live/master.m3u8+V3",
    "a4bd2f71aec33f9c65453cc3c50fbbf0bb80399b",
    "main-3", "lXQuvR3WvmsQraXgmQpB",
    "main-nXfgRbFdYvGD+Aqr14Ay80vxBxk=", "h23q6y5tok5pbGwNiwoz" },
  { 10, "https://cdn.example.com/live/c5.m3u8",
    "https://cdn.example.com/live/master.m3u8+V4",
    "abc6c36aec1c15134dbc92ea50cd130d8aeff169",
    "main-4", "oErCk8fQBvKsRQ28aywX",
    "main-HN9A5itdI4+Bc9KEZwDqCf0oAzk=", "HNIyG/u8FJsXrAA+2hnX" },
  { 10, "https://cdn.example.com/live/c6.m3u8",
    "https://cdn.example.com/live/master.m3u8+V5",
    "8d90ea7743c9afe634caca10a57fe906766669d0",
    "main-5", "cK0kFn6NXBkqZ0pVZxQ7",
    "main-Z3L3TfWQx2ii4WC3+fhdKMrz/zQ=", "trKxleZEFSezBvIYcJue" },
  { 10, "https://cdn.example.com/live/c7.m3u8",
    "https://cdn.example.com/live/master.m3u8+V6",
    "c56426c8aaf9b4045e2ccbd6ba200becc62aca4b",
    "main-6", "IhAFpcHkT5YpPImTGlsZ",
    "main-KIPh3hkRpPRsFQvs0p3jFcOUWjk=", "hfDniAwQiR/f1sGjHV49" },
  { 10, "https://cdn.example.com/live/c9.m3u8",
    "https://cdn.example.com/live/master.m3u8+V8",
    "df9161931ae63f87899151c62393ca486b6e2899",
    "main-7", "DpMhaq7/1SJU4Z9M+lU6",
    "main-9/cNz+ZgBOqCf4/Y73vxZ3XnzHI=", "H3PPR2I2GxrZkKNhmxWA" },
  { 10, "https://cdn.example.com/live/c10.m3u8",
    "https://cdn.example.com/live/master.m3u8+V9",
    "f85e424e8a53fea5ece32f6dae8a424110603b13",
    "main-8", "anFYBTAxQkU9+cLflMdQ",
    "main-IoFliiKcKjNyAU1FO6wsmZwhZOM=", "MeGG3S/tvKMKO1+bmEjJ" },
  { 10, "https://cdn.example.com/live/c8.m3u8",
    "https://cdn.example.com/live/master.m3u8+V7",
    "47813df6f52b774528a6670e21c6842e2f521627",
    NULL, NULL,
    NULL, NULL },
  { 11, "https://cdn.example.com/live/r0.m3u8",
    "https://cdn.example.com/live/master.m3u8+V0",
    "9c1472a57b146ddf1a9f8554d26c65bb57b61f60",
    "main-0", "tw0U74knU+1wDtBPNfc4",
    "main-hH+5utuDf7CLTYY3nhZn1ciceFM=", "j1xIciSYfBn3pk5/eX51" },
  { 11, "https://cdn.example.com/live/r1.m3u8",
    "https://cdn.example.com/live/master.m3u8+V1",
    "2289f47d212bf0a0785c7e4f039bc89885b27caf",
    "main-1", "24UY5DKSBz1487kOFarK",
    "main-QDYRdpKAkc83DCSyrppCw5W7TgU=", "McJR+0qVGLl6MNchPhS+" },
  { 11, "https://cdn.example.com/live/r2.m3u8",
    "https://cdn.example.com/live/master.m3u8+V2",
    "d92c8e4c5bc3804b8350b70b23dbc26fdbf9f332",
    "main-2", "Oxyr4BTOtYMxoka/dhu+",
    "main-yVfsRVbfwFJDtkzBIiV4dUyAKOU=", "+hmF9jdk/eOi6H2AGtpy" },
  { 11, "https://cdn.example.com/live/r3.m3u8",
    "https://cdn.example.com/live/master.m3u8+V3",
    "a4bd2f71aec33f9c65453cc3c50fbbf0bb80399b",
    "main-3", "lXQuvR3WvmsQraXgmQpB",
    "main-hN8XOYUe+/YpyDfOxId46BkFANw=", "qlMM3jEbZVIMB9wEQsRr" },
  { 11, "https://cdn.example.com/live/r4.m3u8",
    "https://cdn.example.com/live/master.m3u8+V4",
    "abc6c36aec1c15134dbc92ea50cd130d8aeff169",
    "main-4", "oErCk8fQBvKsRQ28aywX",
    "main-UPZ676f+dPu9OHXnakrhYSMCjzA=", "j0XKxGr4p0PXO3u/oS6Q" },
  { 11, "https://cdn.example.com/live/r5.m3u8",
    "https://cdn.example.com/live/master.m3u8+V5",
    "8d90ea7743c9afe634caca10a57fe906766669d0",
    "main-5", "cK0kFn6NXBkqZ0pVZxQ7",
    "main-7FiXiSsTvHUEHd2jgUmMxYGqzMk=", "CR6Y+njzJEQ4UR1nNbtb" },
  { 11, "https://cdn.example.com/live/r6.m3u8",
    "https://cdn.example.com/live/master.m3u8+V6",
    "c56426c8aaf9b4045e2ccbd6ba200becc62aca4b",
    "main-6", "IhAFpcHkT5YpPImTGlsZ",
    "main-0WySejOOFJgufcr5EUR6IYOjjU0=", "lcZ5u64hzd+b0UFja+7U" },
  { 11, "https://cdn.example.com/live/r7.m3u8",
    "https://cdn.example.com/live/master.m3u8+V7",
    "47813df6f52b774528a6670e21c6842e2f521627",
    "main-7", "DpMhaq7/1SJU4Z9M+lU6",
    "main-lbZP88iJlp2wDhM3rpN1Me53CvU=", "afyZO5lJ3gblX+I/pXMf" },
  { 11, "https://cdn.example.com/live/r8.m3u8",
    "https://cdn.example.com/live/master.m3u8+V8",
    "df9161931ae63f87899151c62393ca486b6e2899",
    "main-8", "anFYBTAxQkU9+cLflMdQ",
    "main-9/cNz+ZgBOqCf4/Y73vxZ3XnzHI=", "H3PPR2I2GxrZkKNhmxWA" },
  { 11, "https://cdn.example.com/live/r9.m3u8",
    "https://cdn.example.com/live/master.m3u8+V9",
    "f85e424e8a53fea5ece32f6dae8a424110603b13",
    "main-9", "9juLU5zS5wGrIdQCYcZb",
    "main-EodB6NhUzpO0sz5nvN9woOdxBaw=", "LDSjU/HLbmxjuM2XQjQt" },
  { 11, "https://cdn.example.com/live/r10.m3u8",
    "https://cdn.example.com/live/master.m3u8+V10",
    "3fde528dbdc9a04887b0e9dd219aa672ec3c57bd",
    "main-10", "LMvRXdOz0KCN6P0phLF/",
    "main-aAn8Zppb4K2GVs3tHoph4JXPcbk=", "9amSd6N444MV09eWGmto" },
  { 11, "https://cdn.example.com/live/r11.m3u8",
    "https://cdn.example.com/live/master.m3u8+V11",
    "58e1d0e894e88950f938ec6043498aade8fbf255",
    "main-11", "9Sf9+F9AoN3G1O4jg1+/",
    "main-gJbOhZPosRcGBdGYARNIYxV8t9A=", "DYwSN+ftLIaP5ae7jqXC" },
  { 11, "https://cdn.example.com/live/r12.m3u8",
    "https://cdn.example.com/live/master.m3u8+V12",
    "a15492b11220f5c74f21c4c5b51dc58c09f67656",
    "main-12", "uSKcP8ssRm8A+BoBWiYf",
    "main-UUTzkK03CaAsHUt7eg9c9/G+r88=", "BUsFLD+xp4QLkaubLmcS" },
  { 11, "https://cdn.example.com/live/r13.m3u8",
    "https://cdn.example.com/live/master.m3u8+V13",
    "bd15bbfc4bd04104b19c3cb79dd76deb5e206f44",
    "main-13", "omNQhr1RAsGNl5tcnKSL",
    "main-4vjOP9mSob9TQ2Z1e0C9Bku7Qwg=", "cGSLwZzoA2ggR7pj/oZG" },
  { 11, "https://cdn.example.com/live/range.m3u8",
    "https://cdn.example.com/live/master.m3u8+V14",
    "5365d872ab49bdc3746da7b179120ad17d9121be",
    "main-14", "mIVcjslEpeSdlMVCtTX0",
    "main-pHX7/h0ND+20uE07c2HqicmCzYE=", "XKK51CK+arZjjK6yudO8" },
  { 12, "https://cdn.example.com/live/one.m3u8",
    "https://cdn.example.com/live/master.m3u8+V0",
    "9c1472a57b146ddf1a9f8554d26c65bb57b61f60",
    "main-0", "tw0U74knU+1wDtBPNfc4",
    "main-r7yCcLn860q1NA7Dnr68m9B2oSU=", "135A2+bXG33ONI+kzBLq" },
  { 12, "https://cdn.example.com/live/backup.m3u8",
    "https://cdn.example.com/live/master.m3u8+V1",
    "2289f47d212bf0a0785c7e4f039bc89885b27caf",
    "main-1", "24UY5DKSBz1487kOFarK",
    "main-r7yCcLn860q1NA7Dnr68m9B2oSU=", "135A2+bXG33ONI+kzBLq" },
  { 12, "https://cdn.example.com/live/last.m3u8",
    "https://cdn.example.com/live/master.m3u8+V3",
    "a4bd2f71aec33f9c65453cc3c50fbbf0bb80399b",
    "main-3", "lXQuvR3WvmsQraXgmQpB",
    "main-iJGBtl5fRhkz34UqNR60tzyN+9M=", "6C9CZ3dR96vBw1oqm7+u" },
  { 12, "https://cdn.example.com/live/a.m3u8",
    NULL,
    NULL,
    "secondary-1", "4r3nJNp3KqLRMIDIyl3T",
    "secondary-VU9KYEL65wOP1VSxBCAGNq3SXrw=", "rudarz3uhEcYWNtDFWmz" },
  { 13, "https://cdn.example.com/live/v.m3u8",
    "https://cdn.example.com/live/master.m3u8+V0",
    "9c1472a57b146ddf1a9f8554d26c65bb57b61f60",
    "main-0", "tw0U74knU+1wDtBPNfc4",
    "main-YYOX/+F0osa4BK+x2uUndJzaOms=", "tR6CUJLQWlyS7qhCOahg" },
  { 13, "https://cdn.example.com/live/n0.m3u8",
    NULL,
    NULL,
    "secondary-0", "G06ZU+6D6r8B7HW1sc/H",
    "secondary-wLREgJ3qUEPa1PgAfxoA595h9sw=", "wyDB82VPEyyqVz5Fx34x" },
  { 13, "https://cdn.example.com/live/n1.m3u8",
    NULL,
    NULL,
    "secondary-1", "4r3nJNp3KqLRMIDIyl3T",
    "secondary-2jsVFU1AcQF0YXR6WIBltHhOEt0=", "XUO9GSFoGrXJ/BIY2PV1" },
  { 13, "https://cdn.example.com/live/n2.m3u8",
    NULL,
    NULL,
    "secondary-2", "3c7hrAWkLP/y/qmMfoHe",
    "secondary-KcTuaPoTdL1nRTCDCob+BIAHykM=", "lJtIjiaDMeYvpq9hwAF9" },
  { 13, "https://cdn.example.com/live/n3.m3u8",
    NULL,
    NULL,
    "secondary-3", "WBELfs7BNjaGmi0Ypp/L",
    "secondary-qbY4a0deZknGPLt1nMz1L6zQECk=", "3lNvGjCn6rLO5T5d2ONo" },
  { 13, "https://cdn.example.com/live/n4.m3u8",
    NULL,
    NULL,
    "secondary-4", "3o7C3qb5Qe92s74TUzqB",
    "secondary-FrW9hA9MpgTbOdQx9fyjl3k9DwY=", "/qFeKXxcGda8xOMohY5R" },
  { 13, "https://cdn.example.com/live/n5.m3u8",
    NULL,
    NULL,
    "secondary-5", "noiKw6aTcycPA689fdbP",
    "secondary-VMOMr7wYiJ1QFLLjEFpo61Rl8DU=", "Ft+hiDuVVEtzkKkdIA/Q" },
  { 13, "https://cdn.example.com/live/n6.m3u8",
    NULL,
    NULL,
    "secondary-6", "si9kXWSWClcxUajTV2Rr",
    "secondary-DSfdHnqBQB/lrSnWIz9bVJK2tg0=", "24pEznuIm5ByUg4VYgwQ" },
  { 13, "https://cdn.example.com/live/n7.m3u8",
    NULL,
    NULL,
    "secondary-7", "PG9h4y4OohBcfvzAQ0GY",
    "secondary-/7NvH/g2j3H4SX78QbtAEOijS0Y=", "1EgBPLuIVvExZn86w70p" },
  { 13, "https://cdn.example.com/live/n8.m3u8",
    NULL,
    NULL,
    "secondary-8", "0FnY+Jr+FxOcFCdyM951",
    "secondary-t398z/0/+Mbdhy9XXGQqLPloss8=", "En7qDkJozMGhimxMA/09" },
  { 14, "http://example.com/Caf%C3%A9%201/%7Elive/%c3%a9/v.m3u8",
    "http://EXAMPLE.com:80/Café 1/%7Elive/%c3%a9/m.m3u8+V0",
    "89619c561f2370b5c7d1a573c3b2dba74f93bb79",
    "main-0", "8Ke2Fv6akhcrWENVknR4",
    "main-WdKSb/fz6GFfO7Oj9lrd/ktcpN8=", "slSWD8Ie/j/nW2LVVpen" },
};

/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The same as identityvectors.h, of master playlists as packagers and others write
 * them; those of ffmpeg 5.1 are its own.
 */
#pragma once

#include "identityvectors.h"

static const VectorMaster packager_masters[] = {
  /* shaka-packager */
  { "https://cdn.example.com/live/master.m3u8",
    "https://cdn.example.com/live/master.m3u8",
    "https://cdn.example.com/live/master.m3u8",
    "#EXTM3U\n"
    "## Generated with https://github.com/shaka-project/shaka-packager version v3.2.0-53b8668-release\n"
    "\n"
    "#EXT-X-INDEPENDENT-SEGMENTS\n"
    "\n"
    "#EXT-X-MEDIA:TYPE=AUDIO,URI=\"audio_en.m3u8\",GROUP-ID=\"default-audio-group\",LANGUAGE=\"en\",NAME=\"stream_0\",DEFAULT=YES,AUTOSELECT=YES,CHANNELS=\"2\"\n"
    "#EXT-X-MEDIA:TYPE=AUDIO,URI=\"audio_de_51.m3u8\",GROUP-ID=\"surround\",LANGUAGE=\"de-AT\",NAME=\"stream_1\",AUTOSELECT=YES,CHANNELS=\"6\"\n"
    "\n"
    "#EXT-X-MEDIA:TYPE=SUBTITLES,URI=\"text_en.m3u8\",GROUP-ID=\"default-text-group\",LANGUAGE=\"en\",NAME=\"stream_5\",AUTOSELECT=YES\n"
    "\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=2403871,AVERAGE-BANDWIDTH=1973410,CODECS=\"avc1.640028,mp4a.40.2,wvtt\",RESOLUTION=1920x1080,FRAME-RATE=23.976,VIDEO-RANGE=SDR,AUDIO=\"default-audio-group\",SUBTITLES=\"default-text-group\",CLOSED-CAPTIONS=NONE\n"
    "video_1080.m3u8\n"
    "\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=2703871,AVERAGE-BANDWIDTH=2173410,CODECS=\"avc1.640028,ec-3,wvtt\",RESOLUTION=1920x1080,FRAME-RATE=23.976,VIDEO-RANGE=SDR,AUDIO=\"surround\",SUBTITLES=\"default-text-group\",CLOSED-CAPTIONS=NONE\n"
    "video_1080.m3u8\n"
    "\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=973483,AVERAGE-BANDWIDTH=879954,CODECS=\"vp09.00.30.08.00.02.02.02.00,opus\",RESOLUTION=640x360,FRAME-RATE=24.000,AUDIO=\"default-audio-group\"\n"
    "video_360.m3u8\n"
    "\n"
    "#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=152341,AVERAGE-BANDWIDTH=98765,CODECS=\"avc1.640028\",RESOLUTION=1920x1080,CLOSED-CAPTIONS=NONE,URI=\"iframe_1080.m3u8\",VIDEO-RANGE=SDR\n" },
  /* bento4 */
  { "https://cdn.example.com/live/master.m3u8",
    "https://cdn.example.com/live/master.m3u8",
    "https://cdn.example.com/live/master.m3u8",
    "#EXTM3U\r\n"
    "# Created with Bento4 mp4-dash.py, VERSION=2.0.0-640\r\n"
    "#\r\n"
    "#EXT-X-VERSION:6\r\n"
    "\r\n"
    "# Media Playlists\r\n"
    "\r\n"
    "# Audio\r\n"
    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"audio_mp4a.40.2\",LANGUAGE=\"en\",NAME=\"English\",AUTOSELECT=YES,DEFAULT=YES,CHANNELS=\"2\",URI=\"audio/en/mp4a.40.2/media.m3u8\"\r\n"
    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"audio_ec-3\",LANGUAGE=\"en\",NAME=\"English\",AUTOSELECT=YES,DEFAULT=YES,CHANNELS=\"16/JOC\",URI=\"audio/en/ec-3/media.m3u8\"\r\n"
    "\r\n"
    "# Video\r\n"
    "#EXT-X-STREAM-INF:AUDIO=\"audio_mp4a.40.2\",AVERAGE-BANDWIDTH=454216,BANDWIDTH=510215,VIDEO-RANGE=SDR,CODECS=\"avc1.42C01E,mp4a.40.2\",RESOLUTION=426x240,FRAME-RATE=29.970\r\n"
    "video/avc1/1/media.m3u8\r\n"
    "#EXT-X-STREAM-INF:AUDIO=\"audio_ec-3\",AVERAGE-BANDWIDTH=654216,BANDWIDTH=710215,VIDEO-RANGE=SDR,CODECS=\"avc1.42C01E,ec-3\",RESOLUTION=426x240,FRAME-RATE=29.970\r\n"
    "video/avc1/1/media.m3u8\r\n"
    "#EXT-X-STREAM-INF:AUDIO=\"audio_mp4a.40.2\",AVERAGE-BANDWIDTH=1454216,BANDWIDTH=1510215,VIDEO-RANGE=PQ,CODECS=\"hev1.2.4.L120.90,mp4a.40.2\",RESOLUTION=1280x720,FRAME-RATE=59.940\r\n"
    "video/hev1/1/media.m3u8\r\n"
    "\r\n"
    "# I-Frame Playlists\r\n"
    "#EXT-X-I-FRAME-STREAM-INF:AVERAGE-BANDWIDTH=19034,BANDWIDTH=30517,CODECS=\"avc1.42C01E\",RESOLUTION=426x240,URI=\"video/avc1/1/iframes.m3u8\"\r\n" },
  /* apple-advanced */
  { "https://cdn.example.com/live/master.m3u8",
    "https://cdn.example.com/live/master.m3u8",
    "https://cdn.example.com/live/master.m3u8",
    "#EXTM3U\n"
    "#EXT-X-VERSION:6\n"
    "#EXT-X-INDEPENDENT-SEGMENTS\n"
    "\n"
    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"aud1\",LANGUAGE=\"en\",NAME=\"English\",AUTOSELECT=YES,DEFAULT=YES,CHANNELS=\"2\",URI=\"a1/prog_index.m3u8\"\n"
    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"aud2\",LANGUAGE=\"en\",NAME=\"English\",AUTOSELECT=YES,DEFAULT=YES,CHANNELS=\"6\",URI=\"a2/prog_index.m3u8\"\n"
    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"aud3\",LANGUAGE=\"en\",NAME=\"English\",AUTOSELECT=YES,DEFAULT=YES,CHANNELS=\"6\",URI=\"a3/prog_index.m3u8\"\n"
    "#EXT-X-MEDIA:TYPE=CLOSED-CAPTIONS,GROUP-ID=\"cc1\",LANGUAGE=\"en\",NAME=\"English\",AUTOSELECT=YES,DEFAULT=YES,INSTREAM-ID=\"CC1\"\n"
    "#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"sub1\",LANGUAGE=\"en\",NAME=\"English\",AUTOSELECT=YES,DEFAULT=YES,FORCED=NO,URI=\"s1/en/prog_index.m3u8\"\n"
    "#EXT-X-SESSION-KEY:METHOD=SAMPLE-AES,URI=\"skd://key1\",KEYFORMAT=\"com.apple.streamingkeydelivery\",KEYFORMATVERSIONS=\"1\"\n"
    "#EXT-X-SESSION-DATA:DATA-ID=\"com.example.title\",VALUE=\"BANDWIDTH=1,URI=x\"\n"
    "\n"
    "#EXT-X-I-FRAME-STREAM-INF:AVERAGE-BANDWIDTH=163198,BANDWIDTH=166942,CODECS=\"avc1.64002a\",RESOLUTION=1920x1080,URI=\"v6/iframe_index.m3u8\"\n"
    "#EXT-X-I-FRAME-STREAM-INF:AVERAGE-BANDWIDTH=131314,BANDWIDTH=139041,CODECS=\"avc1.640020\",RESOLUTION=1280x720,URI=\"v5/iframe_index.m3u8\"\n"
    "\n"
    "#EXT-X-STREAM-INF:AVERAGE-BANDWIDTH=2168183,BANDWIDTH=2177116,CODECS=\"avc1.640020,mp4a.40.2\",RESOLUTION=960x540,FRAME-RATE=60.000,CLOSED-CAPTIONS=\"cc1\",AUDIO=\"aud1\",SUBTITLES=\"sub1\"\n"
    "v5/prog_index.m3u8\n"
    "#EXT-X-STREAM-INF:AVERAGE-BANDWIDTH=7968416,BANDWIDTH=8001098,CODECS=\"avc1.64002a,mp4a.40.2\",RESOLUTION=1920x1080,FRAME-RATE=60.000,CLOSED-CAPTIONS=\"cc1\",AUDIO=\"aud1\",SUBTITLES=\"sub1\"\n"
    "v6/prog_index.m3u8\n"
    "#EXT-X-STREAM-INF:AVERAGE-BANDWIDTH=2390334,BANDWIDTH=2399619,CODECS=\"avc1.640020,ac-3\",RESOLUTION=960x540,FRAME-RATE=60.000,CLOSED-CAPTIONS=\"cc1\",AUDIO=\"aud2\",SUBTITLES=\"sub1\"\n"
    "v5/prog_index.m3u8\n"
    "#EXT-X-STREAM-INF:AVERAGE-BANDWIDTH=2198334,BANDWIDTH=2207619,CODECS=\"avc1.640020,ec-3\",RESOLUTION=960x540,FRAME-RATE=60.000,CLOSED-CAPTIONS=\"cc1\",AUDIO=\"aud3\",SUBTITLES=\"sub1\"\n"
    "v5/prog_index.m3u8\n" },
  /* apple-old */
  { "https://cdn.example.com/live/master.m3u8",
    "https://cdn.example.com/live/master.m3u8",
    "https://cdn.example.com/live/master.m3u8",
    "#EXTM3U\n"
    "\n"
    "#EXT-X-STREAM-INF:PROGRAM-ID=1, BANDWIDTH=200000, CODECS=\"avc1.66.30, mp4a.40.2\"\n"
    "gear1/prog_index.m3u8\n"
    "#EXT-X-STREAM-INF: PROGRAM-ID=1, BANDWIDTH=311111, RESOLUTION=400x224, CODECS=\"avc1.77.30, mp4a.40.2\"\n"
    "gear2/prog_index.m3u8\n"
    "\n"
    "#EXT-X-STREAM-INF:PROGRAM-ID=1,BANDWIDTH=40000,CODECS=\"mp4a.40.2\"\n"
    "# a comment\n"
    "\n"
    "#EXT-X-UNKNOWN\n"
    "gear0/prog_index.m3u8\n" },
  /* apple-new */
  { "https://cdn.example.com/live/master.m3u8",
    "https://cdn.example.com/live/master.m3u8",
    "https://cdn.example.com/live/master.m3u8",
    "#EXTM3U\n"
    "#EXT-X-VERSION:12\n"
    "#EXT-X-CONTENT-STEERING:SERVER-URI=\"/steer?x=1\",PATHWAY-ID=\"CDN-A\"\n"
    "#EXT-X-START:TIME-OFFSET=0,PRECISE=YES\n"
    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"A-a\",NAME=\"English\",LANGUAGE=\"en-GB\",DEFAULT=YES,CHANNELS=\"2\",CHARACTERISTICS=\"public.accessibility.describes-video\",STABLE-RENDITION-ID=\"a1\",BIT-DEPTH=16,SAMPLE-RATE=48000,URI=\"https://a.example/en.m3u8\"\n"
    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"A-a\",NAME=\"Español, ‘Latino’\",LANGUAGE=\"es-419\",ASSOC-LANGUAGE=\"es\",FORCED=NO,CHANNELS=\"2\",URI=\"https://a.example/es.m3u8\"\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=5000000,AVERAGE-BANDWIDTH=4000000,SCORE=2.0,CODECS=\"hvc1.2.20000000.L123.B0,mp4a.40.2\",SUPPLEMENTAL-CODECS=\"dvh1.08.07/db4h\",RESOLUTION=1920x1080,FRAME-RATE=23.976,HDCP-LEVEL=TYPE-0,ALLOWED-CPC=\"com.example.drm1:SMART-TV/PC\",VIDEO-RANGE=PQ,REQ-VIDEO-LAYOUT=\"CH-MONO\",STABLE-VARIANT-ID=\"v1\",AUDIO=\"A-a\",PATHWAY-ID=\"CDN-A\",NAME=\"HD, best\"\n"
    "https://a.example/v1.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=5000000,AVERAGE-BANDWIDTH=4000000,SCORE=2.0,CODECS=\"hvc1.2.20000000.L123.B0,mp4a.40.2\",SUPPLEMENTAL-CODECS=\"dvh1.08.07/db4h\",RESOLUTION=1920x1080,FRAME-RATE=23.976,VIDEO-RANGE=PQ,STABLE-VARIANT-ID=\"v1\",AUDIO=\"A-a\",PATHWAY-ID=\"CDN-B\"\n"
    "https://b.example/v1.m3u8\n" },
  /* unified */
  { "https://cdn.example.com/live/master.m3u8",
    "https://cdn.example.com/live/master.m3u8",
    "https://cdn.example.com/live/master.m3u8",
    "#EXTM3U\n"
    "#EXT-X-VERSION:4\n"
    "## Created with Unified Streaming Platform  (version=1.14.1-30207)\n"
    "\n"
    "# AUDIO groups\n"
    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"audio-aacl-64\",LANGUAGE=\"en\",NAME=\"English\",DEFAULT=YES,AUTOSELECT=YES,CHANNELS=\"2\"\n"
    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"audio-aacl-128\",LANGUAGE=\"fr\",NAME=\"Français\",AUTOSELECT=YES,CHANNELS=\"2\",URI=\"tears-audio_fr=128002.m3u8\"\n"
    "\n"
    "# SUBTITLES groups\n"
    "#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"textstream\",LANGUAGE=\"en\",NAME=\"English\",DEFAULT=YES,AUTOSELECT=YES,URI=\"tears-textstream_eng=1000.m3u8\"\n"
    "\n"
    "# variants\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=493000,AVERAGE-BANDWIDTH=447000,CODECS=\"mp4a.40.2,avc1.66.30\",RESOLUTION=224x100,FRAME-RATE=24,VIDEO-RANGE=SDR,AUDIO=\"audio-aacl-64\",SUBTITLES=\"textstream\",CLOSED-CAPTIONS=NONE\n"
    "tears-audio_eng=64008-video_eng=401000.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=932000,AVERAGE-BANDWIDTH=847000,CODECS=\"mp4a.40.2,avc1.66.30\",RESOLUTION=448x200,FRAME-RATE=24,AUDIO=\"audio-aacl-128\",SUBTITLES=\"textstream\",CLOSED-CAPTIONS=NONE\n"
    "tears-audio_eng=128002-video_eng=751000.m3u8\n"
    "\n"
    "# keyframes\n"
    "#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=54000,CODECS=\"avc1.66.30\",RESOLUTION=224x100,URI=\"keyframes/tears-video_eng=401000.m3u8\"\n" },
  /* others */
  { "https://cdn.example.com/live/master.m3u8",
    "https://cdn.example.com/live/master.m3u8",
    "https://cdn.example.com/live/master.m3u8",
    "#EXTM3U\n"
    "#EXT-X-TWITCH-INFO:NODE=\"video-edge\",BROADCAST-ID=\"1\"\n"
    "#EXT-X-MEDIA:TYPE=VIDEO,GROUP-ID=\"chunked\",NAME=\"1080p60 (source)\",AUTOSELECT=YES,DEFAULT=YES\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=8534030,RESOLUTION=1920x1080,CODECS=\"avc1.64002A,mp4a.40.2\",VIDEO=\"chunked\",FRAME-RATE=60.000\n"
    "https://video-weaver.example/v1/playlist/Cq.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=\"1130468\",RESOLUTION=\"640x360\",CODECS=avc1.77.30\n"
    "chunklist_w1234.m3u8\n"
    "#EXT-X-STREAM-INF:RESOLUTION=640X360,BANDWIDTH=1130469\n"
    "upper.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=007,RESOLUTION=0640x0360,FRAME-RATE=\"29.97\",VIDEO-RANGE=\"SDR\"\n"
    "zeros.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=100,CODECS=\"\",AUDIO=\"\"\n"
    "empty.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=101,CODECS=\"mp4a.40.34,mp3,avc1.42001E\"\n"
    "mp3.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=102,CODECS=\"ac-4.02.01.03,vvc1.1.L51\"\n"
    "vvc.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=103,CODECS=\"av01.0.04M.10.0.111.09.16.09.0,mp4a.67\"\n"
    "av1.m3u8\n" },
  /* uris */
  { "https://example.com/x?a=1#f",
    "https://cdn.example.com/live/a/master.m3u8?session=9",
    "https://cdn.example.com/live/a/master.m3u8",
    "#EXTM3U\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=100\n"
    "//other.example.com/p.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=200\n"
    "/root.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=300\n"
    "?v=1\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=400\n"
    "../up/./x/../y.m3u8?b=1&c=%2F\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=500\n"
    "./dot.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=600\n"
    "https://cdn.example.com/abs.m3u8?q#frag\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=700\n"
    "http://h.example/port.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=800\n"
    "a%20b/%c3%a9.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=900\n"
    "sub/master.m3u8\n" },
  /* audio-only */
  { "https://cdn.example.com/live/master.m3u8",
    "https://cdn.example.com/live/master.m3u8",
    "https://cdn.example.com/live/master.m3u8",
    "#EXTM3U\n"
    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"g\",NAME=\"Low\",LANGUAGE=\"eng\",DEFAULT=YES,URI=\"low.m3u8\"\n"
    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"h\",NAME=\"High\",LANGUAGE=\"eng\",URI=\"high.m3u8\"\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=64000,CODECS=\"mp4a.40.5\",AUDIO=\"g\"\n"
    "low.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=128000,CODECS=\"mp4a.40.2\",AUDIO=\"h\"\n"
    "high.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=900000,CODECS=\"flac,fLaC,Opus\"\n"
    "lossless.m3u8\n" },
  /* ffmpeg-muxed */
  { "https://cdn.example.com/live/master.m3u8",
    "https://cdn.example.com/live/master.m3u8",
    "https://cdn.example.com/live/master.m3u8",
    "#EXTM3U\n"
    "#EXT-X-VERSION:7\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=75900,RESOLUTION=320x180,CODECS=\"avc1.42c00d,mp4a.40.2\"\n"
    "v0/prog.m3u8\n"
    "\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=75900,RESOLUTION=320x180,CODECS=\"avc1.42c00d,mp4a.40.2\"\n"
    "v1/prog.m3u8\n"
    "\n" },
  /* ffmpeg */
  { "https://cdn.example.com/live/master.m3u8",
    "https://cdn.example.com/live/master.m3u8",
    "https://cdn.example.com/live/master.m3u8",
    "#EXTM3U\n"
    "#EXT-X-VERSION:3\n"
    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"group_aud\",NAME=\"audio_2\",DEFAULT=YES,LANGUAGE=\"eng\",URI=\"out_2.m3u8\"\n"
    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"group_aud\",NAME=\"audio_3\",DEFAULT=NO,LANGUAGE=\"deu\",URI=\"out_3.m3u8\"\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=295900,RESOLUTION=320x180,CODECS=\"avc1.42c00d,mp4a.40.2\",AUDIO=\"group_aud\"\n"
    "out_0.m3u8\n"
    "\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=515900,RESOLUTION=640x360,CODECS=\"avc1.42c01e,mp4a.40.2\",AUDIO=\"group_aud\"\n"
    "out_1.m3u8\n"
    "\n" },
};

static const Vector packager_vectors[] = {
  { 0, "https://cdn.example.com/live/video_1080.m3u8",
    "https://cdn.example.com/live/master.m3u8+V0",
    "9c1472a57b146ddf1a9f8554d26c65bb57b61f60",
    "main-0", "tw0U74knU+1wDtBPNfc4",
    "main-I1FQ010Kh+gd8f4mA3ge2amKX/o=", "tR58gn40a4m09oUw2vLx" },
  { 0, "https://cdn.example.com/live/video_360.m3u8",
    "https://cdn.example.com/live/master.m3u8+V2",
    "d92c8e4c5bc3804b8350b70b23dbc26fdbf9f332",
    "main-2", "Oxyr4BTOtYMxoka/dhu+",
    "main-khNGEphVl4zWpmHEcTD0Nmrk4xY=", "NIXup6qFTNhnoLMMp3RT" },
  { 0, "https://cdn.example.com/live/audio_en.m3u8",
    NULL,
    NULL,
    "secondary-0", "G06ZU+6D6r8B7HW1sc/H",
    "secondary-hfSdIiGgH9ER6JvyN0ovW08uWIs=", "pcTSF4GVvXxV1C828Q+J" },
  { 0, "https://cdn.example.com/live/audio_de_51.m3u8",
    NULL,
    NULL,
    "secondary-1", "4r3nJNp3KqLRMIDIyl3T",
    "secondary-2PsOgtJU3m5/WTWxsWwi0Gk0J9c=", "QFYn92zIqogjv5srnFw9" },
  { 1, "https://cdn.example.com/live/video/avc1/1/media.m3u8",
    "https://cdn.example.com/live/master.m3u8+V0",
    "9c1472a57b146ddf1a9f8554d26c65bb57b61f60",
    "main-0", "tw0U74knU+1wDtBPNfc4",
    "main-1yv6EXL7W1V5ie9bEXYWDy3FMq8=", "PnJI7PhuRc+hnS4FEa7t" },
  { 1, "https://cdn.example.com/live/video/hev1/1/media.m3u8",
    "https://cdn.example.com/live/master.m3u8+V2",
    "d92c8e4c5bc3804b8350b70b23dbc26fdbf9f332",
    "main-2", "Oxyr4BTOtYMxoka/dhu+",
    "main-La9YXy8HLeVFEpVwCHIOWkbKcP4=", "O0Wsvum7KFq9kGO7fJY3" },
  { 1, "https://cdn.example.com/live/audio/en/mp4a.40.2/media.m3u8",
    NULL,
    NULL,
    "secondary-0", "G06ZU+6D6r8B7HW1sc/H",
    "secondary-bdjQ1B4N2yrcTDHyU5j7iDGV9sY=", "pWlB9P4lKCYQrRLIdUfn" },
  { 1, "https://cdn.example.com/live/audio/en/ec-3/media.m3u8",
    NULL,
    NULL,
    "secondary-1", "4r3nJNp3KqLRMIDIyl3T",
    "secondary-Sc9Mveu7e7mK6vO6GqQtutFdHO4=", "SvGF7FDqbBGxN+4NeRrd" },
  { 2, "https://cdn.example.com/live/v5/prog_index.m3u8",
    "https://cdn.example.com/live/master.m3u8+V0",
    "9c1472a57b146ddf1a9f8554d26c65bb57b61f60",
    "main-0", "tw0U74knU+1wDtBPNfc4",
    "main-k2MGCQ1MCyzvullwQrvMuJh3EcI=", "VEdTNdAtg7CDF7Zh29bn" },
  { 2, "https://cdn.example.com/live/v6/prog_index.m3u8",
    "https://cdn.example.com/live/master.m3u8+V1",
    "2289f47d212bf0a0785c7e4f039bc89885b27caf",
    "main-1", "24UY5DKSBz1487kOFarK",
    "main-TGyDtA/e4b9YTZUVKrCoIvTlzYw=", "cX/t0jiDk8e1zqX7rxIk" },
  { 2, "https://cdn.example.com/live/a1/prog_index.m3u8",
    NULL,
    NULL,
    "secondary-0", "G06ZU+6D6r8B7HW1sc/H",
    "secondary-bdjQ1B4N2yrcTDHyU5j7iDGV9sY=", "pWlB9P4lKCYQrRLIdUfn" },
  { 2, "https://cdn.example.com/live/a2/prog_index.m3u8",
    NULL,
    NULL,
    "secondary-1", "4r3nJNp3KqLRMIDIyl3T",
    "secondary-OW0i3QS3shgiLnHmmd4UV9w8AIk=", "NiNwPnvCGbpuTGuh+VvI" },
  { 2, "https://cdn.example.com/live/a3/prog_index.m3u8",
    NULL,
    NULL,
    "secondary-2", "3c7hrAWkLP/y/qmMfoHe",
    "secondary-kCNpOAs7WqGK+DFmKa5C2GIOi7k=", "kvlSIxhjS0exWTIiiAUi" },
  { 3, "https://cdn.example.com/live/gear1/prog_index.m3u8",
    "https://cdn.example.com/live/master.m3u8+V0",
    "9c1472a57b146ddf1a9f8554d26c65bb57b61f60",
    "main-0", "tw0U74knU+1wDtBPNfc4",
    "main-ycFF53886tYh2ySLRw3cIobUebA=", "7NlDmdsgtwClxONJ+SDt" },
  { 3, "https://cdn.example.com/live/gear2/prog_index.m3u8",
    "https://cdn.example.com/live/master.m3u8+V1",
    "2289f47d212bf0a0785c7e4f039bc89885b27caf",
    "main-1", "24UY5DKSBz1487kOFarK",
    "main-jJv+Tyz/a5J1m1GYm9XdvO0Q/zc=", "7r2Hb3cBKvDRjJNl6aLl" },
  { 3, "https://cdn.example.com/live/gear0/prog_index.m3u8",
    "https://cdn.example.com/live/master.m3u8+V2",
    "d92c8e4c5bc3804b8350b70b23dbc26fdbf9f332",
    "main-2", "Oxyr4BTOtYMxoka/dhu+",
    "main-cYo9OZ5BT8CJ6h9uck+qLE/Ln+E=", "IB3o6NLwjtBQ3BSndd9o" },
  { 4, "https://a.example/v1.m3u8",
    "https://cdn.example.com/live/master.m3u8+V0",
    "9c1472a57b146ddf1a9f8554d26c65bb57b61f60",
    "main-0", "tw0U74knU+1wDtBPNfc4",
    "main-1DVDlE+JBNaitBSewZjqJp3IDA8=", "KbRCMMFuQ6a8YQiD78jd" },
  { 4, "https://b.example/v1.m3u8",
    "https://cdn.example.com/live/master.m3u8+V1",
    "2289f47d212bf0a0785c7e4f039bc89885b27caf",
    "main-1", "24UY5DKSBz1487kOFarK",
    "main-1DVDlE+JBNaitBSewZjqJp3IDA8=", "KbRCMMFuQ6a8YQiD78jd" },
  { 4, "https://a.example/en.m3u8",
    NULL,
    NULL,
    "secondary-0", "G06ZU+6D6r8B7HW1sc/H",
    "secondary-bdjQ1B4N2yrcTDHyU5j7iDGV9sY=", "pWlB9P4lKCYQrRLIdUfn" },
  { 4, "https://a.example/es.m3u8",
    NULL,
    NULL,
    "secondary-1", "4r3nJNp3KqLRMIDIyl3T",
    "secondary-dThzNK9AG/qXHyMdyUXtFUTtGWQ=", "g7y5Jz71JJ7x1N2Z9obF" },
  { 5, "https://cdn.example.com/live/tears-audio_eng=64008-video_eng=401000.m3u8",
    "https://cdn.example.com/live/master.m3u8+V0",
    "9c1472a57b146ddf1a9f8554d26c65bb57b61f60",
    "main-0", "tw0U74knU+1wDtBPNfc4",
    "main-JInP6OgeTzULbDnHnbVejnRA9Co=", "WS6KsOiflXzIbadZjsin" },
  { 5, "https://cdn.example.com/live/tears-audio_eng=128002-video_eng=751000.m3u8",
    "https://cdn.example.com/live/master.m3u8+V1",
    "2289f47d212bf0a0785c7e4f039bc89885b27caf",
    "main-1", "24UY5DKSBz1487kOFarK",
    "main-W0ELRESTwDlLios6SqTQ/Be/8Uc=", "s/65P5ZjwrNPvqZuCDXk" },
  { 5, "https://cdn.example.com/live/tears-audio_fr=128002.m3u8",
    NULL,
    NULL,
    "secondary-1", "4r3nJNp3KqLRMIDIyl3T",
    "secondary-/7erSNut+Fk6AJ0qEs4l6+wuqic=", "+BItoN47jFXPzbe1Cw/Y" },
  { 6, "https://video-weaver.example/v1/playlist/Cq.m3u8",
    "https://cdn.example.com/live/master.m3u8+V0",
    "9c1472a57b146ddf1a9f8554d26c65bb57b61f60",
    "main-0", "tw0U74knU+1wDtBPNfc4",
    "main-D+yupRoo+oa1oSmEXzNcEiG7oAE=", "/GFMkkNjHQUcpDhv6N6K" },
  { 6, "https://cdn.example.com/live/chunklist_w1234.m3u8",
    "https://cdn.example.com/live/master.m3u8+V1",
    "2289f47d212bf0a0785c7e4f039bc89885b27caf",
    "main-1", "24UY5DKSBz1487kOFarK",
    "main-sVQzcj3u95Kwa4NC9uFU/WCg7Dc=", "SGa7YcOo5lE2Bz8fTC4n" },
  { 6, "https://cdn.example.com/live/upper.m3u8",
    "https://cdn.example.com/live/master.m3u8+V2",
    "d92c8e4c5bc3804b8350b70b23dbc26fdbf9f332",
    "main-2", "Oxyr4BTOtYMxoka/dhu+",
    "main-Vx6IcM9sOiytOPST5sZWaNtOpIg=", "UluN0sNjSP99GKQ5LAUI" },
  { 6, "https://cdn.example.com/live/zeros.m3u8",
    "https://cdn.example.com/live/master.m3u8+V3",
    "a4bd2f71aec33f9c65453cc3c50fbbf0bb80399b",
    "main-3", "lXQuvR3WvmsQraXgmQpB",
    "main-uIWDRtLulaqYeptBzBG7a6/tj9M=", "kK5bizidWyt+toM86Fdb" },
  { 6, "https://cdn.example.com/live/empty.m3u8",
    "https://cdn.example.com/live/master.m3u8+V4",
    "abc6c36aec1c15134dbc92ea50cd130d8aeff169",
    "main-4", "oErCk8fQBvKsRQ28aywX",
    "main-WdKSb/fz6GFfO7Oj9lrd/ktcpN8=", "ccLmHafB6v6jXy/2EJT+" },
  { 6, "https://cdn.example.com/live/av1.m3u8",
    "https://cdn.example.com/live/master.m3u8+V7",
    "47813df6f52b774528a6670e21c6842e2f521627",
    "main-5", "cK0kFn6NXBkqZ0pVZxQ7",
    "main-Fe305SMq3fy6oM+/AFwXJyfDynI=", "bIsZBCPdEBTK4wWJKloL" },
  { 6, "https://cdn.example.com/live/mp3.m3u8",
    "https://cdn.example.com/live/master.m3u8+V5",
    "8d90ea7743c9afe634caca10a57fe906766669d0",
    NULL, NULL,
    NULL, NULL },
  { 6, "https://cdn.example.com/live/vvc.m3u8",
    "https://cdn.example.com/live/master.m3u8+V6",
    "c56426c8aaf9b4045e2ccbd6ba200becc62aca4b",
    NULL, NULL,
    NULL, NULL },
  { 7, "https://other.example.com/p.m3u8",
    "https://example.com/x+V0",
    "4490b22b75a22c6d0c4f57126c70e98ec5c4c270",
    "main-0", "nWhx4NPVMrPr6bq8kDCq",
    "main-WdKSb/fz6GFfO7Oj9lrd/ktcpN8=", "btXWHvFs95nOfO6DEm8P" },
  { 7, "https://cdn.example.com/root.m3u8",
    "https://example.com/x+V1",
    "1c1bfb72ba2f28550cc9b0519aca2a67dac8609a",
    "main-1", "JfGFWgnzhbOryncvUP4j",
    "main-W9Vd3SQ+ZdjgeoGv6dpDclRgJ/w=", "V5JIH8NMPVglDnxpcN8C" },
  { 7, "https://cdn.example.com/live/a/master.m3u8?v=1",
    "https://example.com/x+V2",
    "9f172d78d4b181ac3919933d2acf70d524ff64d9",
    "main-2", "9kMU8GLNoLSgyoB/uN1b",
    "main-iJGBtl5fRhkz34UqNR60tzyN+9M=", "ohvkPPyqDhbL7haJROHM" },
  { 7, "https://cdn.example.com/live/up/y.m3u8?b=1&c=%2F",
    "https://example.com/x+V3",
    "851c6a790ee526f2591a5d623c756f64e54668a1",
    "main-3", "PDU8sP/RXjPR1NA8rAUX",
    "main-nHmVN568zQ/8McTEQL7HHwAt33I=", "2v3lhToILN6QSmKv9zsq" },
  { 7, "https://cdn.example.com/live/a/dot.m3u8",
    "https://example.com/x+V4",
    "f015200070d7e2ee8ff1e39c5760d00a585e01c3",
    "main-4", "RKCAG477F2rtSLwe3KfS",
    "main-/qBVheN1Cx60sPaUL88puyQJvRc=", "/J3Xyjdr2W1qGz1YzHph" },
  { 7, "https://cdn.example.com/abs.m3u8?q#frag",
    "https://example.com/x+V5",
    "1415cfd55842189ff3379b08315939e8346b0645",
    "main-5", "rxGfgKCmA9hfmqNZdZgX",
    "main-uYq5wZDPokJKZgFrOkR89Jk2jrQ=", "lgDBPQlsyHYUaXN+1EH+" },
  { 7, "http://h.example/port.m3u8",
    "https://example.com/x+V6",
    "113232e111b38f270c980a8c9b707741e5f0fdd0",
    "main-6", "k20JklgaRGYF18zawYYz",
    "main-asnxmpzP0dvsQ/Objgx1a6pFxtA=", "c8hCEavbz4RtyyHtx8ls" },
  { 7, "https://cdn.example.com/live/a/a%20b/%c3%a9.m3u8",
    "https://example.com/x+V7",
    "3f94720c4a6d1561fa23989376abda1b13be4584",
    "main-7", "LwMK2yirRI/p3bxMkYa5",
    "main-jMstQSXmqVHJKDU8AJTa2qHMxRA=", "9cHTIYU9oDgTYMX0V2DU" },
  { 7, "https://cdn.example.com/live/a/sub/master.m3u8",
    "https://example.com/x+V8",
    "5098a6959c964f54ab5a6a20929780d0382cc0fb",
    "main-8", "Y/h2UHGU5Z69Zzqv1ZBN",
    "main-yIqskoF3T4myhS4MXYYuVlvNB5g=", "vAqzWSXoNvRJZqP7fE17" },
  { 8, "https://cdn.example.com/live/low.m3u8",
    "https://cdn.example.com/live/master.m3u8+V0",
    "9c1472a57b146ddf1a9f8554d26c65bb57b61f60",
    "main-0", "tw0U74knU+1wDtBPNfc4",
    "main-f3lwepTZphDKr2aqIG3O0UBfhm0=", "XcdKhpgGSkJ2f/h6/iUC" },
  { 8, "https://cdn.example.com/live/high.m3u8",
    "https://cdn.example.com/live/master.m3u8+V1",
    "2289f47d212bf0a0785c7e4f039bc89885b27caf",
    "main-1", "24UY5DKSBz1487kOFarK",
    "main-/RPXatgntdKVu5hXumPhUJEPAWs=", "1BFGvwAeVgGtGlPKa3eb" },
  { 8, "https://cdn.example.com/live/lossless.m3u8",
    "https://cdn.example.com/live/master.m3u8+V2",
    "d92c8e4c5bc3804b8350b70b23dbc26fdbf9f332",
    "main-2", "Oxyr4BTOtYMxoka/dhu+",
    "main-9OV8qDR7rgqNor/NG2hJHg/pxl0=", "2uXxReVMjBGyt0TFlR2A" },
  { 9, "https://cdn.example.com/live/v0/prog.m3u8",
    "https://cdn.example.com/live/master.m3u8+V0",
    "9c1472a57b146ddf1a9f8554d26c65bb57b61f60",
    "main-0", "tw0U74knU+1wDtBPNfc4",
    "main-Q2SSkTUWYZWEL2xbeX879hRrtJ0=", "VOLavL4Dt+/uqr8l0uRN" },
  { 9, "https://cdn.example.com/live/v1/prog.m3u8",
    "https://cdn.example.com/live/master.m3u8+V1",
    "2289f47d212bf0a0785c7e4f039bc89885b27caf",
    "main-1", "24UY5DKSBz1487kOFarK",
    "main-Q2SSkTUWYZWEL2xbeX879hRrtJ0=", "VOLavL4Dt+/uqr8l0uRN" },
  { 10, "https://cdn.example.com/live/out_0.m3u8",
    "https://cdn.example.com/live/master.m3u8+V0",
    "9c1472a57b146ddf1a9f8554d26c65bb57b61f60",
    "main-0", "tw0U74knU+1wDtBPNfc4",
    "main-B/yeeiADZPp5fjLgI4ASrp4eDvM=", "LuaxDqwgmMB3mC+N6GiT" },
  { 10, "https://cdn.example.com/live/out_1.m3u8",
    "https://cdn.example.com/live/master.m3u8+V1",
    "2289f47d212bf0a0785c7e4f039bc89885b27caf",
    "main-1", "24UY5DKSBz1487kOFarK",
    "main-VDKz7ZPouvHzwt/z1D8BLqqNFtQ=", "CpKTYSWR0LkOEW0NPvAH" },
  { 10, "https://cdn.example.com/live/out_2.m3u8",
    NULL,
    NULL,
    "secondary-0", "G06ZU+6D6r8B7HW1sc/H",
    "secondary-cb0iA/wQ2Fh3XW9pl6R0erMcvnA=", "NFkpA+HBBCHy8QpDQgX9" },
  { 10, "https://cdn.example.com/live/out_3.m3u8",
    NULL,
    NULL,
    "secondary-1", "4r3nJNp3KqLRMIDIyl3T",
    "secondary-X53iy/0DkLA1gm34D9b74+cA/p0=", "+jNq407Z3NEj4yW2HZZ2" },
};

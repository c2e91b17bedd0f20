// p2phls: HLS over the other viewers of the same stream
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A page that plays with p2p-media-loader as npm has it, and counts; driven by
// p2pml.py of the fixtures. Nothing of it is changed: what is counted are the
// events that it tells any page, and its hooks for those who check segments.
"use strict";

// The versions, and the folders of their packages
const NAMES = {
  "2.3.1": {hls: "hls.js", suffix: ""},
  "2.2.2": {hls: "hls.js", suffix: "-2.2"},
  "0.6.2": {hls: "hls.js-0.14", suffix: "-0.6"},
};
const video = document.querySelector("video");
const counted = {http: 0, p2p: {}, uploaded: {}, connected: [], closed: [],
  segments: [], stalls: [], errors: [], uncaught: [], startup: null, began: null,
  ended: false};
let hls, waiting = null;

onerror = message => {
  counted.uncaught.push(message);
};
onunhandledrejection = ({reason}) => counted.uncaught.push(`${reason}`);

function addScript(src) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");

    Object.assign(script, {src, onload: resolve, onerror: reject});
    document.head.append(script);
  });
}

function add(to, peer, bytes) {
  to[peer] = (to[peer] ?? 0) + bytes;
}

function countChunk(method, bytes, peer) {
  if (method === "http")
    counted.http += bytes;
  else
    add(counted.p2p, peer, bytes);
}

async function keep(hashes, url, method, data) {
  const segment = {url, method, size: data.byteLength,
    time: performance.now() / 1000};

  counted.segments.push(segment);
  if (hashes) {
    const digest = await crypto.subtle.digest("SHA-256", data);
    segment.hash = Array.from(new Uint8Array(digest),
        byte => byte.toString(16).padStart(2, "0")).join("");
  }
  return true;
}

function tellError(what, details) {
  counted.errors.push(`${what}: ${details?.error ?? details?.type ?? details}`);
}

// From 1.0 on. As a module hls.js has no worker; as a script (options.worker) it
// has one, and 2.x does not bear that: the bytes that the worker gets are gone from
// the segments that are kept for the peers, who then get 0 bytes of them.
async function makeNew({hls, suffix}, options) {
  const folder = part => `/npm/p2p-media-loader-${part}${suffix}/dist/` +
      `p2p-media-loader-${part}.es.min.js`;
  const map = document.createElement("script");

  map.type = "importmap";
  map.textContent = JSON.stringify(
      {imports: {"p2p-media-loader-core": folder("core")}});
  document.head.append(map);
  if (options.worker)
    await addScript(`/npm/${hls}/dist/hls.min.js`);
  else
    globalThis.Hls = (await import(`/npm/${hls}/dist/hls.min.mjs`)).default;
  const {HlsJsP2PEngine} = await import(folder("hlsjs"));
  const WithP2P = HlsJsP2PEngine.injectMixin(Hls);

  return new WithP2P({...options.hls, p2p: {
    core: {
      announceTrackers: options.trackers,
      rtcConfig: {iceServers: []},
      ...(options.swarmId && {swarmId: options.swarmId}),
      validateHTTPSegment: (url, range, data) =>
        keep(options.hashes, url, "http", data),
      validateP2PSegment: (url, range, data) =>
        keep(options.hashes, url, "p2p", data),
      ...options.core,
    },
    onHlsJsCreated: ({p2pEngine}) => {
      const on = (event, listener) => p2pEngine.addEventListener(event, listener);

      on("onChunkDownloaded", (bytes, from, peer) => countChunk(from, bytes, peer));
      on("onChunkUploaded", (bytes, peer) => add(counted.uploaded, peer, bytes));
      on("onPeerConnect", ({peerId}) => counted.connected.push(peerId));
      on("onPeerClose", ({peerId}) => counted.closed.push(peerId));
      for (const event of ["onPeerError", "onTrackerError", "onTrackerWarning",
                           "onSegmentError"])
        on(event, details => tellError(event, details));
    },
  }});
}

// Up to 0.6
async function makeOld({hls, suffix}, options) {
  await addScript(`/npm/${hls}/dist/hls.min.js`);
  for (const part of ["core", "hlsjs"])
    await addScript(`/npm/p2p-media-loader-${part}${suffix}/build/` +
        `p2p-media-loader-${part}.min.js`);
  const engine = new p2pml.hlsjs.Engine({
    segments: {...(options.swarmId && {swarmId: options.swarmId})},
    loader: {
      trackerAnnounce: options.trackers,
      rtcConfig: {iceServers: []},
      segmentValidator: ({url, data}, method) =>
        keep(options.hashes, url, method, data),
      ...options.core,
    }});
  const {Events} = p2pml.core;

  engine.on(Events.PieceBytesDownloaded, countChunk);
  engine.on(Events.PieceBytesUploaded,
      (method, bytes, peer) => add(counted.uploaded, peer, bytes));
  engine.on(Events.PeerConnect, ({id}) => counted.connected.push(id));
  engine.on(Events.PeerClose, id => counted.closed.push(id));
  engine.on(Events.SegmentError, (segment, error) => tellError("segment", error));
  const made = new Hls({...options.hls, loader: engine.createLoaderClass()});
  p2pml.hlsjs.initHlsJsPlayer(made);
  return made;
}

// A stall: it plays on after a gap of 50 ms or more
function watch() {
  video.addEventListener("waiting", () => {
    if (counted.startup !== null)
      waiting = performance.now();
  });
  video.addEventListener("playing", () => {
    const now = performance.now();

    counted.startup ??= now / 1000;
    counted.began ??= video.currentTime;
    if (waiting !== null && now - waiting >= 50)
      counted.stalls.push((now - waiting) / 1000);
    waiting = null;
  });
  video.addEventListener("ended", () => {
    counted.ended = true;
    waiting = null;
  });
}

// options: version, url, trackers; swarmId, hls, core (more settings of theirs),
// hashes (of the segments), paused, worker, fault (of p2pmlbad.js)
async function play(options) {
  const names = NAMES[options.version];

  if (options.fault) {
    await addScript("/p2pmlbad.js");
    misbehave(options.fault);
  }

  hls = await (options.version.startsWith("0") ? makeOld : makeNew)(
      names, {hls: {}, core: {}, hashes: true, ...options});
  watch();
  hls.on(Hls.Events.ERROR, (_, {details, fatal, error, frag}) =>
    counted.errors.push(`${details}${fatal ? ", fatal" : ""}: ` +
        `${error?.message} ${frag?.relurl ?? ""}`));
  hls.loadSource(options.url);
  hls.attachMedia(video);
  if (!options.paused)
    video.play();
}

function get() {
  const still = waiting === null ? 0 : (performance.now() - waiting) / 1000;

  return {...counted, position: video.currentTime, waiting: still,
    paused: video.paused, visible: document.visibilityState};
}

// For who cannot be driven: it begins with what its URL says, and tells the web
// server, whose log is read.
async function playAlone() {
  await play(JSON.parse(decodeURIComponent(location.hash.slice(1))));
  for (;;) {
    await fetch(`/told?${encodeURIComponent(JSON.stringify(get()))}`);
    await new Promise(resolve => setTimeout(resolve, 1000));
  }
}

if (location.hash)
  playAlone();

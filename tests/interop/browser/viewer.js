// p2phls: HLS over the other viewers of the same stream
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A viewer that speaks seed 002's protocol as the browsers' client of April 2018
// was seen to: its requests, messages and their fields, letter by letter, and the
// order of things. It plays nothing: it loads one segment after the other.
"use strict";

const PACKET = 16384, PINGS = 10;
// Milliseconds: for signalling, for the first byte to the last of a piece
const SIGNAL_TIMEOUT = 10000, LOAD_TIMEOUT = 5000;

const segments = new Map();       // sn: {sn, url, data}
const peers = new Map();          // id: Peer
const failed = new Set();
let playlist, announce, infoHash, me, socket, waiting = [];
let stats = {source: 0, p2p: 0, conns: 0, failConns: 0};
const timers = [];
const pieces = {sent: 0, acked: 0};

async function hash(algorithm, data) {
  const digest = await crypto.subtle.digest(algorithm, data);
  return Array.from(new Uint8Array(digest),
      byte => byte.toString(16).padStart(2, "0")).join("");
}

class Peer {
  constructor(id, offers) {
    this.id = id;
    this.field = null;            // Set of sn, when its BITFIELD is there
    this.asked = null;            // who waits for a piece
    this.early = [];
    this.connection = new RTCPeerConnection({iceServers: []});
    this.connection.onicecandidate = ({candidate}) => {
      if (candidate?.candidate)
        this.signal({candidate: {candidate: candidate.candidate,
          sdpMLineIndex: candidate.sdpMLineIndex, sdpMid: candidate.sdpMid}});
    };
    this.connection.ondatachannel = ({channel}) => this.use(channel);
    this.timer = setTimeout(() => this.fail(), SIGNAL_TIMEOUT);
    if (offers) {
      const label = crypto.getRandomValues(new Uint8Array(20));
      this.use(this.connection.createDataChannel(Array.from(label,
          byte => byte.toString(16).padStart(2, "0")).join(""), {}));
      this.describe();
    }
  }

  signal(data) {
    socket.send(JSON.stringify({peer_id: me, action: "signal",
      to_peer_id: this.id, data}));
  }

  async describe() {
    await this.connection.setLocalDescription();
    const {type, sdp} = this.connection.localDescription;
    this.signal({type, sdp});
  }

  async hear(data) {
    if (data.candidate) {
      if (this.connection.remoteDescription)
        await this.connection.addIceCandidate(data.candidate);
      else
        this.early.push(data.candidate);
      return;
    }
    await this.connection.setRemoteDescription(data);
    if (data.type === "offer")
      await this.describe();
    for (const candidate of this.early.splice(0))
      await this.connection.addIceCandidate(candidate);
  }

  use(channel) {
    this.channel = channel;
    channel.binaryType = "arraybuffer";
    channel.addEventListener("open", () => {
      clearTimeout(this.timer);
      stats.conns++;
      this.say({event: "BITFIELD", field: [...segments.values()]
          .filter(segment => segment.data).map(segment => segment.sn)});
      for (let i = 0; i < PINGS; i++)
        this.say({event: "PING"});
      connectNext();
    }, {once: true});
    channel.onclose = () => this.fail();
    channel.onmessage = ({data}) =>
      typeof data === "string" ? this.read(JSON.parse(data)) : this.take(data);
  }

  say(message) {
    if (this.channel?.readyState === "open")
      this.channel.send(JSON.stringify(message));
  }

  read(message) {
    switch (message.event) {
      case "BITFIELD": this.field = new Set(message.field); break;
      case "HAVE": if (message.sn) this.field?.add(message.sn); break;
      case "LOST": if (message.sn) this.field?.delete(message.sn); break;
      case "PING": this.say({event: "PONG"}); break;
      case "REQUEST": this.serve(message); break;
      case "PIECE": this.piece = {...message, parts: []}; break;
      case "PIECE_ACK": pieces.acked++; break;
      case "CLOSE": this.fail(); break;
    }
  }

  serve({sn}) {
    const segment = segments.get(sn);
    if (!segment?.data)
      return;
    const size = segment.data.byteLength;
    this.say({event: "PIECE", attachments: Math.ceil(size / PACKET),
      url: segment.url, sn, size});
    for (let start = 0; start < size; start += PACKET)
      this.channel.send(segment.data.slice(start, start + PACKET));
    pieces.sent++;
  }

  take(data) {
    this.piece.parts.push(data);
    if (this.piece.parts.length < this.piece.attachments)
      return;
    const {sn, url, size, parts} = this.piece;
    this.say({event: "PIECE_ACK", sn, url});
    new Blob(parts).arrayBuffer().then(data => {
      if (data.byteLength === size && this.asked?.sn === sn)
        this.asked.done(data);
    });
  }

  ask(sn) {
    return new Promise(resolve => {
      const timer = setTimeout(() => this.asked.done(null), LOAD_TIMEOUT);
      this.asked = {sn, done: data => {
        clearTimeout(timer);
        this.asked = null;
        resolve(data);
      }};
      this.say({event: "REQUEST", sn, urgent: true});
    });
  }

  fail() {
    clearTimeout(this.timer);
    if (peers.get(this.id) !== this)
      return;
    peers.delete(this.id);
    failed.add(this.id);
    stats[this.field ? "conns" : "failConns"] += this.field ? -1 : 1;
    this.asked?.done(null);
    this.connection.close();
    connectNext();
  }
}

// One at a time, the last one told of first
function connectNext() {
  while (waiting.length) {
    const id = waiting.pop();
    if (peers.has(id) || failed.has(id))
      continue;
    peers.set(id, new Peer(id, true));
    return;
  }
}

function query(call) {
  const id = call === "announce" ? "" : `&peer_id=${me}`;
  return `${announce}/${call}/?key=free&info_hash=${infoHash}${id}`;
}

async function report() {
  const body = {source: Math.round(stats.source / 1024),
    p2p: Math.round(stats.p2p / 1024)};
  for (const name of ["conns", "failConns"]) {
    if (stats[name])
      body[name] = stats[name];
  }
  const response = await fetch(query("stats"),
      {method: "POST", body: JSON.stringify(body)});
  if (response.ok)
    stats = {source: 0, p2p: 0, conns: 0, failConns: 0};
  return response.text();
}

function onSignal(message) {
  const {action, from_peer_id: from, data} = JSON.parse(message.data);

  if (action !== "signal" || !data || failed.has(from))
    return;
  if (!peers.has(from) && data.type === "offer")
    peers.set(from, new Peer(from, false));
  peers.get(from)?.hear(data);
}

// Returns: the peers that the tracker told of
async function join() {
  const reply = await (await fetch(query("announce"))).json();

  me = reply.peer_id;
  timers.push(setInterval(report, 1000 * reply.report_interval),
      setInterval(() => fetch(query("heartbeat")),
          1000 * reply.heartbeat_interval));
  socket = new WebSocket(`${announce.replace("http", "ws")}/ws?id=${me}`);
  socket.onmessage = onSignal;
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  waiting = reply.peers.map(peer => peer.id);
  connectNext();
  return reply.peers.length;
}

async function load(segment) {
  const holder = [...peers.values()]
      .filter(peer => peer.field?.has(segment.sn)).pop();
  let data = holder ? await holder.ask(segment.sn) : null;
  const from = data ? "p2p" : "source";

  data ??= await (await fetch(new URL(segment.url, playlist))).arrayBuffer();
  stats[from] += data.byteLength;
  segment.data = data;
  // It was seen to say so twice of what came from a peer.
  for (let i = 0; i < (from === "p2p" ? 2 : 1); i++)
    peers.forEach(peer => peer.say({event: "HAVE", sn: segment.sn}));
  return {url: segment.url, from, size: data.byteLength,
    hash: await hash("SHA-256", data)};
}

// Loads the playlist and the first segment, and announces itself. Returns: what
// load() does, and how many peers there are
async function start(playlistUrl, announceUrl) {
  playlist = new URL(playlistUrl, location).href;
  announce = announceUrl;
  infoHash = await hash("SHA-1",
      new TextEncoder().encode(playlist.split("?")[0]));
  const lines = (await (await fetch(playlist)).text()).split("\n");
  let sn = 0;
  for (const line of lines) {
    if (line.startsWith("#EXT-X-MEDIA-SEQUENCE:"))
      sn = Number(line.split(":")[1]);
    else if (line && !line.startsWith("#"))
      segments.set(sn, {sn: sn++, url: line.trim(), data: null});
  }
  const first = await load(segments.values().next().value);
  return {first, peers: await join()};
}

// Loads what is not loaded. Returns: what load() does, of each
async function loadAll() {
  const loaded = [];
  for (const segment of segments.values()) {
    if (!segment.data)
      loaded.push(await load(segment));
  }
  return loaded;
}

function countPeers() {
  return [...peers.values()].filter(peer => peer.field?.size).length;
}

function getPieces() {
  return pieces;
}

// The answer to a call, as a page of another origin sees it
async function call(method, url, type, body) {
  const response = await fetch(url, {method, body,
    headers: type ? {"Content-Type": type} : {}});
  return {status: response.status, text: await response.text(),
    type: response.headers.get("Content-Type")};
}

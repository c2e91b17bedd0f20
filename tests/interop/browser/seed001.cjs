// p2phls: HLS over the other viewers of the same stream
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Seed 001's own ends, over lines of JSON at a UNIX socket:
//
//   node seed001.cjs FOLDER client SOCKET URL   says what its client.js is told
//   node seed001.cjs FOLDER server SOCKET       runs its server.js on a WebTorrent
//                                               that only pretends
"use strict";
const crypto = require("crypto");
const { EventEmitter } = require("events");
const http = require("http");
const Module = require("module");
const net = require("net");
const readline = require("readline");

const [folder, role, path, url] = process.argv.slice(2);

function say(what, more) {
  console.log(JSON.stringify({ what, ...more }));
}

function listen(socket, receive) {
  const lines = readline.createInterface({ input: socket });

  lines.on("line", (line) => receive(JSON.parse(line)));
  // The server sends to who is gone until a heartbeat is missed.
  for (const one of [socket, lines])
    one.on("error", () => {});
}

// --- its client ---

function describe(torrent) {
  const { infoHash, infohash, name, length, files, serverURL, progress,
    downloaded, uploaded, downloadSpeed, uploadSpeed, numPeers,
    timeRemaining } = torrent;
  return { infohash: infoHash || infohash, name, length, files, serverURL,
    progress, downloaded, uploaded, downloadSpeed, uploadSpeed, numPeers,
    timeRemaining };
}

function runClient() {
  const Client = require(`${folder}/client`);
  const socket = net.connect(path);
  const client = new Client((message) =>
    socket.write(JSON.stringify(message) + "\n"), { heartbeat: 100 });

  listen(socket, (message) => client.receive(message));
  client.on("error", (error) => say("client error", { error }));
  client.on("warning", (error) => say("client warning", { error }));
  client.get(url, (error) => {
    say("get", { name: error && error.name });
    client.add(url, (failed, torrent) => {
      say("add", { failed, torrent: describe(torrent) });
      for (const event of ["infohash", "metadata", "download", "upload",
        "update", "done", "error", "warning"])
        torrent.on(event, () => say(event, { torrent: describe(torrent) }));
      torrent.createServer({}, (wrong, same) => {
        say("server", { wrong, serverURL: same.serverURL });
        client.get(url, (none, found) =>
          say("get again", { none, torrent: describe(found) }));
      });
    }, { server: {} });
  });
  process.stdin.on("end", () => {
    client.destroy();
    socket.end();
    setTimeout(() => process.exit(), 100);
  }).resume();
}

// --- its server ---

class Torrent extends EventEmitter {
  constructor(id) {
    super();
    Object.assign(this, { infoHash: null, name: null, length: null, files: [],
      progress: 0, downloaded: 0, uploaded: 0, downloadSpeed: 0, uploadSpeed: 0,
      ratio: 0, numPeers: 3, timeRemaining: Infinity });
    this.infoHash = hash(id);
    setImmediate(() => this.emit("infohash"));
    setTimeout(() => {
      Object.assign(this, { name: "Sintel", length: 1000,
        files: [{ name: "sintel.mp4", length: 1000 }], progress: 0.5 });
      this.emit("metadata");
      this.emit("download", 500);
    }, 50);
  }

  createServer(options) {
    say("createServer", { options });
    return http.createServer((request, response) => response.end("Sintel"));
  }

  destroy() {
    this.destroyed = true;
  }
}

class WebTorrent extends EventEmitter {
  constructor(options) {
    super();
    this.torrents = [];
    say("WebTorrent", { options });
  }

  add(id, options) {
    const torrent = new Torrent(id);
    this.torrents.push(torrent);
    return torrent;
  }

  get(id) {
    return this.torrents.find((torrent) => torrent.infoHash === hash(id));
  }

  destroy() {
    say("destroyed", {});
  }
}

function hash(id) {
  return crypto.createHash("sha1").update(id).digest("hex");
}

function runServer() {
  const load = Module._load;
  Module._load = (name, ...rest) => name === "webtorrent" ? WebTorrent
    : name === "parse-torrent" ? (id) => ({ infoHash: hash(id) })
      : load(name, ...rest);
  const Server = require(`${folder}/server`);
  const sockets = {};
  const server = new Server((message) =>
    sockets[message.clientKey].write(JSON.stringify(message) + "\n"),
  { updateInterval: 100, heartbeatTimeout: 2000 });

  net.createServer((socket) => listen(socket, (message) => {
    sockets[message.clientKey] = socket;
    say("heard", { message });
    server.receive(message);
  })).listen(path, () => say("listening", {}));
  process.stdin.on("end", () => process.exit()).resume();
}

if (role === "client")
  runClient();
else
  runServer();

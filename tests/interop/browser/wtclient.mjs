// p2phls: HLS over the other viewers of the same stream
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The client of npm's bittorrent-tracker as it is published, but for WebRTC, of
// which there is none in node: node wtclient.mjs NODE_MODULES reads lines of JSON,
// {"client":NAME,"call":METHOD,"with":[…]}, and prints what clients tell, as
// {"client":NAME,"event":…,"with":…}. The call "new" makes a client, its argument
// are the options.
import {register} from "node:module";
import {createInterface} from "node:readline";
import {pathToFileURL} from "node:url";

const PEER = `
import EventEmitter from "node:events";
export default class Peer extends EventEmitter {
  static WEBRTC_SUPPORT = true;
  constructor({initiator}) {
    super();
    this.setMaxListeners(0);
    if (initiator)
      this.tell("offer");
  }
  tell(type) {
    const sdp = "v=0\\r\\n" + "a=fill:é\\0".repeat(300);
    setTimeout(() => this.emit("signal", {type, sdp}));
  }
  signal({type}) {
    this.emit("told", type);
    if (type == "offer")
      this.tell("answer");
  }
  destroy() {}
}`;
const HOOKS = `
const PEER = ${JSON.stringify(
    `data:text/javascript,${encodeURIComponent(PEER)}`)};
export const resolve = (name, context, next) =>
  name == "@thaunknown/simple-peer/lite.js"
    ? {url: PEER, shortCircuit: true} : next(name, context);`;

register(`data:text/javascript,${encodeURIComponent(HOOKS)}`);
const {default: Client} = await import(pathToFileURL(
    `${process.argv[2]}/bittorrent-tracker/client.js`));
const clients = {};

function make(name, options) {
  const client = new Client({port: 6881, ...options});
  const say = (event, told) =>
    console.log(JSON.stringify({client: name, event, with: told}));

  client.on("warning", ({message}) => say("warning", message));
  client.on("error", ({message}) => say("error", message));
  client.on("update", told => say("update", told));
  client.on("scrape", told => say("scrape", told));
  // An answer is there for a peer that had offered; it comes with the next call.
  client.on("peer", peer =>
    peer.once("told", type => say("peer", {type, id: peer.id})));
  return client;
}

createInterface({input: process.stdin}).on("line", line => {
  const {client, call, with: given = []} = JSON.parse(line);

  if (call == "new")
    clients[client] = make(client, ...given);
  else
    clients[client][call](...given);
}).on("close", () => process.exit());
console.log("{}");

// p2phls: HLS over the other viewers of the same stream
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// npm's bittorrent-tracker as it is published, on a free port of loopback, which
// it prints: node tracker.mjs NODE_MODULES [SECONDS_BETWEEN_ANNOUNCES]
import {pathToFileURL} from "node:url";

const [packages, seconds] = process.argv.slice(2);
// Not its index: the client there needs modules that are not built.
const {default: Server} = await import(
    pathToFileURL(`${packages}/bittorrent-tracker/server.js`));
// What a WebSocket is told is a fifth of it.
const server = new Server({udp: false, interval: seconds && seconds * 5000});

server.on("warning", ({message}) => console.error(message));
server.listen(0, "127.0.0.1",
    () => console.log(server.http.address().port));
// It ends with who started it.
process.stdin.on("end", () => process.exit()).resume();

// p2phls: HLS over the other viewers of the same stream
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// One end of a data channel, as tests/bench/end.c is one; driven by ends.py.
"use strict";

const LOW = 256 * 1024;
let connection, channel, trickle;
let counting = false, counted = 0, first = 0;
const early = [];                 // candidates before the description

function tell(what) {
  say(JSON.stringify(what));
}

function toHex(buffer) {
  return Array.from(new Uint8Array(buffer),
      byte => byte.toString(16).padStart(2, "0")).join("");
}

async function tellMessage(event, data) {
  const text = typeof data === "string";
  const bytes = text ? new TextEncoder().encode(data) : data;
  const hash = toHex(await crypto.subtle.digest("SHA-256", bytes));

  tell({event, kind: text ? "text" : "binary", size: bytes.byteLength, hash});
}

function useChannel(opened) {
  channel = opened;
  channel.binaryType = "arraybuffer";
  channel.bufferedAmountLowThreshold = LOW;
  // Chromium at times says so twice to who did not make the channel.
  channel.addEventListener("open", () =>
    tell({event: "open", max: connection.sctp.maxMessageSize}), {once: true});
  channel.onclose = () => tell({event: "closed", why: ""});
  channel.onmessage = ({data}) => {
    if (!counting)
      return tellMessage("got", data);
    first ||= performance.now();
    counted += data.byteLength ?? data.length;
    if (typeof data === "string")
      tell({event: "counted", bytes: counted,
        seconds: (performance.now() - first) / 1000});
  };
}

async function start(offer, trickles) {
  trickle = trickles;
  connection = new RTCPeerConnection({iceServers: []});
  connection.ondatachannel = event => useChannel(event.channel);
  connection.onicecandidate = ({candidate}) => {
    if (trickle && candidate?.candidate)
      tell({candidate: candidate.candidate});
    else if (!trickle && !candidate)
      tell({sdp: connection.localDescription.sdp});
  };
  if (offer) {
    useChannel(connection.createDataChannel("bench"));
    await connection.setLocalDescription();
    if (trickle)
      tell({sdp: connection.localDescription.sdp});
  }
}

async function hear({sdp, candidate}) {
  if (candidate) {
    if (connection.remoteDescription)
      await connection.addIceCandidate({candidate, sdpMLineIndex: 0});
    else
      early.push(candidate);
    return;
  }
  const answer = connection.signalingState === "have-local-offer";
  await connection.setRemoteDescription({type: answer ? "answer" : "offer",
    sdp});
  for (const candidate of early.splice(0))
    await connection.addIceCandidate({candidate, sdpMLineIndex: 0});
  if (!answer) {
    await connection.setLocalDescription();
    if (trickle)
      tell({sdp: connection.localDescription.sdp});
  }
}

function makeText(size) {
  const parts = [];

  for (let left = size; left;) {
    const code = Math.random() < 0.5 ? 1 + Math.random() * 0xd7fe
      : 0x10000 + Math.random() * 0xfffff;
    const character = left < 4 ? "x" : String.fromCodePoint(code | 0);

    parts.push(character);
    left -= new TextEncoder().encode(character).length;
  }
  return parts.join("");
}

function makeBinary(size) {
  const bytes = new Uint8Array(size);

  for (let start = 0; start < size; start += 65536)
    crypto.getRandomValues(bytes.subarray(start, start + 65536));
  return bytes;
}

async function sendOne(kind, size) {
  const message = kind === "text" ? makeText(size) : makeBinary(size);

  try {
    channel.send(message);
  } catch (error) {
    tell({event: "refused", size});
    return;
  }
  await tellMessage("sent", message);
}

function flood(size, seconds) {
  const message = new Uint8Array(size);
  const until = performance.now() + 1000 * seconds;

  channel.onbufferedamountlow = () => {
    while (channel.bufferedAmount < 2 * LOW) {
      if (performance.now() > until) {
        channel.onbufferedamountlow = null;
        channel.send("last");
        return;
      }
      channel.send(message);
    }
  };
  channel.onbufferedamountlow();
}

function count() {
  counting = true;
}

function closeChannel() {
  channel.close();
}

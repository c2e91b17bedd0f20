// p2phls: HLS over the other viewers of the same stream
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Makes a page with p2p-media-loader one that means no good: it joins as any other,
// and what then goes over its channels is not what it should be.
"use strict";

const REQUEST = 1, DATA = 2;      // codes of commands from 1.0 on
const JSON_TEXT = -1;             // a command before
const MOST = 60000;               // bytes of a message of ours
const send = RTCDataChannel.prototype.send;

function encode(number) {
  const bytes = [];

  for (let left = number; left >= 1; left = Math.floor(left / 256))
    bytes.unshift(left % 256);
  if (!bytes.length || bytes[0] > 127)      // the first bit is the sign
    bytes.unshift(0);
  return [bytes.length, ...bytes];
}

function toBytes(...parts) {
  return new Uint8Array(parts.flatMap(part => typeof part === "string"
    ? [...part].map(character => character.charCodeAt(0)) : part));
}

function makeCommand(code, fields) {
  return toBytes("cstr", [code], ...Object.entries(fields).flatMap(
      ([name, value]) => [name, encode(value)]), "cend");
}

function pick(most) {
  return Math.floor(Math.random() * most);
}

function makeNoise(size) {
  return Uint8Array.from({length: size}, () => pick(256));
}

// An announcement of as many segments as a message holds
function makeList(end) {
  const groups = [0x10, 255];

  for (let i = 0; groups.length < MOST && i < 255; i++)
    groups.push(...encode(pick(1e6) * 256 + 255),
        ...Array.from({length: 255}, (_, low) => low));
  // There are fewer than it says.
  return toBytes("cstr", [0], "l", groups, end);
}

// Of a command; null: it is none
function getCode(bytes) {
  const start = String.fromCharCode(...bytes.subarray(0, 4));

  return start === "cstr" ? bytes[4] : start[0] === "{" ? JSON_TEXT : null;
}

// The same with a size that will not be kept to
function changeSize(bytes) {
  const at = 5 + 2 + bytes[6] + 1;          // behind the field i, and the name s

  return toBytes([...bytes.subarray(0, at)], encode(1 + pick(1e8)),
      [...bytes.subarray(at + 1 + bytes[at])]);
}

function often(channel, make) {
  const timer = setInterval(() => {
    for (let i = 0; i < 10 && channel.readyState === "open"; i++)
      send.call(channel, make());
    if (channel.readyState !== "open")
      clearInterval(timer);
  }, 10);
}

// What goes in the place of a message: (bytes, code of a command or null)
const FAULTS = {
  noise: bytes => [makeNoise(bytes.length)],
  list: (bytes, code) => code === 0 ? [makeList("cend")] : [bytes],
  endlessList: (bytes, code) => code === 0 ? [makeList("dend")] : [bytes],
  size: (bytes, code) => [code === DATA ? changeSize(bytes) : bytes],
  noHeader: (bytes, code) => code === DATA ? [] : [bytes],
  twice: (bytes, code) => code === null ? [bytes, bytes] : [bytes],
  cut: (bytes, code) =>
    [code === null ? bytes : bytes.subarray(0, 1 + pick(bytes.length - 1))],
  beyond: bytes => [bytes,
    makeCommand(REQUEST, {i: pick(30), r: pick(1000), b: 1e9})],
};
// What goes as well, a thousand times a second
const STORMS = {
  requests: () => makeCommand(REQUEST, {i: pick(30), r: pick(1000)}),
  lists: () => toBytes("cstr", [0], "l", [0x10, 1], encode(pick(1e6) * 256 + 1),
      [pick(256)], "cend"),
};

// fault: of either
function misbehave(fault) {
  const seen = new WeakSet();

  RTCDataChannel.prototype.send = function (data) {
    const bytes = typeof data === "string" ? new TextEncoder().encode(data)
      : new Uint8Array(data.buffer ?? data, data.byteOffset ?? 0,
          data.byteLength);

    if (STORMS[fault] && !seen.has(this))
      often(this, STORMS[fault]);
    seen.add(this);
    for (const message of FAULTS[fault]?.(bytes, getCode(bytes)) ?? [bytes])
      send.call(this, message);
  };
}

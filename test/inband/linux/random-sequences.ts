import { draws } from "../fuzz-frames.ts";

type Draw = (below: number) => number;

const pick = <T>(draw: Draw, all: readonly T[]): T => {
  const one = all[draw(all.length)];
  if (one === undefined) throw new Error("there is nothing to choose from");
  return one;
};

/** An element is as likely as its number says. */
const weighed = <T>(draw: Draw, all: readonly (readonly [weight: number, one: T])[]): T => {
  let at = draw(all.reduce((sum, [weight]) => sum + weight, 0));
  for (const [weight, one] of all) {
    if (at < weight) return one;
    at -= weight;
  }
  throw new Error("there is nothing to choose from");
};

const NAMES = ["a", "b", "c", "d"] as const;
const PLACES = ["1:P", "1:P", "1:P", "2:P", "1:Q", "any:P", "1:0", "2:0", "any:0"] as const;
const PEERS = ["1:P", "1:P", "1:P", "1:P", "2:P", "1:Q", "1:R", "any:P", "unspec"] as const;
const DATA = ["a", "bc", "def", "hello", "20*x", "3000*y", "9000*z", "-"] as const;
const COUNTS = [0, 1, 2, 3, 5, 10, 4000, 100_000] as const;
const SETTINGS = [
  ["REUSEADDR", [0, 1]],
  ["REUSEPORT", [0, 1]],
  ["KEEPALIVE", [0, 1]],
  ["OOBINLINE", [0, 1]],
  ["LINGER", ["1,0", "0,0", "1,0", "0,5"]],
  ["RCVLOWAT", [0, 1, 3, 10]],
  ["NODELAY", [0, 1]],
  ["CORK", [0, 1]],
  ["TTL", [1, 9, 64, 256, -1]],
  ["TOS", [0, 16, 255]],
  ["BROADCAST", [0, 1]],
  ["KEEPIDLE", [0, 5]],
  ["LINGER2", [-1, 0, 5]],
  ["SYNCNT", [0, 2]],
  ["USER_TIMEOUT", [0, 500]],
  ["RCVTIMEO", [0, 50]],
  ["SNDTIMEO", [0, 50]],
  ["MTU_DISCOVER", [0, 1, 2, 9]],
] as const;
const ASKED = ["ERROR", "ERROR", "ERROR", "ERROR", "TYPE", "ACCEPTCONN", "RCVTIMEO", "SNDTIMEO", "MTU"] as const;

function call(draw: Draw, kind: "stream" | "dgram"): string {
  const x = pick(draw, NAMES);
  const y = pick(draw, NAMES);
  const stream = kind === "stream";
  const some = (word: string, oneOf: number): string => (draw(oneOf) === 0 ? ` ${word}` : "");
  const recvFlags = (): string =>
    some("PEEK", 4) + some("OOB", stream ? 5 : 30) + some("WAITALL", 6) + some("TRUNC", 6) + some("DONTWAIT", 8);
  const sendFlags = (): string => some("OOB", stream ? 4 : 30) + (stream ? some("MORE", 12) : "");
  return weighed<() => string>(draw, [
    [1, () => `socket ${x} ${kind}`],
    [4, () => `bind ${x} ${pick(draw, PLACES)}`],
    [stream ? 3 : 0.5, () => `listen ${x} ${draw(3)}`],
    [5, () => `connect ${x} ${pick(draw, PEERS)}`],
    [stream ? 4 : 1, () => `connectwait ${x} ${pick(draw, PEERS)}`],
    [stream ? 6 : 0.5, () => `accept ${x} ${y}`],
    [4, () => `shutdown ${x} ${pick(draw, ["rd", "wr", "wr", "rdwr"])}`],
    [9, () => `send ${x} ${pick(draw, DATA)}${sendFlags()}`],
    [
      stream ? 1 : 6,
      () => `sendto ${x} ${pick(draw, ["1:P", "1:Q", "at:a", "at:b", "2:P"])} ${pick(draw, DATA)}${sendFlags()}`,
    ],
    [9, () => `recv ${x} ${pick(draw, COUNTS)}${recvFlags()}`],
    [3, () => `recvwait ${x} ${pick(draw, COUNTS)}${recvFlags()}`],
    [3, () => `set ${x} ${setting(draw)}`],
    [3, () => `get ${x} ${pick(draw, ASKED)}`],
    [4, () => `poll ${x}`],
    [3, () => `ioctl ${x} ${pick(draw, ["INQ", "OUTQ", "ATMARK"])}`],
    [2, () => `sockname ${x}`],
    [2, () => `peername ${x}`],
    [1, () => `dup ${x} ${y}`],
    [5, () => `close ${x}`],
    [2, () => `set ${x} LINGER 1,0`],
  ])();
}

function setting(draw: Draw): string {
  const [name, values] = pick<readonly [string, readonly (string | number)[]]>(draw, SETTINGS);
  return `${name} ${pick(draw, values)}`;
}

const STARTS: readonly (readonly string[])[] = [
  ["socket a stream", "socket b stream"],
  ["socket a stream", "bind a 1:P", "listen a 1", "socket b stream", "connectwait b 1:P"],
  ["socket a stream", "bind a any:P", "listen a 2", "socket b stream", "connectwait b 2:P", "accept a c"],
  ["socket a stream", "bind a 1:P", "listen a 1", "socket b stream", "connect b 1:P", "accept a c"],
  ["socket a dgram", "bind a 1:P", "socket b dgram", "bind b 1:Q"],
  ["socket a dgram", "bind a 1:P", "socket b dgram", "connect b 1:P"],
];

/** What every sequence ends with, so that what it left behind is seen. */
const LOOK = ["poll b", "recv b 100000", "get b ERROR", "poll c", "recv c 100000", "get c ERROR", "sockname b"];

/** A sequence of calls that this seed stands for. */
export function randomSequence(seed: number): readonly string[] {
  const draw = draws(Math.imul(seed + 1, 0x9e37_79b1));
  const start = pick(draw, STARTS);
  const kind = start[0]?.endsWith("stream") === true ? "stream" : "dgram";
  const sequence = [...start];
  for (let left = 3 + draw(13); left > 0; left--) sequence.push(call(draw, kind));
  return [...sequence, ...LOOK];
}

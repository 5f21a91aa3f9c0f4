import { expect } from "@jest/globals";
import type { Errno } from "../../../services/abi/contract.generated.ts";
import { INADDR_LOOPBACK } from "../../../services/abi/packet/ipv4-address.ts";
import { TCP_FLAG, type SackBlock, type TcpSegment } from "../../../services/abi/packet/tcp.ts";
import type { Connection } from "../../../services/inband/model/tcp/connection.ts";
import type { Notice, Step } from "../../../services/inband/model/tcp/notice.ts";
import { openActive, openPassive } from "../../../services/inband/model/tcp/open.ts";
import { onSegment } from "../../../services/inband/model/tcp/segment-arrives.ts";
import { seqAdd, seqDiff } from "../../../services/inband/model/tcp/seq.ts";
import { LINUX, type TcpSettings } from "../../../services/inband/model/tcp/settings.ts";
import { onTick, pollAtNs } from "../../../services/inband/model/tcp/timers.ts";
import * as user from "../../../services/inband/model/tcp/user-calls.ts";

const MS = 1_000_000;
const LETTERS: Readonly<Record<string, number>> = {
  S: TCP_FLAG.SYN,
  F: TCP_FLAG.FIN,
  R: TCP_FLAG.RST,
  P: TCP_FLAG.PSH,
  ".": TCP_FLAG.ACK,
  U: TCP_FLAG.URG,
};
const OUR_ISS = 0xffff_ff00;
const PEER_ISS = 0x7fff_ff00;
const US = { address: INADDR_LOOPBACK, port: 80 };
const PEER = { address: INADDR_LOOPBACK, port: 40000 };

/** The handshake that most scripts begin with: the peer calls. */
export const CALLED = `
  0 < S 0 win 65535 mss 1000
  0 > S. 0 ack 1
  0 < . 1 ack 1 win 65535
  0 is ESTABLISHED
`;

/** Without what would only be in the way of reading numbers; what is tested is set by each script. */
const PLAIN: TcpSettings = { ...LINUX, mss: 1000, timestamps: false, sack: false, windowScaling: false, quickAcks: 0 };

/**
 * Runs a script against one connection. A line is a virtual time in ms and
 *
 *     < SEGMENT           the peer sends it             > SEGMENT       it must be sent, at that time and next
 *     write N [urgent] [more]   read N   peek N   push   shutdown   close   abort   connect   mss N   unreachable ERRNO [hard]
 *     set NAME VALUE      of the settings               is STATE        the connection is in it
 *     closed WHY [ERRNO]  it has ended like that        told WORDS      of a notice since notices were looked at last
 *     untold KIND         no notice of the kind since then
 *
 * A segment is `FLAGS SEQ[+LEN] [ack N] [win N] [urg N] [mss N] [ws N] [sackok] [sack A-B,...] [ts VALUE:ECHO]`, with numbers
 * relative to the two initial ones, which are chosen so that both wrap. What an expected segment does not name may be
 * anything, but it may have no options that the line leaves out, and nothing may be sent that no line expects.
 */
export function run(script: string, settings: Partial<TcpSettings> = {}): Connection {
  const actor = new Actor({ ...PLAIN, ...settings });
  for (const text of script.split("\n")) {
    const line = text.replace(/#.*/, "").trim();
    if (line !== "") actor.line(line);
  }
  actor.nothingMore("the end");
  return actor.connection;
}

interface Sent {
  readonly atMs: number;
  readonly text: string;
  readonly words: ReadonlyMap<string, string>;
}

class Actor {
  readonly #settings: TcpSettings;
  #connection: Connection | undefined;
  #nowNs = 0;
  #sent: Sent[] = [];
  #notices: Notice[] = [];
  #closed: Notice | undefined;

  constructor(settings: TcpSettings) {
    this.#settings = settings;
  }

  get connection(): Connection {
    if (this.#connection === undefined) throw new Error("a script begins with a SYN or with connect");
    return this.#connection;
  }

  line(line: string): void {
    const [time = "", verb = "", ...rest] = line.split(/\s+/);
    this.#advance(Math.round(Number(time) * MS));
    if (verb === ">") {
      const sent = this.#sent.shift();
      const wanted = rest.join(" ");
      if (sent === undefined) throw new Error(`nothing was sent for: ${line}`);
      const got = new Map([...sent.words].filter(([word]) => wordsOf(rest).has(word) || OPTIONS.has(word)));
      expect({ line, atMs: sent.atMs, words: got }).toEqual({ line, atMs: Number(time), words: wordsOf(rest) });
      expect(wanted).not.toBe("");
      return;
    }
    if (!["is", "closed", "told", "untold"].includes(verb)) this.nothingMore(line);
    this.#act(line, verb, rest);
  }

  nothingMore(line: string): void {
    expect({ line, sent: this.#sent.map(({ atMs, text }) => `${atMs} > ${text}`) }).toEqual({ line, sent: [] });
  }

  #act(line: string, verb: string, rest: readonly string[]): void {
    const [first = "", second] = rest;
    const nowNs = this.#nowNs;
    switch (verb) {
      case "<":
        this.#arrive(segmentOf(rest));
        return;
      case "connect": {
        const opened = openActive({ local: US, remote: PEER, iss: OUR_ISS, settings: this.#settings }, nowNs);
        this.#connection = opened.connection;
        this.#perform(opened.step);
        return;
      }
      case "write": {
        const options = { urgent: rest.includes("urgent"), more: rest.includes("more") };
        const { taken, step } = user.send(this.connection, bytesFrom(0, Number(first)), options, nowNs);
        expect({ line, taken }).toEqual({ line, taken: Number(first) });
        this.#perform(step);
        return;
      }
      case "read":
      case "peek": {
        const { bytes, step } = user.receive(this.connection, 10_000_000, { peek: verb === "peek" }, nowNs);
        expect({ line, bytes: bytes.length }).toEqual({ line, bytes: Number(first) });
        this.#perform(step);
        return;
      }
      case "push":
        this.#perform(user.push(this.connection, nowNs));
        return;
      case "shutdown":
        this.#perform(user.shutdownWrite(this.connection, nowNs));
        return;
      case "close":
        this.#perform(user.close(this.connection, nowNs));
        return;
      case "abort":
        this.#perform(user.abort(this.connection, nowNs));
        return;
      case "mss":
        this.#perform(user.setMss(this.connection, Number(first), nowNs));
        return;
      case "set": {
        const changes = { [first]: JSON.parse(second ?? "null") as unknown } as Partial<TcpSettings>;
        this.#perform(user.setSettings(this.connection, changes, nowNs));
        return;
      }
      case "unreachable":
        this.#perform(user.onUnreachable(this.connection, first as Errno, second === "hard", nowNs));
        return;
      case "is":
        expect({ line, state: this.connection.state.t }).toEqual({ line, state: first });
        return;
      case "closed": {
        const closed = this.#closed?.t === "closed" ? this.#closed : undefined;
        expect({ line, why: closed?.why, errno: closed?.errno }).toEqual({ line, why: first, errno: second });
        expect(pollAtNs(this.connection)).toBeUndefined();
        return;
      }
      case "told": {
        const texts = this.#notices.splice(0).map((notice) => Object.values(notice).join(" "));
        expect(texts).toContain(rest.join(" "));
        return;
      }
      case "untold":
        expect({ line, told: this.#notices.splice(0).filter(({ t }) => t === first) }).toEqual({ line, told: [] });
        return;
      default:
        throw new Error(`no such line: ${line}`);
    }
  }

  #arrive(segment: TcpSegment): void {
    if (this.#connection !== undefined) {
      this.#perform(onSegment(this.#connection, segment, this.#nowNs));
      return;
    }
    const opening = { local: US, remote: PEER, iss: OUR_ISS, settings: this.#settings };
    const { connection, step } = openPassive(opening, segment, this.#nowNs);
    this.#connection = connection;
    this.#perform(step);
  }

  #advance(untilNs: number): void {
    for (;;) {
      const atNs = this.#connection === undefined ? undefined : pollAtNs(this.#connection);
      // A round trip of nothing makes a timeout longer by a nanosecond, which is no millisecond later.
      if (atNs === undefined || atNs >= untilNs + MS / 2) break;
      this.#nowNs = Math.max(this.#nowNs, atNs);
      this.#perform(onTick(this.connection, this.#nowNs));
    }
    this.#nowNs = Math.max(this.#nowNs, untilNs);
  }

  #perform({ send, notices }: Step): void {
    for (const segment of send) {
      const words = tell(segment);
      const text = [...words].map(([word, value]) => `${word} ${value}`).join(" ");
      this.#sent.push({ atMs: Math.round(this.#nowNs / MS), text, words });
    }
    this.#notices.push(...notices);
    this.#closed ??= notices.find(({ t }) => t === "closed");
  }
}

/** What an expected line must name if a segment has it. */
const OPTIONS: ReadonlySet<string> = new Set(["flags", "seq", "urg", "sack", "ts", "ws", "sackok"]);

/** A segment of ours in words. */
function tell(segment: TcpSegment): Map<string, string> {
  const { flags, payload, timestamp, sack } = segment;
  const words = new Map<string, string>();
  // PUSH is told by its own tests only: nearly each segment of a short script has it.
  const letters = Object.entries(LETTERS).filter(([letter, bit]) => letter !== "P" && (flags & bit) !== 0);
  words.set("flags", letters.map(([letter]) => letter).join(""));
  if ((flags & TCP_FLAG.PSH) !== 0) words.set("push", "");
  words.set("seq", `${seqDiff(segment.seq, OUR_ISS)}${payload.length > 0 ? `+${payload.length}` : ""}`);
  if ((flags & TCP_FLAG.ACK) !== 0) words.set("ack", `${seqDiff(segment.ack, PEER_ISS)}`);
  words.set("win", `${segment.window}`);
  if ((flags & TCP_FLAG.URG) !== 0) words.set("urg", `${segment.urgent}`);
  if (segment.mss !== undefined) words.set("mss", `${segment.mss}`);
  if (segment.windowScale !== undefined) words.set("ws", `${segment.windowScale}`);
  if (segment.sackPermitted !== undefined) words.set("sackok", "");
  if (sack !== undefined)
    words.set("sack", sack.map((block) => block.map((seq) => seqDiff(seq, PEER_ISS)).join("-")).join(","));
  if (timestamp !== undefined) words.set("ts", `${timestamp.value}:${timestamp.echo}`);
  return words;
}

/** The words of a line. */
function wordsOf([flags = "", seq = "", ...rest]: readonly string[]): Map<string, string> {
  const words = new Map([
    [
      "flags",
      Array.from(flags)
        .sort((a, b) => "SFR.U".indexOf(a) - "SFR.U".indexOf(b))
        .join(""),
    ],
    ["seq", seq],
  ]);
  for (let at = 0; at < rest.length; at++) {
    const word = rest[at] ?? "";
    words.set(word, word === "sackok" || word === "push" ? "" : (rest[++at] ?? ""));
  }
  return words;
}

/** A segment of the peer. */
function segmentOf(line: readonly string[]): TcpSegment {
  const words = wordsOf(line);
  const flags = Array.from(line[0] ?? "").reduce((bits, letter) => bits | (LETTERS[letter] ?? 0), 0);
  const [seq = "0", length = "0"] = (words.get("seq") ?? "").split("+");
  const numberOf = (word: string): number | undefined => {
    const value = words.get(word);
    return value === undefined ? undefined : Number(value);
  };
  const [value, echo] = (words.get("ts") ?? "").split(":").map(Number);
  const blocks = words.get("sack")?.split(",");
  return {
    sourcePort: PEER.port,
    destinationPort: US.port,
    seq: seqAdd(PEER_ISS, Number(seq)),
    ack: words.has("ack") ? seqAdd(OUR_ISS, Number(words.get("ack"))) : 0,
    flags,
    window: numberOf("win") ?? 65535,
    urgent: numberOf("urg") ?? 0,
    mss: numberOf("mss"),
    windowScale: numberOf("ws"),
    sackPermitted: words.has("sackok") ? true : undefined,
    sack: blocks?.map((block) => block.split("-").map((one) => seqAdd(OUR_ISS, Number(one))) as unknown as SackBlock),
    timestamp: value === undefined || echo === undefined ? undefined : { value, echo },
    payload: bytesFrom(Number(seq), Number(length)),
  };
}

const bytesFrom = (from: number, length: number): Uint8Array => Uint8Array.from({ length }, (_, at) => from + at);

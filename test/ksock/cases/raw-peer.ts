import type { Clock } from "../../../services/abi/kit.ts";
import { TCP_FLAG, type TcpSegment } from "../../../services/abi/packet/tcp.ts";
import type { Tap } from "./tap.ts";

const { FIN, SYN, RST, PSH, ACK, URG } = TCP_FLAG;
const NOTHING = new Uint8Array(0);
const MSS = 1460;
/** Where a scripted peer begins to count; no two need to differ. */
const FIRST_SEQ = 0xffff_fff0;

const plus = (seq: number, count: number): number => (seq + count) >>> 0;

/** Sequence numbers that a segment takes. */
const lengthOf = ({ flags, payload }: TcpSegment): number =>
  payload.length + ((flags & SYN) === 0 ? 0 : 1) + ((flags & FIN) === 0 ? 0 : 1);

/** Flags in words, such as `SYN ACK`. */
const flagsText = (segment: TcpSegment): string =>
  Object.entries(TCP_FLAG)
    .filter(([, bit]) => (segment.flags & bit) !== 0)
    .map(([name]) => name)
    .join(" ");

/** One end of a connection that a case plays by hand: it sends what it is told, and acknowledges unless it is told not to. */
export interface RawPeer {
  readonly port: number;
  /** Bytes that came, in order. */
  readonly text: () => string;
  /** Every segment that came. */
  readonly seen: readonly TcpSegment[];
  /** Acknowledges what comes (default), or not. */
  acks: boolean;
  /** What it says its window is. */
  window: number;
  /** Its next sequence number, and the one that it expects. */
  readonly next: () => number;
  readonly expects: () => number;
  /** Waits for a SYN and takes the connection. */
  accept(): Promise<void>;
  /** Waits for a SYN and answers it with a reset. */
  refuse(): Promise<void>;
  /** Waits for a SYN and does not answer. */
  syn(): Promise<TcpSegment>;
  /** Answers the SYN that came: SYN and ACK. */
  synAck(): Promise<void>;
  /** Waits for a SYN and sends one of its own, which crosses it (RFC 9293 section 3.5, figure 7). */
  crossedSyn(): Promise<void>;
  /** Makes a connection to a port of alpha. */
  connect(port: number): Promise<void>;
  /** Sends a SYN to a port of alpha, and leaves the handshake there. */
  halfOpen(port: number): Promise<void>;
  data(text: string): Promise<void>;
  /** Sends bytes of which the last is urgent. */
  urgent(text: string): Promise<void>;
  /** Says that there will be an urgent byte so many bytes from here, with bytes before it or without. */
  mark(ahead: number, text?: string): Promise<void>;
  /** Sends bytes without PSH. */
  unpushed(text: string): Promise<void>;
  fin(): Promise<void>;
  /** A FIN that does not acknowledge the one that came. */
  finUnacknowledged(): Promise<void>;
  /** Resets the connection, exactly in the window. */
  rst(): Promise<void>;
  /** Sends a reset so far beside the exact place. */
  rstAt(beside: number): Promise<void>;
  ack(): Promise<void>;
  /** The first segment of this kind that came, or comes within ten seconds. */
  gets(is: (segment: TcpSegment) => boolean, what: string): Promise<TcpSegment>;
  getsFin(): Promise<TcpSegment>;
  getsRst(): Promise<TcpSegment>;
  /** Whether one has come by now. */
  has(flag: number): boolean;
  stop(): void;
}

/** A peer at a port of the scripted host. */
export function createRawPeer(tap: Tap, clock: Clock, port: number): RawPeer {
  const seen: TcpSegment[] = [];
  const waiting = new Set<(segment: TcpSegment) => void>();
  const bytes: number[] = [];
  let remote = 0;
  let sndNext = FIRST_SEQ;
  let rcvNext = 0;
  let isOpen = false;
  let last = Promise.resolve();

  /** Puts segments on the wire one after the other. */
  function put(flags: number, payload: Uint8Array = NOTHING, more: Partial<TcpSegment> = {}): Promise<void> {
    const segment: TcpSegment = {
      sourcePort: port,
      destinationPort: remote,
      seq: sndNext,
      ack: (flags & ACK) === 0 ? 0 : rcvNext,
      flags,
      window: peer.window,
      urgent: 0,
      payload,
      ...more,
    };
    sndNext = plus(segment.seq, lengthOf(segment));
    last = last.then(() => tap.send(segment));
    return last;
  }

  function arrived(segment: TcpSegment): void {
    if (remote === 0) remote = segment.sourcePort;
    if (segment.sourcePort !== remote) return;
    seen.push(segment);
    if ((segment.flags & SYN) !== 0) rcvNext = plus(segment.seq, 1);
    else if (isOpen && segment.seq === rcvNext && lengthOf(segment) > 0) {
      bytes.push(...segment.payload);
      rcvNext = plus(rcvNext, lengthOf(segment));
      if (peer.acks) void put(ACK);
    } else if (isOpen && lengthOf(segment) > 0 && peer.acks) void put(ACK);
    for (const listener of [...waiting]) listener(segment);
  }

  async function gets(is: (segment: TcpSegment) => boolean, what: string): Promise<TcpSegment> {
    const found = seen.find(is);
    if (found !== undefined) return found;
    return new Promise((resolve, reject) => {
      const timer = clock.after(10e9, () => {
        waiting.delete(listener);
        reject(new Error(`no ${what} came to the scripted peer; there came: ${seen.map(flagsText).join(", ")}`));
      });
      function listener(segment: TcpSegment): void {
        if (!is(segment)) return;
        waiting.delete(listener);
        timer.cancel();
        resolve(segment);
      }
      waiting.add(listener);
    });
  }

  const has = (flag: number): boolean => seen.some(({ flags }) => (flags & flag) !== 0);
  const only = (flag: number, what: string): Promise<TcpSegment> => gets(({ flags }) => (flags & flag) !== 0, what);
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  const stop = tap.listen(port, arrived);

  const peer: RawPeer = {
    port,
    seen,
    acks: true,
    window: 0xffff,
    text: () => new TextDecoder().decode(Uint8Array.from(bytes)),
    next: () => sndNext,
    expects: () => rcvNext,
    async accept() {
      await only(SYN, "SYN");
      await peer.synAck();
      await gets(({ flags }) => (flags & (SYN | ACK)) === ACK, "ACK of the handshake");
    },
    async refuse() {
      await only(SYN, "SYN");
      await put(RST | ACK, NOTHING, { seq: 0 });
    },
    syn: () => only(SYN, "SYN"),
    async synAck() {
      isOpen = true;
      await put(SYN | ACK, NOTHING, { mss: MSS });
    },
    async crossedSyn() {
      await only(SYN, "SYN");
      isOpen = true;
      await put(SYN, NOTHING, { mss: MSS });
      await gets(({ flags }) => (flags & (SYN | ACK)) === (SYN | ACK), "SYN ACK");
      await put(ACK);
    },
    async connect(to) {
      remote = to;
      isOpen = true;
      await put(SYN, NOTHING, { mss: MSS });
      await gets(({ flags }) => (flags & (SYN | ACK)) === (SYN | ACK), "SYN ACK");
      await put(ACK);
    },
    data: (text) => put(PSH | ACK, encode(text)),
    async halfOpen(to) {
      remote = to;
      await put(SYN, NOTHING, { mss: MSS });
      await gets(({ flags }) => (flags & (SYN | ACK)) === (SYN | ACK), "SYN ACK");
    },
    // The pointer is the offset of the byte after the urgent one, as everybody sends it (RFC 6093 section 3.1).
    urgent: (text) => put(PSH | ACK | URG, encode(text), { urgent: text.length }),
    mark: (ahead, text = "") => put(ACK | URG, encode(text), { urgent: ahead + 1 }),
    unpushed: (text) => put(ACK, encode(text)),
    fin: () => put(FIN | ACK),
    finUnacknowledged: () => put(FIN | ACK, NOTHING, { ack: plus(rcvNext, -1) }),
    rst: () => put(RST | ACK),
    async rstAt(beside) {
      const next = sndNext;
      await put(RST | ACK, NOTHING, { seq: plus(next, beside) });
      sndNext = next;
    },
    ack: () => put(ACK),
    gets,
    getsFin: () => only(FIN, "FIN"),
    getsRst: () => only(RST, "RST"),
    has,
    stop,
  };
  return peer;
}

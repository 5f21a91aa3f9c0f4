import { assert } from "../../abi/assert.ts";
import type { Ipv4Address } from "../../abi/packet/ipv4-address.ts";
import type { Mac } from "../../abi/packet/mac.ts";
import { addAddress, addEthernet, setCarrier, setUp } from "../../inband/model/stack/admin.ts";
import { createStack, pollAtNs, receive, tick } from "../../inband/model/stack/stack.ts";
import type { Effect, StackState } from "../../inband/model/stack/state.ts";
import type { Outcome } from "../../inband/model/stack/step.ts";
import { createTcp, setTcp } from "../../inband/model/stack/tcp-calls.ts";
import { transmitted } from "../../inband/model/stack/transmit.ts";
import type { TcpSocket } from "../../inband/model/tcp/socket.ts";

/** Windows and send buffers as lwIP has them here. */
const BUFFER_BYTES = 256 * 1024;

/** The wire of an end holds so many frames, as lwIP's does beside it. */
const SLOTS = 1024;
const SLOT_BYTES = 1536;

/** The clock of a wire: the machine's time, and what was skipped because nobody had anything to do. */
export class WireClock {
  #skippedNs = 0;

  get skippedNs(): number {
    return this.#skippedNs;
  }

  nowNs(): number {
    return Math.round(performance.now() * 1e6) + this.#skippedNs;
  }

  skipTo(atNs: number): void {
    this.#skippedNs += Math.max(0, atNs - this.nowNs());
  }
}

/** Which frames get lost, by who sends them and their number; none without it. */
export type Loses = (host: number, frame: number) => boolean;

/** One of our stacks at an end of a wire in memory. */
export class StackEnd {
  readonly state: StackState;
  peer: StackEnd | undefined;
  /** Sockets that can go on: data came, or room. */
  readonly stirred = new Set<number>();
  /** Frames that this end has sent. */
  sent = 0;
  readonly #host: number;
  readonly #ifindex: number;
  readonly #clock: WireClock;
  readonly #loses: Loses | undefined;
  /** Frames that wait to be handled, in memory of this end. */
  readonly #slots = new Uint8Array(SLOTS * SLOT_BYTES);
  readonly #arrived: Uint8Array[] = [];
  #head = 0;
  #tail = 0;

  constructor(host: number, clock: WireClock, loses?: Loses) {
    let port = 0;
    this.#host = host;
    this.#clock = clock;
    this.#loses = loses;
    this.state = createStack({ choose: (count) => port++ % count, framesCopied: true });
    const added = addEthernet(this.state, "eth0", (0x0200_0000_0000 + host) as Mac, 1500).result;
    assert(added.ok, "a new stack has no eth0 yet");
    this.#ifindex = added.value.ifindex;
    setCarrier(this.state, this.#ifindex, true, 0);
    setUp(this.state, this.#ifindex, true, 0);
    addAddress(this.state, this.#ifindex, { address: addressOf(host), bits: 8 });
  }

  socket(): TcpSocket {
    const socket = createTcp(this.state, this.state.numbers.next(), "linux");
    const size = { sndbuf: BUFFER_BYTES, rcvbuf: BUFFER_BYTES };
    this.run((nowNs) => setTcp(this.state, socket, size, nowNs));
    return socket;
  }

  /** A step of the stack, and what follows from it. */
  run<R>(work: (nowNs: number) => Outcome<R>): R {
    const { result, effects } = work(this.#clock.nowNs());
    this.#perform(effects);
    return result;
  }

  /** Handles the frames that wait; answers how many there were. */
  work(): number {
    const waiting = this.#tail - this.#head;
    for (let i = 0; i < waiting; i++) {
      const frame = this.#arrived[this.#head++ % SLOTS];
      assert(frame !== undefined, "a slot between head and tail holds a frame");
      this.#perform(receive(this.state, this.#ifindex, frame, this.#clock.nowNs()));
    }
    return waiting;
  }

  /** A frame is copied into a slot, as into a ring; where all are in use it is lost. */
  #arrive(bytes: Uint8Array): void {
    if (this.#tail - this.#head === SLOTS) return;
    const slot = this.#tail++ % SLOTS;
    const at = slot * SLOT_BYTES;
    this.#slots.set(bytes, at);
    if (this.#arrived[slot]?.length !== bytes.length) this.#arrived[slot] = this.#slots.subarray(at, at + bytes.length);
  }

  /** Does what is due. */
  tick(): void {
    const at = pollAtNs(this.state);
    if (at !== undefined && at <= this.#clock.nowNs()) this.#perform(tick(this.state, this.#clock.nowNs()));
  }

  /** Nobody is woken in here, so no other step comes between. */
  #perform(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.t === "transmit") {
        transmitted(this.state, effect.ifindex, true);
        this.sent++;
        const { peer } = this;
        if (peer !== undefined && this.#loses?.(this.#host, this.sent) !== true) peer.#arrive(effect.frame);
      } else if (effect.t === "tcp") {
        const { t } = effect.notice;
        if (t === "data" || t === "room" || t === "connected" || t === "newconn") this.stirred.add(effect.sk);
      }
    }
    this.state.frames.recycle();
  }
}

/** Its address on the wire. */
export const addressOf = (host: number): Ipv4Address => (0x0a00_0000 + host) as Ipv4Address;

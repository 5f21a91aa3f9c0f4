import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { assert } from "../../abi/assert.ts";
import type { Transfer } from "./tcp-transfer.ts";

/** As `tools/lwip/glue.c` has them. */
const SLOTS = 1024;
const FRAME_BYTES = 1536;
const PORT = 80;
/** So many turns of both ends between two looks at the clock. */
const TURNS = 50;

/** What an instance offers, under the names of the glue. */
type Call = (...words: number[]) => number | undefined;

/** The function of that name, of an instance that must have it. */
function callOf(exports: WebAssembly.Exports, name: string): Call {
  const call = exports[name];
  assert(typeof call === "function", `the glue of lwIP exports ${name}; build it again: node tools/lwip/build.mjs`);
  return call as Call;
}

/** An instance, and the frames that wait for it in its own memory, where the other's were copied to. */
class LwipEnd {
  peer: LwipEnd | undefined;
  readonly listenOn: Call;
  readonly sendTo: Call;
  readonly pollTimers: Call;
  readonly taken: Call;
  readonly #receive: Call;
  readonly #memory: Uint8Array;
  readonly #slots: number;
  readonly #lengths = new Int32Array(SLOTS);
  #head = 0;
  #tail = 0;

  constructor(module: WebAssembly.Module, host: number) {
    const wire = {
      now_ms: (): number => Math.floor(performance.now()),
      transmit: (at: number, length: number): void => this.peer?.take(this.#memory, at, length),
    };
    const { exports } = new WebAssembly.Instance(module, { wire });
    const { memory } = exports;
    assert(memory instanceof WebAssembly.Memory, "the glue of lwIP exports its memory");
    this.listenOn = callOf(exports, "listen_on");
    this.sendTo = callOf(exports, "send_to");
    this.pollTimers = callOf(exports, "poll_timers");
    this.taken = callOf(exports, "taken");
    this.#receive = callOf(exports, "receive");
    this.#memory = new Uint8Array(memory.buffer);
    callOf(exports, "_initialize")();
    this.#slots = callOf(exports, "slot")(0) ?? 0;
    callOf(exports, "start")(host);
  }

  take(memory: Uint8Array, at: number, length: number): void {
    // A full wire drops, as a ring does.
    if (this.#tail - this.#head === SLOTS) return;
    const slot = this.#tail % SLOTS;
    this.#memory.set(memory.subarray(at, at + length), this.#slots + slot * FRAME_BYTES);
    this.#lengths[slot] = length;
    this.#tail++;
  }

  /** Handles what waits; answers how many frames it was. */
  work(): number {
    const waiting = this.#tail - this.#head;
    for (let i = 0; i < waiting; i++) {
      const slot = this.#head++ % SLOTS;
      this.#receive(slot, this.#lengths[slot] ?? 0);
    }
    return waiting;
  }
}

/** lwIP, or why it is not measured, in one line. */
export function lwipTransfer(): Transfer | string {
  const path = fileURLToPath(new URL("../../../../.tenon/lwip/lwip.wasm", import.meta.url));
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = new Uint8Array(readFileSync(path));
  } catch {
    return "lwIP is not built, so it is not measured: node tools/lwip/build.mjs";
  }
  const module = new WebAssembly.Module(bytes);
  const sender = new LwipEnd(module, 1);
  const taker = new LwipEnd(module, 2);
  sender.peer = taker;
  taker.peer = sender;
  const listens = taker.listenOn(PORT) === 0 && sender.sendTo(2, PORT) === 0;
  assert(listens, "a stack that was just started listens and connects");
  return {
    round(ms) {
      const before = taker.taken() ?? 0;
      const endMs = performance.now() + ms;
      do {
        for (let turn = 0; turn < TURNS && sender.work() + taker.work() > 0; turn++);
        sender.pollTimers();
        taker.pollTimers();
      } while (performance.now() < endMs);
      return (taker.taken() ?? 0) - before;
    },
  };
}

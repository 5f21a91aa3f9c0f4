import type { ArrivedFrame } from "../../services/abi/frame.ts";
import { createRingConsumer, type RingConsumer } from "../../services/nic/ring/consumer.ts";
import { callbackDoorbell, type Callbacks, type Doorbell } from "../../services/nic/ring/doorbell.ts";
import { formatRing, geometryFor, ringBytes, type Checked } from "../../services/nic/ring/layout.ts";
import { createRingProducer, type RingProducer } from "../../services/nic/ring/producer.ts";

/** What a check found. */
export function value<T>(checked: Checked<T>): T {
  if (!checked.ok) throw new Error(checked.why);
  return checked.value;
}

/** Both ends of a ring. */
export interface Ends {
  readonly buffer: ArrayBufferLike;
  /** The words of the layout, for a peer that does not keep the rules. */
  readonly words: Int32Array;
  readonly producer: RingProducer;
  readonly consumer: RingConsumer;
}

/** Attaches both ends to a ring. */
export const endsOf = (buffer: ArrayBufferLike, doorbell: Doorbell): Ends => ({
  buffer,
  words: new Int32Array(buffer),
  producer: value(createRingProducer(buffer, doorbell)),
  consumer: value(createRingConsumer(buffer, doorbell)),
});

const SILENT: Callbacks = { data: () => undefined, room: () => undefined };

/** A ring in plain memory. */
export function plainRing(frames: number, bytesMax: number, start = 0, callbacks: Callbacks = SILENT): Ends {
  const geometry = geometryFor(frames, bytesMax);
  const buffer = new ArrayBuffer(ringBytes(geometry));
  formatRing(buffer, geometry, start);
  return endsOf(buffer, callbackDoorbell(callbacks));
}

/** The n-th frame of a stream that everybody can check: its length and bytes follow from its number. */
export function frameOf(n: number, bytesMax: number): ArrivedFrame {
  const bytes = new Uint8Array((n * 7919) % (bytesMax + 1));
  for (let at = 0; at < bytes.length; at++) bytes[at] = n * 31 + at;
  return { bytes, flags: n & 0xff, frame: n, timeNs: n * 1000, trace: n + 1, span: n + 2, lamport: n + 3 };
}

/** Whether it is the n-th frame. */
export function isFrame(
  { bytes, flags, frame, timeNs, trace, span, lamport }: ArrivedFrame,
  n: number,
  bytesMax: number,
): boolean {
  if (trace !== n + 1 || span !== n + 2 || lamport !== n + 3) return false;
  if (frame !== n || timeNs !== n * 1000 || flags !== (n & 0xff)) return false;
  if (bytes.length !== (n * 7919) % (bytesMax + 1)) return false;
  for (let at = 0; at < bytes.length; at++) if (bytes[at] !== ((n * 31 + at) & 0xff)) return false;
  return true;
}

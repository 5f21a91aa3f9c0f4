import { assert } from "../../abi/assert.ts";
import type { Clock } from "../../abi/kit.ts";
import { formatRing, ringBytes, type Geometry } from "../../nic/ring/layout.ts";
import { createRingPort, type RingPort } from "../../nic/ring/port.ts";
import { sharedDoorbell } from "../../nic/ring/shared-doorbell.shared.ts";
import { LINK_GEOMETRY } from "./geometry.ts";
import { turnOfTheLoop } from "./turn.ts";

/** One end of a link between threads, for `postMessage` and `workerData`: the rings that it sends into and receives from. */
export interface SharedLinkEnd {
  readonly outgoing: SharedArrayBuffer;
  readonly incoming: SharedArrayBuffer;
}

/** Makes a link between two threads. */
export function createSharedLink(geometry: Geometry = LINK_GEOMETRY): readonly [SharedLinkEnd, SharedLinkEnd] {
  const ring = (): SharedArrayBuffer => {
    const buffer = new SharedArrayBuffer(ringBytes(geometry));
    formatRing(buffer, geometry);
    return buffer;
  };
  const there = ring();
  const back = ring();
  return [
    { outgoing: there, incoming: back },
    { outgoing: back, incoming: there },
  ];
}

/**
 * Opens an end in the thread that uses it. Opened again in another thread after the first one died, it goes on where that
 * one stopped.
 *
 * It waits by `Atomics.waitAsync`, which neither blocks the event loop nor keeps it alive: a thread lives as long as its
 * message ports do.
 */
export function openSharedEnd({ outgoing, incoming }: SharedLinkEnd, clock: Clock): RingPort {
  const at = (buffer: SharedArrayBuffer) => ({ buffer, doorbell: sharedDoorbell(buffer, undefined, clock) });
  const port = createRingPort(at(outgoing), at(incoming), { medium: "shared memory", yieldTurn: turnOfTheLoop });
  assert(port.ok, "an end that was made by createSharedLink can be opened");
  return port.value;
}

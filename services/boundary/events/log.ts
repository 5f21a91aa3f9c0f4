import type { House } from "../../abi/contract.generated.ts";
import { SEQS_PER_LIFE, type EventLog, type Tracing } from "../../abi/event.ts";
import type { Clock } from "../../abi/kit.ts";
import type { EventRing } from "./ring.ts";

/** Spans of one process; two processes of a world never share a number. */
export const SPANS_PER_PROCESS = 2 ** 36;

const NO_ARGS = {};

/** A life of a house: its number, from 1, and the Lamport stamp that everything in it comes after. */
export interface Life {
  readonly incarnation: number;
  readonly lamport: number;
}

const FIRST_LIFE: Life = { incarnation: 1, lamport: 0 };

/**
 * A house's log: it counts, stamps, and writes to a ring, which several houses of one thread may share.
 *
 * @param process a number of this process in its world, below 2^17; it makes span numbers unique.
 * @param origin the world's own number.
 * @param life which life of the house it is.
 * @param tracing `off`: it only gives spans and stamps, as the calls themselves need them.
 */
export function createEventLog(
  ring: EventRing,
  clock: Clock,
  node: string,
  service: House,
  process: number,
  origin = 0,
  life: Life = FIRST_LIFE,
  tracing: Tracing = "on",
): EventLog {
  const house = ring.house(node, service);
  const recording = tracing === "on";
  let seq = (life.incarnation - 1) * SEQS_PER_LIFE;
  let lamport = life.lamport;
  let spans = 0;
  const log: EventLog = {
    origin,
    recording,
    newSpan: () => process * SPANS_PER_PROCESS + ++spans,
    stamp: () => ++lamport,
    merge: (other) => {
      if (other > lamport) lamport = other;
    },
    record(context, point, phase, slice, args, ending) {
      if (!recording) return;
      ring.write(house, ++seq, ++lamport, clock.nowNs(), context, point, phase, slice, args, ending);
    },
    fact(context, point, slice, args) {
      log.record(context, point, "fact", slice, args ?? NO_ARGS);
    },
  };
  return log;
}

import type { StackState } from "./state.ts";

/** How much of everything that can grow by frames alone; each has a bound. */
export interface StackSizes {
  readonly neighbours: number;
  readonly neighbourBytes: number;
  readonly fragmentBytes: number;
  readonly pathMtus: number;
  readonly icmpPeers: number;
  /** The fullest receive queue, in bytes charged. */
  readonly queueBytes: number;
}

/** Measures a stack. */
export function sizesOf(state: StackState): StackSizes {
  const queues = [...state.udp.all(), ...state.raw.all(), ...state.packets.all()].map(({ queue }) => queue.bytes);
  return {
    neighbours: state.neighbours.size,
    neighbourBytes: state.neighbours.waitingBytes,
    fragmentBytes: state.reassembler.bytes,
    pathMtus: state.pathMtus.size,
    icmpPeers: state.icmpLimit.peers,
    queueBytes: Math.max(0, ...queues),
  };
}

/**
 * Frames whose end is not accounted for: none, unless something is wrong. Each came in once, and ended once or waits as
 * a fragment.
 */
export const unaccounted = (state: StackState): number => state.received - state.rx.total() - state.reassembler.held;

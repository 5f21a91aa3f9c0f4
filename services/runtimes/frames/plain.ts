import type { Clock } from "../../abi/kit.ts";
import type { ArrivedFrame, FramePort } from "../../abi/frame.ts";

type Take = (frame: ArrivedFrame) => void | Promise<void>;

/** A link inside one thread: what is flushed arrives after a hop, in order. */
export function createPlainLink(clock: Clock, { hopNs }: { readonly hopNs: () => number }): [FramePort, FramePort] {
  const half = () => {
    const counts = { sent: 0, full: 0, too_long: 0, received: 0, wrong: 0, signals: 0, missed_signals: 0 };
    return { counts, take: undefined as Take | undefined, done: undefined as (() => void) | undefined };
  };
  const halves = [half(), half()] as const;
  const port = (own: (typeof halves)[number], peer: (typeof halves)[number]): FramePort => {
    const waiting: ArrivedFrame[] = [];
    let running = false;
    const deliver = async (): Promise<void> => {
      for (let frame = waiting.shift(); frame !== undefined; frame = waiting.shift()) {
        peer.counts.received++;
        await peer.take?.(frame);
      }
      peer.done?.();
      running = false;
    };
    return {
      medium: "memory",
      counts: own.counts,
      send(bytes, meta) {
        own.counts.sent++;
        waiting.push({ ...meta, bytes: bytes.slice() });
        return true;
      },
      flush() {
        if (running || waiting.length === 0) return;
        running = true;
        clock.after(hopNs(), () => void deliver());
      },
      receive(take, done) {
        own.take = take;
        own.done = done;
      },
    };
  };
  return [port(halves[0], halves[1]), port(halves[1], halves[0])];
}

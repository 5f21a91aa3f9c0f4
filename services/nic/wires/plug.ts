import type { ArrivedFrame, FramePort, FramePortCounts } from "../../abi/frame.ts";
import type { Clock } from "../../abi/kit.ts";

/** The time to the end of the plug and back. Not zero: whoever answers its own frame must not stop time. */
const WIRE_NS = 1000;

/** Frames inside the plug at most. */
const FRAMES_MAX = 1024;

/** A plug that sends everything back (`wire: loopback`): what is sent arrives again, in order, a little later. */
export function createPlug(clock: Clock): FramePort {
  const counts = { sent: 0, full: 0, too_long: 0, received: 0, wrong: 0, signals: 0, missed_signals: 0 };
  let filled: ArrivedFrame[] = [];
  let published: ArrivedFrame[] = [];
  let take: (frame: ArrivedFrame) => void | Promise<void> = () => undefined;
  let done: () => void = () => undefined;
  let running = false;

  async function run(): Promise<void> {
    while (published.length > 0) {
      const burst = published;
      published = [];
      for (const frame of burst) {
        counts.received++;
        const pending = take(frame);
        if (pending !== undefined) await pending;
      }
      done();
    }
    running = false;
  }

  return {
    medium: "memory",
    counts: counts satisfies FramePortCounts,
    send(bytes, meta) {
      if (filled.length + published.length >= FRAMES_MAX) {
        counts.full++;
        return false;
      }
      counts.sent++;
      filled.push({ ...meta, bytes: bytes.slice() });
      return true;
    },
    flush() {
      if (filled.length === 0) return;
      const burst = filled;
      filled = [];
      counts.signals++;
      clock.after(WIRE_NS, () => {
        published.push(...burst);
        if (running) return;
        running = true;
        void run();
      });
    },
    receive(taker, whenDone) {
      take = taker;
      done = whenDone ?? done;
    },
  };
}

import { describe, expect, test } from "@jest/globals";
import type { ArrivedFrame, FramePort } from "../../services/abi/frame.ts";
import { controlInvocation, type Answer, type Invocation, type Transport } from "../../services/boundary/invocation.ts";
import { createGates } from "../../services/runtimes/gates.ts";
import { manualClock, settled } from "../kit.ts";

const ANSWER: Answer = { kind: "returned", value: {}, lamport: 1 };
const from = (caller: string): Invocation => controlInvocation("ctl_list_files", {}, caller);

/** Whether a call has ended, looked at without waiting for it. */
function watched(answer: Promise<Answer>): { ended: boolean } {
  const state = { ended: false };
  void answer.then(() => (state.ended = true));
  return state;
}

describe("a gate between two places", () => {
  test("loses calls while it is cut, and lets them through afterwards", async () => {
    const clock = manualClock();
    const gates = createGates(clock);
    const acted: string[] = [];
    const serve: Transport = ({ caller }) => {
      acted.push(caller);
      return Promise.resolve(ANSWER);
    };
    const incoming = gates.incoming(serve);
    gates.cut("alpha/vfs", 1000);
    const lost = watched(incoming(from("alpha/vfs#1")));
    const other = watched(incoming(from("alpha/inband#1")));
    await settled();
    expect([lost.ended, other.ended]).toEqual([false, true]);
    await clock.advance(1000);
    expect(await incoming(from("alpha/vfs#2"))).toEqual(ANSWER);
    // What was lost stays lost: nobody acts on it later.
    expect(lost.ended).toBe(false);
    expect(acted).toEqual(["alpha/inband#1", "alpha/vfs#2"]);
  });

  test("loses an answer that would have crossed while it was cut", async () => {
    const clock = manualClock();
    const gates = createGates(clock);
    let answer: (answer: Answer) => void = () => undefined;
    const road = gates.outgoing("alpha/companion", () => new Promise((resolve) => (answer = resolve)));
    const call = watched(road(from("alpha/vfs#1")));
    gates.cut("alpha/companion", 1000);
    answer(ANSWER);
    await settled();
    expect(call.ended).toBe(false);
  });

  test("holds up each call of a peer for as long as it is slow, and never those of the lab", async () => {
    const clock = manualClock();
    const gates = createGates(clock);
    const incoming = gates.incoming(() => Promise.resolve(ANSWER));
    gates.slow("alpha/vfs", 50, 1000);
    const slow = watched(incoming(from("alpha/vfs#1")));
    const lab = watched(incoming(from("lab")));
    await settled();
    expect([slow.ended, lab.ended]).toEqual([false, true]);
    await clock.advance(50);
    expect(slow.ended).toBe(true);
    await clock.advance(950);
    const later = watched(incoming(from("alpha/vfs#1")));
    await settled();
    expect(later.ended).toBe(true);
  });

  test("a longer cut is not shortened by a second one", async () => {
    const clock = manualClock();
    const gates = createGates(clock);
    gates.cut("alpha/vfs", 1000);
    gates.cut("alpha/vfs", 10);
    await clock.advance(500);
    const call = watched(gates.incoming(() => Promise.resolve(ANSWER))(from("alpha/vfs#1")));
    await settled();
    expect(call.ended).toBe(false);
  });

  test("a link's port loses frames in both directions, and is in all else the port that it was", () => {
    const clock = manualClock();
    const gates = createGates(clock);
    const sent: number[] = [];
    let take: (frame: ArrivedFrame) => void | Promise<void> = () => undefined;
    const port: FramePort & { readonly faults: string } = {
      medium: "memory",
      faults: "those of its ring",
      counts: { sent: 7, full: 0, too_long: 0, received: 0, wrong: 0, signals: 0, missed_signals: 0 },
      send: (_bytes, { frame }) => {
        sent.push(frame);
        return frame !== 3;
      },
      flush: () => undefined,
      receive: (taker) => void (take = taker),
    };
    const meta = (frame: number) => ({ flags: 0, frame, timeNs: 0, trace: 0, span: 0, lamport: 0 });
    const gated = gates.port("lan/switch", port);
    const got: number[] = [];
    gated.receive(({ frame }) => void got.push(frame));
    const bytes = new Uint8Array(1);
    expect(gated.send(bytes, meta(1))).toBe(true);
    void take({ ...meta(11), bytes });
    gates.cut("lan/switch", 1000);
    expect(gated.send(bytes, meta(2))).toBe(true);
    void take({ ...meta(12), bytes });
    void clock.advance(1000);
    expect(sent).toEqual([1]);
    expect(got).toEqual([11]);
    expect([gated.medium, gated.faults, gated.counts.sent]).toEqual(["memory", "those of its ring", 7]);
  });
});

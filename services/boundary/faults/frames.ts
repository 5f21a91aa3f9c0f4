import type { Context } from "../../abi/context.ts";
import { outermost } from "../../abi/context.ts";
import { unreachable } from "../../abi/assert.ts";
import type { FaultSide, Stage } from "../../abi/contract.generated.ts";
import type { EventArgs } from "../../abi/event.ts";
import type { ArrivedFrame, FrameFaults, FrameMeta, FramePort } from "../../abi/frame.ts";
import type { Kit, Timer } from "../../abi/kit.ts";
import { delayNsOf, lineNsOf } from "./delay.ts";
import type { FaultEngine, Strike } from "./engine.ts";
import type { Subject } from "./subject.ts";
import { corrupted } from "./wrong.ts";

/** What the faults of a house's links are made with. */
export interface FrameFaultParts {
  readonly engine: FaultEngine;
  readonly kit: Kit;
  /** The process, such as `alpha/nic#1`. */
  readonly identity: string;
}

/** What is known of all frames that arrive at a port. */
export interface PortSide {
  /** The device; empty for the relay, which carries the frames of all. */
  readonly dev: string;
  readonly stage: Stage;
}

/** A frame that others shall overtake goes on by itself after so long: perhaps none comes. */
const HELD_MAX_NS = 1e9;

/** A frame that is held back. The bytes are a copy. */
interface Held {
  readonly go: () => void;
  readonly timer: Timer;
  left: number;
}

/** A medium's frame may say these only when it is asked: a copy of its own fields would have none of them. */
const metaOf = ({ flags, frame, timeNs, trace, span, lamport }: ArrivedFrame): FrameMeta => ({
  flags,
  frame,
  timeNs,
  trace,
  span,
  lamport,
});

const doNothing = { tell: (): void => undefined };

/**
 * The end of a link as a house's boundary has it: frames that leave and frames that arrive are fault points like calls
 * (`frame_send`, `frame_receive`). It has all that the port has.
 *
 * What is held back is a copy, and enters the link when it goes on: so a ring never has a hole, and credit is used when it is
 * needed. A frame that finds no room then ends, as one does that finds none at once; the fact says so.
 */
export function withFrameFaults<P extends FramePort>(parts: FrameFaultParts, port: P, side: PortSide): P {
  const { engine, kit } = parts;
  const held = new Set<Held>();

  function tell(context: Context, dev: string, frame: number, rule: string, args: EventArgs): void {
    kit.events.record(context, "frame_fault", "fact", { dev, frame }, args, { fault: rule });
  }

  function judge(point: FaultSide, dev: string, context: Context, frame: number, args: EventArgs, size: number) {
    const name = point === "client" ? "frame_send" : "frame_receive";
    const subject: Subject = {
      point: name,
      side: point,
      process: parts.identity,
      node: kit.node,
      service: kit.house,
      from: kit.house,
      task: context.task,
      stage: context.stage,
      chain: [],
      slice: { dev, frame },
      args: () => ({ dev, frame, ...args }),
      size: () => size,
    };
    return engine.judge(subject, ({ rule, verdict, matched }) =>
      kit.events.fact(context, "fault_decision", subject.slice, { point: name, rule, verdict, matched }),
    );
  }

  /** Another frame went by. */
  function passed(): void {
    for (const one of [...held]) {
      one.left--;
      if (one.left > 0) continue;
      held.delete(one);
      one.timer.cancel();
      one.go();
    }
  }

  /** Keeps a frame back for some time, or until so many others have gone by. */
  function keep(
    strike: Strike,
    leg: Context,
    dev: string,
    bytes: Uint8Array,
    meta: FrameMeta,
    ns: number,
    gap: number,
  ): void {
    const copy = bytes.slice();
    const go = (): void => {
      strike.end();
      if (!port.send(copy, meta)) tell(leg, dev, meta.frame, strike.rule, { kind: "no_room", at: "frame_send" });
    };
    const one: Held = {
      left: gap,
      go,
      timer: kit.clock.after(ns, () => {
        held.delete(one);
        go();
        port.flush();
      }),
    };
    if (gap > 0) held.add(one);
  }

  /** Puts what a fault makes of a frame into the link; false: the link took it not. */
  function sendStruck(strike: Strike, leg: Context, dev: string, bytes: Uint8Array, meta: FrameMeta): boolean {
    const { effect, chance } = strike;
    switch (effect.kind) {
      case "drop":
        return true;
      case "duplicate": {
        const sent = port.send(bytes, meta);
        for (let copy = 0; sent && copy < (effect.times ?? 1); copy++) port.send(bytes, meta);
        return sent;
      }
      case "corrupt":
        return port.send(corrupted(bytes, Math.max(1, effect.data?.bytes ?? 1), chance), meta);
      case "delay":
        keep(strike, leg, dev, bytes, meta, delayNsOf(strike, `frame_send ${dev}`), 0);
        return true;
      case "bandwidth":
        keep(strike, leg, dev, bytes, meta, lineNsOf(strike, bytes.length, kit.clock.nowNs()), 0);
        return true;
      case "reorder":
        keep(strike, leg, dev, bytes, meta, HELD_MAX_NS, effect.gap ?? 1);
        return true;
      default:
        return unreachable(effect.kind as never, "the kind of a rule that strikes frames");
    }
  }

  const frameFaults: FrameFaults = {
    get watching() {
      return engine.armed || held.size > 0;
    },
    send(leg, dev, to, bytes, meta) {
      const strike = judge("client", dev, leg, meta.frame, { to, bytes: bytes.length }, bytes.length);
      if (strike === undefined) {
        if (!port.send(bytes, meta)) return undefined;
        if (held.size > 0) passed();
        return doNothing;
      }
      const kind = strike.effect.kind ?? "drop";
      const waits = kind === "delay" || kind === "bandwidth" || kind === "reorder";
      const sent = sendStruck(strike, leg, dev, bytes, meta);
      if (!waits) strike.end();
      if (!sent) return undefined;
      return { tell: () => tell(leg, dev, meta.frame, strike.rule, { kind, at: "frame_send" }) };
    },
  };

  /** A frame arrives, and a fault may be what it meets first. */
  async function arrive(frame: ArrivedFrame, take: (frame: ArrivedFrame) => void | Promise<void>): Promise<void> {
    const { dev, stage } = side;
    const context: Context = { ...outermost("", 0, stage), trace: frame.trace, span: frame.span, parent: frame.span };
    const size = frame.bytes.length;
    const strike = judge("server", dev, context, frame.frame, { bytes: size }, size);
    if (strike === undefined) return take(frame);
    const { effect, chance } = strike;
    kit.events.merge(frame.lamport);
    tell({ ...context, span: kit.events.newSpan() }, dev, frame.frame, strike.rule, {
      kind: effect.kind ?? "drop",
      at: "frame_receive",
    });
    const heldNs =
      effect.kind === "delay"
        ? delayNsOf(strike, `frame_receive ${dev}`)
        : effect.kind === "bandwidth"
          ? lineNsOf(strike, size, kit.clock.nowNs())
          : 0;
    // What arrives is a view of the medium's, and whoever keeps it copies it: all of it, since a view has no fields of its own.
    const bytes =
      effect.kind === "corrupt"
        ? corrupted(frame.bytes, Math.max(1, effect.data?.bytes ?? 1), chance)
        : frame.bytes.slice();
    const meta = metaOf(frame);
    const copies = effect.kind === "drop" ? 0 : effect.kind === "duplicate" ? 1 + (effect.times ?? 1) : 1;
    try {
      // Those behind it wait too: a line has an order.
      if (heldNs > 0) await kit.clock.sleepNs(heldNs);
      for (let copy = 0; copy < copies; copy++) await take({ ...meta, bytes });
    } finally {
      strike.end();
    }
  }

  const struck = Object.create(port) as P;
  return Object.assign(struck, {
    frameFaults,
    receive: (...[take, done]: Parameters<FramePort["receive"]>) =>
      port.receive((frame) => (engine.armed ? arrive(frame, take) : take(frame)), done),
  });
}

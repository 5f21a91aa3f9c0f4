import { outermost, type Context } from "../../abi/context.ts";
import type { ArrivedFrame, FrameFaults, FramePort } from "../../abi/frame.ts";
import type { NetemClause, RingFault } from "../../abi/netem.ts";
import { faultStrikes, type Device } from "../device.ts";
import { chancesFor, type Chance } from "../model/chance.ts";

/** The places where a ring can be broken below its protocol (ring/faults.ts has them); a link that is no ring has none. */
interface RingSeam {
  loseNotifications(count: number): void;
  stick(): () => void;
  withholdRelease(): () => void;
  writeTail(ahead: number): () => void;
}

/** The seam of a link, if it is a ring now: a link between processes may come up as something else. */
const seamOf = (port: FramePort & { readonly faults?: RingSeam | undefined }): RingSeam | undefined => port.faults;

/** How far beyond the frames a wrong index points: beyond the capacity of any ring. */
const AHEAD = 0x10_0000;

/** How long a wrong index stays when no frame comes that would put it right. */
const WRONG_INDEX_NS = 1e6;

/** When a driver notices that completions do not come, and resets its ring: Linux's transmit watchdog. */
const WATCHDOG_NS = 5e9;

/** A link in whose ring things can go wrong. */
export interface FaultyRing extends FramePort {
  /** Whether the link has a ring at all. */
  isRing(): boolean;
  /** From now on, these go wrong. */
  set(clauses: readonly NetemClause<RingFault>[]): void;
}

interface Armed {
  readonly fault: RingFault;
  readonly chance: Chance;
  /** For a clause without a share: it strikes once. */
  spent: boolean;
}

/**
 * Puts ring faults around this NIC's end of a link to its node. How each of them shows, and what resolves it:
 *
 *        lost-notification   a burst is published, its signal is not made   the reader finds it at the end of its bounded
 *                                                                           sleep (`missed_signals`), or by the next signal
 *        wrong-index         the tail points to where no frame is           the reader counts it (`wrong`), follows it not;
 *                                                                           the next burst, or a millisecond, puts it right
 *        stuck-consumer      this end takes nothing for a time              the writer finds no room (`full`), and drops;
 *                                                                           what is in the ring is taken afterwards
 *        lost-completion     the frame is taken, its slot not given back,   the writer finds less and less room, then none;
 *                            nor those behind it: completions are in order  the watchdog gives them back after 5 s
 *
 * When the millisecond is over, a reader that fell asleep over the wrong index is rung.
 *
 * The first two strike at bursts that the NIC sends, the others at frames that it receives. No frame is lost or doubled here.
 */
export function createFaultyRing(device: Device, name: string, port: FramePort): FaultyRing {
  const { kit, dev } = device;
  const { clock } = kit;
  let armed: Armed[] = [];
  let lastSent = 0;
  let unflushed = false;
  let mendTail: (() => void) | undefined;
  const ends = new Set<RingFault["t"]>();

  const strikes = (one: Armed): boolean => {
    const { fault } = one;
    if (fault.t !== "stuck-consumer" || fault.share !== undefined) {
      const draw = one.chance.next();
      return fault.share !== undefined && draw.strikes(fault.share);
    }
    if (one.spent) return false;
    return (one.spent = true);
  };
  const told = (context: Context, frame: number, kind: RingFault["t"]): void =>
    faultStrikes(device, context, frame, kindText(kind));

  /** Breaks something now and mends it later; what is broken already stays so until then. */
  function forAWhile(kind: RingFault["t"], forNs: number, begin: () => () => void): boolean {
    if (ends.has(kind)) return false;
    ends.add(kind);
    const end = begin();
    clock.after(forNs, () => {
      ends.delete(kind);
      end();
      kit.events.fact(outermost("", 0, "inband"), "ring_mended", { dev }, { kind: kindText(kind) });
    });
    return true;
  }

  /** A frame went into the link. */
  function noted(frame: number): void {
    lastSent = frame;
    unflushed = true;
  }

  function flush(): void {
    const seam = seamOf(port);
    if (seam === undefined || !unflushed) {
      port.flush();
      return;
    }
    unflushed = false;
    const struck = armed.filter(({ fault }) => isSending(fault)).filter(strikes);
    if (struck.some(({ fault }) => fault.t === "lost-notification")) seam.loseNotifications(1);
    port.flush();
    // Publishing a burst writes the index anew.
    mendTail = undefined;
    for (const { fault } of struck) {
      told(outermost("", 0, "inband"), lastSent, fault.t);
      if (fault.t !== "wrong-index" || mendTail !== undefined) continue;
      const mend = (mendTail = seam.writeTail(AHEAD));
      clock.after(WRONG_INDEX_NS, () => {
        // A later burst may have put it right, and may have struck again.
        if (mendTail !== mend) return;
        mendTail = undefined;
        mend();
      });
    }
  }

  function arrived(frame: ArrivedFrame): void {
    const seam = seamOf(port);
    if (seam === undefined) return;
    for (const one of armed) {
      const { fault } = one;
      if (isSending(fault) || !strikes(one)) continue;
      const begun =
        fault.t === "stuck-consumer"
          ? forAWhile(fault.t, fault.forNs, () => seam.stick())
          : forAWhile(fault.t, WATCHDOG_NS, () => seam.withholdRelease());
      if (!begun) continue;
      const { trace, span, lamport } = frame;
      // The fact stands in the sender's span, before anybody has received the frame: it comes after the sending.
      kit.events.merge(lamport);
      told({ ...outermost("", 0, "inband"), trace, span }, frame.frame, fault.t);
    }
  }

  /** The faults of single frames, and what they let into the link is noted here. */
  const notedOf = (inner: FrameFaults): FrameFaults => ({
    get watching() {
      return inner.watching;
    },
    send(leg, to, name, bytes, meta) {
      const sent = inner.send(leg, to, name, bytes, meta);
      if (sent !== undefined) noted(meta.frame);
      return sent;
    },
  });
  let around: FrameFaults | undefined;
  let frameFaults: FrameFaults | undefined;

  return {
    // A link between processes comes up later, and may come back as another: nothing of it is remembered here.
    get medium() {
      return port.medium;
    },
    get counts() {
      return port.counts;
    },
    // What strikes single frames stands below: a burst of which some are struck is a burst still.
    get frameFaults() {
      const inner = port.frameFaults;
      // Asked for each frame, so it is made once.
      if (inner !== around) {
        around = inner;
        frameFaults = inner === undefined ? undefined : notedOf(inner);
      }
      return frameFaults;
    },
    isRing: () => seamOf(port) !== undefined,
    send(bytes, meta) {
      if (!port.send(bytes, meta)) return false;
      noted(meta.frame);
      return true;
    },
    flush,
    receive(take, done) {
      port.receive((frame) => {
        if (armed.length > 0) arrived(frame);
        return take(frame);
      }, done);
    },
    set(clauses) {
      const chances = chancesFor(kit.seed, `${kit.node}/${dev}/${name}`, clauses);
      armed = clauses.flatMap(({ fault }, i) => {
        const chance = chances[i];
        return chance === undefined ? [] : [{ fault, chance, spent: false }];
      });
    },
  };
}

/** A fault as facts and counters call it. */
const kindText = (kind: RingFault["t"]): string => `ring_${kind.replace("-", "_")}`;

/** Whether it strikes where this end sends; else where it receives. */
const isSending = ({ t }: RingFault): boolean => t === "lost-notification" || t === "wrong-index";

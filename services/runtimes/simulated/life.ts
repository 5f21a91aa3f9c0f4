import type { Stage } from "../../abi/contract.generated.ts";
import type { FramePort } from "../../abi/frame.ts";
import type { Clock, Kit, Timer, Work } from "../../abi/kit.ts";
import type { Answer, Transport } from "../../boundary/invocation.ts";
import { lost } from "../../transports/answers.ts";
import type { Processor } from "./processor.ts";

/**
 * One life of a place of a simulated world. All that reaches the place, and all that it does, goes by here: so it can be
 * made to stand still, and when it dies nothing of it acts any more, though promises of it may still be about.
 */
export interface Life {
  /** The place's time: no timer fires while it stands still, and none after its death. */
  readonly clock: Clock;
  isAlive(): boolean;
  /** It stands still for so long; what comes meanwhile waits, and then comes in its order. */
  hang(forNs: number): void;
  /** It is dead. Calls in flight to it are lost. */
  end(): void;
  /** The kit of a house that lives it: its time, and a log that ends with it. */
  kit(kit: Kit): Kit;
  outgoing(transport: Transport): Transport;
  incoming(serve: Transport): Transport;
  /** @param stage on which the frames that it receives are handled; absent: the place itself occupies the processor. */
  port<P extends FramePort>(port: P, stage?: Stage): P;
}

/**
 * @param clock the world's time.
 * @param place its name, for people.
 * @param processor what its work is done by; undefined for a place that is no part of a node.
 */
export function createLife(clock: Clock, place: string, processor?: Processor): Life {
  const gone = (): Answer => lost("unreachable", `${place} is down`);
  /** Who waits for an answer of it. */
  const asking = new Set<(answer: Answer) => void>();
  let waiting: (() => void)[] = [];
  let alive = true;
  let hangsUntilNs = 0;
  let hanging = false;

  /** Lets something happen to it: now, or when it goes on; never, when it is dead. */
  function deliver(what: () => void): void {
    if (!alive) return;
    if (hanging) waiting.push(what);
    else what();
  }

  const isAlive = (): boolean => alive;

  /** Does a piece of work: when the processor has served it, and the place goes on. */
  function work(stage: Stage, what: Work, act: () => void): void {
    const served = processor?.occupy(stage, what, isAlive);
    if (served === undefined) act();
    else void served.then(() => deliver(act));
  }

  function goOn(): void {
    if (!alive || clock.nowNs() < hangsUntilNs) return;
    hanging = false;
    const due = waiting;
    waiting = [];
    for (const what of due) deliver(what);
  }

  const own: Clock = {
    nowNs: () => clock.nowNs(),
    sleepNs: (ns) => new Promise((wake) => own.after(ns, wake)),
    after(ns, callback): Timer {
      let cancelled = false;
      const timer = clock.after(ns, () =>
        deliver(() => {
          if (!cancelled) callback();
        }),
      );
      return {
        cancel() {
          cancelled = true;
          timer.cancel();
        },
      };
    },
  };

  return {
    clock: own,
    isAlive,
    hang(forNs) {
      if (!alive) return;
      hanging = true;
      hangsUntilNs = Math.max(hangsUntilNs, clock.nowNs() + forNs);
      clock.after(forNs, goOn);
    },
    end() {
      alive = false;
      waiting = [];
      for (const settle of asking) settle(gone());
      asking.clear();
    },
    kit: (kit) => ({
      ...kit,
      clock: own,
      occupy: (stage, what) => processor?.occupy(stage, what, isAlive),
      events: {
        ...kit.events,
        record(...event) {
          if (alive) kit.events.record(...event);
        },
        fact(...event) {
          if (alive) kit.events.fact(...event);
        },
      },
    }),
    outgoing: (transport) => (invocation) =>
      new Promise((resolve, reject) => {
        deliver(() => {
          transport(invocation).then((answer) => deliver(() => resolve(answer)), reject);
        });
      }),
    incoming: (serve) => (invocation) =>
      new Promise((resolve, reject) => {
        if (!alive) {
          resolve(gone());
          return;
        }
        asking.add(resolve);
        const settle = (answer: Answer): void => {
          asking.delete(resolve);
          resolve(answer);
        };
        deliver(() =>
          work(invocation.stage, "call", () => {
            serve(invocation).then((answer) => deliver(() => settle(answer)), reject);
          }),
        );
      }),
    port(port, stage) {
      const living = Object.create(port) as typeof port;
      return Object.assign(living, {
        send: (...[bytes, meta]: Parameters<FramePort["send"]>) => alive && port.send(bytes, meta),
        receive(...[take, done]: Parameters<FramePort["receive"]>) {
          port.receive(
            (frame) => {
              const served = stage && processor?.occupy(stage, "frame", isAlive);
              if (!hanging && served === undefined) return alive ? take(frame) : undefined;
              // The link keeps back those behind it until this one is done with. It may end meanwhile, so this one is copied.
              const { flags, frame: number, timeNs, trace, span, lamport } = frame;
              const kept = { flags, frame: number, timeNs, trace, span, lamport, bytes: frame.bytes.slice() };
              return new Promise<void>((resolve, reject) => {
                const handle = (): void =>
                  deliver(() => {
                    Promise.resolve(take(kept)).then(resolve, reject);
                  });
                if (served === undefined) handle();
                else void served.then(handle);
              });
            },
            () => deliver(() => done?.()),
          );
        },
      });
    },
  };
}

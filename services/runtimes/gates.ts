import type { FramePort } from "../abi/frame.ts";
import type { Clock } from "../abi/kit.ts";
import type { Answer, Transport } from "../boundary/invocation.ts";

/** What stands between a place and its peers, and can be shut for a time. Peers are names of places, such as `alpha/vfs`. */
export interface Gates {
  /** For so long nothing crosses: calls, answers and frames are lost, in both directions. */
  cut(peer: string, forNs: number): void;
  /** For so long each call of the peer is held up before it is acted on. */
  slow(peer: string, byNs: number, forNs: number): void;
  /** The road to a peer, through the gate. */
  outgoing(peer: string, transport: Transport): Transport;
  /** What answers calls, behind the gates of all callers; the lab's control goes around them. */
  incoming(serve: Transport): Transport;
  /** The end of a link to a peer, through the gate. It has all that the port has. */
  port<P extends FramePort>(peer: string, port: P): P;
}

interface Slowness {
  readonly byNs: number;
  readonly untilNs: number;
}

/** Loss is silence: the caller's deadline says what it means. */
const never = (): Promise<Answer> => new Promise(() => undefined);

/** `alpha/vfs#1` is a life of the place `alpha/vfs`. */
const placeOf = (identity: string): string => identity.split("#", 1)[0] ?? identity;

/**
 * Makes the gates of one place. They need no timer: a gate is looked at when something passes, so what is shut opens by the
 * clock alone, and in simulation a gate that nobody passes keeps no world alive.
 *
 * A gate at one end is enough; the runtime shuts both, since one end may die and come back without its own.
 */
export function createGates(clock: Clock): Gates {
  const cutUntilNs = new Map<string, number>();
  const slowed = new Map<string, Slowness>();
  // Asked for each frame in both directions, and hardly ever is anybody cut off: then the clock need not be read.
  const isCut = (peer: string): boolean => cutUntilNs.size > 0 && clock.nowNs() < (cutUntilNs.get(peer) ?? 0);
  const heldUpNs = (peer: string): number => {
    const slowness = slowed.get(peer);
    return slowness !== undefined && clock.nowNs() < slowness.untilNs ? slowness.byNs : 0;
  };

  return {
    cut(peer, forNs) {
      cutUntilNs.set(peer, Math.max(cutUntilNs.get(peer) ?? 0, clock.nowNs() + forNs));
    },
    slow(peer, byNs, forNs) {
      slowed.set(peer, { byNs, untilNs: clock.nowNs() + forNs });
    },
    outgoing: (peer, transport) => async (invocation) => {
      if (isCut(peer)) return never();
      const answer = await transport(invocation);
      return isCut(peer) ? never() : answer;
    },
    incoming: (serve) => async (invocation) => {
      const peer = placeOf(invocation.caller);
      if (isCut(peer)) return never();
      const byNs = heldUpNs(peer);
      if (byNs > 0) await clock.sleepNs(byNs);
      if (isCut(peer)) return never();
      const answer = await serve(invocation);
      return isCut(peer) ? never() : answer;
    },
    port(peer, port) {
      // What it does not say itself (counts, medium, the faults of a ring) is the port's own.
      const gated = Object.create(port) as typeof port;
      return Object.assign(gated, {
        // Taken and lost: a sender on a wire that is cut learns nothing.
        send: (...[bytes, meta]: Parameters<FramePort["send"]>) => isCut(peer) || port.send(bytes, meta),
        receive: (...[take, done]: Parameters<FramePort["receive"]>) =>
          port.receive((frame) => (isCut(peer) ? undefined : take(frame)), done),
      });
    },
  };
}

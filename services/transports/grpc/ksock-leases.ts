import type { Clock, Timer } from "../../abi/kit.ts";
import type { Road } from "../../ksock/road.ts";

/** How long the sockets of a stream outlive the last who took its events. */
const LEASE_NS = 60_000_000_000;

/** Who a user of the service is: the name of a stream, at a node. */
export interface Owner {
  readonly node: string;
  readonly stream: string;
}

/** A close is asked for so often at most, and that long after an answer was lost: a house that does not come back has no sockets. */
const CLOSES_MAX = 20;
const LOST_PAUSE_NS = 500_000_000;

/** Closes a kernel socket that nobody has any more, whatever is lost on the way. */
export async function closeForNobody(road: Road, ks: number): Promise<void> {
  for (let asked = 0; asked < CLOSES_MAX; asked++) {
    // As who asks again: where it is closed by now, that is no mistake.
    const reply = await road.call("ksock_close", { ks, waiting: true, callback: 0 });
    if (reply.kind === "refused" || (reply.kind === "returned" && !reply.value.again)) return;
    if (reply.kind === "lost") await road.sleepNs(LOST_PAUSE_NS);
  }
}

interface Lease {
  readonly owner: Owner;
  readonly sockets: Set<number>;
  takers: number;
  timer: Timer | undefined;
}

/** Whose the sockets are that were made over the service: a program that goes away leaves none behind. */
export interface Leases {
  /** A socket is a stream's. */
  own(owner: Owner, ks: number): void;
  /** A socket is whosever the other one is. */
  inherit(node: string, from: number, ks: number): void;
  /** A socket is closed. */
  forget(node: string, ks: number): void;
  /** Somebody takes the events of a stream, until the function that it returns is called. */
  take(owner: Owner): () => void;
  /** Ends all timers; nothing is closed any more. */
  stop(): void;
}

/** @param close closes the socket of somebody who went away. */
export function createLeases(clock: Clock, close: (node: string, ks: number) => void): Leases {
  const leases = new Map<string, Lease>();
  const keyOf = ({ node, stream }: Owner): string => JSON.stringify([node, stream]);

  function leaseOf(owner: Owner): Lease {
    const known = leases.get(keyOf(owner));
    if (known !== undefined) return known;
    const lease: Lease = { owner, sockets: new Set(), takers: 0, timer: undefined };
    leases.set(keyOf(owner), lease);
    return lease;
  }

  /** Nobody takes its events: its time runs, from now on. */
  function leave(lease: Lease): void {
    lease.timer?.cancel();
    lease.timer = undefined;
    if (lease.takers > 0) return;
    if (lease.sockets.size === 0) {
      leases.delete(keyOf(lease.owner));
      return;
    }
    lease.timer = clock.after(LEASE_NS, () => {
      leases.delete(keyOf(lease.owner));
      for (const ks of lease.sockets) close(lease.owner.node, ks);
    });
  }

  const holderOf = (node: string, ks: number): Lease | undefined =>
    [...leases.values()].find(({ owner, sockets }) => owner.node === node && sockets.has(ks));

  return {
    own(owner, ks) {
      const lease = leaseOf(owner);
      lease.sockets.add(ks);
      leave(lease);
    },
    inherit(node, from, ks) {
      holderOf(node, from)?.sockets.add(ks);
    },
    forget(node, ks) {
      const lease = holderOf(node, ks);
      if (lease === undefined) return;
      lease.sockets.delete(ks);
      if (lease.sockets.size === 0) leave(lease);
    },
    take(owner) {
      const lease = leaseOf(owner);
      lease.takers++;
      lease.timer?.cancel();
      lease.timer = undefined;
      let taken = true;
      return () => {
        if (!taken) return;
        taken = false;
        lease.takers--;
        leave(lease);
      };
    },
    stop() {
      for (const { timer } of leases.values()) timer?.cancel();
      leases.clear();
    },
  };
}

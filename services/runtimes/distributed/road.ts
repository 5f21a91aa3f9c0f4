import type { Transport } from "../../boundary/invocation.ts";
import { lost } from "../../transports/answers.ts";
import type { HouseClient } from "../../transports/grpc/client.ts";

/** The road to a place that dies and comes back: while it is dead, nobody waits. */
export interface Road {
  readonly transport: Transport;
  /** The place is there; resolves with whether it can be reached within so long. */
  up(waitNs: number): Promise<boolean>;
  /** It is not: what is in flight is lost, and so is what is sent. */
  down(why: string): void;
  close(): void;
}

/** A connection, and how many calls are on their way over it. */
interface Lane {
  readonly client: HouseClient;
  inFlight: number;
}

/**
 * @param connect makes a new connection, since an old one would go on knocking in its own time. The old one ends with its
 *   last call: it may have reached the new life before we were told of it, and what is on its way there is not to be lost.
 */
export function createRoad(connect: () => HouseClient): Road {
  let current: Lane | undefined;
  const former = new Set<Lane>();
  let whyNot = "nobody is there yet";
  const endIfIdle = (lane: Lane): void => {
    if (lane.inFlight > 0 || !former.delete(lane)) return;
    lane.client.close();
  };
  const down = (why: string): void => {
    whyNot = why;
    for (const { client } of former) client.close();
    former.clear();
    current?.client.close();
    current = undefined;
  };
  return {
    transport(invocation) {
      const lane = current;
      if (lane === undefined) return Promise.resolve(lost("unreachable", whyNot));
      lane.inFlight++;
      return lane.client.transport(invocation).finally(() => {
        lane.inFlight--;
        endIfIdle(lane);
      });
    },
    up(waitNs) {
      const last = current;
      current = { client: connect(), inFlight: 0 };
      if (last !== undefined) {
        former.add(last);
        endIfIdle(last);
      }
      return current.client.ready(waitNs);
    },
    down,
    close: () => down("the world has ended"),
  };
}

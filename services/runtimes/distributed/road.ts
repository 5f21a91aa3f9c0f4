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

/** @param connect makes a new connection, since an old one would go on knocking in its own time. */
export function createRoad(connect: () => HouseClient): Road {
  let client: HouseClient | undefined;
  let whyNot = "nobody is there yet";
  const down = (why: string): void => {
    whyNot = why;
    client?.close();
    client = undefined;
  };
  return {
    transport: (invocation) => client?.transport(invocation) ?? Promise.resolve(lost("unreachable", whyNot)),
    up(waitNs) {
      client?.close();
      client = connect();
      return client.ready(waitNs);
    },
    down,
    close: () => down("the world has ended"),
  };
}

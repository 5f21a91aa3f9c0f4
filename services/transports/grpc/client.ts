import type { Clock } from "../../abi/kit.ts";
import type { Transport } from "../../boundary/invocation.ts";
import { lost } from "../answers.ts";
import { FORGOTTEN_AFTER_NS } from "../in-flight.ts";
import type { TlsIdentity } from "../tls/identity.ts";
import { clientOptions } from "./channel.ts";
import { createConverter } from "./convert.ts";
import { dial } from "./dial.ts";
import { exchangeRoad } from "./exchange.ts";
import type { Protos } from "./load.ts";
import { unaryRoad } from "./unary.ts";

/** Whom to connect to, and how. */
export interface HouseClientOptions {
  /** `unix:/path`, `host:port` or `tls:host:port`. */
  readonly address: string;
  readonly clock: Clock;
  /** Who we are to peers on other hosts; it goes unused on this one. */
  readonly tls?: TlsIdentity | undefined;
  /** `auto`: the fast road where the peer knows it. `never`: unary calls only. */
  readonly exchange?: "auto" | "never";
  /** What `loadProtos()` gave. */
  readonly protos: Protos;
}

/** A connection to one house. */
export interface HouseClient {
  readonly transport: Transport;
  /** The road that calls take; `none` until the peer was heard of, and while the stream is down. */
  road(): "exchange" | "unary" | "none";
  /** Waits until the peer is connected, for so long at most. */
  ready(waitNs: number): Promise<boolean>;
  /** Ends the connection; what is in flight is lost. Idempotent. */
  close(): void;
}

/**
 * Connects to a house. The connection is made by the first call, or by `ready`, and made again when it broke, by the next
 * call after grpc-js's back-off. A peer that is not there, or an address that is none, is what calls are answered with.
 */
export function connectHouse(options: HouseClientOptions): HouseClient {
  const { address, clock, tls, exchange = "auto", protos } = options;
  const dialled = dial(
    address,
    tls,
    clientOptions(() => FORGOTTEN_AFTER_NS / 1e6),
  );
  if (!dialled.ok) {
    const answer = lost("unreachable", dialled.reason);
    return {
      transport: () => Promise.resolve(answer),
      road: () => "none",
      ready: () => Promise.resolve(false),
      close: () => undefined,
    };
  }
  const client = dialled.value;
  const converter = createConverter(protos);
  const unary = unaryRoad(client, converter);
  const fast = exchange === "auto" ? exchangeRoad({ client, converter, clock, unary: unary.transport }) : undefined;

  let closed = false;
  return {
    transport: (fast ?? unary).transport,
    road: () => fast?.state() ?? "unary",
    ready: (waitNs) =>
      new Promise((resolve) => {
        // grpc-js would wait for a channel that is closed.
        if (closed) {
          resolve(false);
          return;
        }
        const timer = clock.after(waitNs, () => resolve(false));
        client.waitForReady(Infinity, (error) => {
          timer.cancel();
          resolve(error === undefined);
        });
      }),
    close() {
      closed = true;
      fast?.close();
      unary.close();
      client.close();
    },
  };
}

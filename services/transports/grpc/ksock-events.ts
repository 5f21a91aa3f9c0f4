import { status, type ServerDuplexStream } from "@grpc/grpc-js";
import type { KernelSocketsEventsRequest, KernelSocketsEventsResponse } from "../../abi/contract.generated.ts";
import type { Road } from "../../ksock/road.ts";
import { lineOf } from "../answers.ts";
import type { Codec } from "./codec.ts";
import type { Leases, Owner } from "./ksock-leases.ts";
import { refusal } from "./status.ts";

/** How long to wait before something is asked again that was lost. */
const LOST_PAUSE_NS = 50_000_000;

type Bytes = ServerDuplexStream<Buffer, Buffer>;

/** What the streams of events need. */
export interface EventStreamParts {
  readonly codec: Codec;
  readonly leases: Leases;
  /** The sockets of a node; undefined: there is no such node. Another object: another kernel is there now. */
  readonly road: (node: string) => Promise<Road | undefined>;
}

/** Everybody who takes events. */
export interface EventStreams {
  open(stream: Bytes): void;
  /** Ends them all. */
  end(): void;
}

/** Events for whoever asks, one taker for each name. */
export function createEventStreams({ codec, leases, road }: EventStreamParts): EventStreams {
  /** Who takes the events of each stream, and how to take them from him. */
  const takers = new Map<string, (why: string) => void>();
  const all = new Set<Bytes>();

  function open(stream: Bytes): void {
    all.add(stream);
    let taker: { acknowledge(number: number): void } | undefined;
    let gone = false;
    const end: (() => void)[] = [() => all.delete(stream)];
    const leave = (): void => {
      gone = true;
      for (const work of end.splice(0)) work();
    };
    stream.on("error", leave);
    stream.on("close", leave);
    stream.on("cancelled", leave);
    stream.on("end", () => {
      leave();
      stream.end();
    });
    const refuse = (code: status, why: string): void => {
      leave();
      stream.emit("error", refusal(code, why));
    };

    stream.on("data", (bytes: Buffer) => {
      const decoded = codec.decode("KernelSocketsEventsRequest", bytes);
      if (!decoded.ok) {
        refuse(status.INVALID_ARGUMENT, decoded.reason);
        return;
      }
      const request = decoded.value.value as Partial<KernelSocketsEventsRequest> as KernelSocketsEventsRequest;
      if (taker !== undefined) {
        taker.acknowledge(request.number);
        return;
      }
      if (request.stream === "") {
        refuse(status.INVALID_ARGUMENT, "the first request names the stream; found none");
        return;
      }
      const owner: Owner = { node: request.node, stream: request.stream };
      const key = JSON.stringify([owner.node, owner.stream]);
      takers.get(key)?.(`another one takes the events of ${owner.stream} now`);
      const given = (why: string): void => refuse(status.ABORTED, why);
      takers.set(key, given);
      end.push(() => {
        if (takers.get(key) === given) takers.delete(key);
      }, leases.take(owner));
      taker = take(owner, request.number, {
        isGone: () => gone,
        refuse,
        write(event) {
          const encoded = codec.encode("KernelSocketsEventsResponse", event);
          if (encoded.ok) stream.write(encoded.value);
        },
      });
    });
  }

  /** Asks the kernel for the events of a stream, and hands them on, until nobody takes them. */
  function take(
    { node, stream }: Owner,
    upTo: number,
    to: {
      readonly isGone: () => boolean;
      readonly refuse: (code: status, why: string) => void;
      readonly write: (event: KernelSocketsEventsResponse) => void;
    },
  ): { acknowledge(number: number): void } {
    const have = new Set<number>();
    const found = road(node);

    /** Whether there was such an event. An acknowledgement may be here before the road is. */
    async function acknowledge(number: number): Promise<boolean> {
      const first = await found.catch(() => undefined);
      let reply = await first?.call("ksock_ack_event", { stream, number });
      while (first !== undefined && reply?.kind === "lost") {
        await first.sleepNs(LOST_PAUSE_NS);
        reply = await first.call("ksock_ack_event", { stream, number });
      }
      have.delete(number);
      return reply?.kind === "returned";
    }

    async function ask(): Promise<void> {
      const first = await found;
      if (first === undefined) {
        to.refuse(status.NOT_FOUND, `there is no node ${node}`);
        return;
      }
      // A number that this kernel has not given says nothing: it is another kernel's, and no event of this one is over by it.
      const over = upTo > 0 && (await acknowledge(upTo)) ? upTo : 0;
      while (!to.isGone()) {
        if ((await road(node)) !== first) {
          to.refuse(status.FAILED_PRECONDITION, "another kernel is there now: its sockets are others");
          return;
        }
        const reply = await first.call("ksock_next_event", { stream, have: [...have].join(",") });
        if (reply.kind !== "returned") {
          await first.sleepNs(LOST_PAUSE_NS);
          continue;
        }
        const { number } = reply.value;
        // What nobody takes any more is not acknowledged: it comes again.
        if (number === 0 || have.has(number) || to.isGone()) continue;
        have.add(number);
        if (number <= over) void acknowledge(number);
        else to.write(reply.value);
      }
    }

    ask().catch((error: unknown) => to.refuse(status.UNAVAILABLE, lineOf(error)));
    return { acknowledge: (number) => void acknowledge(number) };
  }

  return {
    open,
    end() {
      for (const stream of all) stream.end();
    },
  };
}

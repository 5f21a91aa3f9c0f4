import { Metadata, status, type Client, type ClientDuplexStream, type StatusObject } from "@grpc/grpc-js";
import type { KernelSocketsEventsResponse, PointArgs, PointValues } from "../../abi/contract.generated.ts";
import type { KsockPoint, KsockReply, Road } from "../../ksock/road.ts";
import type { Attempt } from "../answers.ts";
import { worked } from "../answers.ts";
import type { TlsIdentity } from "../tls/identity.ts";
import { bearer } from "../tls/token.ts";
import { asBytes, clientOptions } from "./channel.ts";
import { createCodec, type Codec } from "./codec.ts";
import { dial } from "./dial.ts";
import { KSOCK_SERVICE, LOST_WORDS, RPCS } from "./ksock-words.ts";
import { loadProtos } from "./load.ts";
import { endingInWords } from "./status.ts";
import { AUTHORIZATION } from "./token-guard.ts";

/** Of so many events that were acknowledged it is remembered, in case the acknowledgement was lost with its stream. */
const ACKNOWLEDGED_MAX = 1_024;

/** What a program needs to use the kernel sockets of a kernel that runs elsewhere. */
export interface KsockRoadOptions {
  /** The node whose sockets are meant; absent: the first one. */
  readonly node?: string;
  /**
   * Whose the sockets are: the name of the stream of events of this program, as in the options of `createKsock`. They are closed when the
   * program has been gone for a minute. Absent: they stay until they are closed.
   */
  readonly stream?: string;
  /** Who we are to a kernel on another host, and what we show there. */
  readonly tls?: TlsIdentity | undefined;
  readonly token?: string | undefined;
  /**
   * Is told in one line why a call was lost, which is EIO to who made it, or why events do not come: nothing runs there, there is no such
   * node, the kernel went away. What was lost is not made again; events are asked for again.
   */
  readonly onLost?: (why: string) => void;
  /** Waits, in this program's time. */
  readonly sleepNs: (ns: number) => Promise<void>;
}

/** A road that can be given up. */
export interface ClosableRoad extends Road {
  close(): void;
}

const RPC_OF: ReadonlyMap<string, string> = new Map(Object.entries(RPCS).map(([rpc, point]) => [point, rpc]));

/** The events of one stream of one program. */
interface EventTaker {
  /** Takes them from now on, also before anybody asks. */
  open(): void;
  /** Undefined: the stream broke; `taken`: somebody else takes them now. */
  next(): Promise<PointValues["ksock_next_event"] | "taken" | undefined>;
  acknowledge(number: number): void;
  close(): void;
}

/** What a stream of events is opened with. */
interface Opening {
  readonly metadata: Metadata;
  readonly node: string;
  readonly stream: string;
  /** Is told how a stream ended that nobody ended on purpose. @param heard whether anything had come on it. */
  readonly broken: (ending: StatusObject, heard: boolean) => void;
}

function takeEvents(client: Client, codec: Codec, { metadata, node, stream, broken }: Opening): EventTaker {
  const path = `/${KSOCK_SERVICE}/Events`;
  const came: KernelSocketsEventsResponse[] = [];
  const acknowledged = new Set<number>();
  let asking: ((event: KernelSocketsEventsResponse | "taken" | undefined) => void)[] = [];
  let open: ClientDuplexStream<Buffer, Buffer> | undefined;
  let isTaken = false;
  let closed = false;

  const write = (to: ClientDuplexStream<Buffer, Buffer>, request: object): void => {
    const encoded = codec.encode("KernelSocketsEventsRequest", request);
    if (encoded.ok) to.write(encoded.value);
  };

  function take(event: KernelSocketsEventsResponse): void {
    if (acknowledged.has(event.number)) {
      if (open !== undefined) write(open, { node: "", stream: "", number: event.number });
      return;
    }
    const asked = asking.shift();
    if (asked === undefined) came.push(event);
    else asked(event);
  }

  function dialStream(): ClientDuplexStream<Buffer, Buffer> {
    const opened = client.makeBidiStreamRequest(path, asBytes, asBytes, metadata);
    let heard = false;
    opened.on("error", () => undefined);
    opened.on("metadata", () => (heard = true));
    opened.on("data", (bytes: Buffer) => {
      const decoded = codec.decode("KernelSocketsEventsResponse", bytes);
      if (decoded.ok) take(decoded.value.value as Partial<KernelSocketsEventsResponse> as KernelSocketsEventsResponse);
    });
    opened.on("status", (ending: StatusObject) => {
      const { code } = ending;
      if (open === opened) open = undefined;
      // Another kernel counts its events anew.
      if (code === status.FAILED_PRECONDITION) acknowledged.clear();
      isTaken = code === status.ABORTED;
      if (!isTaken && !closed) broken(ending, heard);
      came.length = 0;
      const waiting = asking;
      asking = [];
      for (const asked of waiting) asked(isTaken ? "taken" : undefined);
    });
    write(opened, { node, stream, number: 0 });
    return opened;
  }

  return {
    open() {
      open ??= dialStream();
    },
    next() {
      if (isTaken) return Promise.resolve("taken");
      open ??= dialStream();
      const event = came.shift();
      return event === undefined ? new Promise((resolve) => asking.push(resolve)) : Promise.resolve(event);
    },
    acknowledge(number) {
      acknowledged.add(number);
      for (const old of acknowledged) {
        if (acknowledged.size <= ACKNOWLEDGED_MAX) break;
        acknowledged.delete(old);
      }
      if (open !== undefined) write(open, { node: "", stream: "", number });
    },
    close() {
      closed = true;
      open?.cancel();
    },
  };
}

/**
 * How a program reaches the kernel sockets of a running kernel: over its control address. A call takes as long as it takes.
 *
 * @returns why the address is none, in one line.
 */
export function connectKsock(address: string, options: KsockRoadOptions): Attempt<ClosableRoad> {
  const { node = "", stream: owner = "", tls, token, sleepNs, onLost = () => undefined } = options;
  const dialled = dial(
    address,
    tls,
    clientOptions(({ deadlineMs }) => deadlineMs),
  );
  if (!dialled.ok) return dialled;
  const client = dialled.value;
  const codec = createCodec(loadProtos());
  const metadata = new Metadata();
  if (token !== undefined) metadata.set(AUTHORIZATION, bearer(token));
  const takers = new Map<string, EventTaker>();
  const tell = (ending: Pick<StatusObject, "code" | "details">, heard: boolean): void =>
    onLost(
      ending.details.includes(LOST_WORDS)
        ? `${address}: ${ending.details}`
        : endingInWords({ address, hasToken: token !== undefined, heard }, ending),
    );
  const takerOf = (stream: string): EventTaker => {
    const taker = takers.get(stream) ?? takeEvents(client, codec, { metadata, node, stream, broken: tell });
    takers.set(stream, taker);
    return taker;
  };

  function unary(rpc: string, args: object): Promise<KsockReply> {
    return new Promise((settle) => {
      const request = codec.encode(`KernelSockets${rpc}Request`, { node, ...args });
      if (!request.ok) {
        onLost(request.reason);
        settle({ kind: "lost" });
        return;
      }
      const path = `/${KSOCK_SERVICE}/${rpc}`;
      client.makeUnaryRequest(path, asBytes, asBytes, request.value, metadata, (error, message) => {
        const decoded = message === undefined ? undefined : codec.decode(`KernelSockets${rpc}Response`, message);
        if (error !== null || decoded?.ok !== true) {
          if (error !== null) tell(error, false);
          else onLost(`${address}: the answer to ${rpc} cannot be read`);
          settle({ kind: "lost" });
          return;
        }
        const { error: number, errno, ...value } = decoded.value.value as { error: number; errno: string };
        if (number !== 0) settle({ kind: "refused", errno });
        // The service has asked again as often as the kernel wanted: nothing is left to ask.
        else settle({ kind: "returned", value: { again: false, until_ns: 0, ...value } as never });
      });
    });
  }

  async function answer(point: KsockPoint, args: object): Promise<KsockReply> {
    const rpc = RPC_OF.get(point);
    if (point === "ksock_socket" && owner !== "") {
      takerOf(owner).open();
      return unary("Socket", { ...args, stream: owner });
    }
    if (rpc !== undefined) return unary(rpc, args);
    const { stream, number } = args as PointArgs["ksock_ack_event"];
    const taker = takerOf(stream);
    if (point === "ksock_ack_event") {
      taker.acknowledge(number);
      return { kind: "returned", value: {} };
    }
    const event = await taker.next();
    if (event === "taken") return { kind: "refused", errno: "EBUSY" };
    return event === undefined ? { kind: "lost" } : { kind: "returned", value: event };
  }

  return worked({
    call: <P extends KsockPoint>(point: P, args: PointArgs[P]) => answer(point, args) as Promise<KsockReply<P>>,
    sleepNs,
    close() {
      for (const taker of takers.values()) taker.close();
      client.close();
    },
  });
}

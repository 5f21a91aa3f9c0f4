import { status, type sendUnaryData, type Server, type ServerDuplexStream, type ServerUnaryCall } from "@grpc/grpc-js";
import type { PointValues } from "../../abi/contract.generated.ts";
import type { Clock } from "../../abi/kit.ts";
import { errnoNumber } from "../../ksock/errno.ts";
import type { Road } from "../../ksock/road.ts";
import { lineOf } from "../answers.ts";
import { asBytes } from "./channel.ts";
import { createCodec } from "./codec.ts";
import { callToTheEnd } from "./ksock-calls.ts";
import { createEventStreams } from "./ksock-events.ts";
import { closeForNobody, createLeases } from "./ksock-leases.ts";
import { argsOf, KSOCK_SERVICE, LOST_WORDS, RPCS, valueOf, type KsockCall, type KsockRequest } from "./ksock-words.ts";
import type { Protos } from "./load.ts";
import { refusal } from "./status.ts";

/** The kernel sockets of a running kernel. */
export interface KsockService {
  /** How to reach those of a node; undefined: there is none of that name. The same object as long as the same kernel is there. */
  road(node: string): Promise<Road | undefined>;
  readonly clock: Clock;
}

type Call = ServerUnaryCall<Buffer, Buffer>;

/**
 * Adds the kernel sockets to a server: an rpc for each function, and the stream of events.
 *
 * @returns what ends the streams.
 */
export function serveKsock(server: Server, protos: Protos, service: KsockService): () => void {
  const codec = createCodec(protos);
  const leases = createLeases(service.clock, (node, ks) => {
    service.road(node).then(
      (road) => road && closeForNobody(road, ks),
      () => undefined,
    );
  });
  const streams = createEventStreams({ codec, leases, road: (node) => service.road(node) });

  /** Whose a socket is, after a call that worked. */
  function keepBooks(point: KsockCall, request: KsockRequest, value: PointValues[KsockCall]): void {
    const { node, ks = 0, stream = "" } = request;
    const { ks: made = 0, newks = 0 } = value as { readonly ks?: number; readonly newks?: number };
    if (point === "ksock_socket" && stream !== "") leases.own({ node, stream }, made);
    if (point === "ksock_accept") leases.inherit(node, ks, newks);
    if (point === "ksock_close") leases.forget(node, ks);
  }

  /** The answer of a call is nobody's: what it has made, or taken from a listener, is closed. */
  function discard(road: Road, point: KsockCall, request: KsockRequest, value: PointValues[KsockCall]): void {
    const { ks: made = 0, newks = 0 } = value as { readonly ks?: number; readonly newks?: number };
    if (point === "ksock_socket") void closeForNobody(road, made);
    else if (point === "ksock_accept") void closeForNobody(road, newks);
    else keepBooks(point, request, value);
  }

  async function answer(rpc: string, point: KsockCall, call: Call, reply: sendUnaryData<Buffer>): Promise<void> {
    const decoded = codec.decode(`KernelSockets${rpc}Request`, call.request);
    if (!decoded.ok) {
      reply(refusal(status.INVALID_ARGUMENT, decoded.reason));
      return;
    }
    const request = decoded.value.value as Partial<KsockRequest> as KsockRequest;
    const args = argsOf(point, request);
    if (!args.ok) {
      reply(refusal(status.INVALID_ARGUMENT, args.reason));
      return;
    }
    const road = await service.road(request.node);
    if (road === undefined) {
      reply(refusal(status.NOT_FOUND, `there is no node ${request.node}`));
      return;
    }
    const gone = new AbortController();
    call.on("cancelled", () => gone.abort());
    if (call.cancelled) gone.abort();
    const answered = await callToTheEnd(road, point, args.value, gone.signal);
    if (gone.signal.aborted) {
      if (answered?.kind === "returned") discard(road, point, request, answered.value);
      return;
    }
    if (answered === undefined || answered.kind === "lost") {
      reply(refusal(status.UNAVAILABLE, `the answer to ${point} ${LOST_WORDS}`));
      return;
    }
    if (answered.kind === "returned") keepBooks(point, request, answered.value);
    const told =
      answered.kind === "returned"
        ? { error: 0, errno: "", ...valueOf(answered.value) }
        : { error: errnoNumber(answered.errno), errno: answered.errno };
    const encoded = codec.encode(`KernelSockets${rpc}Response`, told);
    if (encoded.ok) reply(null, encoded.value);
    else reply(refusal(status.INTERNAL, encoded.reason));
  }

  for (const [rpc, point] of Object.entries(RPCS))
    server.register(
      `/${KSOCK_SERVICE}/${rpc}`,
      (call: Call, reply: sendUnaryData<Buffer>) => {
        answer(rpc, point, call, reply).catch((error: unknown) => reply(refusal(status.UNAVAILABLE, lineOf(error))));
      },
      asBytes,
      asBytes,
      "unary",
    );
  server.register(
    `/${KSOCK_SERVICE}/Events`,
    (stream: ServerDuplexStream<Buffer, Buffer>) => streams.open(stream),
    asBytes,
    asBytes,
    "bidi",
  );
  return () => {
    leases.stop();
    streams.end();
  };
}

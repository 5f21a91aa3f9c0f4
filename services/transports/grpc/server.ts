import { status, type Server, type ServerUnaryCall, type sendUnaryData } from "@grpc/grpc-js";
import type { PointName } from "../../abi/contract.generated.ts";
import type { Transport } from "../../boundary/invocation.ts";
import type { Attempt } from "../answers.ts";
import { asBytes, EXCHANGE_PATH, pathOf } from "./channel.ts";
import { createConverter, isPoint, withoutMessage, type Converter } from "./convert.ts";
import { serveExchange, type Replier } from "./exchange-server.ts";
import { listen, type Listening, type ListenOptions } from "./listen.ts";
import type { Protos } from "./load.ts";
import { refusal } from "./status.ts";
import { traceparentIn } from "./trace-metadata.ts";

/** What is served, and where. */
export interface HouseServerOptions extends ListenOptions {
  /** The points that are answered; every other method answers UNIMPLEMENTED. */
  readonly points: readonly PointName[];
  /** Answers them. */
  readonly serve: Transport;
  /** What `loadProtos()` gave. */
  readonly protos: Protos;
  /** `never` leaves the fast road out, as a core in another language may. */
  readonly exchange?: "auto" | "never";
  /** Registers what else the server has, and returns what ends it when the server begins to close. */
  readonly also?: ((server: Server) => () => void) | undefined;
}

/** Answers calls to these points, however they arrive. */
export function createReplier(converter: Converter, points: readonly PointName[], serve: Transport): Replier {
  const served = new Set<string>(points);
  return async (point, message, traceparent) => {
    if (!isPoint(point) || !served.has(point)) return withoutMessage("unimplemented", `nobody serves ${point} here`);
    const invocation = converter.decodeCall(point, message);
    if (!invocation.ok) return withoutMessage("rejected", invocation.reason);
    const call = invocation.value;
    return converter.encodeAnswer(point, await serve(traceparent === undefined ? call : { ...call, traceparent }));
  };
}

/** Registers the unary methods of these points. */
export function registerUnary(server: Server, points: readonly PointName[], reply: Replier): void {
  for (const point of points) {
    const handle = (call: ServerUnaryCall<Buffer, Buffer>, respond: sendUnaryData<Buffer>): void => {
      void reply(point, call.request, traceparentIn(call.metadata)).then(({ road, message, reason }) => {
        if (road === undefined) respond(null, message);
        else if (road === "rejected") respond(refusal(status.FAILED_PRECONDITION, reason));
        else if (road === "unreachable") respond(refusal(status.UNAVAILABLE, reason));
        else respond(refusal(status.UNIMPLEMENTED, reason));
      });
    };
    server.register(pathOf(point), handle, asBytes, asBytes, "unary");
  }
}

/**
 * Serves a house over gRPC: one unary method for each point, and Exchange, which carries all of them.
 *
 * @returns the server, or one line that says why it cannot listen there.
 */
export function serveHouse(options: HouseServerOptions): Promise<Attempt<Listening>> {
  const { points, serve, protos, exchange = "auto", also } = options;
  const converter = createConverter(protos);
  const reply = createReplier(converter, points, serve);

  return listen(options, (server) => {
    registerUnary(server, points, reply);
    const finishAlso = also?.(server);
    if (exchange === "never") return () => finishAlso?.();
    const streams = serveExchange(converter, reply, { turn: options.clock.turn?.bind(options.clock) });
    server.register(EXCHANGE_PATH, streams.handle, asBytes, asBytes, "bidi");
    return () => {
      streams.finish();
      finishAlso?.();
    };
  });
}

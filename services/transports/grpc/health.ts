import {
  status,
  type Server,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
} from "@grpc/grpc-js";
import { failed, worked, type Attempt } from "../answers.ts";
import { asBytes } from "./channel.ts";
import { refusal } from "./status.ts";
import { Reader, Writer } from "./wire.ts";

/* The standard health service, grpc.health.v1.Health. It is asked all day long in every process, so it brings no library. */

const CHECK_PATH = "/grpc.health.v1.Health/Check";
const WATCH_PATH = "/grpc.health.v1.Health/Watch";

const SERVING = 1;
const NOT_SERVING = 2;
const SERVICE_UNKNOWN = 3;

/** The health of a server and of each of its services, which are all as well as the server is. */
export interface Health {
  /** Says how the server is from now on; whoever watches is told. */
  serving(is: boolean): void;
  /** Ends the streams of those who watch. */
  finish(): void;
}

const LENGTH_DELIMITED = 2;

/** The name in a HealthCheckRequest: its field 1, and the server itself where there is none. */
function serviceIn(bytes: Buffer): Attempt<string> {
  const reader = new Reader(bytes);
  let service = "";
  while (reader.at < reader.end) {
    const tag = reader.unsigned();
    if (tag === 8 + LENGTH_DELIMITED) service = reader.string();
    else reader.skip(tag % 8);
  }
  return reader.problem === undefined ? worked(service) : failed(`the request cannot be read: ${reader.problem}`);
}

/** A HealthCheckResponse: its field 1 is the status. */
function response(is: number): Buffer {
  const writer = new Writer();
  writer.varint(8);
  writer.varint(is);
  const written = writer.finish();
  return written.ok ? written.value : Buffer.alloc(0);
}

/**
 * Adds the health service to a server.
 *
 * @param services the names of all services that the server has.
 */
export function registerHealth(server: Server, services: ReadonlySet<string>, isServing: boolean): Health {
  const watchers = new Set<{ readonly stream: ServerWritableStream<Buffer, Buffer>; readonly service: string }>();
  let current = isServing ? SERVING : NOT_SERVING;
  const isKnown = (service: string): boolean => service === "" || services.has(service);

  const check = (call: ServerUnaryCall<Buffer, Buffer>, respond: sendUnaryData<Buffer>): void => {
    const service = serviceIn(call.request);
    if (!service.ok) respond(refusal(status.INVALID_ARGUMENT, service.reason));
    else if (!isKnown(service.value)) respond(refusal(status.NOT_FOUND, `there is no service ${service.value} here`));
    else respond(null, response(current));
  };

  const watch = (stream: ServerWritableStream<Buffer, Buffer>): void => {
    const service = serviceIn(stream.request);
    if (!service.ok) {
      stream.emit("error", refusal(status.INVALID_ARGUMENT, service.reason));
      return;
    }
    const watcher = { stream, service: service.value };
    watchers.add(watcher);
    stream.on("close", () => watchers.delete(watcher));
    stream.write(response(isKnown(service.value) ? current : SERVICE_UNKNOWN));
  };

  server.register(CHECK_PATH, check, asBytes, asBytes, "unary");
  server.register(WATCH_PATH, watch, asBytes, asBytes, "serverStream");

  return {
    serving(is) {
      const next = is ? SERVING : NOT_SERVING;
      if (next === current) return;
      current = next;
      for (const { stream, service } of watchers) if (isKnown(service)) stream.write(response(current));
    },
    finish() {
      for (const { stream } of watchers) stream.end();
    },
  };
}

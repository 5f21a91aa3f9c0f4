import { Client, credentials, Metadata, Server, ServerCredentials } from "@grpc/grpc-js";
import { afterAll, afterEach, describe, expect, test } from "@jest/globals";
import type { TraceEvent } from "../../services/abi/event.ts";
import { ok } from "../../services/abi/result.ts";
import { parseTraceparent, spanIdOf, traceIdOf, traceparentOf } from "../../services/abi/traceparent.ts";
import { createReceiver } from "../../services/boundary/receiver.ts";
import { spansOf } from "../../services/telemetry/spans.ts";
import { asBytes, EXCHANGE_PATH, pathOf } from "../../services/transports/grpc/channel.ts";
import { connectHouse } from "../../services/transports/grpc/client.ts";
import { createConverter } from "../../services/transports/grpc/convert.ts";
import { loadProtos } from "../../services/transports/grpc/load.ts";
import { serveHouse } from "../../services/transports/grpc/server.ts";
import { testKit } from "../kit.ts";
import { WORLD } from "../telemetry/sketch.ts";
import { clock, socketFolder, writeCall } from "./support.ts";

const protos = loadProtos();
const converter = createConverter(protos);
const folder = socketFolder();
const closers: (() => unknown)[] = [];
let sockets = 0;
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
afterAll(folder.remove);

/** A server of anybody's, which notes the metadata that it gets and answers nothing of use. */
async function foreignServer(): Promise<{ readonly address: string; readonly seen: Metadata[] }> {
  const address = folder.address(`f${(sockets += 1)}`);
  const seen: Metadata[] = [];
  const server = new Server();
  server.register(
    pathOf("sys_write"),
    (call: { metadata: Metadata }, respond: (error: null, value: Buffer) => void) => {
      seen.push(call.metadata);
      respond(null, Buffer.alloc(0));
    },
    asBytes,
    asBytes,
    "unary",
  );
  server.register(
    EXCHANGE_PATH,
    (stream: { metadata: Metadata; end(): void }) => {
      seen.push(stream.metadata);
      stream.end();
    },
    asBytes,
    asBytes,
    "bidi",
  );
  await new Promise<void>((resolve) => server.bindAsync(address, ServerCredentials.createInsecure(), () => resolve()));
  closers.push(() => server.forceShutdown());
  return { address, seen };
}

describe("trace context on the wire", () => {
  test.each(["never", "auto"] as const)(
    "a call carries it where anybody can read it (exchange: %s)",
    async (exchange) => {
      const { address, seen } = await foreignServer();
      const client = connectHouse({ address, clock, protos, exchange });
      closers.push(client.close);
      const { origin, trace, span } = writeCall();
      await client.transport(writeCall());
      expect(seen.map((metadata) => metadata.get("traceparent"))).toEqual([[traceparentOf(origin, trace, span)]]);
      const context = parseTraceparent(traceparentOf(origin, trace, span));
      expect(context).toMatchObject({ traceId: traceIdOf(origin, trace), spanId: spanIdOf(span) });
    },
  );

  /** A house, and a caller in another language: it sends a header with no trace in it, and this metadata. */
  async function called(...headers: readonly string[]): Promise<readonly TraceEvent[]> {
    const kit = testKit("vfs");
    const serve = createReceiver({
      kit,
      house: "vfs",
      handlers: { sys_write: () => ok({ count: 3 }) },
      control: {},
      onBroken: () => undefined,
    });
    const address = folder.address(`h${(sockets += 1)}`);
    const server = await serveHouse({ addresses: [address], points: ["sys_write"], serve, clock, protos });
    if (!server.ok) throw new Error(server.reason);
    closers.push(() => server.value.close(0));
    const client = new Client(address, credentials.createInsecure());
    closers.push(() => client.close());
    const call = { ...writeCall(), locks: [], chain: [], trace: 0, span: 0, origin: 0 };
    const message = converter.encodeCall(call);
    if (!message.ok) throw new Error(message.reason);
    const metadata = new Metadata();
    for (const header of headers) metadata.add("traceparent", header);
    await new Promise<void>((resolve, reject) => {
      client.makeUnaryRequest(pathOf("sys_write"), asBytes, asBytes, message.value, metadata, (error) => {
        if (error === null) resolve();
        else reject(new Error(error.details));
      });
    });
    return kit.seen();
  }

  test("a caller that hands on what it got from us is in our trace", async () => {
    // The kit's world has the number 0.
    const events = await called(traceparentOf(0, 77, 78));
    expect(events.map(({ point, phase, trace, parent }) => `${point}.${phase} ${trace} ${parent}`)).toEqual([
      "sys_write.enter 77 78",
      "sys_write.exit 77 78",
    ]);
  });

  test("a caller with ids of its own is told of, and its trace id is that of the span", async () => {
    const header = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    const events = await called(header);
    expect(events.map(({ point, phase }) => `${point}.${phase}`)).toEqual([
      "sys_write.enter",
      "remote_parent.fact",
      "sys_write.exit",
    ]);
    expect(spansOf(events, WORLD)).toMatchObject([
      { traceId: "4bf92f3577b34da6a3ce929d0e0e4736", parentSpanId: "00f067aa0ba902b7", kind: "server" },
    ]);
  });

  test.each([[["nonsense"]], [[traceparentOf(0, 1, 2), traceparentOf(0, 3, 4)]], [[]]])(
    "what is none is left alone: %j",
    async (headers) => {
      const events = await called(...headers);
      expect(events.map(({ point }) => point)).toEqual(["sys_write", "sys_write"]);
      expect(events[0]?.parent).toBe(0);
      expect(events[0]?.trace).toBe(events[0]?.span);
    },
  );
});

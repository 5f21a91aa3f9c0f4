import {
  Client,
  credentials,
  Metadata,
  Server,
  ServerCredentials,
  status,
  type ServerDuplexStream,
} from "@grpc/grpc-js";
import { afterAll, afterEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { asBytes, EXCHANGE_PATH } from "../../services/transports/grpc/channel.ts";
import { connectHouse, type HouseClient } from "../../services/transports/grpc/client.ts";
import { createConverter, type WireAnswer } from "../../services/transports/grpc/convert.ts";
import { CREDIT_WINDOW } from "../../services/transports/grpc/exchange-server.ts";
import { createFrameWriter } from "../../services/transports/grpc/frame-writer.ts";
import { loadProtos } from "../../services/transports/grpc/load.ts";
import { serveHouse } from "../../services/transports/grpc/server.ts";
import { clock, latch, socketFolder, writeCall, wrote } from "./support.ts";

const protos = loadProtos();
const converter = createConverter(protos);
const folder = socketFolder();
let sockets = 0;
const newAddress = (): string => folder.address(`c${(sockets += 1)}`);
const closers: (() => unknown)[] = [];
async function closeAll(): Promise<void> {
  for (const close of closers.splice(0).reverse()) await close();
}
afterEach(closeAll);
afterAll(folder.remove);

const good = (correlation: number): WireAnswer => ({ correlation, ...converter.encodeAnswer("sys_write", wrote(1)) });

type Peer = (stream: ServerDuplexStream<Buffer, Buffer>, correlations: readonly number[]) => void;

/** A receiver that is not ours: `opened` when a stream begins, `peer` for each frame of calls. */
async function receiver(peer: Peer, opened?: (stream: ServerDuplexStream<Buffer, Buffer>) => void): Promise<string> {
  const address = newAddress();
  const server = new Server();
  const handle = (stream: ServerDuplexStream<Buffer, Buffer>): void => {
    stream.sendMetadata(new Metadata());
    opened?.(stream);
    stream.on("error", () => undefined);
    stream.on("data", (frame: Buffer) => {
      const calls = converter.decodeCalls(frame);
      if (!calls.ok) throw new Error(calls.reason);
      peer(
        stream,
        calls.value.map(({ correlation }) => correlation),
      );
    });
  };
  server.register(EXCHANGE_PATH, handle, asBytes, asBytes, "bidi");
  await new Promise<void>((resolve) => server.bindAsync(address, ServerCredentials.createInsecure(), () => resolve()));
  closers.push(() => server.forceShutdown());
  return address;
}

function connect(address: string): HouseClient {
  const client = connectHouse({ address, clock, protos });
  closers.push(client.close);
  return client;
}

const calls = (client: HouseClient, count: number) =>
  Promise.all(Array.from({ length: count }, (_, id) => client.transport(writeCall({}, id + 1))));

describe("credits", () => {
  test("whatever a peer grants, it never gets more than that, and every call is answered in the end", async () => {
    const steps = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 256, max: 300 }),
        steps,
        fc.integer({ min: 1, max: 900 }),
        async (first, windows, count) => {
          let received = 0;
          let answered = 0;
          let granted = first;
          let frames = 0;
          const excess: number[] = [];
          const address = await receiver(
            (stream, correlations) => {
              received += correlations.length;
              if (received > granted) excess.push(received - granted);
              answered += correlations.length;
              const window = windows[(frames += 1) % windows.length] ?? 1;
              // Never less than was granted before: also a peer that says so is taken at its first word.
              granted = Math.max(granted, answered + window);
              stream.write(converter.encodeAnswers({ answers: correlations.map(good), credit: answered + window }));
            },
            (stream) => stream.write(converter.encodeAnswers({ answers: [], credit: first })),
          );
          const answers = await calls(connect(address), count);
          expect(answers.every(({ kind }) => kind === "returned")).toBe(true);
          expect({ received, excess }).toEqual({ received: count, excess: [] });
          await closeAll();
        },
      ),
      { numRuns: 15 },
    );
  });

  test("a peer that says nothing of credits gets 256 calls before its first answer, and then all the others", async () => {
    let received = 0;
    const waiting: number[] = [];
    const first = latch();
    const go = latch();
    const address = await receiver((stream, correlations) => {
      received += correlations.length;
      if (received < 256) waiting.push(...correlations);
      else if (received === 256) {
        waiting.push(...correlations);
        first.open();
        void go.promise.then(() => stream.write(converter.encodeAnswers({ answers: waiting.map(good), credit: 0 })));
      } else stream.write(converter.encodeAnswers({ answers: correlations.map(good), credit: 0 }));
    });
    const pending = calls(connect(address), 5000);
    await first.promise;
    await clock.sleepNs(20e6);
    expect(received).toBe(256);
    go.open();
    expect((await pending).every(({ kind }) => kind === "returned")).toBe(true);
    expect(received).toBe(5000);
  });

  test("a house has only so many calls of a stream in progress; the others wait at the caller, and are answered", async () => {
    let inProgress = 0;
    let most = 0;
    const full = latch();
    const release = latch();
    const address = newAddress();
    const server = await serveHouse({
      addresses: [address],
      points: ["sys_write"],
      clock,
      protos,
      serve: async ({ id }) => {
        most = Math.max(most, (inProgress += 1));
        if (inProgress === CREDIT_WINDOW) full.open();
        await release.promise;
        inProgress -= 1;
        return wrote(id);
      },
    });
    if (!server.ok) throw new Error(server.reason);
    closers.push(() => server.value.close(0));
    const pending = calls(connect(address), 3 * CREDIT_WINDOW);
    await full.promise;
    await clock.sleepNs(20e6);
    expect(most).toBe(CREDIT_WINDOW);
    release.open();
    expect((await pending).every(({ kind }) => kind === "returned")).toBe(true);
  }, 60_000);

  test("a caller that sends more than was granted ends its stream with RESOURCE_EXHAUSTED, and the house goes on", async () => {
    let served = 0;
    const address = newAddress();
    const server = await serveHouse({
      addresses: [address],
      points: ["sys_write"],
      clock,
      protos,
      serve: async () => wrote((served += 1)),
    });
    if (!server.ok) throw new Error(server.reason);
    closers.push(() => server.value.close(0));
    const greedy = new Client(address, credentials.createInsecure());
    closers.push(() => greedy.close());
    const stream = greedy.makeBidiStreamRequest(EXCHANGE_PATH, asBytes, asBytes);
    const ended = latch<{ readonly code: status; readonly details: string }>();
    stream.on("error", () => undefined).on("status", ended.open);
    stream.resume();
    const message = converter.encodeCall(writeCall());
    if (!message.ok) throw new Error(message.reason);
    const many = Array.from({ length: CREDIT_WINDOW + 1 }, (_, i) => ({
      correlation: i + 1,
      point: "sys_write",
      message: message.value,
    }));
    stream.write(converter.encodeCalls(many));
    expect(await ended.promise).toMatchObject({
      code: status.RESOURCE_EXHAUSTED,
      details: `${CREDIT_WINDOW + 1} calls came, and no more than ${CREDIT_WINDOW} were granted`,
    });
    expect(served).toBe(0);
    expect(await connect(address).transport(writeCall())).toMatchObject({ kind: "returned" });
  });

  test("a writer keeps order and bounds, whatever happens in which order", async () => {
    const action = fc.oneof(
      fc.record({ t: fc.constant("push" as const), bytes: fc.integer({ min: 0, max: 40_000 }) }),
      fc.record({ t: fc.constant("allow" as const), more: fc.integer({ min: 0, max: 5 }) }),
      fc.record({ t: fc.constant("drain" as const) }),
      fc.record({ t: fc.constant("turn" as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 80 }), fc.infiniteStream(fc.boolean()), async (actions, takes) => {
        let allowance = 0;
        let blocked = false;
        const written: number[] = [];
        const writer = createFrameWriter<{ readonly n: number; readonly message: Buffer }>(
          (items) => {
            expect(blocked).toBe(false);
            expect(items.length).toBeGreaterThan(0);
            expect(items.length).toBeLessThanOrEqual(allowance);
            allowance -= items.length;
            written.push(...items.map(({ n }) => n));
            const more = takes.next().value === true;
            blocked = !more;
            return more;
          },
          () => allowance,
        );
        let pushed = 0;
        for (const one of actions) {
          if (one.t === "push") writer.push({ n: (pushed += 1), message: Buffer.alloc(one.bytes) });
          else if (one.t === "turn") await Promise.resolve();
          else if (one.t === "allow") {
            allowance += one.more;
            writer.allowed();
          } else {
            blocked = false;
            writer.drained();
          }
          expect(writer.waiting).toBe(pushed - written.length);
        }
        allowance = Infinity;
        await Promise.resolve();
        while (writer.waiting > 0) {
          blocked = false;
          writer.drained();
        }
        expect(written).toEqual(Array.from({ length: pushed }, (_, i) => i + 1));
      }),
      { numRuns: 200 },
    );
  });
});

describe("a house that drains", () => {
  test("answers what is in progress, acts on nothing new, and the late ones hear that it is unreachable", async () => {
    const seen: number[] = [];
    const arrived = latch();
    const held = latch();
    const address = newAddress();
    const server = await serveHouse({
      addresses: [address],
      points: ["sys_write"],
      clock: { ...clock, after: () => ({ cancel: () => undefined }) },
      protos,
      serve: async ({ id }) => {
        seen.push(id);
        arrived.open();
        await held.promise;
        return wrote(id);
      },
    });
    if (!server.ok) throw new Error(server.reason);
    const client = connect(address);
    const early = client.transport(writeCall({}, 1));
    await arrived.promise;
    const closed = server.value.close(5e9);
    const late = client.transport(writeCall({}, 2));
    // A frame of calls is on its way to the house for longer than a turn of the loop.
    await clock.sleepNs(20e6);
    held.open();
    expect(await early).toEqual(wrote(1));
    expect(await late).toMatchObject({
      kind: "lost",
      why: "unreachable",
      reason: "UNAVAILABLE: the peer is closing",
    });
    await closed;
    expect(seen).toEqual([1]);
  });
});

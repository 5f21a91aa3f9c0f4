import { createServer as createHttp2Server } from "node:http2";
import { createServer } from "node:net";
import { afterAll, afterEach, describe, expect, test } from "@jest/globals";
import { Client, credentials, Server, ServerCredentials, status, type ServerDuplexStream } from "@grpc/grpc-js";
import { asBytes, EXCHANGE_PATH, pathOf } from "../../services/transports/grpc/channel.ts";
import { connectHouse } from "../../services/transports/grpc/client.ts";
import { createCodec } from "../../services/transports/grpc/codec.ts";
import { createConverter, answered, type WireAnswer } from "../../services/transports/grpc/convert.ts";
import { loadProtos } from "../../services/transports/grpc/load.ts";
import { serveHouse } from "../../services/transports/grpc/server.ts";
import { clock, latch, socketFolder, writeCall, wrote } from "./support.ts";

const protos = loadProtos();
const converter = createConverter(protos);
const codec = createCodec(protos);
const encoded = (message: string, value: object, header?: object): Buffer => {
  const bytes = codec.encode(message, value, header);
  if (!bytes.ok) throw new Error(bytes.reason);
  return bytes.value;
};

type Stream = ServerDuplexStream<Buffer, Buffer>;
/** What a peer does with the calls of one frame. */
type Peer = (stream: Stream, correlations: readonly number[], points: readonly string[]) => void;

describe("a peer that does not behave", () => {
  const folder = socketFolder();
  const closers: (() => unknown)[] = [];
  let sockets = 0;
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });
  afterAll(folder.remove);

  /** A hand-made server with nothing of ours in it but the reading of frames. */
  async function misbehaving(peer: Peer): Promise<string> {
    const address = folder.address(`g${(sockets += 1)}`);
    const server = new Server();
    const handle = (stream: Stream): void => {
      stream.on("error", () => undefined);
      stream.on("data", (frame: Buffer) => {
        const calls = converter.decodeCalls(frame);
        if (!calls.ok) throw new Error(calls.reason);
        peer(
          stream,
          calls.value.map(({ correlation }) => correlation),
          calls.value.map(({ point }) => point),
        );
      });
    };
    server.register(EXCHANGE_PATH, handle, asBytes, asBytes, "bidi");
    await new Promise<void>((resolve) =>
      server.bindAsync(address, ServerCredentials.createInsecure(), () => resolve()),
    );
    closers.push(() => server.forceShutdown());
    return address;
  }

  function connect(address: string, exchange: "auto" | "never" = "auto") {
    const client = connectHouse({ address, clock, protos, exchange });
    closers.push(client.close);
    return client;
  }

  const frameOf = (...answers: WireAnswer[]): Buffer => converter.encodeAnswers({ answers, credit: 0 });
  const good = (correlation: number): WireAnswer => ({ correlation, ...converter.encodeAnswer("sys_write", wrote(1)) });

  test("bytes that are no frame lose everything in flight as garbled, and the next call opens a new stream", async () => {
    let frames = 0;
    const address = await misbehaving((stream, correlations) => {
      frames += 1;
      if (frames === 1) stream.write(Buffer.from("not a frame at all, but a sentence"));
      else stream.write(frameOf(...correlations.map(good)));
    });
    const { transport } = connect(address);
    const lost = await Promise.all([transport(writeCall()), transport(writeCall())]);
    for (const answer of lost) {
      expect(answer).toMatchObject({ kind: "lost", why: "garbled" });
      expect((answer as { reason: string }).reason).toMatch(/^a frame of answers cannot be read: /);
    }
    expect(await transport(writeCall())).toEqual(wrote(1));
  });

  test("an answer to a call that was never made makes all of them doubtful", async () => {
    let frames = 0;
    const address = await misbehaving((stream, correlations) => {
      frames += 1;
      stream.write(frameOf(...(frames === 1 ? [good(999)] : correlations.map(good))));
    });
    const { transport } = connect(address);
    const lost = await Promise.all([transport(writeCall()), transport(writeCall())]);
    for (const answer of lost)
      expect(answer).toEqual({
        kind: "lost",
        why: "garbled",
        reason: "the peer answered call 999, which was never made",
        lamport: 0,
      });
    expect(await transport(writeCall())).toEqual(wrote(1));
  });

  test("a second answer to the same call is dropped", async () => {
    const address = await misbehaving((stream, correlations) => {
      stream.write(frameOf(...correlations.map(good), ...correlations.map(good)));
    });
    const { transport } = connect(address);
    expect(await transport(writeCall())).toEqual(wrote(1));
    expect(await transport(writeCall())).toEqual(wrote(1));
  });

  test("an answer that cannot be read loses its own call only", async () => {
    const broken: readonly (readonly [Buffer, RegExp])[] = [
      [Buffer.from([0x0a, 0x7f, 1]), /it ends in the middle of a field$/],
      [encoded("ReadResponse", { data: new Uint8Array(9) }), /count has the wire type 2, which is not that of uint32$/],
      [encoded("WriteResponse", { count: 1 }).fill(0x80, 1), /it ends in the middle of a number$/],
      [Buffer.from([0x0a, 3, 0x08, 0xe7, 0x07]), /errno is 999, which names no Errno$/],
    ];
    let turn = 0;
    const address = await misbehaving((stream, correlations) => {
      const message = broken[turn]?.[0] ?? Buffer.alloc(0);
      stream.write(
        frameOf(...correlations.map((c, i) => (i === 0 ? { correlation: c, ...answered(message) } : good(c)))),
      );
    });
    const { transport } = connect(address);
    for (const [, reason] of broken) {
      const [bad, fine] = await Promise.all([transport(writeCall()), transport(writeCall())]);
      expect(bad).toMatchObject({ kind: "lost", why: "garbled" });
      expect((bad as { reason: string }).reason).toMatch(reason);
      expect(fine).toEqual(wrote(1));
      turn += 1;
    }
  });

  test("a core that fills in no header said yes, and keeps no Lamport clock", async () => {
    const address = await misbehaving((stream, correlations) => {
      stream.write(frameOf(...correlations.map((correlation) => ({ correlation, ...answered(Buffer.alloc(0)) }))));
    });
    expect(await connect(address).transport(writeCall())).toEqual(wrote(0, 0));
  });

  test("a peer that ends the stream loses what is in flight, with its reason", async () => {
    let frames = 0;
    const address = await misbehaving((stream) => {
      frames += 1;
      if (frames === 1) stream.end();
      else stream.emit("error", { code: status.INTERNAL, details: "something\nbroke" });
    });
    const { transport } = connect(address);
    expect(await transport(writeCall())).toMatchObject({ why: "unreachable", reason: "the peer ended the stream" });
    expect(await transport(writeCall())).toMatchObject({ why: "unreachable", reason: "INTERNAL: something broke" });
  });

  test("a peer that knew Exchange and then says UNIMPLEMENTED has seen the calls, so they are not repeated", async () => {
    let frames = 0;
    const address = await misbehaving((stream, correlations) => {
      frames += 1;
      if (frames === 1) stream.write(frameOf(...correlations.map(good)));
      else stream.emit("error", { code: status.UNIMPLEMENTED, details: "not any more" });
    });
    const client = connect(address);
    await client.transport(writeCall());
    expect(await client.transport(writeCall())).toMatchObject({ kind: "lost", why: "unreachable" });
    expect(client.road()).not.toBe("unary");
  });

  test("something that does not speak HTTP/2 is not there for us", async () => {
    const address = folder.address("text");
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.end("HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    await new Promise<void>((resolve) => server.listen(address.slice("unix:".length), resolve));
    closers.push(() => server.close());
    for (const exchange of ["auto", "never"] as const)
      expect(await connect(address, exchange).transport(writeCall())).toMatchObject({
        kind: "lost",
        why: "unreachable",
      });
  });

  test("a web server that answers 404 is no core that leaves a hook out", async () => {
    const address = folder.address("web");
    const server = createHttp2Server();
    server.on("stream", (stream) => {
      stream.respond({ ":status": 404, "content-type": "text/html" });
      stream.end("<p>no</p>");
    });
    await new Promise<void>((resolve) => server.listen(address.slice("unix:".length), resolve));
    closers.push(() => server.close());
    for (const exchange of ["auto", "never"] as const) {
      const client = connect(address, exchange);
      const answer = await client.transport(writeCall());
      client.close();
      expect(answer).toMatchObject({
        why: "garbled",
        reason: "the peer does not speak gRPC: Received HTTP status code 404",
      });
    }
  });
});

describe("a caller that does not behave", () => {
  const folder = socketFolder();
  afterAll(folder.remove);

  /** A house of ours, and a bare client of it. */
  async function house() {
    const address = folder.address("house");
    let served = 0;
    const serve = async () => wrote((served += 1));
    const server = await serveHouse({ addresses: [address], points: ["sys_write"], serve, clock, protos });
    if (!server.ok) throw new Error(server.reason);
    const client = new Client(address, credentials.createInsecure());
    return {
      client,
      served: () => served,
      async close() {
        client.close();
        await server.value.close(0);
      },
    };
  }

  test("calls that break the contract are rejected one by one, and the stream goes on", async () => {
    const { client, served, close } = await house();
    const stream = client.makeBidiStreamRequest(EXCHANGE_PATH, asBytes, asBytes);
    stream.on("error", () => undefined);
    const got = latch<undefined>();
    const answers: WireAnswer[] = [];
    stream.on("data", (frame: Buffer) => {
      const some = converter.decodeAnswers(frame);
      if (some.ok) answers.push(...some.value.answers);
      if (answers.length === calls.length) got.open(undefined);
    });
    const header = { ...writeCall(), from: "task", stage: "inband" };
    const message = encoded("WriteRequest", { fd: 1, data: new Uint8Array(1) }, header);
    const strange = encoded("WriteRequest", {}, { ...header, chain: ["sys_write", "sys_teleport"] });
    const calls = [
      { correlation: 7, point: "sys_write", message },
      { correlation: 8, point: "sys_write", message: encoded("WriteRequest", {}) },
      { correlation: 9, point: "sys_write", message: encoded("WriteRequest", {}, { ...header, stage: undefined }) },
      { correlation: 10, point: "sys_write", message: strange },
      { correlation: 11, point: "sys_write", message: Buffer.from([0xff]) },
      { correlation: 12, point: "sys_read", message },
      { correlation: 13, point: "no_such_point", message },
    ];
    stream.write(converter.encodeCalls(calls));
    await got.promise;
    const said = answers.map(({ correlation, road, reason }) => [correlation, road, reason]);
    expect(said.toSorted(([a], [b]) => Number(a) - Number(b))).toEqual([
      [7, undefined, ""],
      [8, "rejected", "the call sys_write: its header names no calling house"],
      [9, "rejected", "the call sys_write: its header names no stage"],
      [10, "rejected", "the call sys_write: its chain names an unknown point (sys_write, sys_teleport)"],
      [11, "rejected", "the call sys_write cannot be read: it ends in the middle of a number"],
      [12, "unimplemented", "nobody serves sys_read here"],
      [13, "unimplemented", "nobody serves no_such_point here"],
    ]);
    expect(served()).toBe(1);
    stream.cancel();
    await close();
  });

  test("bytes that are no frame end the stream with DATA_LOSS", async () => {
    const { client, close } = await house();
    const stream = client.makeBidiStreamRequest(EXCHANGE_PATH, asBytes, asBytes);
    const ended = latch<{ readonly code: status; readonly details: string }>();
    stream.on("error", () => undefined);
    stream.on("status", ended.open);
    stream.resume();
    stream.write(Buffer.from("hello"));
    const { code, details } = await ended.promise;
    expect(code).toBe(status.DATA_LOSS);
    expect(details).toMatch(/^a frame of calls cannot be read: /);
    await close();
  });

  test("a unary call without a header fails its precondition, in words that survive any text", async () => {
    const { client, close } = await house();
    const refusal = await new Promise((resolve) =>
      client.makeUnaryRequest(pathOf("sys_write"), asBytes, asBytes, Buffer.alloc(0), resolve),
    );
    expect(refusal).toMatchObject({
      code: status.FAILED_PRECONDITION,
      details: "the call sys_write: its header names no calling house",
    });
    await close();
  });
});

import { once } from "node:events";
import { MessageChannel, Worker, type MessagePort } from "node:worker_threads";
import { afterEach, describe, expect, test } from "@jest/globals";
import type { Answer, Invocation } from "../../services/boundary/invocation.ts";
import { connectPort } from "../../services/transports/worker.ts";
import { latch, writeCall, wrote } from "./support.ts";

const ports: MessagePort[] = [];
function channel(): MessageChannel {
  const made = new MessageChannel();
  ports.push(made.port1);
  return made;
}
afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

describe("a message port between two threads", () => {
  test("a thread answers, and what is in flight when it exits is lost", async () => {
    const { port1, port2 } = channel();
    const worker = new Worker(new URL("./echo-worker.js", import.meta.url), {
      workerData: { port: port2 },
      transferList: [port2],
    });
    const { transport, inFlight } = connectPort(port1);
    expect(await transport(writeCall({ data: new Uint8Array(5) }))).toEqual(wrote(5));
    const pending = transport(writeCall({ fd: 666 }));
    expect(inFlight()).toBe(1);
    expect(await pending).toMatchObject({ kind: "lost", why: "unreachable" });
    expect(inFlight()).toBe(0);
    if (worker.threadId !== -1) await once(worker, "exit");
  });

  test("calls that are made together travel together, and so do their answers", async () => {
    const { port1, port2 } = channel();
    const packets: unknown[][] = [];
    port1.on("message", (packet: unknown[]) => packets.push(packet));
    const near = connectPort(port1);
    const seen: unknown[][] = [];
    port2.on("message", (packet: unknown[]) => seen.push(packet));
    connectPort(port2, { serve: async ({ id }) => wrote(id) });
    await Promise.all(Array.from({ length: 64 }, (_, id) => near.transport(writeCall({}, id))));
    // The first few go ahead, so that the other thread can begin.
    expect(seen.map((packet) => packet.length)).toEqual([4, 8, 16, 32, 4]);
    expect(packets.length).toBeLessThan(16);
    expect(packets.flat()).toHaveLength(64);
  });

  test("either end may call the other at the same time", async () => {
    const { port1, port2 } = channel();
    const near = connectPort(port1, { serve: async () => wrote(1) });
    const far = connectPort(port2, { serve: async () => wrote(2) });
    expect(await Promise.all([near.transport(writeCall()), far.transport(writeCall())])).toEqual([wrote(2), wrote(1)]);
  });

  test("an end that serves nothing leaves every point unserved", async () => {
    const { port1, port2 } = channel();
    connectPort(port2);
    const { transport } = connectPort(port1);
    expect(await transport(writeCall())).toEqual({ kind: "unserved", lamport: 0 });
  });

  test("a call that cannot be cloned is rejected and takes no other along; so is an answer", async () => {
    const { port1, port2 } = channel();
    const notData = { count: () => 1 } as unknown as { count: number };
    connectPort(port2, {
      serve: async ({ id }): Promise<Answer> =>
        id === 9 ? { kind: "returned", value: notData, lamport: 1 } : wrote(id),
    });
    const { transport, inFlight } = connectPort(port1);
    const args = { fd: (() => 3) as unknown as number };
    const answers = await Promise.all([1, 2, 9].map((id) => transport(writeCall(id === 2 ? args : {}, id))));
    expect(answers[0]).toEqual(wrote(1));
    expect(answers[1]).toMatchObject({ kind: "lost", why: "rejected" });
    expect((answers[1] as { reason: string }).reason).toMatch(/^the call: it cannot be copied to another thread: /);
    expect(answers[2]).toMatchObject({ kind: "lost", why: "rejected" });
    expect((answers[2] as { reason: string }).reason).toMatch(/^the answer: it cannot be copied to another thread: /);
    expect(inFlight()).toBe(0);
  });

  test("bytes that are a window on a large buffer do not bring the buffer along", async () => {
    const { port1, port2 } = channel();
    const sizes: number[] = [];
    connectPort(port2, {
      serve: async (call) => {
        sizes.push((call as Invocation<"sys_write">).args.data.buffer.byteLength);
        return { kind: "returned", value: { data: new Uint8Array(1 << 16).subarray(5, 9) }, lamport: 1 };
      },
    });
    const { transport } = connectPort(port1);
    const answer = await transport(writeCall({ data: new Uint8Array(1 << 16).subarray(1, 4) }));
    sizes.push((answer as { value: { data: Uint8Array } }).value.data.buffer.byteLength);
    expect(sizes).toEqual([3, 4]);
  });

  test("what is no letter is dropped, what is no call is rejected, and the port goes on", async () => {
    const { port1, port2 } = channel();
    connectPort(port2, { serve: async () => wrote(1) });
    const answers: unknown[] = [];
    const got = latch();
    port1.on("message", (packet: unknown[]) => {
      answers.push(...packet);
      if (answers.length >= 4) got.open();
    });
    const strange = [null, 7, "call", ["call"], ["call", "1", {}], ["shout", 1, {}], ["answer", 5, wrote(1)]];
    for (const packet of [null, "hello", 12, {}, strange]) port1.postMessage(packet);
    const calls = [undefined, { point: "no_such_point", args: {} }, { ...writeCall(), args: null }, writeCall()];
    port1.postMessage(calls.map((call, i) => ["call", i, call]));
    await got.promise;
    const rejected = {
      kind: "lost",
      why: "rejected",
      reason: "what arrived is not a call of the contract",
      lamport: 0,
    };
    expect(answers).toEqual([
      ["answer", 0, rejected],
      ["answer", 1, rejected],
      ["answer", 2, rejected],
      ["answer", 3, wrote(1)],
    ]);
  });

  test("an answer that is none loses its own call as garbled; one that nobody waits for is dropped", async () => {
    const { port1, port2 } = channel();
    port2.on("message", (packet: unknown[]) => {
      const answers = [undefined, { kind: "maybe" }, { kind: "returned", lamport: 1 }, { kind: "refused" }, wrote(4)];
      const letters = packet as [string, number][];
      port2.postMessage([...letters.map(([, id]) => ["answer", id, answers[id - 1]]), ["answer", 99, wrote(1)]]);
    });
    const { transport } = connectPort(port1);
    const answers = await Promise.all([1, 2, 3, 4, 5].map((id) => transport(writeCall({}, id))));
    expect(answers.map((answer) => (answer.kind === "lost" ? answer.why : answer.kind))).toEqual([
      "garbled",
      "garbled",
      "garbled",
      "garbled",
      "returned",
    ]);
  });
});

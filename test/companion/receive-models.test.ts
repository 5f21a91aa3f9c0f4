import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { outermost } from "../../services/abi/context.ts";
import { EVL_SOF } from "../../services/abi/flags.ts";
import { fail, ok } from "../../services/abi/result.ts";
import { DomainRegistry, type Domain } from "../../services/companion/model/domain-registry.ts";
import { MessageQueue } from "../../services/companion/model/message-queue.ts";
import { RxBuffer } from "../../services/companion/model/rx-buffer.ts";
import { encodeTimes, Timestamps, TX_RECORDS_MAX } from "../../services/companion/model/timestamps.ts";
import { parseStruct } from "../../services/lab/load/struct-text.ts";

const SEED = 20_261_123;
const HERE = outermost("", 0, "oob");
const message = (length: number) => ({ data: new Uint8Array(length), addr: new Uint8Array(0) });

describe("the queue of a socket", () => {
  test("serves readers by priority, and those of one priority in the order in which they came", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3), { maxLength: 20 }), (priorities) => {
        const queue = new MessageQueue<number>(1000);
        for (const [at, priority] of priorities.entries()) queue.wait(at, priority);
        const served = priorities.map(() => {
          const pushed = queue.push(message(1));
          return pushed.t === "served" ? pushed.reader : -1;
        });
        const expected = [...priorities.keys()].sort((a, b) => (priorities[b] ?? 0) - (priorities[a] ?? 0) || a - b);
        expect(served).toEqual(expected);
        expect(queue.hasInput).toBe(false);
      }),
      { seed: SEED },
    );
  });

  test("has room while less than the limit is charged, so that the last message overshoots, and one only", () => {
    fc.assert(
      fc.property(fc.nat(5000), fc.array(fc.nat(2000), { maxLength: 30 }), (limit, lengths) => {
        const queue = new MessageQueue<never>(limit);
        let charged = 0;
        for (const length of lengths) {
          const fits = charged < limit;
          expect(queue.push(message(length)).t).toBe(fits ? "queued" : "no_room");
          if (fits) charged += length + 256;
        }
        for (const length of lengths) {
          const taken = queue.take();
          if (taken === undefined) break;
          expect(taken.data.length).toBe(length);
          if (lengths.indexOf(length) !== lengths.lastIndexOf(length)) break;
        }
      }),
      { seed: SEED },
    );
  });

  test("keeps what waits when its limit shrinks, and takes no more", () => {
    const queue = new MessageQueue<never>(1000);
    queue.push(message(500));
    queue.limit = 100;
    expect(queue.push(message(1)).t).toBe("no_room");
    expect(queue.take()?.data.length).toBe(500);
    expect(queue.push(message(1)).t).toBe("queued");
  });
});

describe("the times of what a socket sends", () => {
  const times = (at: number) => ({ deviceNs: at + 2, queuingNs: at + 1, deliveryNs: at });

  test("wait to be taken, as many as there is room for; those after them are lost, which is told once", () => {
    const stamps = new Timestamps<never>();
    stamps.set(EVL_SOF.EVL_SOF_TIMESTAMP_TX | EVL_SOF.EVL_SOF_TIMESTAMP_DEVICE);
    for (let at = 0; at < TX_RECORDS_MAX; at += 1) expect(stamps.add(times(at))).toBe(true);
    expect(stamps.add(times(1000))).toBe(false);
    expect(stamps.take(2)).toEqual({
      records: [
        { deviceNs: 2, queuingNs: 0, deliveryNs: 0 },
        { deviceNs: 3, queuingNs: 0, deliveryNs: 1 },
      ],
      overflown: true,
    });
    expect(stamps.take(1000)).toMatchObject({ overflown: false });
    expect(stamps.hasRecords).toBe(false);
  });

  test("are thrown away when the flags are set, even to what they were", () => {
    const stamps = new Timestamps<never>();
    stamps.set(EVL_SOF.EVL_SOF_TIMESTAMP_TX);
    stamps.add(times(1));
    stamps.set(EVL_SOF.EVL_SOF_TIMESTAMP_TX);
    expect(stamps.take(9)).toEqual({ records: [], overflown: false });
    expect([stamps.ofInput, stamps.ofOutput]).toEqual([false, true]);
  });

  test("are an array of three numbers of 64 bits each", () => {
    const bytes = encodeTimes([{ deviceNs: 1, queuingNs: 2 ** 40, deliveryNs: 3 }]);
    const view = new DataView(bytes.buffer);
    expect([0, 8, 16].map((at) => Number(view.getBigUint64(at, true)))).toEqual([1, 2 ** 40, 3]);
  });
});

test("a buffer is free when the last of those who share it is done with it, and never twice", () => {
  fc.assert(
    fc.property(fc.nat(10), (shares) => {
      let freed = 0;
      const buffer = new RxBuffer(() => (freed += 1));
      for (let n = 0; n < shares; n += 1) buffer.share();
      for (let n = 0; n < shares; n += 1) buffer.done(HERE);
      expect(freed).toBe(0);
      buffer.done(HERE);
      expect(freed).toBe(1);
      expect(() => buffer.done(HERE)).toThrow("a buffer is freed once");
    }),
    { seed: SEED },
  );
});

test("of two domains for one family the one that was registered later is asked first, and goes alone", () => {
  const domain = (name: string, protocol: number): Domain<string> => ({
    family: 46,
    match: (wanted) =>
      wanted.protocol !== protocol ? undefined : wanted.type === 2 ? ok(name) : fail("ESOCKTNOSUPPORT"),
  });
  const drivers = new Map([
    ["old", () => domain("old's", 1)],
    ["new", () => domain("new's", 1)],
    ["other", () => domain("other's", 2)],
  ]);
  const registry = new DomainRegistry(drivers, []);
  const wanted = { family: 46, type: 2, protocol: 1 };
  expect(registry.find(wanted)).toEqual(fail("EPROTONOSUPPORT"));
  for (const name of ["old", "other", "new", "old"]) expect(registry.load(name)).toBe(true);
  expect(registry.load("none")).toBe(false);
  expect(registry.drivers()).toEqual(["old", "other", "new"]);
  expect(registry.find(wanted)).toEqual(ok({ driver: "new", create: "new's" }));
  expect(registry.find({ ...wanted, type: 3 })).toEqual(fail("ESOCKTNOSUPPORT"));
  registry.unload("new");
  expect(registry.find(wanted)).toEqual(ok({ driver: "old", create: "old's" }));
  expect(registry.find({ ...wanted, family: 2 })).toEqual(fail("EPROTONOSUPPORT"));
});

test.each([
  ["struct:SOL_SOCKET EVL_SOCKOPT_RECVSZ 8192", "010000000000000000200000"],
  ["struct:EVL_SOF_TIMESTAMP_RX|EVL_SOF_TIMESTAMP_TX -1", "03000000ffffffff"],
  ["struct:@10.0.0.1:7000 0x10", "02001b580a000001000000000000000010000000"],
  ["struct:", ""],
  ["struct:NOBODY", undefined],
  ["struct:4294967296", undefined],
  ["struct:@nowhere", undefined],
])("%s is %s", (written, hex) => {
  const bytes = parseStruct(written);
  expect(bytes && Buffer.from(bytes).toString("hex")).toBe(hex);
});

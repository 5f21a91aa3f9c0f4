import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Event } from "../../services/abi/contract.generated.ts";
import type { TraceEvent } from "../../services/abi/event.ts";
import { eventFromWire, eventToWire } from "../../services/transports/event-wire.ts";
import { createConverter } from "../../services/transports/grpc/convert.ts";
import { loadProtos } from "../../services/transports/grpc/load.ts";

const converter = createConverter(loadProtos());

const names = fc.constantFrom("fd", "file", "files", "task", "__proto__", "constructor", "7");
const scalar = fc.oneof(fc.maxSafeInteger(), fc.double(), fc.string(), fc.boolean());
const ownKeys = <T>(entries: [string, T][]): Record<string, T> => Object.fromEntries(entries);
const event: fc.Arbitrary<TraceEvent> = fc.record(
  {
    seq: fc.maxSafeNat(),
    lamport: fc.maxSafeNat(),
    timeNs: fc.maxSafeNat(),
    node: fc.string(),
    service: fc.constantFrom("vfs", "task", "companion", "lab"),
    stage: fc.constantFrom("inband", "oob"),
    point: fc.string(),
    phase: fc.constantFrom("enter", "exit", "fact"),
    span: fc.maxSafeNat(),
    parent: fc.maxSafeNat(),
    trace: fc.maxSafeNat(),
    slice: fc
      .uniqueArray(fc.tuple(names, fc.oneof(fc.nat(), fc.string())), { selector: ([name]) => name })
      .map(ownKeys),
    args: fc.uniqueArray(fc.tuple(names, scalar), { selector: ([name]) => name }).map(ownKeys),
    ret: fc.maxSafeInteger(),
    lost: fc.constantFrom("timeout", "unreachable", "garbled", "rejected"),
    locks: fc.array(fc.string()),
    fault: fc.string({ minLength: 1 }),
  },
  {
    requiredKeys: [
      "seq",
      "lamport",
      "timeNs",
      "node",
      "service",
      "stage",
      "point",
      "phase",
      "span",
      "parent",
      "trace",
      "slice",
      "args",
      "locks",
    ],
    noNullPrototype: true,
  },
);

const plain: TraceEvent = {
  seq: 1,
  lamport: 2,
  timeNs: 3,
  node: "alpha",
  service: "vfs",
  stage: "inband",
  point: "sys_open",
  phase: "enter",
  span: 4,
  parent: 0,
  trace: 4,
  slice: { task: "init" },
  args: { path: "/dev/null", flags: 2, ok: true },
  locks: [],
};

describe("events on the wire", () => {
  test("every event comes back as it was, by message port and by gRPC", () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 4 }), (events) => {
        const wire = events.map(eventToWire);
        expect(wire.map(eventFromWire)).toEqual(events);
        const message = converter.encodeEvents(wire);
        const read = converter.decodeEvents(message.ok ? message.value : Buffer.alloc(0));
        expect((read.ok ? read.value : []).map(eventFromWire)).toEqual(events);
      }),
      { numRuns: 300 },
    );
  });

  test("a result of 0 is a result, and an event without one has none", () => {
    expect(eventFromWire(eventToWire({ ...plain, ret: 0 }))).toHaveProperty("ret", 0);
    for (const key of ["ret", "lost", "fault"]) expect(eventFromWire(eventToWire(plain))).not.toHaveProperty(key);
  });

  test.each<[string, Partial<Event> & { stage?: undefined; phase?: undefined }]>([
    ["an unknown house", { service: "cellar" }],
    ["no stage", { stage: undefined }],
    ["no phase", { phase: undefined }],
    ["an unknown sort of loss", { lost: "eaten" }],
  ] as [string, object][])("an event with %s is none", (_, wrong) => {
    const spoilt: Event = { ...eventToWire(plain), ...wrong };
    expect(eventFromWire(spoilt)).toBeUndefined();
  });

  test("a named value without a value is left out", () => {
    const wire = eventToWire(plain);
    expect(eventFromWire({ ...wire, slice: [{ name: "fd" }], args: [{ name: "x" }] })).toMatchObject({
      slice: {},
      args: {},
    });
  });
});

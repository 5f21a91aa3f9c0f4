import { beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { TraceEvent } from "../../services/abi/event.ts";
import { align } from "../../services/telemetry/diff/align.ts";
import { diffTraces, type Compared } from "../../services/telemetry/diff/index.ts";
import { traceOf } from "./runs.ts";

const compare = (a: readonly TraceEvent[], b: readonly TraceEvent[], ...ignored: string[]): Compared =>
  diffTraces(a, b, { strict: false, ignored: new Set(ignored) });

const strictly = (a: readonly TraceEvent[], b: readonly TraceEvent[], ...ignored: string[]): Compared =>
  diffTraces(a, b, { strict: true, ignored: new Set(ignored) });

let tour: readonly TraceEvent[] = [];
let net: readonly TraceEvent[] = [];
beforeAll(async () => {
  tour = await traceOf("experiments/tour.yaml");
  net = await traceOf("experiments/net/udp-two-nodes.yaml");
});

const without = (events: readonly TraceEvent[], at: number): TraceEvent[] => events.filter((_, i) => i !== at);

const changed = (events: readonly TraceEvent[], at: number, change: Partial<TraceEvent>): TraceEvent[] =>
  events.map((event, i) => (i === at ? { ...event, ...change } : event));

/** A trace in which two events have changed their places: their counts and stamps stay where they were. */
function swapped(events: readonly TraceEvent[], i: number, j: number): TraceEvent[] {
  const [one, other] = [events[i], events[j]];
  if (one === undefined || other === undefined) throw new Error("both events are there");
  const place = ({ seq, lamport, timeNs }: TraceEvent) => ({ seq, lamport, timeNs });
  return events.map((event, at) =>
    at === i ? { ...other, ...place(one) } : at === j ? { ...one, ...place(other) } : event,
  );
}

/** Points whose events say by their presence how things happened to come out. */
const BY_CHANCE = ["sock_wait", "sock_wake", "lock_wait", "napi_complete", "run_end"];

/** Timers that run out while a simulated run waits for rest, seconds after its last call. */
const isLate = ({ timeNs }: TraceEvent): boolean => timeNs > 4e9;

describe("runs of one experiment are the same where causes decide", () => {
  test.each([
    "experiments/tour.yaml",
    "experiments/net/udp-two-nodes.yaml",
    "experiments/net/tx-partial.yaml",
    "experiments/net/loopback-plug.yaml",
    "experiments/sockets/connect-refused.yaml",
  ])("%s, with three seeds", async (file) => {
    const first = await traceOf(file);
    for (const seed of [2n, 3n]) {
      const other = await traceOf(file, seed);
      expect(compare(first, other)).toMatchObject({ first: undefined, count: 0 });
      expect(strictly(first, other).count).toBeGreaterThan(0);
    }
  });

  test.each([
    ["experiments/tour.yaml", "embedded"],
    ["experiments/net/udp-two-nodes.yaml", "distributed"],
  ] as const)(
    "%s, simulated and %s",
    async (file, runtime) => {
      expect(compare(await traceOf(file), await traceOf(file, 1n, runtime)).first).toBeUndefined();
    },
    60_000,
  );

  test("lines in another order are the same trace, but not strictly", () => {
    const reversed = [...tour].reverse();
    expect(compare(tour, reversed).first).toBeUndefined();
    expect(strictly(tour, reversed).first).toBeDefined();
    expect(strictly(tour, [...tour]).first).toBeUndefined();
  });
});

describe("what is different is named", () => {
  test("an event that is missing, whichever it is, and on either side", () => {
    for (const events of [tour, net]) {
      events.forEach((event, at) => {
        // All of the short one, and frames, whose loss changes how everything behind is called.
        if (BY_CHANCE.includes(event.point) || (events === net && !event.point.startsWith("frame_"))) return;
        if (isLate(event)) return;
        expect(compare(events, without(events, at)).first).toMatchObject({ t: "only-a", a: event });
        expect(compare(without(events, at), events).first).toMatchObject({ b: { point: event.point } });
      });
    }
  });

  test("an event that stands there twice", () => {
    tour.forEach((event, at) => {
      if (BY_CHANCE.includes(event.point)) return;
      const twice = [...tour.slice(0, at), event, ...tour.slice(at)];
      expect(compare(tour, twice)).toMatchObject({ first: { t: "only-b", b: event } });
    });
  });

  test("another answer, with what it was and what it is", () => {
    const answered = [...tour.keys()].filter((at) => tour[at]?.ret !== undefined);
    expect(answered.length).toBeGreaterThan(20);
    for (const at of answered) {
      const { first, count } = compare(tour, changed(tour, at, { ret: -95 }));
      expect(first).toMatchObject({ t: "changed", a: tour[at] ?? {}, b: { ret: -95 } });
      expect(first?.fields).toEqual([{ name: "ret", a: String(tour[at]?.ret), b: "-95" }]);
      expect(count).toBe(1);
    }
  });

  test("two events of one task in one house that changed places", () => {
    const reserve = tour.findIndex(({ point }) => point === "fd_reserve");
    const create = tour.findIndex(({ point }) => point === "file_create");
    const [i, j] = [reserve, create];
    expect(tour[i]?.span).toBe(tour[j]?.span);
    const { first } = compare(tour, swapped(tour, i, j));
    expect(first?.t).toBe("moved");
    expect([tour[i]?.point, tour[j]?.point]).toContain(first?.a?.point);
  });

  test("what two tasks did at the same time may come in either order", () => {
    const [i = 0] = [...net.keys()].filter((at) => net[at]?.node === "alpha" && net[at].point === "sys_socket");
    const [j = 0] = [...net.keys()].filter((at) => net[at]?.node === "beta" && net[at].point === "sys_socket");
    // The stamps of the nodes say nothing of each other before a frame has passed.
    const late = net.map((event, at) => (at === i ? { ...event, timeNs: (net[j]?.timeNs ?? 0) + 5 } : event));
    expect(compare(net, late).first).toBeUndefined();
  });

  test("a fault, unless it is ignored", () => {
    const at = tour.findIndex(({ fault }) => fault !== undefined);
    const unnamed = changed(tour, at, { fault: "another" });
    expect(compare(tour, unnamed).first?.fields).toEqual([{ name: "fault", a: String(tour[at]?.fault), b: "another" }]);
    expect(compare(tour, unnamed, "fault").first).toBeUndefined();
  });

  test("of several differences the first one that happened", () => {
    const [early = 0, late = 0] = [...tour.keys()]
      .filter((at) => tour[at]?.phase === "fact")
      .filter((_, n) => n % 5 === 0);
    const { first, count } = compare(tour, without(without(tour, late), early));
    expect(first?.a).toEqual(tour[early]);
    expect(count).toBeGreaterThanOrEqual(2);
  });

  test("with what stands around it in both traces", () => {
    const at = tour.findIndex(
      ({ point, phase, service }) => point === "sys_close" && phase === "exit" && service === "task",
    );
    const { first } = compare(tour, changed(tour, at, { ret: -9 }));
    expect(first?.around.a.events[first.around.a.at]).toEqual(tour[at]);
    expect(first?.around.b.events[first.around.b.at]?.ret).toBe(-9);
    expect(first?.around.a.events.length).toBeGreaterThan(2);
  });
});

test("strictly, everything counts but what is ignored", () => {
  const later = tour.map((event) => ({ ...event, timeNs: event.timeNs + 1 }));
  expect(compare(tour, later).first).toBeUndefined();
  expect(strictly(tour, later).first).toMatchObject({ t: "changed", a: tour[0] });
  expect(strictly(tour, later, "timeNs").first).toBeUndefined();
});

test("an alignment leads through both sequences, in order, and only the same stands together", () => {
  const word = fc.constantFrom("a", "b", "c");
  fc.assert(
    fc.property(fc.array(word, { maxLength: 30 }), fc.array(word, { maxLength: 30 }), (a, b) => {
      const steps = align(a, b);
      expect(steps.filter(({ t }) => t !== "b").map((step) => step.a)).toEqual([...a.keys()]);
      expect(steps.filter(({ t }) => t !== "a").map((step) => step.b)).toEqual([...b.keys()]);
      for (const step of steps) if (step.t === "both") expect(a[step.a]).toBe(b[step.b]);
      // As many stand together as can: the classic table says how many.
      const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
      for (let i = 1; i <= a.length; i++) {
        for (let j = 1; j <= b.length; j++) {
          const [up = 0, left = 0] = [table[i - 1]?.[j], table[i]?.[j - 1]];
          const diagonal = table[i - 1]?.[j - 1] ?? 0;
          (table[i] ?? [])[j] = a[i - 1] === b[j - 1] ? diagonal + 1 : Math.max(up, left);
        }
      }
      expect(steps.filter(({ t }) => t === "both")).toHaveLength(table[a.length]?.[b.length] ?? 0);
    }),
  );
});

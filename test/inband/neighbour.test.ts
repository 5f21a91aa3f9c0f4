import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { NeighbourTable } from "../../services/inband/model/neighbour.ts";
import type { NeighbourSettings, NeighbourStep } from "../../services/inband/model/neighbour-step.ts";
import type { Result } from "../../services/abi/result.ts";
import { SECOND, ip, mac } from "./stack-harness.ts";

const SETTINGS: NeighbourSettings = {
  reachableNs: 30 * SECOND,
  delayFirstProbeNs: 5 * SECOND,
  retransNs: SECOND,
  mcastSolicit: 3,
  ucastSolicit: 3,
  locktimeNs: SECOND,
  unresQlenBytes: 300,
  waitingBytesMax: 1000,
  entriesMax: 4,
};
const DEV = 2;
const HER = ip("192.0.2.2");
const MAC = mac("02:00:00:00:00:02");
const OTHER = mac("02:00:00:00:00:99");
const REPLY = { mac: MAC, to: "REACHABLE", gratuitous: false } as const;
const REQUEST = { mac: MAC, to: "STALE", gratuitous: false } as const;

interface Named {
  readonly bytes: Uint8Array;
  readonly name: string;
}
const packet = (name: string, length = 100): Named => ({ name, bytes: new Uint8Array(length) });

/** Steps in words: what a story expects. */
const told = (steps: readonly NeighbourStep<Named>[] | Result<readonly NeighbourStep<Named>[]>): readonly string[] =>
  ("ok" in steps ? (steps.ok ? steps.value : []) : steps).map((step) => {
    switch (step.t) {
      case "neighbour":
        return `${step.from}>${step.to}`;
      case "probe":
        return step.mac === undefined ? "broadcast" : "ask";
      case "dropped":
        return `${step.drop} ${step.packet.name}`;
      default:
        return `${step.t} ${step.packet.name}`;
    }
  });

const table = (settings: Partial<NeighbourSettings> = {}): NeighbourTable<Named> =>
  new NeighbourTable<Named>({ ...SETTINGS, ...settings });

describe("INCOMPLETE", () => {
  test("packets wait for the answer, and go in their order when it comes", () => {
    const t = table();
    expect(told(t.output(DEV, HER, packet("a"), 0))).toEqual(["NONE>INCOMPLETE", "broadcast"]);
    expect(told(t.output(DEV, HER, packet("b"), 1))).toEqual([]);
    expect(told(t.heard(DEV, HER, REPLY, false, 5))).toEqual(["INCOMPLETE>REACHABLE", "send a", "send b"]);
    expect(told(t.output(DEV, HER, packet("c"), 6))).toEqual(["send c"]);
    expect(t.waitingBytes).toBe(0);
  });

  test("after three broadcasts, a second apart, nobody is there: all who wait are told", () => {
    const t = table();
    t.output(DEV, HER, packet("a"), 0);
    expect(t.pollAtNs()).toBe(SECOND);
    expect(told(t.tick(SECOND - 1))).toEqual([]);
    expect(told(t.tick(SECOND))).toEqual(["broadcast"]);
    t.output(DEV, HER, packet("b"), SECOND + 1);
    expect(told(t.tick(2 * SECOND))).toEqual(["broadcast"]);
    expect(told(t.tick(3 * SECOND))).toEqual(["INCOMPLETE>FAILED", "unreachable a", "unreachable b"]);
    expect(t.pollAtNs()).toBeUndefined();
    expect(t.waitingBytes).toBe(0);
  });

  test("FAILED is tried anew by the next packet", () => {
    const t = table();
    t.output(DEV, HER, packet("a"), 0);
    for (let at = 1; at <= 3; at++) t.tick(at * SECOND);
    expect(told(t.output(DEV, HER, packet("c"), 9 * SECOND))).toEqual(["FAILED>INCOMPLETE", "broadcast"]);
    expect(told(t.heard(DEV, HER, REQUEST, false, 9 * SECOND))).toEqual(["INCOMPLETE>STALE", "send c"]);
  });

  test("the queue is bounded by bytes: the oldest goes, and is named; what fits nowhere goes itself", () => {
    const t = table();
    for (const name of ["a", "b", "c"]) t.output(DEV, HER, packet(name), 0);
    expect(told(t.output(DEV, HER, packet("d", 150), 0))).toEqual(["neighbour_queue_full a", "neighbour_queue_full b"]);
    expect(told(t.output(DEV, HER, packet("e", 301), 0))).toEqual([
      "neighbour_queue_full c",
      "neighbour_queue_full d",
      "neighbour_queue_full e",
    ]);
    expect(t.waitingBytes).toBe(0);
  });

  test("all queues together are bounded, too", () => {
    const t = table({ waitingBytesMax: 250 });
    t.output(DEV, HER, packet("a", 200), 0);
    expect(told(t.output(DEV, ip("192.0.2.3"), packet("b"), 0))).toEqual([
      "NONE>INCOMPLETE",
      "broadcast",
      "neighbour_queue_full b",
    ]);
  });
});

describe("from REACHABLE on", () => {
  const reachable = (): NeighbourTable<Named> => {
    const t = table();
    t.output(DEV, HER, packet("a"), 0);
    t.heard(DEV, HER, REPLY, false, 0);
    return t;
  };

  test("unused for 30 seconds it becomes STALE, and nothing is due any more", () => {
    const t = reachable();
    expect(t.pollAtNs()).toBe(30 * SECOND);
    expect(told(t.tick(30 * SECOND))).toEqual(["REACHABLE>STALE"]);
    expect(t.pollAtNs()).toBeUndefined();
  });

  test("used lately it goes to DELAY, asks the neighbour three times in PROBE, and fails", () => {
    const t = reachable();
    t.output(DEV, HER, packet("b"), 29 * SECOND);
    expect(told(t.tick(30 * SECOND))).toEqual(["REACHABLE>DELAY"]);
    expect(told(t.output(DEV, HER, packet("c"), 31 * SECOND))).toEqual(["send c"]);
    expect(told(t.tick(35 * SECOND))).toEqual(["DELAY>PROBE", "ask"]);
    expect(told(t.output(DEV, HER, packet("d"), 35 * SECOND))).toEqual(["send d"]);
    expect(told(t.tick(36 * SECOND))).toEqual(["ask"]);
    expect(told(t.tick(37 * SECOND))).toEqual(["ask"]);
    expect(told(t.tick(38 * SECOND))).toEqual(["PROBE>FAILED"]);
  });

  test("STALE sends at once, and a reply to the probe makes it REACHABLE again", () => {
    const t = reachable();
    t.tick(30 * SECOND);
    expect(told(t.output(DEV, HER, packet("b"), 40 * SECOND))).toEqual(["STALE>DELAY", "send b"]);
    t.tick(45 * SECOND);
    expect(told(t.heard(DEV, HER, REPLY, false, 45 * SECOND))).toEqual(["PROBE>REACHABLE"]);
    expect(t.pollAtNs()).toBe(75 * SECOND);
  });

  test("progress above confirms it: DELAY goes back without a probe, and REACHABLE lasts longer", () => {
    const t = reachable();
    t.confirm(DEV, HER, 20 * SECOND);
    expect(told(t.tick(30 * SECOND))).toEqual([]);
    expect(t.pollAtNs()).toBe(50 * SECOND);
    t.output(DEV, HER, packet("b"), 49 * SECOND);
    expect(told(t.tick(50 * SECOND))).toEqual(["REACHABLE>DELAY"]);
    t.confirm(DEV, HER, 52 * SECOND);
    expect(told(t.tick(55 * SECOND))).toEqual(["DELAY>REACHABLE"]);
  });

  test("a mention of the same address changes nothing, another address is believed only after a second, unless gratuitous", () => {
    const t = reachable();
    expect(told(t.heard(DEV, HER, REQUEST, false, 0))).toEqual([]);
    expect(told(t.heard(DEV, HER, { ...REQUEST, mac: OTHER }, false, SECOND))).toEqual([]);
    expect(told(t.heard(DEV, HER, { ...REQUEST, mac: OTHER, gratuitous: true }, false, SECOND))).toEqual([
      "REACHABLE>STALE",
    ]);
    expect(told(t.heard(DEV, HER, REQUEST, false, 2 * SECOND + 1))).toEqual(["STALE>STALE"]);
    expect(t.entries()).toEqual([{ ifindex: DEV, address: HER, to: "STALE", mac: MAC }]);
  });
});

describe("the table", () => {
  test("PERMANENT is changed by hand only, and survives the loss of the carrier", () => {
    const t = table();
    t.output(DEV, HER, packet("a"), 0);
    const set = t.setPermanent(DEV, HER, MAC, 1);
    expect(told(set)).toEqual(["INCOMPLETE>PERMANENT", "send a"]);
    expect(told(t.heard(DEV, HER, { ...REPLY, mac: OTHER, gratuitous: true }, true, 9 * SECOND))).toEqual([]);
    t.output(DEV, ip("192.0.2.3"), packet("b"), 0);
    expect(told(t.flush(DEV, false, 0))).toEqual(["INCOMPLETE>NONE", "tx_device_down b"]);
    expect(told(t.flush(DEV, true, 0))).toEqual(["PERMANENT>NONE"]);
    expect([t.size, t.waitingBytes]).toEqual([0, 0]);
  });

  test("only a request to us makes an entry, and others are heard only if they are known", () => {
    const t = table();
    expect(told(t.heard(DEV, HER, REPLY, false, 0))).toEqual([]);
    expect(told(t.heard(DEV, HER, REQUEST, true, 0))).toEqual(["NONE>STALE"]);
    expect(t.has(DEV, HER)).toBe(true);
  });

  test("when it is full, what failed or is old makes room, and entries in use do not", () => {
    const t = table({ entriesMax: 2 });
    t.heard(DEV, HER, REQUEST, true, 0);
    t.output(DEV, ip("192.0.2.3"), packet("a"), 0);
    expect(t.output(DEV, ip("192.0.2.4"), packet("b"), SECOND)).toEqual({ ok: false, errno: "ENOBUFS" });
    expect(told(t.output(DEV, ip("192.0.2.4"), packet("b"), 6 * SECOND))).toEqual([
      "STALE>NONE",
      "NONE>INCOMPLETE",
      "broadcast",
    ]);
    expect(t.size).toBe(2);
  });

  test("whatever happens, each packet is sent, dropped, refused or waits, once, and no change leads where none may", () => {
    const act = fc.record({
      what: fc.constantFrom("output", "reply", "mention", "tick", "flush", "confirm", "permanent"),
      who: fc.integer({ min: 1, max: 6 }),
      station: fc.constantFrom(MAC, OTHER),
      after: fc.constantFrom(0, 1, SECOND / 2, SECOND, 6 * SECOND, 31 * SECOND),
    });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
        const t = table();
        const gone = new Map<string, number>();
        let now = 0;
        let made = 0;
        let refused = 0;
        const take = (steps: readonly NeighbourStep<Named>[]): void => {
          for (const step of steps)
            if ("packet" in step) gone.set(step.packet.name, (gone.get(step.packet.name) ?? 0) + 1);
        };
        for (const { what, who, station, after } of acts) {
          now += after;
          const address = ip(`192.0.2.${who}`);
          const heard = { mac: station, gratuitous: false };
          if (what === "tick") take(t.tick(now));
          else if (what === "flush") take(t.flush(DEV, false, now));
          else if (what === "confirm") t.confirm(DEV, address, now);
          else {
            const steps =
              what === "output"
                ? t.output(DEV, address, packet(String(made++)), now)
                : what === "permanent"
                  ? t.setPermanent(DEV, address, station, now)
                  : t.heard(
                      DEV,
                      address,
                      { ...heard, to: what === "reply" ? "REACHABLE" : "STALE" },
                      what === "mention",
                      now,
                    );
            if (steps.ok) take(steps.value);
            else if (what === "output") refused++;
          }
          expect(t.size).toBeLessThanOrEqual(SETTINGS.entriesMax);
          expect([...gone.values()].every((times) => times === 1)).toBe(true);
          expect(made - refused - gone.size).toBe(t.waitingBytes / 100);
          const due = t.pollAtNs();
          if (what === "tick" && due !== undefined) expect(due).toBeGreaterThan(now);
        }
      }),
    );
  });
});

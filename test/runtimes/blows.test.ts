import { describe, expect, test } from "@jest/globals";
import type { Blow, FaultKind } from "../../services/abi/contract.generated.ts";
import { PAIR } from "../../services/abi/topology.ts";
import { namedBlow } from "../../services/boundary/blows.ts";
import { blowProblem, createBlowDesk, createPlaceNews } from "../../services/runtimes/blows.ts";
import { nameOf, placesOf } from "../../services/runtimes/links.ts";
import { rule } from "../boundary/harness.ts";
import { testKit } from "../kit.ts";

const PLAN = { topology: PAIR };
const PLACES = placesOf(PLAN).map(nameOf);
const blow = (more: Partial<Blow> = {}): Blow => ({ place: "", peer: "", for_ns: 0, ...more });

async function ordersFor(kind: FaultKind, struck: Blow, delay_ns = 0): Promise<string[]> {
  const given: string[] = [];
  const desk = createBlowDesk({
    topology: PAIR,
    orders: (place, order) => {
      const what =
        order.t === "strike"
          ? `${order.kind} ${order.forNs}`
          : `${order.cut ? "cut" : `slow ${order.slowNs}`} ${order.peer} ${order.forNs}`;
      given.push(`${place}: ${what}`);
      return Promise.resolve();
    },
  });
  await desk.strike({ kind, delay_ns, blow: struck });
  return given;
}

describe("who is told to do what for a blow", () => {
  test("the victim of a crash and of a hang, and nobody else", async () => {
    expect(await ordersFor("crash", blow({ place: "alpha/companion" }))).toEqual(["alpha/companion: crash 0"]);
    expect(await ordersFor("hang", blow({ place: "lan/switch", for_ns: 5 }))).toEqual(["lan/switch: hang 5"]);
  });

  test("a slow house, for each of its callers", async () => {
    expect(await ordersFor("slow", blow({ place: "alpha/companion", for_ns: 9 }), 2)).toEqual([
      "alpha/companion: slow 2 alpha/vfs 9",
      "alpha/companion: slow 2 alpha/inband 9",
      "alpha/companion: slow 2 alpha/nic 9",
      "alpha/companion: slow 2 alpha/task 9",
    ]);
  });

  test("both ends of a cut edge; a task is no place, and its house cuts alone", async () => {
    expect(await ordersFor("partition", blow({ place: "lan/switch", peer: "alpha/nic", for_ns: 9 }))).toEqual([
      "lan/switch: cut alpha/nic 9",
      "alpha/nic: cut lan/switch 9",
    ]);
    expect(await ordersFor("partition", blow({ place: "alpha/vfs", peer: "alpha/task", for_ns: 9 }))).toEqual([
      "alpha/vfs: cut alpha/task 9",
    ]);
  });
});

test("a rule that names no place strikes the house that is called, and cuts it from the one that calls", () => {
  const crossing = { from: "inband", to: "companion" } as const;
  const named = (kind: FaultKind, given: Blow) => namedBlow("beta", { kind, delay_ns: 0, blow: given }, crossing).blow;
  expect(named("crash", blow())).toMatchObject({ place: "beta/companion", peer: "" });
  expect(named("crash", blow({ place: "nic" }))).toMatchObject({ place: "beta/nic" });
  expect(named("hang", blow({ place: "alpha/nic" }))).toMatchObject({ place: "alpha/nic" });
  expect(named("partition", blow())).toMatchObject({ place: "beta/companion", peer: "beta/inband" });
});

describe("what cannot be struck in a world is known when the rule is armed", () => {
  const problem = (kind: FaultKind, given: Blow, point = "sock_oob_bind"): string | undefined =>
    blowProblem(PLAN, PLACES, "alpha", rule(point, { kind, blow: given }));

  test("what there is can be struck", () => {
    expect(problem("crash", blow())).toBeUndefined();
    expect(problem("hang", blow({ place: "beta/nic" }))).toBeUndefined();
    expect(problem("partition", blow({ place: "nic", peer: "lan/switch" }))).toBeUndefined();
    expect(problem("partition", blow(), "sys_open")).toBeUndefined();
    expect(problem("refuse", blow({ place: "nowhere/else" }))).toBeUndefined();
  });

  test.each([
    ["a node that there is not", "crash", blow({ place: "gamma/vfs" }), /no place gamma\/vfs.*there is alpha\/vfs/],
    ["a switch that there is not", "crash", blow({ place: "wan/switch" }), /no place wan\/switch/],
    ["a switch that is slow", "slow", blow({ place: "lan/switch" }), /answers no calls/],
    ["the edge of a place to itself", "partition", blow({ place: "nic", peer: "alpha/nic" }), /and itself/],
    ["two that nothing goes between", "partition", blow({ place: "vfs", peer: "lan/switch" }), /neither calls nor/],
    ["houses of two nodes", "partition", blow({ place: "alpha/nic", peer: "beta/nic" }), /neither calls nor frames/],
  ] as const)("%s", (_name, kind, given, reason) => {
    expect(problem(kind, given)).toMatch(reason);
  });
});

test("what became of a place is told in the log of its node's tasks", () => {
  const kit = testKit("task");
  const news = createPlaceNews([kit]);
  news.down("alpha/companion", "crash");
  news.up("alpha/companion", 2);
  news.down("lan/switch", "crash");
  expect(kit.seen().map(({ point, args }) => ({ point, ...args }))).toEqual([
    { point: "place_down", place: "alpha/companion", why: "crash", house: "companion" },
    { point: "place_up", place: "alpha/companion", incarnation: 2, house: "companion" },
    { point: "place_down", place: "lan/switch", why: "crash", house: "switch" },
  ]);
});

import type { Rule } from "../../rule.ts";
import { ACROSS, answeredBy, rule, sideOf } from "./words.ts";
import { RETRIED } from "./options.ts";

/** Calls inside which several others are made side by side. */
const SIDE_BY_SIDE: readonly string[] = ["sock_vfs_ready", "oob_inband_ready", "oob_vfs_ready"];

/** What is told by the way: who calls does not wait for the answer. The last reference may go wherever a packet is dropped. */
const BY_THE_WAY: readonly string[] = ["oob_route_learn", "oob_neighbour_update", "sock_oob_destroy"];
/** Those who give the last reference back themselves wait for the destroy. */
const DESTROY: readonly string[] = ["sock_close", "sock_map_file"];

const awaited = (phase: "enter" | "exit", about = ""): string =>
  `count(*.${phase}) - count(${BY_THE_WAY.filter((name) => name !== "sock_oob_destroy" || !DESTROY.includes(about))
    .map((name) => `${name}.${phase}`)
    .join("|")})`;

const SIDE = `once ${sideOf(answeredBy(SIDE_BY_SIDE, ["inband", "companion"]), "to", "enter")}`;

/** What the lab tells of places is no house's. */
const HOUSES_FACTS = ["vfs", "inband", "companion", "nic"].map((house) => `${house}:*.fact`).join("|");

const BOUNDARY = "the boundary";

/** What holds for all points alike: of a house at work, of faults, and of calls that are asked for again. */
export const houses = (): readonly Rule[] => [
  ...ACROSS.map((point) =>
    rule({
      family: "NE-1",
      about: point.name,
      forall: ["around"],
      option: "every point",
      source: point.source,
      title: `When ${point.to} answers ${point.name}, all calls that it made for that, and waits for, have ended.`,
      formula: `${point.to}:${point.name}.exit implies ${awaited("enter", point.name)} == ${awaited("exit", point.name)}`,
    }),
  ),
  rule({
    family: "NE-2",
    about: "*",
    forall: ["around"],
    option: "every point",
    source: BOUNDARY,
    title: "A call is made only when the one before it, for the same cause, has ended, where it is waited for.",
    formula: `*.enter implies ${awaited("enter")} <= ${awaited("exit")} + 1 or ${SIDE}`,
  }),
  rule({
    family: "NE-3",
    about: "*",
    forall: ["around"],
    option: "every point",
    source: BOUNDARY,
    title: "Nothing is told while a call that is waited for is under way, by whoever made it.",
    formula: `${HOUSES_FACTS} and not retry|repeated|contract_breach|blow implies ${awaited("enter")} == ${awaited("exit")} or once frame_fault[kind==duplicate] or ${SIDE}`,
  }),
  rule({
    family: "NE-4",
    about: "*",
    forall: ["around"],
    option: "every point",
    source: BOUNDARY,
    title: "What a house does for a call begins with the call's arrival.",
    formula: `${sideOf(ACROSS, "to", "enter")} implies not previously once ${HOUSES_FACTS}|*.enter|*.exit`,
  }),
  rule({
    family: "NE-5",
    about: "*",
    forall: ["task"],
    option: "every point",
    source: "clone(2)",
    title: "A task makes one call at a time, but for the exit of a task that is killed while it sleeps.",
    formula: "task:*.enter and not sys_exit.enter implies count(task:*.enter) <= count(task:*.exit) + 1",
  }),
  rule({
    family: "OL-1",
    about: "*",
    forall: ["span"],
    option: "`on_lost: retry`",
    source: BOUNDARY,
    title: "What the contract has asked for again is given up as lost only when it was.",
    formula: `${RETRIED.map(({ name }) => `${name}.exit[lost!=""]`).join("|")} implies once retry or *.exit[lost==rejected]`,
  }),
  rule({
    family: "OL-2",
    about: "*",
    forall: ["span"],
    option: "`on_lost`",
    source: BOUNDARY,
    title: "Only points of which the contract says so are asked for once more.",
    formula: `retry implies ${RETRIED.map(({ name }) => `retry[point==${name}]`).join("|")}`,
  }),
  rule({
    family: "FA-1",
    about: "*",
    forall: ["span"],
    option: "every point",
    source: BOUNDARY,
    title: "A crossing in whose moment a fault rule struck a place names the rule.",
    formula: '*.exit implies not once blow or *.exit[fault!=""]',
  }),
  rule({
    family: "FA-2",
    about: "contract_breach",
    forall: ["call"],
    option: "every point",
    source: BOUNDARY,
    title: "A call and its answer keep the contract, unless a fault has changed them.",
    formula: '*.exit implies not once contract_breach or *.exit[fault!=""]',
  }),
];

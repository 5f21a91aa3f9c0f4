import { parseDurationNs } from "../../abi/units.ts";
import type { FaultKind } from "../../abi/contract.generated.ts";
import type { Activity, CallStep, Deed, Fault, Probe, SteadyState, Step } from "../experiment.ts";
import { listed } from "../schema/words.ts";
import type { Errors } from "./atoms.ts";
import type { SourceDocument } from "./document.ts";
import { meant, pathParts, pathText } from "./errors.ts";
import { readProbe } from "./probes.ts";
import { callText, readCallStep } from "./workload.ts";
import type { WrittenActivity } from "./written.ts";

/** Where activities stand. */
type Key = "method" | "rollbacks";

/** What is done when the file has a workload and no method. */
const THE_WORKLOAD: Activity = {
  path: "workload",
  line: 0,
  text: "workload.start",
  title: undefined,
  beforeNs: 0,
  afterNs: 0,
  background: false,
  t: "workload",
};

/** What is done, in order: where nothing is said, the workload. */
export function readMethod(
  document: SourceDocument,
  written: readonly WrittenActivity[] | undefined,
  faults: readonly Fault[],
  steps: number,
  home: string,
  errors: Errors,
): readonly Activity[] {
  const activities = readActivities(document, "method", written ?? [], faults, home, errors);
  const starts = (written ?? []).flatMap((one, i) => (one.do === "workload.start" ? [i] : []));
  const wrong = (i: number, found: string, allowed: string): void => {
    errors.push(document.error(["spec", "method", i, "do"], { found, allowed }));
  };
  for (const i of starts.slice(1)) wrong(i, "workload.start once more", "one action that starts the workload");
  if (steps === 0) {
    const [first] = starts;
    if (first !== undefined) wrong(first, "workload.start without spec.workload", "a workload to start");
    return activities;
  }
  if (activities.length === 0) return [THE_WORKLOAD];
  if (starts.length === 0) {
    const found = "a method that does not start the workload";
    const allowed = "an action {type: action, do: workload.start} in it, or no workload";
    errors.push(document.error(["spec", "method"], { found, allowed }));
  }
  return activities;
}

/** Actions and probes, in order. */
export function readActivities(
  document: SourceDocument,
  key: Key,
  written: readonly WrittenActivity[],
  faults: readonly Fault[],
  home: string,
  errors: Errors,
): readonly Activity[] {
  return written.flatMap((one, i) => {
    const path = ["spec", key, i];
    const does = readDeed(document, path, one, faults, home, errors);
    if (does === undefined) return [];
    if (key === "rollbacks" && does.t === "workload")
      errors.push(
        document.error([...path, "do"], {
          found: "workload.start",
          allowed: "an action of the method, not a rollback",
        }),
      );
    return {
      path: pathText(path.slice(1)),
      line: document.positionOf(path).line,
      text: activityText(one),
      title: one.title,
      beforeNs: nsOf(one.pauses?.before),
      afterNs: nsOf(one.pauses?.after),
      background: one.background ?? false,
      ...does,
    };
  });
}

const nsOf = (written: string | undefined): number => (written === undefined ? 0 : (parseDurationNs(written) ?? 0));

function readDeed(
  document: SourceDocument,
  path: readonly PropertyKey[],
  written: WrittenActivity,
  faults: readonly Fault[],
  home: string,
  errors: Errors,
): Deed | undefined {
  if (written.type === "probe") {
    const probe = readProbe(document, path, { ...written, name: written.name ?? "" }, [], errors);
    return probe && { t: "probe", probe };
  }
  if (written.call !== undefined) {
    const step = readCallStep(document, path, { ...written, call: written.call }, errors);
    return step && { t: "call", step };
  }
  if (written.do === undefined) return undefined;
  const { id = "", place = "", between, by } = written.with ?? {};
  const forNs = nsOf(written.with?.for);
  const full = (name: string): string => (name.includes("/") ? name : `${home}/${name}`);
  const strike = (kind: FaultKind, struck: string, peer = "", delayNs = 0): Deed => ({
    t: "strike",
    effect: {
      kind,
      delay_ns: delayNs,
      blow: { place: full(struck), peer: peer === "" ? "" : full(peer), for_ns: forNs },
    },
  });
  switch (written.do) {
    case "workload.start":
      return { t: "workload" };
    case "fault.arm":
    case "fault.disarm": {
      const ids = faults.map(({ rule }) => rule.id);
      if (id !== "*" && !ids.includes(id)) {
        const allowed = `the id of a fault (${listed(ids) || "there is none"})`;
        errors.push(document.error([...path, "with", "id"], { found: id, allowed, ...meant(id, ids) }));
      }
      return { t: written.do === "fault.arm" ? "arm" : "disarm", fault: id };
    }
    case "house.crash":
      return strike("crash", place);
    case "house.hang":
      return strike("hang", place);
    case "house.slow":
      return strike("slow", place, "", nsOf(by));
    case "edge.partition":
      return strike("partition", between?.[0] ?? "", between?.[1] ?? "");
    case "stage.freeze":
      return { t: "freeze", node: written.with?.node ?? home, ns: forNs };
    case "time.sleep":
      return { t: "sleep", ns: forNs };
  }
}

/** An action on one line. */
function activityText(written: WrittenActivity): string {
  if (written.type === "probe") return `probe ${written.name ?? ""}`;
  if (written.call !== undefined) return `${written.task ?? ""}: ${callText(written.call, written.with, undefined)}`;
  const args = Object.entries(written.with ?? {}).map(([name, value]) => `${name}: ${String(value)}`);
  return `${written.do ?? ""}${args.length === 0 ? "" : `(${args.join(", ")})`}`;
}

/** The faults that activities arm. */
export const armedBy = (activities: readonly Activity[]): ReadonlySet<string> =>
  new Set(activities.flatMap((one) => (one.t === "arm" ? [one.fault] : [])));

const callOf = ({ looks }: Probe): readonly CallStep[] => (looks.t === "call" ? [looks.step] : []);

/** The calls of activities and of a steady state, in the order in which they may be made. */
export const callsOf = (steady: SteadyState | undefined, activities: readonly Activity[]): readonly CallStep[] => [
  ...activities.flatMap((one) => (one.t === "call" ? [one.step] : one.t === "probe" ? callOf(one.probe) : [])),
  ...(steady?.probes ?? []).flatMap(callOf),
];

/** A probe with its call, if it makes one, made into another one. */
export const probeWith = (probe: Probe, of: (step: CallStep) => CallStep): Probe =>
  probe.looks.t === "call" ? { ...probe, looks: { ...probe.looks, step: of(probe.looks.step) } } : probe;

/** The same of an activity. */
export function withCall(activity: Activity, of: (step: CallStep) => CallStep): Activity {
  if (activity.t === "call") return { ...activity, step: of(activity.step) };
  return activity.t === "probe" ? { ...activity, probe: probeWith(activity.probe, of) } : activity;
}

/** Whether what the calls of activities and probes refer to is the result of anything at all. */
export function checkCalls(
  document: SourceDocument,
  steps: readonly Step[],
  calls: readonly CallStep[],
  errors: Errors,
): void {
  const names = [...steps, ...calls].flatMap((step) => ("as" in step ? step.as.map(({ name }) => name) : []));
  for (const { path, args } of calls) {
    for (const [field, value] of Object.entries(args)) {
      if (typeof value !== "object" || !("reference" in value) || names.includes(value.reference)) continue;
      const allowed = `the result of a step or an action (${listed(names.map((one) => `$${one}`)) || "there is none"})`;
      errors.push(
        document.error(["spec", ...pathParts(path), "with", field], {
          found: `$${value.reference}`,
          allowed,
          ...meant(value.reference, names),
        }),
      );
    }
  }
}

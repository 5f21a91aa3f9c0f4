import type { Profile } from "../../abi/profile.ts";
import { listed } from "../schema/words.ts";
import type { Expected, Naming } from "../answers.ts";
import { appliesTo, type CallStep, type Fault, type LoopStep, type Step } from "../experiment.ts";
import type { ValueShape } from "../calls.ts";
import { childText } from "../places.ts";
import type { Errors } from "./atoms.ts";
import type { SourceDocument } from "./document.ts";
import { meant, pathParts } from "./errors.ts";

/** What is known when a step is reached. */
interface Scope {
  readonly results: Map<string, ValueShape["kind"]>;
  readonly tasks: Set<string>;
  /** The background call that each task is in. */
  readonly busy: Map<string, string>;
  /** What goes on and nobody has joined, each with its step; those that were joined stay with undefined. */
  readonly background: Map<string, CallStep | LoopStep | undefined>;
  readonly loops: Set<string>;
  readonly armed: Map<string, boolean>;
}

/**
 * Walks the workload as the profile will see it: what a step refers to must be there by then. The same mistake under two
 * profiles is told once.
 *
 * @param armedElsewhere the faults that a method arms.
 */
export function checkScope(
  document: SourceDocument,
  steps: readonly Step[],
  faults: readonly Fault[],
  armedElsewhere: ReadonlySet<string>,
  profiles: readonly Profile[],
  errors: Errors,
): void {
  for (const profile of profiles) {
    const found: Errors = [];
    walk(document, steps, faults, armedElsewhere, profile, found);
    const told = (one: Errors[number]): boolean =>
      errors.some((known) => known.line === one.line && known.column === one.column && known.found === one.found);
    errors.push(...found.filter((one) => !told(one)));
  }
}

function walk(
  document: SourceDocument,
  steps: readonly Step[],
  faults: readonly Fault[],
  armedElsewhere: ReadonlySet<string>,
  profile: Profile,
  errors: Errors,
): void {
  const here = faults.filter((fault) => appliesTo(fault.profile, profile));
  const scope: Scope = {
    results: new Map(),
    tasks: new Set(),
    busy: new Map(),
    background: new Map(),
    loops: new Set(),
    armed: new Map(here.map(({ rule, armed }) => [rule.id, armed])),
  };
  const everArmed = new Set(here.filter(({ armed }) => armed).map(({ rule }) => rule.id));
  for (const step of steps) {
    if (!appliesTo(step.profile, profile)) continue;
    const wrongIn =
      ({ path }: Pick<Step, "path">): Wrong =>
      (key, found, allowed, words) => {
        const hint = words && meant(found.replace(/^\$/, ""), words);
        errors.push(document.error(["spec", ...pathParts(path), ...key], { found, allowed, ...hint }));
      };
    const wrong = wrongIn(step);
    switch (step.t) {
      case "call":
        checkCall(step, scope, profile, wrong);
        break;
      case "join": {
        const call = scope.background.get(step.background);
        const joined = scope.background.has(step.background);
        if (call === undefined) {
          const open = [...scope.background].flatMap(([name, one]) => (one === undefined ? [] : [name]));
          wrong(
            ["join"],
            joined ? `${step.background} once more` : step.background,
            `a background call that was not joined yet (${listed(open) || "there is none"})`,
            open,
          );
          break;
        }
        scope.background.set(step.background, undefined);
        for (const task of tasksOf(call)) scope.busy.delete(task);
        checkExpected(step.expect[profile], ["expect"], scope, wrong);
        define(step.as, step.expect[profile], scope, wrong);
        break;
      }
      case "arm":
      case "disarm": {
        const armed = scope.armed.get(step.fault);
        const ids = [...scope.armed.keys()];
        if (armed === undefined)
          wrong([step.t], step.fault, `the id of a fault (${listed(ids) || "there is none"})`, ids);
        else if (armed === (step.t === "arm"))
          wrong(
            [step.t],
            `${step.fault}, which ${armed ? "is armed already" : "is not armed"}`,
            step.t === "arm" ? "a fault with armed: false, or one that was disarmed" : "a fault that is armed",
          );
        scope.armed.set(step.fault, step.t === "arm");
        if (step.t === "arm") everArmed.add(step.fault);
        break;
      }
      case "loop":
        checkLoop(step, scope, wrong);
        for (const one of step.steps) if (one.t === "call") checkCall(one, scope, profile, wrongIn(one));
        for (const task of tasksOf(step)) scope.busy.set(task, step.background);
        scope.background.set(step.background, step);
        scope.loops.add(step.background);
        break;
      case "freeze":
      case "wait":
      case "sleep":
        break;
    }
  }
  faults.forEach(({ rule, profile: limit }, i) => {
    if (!appliesTo(limit, profile) || everArmed.has(rule.id) || armedElsewhere.has(rule.id)) return;
    errors.push(
      document.error(["spec", "faults", i, "armed"], {
        found: "false, and no step that arms it",
        allowed: `a step {arm: ${rule.id}} or an action fault.arm, or a fault that is armed from the start`,
      }),
    );
  });
}

type Wrong = (key: PropertyKey[], found: string, allowed: string, words?: readonly string[]) => void;

const tasksOf = (step: CallStep | LoopStep): string[] =>
  (step.t === "call" ? [step] : step.steps).flatMap((one) => (one.t === "call" ? [one.task] : []));

function checkLoop({ background, times, until, leave }: LoopStep, scope: Scope, wrong: Wrong): void {
  if (scope.background.has(background))
    wrong(["loop"], `${background} once more`, "a name that nothing else has that goes on");
  if (until !== undefined && !scope.loops.has(until))
    wrong(["until"], until, `an earlier loop (${listed([...scope.loops]) || "there is none"})`, [...scope.loops]);
  if (times === undefined && until === undefined && !leave)
    wrong(["loop"], `${background}, which has no end`, "times, until, or leave: true");
}

function checkCall(step: CallStep, scope: Scope, profile: Profile, wrong: Wrong): void {
  const busy = scope.busy.get(step.task);
  // Somebody kills it: the exit is of all its threads.
  if (busy !== undefined && step.shape.call !== "exit")
    wrong(
      ["task"],
      `${step.task}, which is still in its background call ${busy}`,
      `another task, or {join: ${busy}} before: a task makes one call at a time`,
    );
  scope.tasks.add(step.task);
  for (const { name, kind } of step.shape.args) {
    const value = step.args[name];
    if (typeof value !== "object" || !("reference" in value)) continue;
    checkReference(value.reference, ["with", name], scope, wrong);
    const known = scope.results.get(value.reference);
    const wanted = kind === "text" || kind === "bytes" || kind === "address" ? "text" : "number";
    if (known !== undefined && (known === "number") !== (wanted === "number"))
      wrong(["with", name], `$${value.reference}, which is a ${known === "number" ? "number" : "text"}`, `a ${wanted}`);
  }
  const { child } = step.args;
  if (step.shape.call === "fork" && typeof child === "string" && child !== "") {
    const born = childText(step.task, child);
    if (scope.tasks.has(born)) wrong(["with", "child"], child, "a name that no task has yet");
    scope.tasks.add(born);
  }
  checkExpected(step.expect[profile], ["expect"], scope, wrong);
  if (step.background === undefined) {
    define(step.as, step.expect[profile], scope, wrong);
    return;
  }
  if (scope.background.has(step.background))
    wrong(["background"], `${step.background} once more`, "a name that no other background call has");
  scope.background.set(step.background, step);
  scope.busy.set(step.task, step.background);
}

function checkExpected(expected: Expected, path: PropertyKey[], scope: Scope, wrong: Wrong): void {
  if (expected.t === "reference") checkReference(expected.reference, path, scope, wrong);
  if (expected.t !== "fields") return;
  for (const { value, is } of expected.fields) checkExpected(is, [...path, "fields", value.name], scope, wrong);
}

function checkReference(name: string, path: PropertyKey[], scope: Scope, wrong: Wrong): void {
  const names = [...scope.results.keys()];
  if (!scope.results.has(name))
    wrong(
      path,
      `$${name}`,
      `the result of an earlier step (${listed(names.map((one) => `$${one}`)) || "there is none"})`,
      names,
    );
}

/** A call that must be refused or lost gives no name a value. */
function define(as: readonly Naming[], expected: Expected, scope: Scope, wrong: Wrong): void {
  for (const { name, value, at } of as) {
    const place = ["as", ...at];
    if (value === undefined) wrong(place, `as: ${name}`, "no name here: the call answers no value");
    else if (scope.results.has(name)) wrong(place, `${name} once more`, "a name that no earlier result has");
    else if (expected.t !== "refused" && expected.t !== "lost") scope.results.set(name, value.kind);
  }
}

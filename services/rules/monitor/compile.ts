import { assert } from "../../abi/assert.ts";
import { CONTRACT } from "../../abi/contract.generated.ts";
import type { TraceEvent } from "../../abi/event.ts";
import { globFits, ofCaller } from "../atoms/evaluate.ts";
import type { Atom, Pattern } from "../atoms/syntax.ts";
import { FACTS } from "../atoms/vocabulary.ts";
import type { RuleJudgement } from "../judgement.ts";
import { parseFormula } from "../language/parse.ts";
import { printAtom } from "../language/print.ts";
import type { Rule } from "../rule.ts";
import { Automaton } from "./automaton.ts";
import { Group, type CompiledRule, type Concern } from "./group.ts";
import { testOf, type Test } from "./conditions.ts";
import { keysOf } from "./keys.ts";

/** Events that all rules read alike. */
interface EventKind {
  readonly concerns: readonly Concern[];
}

/** Rules, ready to be judged; what was worked out for one trace serves the next. */
export interface CompiledRules {
  readonly rules: readonly CompiledRule[];
  readonly groups: readonly Group[];
  kindOf(event: TraceEvent): EventKind;
}

/** All rules' atoms, each once, with who reads it as which bit. */
interface SharedAtom {
  readonly atom: Atom;
  readonly readers: { readonly rule: CompiledRule; readonly bit: number }[];
}

/** Events of one point, phase and service, and the questions that tell their kinds apart. */
interface Shape {
  readonly certain: readonly SharedAtom[];
  readonly asked: readonly { readonly shared: SharedAtom; readonly test: Test }[];
  readonly kinds: Map<number | string, EventKind>;
}

const NOTHING: EventKind = { concerns: [] };
/** More answers than fit into a number are written as text. */
const ASKED_MAX = 30;

/** Prepares rules; they must be sound (check.ts says whether they are). */
export function compileRules(rules: readonly Rule[]): CompiledRules {
  const compiled = rules.map((rule, index): CompiledRule => {
    const parsed = parseFormula(rule.formula);
    assert(parsed.ok, `the formula of ${rule.id} can be read`);
    const vacuous: RuleJudgement = { rule, verdict: "vacuous", slices: 0, triggered: 0, violated: 0, violations: [] };
    const { formula } = parsed;
    return { rule, formula, automaton: new Automaton(formula), vacuous, index, group: 0, member: 0 };
  });
  const shared = atomsByName(sharedAtoms(compiled));
  const groups = groupsOf(compiled);
  const shapes = new Map<string, Map<string, Shape>>();

  const shapeOf = (event: TraceEvent): Shape => {
    const { point, phase, service } = event;
    let sides = shapes.get(point);
    if (sides === undefined) shapes.set(point, (sides = new Map<string, Shape>()));
    const side = SIDES[phase][service] ?? service;
    let shape = sides.get(side);
    if (shape === undefined) sides.set(side, (shape = makeShape(event, shared(point))));
    return shape;
  };

  return {
    rules: compiled,
    groups,
    kindOf(event) {
      const shape = shapeOf(event);
      const { asked, kinds } = shape;
      let answers: number | string = 0;
      if (asked.length <= ASKED_MAX) {
        let bits = 0;
        for (let i = 0; i < asked.length; i++) if (asked[i]?.test(event) === true) bits |= 1 << i;
        answers = bits;
      } else {
        answers = asked.map(({ test }) => (test(event) ? "1" : "0")).join("");
      }
      let kind = kinds.get(answers);
      if (kind === undefined) kinds.set(answers, (kind = makeKind(event, shape, groups)));
      return kind;
    },
  };
}

const SERVICES = ["task", "vfs", "inband", "companion", "nic", "lab", "any"] as const;
const sidesOf = (phase: string): Readonly<Record<string, string>> =>
  Object.fromEntries(SERVICES.map((service) => [service, `${phase} ${service}`]));
/** Phase and service as one word, without making it anew for each event. */
const SIDES = { enter: sidesOf("enter"), exit: sidesOf("exit"), fact: sidesOf("fact") } as const;

function sharedAtoms(rules: readonly CompiledRule[]): readonly SharedAtom[] {
  const shared = new Map<string, SharedAtom>();
  for (const rule of rules) {
    rule.automaton.program.atoms.forEach((atom, bit) => {
      const key = printAtom(atom);
      const known = shared.get(key) ?? { atom, readers: [] };
      shared.set(key, known);
      known.readers.push({ rule, bit });
    });
  }
  return [...shared.values()];
}

/** The atoms that may speak of events of a name. */
function atomsByName(shared: readonly SharedAtom[]): (point: string) => readonly SharedAtom[] {
  const named = new Map<string, SharedAtom[]>();
  const globs: SharedAtom[] = [];
  for (const one of shared) {
    const names = new Set(one.atom.patterns.map(({ name }) => name));
    if ([...names].some((name) => name.includes("*"))) globs.push(one);
    else for (const name of names) named.set(name, [...(named.get(name) ?? []), one]);
  }
  return (point) => [...(named.get(point) ?? []), ...globs];
}

/** Whether a pattern may describe events of this point, phase and service, whatever else they hold. */
function mayFit(event: TraceEvent, { name, phase, service, conditions }: Pattern): boolean {
  if (!globFits(name, event.point)) return false;
  if (phase !== undefined && phase !== event.phase) return false;
  if (service !== undefined) return service === event.service;
  return ofCaller(event) || conditions.some(({ field }) => field === "service");
}

function makeShape(event: TraceEvent, shared: readonly SharedAtom[]): Shape {
  const certain: SharedAtom[] = [];
  const asked: { shared: SharedAtom; test: Test }[] = [];
  for (const one of shared) {
    const tests = one.atom.patterns
      .filter((pattern) => mayFit(event, pattern))
      .map(({ conditions }) => (conditions.length === 0 ? undefined : testOf(conditions)));
    if (tests.length === 0) continue;
    if (tests.includes(undefined)) certain.push(one);
    else {
      const questions = tests.filter((test) => test !== undefined);
      const [only] = questions;
      const test: Test =
        questions.length === 1 && only !== undefined
          ? only
          : (asking) => questions.some((question) => question(asking));
      asked.push({ shared: one, test });
    }
  }
  return { certain, asked, kinds: new Map() };
}

function makeKind(event: TraceEvent, shape: Shape, groups: readonly Group[]): EventKind {
  const truths = new Map<CompiledRule, number>();
  const hold = [...shape.certain, ...shape.asked.filter(({ test }) => test(event)).map(({ shared }) => shared)];
  for (const { readers } of hold)
    for (const { rule, bit } of readers) truths.set(rule, (truths.get(rule) ?? 0) | (1 << bit));
  if (truths.size === 0) return NOTHING;
  const byGroup = new Map<number, Map<CompiledRule, number>>();
  for (const [rule, bits] of truths) {
    const read = byGroup.get(rule.group) ?? new Map<CompiledRule, number>();
    byGroup.set(rule.group, read.set(rule, bits));
  }
  return { concerns: [...byGroup].flatMap(([group, read]) => groups[group]?.concern(read) ?? []) };
}

/** Puts rules together that share keys and events, directly or through others: then an event looks for one slice, not for many. */
function groupsOf(rules: readonly CompiledRule[]): readonly Group[] {
  const names = [...Object.keys(CONTRACT), ...Object.keys(FACTS)];
  const groups = new Map<CompiledRule, CompiledRule[]>();
  const firstWith = new Map<string, CompiledRule>();
  for (const rule of rules) {
    groups.set(rule, [rule]);
    const keys = [...keysOf(rule.rule.forall), ...driftsOf(rule)].join(" ");
    const globs = new Set(rule.automaton.program.atoms.flatMap(({ patterns }) => patterns.map(({ name }) => name)));
    const meant = new Set([...globs].flatMap((glob) => [glob, ...names.filter((name) => globFits(glob, name))]));
    for (const name of meant) {
      const key = `${keys}|${name}`;
      const other = firstWith.get(key);
      if (other === undefined) firstWith.set(key, rule);
      else join(groups, other, rule);
    }
  }
  return [...new Set(groups.values())].map((members, group) => {
    members.sort((a, b) => a.index - b.index);
    members.forEach((rule, member) => Object.assign(rule, { group, member }));
    return new Group(keysOf(members[0]?.rule.forall ?? []), members);
  });
}

/** Counts that can grow apart without end: who shares them shares all their states, and nobody else should. */
const driftsOf = ({ automaton: { program } }: CompiledRule): readonly string[] =>
  program.steps
    .flatMap((step) =>
      step.t === "compare" && step.atMost === Infinity && step.atLeast === -Infinity ? [step.text] : [],
    )
    .sort();

function join(groups: Map<CompiledRule, CompiledRule[]>, a: CompiledRule, b: CompiledRule): void {
  const first = groups.get(a) ?? [];
  const second = groups.get(b) ?? [];
  if (first === second) return;
  for (const rule of second) {
    first.push(rule);
    groups.set(rule, first);
  }
}

import type { TraceEvent } from "../../abi/event.ts";
import { compare, fulfils, matches, nearlyMatches } from "../../rules/atoms/evaluate.ts";
import type { Atom } from "../../rules/atoms/syntax.ts";
import { silentHouses, untoldText, waitsFor } from "../../rules/silence.ts";
import type { Causality } from "../../rules/causality.ts";
import { eventText } from "../../rules/event-text.ts";
import type { Count, Exactly, Expectation, InOrder, Never } from "../expectation.ts";
import type { ExpectationRecord, Verdict } from "./journal.ts";

interface Finding {
  readonly verdict: Verdict;
  readonly why?: string;
}

const PASS: Finding = { verdict: "pass" };
const failed = (why: string): Finding => ({ verdict: "fail", why });
const uncertain = (why: string): Finding => ({ verdict: "inconclusive", why });

/** All atoms of an expectation that say what it waits for. */
function atomsOf(expectation: Expectation): readonly Atom[] {
  switch (expectation.t) {
    case "inOrder":
    case "exactly":
      return expectation.atoms;
    case "never":
      return [expectation.atom];
    case "count":
      return expectation.counts.map(({ atom }) => atom);
  }
}

/**
 * Compares what was expected of the events with what they show. What only a house could tell that tells nothing of itself, such as
 * a core of somebody's own, nobody knows.
 */
export function judgeExpectation(expectation: Expectation, causality: Causality): ExpectationRecord {
  const { path, line, title, where } = expectation;
  const events = causality.order.filter((event) => where.every((condition) => fulfils(event, condition)));
  // Whoever says the service in `where` has said which side of a crossing is meant.
  const anySide = where.some(({ field }) => field === "service");
  const is = (event: TraceEvent, atom: Atom): boolean => matches(event, atom, anySide);
  const silent = silentHouses(causality.order);
  const unknown = atomsOf(expectation).find(({ patterns }) => patterns.some((one) => waitsFor(one, silent)));
  const finding =
    unknown === undefined
      ? judge(expectation, events, is, causality)
      : uncertain(`nobody knows of ${unknown.text}: ${untoldText(silent)}`);
  return { path, line, title, ...finding };
}

type Is = (event: TraceEvent, atom: Atom) => boolean;

function judge(expectation: Expectation, events: readonly TraceEvent[], is: Is, causality: Causality): Finding {
  switch (expectation.t) {
    case "inOrder":
      return judgeOrder(expectation, events, is, causality);
    case "exactly":
      return judgeExactly(expectation, events, is, causality);
    case "never":
      return judgeNever(expectation, events, is);
    case "count":
      return judgeCount(expectation, events, is);
  }
}

/** How events must follow each other for a chain of atoms. */
type Follows = (earlier: TraceEvent, later: TraceEvent) => boolean;

/** For each atom the events that can stand for it, given those before; shorter than the atoms where the chain breaks. */
function chain(atoms: readonly Atom[], events: readonly TraceEvent[], is: Is, follows: Follows): TraceEvent[][] {
  const links: TraceEvent[][] = [];
  for (const atom of atoms) {
    const before = links.at(-1);
    const link = events.filter((event) => is(event, atom) && (before?.some((one) => follows(one, event)) ?? true));
    if (link.length === 0) break;
    links.push(link);
  }
  return links;
}

function judgeOrder({ atoms }: InOrder, events: readonly TraceEvent[], is: Is, causality: Causality): Finding {
  const sure = chain(atoms, events, is, (a, b) => causality.before(a, b));
  const atom = atoms[sure.length];
  if (atom === undefined) return PASS;
  const last = sure.at(-1)?.[0];
  const after = last === undefined ? "" : ` after ${eventText(last)}`;
  const possible = chain(atoms, events, is, (a, b) => a !== b && !causality.before(b, a));
  if (possible.length === atoms.length) {
    return uncertain(
      `${atom.text} happened, but nothing says that it came${after}: the order may be another one next time`,
    );
  }
  const elsewhere = events.find((event) => is(event, atom));
  if (elsewhere !== undefined)
    return failed(`nothing like ${atom.text}${after}; it came before: ${eventText(elsewhere)}`);
  return failed(`nothing like ${atom.text}${after}${nearMisses(atom, events)}`);
}

function judgeExactly(
  { atoms, points }: Exactly,
  events: readonly TraceEvent[],
  is: Is,
  causality: Causality,
): Finding {
  const selected = points === undefined ? events : events.filter((event) => points.some((point) => is(event, point)));
  const loose = selected.findIndex((event, i) => {
    const earlier = selected[i - 1];
    return earlier !== undefined && !causality.before(earlier, event);
  });
  const pair = selected
    .slice(loose - 1, loose + 1)
    .map(eventText)
    .join(" and ");
  for (let i = 0; i < Math.max(atoms.length, selected.length); i++) {
    const [atom, event] = [atoms[i], selected[i]];
    if (event === undefined)
      return failed(`only ${selected.length} of ${atoms.length} events; the next should be like ${atom?.text ?? ""}`);
    if (atom === undefined)
      return failed(`${selected.length} events instead of ${atoms.length}; the first too many is ${eventText(event)}`);
    if (is(event, atom)) continue;
    // Where two of them may change places, and there are as many as there should be, they may yet be the right ones.
    if (loose > 0 && atoms.length === selected.length) break;
    return failed(`event ${i + 1} should be like ${atom.text}, yet is ${eventText(event)}`);
  }
  return loose < 0 ? PASS : uncertain(`nothing orders ${pair}: they may change places next time`);
}

function judgeNever({ atom }: Never, events: readonly TraceEvent[], is: Is): Finding {
  const found = events.find((event) => is(event, atom));
  return found === undefined ? PASS : failed(`it happened: ${eventText(found)}`);
}

function judgeCount({ counts }: Count, events: readonly TraceEvent[], is: Is): Finding {
  for (const { atom, operator, number } of counts) {
    const found = events.filter((event) => is(event, atom));
    if (compare(found.length, operator, number)) continue;
    const wanted = operator === "==" ? `${number}` : `${operator} ${number}`;
    const shown = found.length === 0 ? nearMisses(atom, events) : `: ${someOf(found)}`;
    return failed(`${found.length} like ${atom.text}, where ${wanted} should be${shown}`);
  }
  return PASS;
}

const SHOWN_MAX = 3;

/** The events that an atom would describe if it were not for its conditions. */
function nearMisses(atom: Atom, events: readonly TraceEvent[]): string {
  const near = events.filter((event) => nearlyMatches(event, atom));
  if (near.length === 0) return "; no event of that name at all";
  return `; there was ${someOf(near)}`;
}

const someOf = (events: readonly TraceEvent[]): string =>
  [...events.slice(0, SHOWN_MAX).map(eventText), ...(events.length > SHOWN_MAX ? ["…"] : [])].join("; ");

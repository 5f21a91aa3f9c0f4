import { CONTRACT, type PointContract } from "../abi/contract.generated.ts";
import type { TraceEvent } from "../abi/event.ts";

/** Facts that one span keeps; what is more is counted. */
const FACTS_MAX = 64;
/** Links that one span keeps. */
const LINKS_MAX = 16;

/** Why a span was ended although its end was never recorded. */
export type GaveUp =
  /** The process that was in it has ended. */
  | "process_gone"
  /** Nothing was heard of its trace for longer than any call may take. */
  | "too_old"
  /** There was no room for more open traces. */
  | "no_room"
  /** Telemetry stopped before it ended. */
  | "stopped";

/** A span while its events come in; in whatever order houses tell theirs. */
export interface Draft {
  readonly span: number;
  readonly trace: number;
  parent: number;
  enter?: TraceEvent;
  exit?: TraceEvent;
  /** The side of a call; undefined for a span that is made of facts alone. */
  side?: "client" | "server";
  readonly facts: TraceEvent[];
  droppedFacts: number;
  readonly links: { readonly trace: number; readonly span: number; readonly by: string }[];
  droppedLinks: number;
  gaveUp?: GaveUp;
  /** The W3C context of a caller from elsewhere, whose ids are no numbers of ours. */
  remote?: string;
}

/** A draft of a span that an event names for the first time. */
export const newDraft = ({ span, trace, parent }: Pick<TraceEvent, "span" | "trace" | "parent">): Draft => ({
  span,
  trace,
  parent,
  facts: [],
  droppedFacts: 0,
  links: [],
  droppedLinks: 0,
});

/** The contract of an event's point; undefined for the name of a fact. */
export const contractOf = (point: string): PointContract | undefined =>
  (CONTRACT as Readonly<Record<string, PointContract | undefined>>)[point];

/** Puts a fact into its span. */
export function addFact(draft: Draft, fact: TraceEvent): void {
  if (fact.point === "remote_parent") draft.remote = String(fact.args["header"] ?? "").replace("traceparent: ", "");
  else if (draft.facts.length < FACTS_MAX) draft.facts.push(fact);
  else draft.droppedFacts++;
}

/** Notes that a span follows from another one that is not its parent. */
export function addLink(draft: Draft, trace: number, span: number, by: string): void {
  if (draft.links.some((link) => link.span === span)) return;
  if (draft.links.length < LINKS_MAX) draft.links.push({ trace, span, by });
  else draft.droppedLinks++;
}

/** Whether a call has begun and not ended. */
export const isOpen = ({ enter, exit, gaveUp }: Draft): boolean =>
  enter !== undefined && exit === undefined && gaveUp === undefined;

/** The event that a span is told by: its beginning, or, where that is not known, the first that there is. */
export const firstOf = ({ enter, facts, exit }: Draft): TraceEvent | undefined => enter ?? facts[0] ?? exit;

/** Facts that are a fault which was injected, or the trace of one. */
const FAULT_FACTS: ReadonlySet<string> = new Set(["frame_fault", "netem_refused", "blow"]);
/** Facts that say that something went wrong. */
const ERROR_FACTS: ReadonlySet<string> = new Set(["contract_breach", "lock_order", "peer_refused", "compensate"]);

/** Why a fact makes its trace worth keeping. */
export const alarmOf = ({ point }: TraceEvent): "fault" | "error" | undefined =>
  FAULT_FACTS.has(point) ? "fault" : ERROR_FACTS.has(point) ? "error" : undefined;

/**
 * The errnos that are ordinary control flow: the weak definition's own, by which a core says that a call is not its business.
 */
export const isRefusal = (contract: PointContract | undefined, errno: string): boolean =>
  errno !== "ENOIOCTLCMD" && errno !== contract?.weak;

import { errnoOf } from "../abi/errno.ts";
import type { Lost, Scalar, TraceEvent } from "../abi/event.ts";
import { contractOf, type Draft } from "./draft.ts";
import type { Attributes, SpanWorld } from "./span.ts";

/** Values of one kind that a span shows, and characters of a text; what is more is counted, or cut. */
const VALUES_MAX = 24;
const TEXT_MAX = 256;

/** The gRPC status that stands for a call which got no answer. Where it was refused the road was OK: an errno is data. */
const STATUS: Readonly<Record<Lost, string>> = {
  timeout: "DEADLINE_EXCEEDED",
  unreachable: "UNAVAILABLE",
  garbled: "INTERNAL",
  rejected: "FAILED_PRECONDITION",
};

const shown = (value: Scalar): Scalar =>
  typeof value === "string" && value.length > TEXT_MAX ? `${value.slice(0, TEXT_MAX)}…` : value;

/** Attributes in the making. */
interface Sheet {
  readonly all: Record<string, Scalar | readonly string[]>;
  dropped: number;
}

function put(sheet: Sheet, prefix: string, values: Readonly<Record<string, Scalar>>): void {
  let count = 0;
  for (const name in values) {
    const value = values[name];
    if (value === undefined) continue;
    if (count++ < VALUES_MAX) sheet.all[prefix + name] = shown(value);
    else sheet.dropped++;
  }
}

/** The attributes of a fact inside a span. Whose fact it is only where it is not the span's own house that tells it. */
export function factAttributes(fact: TraceEvent, owner: Pick<TraceEvent, "node" | "service">): Attributes {
  const sheet: Sheet = { all: { "tenon.seq": fact.seq, "tenon.lamport": fact.lamport }, dropped: 0 };
  if (fact.node !== owner.node || fact.service !== owner.service) {
    sheet.all["tenon.node"] = fact.node;
    sheet.all["tenon.service"] = fact.service;
  }
  put(sheet, "tenon.slice.", fact.slice);
  put(sheet, "tenon.args.", fact.args);
  if (fact.locks.length > 0) sheet.all["tenon.locks"] = fact.locks;
  return sheet.all;
}

/** What the conventions for RPC say of a call (OpenTelemetry semantic conventions 1.45). */
function putRpc({ all }: Sheet, first: TraceEvent, exit: TraceEvent | undefined, world: SpanWorld): void {
  const contract = contractOf(first.point);
  if (contract === undefined) return;
  // A house reaches itself without a road.
  const isGrpc = world.runtime === "distributed" && contract.from !== contract.to;
  all["rpc.system.name"] = isGrpc ? "grpc" : "tenon";
  all["rpc.service"] = contract.service;
  all["rpc.method"] = `${contract.service}/${contract.method}`;
  all["server.address"] = `${first.node}/${contract.to}`;
  if (isGrpc && exit !== undefined)
    all["rpc.response.status_code"] = exit.lost === undefined ? "OK" : STATUS[exit.lost];
  all["tenon.kind"] = contract.kind;
}

/** All that a span says of itself, under the conventions' names and ours. */
export function spanAttributes(
  draft: Draft,
  first: TraceEvent,
  world: SpanWorld,
  error: string | undefined,
): { readonly attributes: Attributes; readonly dropped: number } {
  const { enter, exit, gaveUp, side, facts } = draft;
  const sheet: Sheet = { all: {}, dropped: 0 };
  const { all } = sheet;
  if (side !== undefined) putRpc(sheet, first, exit, world);
  all["tenon.node"] = first.node;
  all["tenon.service"] = first.service;
  all["tenon.hook"] = first.point;
  if (side === undefined) all["tenon.kind"] = "fact";
  all["tenon.stage"] = first.stage;
  put(sheet, "tenon.slice.", first.slice);
  if (enter !== undefined || side === undefined) put(sheet, "tenon.args.", first.args);
  if (exit !== undefined) put(sheet, "tenon.result.", exit.args);
  if (exit?.ret !== undefined) all["tenon.ret"] = exit.ret;
  const errno = exit?.ret !== undefined && exit.ret < 0 ? errnoOf(exit.ret) : undefined;
  if (errno !== undefined) all["tenon.errno"] = errno;
  if (exit?.lost !== undefined) all["tenon.lost"] = exit.lost;
  if (gaveUp !== undefined) all["tenon.lost"] = "unfinished";
  if (gaveUp !== undefined) all["tenon.unfinished"] = gaveUp;
  if (enter === undefined && side !== undefined) all["tenon.begin_lost"] = true;
  const fault = exit?.fault ?? faultOf(facts);
  if (fault !== undefined) all["tenon.fault"] = fault;
  if (error !== undefined) all["error.type"] = errno ?? exit?.lost ?? (gaveUp === undefined ? "tenon" : "unfinished");
  if (first.locks.length > 0) all["tenon.locks"] = first.locks;
  all["tenon.seq"] = first.seq;
  all["tenon.lamport"] = first.lamport;
  const last = exit ?? facts.at(-1) ?? first;
  all["tenon.seq_end"] = last.seq;
  all["tenon.lamport_end"] = last.lamport;
  return { attributes: all, dropped: sheet.dropped };
}

/** The kind of a fault that struck a frame. */
function faultOf(facts: readonly TraceEvent[]): string | undefined {
  const fault = facts.find(({ point }) => point === "frame_fault");
  return fault === undefined ? undefined : `frame_fault ${fault.args["kind"] ?? ""}`;
}

import type { Context } from "../abi/context.ts";
import type {
  Errno,
  House,
  PointArgs,
  PointContract,
  PointName,
  PointValues,
  Stage,
} from "../abi/contract.generated.ts";
import type { Lost } from "../abi/event.ts";

/** One call on its way over the boundary, with all that the other side may know of it. */
export interface Invocation<P extends PointName = PointName> {
  readonly point: P;
  readonly args: PointArgs[P];
  /** The caller's number for it on this edge, from 1; the same number again is the same call. 0: not remembered. */
  readonly id: number;
  /** All ids of this caller up to this one have ended for it: their answers may be forgotten. */
  readonly settled: number;
  /** The calling process, such as `alpha/vfs#1`. */
  readonly caller: string;
  readonly from: House;
  readonly stage: Stage;
  readonly locks: readonly string[];
  readonly chain: readonly PointName[];
  readonly trace: number;
  /** The world's own number, the upper half of the trace id in W3C's form. */
  readonly origin: number;
  /** The caller's span for this call: the parent of what the receiver does. */
  readonly span: number;
  /** The caller's trace context as W3C has it: what a caller in another language sends instead of our numbers. */
  readonly traceparent?: string;
  /** The caller's stamp; set once, when the call leaves. */
  lamport: number;
  readonly task: string;
  readonly files: number;
  /**
   * What stays with the caller, no transport carries it: the span around the call, and word of a fault that the inner
   * interceptors leave for the outer ones.
   */
  readonly notes: { readonly parent: number; fault?: string };
}

/** How a call ends for the one who made it. */
export type Reply<P extends PointName = PointName> = Returned<P> | Refused | LostReply;

/** The hook returned. */
interface Returned<P extends PointName = PointName> {
  readonly kind: "returned";
  readonly value: PointValues[P];
}

/** The hook refused, with an errno that it decided. */
interface Refused {
  readonly kind: "refused";
  readonly errno: Errno;
}

/** No answer came; the other side may or may not have acted. */
interface LostReply {
  readonly kind: "lost";
  readonly why: Lost;
  /** One line for people: what was wrong on the road. */
  readonly reason?: string;
}

/** Nobody overrides this hook there: the empty weak definition answers. */
interface Unserved {
  readonly kind: "unserved";
}

/** What comes back over a transport. */
export type Answer<P extends PointName = PointName> = (Reply<P> | Unserved) & {
  /** The receiver's Lamport stamp; 0 where there was no receiver. */
  readonly lamport: number;
};

/** How an invocation travels and is answered. It never throws: whatever goes wrong on the road is an answer. */
export type Transport = (invocation: Invocation) => Promise<Answer>;

/** What stands around a transport. */
export type Interceptor = (next: Transport) => Transport;

/** The first interceptor listed is the outermost: it sees the call first and the answer last. */
export const boundary = (transport: Transport, interceptors: readonly Interceptor[]): Transport =>
  interceptors.reduceRight((next, interceptor) => interceptor(next), transport);

/** The context inside a call's own span, as its events carry it. */
export const contextOf = (invocation: Invocation): Context => ({
  task: invocation.task,
  files: invocation.files,
  stage: invocation.stage,
  locks: invocation.locks,
  chain: invocation.chain,
  trace: invocation.trace,
  span: invocation.span,
  parent: invocation.notes.parent,
});

/** The slice keys that a point's events carry, from its arguments and its context. */
export function sliceOf(
  contract: PointContract,
  args: object,
  context: Pick<Context, "task" | "files">,
): Record<string, number | string> {
  const slice: Record<string, number | string> = {};
  for (const key of contract.slice) {
    const value = (args as Record<string, unknown>)[key] ?? (key === "files" ? context.files : undefined);
    if (typeof value === "number" || typeof value === "string") slice[key] = value;
  }
  if (context.task !== "") slice["task"] = context.task;
  return slice;
}

/** A call of control: no task makes it, no trace shows it, no house remembers it. */
export const controlInvocation = <P extends PointName>(point: P, args: PointArgs[P], caller: string): Invocation => ({
  point,
  args,
  id: 0,
  settled: 0,
  caller,
  from: "lab",
  stage: "inband",
  locks: [],
  chain: [],
  trace: 0,
  origin: 0,
  span: 0,
  lamport: 0,
  task: "",
  files: 0,
  notes: { parent: 0 },
});

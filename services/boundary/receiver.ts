import type { Context } from "../abi/context.ts";
import { CONTRACT, type House, type PointContract, type PointName, type PointsTo } from "../abi/contract.generated.ts";
import { toRet } from "../abi/errno.ts";
import type { Ending } from "../abi/event.ts";
import type { Kit } from "../abi/kit.ts";
import { asImplemented } from "../abi/profile.ts";
import { eventArgs, retOf } from "../abi/values.ts";
import type { Blows } from "./blows.ts";
import type { FaultEngine, Strike } from "./faults/engine.ts";
import { teller } from "./faults/interceptor.ts";
import { injectAtServer } from "./faults/server.ts";
import { subjectOf } from "./faults/subject.ts";
import type { Handlers, Outcome } from "./hooks.ts";
import { sliceOf, type Answer, type Invocation, type Transport } from "./invocation.ts";
import { classOf } from "../abi/lock-class.ts";
import { createMemory } from "./memory.ts";
import { joinedTrace, tellRemote } from "./remote-trace.ts";

/** What a house needs to be called. */
export interface ReceiverParts<H extends keyof PointsTo & House> {
  readonly kit: Kit;
  readonly house: H;
  readonly handlers: Handlers<H>;
  readonly control: Handlers<"any">;
  /** The armed rules of this house, its process, and who strikes places for them; left out, no fault strikes here. */
  readonly faults?: { readonly engine: FaultEngine; readonly identity: string; readonly blows: Blows } | undefined;
  /** A broken invariant inside a handler: the runtime stops the service, and its log says in which call. */
  readonly onBroken: (error: unknown, during?: BrokenCall) => void;
}

/** The call in which an invariant broke. */
export interface BrokenCall extends Pick<Context, "trace" | "span" | "task"> {
  readonly point: string;
  readonly origin: number;
}

type Handler = (args: object, context: Context) => Outcome<PointName> | Promise<Outcome<PointName>>;

const NO_ARGS = {};

/** Why an invocation breaks its contract; undefined when it does not. */
function breachOf(
  contract: PointContract,
  invocation: Invocation,
  kit: Pick<Kit, "profile" | "house">,
): string | undefined {
  if (contract.to !== kit.house && contract.to !== "any") return `${contract.to} answers it, not ${kit.house}`;
  if (invocation.from !== contract.from) return `${contract.from} calls it, not ${invocation.from}`;
  if (contract.stage !== "either" && invocation.stage !== contract.stage) {
    return `it is called from the ${contract.stage} stage, not from ${invocation.stage}`;
  }
  if (contract.holds === undefined) return undefined;
  const promised = contract.holdsSwitch === undefined || !asImplemented(kit.profile, contract.holdsSwitch as "D6");
  const held = invocation.locks.some((lock) => classOf(lock) === contract.holds);
  return promised && !held ? `${contract.holds} is held on entry` : undefined;
}

/**
 * The far side of the boundary: checks stage, caller and locks against the contract, answers a repeated invocation id with
 * the first answer, records what the house did, then lets the hook's own file run. Design, section 2.
 */
export function createReceiver<H extends keyof PointsTo & House>(parts: ReceiverParts<H>): Transport {
  const { kit } = parts;
  const { events } = kit;
  const handlers: Readonly<Record<string, unknown>> = { ...parts.control, ...parts.handlers };
  const memory = createMemory();

  /** The rule that strikes a call which has arrived, if any. */
  function struckHere(invocation: Invocation, context: Context): Strike | undefined {
    if (parts.faults?.engine.armed !== true) return undefined;
    const subject = subjectOf(invocation, "server", parts.faults.identity);
    return parts.faults.engine.judge(subject, teller(parts, context, subject.slice, invocation.point));
  }

  async function act(handler: Handler, invocation: Invocation, contract: PointContract): Promise<Answer> {
    const span = events.newSpan();
    const trace = invocation.trace === 0 ? span : invocation.trace;
    try {
      const context: Context = {
        task: invocation.task,
        files: invocation.files,
        stage: invocation.stage,
        locks: invocation.locks,
        chain: [...invocation.chain, invocation.point],
        trace,
        span,
        parent: invocation.span,
      };
      const slice = events.recording ? sliceOf(contract, invocation.args, invocation) : NO_ARGS;
      if (events.recording) {
        events.record(context, invocation.point, "enter", slice, eventArgs(invocation.args));
        if (invocation.trace === 0 && invocation.traceparent !== undefined) tellRemote(events, context, invocation);
      }
      const strike = struckHere(invocation, context);
      const end = (args: object, ending: Ending): void => {
        if (!events.recording) return;
        const told = strike === undefined ? ending : { ...ending, fault: strike.rule };
        events.record(context, invocation.point, "exit", slice, eventArgs(args), told);
      };
      const run = async (args: object, within: Context): Promise<Answer> => {
        const pending = handler(args, within);
        const outcome = pending instanceof Promise ? await pending : pending;
        if (outcome.ok) end(outcome.value, { ret: retOf(outcome.value) });
        else end(NO_ARGS, { ret: toRet(outcome.errno) });
        return outcome.ok
          ? { kind: "returned", value: outcome.value, lamport: events.stamp() }
          : { kind: "refused", errno: outcome.errno, lamport: events.stamp() };
      };
      if (strike === undefined || parts.faults === undefined) return await run(invocation.args, context);
      const { engine, blows } = parts.faults;
      // What never comes is over when the caller gives it up.
      if (strike.bounded) kit.clock.after(contract.deadlineMs * 1e6, strike.end);
      const notTheHouses = (answer: Answer): void => {
        if (answer.kind === "returned") end(answer.value, { ret: retOf(answer.value) });
        else if (answer.kind === "refused") end(NO_ARGS, { ret: toRet(answer.errno) });
        else end(NO_ARGS, { lost: "unreachable" });
      };
      const how = { engine, kit, blows, contract, invocation, context, act: run, end: notTheHouses };
      return await injectAtServer(strike, how).finally(strike.end);
    } catch (error) {
      const { point, task } = invocation;
      parts.onBroken(error, { point, task, origin: events.origin, trace, span });
      return { kind: "lost", why: "unreachable", reason: "the service stopped", lamport: 0 };
    }
  }

  async function control(handler: Handler, invocation: Invocation): Promise<Answer> {
    const outcome = await handler(invocation.args, { ...invocation, span: 0, parent: 0 });
    return outcome.ok
      ? { kind: "returned", value: outcome.value, lamport: 0 }
      : { kind: "refused", errno: outcome.errno, lamport: 0 };
  }

  const at = (answer: Answer): Promise<Answer> => Promise.resolve(answer);
  return (came) => {
    const invocation = joinedTrace(came, events.origin);
    // The name came over a road: it may be none of ours.
    const contract = (CONTRACT as Readonly<Record<string, PointContract | undefined>>)[invocation.point];
    const handler = handlers[invocation.point] as Handler | undefined;
    if (contract === undefined || handler === undefined) return at({ kind: "unserved", lamport: events.stamp() });
    if (contract.kind === "control") return control(handler, invocation);
    events.merge(invocation.lamport);
    const note = (point: string, args: Record<string, string | number>): void => {
      const here: Context = { ...invocation, span: invocation.span, parent: 0 };
      events.fact(here, point, sliceOf(contract, invocation.args, invocation), { point: invocation.point, ...args });
    };
    const breach = breachOf(contract, invocation, kit);
    if (breach !== undefined) {
      note("contract_breach", { breach, caller: invocation.caller });
      return at({ kind: "lost", why: "rejected", reason: `${invocation.point}: ${breach}`, lamport: events.stamp() });
    }
    if (invocation.id === 0) return act(handler, invocation, contract);
    const recall = memory.recall(invocation.caller, invocation.id, invocation.settled);
    if (recall === "FORGOTTEN") {
      note("contract_breach", { breach: "the invocation id is too old to know", caller: invocation.caller });
      return at({
        kind: "lost",
        why: "rejected",
        reason: `invocation ${invocation.id} is too old to know`,
        lamport: events.stamp(),
      });
    }
    if (recall !== "NEW") {
      note("repeated", { id: invocation.id });
      return recall;
    }
    const answer = act(handler, invocation, contract);
    memory.remember(invocation.caller, invocation.id, answer);
    return answer;
  };
}

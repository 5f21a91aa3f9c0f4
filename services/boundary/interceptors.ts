import { CONTRACT } from "../abi/contract.generated.ts";
import type { Ending, EventArgs, EventLog } from "../abi/event.ts";
import type { Clock } from "../abi/kit.ts";
import { toRet } from "../abi/errno.ts";
import { eventArgs, retOf, zeroValue } from "../abi/values.ts";
import { contextOf, sliceOf, type Answer, type Interceptor, type Invocation } from "./invocation.ts";

const NO_ARGS = {};

/**
 * Records that a call begins and how it ended. Outermost, so that an injected fault shows up like a real one, with its
 * rule's name.
 */
export const trace =
  (events: EventLog): Interceptor =>
  (next) =>
  async (invocation) => {
    if (!events.recording) {
      invocation.lamport = events.stamp();
      const answer = await next(invocation);
      events.merge(answer.lamport);
      return answer;
    }
    const contract = CONTRACT[invocation.point];
    const context = contextOf(invocation);
    const slice = sliceOf(contract, invocation.args, invocation);
    events.record(context, invocation.point, "enter", slice, eventArgs(invocation.args));
    invocation.lamport = events.stamp();
    const answer = await next(invocation);
    events.merge(answer.lamport);
    const { fault } = invocation.notes;
    const end = (args: EventArgs, ending: Ending): void =>
      events.record(
        context,
        invocation.point,
        "exit",
        slice,
        args,
        fault === undefined ? ending : { ...ending, fault },
      );
    if (answer.kind === "returned") {
      end(eventArgs(answer.value), { ret: retOf(answer.value) });
    } else if (answer.kind === "refused") {
      end(NO_ARGS, { ret: toRet(answer.errno) });
    } else if (answer.kind === "lost") {
      end(answer.reason === undefined ? NO_ARGS : { reason: answer.reason }, { lost: answer.why });
    }
    return answer;
  };

/**
 * Holds the answer to the contract.
 *
 * Where nobody overrides a hook, the empty weak definition answers: zero, nothing, false, or the contract's errno. An errno
 * from a point that returns nothing is dropped, one that the point does not name is passed on; both are recorded. A core in
 * another language finds its mistakes here.
 */
export const contractual =
  (events: EventLog): Interceptor =>
  (next) =>
  async (invocation) => {
    const answer = await next(invocation);
    if (answer.kind === "returned" || answer.kind === "lost") return answer;
    const contract = CONTRACT[invocation.point];
    const zero = (): Answer => ({ kind: "returned", value: zeroValue(contract), lamport: answer.lamport });
    if (answer.kind === "unserved") {
      return contract.weak === undefined ? zero() : { kind: "refused", errno: contract.weak, lamport: answer.lamport };
    }
    if (contract.kind === "call" || contract.errnos.includes(answer.errno) || answer.errno === contract.weak)
      return answer;
    const cannotRefuse = contract.errnos.length === 0;
    const breach = cannotRefuse ? "it cannot refuse" : `its errnos are ${contract.errnos.join(" ")}`;
    events.fact(contextOf(invocation), "contract_breach", sliceOf(contract, invocation.args, invocation), {
      point: invocation.point,
      breach: `answered ${answer.errno}, yet ${breach}`,
    });
    return cannotRefuse ? zero() : answer;
  };

/**
 * Asks once more, with the same invocation id, where the contract says so and no answer came. After a lost request the
 * hook happens after all; after a lost reply the receiver answers from memory and does not act twice.
 */
export const retry =
  (events: EventLog): Interceptor =>
  (next) =>
  async (invocation) => {
    const answer = await next(invocation);
    if (answer.kind !== "lost" || answer.why === "rejected") return answer;
    const contract = CONTRACT[invocation.point];
    if (contract.onLost !== "retry") return answer;
    const context = contextOf(invocation);
    events.fact(context, "retry", sliceOf(contract, invocation.args, invocation), {
      point: invocation.point,
      after: answer.why,
    });
    return next({ ...invocation, lamport: events.stamp() });
  };

/**
 * Bounds the wait for one answer. Outside the faults, so that a lost hook costs exactly what it would cost in life. The
 * only place that says `timeout`.
 */
export const deadline =
  (clock: Clock, deadlineNs: (invocation: Invocation) => number): Interceptor =>
  (next) =>
  (invocation) =>
    new Promise<Answer>((resolve, reject) => {
      const timer = clock.after(deadlineNs(invocation), () => {
        resolve({ kind: "lost", why: "timeout", lamport: 0 });
      });
      next(invocation).then((answer) => {
        timer.cancel();
        resolve(answer);
      }, reject);
    });

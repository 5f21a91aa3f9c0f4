import { CONTRACT, type House, type PointName, type PointsFrom } from "../abi/contract.generated.ts";
import type { Kit } from "../abi/kit.ts";
import type { Blows } from "./blows.ts";
import type { FaultEngine } from "./faults/engine.ts";
import { faults } from "./faults/interceptor.ts";
import type { Hooks } from "./hooks.ts";
import { createInvocationIds, type InvocationIds } from "./ids.ts";
import { contractual, deadline, retry, trace } from "./interceptors.ts";
import { boundary, type Invocation, type Reply, type Transport } from "./invocation.ts";

/** What a house needs to make calls. */
export interface CallerParts {
  readonly kit: Kit;
  /** The calling process, such as `alpha/vfs#1`; unique, and another one after a restart. */
  readonly identity: string;
  /** How to reach a house; undefined where none is there, and the weak definition answers. */
  readonly reach: (house: House) => Transport | undefined;
  readonly engine: FaultEngine;
  /** Who strikes places for rules of this house; left out, there is nothing that could be struck. */
  readonly blows?: Blows | undefined;
  /** Overrides the contract's deadline for a point, in nanoseconds. */
  readonly deadlineNs?: (point: PointName) => number | undefined;
}

/** Nobody there: the empty weak definitions of a kernel without that house. */
const nobody: Transport = () => Promise.resolve({ kind: "unserved", lamport: 0 });

/** Who strikes where there is nothing that could be struck. */
export const NOTHING_TO_STRIKE: Blows = { strike: () => Promise.resolve() };

/**
 * The near side of the boundary: one function per point that `house` calls.
 *
 * Around the transport stand, outermost first: trace, the contract's hold on the answer, the retry, the deadline, the faults. Design, section 2 (which names trace, deadline, faults; the others have their place between).
 */
export function createCaller<H extends keyof PointsFrom & House>(house: H, parts: CallerParts): Hooks<H> {
  const { kit, identity, engine } = parts;
  const { events, clock } = kit;
  const edges = new Map<House, InvocationIds>();
  const edgeTo = (to: House): InvocationIds => {
    const known = edges.get(to);
    if (known !== undefined) return known;
    const made = createInvocationIds();
    edges.set(to, made);
    return made;
  };
  const deadlineNs = (invocation: Invocation): number =>
    parts.deadlineNs?.(invocation.point) ?? CONTRACT[invocation.point].deadlineMs * 1e6;
  const wrapped = new Map<House, Transport>();
  const towards = (to: House): Transport => {
    const known = wrapped.get(to);
    if (known !== undefined) return known;
    const transport = boundary(parts.reach(to) ?? nobody, [
      trace(events),
      contractual(events),
      retry(events),
      deadline(clock, deadlineNs),
      faults({ engine, kit, identity, ids: edgeTo(to), blows: parts.blows ?? NOTHING_TO_STRIKE }),
    ]);
    wrapped.set(to, transport);
    return transport;
  };

  const hooks: Record<string, unknown> = {};
  for (const contract of Object.values(CONTRACT)) {
    if (contract.from !== house || contract.kind === "control") continue;
    const call: Hooks<"vfs">["install_inband_fd"] = async (context, args) => {
      const span = events.newSpan();
      const ids = edgeTo(contract.to);
      const id = ids.fresh();
      const answer = await towards(contract.to)({
        point: contract.name,
        args,
        id,
        settled: ids.settled(),
        caller: identity,
        from: house,
        stage: context.stage,
        locks: context.locks,
        chain: context.chain,
        trace: context.trace === 0 ? span : context.trace,
        origin: events.origin,
        span,
        lamport: 0,
        task: context.task,
        files: context.files,
        notes: { parent: context.span },
      });
      ids.end(id);
      return answer as Reply<"install_inband_fd">;
    };
    hooks[contract.name] = call;
  }
  return hooks as Hooks<H>;
}

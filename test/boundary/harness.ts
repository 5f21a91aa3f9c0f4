import { outermost, type Context } from "../../services/abi/context.ts";
import type { FaultEffect, FaultRule, FaultSelect } from "../../services/abi/contract.generated.ts";
import { ok } from "../../services/abi/result.ts";
import type { Blows } from "../../services/boundary/blows.ts";
import { createCaller, NOTHING_TO_STRIKE } from "../../services/boundary/caller.ts";
import { seenBy } from "../../services/boundary/faults/seen.ts";
import { createFaultEngine, type FaultEngine } from "../../services/boundary/faults/engine.ts";
import type { Handlers, Hooks } from "../../services/boundary/hooks.ts";
import type { Transport } from "../../services/boundary/invocation.ts";
import { createReceiver } from "../../services/boundary/receiver.ts";
import type { Profile } from "../../services/abi/profile.ts";
import { createEventRing } from "../../services/boundary/events/ring.ts";
import { manualClock, testKit, type TestKit } from "../kit.ts";

/** A VFS that calls and a core that answers, with nothing but a copy between them. */
export interface Pair {
  readonly hooks: Hooks<"vfs">;
  readonly engine: FaultEngine;
  readonly kit: TestKit;
  readonly broken: unknown[];
  /** The invocations that reached the core. */
  readonly arrived: string[];
}

export const LOCKED: Context = { ...outermost("app", 1), locks: ["files.file_lock:1"], chain: ["sys_open"] };
export const INSTALL = { fd: 3, file: 7, oob_data: 1, files: 1 };

export function pair(
  handlers: Handlers<"companion">,
  options: { profile?: Profile; around?: (serve: Transport) => Transport; blows?: Blows; server?: true } = {},
): Pair {
  const clock = manualClock();
  const ring = createEventRing(4096);
  const kit = testKit("vfs", { clock, ring, ...options });
  const core = testKit("companion", { clock, ring, process: 2, ...options });
  const engine = createFaultEngine(1n);
  const watched = { ...kit, events: seenBy(engine, kit) };
  const broken: unknown[] = [];
  const arrived: string[] = [];
  const receiver = createReceiver({
    kit: core,
    house: "companion",
    handlers,
    control: {},
    onBroken: (error) => broken.push(error),
    ...(options.server && { faults: { engine, identity: "alpha/companion#1", blows: NOTHING_TO_STRIKE } }),
  });
  const serve: Transport = (invocation) => {
    arrived.push(`${invocation.point}#${invocation.id}`);
    return receiver(structuredClone(invocation));
  };
  const road = options.around?.(serve) ?? serve;
  const hooks = createCaller("vfs", {
    kit: watched,
    identity: "alpha/vfs#1",
    engine,
    reach: () => road,
    blows: options.blows,
  });
  return { hooks, engine, kit, broken, arrived };
}

/** Handlers that accept everything and count. */
export function counting(): { readonly handlers: Handlers<"companion">; readonly acted: string[] } {
  const acted: string[] = [];
  return {
    acted,
    handlers: {
      install_inband_fd: ({ fd }) => {
        acted.push(`install ${fd}`);
        return ok({});
      },
      uninstall_inband_fd: ({ fd }) => {
        acted.push(`uninstall ${fd}`);
        return ok({});
      },
      oob_open_file: ({ file }) => {
        acted.push(`open ${file}`);
        return ok({ oob_data: 100 + file });
      },
    },
  };
}

export const select = (some: Partial<FaultSelect> = { nth: [{ from: 1, to: 1 }] }): FaultSelect => ({
  nth: [],
  every: 0,
  interval: 0,
  times: 0,
  ...some,
});

export const rule = (point: string, effect: Partial<FaultEffect>, more: Partial<FaultRule> = {}): FaultRule => ({
  id: "f1",
  point,
  select: select(),
  effect: { delay_ns: 0, ...effect },
  ...more,
});

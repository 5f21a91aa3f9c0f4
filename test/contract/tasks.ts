import { outermost, type Context } from "../../services/abi/context.ts";
import type { PointName, PointValues } from "../../services/abi/contract.generated.ts";
import type { TraceEvent } from "../../services/abi/event.ts";
import { O } from "../../services/abi/flags.ts";
import type { Reply } from "../../services/boundary/invocation.ts";
import type { World } from "../../services/lab/world.ts";

/** The value of a reply that must be one. */
export function value<P extends PointName>(reply: Reply<P>): PointValues[P] {
  if (reply.kind !== "returned") throw new Error(`not returned: ${JSON.stringify(reply)}`);
  return reply.value;
}

/** A reply in short: `returned`, an errno, or `lost(why)`. */
export const short = (reply: Reply): string =>
  reply.kind === "returned" ? "returned" : reply.kind === "refused" ? reply.errno : `lost(${reply.why})`;

/** A task that makes calls, as a program does. */
export interface Task {
  readonly name: string;
  readonly files: number;
  readonly inband: Context;
  readonly oob: Context;
  open(path: string, flags?: number): Promise<Reply<"sys_open">>;
  close(fd: number): Promise<Reply<"sys_close">>;
  attach(): Promise<Reply<"oob_attach_thread">>;
  read(fd: number): Promise<string>;
  write(fd: number, text: string): Promise<Reply<"oob_write">>;
}

export async function spawn(world: World, name: string): Promise<Task> {
  const { files } = value(await world.calls.sys_spawn(outermost(name), { name }));
  return taskOf(world, name, files);
}

export function taskOf(world: World, name: string, files: number): Task {
  const inband = outermost(name, files);
  const oob = outermost(name, files, "oob");
  return {
    name,
    files,
    inband,
    oob,
    open: (path, flags = O.O_RDWR) => world.calls.sys_open(inband, { path, flags }),
    close: (fd) => world.calls.sys_close(inband, { fd }),
    attach: () => world.calls.oob_attach_thread(inband, { cap_sys_nice: true, priority: 0 }),
    async read(fd) {
      const reply = await world.calls.oob_read(oob, { fd, count: 100 });
      return reply.kind === "returned" ? new TextDecoder().decode(reply.value.data) : short(reply);
    },
    write: (fd, text) => world.calls.oob_write(oob, { fd, data: new TextEncoder().encode(text) }),
  };
}

export const RULE_FIRST = { nth: [{ from: 1, to: 1 }], every: 0, interval: 0, times: 0 };

/** All that a world records, from now on. */
export function record(world: World): TraceEvent[] {
  const events: TraceEvent[] = [];
  world.onEvents((batch) => events.push(...batch));
  return events;
}

/** Resolves when an event has come that is so. */
export const until = (world: World, is: (event: TraceEvent) => boolean): Promise<TraceEvent> =>
  new Promise((resolve) => {
    const stop = world.onEvents((batch) => {
      const found = batch.find(is);
      if (found === undefined) return;
      stop();
      resolve(found);
    });
  });

/** The points of the calling houses' events, by lamport: the story of a run without its timing. */
export const story = (events: readonly TraceEvent[]): string[] =>
  [...events]
    .sort((a, b) => a.lamport - b.lamport)
    .map(
      ({ service, point, phase, ret, lost }) =>
        `${service}:${point}.${phase}${ret === undefined ? "" : `(${ret})`}${lost === undefined ? "" : `(${lost})`}`,
    );

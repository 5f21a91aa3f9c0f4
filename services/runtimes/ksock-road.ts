import { outermost, type Context } from "../abi/context.ts";
import type { PointArgs } from "../abi/contract.generated.ts";
import type { KsockPoint, KsockReply, Road } from "../ksock/road.ts";
import type { Clock } from "../abi/kit.ts";
import type { World } from "../lab/world.ts";
import type { KsockService } from "../transports/grpc/ksock-server.ts";

/** How long to wait before a thread is interrupted once more that has not ended its call, at first and at most. */
const PAUSE_NS = 1_000_000;
const PAUSE_MAX_NS = 1_000_000_000;

/**
 * How a module of a node's kernel reaches that kernel's sockets, in every runtime: as its tasks make their calls. A task makes one
 * call at a time, so a module has a thread for each call that is under way.
 *
 * Who gives a call up has its thread interrupted until the call has ended: an interruption may overtake the call, or be lost. One may
 * still be on its way then, so the thread gets no other call.
 *
 * @param module the name under which it shows in traces; its further threads are `module/2` and so on.
 */
export function ksockRoad(world: World, node: string, module: string): Road | undefined {
  const calls = world.nodes.get(node)?.calls;
  if (calls === undefined) return undefined;
  const idle: Context[] = [];
  let threads = 0;
  const newThread = (): Context => outermost(++threads === 1 ? module : `${module}/${threads}`);
  async function interrupt({ task }: Context, calling: Promise<unknown>): Promise<void> {
    const until = { over: false };
    const end = (): void => void (until.over = true);
    calling.then(end, end);
    for (let pauseNs = PAUSE_NS; !until.over; pauseNs = Math.min(pauseNs * 2, PAUSE_MAX_NS)) {
      await calls?.ksock_interrupt(outermost(`${task}/signal`), { thread: task });
      await world.clock.sleepNs(pauseNs);
    }
  }
  return {
    async call<P extends KsockPoint>(point: P, args: PointArgs[P], gone?: AbortSignal): Promise<KsockReply<P>> {
      const call: (within: Context, args: PointArgs[P]) => Promise<KsockReply<P>> = calls[point];
      const thread = idle.pop() ?? newThread();
      const calling = call(thread, args);
      // A close waits on behalf of nobody.
      const giveUp = (): void => void (point !== "ksock_close" && interrupt(thread, calling));
      gone?.addEventListener("abort", giveUp, { once: true });
      if (gone?.aborted === true) giveUp();
      try {
        return await calling;
      } finally {
        gone?.removeEventListener("abort", giveUp);
        if (gone?.aborted !== true) idle.push(thread);
      }
    },
    sleepNs: (ns) => world.clock.sleepNs(ns),
  };
}

/** The kernel sockets of whatever world is there, for programs outside of it. One module of each node stands for all of them. */
export function ksockServiceOf(current: () => Promise<World>, clock: Clock): KsockService {
  const roads = new WeakMap<World, Map<string, Road | undefined>>();
  return {
    clock,
    async road(node) {
      const world = await current();
      const known = roads.get(world) ?? new Map<string, Road | undefined>();
      roads.set(world, known);
      const name = node === "" ? world.node : node;
      if (!known.has(name)) known.set(name, ksockRoad(world, name, "ksock"));
      return known.get(name);
    },
  };
}

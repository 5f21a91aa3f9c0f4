import { outermost } from "../abi/context.ts";
import { CONTRACT, type House, type PointName } from "../abi/contract.generated.ts";
import type { Kit } from "../abi/kit.ts";
import type { Blows } from "../boundary/blows.ts";
import type { Transport } from "../boundary/invocation.ts";
import { control } from "./control.ts";

/** The in-band stage of one node, which can be made to stand still for a time. */
export interface StageFreezer {
  /** Answers why it cannot. Resolves when it stands still. */
  freeze(forNs: number): Promise<string | undefined>;
  /** The road of the node's tasks to a house: what they do in-band waits until the stage goes on. */
  outgoing(transport: Transport): Transport;
  /** How long a call that a task begins now may take, where that is longer than usual. */
  deadlineNs(point: PointName): number | undefined;
}

/** A house that can be reached. */
interface Reached {
  readonly node: string;
  readonly house: House;
  readonly transport: Transport;
}

/** What the in-band stage of a node is made of, besides what runs in-band in the house of its NICs. */
const IN_BAND: readonly House[] = ["vfs", "inband"];

/**
 * The in-band stage of a node stands still: its VFS and its in-band stack hang, as houses do; the house of the NICs goes on, and
 * only what drivers do in-band stops in it; tasks make no in-band call, wherever it goes. The core goes on. It is told by facts
 * in the log of the node's tasks (`stage_freeze`, `stage_thaw`).
 *
 * @param kit that of the tasks of the node. @param links the houses that can be reached, of all nodes.
 */
export function createStageFreezer(kit: Kit, links: readonly Reached[], blows: Blows | undefined): StageFreezer {
  const { node, clock, events } = kit;
  const context = outermost("", 0, "inband");
  const place = `${node}/inband`;
  let untilNs = 0;
  const leftNs = (): number => Math.max(0, untilNs - clock.nowNs());

  return {
    async freeze(forNs) {
      if (blows === undefined) return "the places of this world cannot be struck";
      if (leftNs() > 0) return `the in-band stage of ${node} stands still already`;
      events.fact(context, "stage_freeze", {}, { place, for_ns: forNs });
      untilNs = clock.nowNs() + forNs;
      // Before the others are told: in virtual time it is the first thing that happens when they go on.
      clock.after(forNs, () => events.fact(context, "stage_thaw", {}, { place }));
      const own = links.filter((link) => link.node === node);
      const hang = (house: House): Promise<void> =>
        blows.strike(
          { kind: "hang", delay_ns: 0, blow: { place: `${node}/${house}`, peer: "", for_ns: forNs } },
          CONTRACT.sys_open,
          events.stamp(),
        );
      await Promise.all([
        ...own.filter(({ house }) => IN_BAND.includes(house)).map(({ house }) => hang(house)),
        ...own
          .filter(({ house }) => house === "nic")
          .map(({ transport }) => control(transport, "ctl_freeze_stage", { node, for_ns: forNs })),
      ]);
      return undefined;
    },
    outgoing: (transport) => async (invocation) => {
      while (invocation.stage === "inband" && leftNs() > 0) await clock.sleepNs(leftNs());
      return transport(invocation);
    },
    deadlineNs: (point) => {
      const { stage, deadlineMs } = CONTRACT[point];
      return stage === "oob" || leftNs() === 0 ? undefined : deadlineMs * 1e6 + leftNs();
    },
  };
}

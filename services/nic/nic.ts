import { assert } from "../abi/assert.ts";
import { outermost, type Context } from "../abi/context.ts";
import type { PointValues } from "../abi/contract.generated.ts";
import type { Kit } from "../abi/kit.ts";
import { parseNetem } from "../abi/netem.ts";
import type { NodeSpec } from "../abi/topology.ts";
import type { Handlers, Hooks } from "../boundary/hooks.ts";
import { netifDisableOobDiversion } from "./calls/netif-disable-oob-diversion.ts";
import { netifEnableOobDiversion } from "./calls/netif-enable-oob-diversion.ts";
import { nicLink } from "./calls/nic-link.ts";
import { nicNetem, ringProblem, setNetem } from "./calls/nic-netem.ts";
import { createCard, type NicPorts } from "./card.ts";
import { listNetwork } from "./list-network.ts";
import { createInbandStage } from "./model/inband-stage.ts";
import type { Nics } from "./state.ts";

/** The network interface controllers of a node. */
export interface Nic {
  readonly handlers: Handlers<"nic">;
  /** The NICs and what happened to their frames. */
  listNetwork(): PointValues["ctl_list_network"];
  /** What drivers do in-band stands still for so long: all of a stock driver, and what a capable one does for the stack. */
  freezeStage(forNs: number): void;
  /**
   * Begins to receive, tells the in-band stack of every carrier, and plays the recordings. Once. Where it took the place of
   * another one, it tells the core, too, and does not wait for what that makes of it.
   */
  start(): Promise<void>;
}

/**
 * Builds the NICs of a node. Nothing moves before `start`: frames wait in their links.
 *
 * @param incarnation which of the house's lives this is, from 1.
 */
export function createNic(kit: Kit, hooks: Hooks<"nic">, node: NodeSpec, ports: NicPorts, incarnation = 1): Nic {
  const inband = createInbandStage(kit.clock);
  const cards = new Map(node.nics.map((spec) => [spec.name, createCard(kit, hooks, spec, ports, inband)]));
  const nics: Nics = { kit, node, cards };
  for (const card of cards.values()) {
    const parsed = parseNetem(card.device.spec.netem);
    assert(parsed.ok, "the netem of a world was checked when the world was read");
    setNetem(card, parsed.netem);
  }

  const answering =
    <A, R>(answer: (nics: Nics, args: A, context: Context) => R) =>
    (args: A, context: Context): R =>
      answer(nics, args, context);
  return {
    handlers: {
      netif_enable_oob_diversion: answering(netifEnableOobDiversion),
      netif_disable_oob_diversion: answering(netifDisableOobDiversion),
      nic_link: answering(nicLink),
      nic_netem: answering(nicNetem),
    },
    listNetwork: () => listNetwork(nics),
    freezeStage: (forNs) => inband.freeze(forNs),
    async start() {
      if (incarnation > 1) void hooks.oob_nic_ready(outermost("", 0, "inband"), {});
      for (const card of cards.values()) {
        card.start();
        // A world does not say what carries its links: known only now, when they are up.
        const parsed = parseNetem(card.device.spec.netem);
        const why = parsed.ok ? ringProblem(card, parsed.netem) : undefined;
        const { dev } = card.device;
        if (why !== undefined) kit.events.fact(outermost("", 0, "inband"), "netem_refused", { dev }, { why });
      }
      for (const card of cards.values()) await card.tellCarrier(outermost("", 0, "inband"));
      for (const card of cards.values()) if (card.device.link) card.linked();
    },
  };
}

import type { Ipv4Packet } from "../../abi/packet/ipv4.ts";
import type { Arrival } from "../../abi/packet/fragment-queue.ts";
import type { Core } from "../state.ts";
import { ends } from "./ends.ts";
import type { RxFrame } from "./state.ts";

/**
 * Out-of-band, in the receive thread. Keeps a fragment until its datagram is whole, or is given up.
 *
 * @returns what became of the frame itself; undefined while it waits. The other frames of its datagram end here.
 */
export function reassemble(
  core: Core,
  rx: RxFrame,
  packet: Ipv4Packet,
  whole: (datagram: Ipv4Packet, pieces: readonly RxFrame[]) => string,
): string | undefined {
  const { net, kit } = core;
  const arrival: Arrival = { packet, ifindex: rx.port?.ifindex ?? 0, toHost: true };
  const outcome = net.reassembler.add(arrival, kit.clock.nowNs());
  switch (outcome.t) {
    case "held":
      net.fragments.set(packet, rx);
      kit.events.fact(rx.context, "oob_hold", { dev: rx.dev, frame: rx.frame });
      collectLater(core);
      return undefined;
    case "dropped":
      endAll(core, outcome.arrivals, outcome.drop);
      return outcome.drop;
    case "complete": {
      const held = outcome.arrivals.map((one) => net.fragments.get(one.packet)).filter((one) => one !== undefined);
      const fate = whole(outcome.packet, [...held, rx]);
      endAll(core, outcome.arrivals, fate);
      return fate;
    }
  }
}

/** Ends the frames that waited; the one that decided their fate is not among them, and ends by itself. */
function endAll(core: Core, arrivals: readonly Arrival[], fate: string): void {
  for (const { packet } of arrivals) {
    const rx = core.net.fragments.get(packet);
    core.net.fragments.delete(packet);
    if (rx !== undefined) ends(core, rx, fate);
  }
}

/** The receive thread gives up what is too old, when it is; one timer is enough, since all wait equally long. */
function collectLater(core: Core): void {
  const { net, kit } = core;
  const atNs = net.reassembler.pollAtNs();
  if (atNs === undefined || net.fragmentTimer !== undefined) return;
  net.fragmentTimer = kit.clock.after(Math.max(0, atNs - kit.clock.nowNs()), () => {
    net.fragmentTimer = undefined;
    for (const { arrivals } of net.reassembler.tick(kit.clock.nowNs())) endAll(core, arrivals, "fragment_timeout");
    collectLater(core);
  });
}

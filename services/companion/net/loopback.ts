import { buildEthernet } from "../../abi/packet/ethernet.ts";
import { sendFrame } from "../../boundary/frames.ts";
import type { Core } from "../state.ts";
import { LOOPBACK, type Queued } from "./state.ts";

/**
 * Out-of-band, in the transmit thread. The loopback driver: what the core sends there it offers to itself, as a NIC's driver
 * offers what it receives. What it does not take, or whose verdict is lost, goes on in the in-band stack, as every frame that is
 * refused on this stage (facts/dovetail 5.1, 5.2). False: that has no room.
 */
export async function loopBack(core: Core, { frame, number, port, socket, context }: Queued): Promise<boolean> {
  const { kit, hooks, net, ports } = core;
  const bytes = buildEthernet(frame);
  net.counters.add(port.dev, "tx_full");
  kit.events.fact(
    context,
    "oob_xmit",
    { sk: socket.sk, dev: port.dev, frame: number },
    { path: "loopback", bytes: bytes.length },
  );
  const verdict = await hooks.netif_receive_oob(context, { dev: LOOPBACK, frame: number, data: bytes });
  if (verdict.kind === "returned" && verdict.value.taken) return true;
  const { relay } = ports;
  const departing = { dev: LOOPBACK, bytes, frame: number, flags: port.ifindex };
  if (relay === undefined || sendFrame(kit, relay, context, "inband", departing) === undefined)
    net.counters.add(port.dev, "tx_no_room");
  relay?.flush();
  return true;
}

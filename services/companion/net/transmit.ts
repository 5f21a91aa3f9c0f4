import type { Context } from "../../abi/context.ts";
import { buildEthernet, ETH_P, type EthernetFrame } from "../../abi/packet/ethernet.ts";
import { pushTag } from "../../abi/packet/vlan.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { sendFrame } from "../../boundary/frames.ts";
import { runsOut } from "../../boundary/resources.ts";
import type { Core } from "../state.ts";
import type { OobPort } from "./state.ts";

/**
 * Out-of-band, never waits. Transmits frames of a socket on a port, all of them in one burst.
 *
 * A capable driver gets them at once, on this stage: the full path. A stock driver does not know this stage, so they are
 * relayed to the in-band stack, which sends them on the very device, tag and all (facts/dovetail 5.6).
 *
 * ENOBUFS: the link had no room; what found room before is on its way.
 */
export function transmit(
  core: Core,
  port: OobPort,
  frames: readonly EthernetFrame[],
  sk: number,
  context: Context,
): Result<void, "ENOBUFS"> {
  const { kit, ports, net } = core;
  const [link, to, path] = port.capable
    ? [ports.nics.get(port.real), "nic", "full"]
    : [ports.relay, "inband", "partial"];
  let sent = 0;
  const room = runsOut(kit, context, "wmem") ? [] : frames;
  for (const frame of room) {
    const departing = port.capable
      ? { dev: port.real, bytes: buildEthernet(tagged(frame, port.vlan)) }
      : { dev: port.dev, bytes: buildEthernet(frame), flags: port.ifindex };
    const number = link === undefined ? undefined : sendFrame(kit, link, context, to, departing);
    if (number === undefined) break;
    sent += 1;
    net.counters.add(port.dev, `tx_${path}`);
    kit.events.fact(context, "oob_xmit", { sk, dev: port.dev, frame: number }, { path, bytes: departing.bytes.length });
  }
  link?.flush();
  if (sent === frames.length) return ok(undefined);
  net.counters.add(port.dev, "tx_no_room");
  return fail("ENOBUFS");
}

/** The frame as it leaves a VLAN device. */
const tagged = (frame: EthernetFrame, vid: number): EthernetFrame =>
  vid === 0 ? frame : pushTag(frame, { protocol: ETH_P.ETH_P_8021Q, priority: 0, dropEligible: false, vid });

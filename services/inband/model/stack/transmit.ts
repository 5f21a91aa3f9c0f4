import type { Device } from "../device.ts";
import { buildEthernet, protocolOf, type EthernetFrame } from "../../../abi/packet/ethernet.ts";
import { pushTag, type VlanTag } from "../../../abi/packet/vlan.ts";
import type { Passing } from "../packet-socket.ts";
import { countTx, type Run } from "./state.ts";

/** Frames that wait for the loopback device within one step (`netdev_max_backlog`). */
const BACKLOG_MAX = 1000;

/** A frame to be sent on a device. */
interface Sent {
  readonly frame: EthernetFrame;
  /** A tag that is not in the frame yet, as Linux keeps it beside the sk_buff for the taps. */
  readonly tag?: VlanTag | undefined;
  /** The packet socket that sends it, which does not see it. */
  readonly sender?: number | undefined;
}

/**
 * Sends a frame on a device (`dev_queue_xmit`): past the taps, then down to the wire, through the devices below if it
 * is a
 * VLAN's, or back up if it is the loopback device's.
 */
export function transmit(run: Run, device: Device, { frame, tag, sender }: Sent): void {
  const { state, effects } = run;
  if (!device.up) {
    countTx(run, device, "tx_device_down");
    return;
  }
  const passing: Passing = {
    ifindex: device.ifindex,
    protocol: protocolOf(frame),
    type: "PACKET_OUTGOING",
    source: frame.source,
    tag,
    payload: frame.payload,
    frame: () => buildEthernet(frame),
  };
  for (const sk of state.packets.tapAll(passing, sender).delivered) effects.push({ t: "deliver", sk });

  const tagged = tag === undefined ? frame : pushTag(frame, tag);
  const { kind } = device;
  switch (kind.t) {
    case "vlan": {
      const lower = state.devices.at(kind.lower);
      countTx(run, device, lower === undefined ? "tx_device_down" : "sent");
      if (lower === undefined) return;
      const own = { protocol: kind.protocol, priority: 0, dropEligible: false, vid: kind.vid };
      transmit(run, lower, { frame: tagged, tag: own, sender });
      return;
    }
    case "loopback":
      if (state.backlog.length >= BACKLOG_MAX) {
        countTx(run, device, "loopback_backlog");
        return;
      }
      countTx(run, device, "sent");
      state.backlog.push({ ifindex: device.ifindex, frame: buildEthernet(tagged) });
      return;
    case "ethernet":
      // Without a carrier Linux puts the "noop" queue in place, which drops everything.
      if (!device.carrier) {
        countTx(run, device, "tx_no_carrier");
        return;
      }
      countTx(run, device, "sent");
      effects.push({ t: "transmit", ifindex: device.ifindex, frame: buildEthernet(tagged) });
  }
}

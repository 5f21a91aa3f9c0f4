import type { Device } from "../device.ts";
import type { TxDrop } from "../counters.ts";
import { buildEthernet, parseEthernet, protocolOf, type EthernetFrame } from "../../../abi/packet/ethernet.ts";
import { pushTag, type VlanTag } from "../../../abi/packet/vlan.ts";
import type { Passing } from "../packet-socket.ts";
import { ask, countTx, type Run, type StackState } from "./state.ts";

/** Frames that wait for the loopback device within one step (`netdev_max_backlog`). */
const BACKLOG_MAX = 1000;

/** A frame to be sent on a device. */
interface Sent {
  readonly frame: EthernetFrame;
  /** A tag that is not in the frame yet, as Linux keeps it beside the sk_buff for the taps. */
  readonly tag?: VlanTag | undefined;
  /** The packet socket that sends it, which does not see it. */
  readonly sender?: number | undefined;
  /** Its number, if it came in from elsewhere to be passed on. */
  readonly ticket?: number | undefined;
}

/** Counts a packet that is not sent, and tells it of a frame that was to be passed on. */
function drop(run: Run, device: Device | undefined, word: TxDrop, ticket: number | undefined): void {
  countTx(run, device, word);
  if (ticket !== undefined) ask(run, { t: "fate", ticket, fate: word });
}

/**
 * Sends a frame on a device (`dev_queue_xmit`): past the taps, then down to the wire, through the devices below if it
 * is a
 * VLAN's, or back up if it is the loopback device's.
 */
export function transmit(run: Run, device: Device, { frame, tag, sender, ticket }: Sent): void {
  const { state } = run;
  if (!device.up) {
    drop(run, device, "tx_device_down", ticket);
    return;
  }
  if (state.packets.size > 0) showTaps(run, device, { frame, tag, sender });
  const tagged = tag === undefined ? frame : pushTag(frame, tag);
  const { kind } = device;
  switch (kind.t) {
    case "vlan": {
      const lower = state.devices.at(kind.lower);
      if (lower === undefined) {
        drop(run, device, "tx_device_down", ticket);
        return;
      }
      countTx(run, device, "sent");
      const own = { protocol: kind.protocol, priority: 0, dropEligible: false, vid: kind.vid };
      transmit(run, lower, { frame: tagged, tag: own, sender, ticket });
      return;
    }
    case "loopback":
      if (state.backlog.length >= BACKLOG_MAX) {
        drop(run, device, "loopback_backlog", ticket);
        return;
      }
      countTx(run, device, "sent");
      state.backlog.push({ ifindex: device.ifindex, frame: buildEthernet(tagged), ticket });
      return;
    case "ethernet":
      // Without a carrier Linux puts the "noop" queue in place, which drops everything.
      if (!device.carrier) {
        drop(run, device, "tx_no_carrier", ticket);
        return;
      }
      ask(run, { t: "transmit", ifindex: device.ifindex, frame: buildEthernet(tagged), ticket });
  }
}

/** Shows a frame that leaves to those who want to see every one. */
function showTaps(run: Run, device: Device, { frame, tag, sender }: Sent): void {
  const passing: Passing = {
    ifindex: device.ifindex,
    protocol: protocolOf(frame),
    type: "PACKET_OUTGOING",
    source: frame.source,
    tag,
    payload: frame.payload,
    frame: () => buildEthernet(frame),
  };
  for (const sk of run.state.packets.tapAll(passing, sender).delivered) ask(run, { t: "deliver", sk });
}

/** A frame that somebody else made is sent on a device. */
export function relayFrame(run: Run, ifindex: number, bytes: Uint8Array, ticket: number): void {
  const device = run.state.devices.at(ifindex);
  const parsed = parseEthernet(bytes);
  if (device === undefined) drop(run, undefined, "tx_no_device", ticket);
  else if (!parsed.ok) drop(run, device, "tx_invalid", ticket);
  else transmit(run, device, { frame: parsed.packet, ticket });
}

/** The driver took a frame of the effect `transmit`, or its ring had no room. */
export const transmitted = (state: StackState, ifindex: number, taken: boolean): void => {
  countTx({ state }, state.devices.at(ifindex), taken ? "sent" : "tx_ring_full");
};

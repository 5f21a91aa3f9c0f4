import type { Device } from "../device.ts";
import type { NeighbourStep } from "../neighbour-step.ts";
import { buildArp, type ArpPacket } from "../../../abi/packet/arp.ts";
import { ETH_P } from "../../../abi/packet/ethernet.ts";
import { MAC_BROADCAST, MAC_ZERO, type Mac } from "../../../abi/packet/mac.ts";
import { selectSource } from "./route-output.ts";
import { ask, countTx, sentBy, setError, uncharge, type Outgoing, type Run } from "./state.ts";
import { transmit } from "./transmit.ts";

/** Sends an ARP packet to a station. */
export function sendArp(run: Run, device: Device, destination: Mac, packet: ArpPacket): void {
  const frame = { destination, source: device.mac, ethertype: ETH_P.ETH_P_ARP, payload: buildArp(packet) };
  transmit(run, device, { frame });
}

/** Sends a datagram to a station. */
export function sendIpv4(run: Run, device: Device, destination: Mac, bytes: Uint8Array): void {
  transmit(run, device, { frame: { destination, source: device.mac, ethertype: ETH_P.ETH_P_IP, payload: bytes } });
}

/** Does what the neighbour table says should happen. */
export function performNeighbourSteps(run: Run, steps: readonly NeighbourStep<Outgoing>[]): void {
  for (const step of steps) {
    switch (step.t) {
      case "neighbour":
        ask(run, { t: "event", event: step });
        break;
      case "probe": {
        const device = run.state.devices.at(step.ifindex);
        if (device === undefined) break;
        const sender = selectSource(run.state, device, step.address);
        sendArp(run, device, step.mac ?? MAC_BROADCAST, {
          operation: "request",
          senderMac: device.mac,
          sender,
          targetMac: step.mac ?? MAC_ZERO,
          target: step.address,
        });
        break;
      }
      case "send": {
        const device = run.state.devices.at(step.ifindex);
        const before = run.effects.length;
        if (device !== undefined) sendIpv4(run, device, step.mac, step.packet.bytes);
        // It leaves in the name of who sent it, not of the answer that showed the way: that may be another's.
        sentBy(run, before, step.packet.sender);
        uncharge(run, step.packet.sk);
        break;
      }
      case "unreachable":
        countTx(run, run.state.devices.at(step.ifindex), "neighbour_unreachable");
        // Linux sends itself an ICMP "host unreachable" (`ipv4_link_failure`), which a socket sees with IP_RECVERR only.
        // Here the sender always learns it, from its next call.
        setError(run, step.packet.sk, "EHOSTUNREACH");
        run.state.undelivered.push(step.packet.bytes);
        uncharge(run, step.packet.sk);
        break;
      case "dropped":
        countTx(run, undefined, step.drop);
        uncharge(run, step.packet.sk);
    }
  }
}

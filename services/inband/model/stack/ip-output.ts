import { fail, ok, type Result } from "../../../abi/result.ts";
import { fragment } from "../../../abi/packet/fragment.ts";
import { multicastMac } from "../../../abi/packet/ipv4-address.ts";
import { buildIpv4, type Ipv4Packet } from "../../../abi/packet/ipv4.ts";
import { MAC_BROADCAST, MAC_ZERO } from "../../../abi/packet/mac.ts";
import type { Path } from "../path.ts";
import { performNeighbourSteps, sendIpv4 } from "./neighbour-steps.ts";
import { ask, uncharge, type Run } from "./state.ts";

/** The largest datagram that fits through a path in one piece. */
export const mtuOf = ({ state, nowNs }: Run, path: Path): number =>
  state.pathMtus.of(path.destination, path.device.mtu, nowNs);

/**
 * Sends a datagram on its way, in pieces if it must (`ip_output`).
 *
 * EMSGSIZE: too large, and not to be cut. ENOBUFS: no room for another neighbour; pieces before it may have gone.
 */
export function ipOutput(
  run: Run,
  packet: Ipv4Packet,
  path: Path,
  sk: number | undefined,
): Result<undefined, "EMSGSIZE" | "ENOBUFS"> {
  const pieces = fragment(packet, mtuOf(run, path));
  if (!pieces.ok) return pieces;
  if (sk !== undefined) tellRoute(run, path);
  for (const piece of pieces.value) {
    if (!linkOutput(run, buildIpv4(piece), path, sk)) return fail("ENOBUFS");
  }
  return ok(undefined);
}

/** Tells the way that a socket's datagrams take. */
export function tellRoute(run: Run, path: Path): void {
  const { destination, source, nexthop, device, kind } = path;
  const mtu = mtuOf(run, path);
  const broadcast = kind === "broadcast";
  ask(run, { t: "route", destination, source, ifindex: device.ifindex, nexthop, mtu, broadcast });
}

/** Finds the link address of the next hop, now or later (`ip_finish_output2`). False: no room for another neighbour. */
function linkOutput(run: Run, bytes: Uint8Array, { kind, device, nexthop }: Path, sk: number | undefined): boolean {
  if (device.kind.t === "loopback") sendIpv4(run, device, MAC_ZERO, bytes);
  else if (kind === "broadcast") sendIpv4(run, device, MAC_BROADCAST, bytes);
  else if (kind === "multicast") sendIpv4(run, device, multicastMac(nexthop), bytes);
  else {
    const mac = run.state.neighbours.use(device.ifindex, nexthop, run.nowNs);
    if (mac !== undefined) {
      sendIpv4(run, device, mac, bytes);
      return true;
    }
    if (sk !== undefined) run.state.charges.charge(sk);
    const steps = run.state.neighbours.output(
      device.ifindex,
      nexthop,
      { bytes, sk, sender: run.state.acting },
      run.nowNs,
    );
    if (!steps.ok) {
      uncharge(run, sk);
      return false;
    }
    performNeighbourSteps(run, steps.value);
  }
  return true;
}

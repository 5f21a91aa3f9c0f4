import { INADDR_ANY } from "../../abi/packet/ipv4-address.ts";
import { fail, ok } from "../../abi/result.ts";
import { parseSockaddr, type InetAddress } from "../../abi/sockaddr.ts";
import type { UdpReceiver } from "../net/state.ts";
import { hasBuffer } from "../net/transmit.ts";
import type { OobSocket, Protocol } from "../sockets/socket.ts";
import type { Core } from "../state.ts";
import { inetOf, sendUdp } from "./udp-send.ts";

const UNBOUND: InetAddress = { family: "AF_INET", address: INADDR_ANY, port: 0 };

/**
 * UDP over IPv4: what EVL adds to the in-band protocol (facts/dovetail 2.5, 2.7, 6.3, 6.4).
 *
 * The in-band stack has the say about addresses and ports; the core knows those that it is told with bind, connect, and the
 * answer of an offload. A port that connect or an offload chose is one to send from: it gets no receive slot.
 */
export function udp(core: Core, self: () => OobSocket): Protocol {
  const { slots } = core.net;
  let local = UNBOUND;
  let peer: InetAddress | undefined;
  let slot: InetAddress | undefined;
  const receiver: UdpReceiver = {
    socket: self,
    accepts({ address, port }, ifindex) {
      const { boundIfindex } = self().options;
      if (boundIfindex !== 0 && boundIfindex !== ifindex) return false;
      return peer === undefined || (peer.address === address && peer.port === port);
    },
  };

  function leave(): void {
    if (slot !== undefined) slots.remove(slot, receiver);
    slot = undefined;
  }

  return {
    kind: "udp",
    bind(_addr, bound) {
      const at = inetOf(bound);
      if (at === undefined) return fail("EINVAL");
      leave();
      local = slot = at;
      slots.add(at, receiver);
      return ok(undefined);
    },
    connect(addr, bound) {
      const to = parseSockaddr(addr);
      if (to?.family !== "AF_INET" && to?.family !== "AF_UNSPEC") return fail("EINVAL");
      peer = to.family === "AF_INET" ? to : undefined;
      local = inetOf(bound) ?? local;
      return ok(undefined);
    },
    rename(bound) {
      local = inetOf(bound) ?? local;
    },
    leave,
    send: (sending, context) => sendUdp(core, { socket: self(), local, peer }, sending, context),
    // EVL reads a message header that write() does not have (facts/dovetail, Q4).
    write: () => fail("EFAULT"),
    poll: () => 0,
    // The way of a socket without a peer is not known before it is named.
    writable() {
      const dev = peer === undefined ? undefined : core.net.front.route(peer.address)?.dev;
      const port = dev === undefined ? undefined : core.net.ports.get(dev);
      return port === undefined || hasBuffer(core, port);
    },
    nameBytes: 0,
    wakesOnRelease: false,
    local: () => local,
    peer: () => peer,
  };
}

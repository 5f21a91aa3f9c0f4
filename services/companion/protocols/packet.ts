import type { Context } from "../../abi/context.ts";
import { ETH_P, MSG, POLL } from "../../abi/flags.ts";
import { ETH_HLEN, parseEthernet } from "../../abi/packet/ethernet.ts";
import { VLAN_HLEN } from "../../abi/packet/vlan.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { parseSockaddr, SOCKADDR_BYTES, type LinkAddress } from "../../abi/sockaddr.ts";
import { portOf, type PacketListener } from "../net/state.ts";
import { hasBuffer, portMtu, transmit } from "../net/transmit.ts";
import type { OobSocket, Protocol, SendErrno, Sending } from "../sockets/socket.ts";
import type { Core } from "../state.ts";

/** A link address out of bytes of the right length; undefined: they are none. */
function linkOf(bytes: Uint8Array): LinkAddress | undefined {
  const address = bytes.length === SOCKADDR_BYTES.AF_PACKET ? parseSockaddr(bytes) : undefined;
  return address?.family === "AF_PACKET" ? address : undefined;
}

const listens = (protocol: number): boolean => protocol === ETH_P.ETH_P_IP || protocol === ETH_P.ETH_P_ALL;

/**
 * Raw frames: what EVL adds to PF_PACKET (facts/dovetail 2.5, 6.3, 6.5). A socket made with a protocol listens to every device
 * at once, as in-band; one made with 0 does so from its bind on.
 */
export function packet(core: Core, self: () => OobSocket, protocol: number): Protocol {
  const { listeners } = core.net;
  let listener: PacketListener | undefined;

  function listen(to: number, ifindex: number): void {
    leave();
    listener = { socket: self, protocol: to, ifindex };
    listeners.add(listener);
  }

  function leave(): void {
    if (listener !== undefined) listeners.delete(listener);
  }

  /** May wait for a buffer, and for room. */
  async function send(
    { flags, addr, data, mayWait, timeoutNs }: Sending,
    context: Context,
  ): Promise<Result<number, SendErrno>> {
    if ((flags & ~MSG.MSG_DONTWAIT) !== 0) return fail("EINVAL");
    const to = addr.length === 0 ? undefined : linkOf(addr);
    if (addr.length > 0 && to === undefined) return fail("EINVAL");
    const port = portOf(core.net, to?.ifindex ?? listener?.ifindex ?? 0);
    if (port === undefined) return fail("ENXIO");
    const frame = parseEthernet(data);
    if (!frame.ok) return fail("EINVAL");
    // As read: the header is in the length already, and counts once more (facts/dovetail, Q11).
    if (data.length + ETH_HLEN + VLAN_HLEN > portMtu(core, port)) return fail("EMSGSIZE");
    const socket = self();
    const patience = { mayWait, timeoutNs, slice: { sk: socket.sk, file: socket.efile.file } };
    const sent = await transmit(core, port, [frame.packet], socket, patience, context);
    return sent.ok ? ok(data.length) : sent;
  }

  if (protocol !== 0) listen(protocol, 0);
  return {
    kind: "packet",
    bind(addr) {
      const to = linkOf(addr);
      if (to === undefined || !listens(to.protocol)) return fail("EINVAL");
      if (to.ifindex !== 0 && portOf(core.net, to.ifindex) === undefined) return fail("EINVAL");
      listen(to.protocol, to.ifindex);
      return ok(undefined);
    },
    connect: () => ok(undefined),
    rename: () => undefined,
    leave,
    send,
    write: send,
    // A socket that is bound to a device which is no port any more is in error.
    poll: () =>
      listener !== undefined && listener.ifindex !== 0 && portOf(core.net, listener.ifindex) === undefined
        ? POLL.POLLERR
        : 0,
    // A socket that is bound to no device may name any: it is told that it can.
    writable() {
      const port = portOf(core.net, listener?.ifindex ?? 0);
      return port === undefined || hasBuffer(core, port);
    },
    nameBytes: SOCKADDR_BYTES.AF_PACKET,
    wakesOnRelease: false,
    local: () => ({
      family: "AF_PACKET",
      protocol: listener?.protocol ?? 0,
      ifindex: listener?.ifindex ?? 0,
      pkttype: 0,
      mac: undefined,
    }),
    peer: () => undefined,
  };
}

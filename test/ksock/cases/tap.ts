import { outermost } from "../../../services/abi/context.ts";
import { AF, CLONE_FILES, SOCK } from "../../../services/abi/flags.ts";
import { buildArp, parseArp } from "../../../services/abi/packet/arp.ts";
import { buildEthernet, ETH_P, parseEthernet } from "../../../services/abi/packet/ethernet.ts";
import { buildIcmp, ICMP } from "../../../services/abi/packet/icmp.ts";
import { buildIpv4, IPPROTO, parseIpv4 } from "../../../services/abi/packet/ipv4.ts";
import { parseIpv4Address, type Ipv4Address } from "../../../services/abi/packet/ipv4-address.ts";
import { macAt, parseMac, type Mac } from "../../../services/abi/packet/mac.ts";
import { buildTcp, parseTcp, type TcpSegment } from "../../../services/abi/packet/tcp.ts";
import { buildSockaddr, parseSockaddrText } from "../../../services/abi/sockaddr.ts";
import type { World } from "../../../services/lab/world.ts";
import { value } from "../../contract/tasks.ts";

/** Where scripted peers live: a host that no kernel is, played by a task of beta with a packet socket. */
export const RAW_HOST = "10.0.0.99";

const address = (text: string): Ipv4Address => parseIpv4Address(text) ?? (0 as Ipv4Address);
const ALPHA = address("10.0.0.1");
const RAW = address(RAW_HOST);
const NO_ADDRESS = new Uint8Array(0);
const macOf = (text: string): Mac => parseMac(text) ?? macAt(new Uint8Array(6), 0);
const ALPHA_MAC = macOf("02:00:00:00:00:01");
const BETA_MAC = macOf("02:00:00:00:00:02");

/** What a scripted peer sees of the wire, and what it puts on it. */
export interface Tap {
  /** Calls back with each segment that is sent to this port of the scripted host, until it is told to stop. */
  listen(port: number, listener: (segment: TcpSegment) => void): () => void;
  /** Sends a segment from the scripted host to alpha. */
  send(segment: TcpSegment): Promise<void>;
  /** Sends an ICMP error about the last packet that came to this port (RFC 792): of TCP, or of UDP. */
  unreachable(port: number, code: number): Promise<void>;
}

/**
 * Opens a packet socket on beta that answers ARP for the scripted host, gives its segments to whoever scripts them, and sends
 * what they write. Nobody listens at a port: nobody answers, which makes a black hole of it.
 */
export async function openTap(world: World): Promise<Tap> {
  const calls = world.nodes.get("beta")?.calls;
  if (calls === undefined) throw new Error("the world has a beta");
  const { files } = value(await calls.sys_spawn(outermost("tap"), { name: "tap" }));
  const context = outermost("tap", files);
  // One reads, the other writes: a task makes one call at a time.
  const child = value(await calls.sys_fork(context, { child: "tap-writer", flags: CLONE_FILES }));
  const writer = outermost("tap-writer", child.files);
  const type = SOCK.SOCK_RAW;
  const { fd } = value(await calls.sys_socket(context, { family: AF.AF_PACKET, type, protocol: 0 }));
  const link = parseSockaddrText("packet/2/ETH_P_ALL");
  if (link === undefined) throw new Error("a link address");
  value(await calls.sys_bind(context, { fd, addr: buildSockaddr(link) }));

  const listeners = new Map<number, (segment: TcpSegment) => void>();
  const lastPacket = new Map<number, Uint8Array>();
  let ident = 1;
  let last: Promise<void> = Promise.resolve();

  function put(ethertype: number, payload: Uint8Array): Promise<void> {
    const data = buildEthernet({ destination: ALPHA_MAC, source: BETA_MAC, ethertype, payload });
    last = last.then(async () => {
      await calls?.sys_sendto(writer, { fd, data, flags: 0, addr: NO_ADDRESS });
    });
    return last;
  }

  const putIpv4 = (protocol: number, payload: Uint8Array): Promise<void> =>
    put(
      ETH_P.ETH_P_IP,
      buildIpv4({
        tos: 0,
        identification: ident++ & 0xffff,
        dontFragment: true,
        moreFragments: false,
        fragmentOffset: 0,
        ttl: 64,
        protocol,
        source: RAW,
        destination: ALPHA,
        options: new Uint8Array(0),
        payload,
      }),
    );

  async function arrived(frame: Uint8Array): Promise<void> {
    const ethernet = parseEthernet(frame);
    if (!ethernet.ok) return;
    const { ethertype, payload } = ethernet.packet;
    if (ethertype === ETH_P.ETH_P_ARP) {
      const arp = parseArp(payload);
      if (!arp.ok || arp.packet.operation !== "request" || arp.packet.target !== RAW) return;
      const { senderMac: targetMac, sender: target } = arp.packet;
      await put(ETH_P.ETH_P_ARP, buildArp({ operation: "reply", senderMac: BETA_MAC, sender: RAW, targetMac, target }));
      return;
    }
    const ipv4 = ethertype === ETH_P.ETH_P_IP ? parseIpv4(payload) : undefined;
    if (ipv4?.ok !== true || ipv4.packet.destination !== RAW) return;
    const { packet } = ipv4;
    const port = packet.payload.length < 4 ? 0 : ((packet.payload[2] ?? 0) << 8) | (packet.payload[3] ?? 0);
    lastPacket.set(port, payload.slice(0, 28));
    if (packet.protocol !== IPPROTO.IPPROTO_TCP) return;
    const tcp = parseTcp(packet.payload, packet);
    if (tcp.ok) listeners.get(port)?.(tcp.packet);
  }

  void (async () => {
    for (;;) {
      const reply = await calls.sys_recvfrom(context, { fd, count: 2000, flags: 0 });
      if (reply.kind === "returned") await arrived(reply.value.data.slice());
      // Nobody waits longer than 100 s in the stack; all else says that the world has ended.
      else if (reply.kind !== "refused" || reply.errno !== "EINTR") return;
    }
  })();
  // Alpha learns where the scripted host is before the first packet goes there: no case has to wait for ARP.
  await announce(put);

  return {
    listen(port, listener) {
      listeners.set(port, listener);
      return () => listeners.delete(port);
    },
    send: (segment) => putIpv4(IPPROTO.IPPROTO_TCP, buildTcp(segment, { source: RAW, destination: ALPHA })),
    async unreachable(port, code) {
      const body = lastPacket.get(port);
      if (body === undefined) throw new Error(`nothing came to port ${port} of the scripted host`);
      await putIpv4(IPPROTO.IPPROTO_ICMP, buildIcmp({ type: ICMP.ICMP_DEST_UNREACH, code, rest: 0, body }));
    },
  };
}

/** Asks alpha for its link address, which it answers, and remembers ours. */
async function announce(put: (ethertype: number, payload: Uint8Array) => Promise<void>): Promise<void> {
  const nobody = macAt(new Uint8Array(6), 0);
  await put(
    ETH_P.ETH_P_ARP,
    buildArp({ operation: "request", senderMac: BETA_MAC, sender: RAW, targetMac: nobody, target: ALPHA }),
  );
}

import { outermost } from "../../abi/context.ts";
import { AF, SO, SOCK, SOL } from "../../abi/flags.ts";
import type { Clock } from "../../abi/kit.ts";
import type { Ipv4Address } from "../../abi/packet/ipv4-address.ts";
import { buildSockaddr } from "../../abi/sockaddr.ts";
import type { Hooks } from "../../boundary/hooks.ts";
import type { Reply } from "../../boundary/invocation.ts";
import type { PointName, PointValues } from "../../abi/contract.generated.ts";

/** The calls that tasks of the benchmark make on a node. */
export type UdpCalls = Pick<
  Hooks<"task">,
  | "sys_spawn"
  | "sys_socket"
  | "sys_bind"
  | "sys_setsockopt"
  | "sys_sendto"
  | "sys_recvfrom"
  | "net_oob_port"
  | "oob_attach_thread"
  | "oob_sendmsg"
  | "oob_recvmsg"
>;

/** Which way the datagrams go. */
export type UdpPath = "in-band" | "out-of-band";

/** A task with a socket of its own that is bound to an address. */
export interface UdpEnd {
  /** Its address, as a sockaddr. */
  readonly addr: Uint8Array;
  /** How many datagrams the core handed to the in-band stack because its caches did not know the way. */
  missed(): number;
  send(data: Uint8Array, to: Uint8Array): Promise<void>;
  /** Undefined when none came in time. */
  receive(): Promise<Datagram | undefined>;
}

/** What was received, and from where. */
interface Datagram {
  readonly data: Uint8Array;
  readonly addr: Uint8Array;
}

/** A round trip takes a thousandth of it, also on a busy machine: what has not come until then is lost. */
const PATIENCE_NS = 1_000_000_000;
const ROOM = 2048;

/** The value of a call that must work: a benchmark of calls that fail measures nothing. */
function must<P extends PointName>(point: P, reply: Reply<P>): PointValues[P] {
  if (reply.kind === "returned") return reply.value;
  throw new Error(`${point} of the benchmark was ${reply.kind}: ${reply.kind === "refused" ? reply.errno : reply.why}`);
}

/** Starts a task on a node, with a socket that is bound to this address and port. */
export async function openUdpEnd(
  calls: UdpCalls,
  clock: Pick<Clock, "nowNs">,
  path: UdpPath,
  at: { readonly address: Ipv4Address; readonly port: number },
): Promise<UdpEnd> {
  const name = `udp-${at.port}`;
  const { files } = must("sys_spawn", await calls.sys_spawn(outermost(name), { name }));
  const inband = outermost(name, files);
  const type = path === "in-band" ? SOCK.SOCK_DGRAM : SOCK.SOCK_DGRAM | SOCK.SOCK_OOB;
  const { fd } = must("sys_socket", await calls.sys_socket(inband, { family: AF.AF_INET, type, protocol: 0 }));
  const addr = buildSockaddr({ family: "AF_INET", ...at });
  must("sys_bind", await calls.sys_bind(inband, { fd, addr }));

  if (path === "in-band") {
    const patience = { fd, level: SOL.SOL_SOCKET, optname: SO.SO_RCVTIMEO, value: PATIENCE_NS };
    must("sys_setsockopt", await calls.sys_setsockopt(inband, patience));
    return {
      addr,
      missed: () => 0,
      async send(data, to) {
        must("sys_sendto", await calls.sys_sendto(inband, { fd, data, flags: 0, addr: to }));
      },
      async receive() {
        const reply = await calls.sys_recvfrom(inband, { fd, count: ROOM, flags: 0 });
        return reply.kind === "refused" && reply.errno === "EAGAIN" ? undefined : must("sys_recvfrom", reply);
      },
    };
  }
  must("oob_attach_thread", await calls.oob_attach_thread(inband, { cap_sys_nice: true, priority: 0 }));
  const oob = outermost(name, files, "oob");
  const deadline = (): number => clock.nowNs() + PATIENCE_NS;
  let missed = 0;
  return {
    addr,
    missed: () => missed,
    async send(data, to) {
      const message = { fd, data, flags: 0, addr: to, timeout_ns: deadline() };
      const reply = await calls.oob_sendmsg(oob, message);
      // Until the way is known the in-band stack sends it.
      if (reply.kind === "refused" && reply.errno === "EINPROGRESS") missed++;
      else must("oob_sendmsg", reply);
    },
    async receive() {
      const reply = await calls.oob_recvmsg(oob, { fd, count: ROOM, flags: 0, timeout_ns: deadline() });
      return reply.kind === "refused" && reply.errno === "ETIMEDOUT" ? undefined : must("oob_recvmsg", reply);
    },
  };
}

/** Makes a device an out-of-band port, or no longer one. */
export async function switchPort(calls: UdpCalls, dev: string, enabled: boolean): Promise<void> {
  const reply = await calls.net_oob_port(outermost("bench"), { dev, enabled, pool: 0, buffer_bytes: 0 });
  must("net_oob_port", reply);
}

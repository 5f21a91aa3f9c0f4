import type { RxFate } from "../counters.ts";
import type { Device } from "../device.ts";
import type { Ipv4Packet } from "../../../abi/packet/ipv4.ts";
import { TCP_FLAG, type TcpSegment } from "../../../abi/packet/tcp.ts";
import { initialSeq } from "../tcp/isn.ts";
import { openPassive } from "../tcp/open.ts";
import { mayReopen } from "../tcp/reopen.ts";
import { resetFor } from "../tcp/reset.ts";
import { onSegment } from "../tcp/segment-arrives.ts";
import { newTcpSocket, type TcpSocket } from "../tcp/socket.ts";
import { timestampOffset } from "../tcp/timestamp-offset.ts";
import { routeOutput } from "./route-output.ts";
import { ask, type Run } from "./state.ts";
import { mssOf, sendOrphanSegment } from "./tcp-output.ts";
import { destroyTcp, performTcp } from "./tcp-run.ts";

/** Whence and whither the datagram goes. */
type PacketEnds = Pick<Ipv4Packet, "source" | "destination">;

/** A segment came for this host alone (`tcp_v4_rcv`): what lies in memory from there to there. */
export function tcpInput(
  run: Run,
  device: Device,
  packet: PacketEnds,
  memory: DataView,
  from: number,
  to: number,
): RxFate {
  const { state, nowNs } = run;
  const { arrived } = state;
  const drop = arrived.read(memory, packet, from, to);
  if (drop !== undefined) {
    state.tcpCounters.add("in_errs");
    return drop;
  }
  const { segment } = arrived;
  state.tcpCounters.add("in_segs");
  let socket = state.tcp.lookup(packet.destination, segment.destinationPort, packet.source, segment.sourcePort);
  // RFC 9293 §3.6.1, MAY-2: a SYN that is newer than all that came before may open the connection once more.
  if (socket !== undefined && isReopened(socket, segment)) {
    if (listenerOf(run, device, packet, segment) !== undefined) {
      destroyTcp(run, socket);
      socket = undefined;
    }
  }
  if (socket === undefined) return toListener(run, device, packet, segment);
  const { connection, parent } = socket;
  if (connection === undefined) return "tcp_no_port";
  if (connection.state.t === "SYN-RECEIVED" && parent?.listener?.full === true && completes(segment)) {
    // As Linux has it (`tcp_abort_on_overflow` off): the peer sends something again, and that will complete it.
    parent.listener.overflows++;
    state.tcpCounters.add("listen_overflows");
    return "tcp_listen_overflow";
  }
  performTcp(run, socket, onSegment(connection, segment, nowNs));
  return "delivered";
}

const isReopened = ({ connection }: TcpSocket, segment: TcpSegment): boolean =>
  connection !== undefined && connection.state.t === "TIME-WAIT" && mayReopen(connection, segment);

/** Whether a segment is the one that completes a handshake, if it is acceptable. */
const completes = ({ flags }: TcpSegment): boolean =>
  (flags & (TCP_FLAG.ACK | TCP_FLAG.RST | TCP_FLAG.SYN)) === TCP_FLAG.ACK;

const listenerOf = (
  { state }: Run,
  device: Device,
  { source, destination }: PacketEnds,
  { sourcePort, destinationPort }: TcpSegment,
): TcpSocket | undefined =>
  state.tcp.listener({
    from: { address: source, port: sourcePort },
    to: { address: destination, port: destinationPort },
    ifindex: device.ifindex,
  });

/** A segment that belongs to no connection (RFC 9293 §3.10.7.1 and §3.10.7.2). */
function toListener(run: Run, device: Device, packet: PacketEnds, segment: TcpSegment): RxFate {
  const { flags } = segment;
  if ((flags & TCP_FLAG.RST) !== 0) return "tcp_no_port";
  const listening = listenerOf(run, device, packet, segment);
  if (listening === undefined || (flags & TCP_FLAG.ACK) !== 0) {
    const reset = resetFor(segment);
    if (reset === undefined || !sendOrphanSegment(run, reset, packet.destination, packet.source)) return "tcp_no_port";
    run.state.tcpCounters.add("out_rsts");
    return "tcp_no_port";
  }
  return (flags & TCP_FLAG.SYN) === 0 ? "tcp_no_port" : begin(run, listening, packet, segment);
}

/** A SYN for a listening socket: a handshake begins (`tcp_conn_request`). */
function begin(run: Run, listening: TcpSocket, packet: PacketEnds, segment: TcpSegment): RxFate {
  const { state, nowNs } = run;
  const { listener } = listening;
  if (listener === undefined) return "tcp_no_port";
  if (listener.full) {
    listener.overflows++;
    state.tcpCounters.add("listen_overflows");
    return "tcp_listen_overflow";
  }
  const local = { address: packet.destination, port: segment.destinationPort };
  const remote = { address: packet.source, port: segment.sourcePort };
  const path = routeOutput(state, remote.address, { source: local.address, ifindex: listening.ifindex });
  if (!path.ok) return "unanswerable";
  // Assigned, not spread: all sockets have one shape, which every segment looks into.
  const child: TcpSocket = Object.assign(newTcpSocket(state.numbers.next(), listening.flavour, listening.settings), {
    peer: remote,
    addressLocked: listening.addressLocked,
    ifindex: listening.ifindex,
    reuseAddress: listening.reuseAddress,
    reusePort: listening.reusePort,
    exclusiveBind: listening.exclusiveBind,
    ttl: listening.ttl,
    tos: listening.tos,
    pmtudisc: listening.pmtudisc,
    maxseg: listening.maxseg,
    t: "connection",
    parent: listening,
  } satisfies Partial<TcpSocket>);
  const settings = { ...listening.settings, mss: mssOf(run, path.value, child) };
  const iss = initialSeq(state.tcpKey, local, remote, nowNs);
  const { connection, step } = openPassive(
    {
      local,
      remote,
      iss,
      settings,
      timestampOffset: timestampOffset(state.tcpKey, local, remote),
      pool: state.buffers,
    },
    segment,
    nowNs,
  );
  child.connection = connection;
  state.tcp.add(child);
  state.tcp.bindChild(child, local);
  state.tcp.connected(child);
  state.tcpCounters.add("passive_opens");
  const oldest = listener.begin(child);
  if (oldest !== undefined) {
    state.tcpCounters.add("syn_queue_evictions");
    destroyTcp(run, oldest);
  }
  const { sk } = child;
  const notice = { t: "open", to: "SYN-RECEIVED", local, peer: remote, listener: listening.sk } as const;
  ask(run, { t: "tcp", sk, notice });
  performTcp(run, child, step);
  return "delivered";
}

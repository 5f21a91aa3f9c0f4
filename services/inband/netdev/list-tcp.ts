import type { NetworkSocket } from "../../abi/contract.generated.ts";
import type { Kernel } from "../kernel.ts";
import type { TcpSocket } from "../model/stack/tcp-calls.ts";
import { readable } from "../model/tcp/user-calls.ts";
import { outputBytes } from "../sockets/stream-ioctl.ts";
import { tcpInfoText } from "../sockets/tcp-info.ts";
import { endpointText } from "../sockets/tcp-facts.ts";

const SECOND_NS = 1_000_000_000;

/** Where a TCP socket is, whom it talks to, and its state as the RFC prints it. */
export function tcpEnds({ local, peer, t, connection, rcvShutdown, sndShutdown }: TcpSocket): {
  local: string;
  peer: string;
  state: string[];
} {
  const state = t === "listen" ? "LISTEN" : (connection?.state.t ?? "CLOSED");
  const shut = [...(rcvShutdown ? ["RCV_SHUTDOWN"] : []), ...(sndShutdown ? ["SEND_SHUTDOWN"] : [])];
  return { local: endpointText(local), peer: peer === undefined ? "" : endpointText(peer), state: [state, ...shut] };
}

/** What waits in a TCP socket, as ss(8) tells it: of one that listens, connections, and how many may wait. */
export function tcpQueues(
  { kit }: Kernel,
  tcp: TcpSocket,
): Pick<NetworkSocket, "waiting" | "drops" | "sending" | "timer" | "info"> {
  const { listener, connection, timer } = tcp;
  if (listener !== undefined) {
    return { waiting: listener.waiting, drops: listener.overflows, sending: listener.queueMax };
  }
  const waiting = connection === undefined ? 0 : readable(connection);
  const info = tcpInfoText(tcp);
  const queues = { waiting, drops: 0, sending: outputBytes(tcp), ...(info === undefined ? {} : { info }) };
  if (timer === undefined || timer.atNs === Infinity) return queues;
  const seconds = Math.max(0, timer.atNs - kit.clock.nowNs()) / SECOND_NS;
  return { ...queues, timer: `${timerOf(tcp)} ${seconds.toFixed(1)} s` };
}

/** What the timer of a connection that is due first is for, as far as its state tells (`ss -o`). */
function timerOf({ connection }: TcpSocket): string {
  const state = connection?.state;
  if (state === undefined || state.t === "CLOSED") return "";
  if (state.t === "TIME-WAIT") return "timewait";
  if (state.snd.nxt > state.snd.una) return "on";
  return state.t === "FIN-WAIT-2" ? "timewait" : "keepalive";
}

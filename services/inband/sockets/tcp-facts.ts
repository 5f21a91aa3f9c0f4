import type { Context } from "../../abi/context.ts";
import { ipv4AddressText } from "../../abi/packet/ipv4-address.ts";
import type { Kernel } from "../kernel.ts";
import type { Effect } from "../model/stack/state.ts";
import { acceptTcp, type TcpSocket } from "../model/stack/tcp-calls.ts";
import type { Endpoint } from "../model/udp/socket.ts";

/** An effect of a TCP socket. */
export type TcpEffect = Extract<Effect, { readonly t: "tcp" }>;

/** An address and a port, as people write them. */
export const endpointText = ({ address, port }: Endpoint): string => `${ipv4AddressText(address)}:${port}`;

/** Records what happened to a TCP socket, whoever's it is. */
export function tcpFacts({ events }: Kernel, context: Context, { sk, notice }: TcpEffect): void {
  if (!events.recording) return;
  switch (notice.t) {
    case "open": {
      const { to, local, peer, listener = 0 } = notice;
      const args = { to, local: endpointText(local), peer: endpointText(peer), listener };
      events.fact(context, "tcp_open", { sk }, args);
      return;
    }
    case "state":
      events.fact(context, "tcp_state", { sk }, { from: notice.from, to: notice.to });
      return;
    case "retransmit":
      events.fact(context, "tcp_retransmit", { sk }, { seq: notice.seq, bytes: notice.bytes, why: notice.why });
      return;
    case "closed":
      events.fact(context, "tcp_closed", { sk }, { why: notice.why, from: notice.from });
      return;
    default:
      return;
  }
}

/** Takes the connection that was completed first at a socket that listens, whoever's it is. Fact: tcp_accept. */
export function acceptConnection(kernel: Kernel, context: Context, listening: TcpSocket): TcpSocket | undefined {
  const child = acceptTcp(kernel.stack, listening);
  if (child !== undefined) kernel.events.fact(context, "tcp_accept", { sk: child.sk }, { listener: listening.sk });
  return child;
}

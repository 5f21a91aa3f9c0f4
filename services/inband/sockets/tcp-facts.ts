import type { Context } from "../../abi/context.ts";
import type { Kernel } from "../kernel.ts";
import type { Effect } from "../model/stack/state.ts";

/** An effect of a TCP socket. */
export type TcpEffect = Extract<Effect, { readonly t: "tcp" }>;

/** Records what happened to a TCP socket, whoever's it is. */
export function tcpFacts({ events }: Kernel, context: Context, { sk, notice }: TcpEffect): void {
  switch (notice.t) {
    case "state":
      events.fact(context, "tcp_state", { sk }, { from: notice.from, to: notice.to });
      return;
    case "retransmit":
      events.fact(context, "tcp_retransmit", { sk }, { seq: notice.seq, bytes: notice.bytes, why: notice.why });
      return;
    case "newconn":
      events.fact(context, "tcp_newconn", { sk }, { child: notice.sk });
      return;
    case "closed":
      events.fact(context, "tcp_closed", { sk }, { why: notice.why, from: notice.from });
      return;
    default:
      return;
  }
}

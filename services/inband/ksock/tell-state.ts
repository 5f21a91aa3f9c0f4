import type { Context } from "../../abi/context.ts";
import type { Errno } from "../../abi/contract.generated.ts";
import type { Kernel } from "../kernel.ts";
import type { KernelSocket } from "./table.ts";

/** A state that a kernel socket comes into. */
type State =
  | "connecting"
  | "connected"
  | "failed"
  | "disconnected"
  | "shut_send"
  | "shut_receive"
  | "peer_ended"
  | "listening"
  | "newconn";

/** Records a state of a socket, before its callbacks are told. Fact: ksock_state. */
export function tellState(kernel: Kernel, context: Context, { ks }: KernelSocket, what: State, errno?: Errno): void {
  kernel.events.fact(context, "ksock_state", { ks }, { what, errno: errno ?? "" });
}

import type { Context } from "../../abi/context.ts";
import type { Kernel } from "../kernel.ts";
import { closeTcp } from "../model/stack/tcp-calls.ts";
import { holdSk } from "./destruct.ts";
import { isSmall, stateOf, type Stream } from "./stream.ts";
import type { Socket } from "./table.ts";

const SECOND_NS = 1_000_000_000;

/** A close is not kept waiting longer: its own deadline is 30 s. */
const LINGER_MAX_NS = 20 * SECOND_NS;

/**
 * The protocol's release (`tcp_close`): what was written is sent, then FIN. RST where data was not read, and with SO_LINGER of
 * 0 s. With SO_LINGER of some seconds it waits so long, but 20 s at most, until the peer has acknowledged everything. The
 * connection goes on after that, and refers to the INET socket until FIN-WAIT-2.
 */
export async function closeStream(kernel: Kernel, context: Context, socket: Socket, stream: Stream): Promise<void> {
  const { tcp, linger } = stream;
  const abort = linger.on && linger.seconds === 0;
  const goesOn = kernel.run(context, (nowNs) => closeTcp(kernel.stack, tcp, { abort }, nowNs));
  if (!goesOn || isSmall(stateOf(tcp))) return;
  holdSk(socket);
  stream.held = true;
  if (!linger.on) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      timer.cancel();
      stream.lingerer = undefined;
      resolve();
    };
    const timer = kernel.kit.clock.after(Math.min(linger.seconds * SECOND_NS, LINGER_MAX_NS), done);
    stream.lingerer = done;
  });
}

import type { Context } from "../../abi/context.ts";
import type { Errno } from "../../abi/contract.generated.ts";
import { illumosErrno } from "../../abi/illumos.ts";
import type { Kernel } from "../kernel.ts";
import { raise } from "./events.ts";
import type { KernelSocket } from "./table.ts";

/** What callbacks are told of, in illumos' words; `ended` is the prototype's alone (facts 8.2, Q5). */
export type Happening =
  | { readonly t: "connected" }
  | { readonly t: "connectfailed"; readonly errno: Errno }
  | { readonly t: "disconnected"; readonly errno: Errno }
  | { readonly t: "newconn" }
  /** So many bytes came, and so many can be received now. */
  | { readonly t: "newdata"; readonly arrived: number; readonly total: number }
  | { readonly t: "cansend"; readonly free: number }
  | { readonly t: "oobdata" }
  | { readonly t: "cantsendmore" }
  | { readonly t: "cantrecvmore" }
  | { readonly t: "ended" };

/** `exception` for urgent data; the seed gives no number (facts 8.2). */
const URGENT = 1;

/**
 * Tells a socket's callbacks, in the words of the interface that they are of: six events of the prototype, whose arguments say
 * more, or ten slots of illumos.
 */
export function announce(kernel: Kernel, context: Context, socket: KernelSocket, happening: Happening): void {
  const told = socket.binding === "ksock" ? asPrototype(happening) : asIllumos(happening, quirks(kernel));
  if (told !== undefined) raise(kernel, context, socket.ks, told[0], told[1]);
}

const quirks = ({ node }: Kernel): boolean => node.ksock?.illumosQuirks === true;

/** Facts 8.2, and Q3, Q4, Q5 and Q12 of 8.4. */
function asPrototype(happening: Happening): readonly [slot: string, value: number] {
  switch (happening.t) {
    case "connected":
      return ["connected", 0];
    case "connectfailed":
    case "disconnected":
      return ["disconnected", illumosErrno(happening.errno)];
    case "newconn":
      return ["newconn", 0];
    case "newdata":
      // An empty datagram: 0 would be the end of file, so "unknown event", look yourself.
      return ["recv", happening.arrived === 0 ? -1 : happening.arrived];
    case "cansend":
      return ["xmit", happening.free];
    case "oobdata":
      return ["exception", URGENT];
    case "cantsendmore":
      return ["xmit", 0];
    case "cantrecvmore":
      return ["recv", 0];
    case "ended":
      return ["disconnected", 0];
  }
}

/** Facts 8.1 and 8.3; with the quirk Q1 a failed connect and a later abort are told as each other. */
function asIllumos(happening: Happening, swapped: boolean): readonly [slot: string, value: number] | undefined {
  switch (happening.t) {
    case "connectfailed":
      return [swapped ? "disconnected" : "connectfailed", illumosErrno(happening.errno)];
    case "disconnected":
      return [swapped ? "connectfailed" : "disconnected", illumosErrno(happening.errno)];
    case "newdata":
      return ["newdata", happening.total];
    case "ended":
      return undefined;
    default:
      return [happening.t, 0];
  }
}

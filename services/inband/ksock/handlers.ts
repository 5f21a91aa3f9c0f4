import type { Handlers } from "../../boundary/hooks.ts";
import type { Kernel } from "../kernel.ts";
import { ksockAccept } from "./calls/accept.ts";
import { ksockBind } from "./calls/bind.ts";
import { ksockCallbacks } from "./calls/callbacks.ts";
import { ksockClose } from "./calls/close.ts";
import { ksockConnect } from "./calls/connect.ts";
import { ksockGetpeername, ksockGetsockname } from "./calls/getname.ts";
import { ksocketHold, ksocketRele } from "./calls/hold.ts";
import { ksockIoctl } from "./calls/ioctl.ts";
import { ksockListen } from "./calls/listen.ts";
import { ksockRecv } from "./calls/recv.ts";
import { ksockSend } from "./calls/send.ts";
import { ksockShutdown } from "./calls/shutdown.ts";
import { ksockSocket } from "./calls/socket.ts";
import { ksockGetsockopt, ksockSetsockopt } from "./calls/sockopt.ts";
import { ksocketSpoll } from "./calls/spoll.ts";
import { ackEvent, nextEvent } from "./give-out.ts";
import { inCall } from "./in-call.ts";
import { outsideCallbacks } from "./outside-callbacks.ts";
import { interruptThread } from "./sleep.ts";

type KernelSocketPoint = Extract<keyof Handlers<"inband">, `ksock${string}`>;

/** What modules of the kernel ask about kernel sockets. From inside a callback only hold and rele are allowed. */
export const ksockHandlers = (kernel: Kernel): Pick<Handlers<"inband">, KernelSocketPoint> => ({
  ksock_socket: outsideCallbacks(kernel, "ksock_socket", (args, context) => ksockSocket(kernel, args, context)),
  ksock_bind: inCall(kernel, "ksock_bind", ksockBind),
  ksock_listen: inCall(kernel, "ksock_listen", ksockListen),
  ksock_accept: inCall(kernel, "ksock_accept", ksockAccept),
  ksock_connect: inCall(kernel, "ksock_connect", ksockConnect),
  ksock_send: inCall(kernel, "ksock_send", ksockSend),
  ksock_recv: inCall(kernel, "ksock_recv", ksockRecv),
  ksock_shutdown: inCall(kernel, "ksock_shutdown", ksockShutdown),
  ksock_close: outsideCallbacks(kernel, "ksock_close", (args, context) => ksockClose(kernel, args, context)),
  ksock_setsockopt: inCall(kernel, "ksock_setsockopt", ksockSetsockopt),
  ksock_getsockopt: inCall(kernel, "ksock_getsockopt", ksockGetsockopt),
  ksock_getpeername: inCall(kernel, "ksock_getpeername", ksockGetpeername),
  ksock_getsockname: inCall(kernel, "ksock_getsockname", ksockGetsockname),
  ksock_ioctl: inCall(kernel, "ksock_ioctl", ksockIoctl),
  ksock_callbacks: inCall(kernel, "ksock_callbacks", ksockCallbacks),
  ksocket_spoll: inCall(kernel, "ksocket_spoll", ksocketSpoll),
  ksocket_hold: (args, context) => ksocketHold(kernel, args, context),
  ksocket_rele: (args, context) => ksocketRele(kernel, args, context),
  ksock_next_event: (args, context) => nextEvent(kernel, context, args),
  ksock_ack_event: (args, context) => ackEvent(kernel, context, args),
  ksock_interrupt: (args) => interruptThread(kernel, args),
});

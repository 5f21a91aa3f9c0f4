import type { Handlers } from "../../boundary/hooks.ts";
import { sockAccept } from "../calls/accept.ts";
import { sockBind } from "../calls/bind.ts";
import { sockClose } from "../calls/close.ts";
import { sockConnect } from "../calls/connect.ts";
import { sockCreate } from "../calls/create.ts";
import { sockGetname } from "../calls/getname.ts";
import { sockGetsockopt } from "../calls/getsockopt.ts";
import { sockIoctl } from "../calls/ioctl.ts";
import { sockListen } from "../calls/listen.ts";
import { sockMapFile } from "../calls/map-file.ts";
import { sockPoll } from "../calls/poll.ts";
import { sockRecvmsg } from "../calls/recvmsg.ts";
import { sockSendmsg } from "../calls/sendmsg.ts";
import { sockSetsockopt } from "../calls/setsockopt.ts";
import { sockShutdown } from "../calls/shutdown.ts";
import type { Kernel } from "../kernel.ts";
import { inCall } from "./in-call.ts";
import { sockInterrupt } from "./wait.ts";

/** What the VFS asks about the sockets behind its files. */
export const socketHandlers = (kernel: Kernel): Handlers<"inband"> => ({
  sock_create: (args, context) => sockCreate(kernel, args, context),
  sock_map_file: inCall(kernel, sockMapFile),
  sock_close: (args, context) => sockClose(kernel, args, context),
  sock_bind: inCall(kernel, sockBind),
  sock_connect: (args, context) => sockConnect(kernel, args, context),
  sock_listen: (args) => sockListen(kernel, args),
  sock_accept: (args, context) => sockAccept(kernel, args, context),
  sock_shutdown: inCall(kernel, sockShutdown),
  sock_sendmsg: (args, context) => sockSendmsg(kernel, args, context),
  sock_recvmsg: (args, context) => sockRecvmsg(kernel, args, context),
  sock_getname: (args) => sockGetname(kernel, args),
  sock_setsockopt: inCall(kernel, sockSetsockopt),
  sock_getsockopt: (args) => sockGetsockopt(kernel, args),
  sock_ioctl: inCall(kernel, sockIoctl),
  sock_poll: (args, context) => sockPoll(kernel, args, context),
  sock_interrupt: (_args, context) => sockInterrupt(kernel, context),
});

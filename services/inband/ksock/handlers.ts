import { fail } from "../../abi/result.ts";
import type { Handlers } from "../../boundary/hooks.ts";
import type { Kernel } from "../kernel.ts";

type KernelSocketPoint = Extract<keyof Handlers<"inband">, `ksock${string}`>;

/** What modules of the kernel ask about kernel sockets. */
export const ksockHandlers = (kernel: Kernel): Pick<Handlers<"inband">, KernelSocketPoint> => ({
  ksock_socket: () => fail(kernel.node.netOob ? "EAFNOSUPPORT" : "EAFNOSUPPORT"),
  ksock_bind: () => fail("ENOTSOCK"),
  ksock_listen: () => fail("ENOTSOCK"),
  ksock_accept: () => fail("ENOTSOCK"),
  ksock_connect: () => fail("ENOTSOCK"),
  ksock_send: () => fail("ENOTSOCK"),
  ksock_recv: () => fail("ENOTSOCK"),
  ksock_shutdown: () => fail("ENOTSOCK"),
  ksock_close: () => fail("ENOTSOCK"),
  ksock_setsockopt: () => fail("ENOTSOCK"),
  ksock_getsockopt: () => fail("ENOTSOCK"),
  ksock_getpeername: () => fail("ENOTSOCK"),
  ksock_getsockname: () => fail("ENOTSOCK"),
  ksock_ioctl: () => fail("ENOTSOCK"),
  ksock_callbacks: () => fail("ENOTSOCK"),
  ksocket_spoll: () => fail("ENOTSOCK"),
  ksocket_hold: () => fail("ENOTSOCK"),
  ksocket_rele: () => fail("ENOTSOCK"),
  ksock_next_event: () => fail("ENOENT" as never),
  ksock_ack_event: () => fail("ENOENT"),
});

import { CONTRACT, MESSAGES, type PointArgs, type PointValues } from "../../abi/contract.generated.ts";
import { AF_INET } from "../../ksock/constants.ts";
import { endpointProblem, int, intOf, readSockaddr, sockaddr_in, SOCKADDR_IN6_BYTES } from "../../ksock/layouts.ts";
import type { KsockPoint } from "../../ksock/road.ts";
import { problemOf } from "./ksock-check.ts";
import { failed, worked, type Attempt } from "../answers.ts";

/** The service for programs in any language. */
export const KSOCK_SERVICE = "tenon.ksock.v1.KernelSockets";

/** How the service words it that the house of the sockets did not answer: the service itself is there. */
export const LOST_WORDS = "was lost: nobody knows whether it happened";

/** The points that are an rpc each. */
export type KsockCall = Exclude<KsockPoint, "ksock_next_event" | "ksock_ack_event">;

/** The point of each rpc. */
export const RPCS = {
  Socket: "ksock_socket",
  Bind: "ksock_bind",
  Listen: "ksock_listen",
  Accept: "ksock_accept",
  Connect: "ksock_connect",
  Send: "ksock_send",
  Recv: "ksock_recv",
  Shutdown: "ksock_shutdown",
  Close: "ksock_close",
  Setsockopt: "ksock_setsockopt",
  Getsockopt: "ksock_getsockopt",
  Getpeername: "ksock_getpeername",
  Getsockname: "ksock_getsockname",
  Ioctl: "ksock_ioctl",
  Callbacks: "ksock_callbacks",
  Spoll: "ksocket_spoll",
  Hold: "ksocket_hold",
  Rele: "ksocket_rele",
} as const satisfies Readonly<Record<string, KsockCall>>;

/** A request, whichever rpc it is of: what all of them have, and what some have. */
export type KsockRequest = Readonly<Record<string, unknown>> & {
  readonly node: string;
  readonly ks?: number;
  readonly stream?: string;
  readonly binding?: string;
  readonly want_addr?: boolean;
  readonly addr?: Uint8Array;
  readonly host?: string;
  readonly port?: number;
  readonly optval?: Uint8Array;
  readonly value?: number;
};

/** The address that a request says in words, in the place of `addr`. */
function addressOf({ addr, host = "", port = 0 }: KsockRequest): Attempt<{ readonly addr?: Uint8Array }> {
  if (addr !== undefined) return worked({ addr });
  if (host === "") return worked({});
  const problem = endpointProblem(host, port);
  if (problem !== undefined) return failed(problem);
  return worked({ addr: sockaddr_in(host, port) });
}

/** A value in bytes says its own length. */
function optionOf({ optval, value }: KsockRequest): Readonly<Record<string, unknown>> {
  const bytes = optval ?? (value === undefined ? undefined : int(value));
  return bytes === undefined ? {} : { optval: bytes, optlen: bytes.length };
}

/** What the kernel is asked for a request: the same, but for what the service says more kindly. */
export function argsOf<P extends KsockCall>(point: P, request: KsockRequest): Attempt<PointArgs[P]> {
  const problem = problemOf(point, request);
  if (problem !== undefined) return failed(problem);
  const address = addressOf(request);
  if (!address.ok) return address;
  const more: Readonly<Partial<Record<KsockCall, object>>> = {
    ksock_socket: { nosleep: false },
    ksock_bind: address.value,
    ksock_connect: { ...address.value, waiting: false },
    ksock_send: { ...address.value, until_ns: 0 },
    ksock_recv: { until_ns: 0 },
    ksock_close: { waiting: false },
    ksock_accept: {
      ...(request.want_addr === undefined ? { want_addr: true, addrlen: SOCKADDR_IN6_BYTES } : {}),
      waiting: false,
    },
    ksocket_spoll: { until_ns: 0 },
    ksock_setsockopt: optionOf(request),
    ksock_callbacks: request.binding === "" ? { binding: "ksock" } : {},
  };
  const asked: Readonly<Record<string, unknown>> = { ...request, ...more[point] };
  const names = MESSAGES[CONTRACT[point].request]?.map(({ name }) => name) ?? [];
  // Beside these the two messages have the same fields, which a test sees to.
  return worked(Object.fromEntries(names.filter((name) => name in asked).map((name) => [name, asked[name]])) as never);
}

/** What an answer says more kindly than the kernel does. */
export function valueOf(value: PointValues[KsockCall]): Readonly<Record<string, unknown>> {
  const told = { ...value } as { addr?: Uint8Array; optval?: Uint8Array };
  const address = told.addr === undefined ? undefined : readSockaddr(told.addr);
  const option = told.optval?.length === 4 ? { value: intOf(told.optval) } : {};
  if (address?.family !== AF_INET) return { ...told, ...option };
  return { ...told, host: address.address, port: address.port };
}

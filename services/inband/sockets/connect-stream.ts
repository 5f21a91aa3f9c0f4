import type { Context } from "../../abi/context.ts";
import { AF, O } from "../../abi/flags.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { familyOf, parseSockaddr, SOCKADDR_BYTES } from "../../abi/sockaddr.ts";
import type { Kernel } from "../kernel.ts";
import { abortTcp, connectTcp } from "../model/stack/tcp-calls.ts";
import { takeError } from "../model/stack/udp-calls.ts";
import { stateOf, type Stream } from "./stream.ts";
import type { Socket } from "./table.ts";
import { waitFor } from "./wait.ts";

/**
 * An attempt takes 127 s with Linux's six retries (tcp(7), tcp_syn_retries); the deadline of the call is 140 s. Who waits
 * still is told EINTR, and the attempt goes on.
 */
const CONNECT_MAX_NS = 135_000_000_000;

/**
 * The in-band half of connect(2) of a stream socket (`__inet_stream_connect`). Waits for the connection, as long as
 * SO_SNDTIMEO says, unless the file is O_NONBLOCK. AF_UNSPEC ends a connection with RST; the socket may connect again.
 *
 * @returns EINVAL: too short, or shut down while it was connecting; EAFNOSUPPORT; EISCONN: connected, or listening; EALREADY, EINPROGRESS: not yet; what `connectTcp`
 * says; the error of the attempt; ECONNABORTED: somebody else has taken that; EINTR.
 */
export async function connectStream(
  kernel: Kernel,
  context: Context,
  socket: Socket,
  stream: Stream,
  { addr, flags }: { readonly addr: Uint8Array; readonly flags: number },
): Promise<Result<undefined>> {
  const begun = begin(kernel, context, stream, addr);
  if (!begun.ok || begun.value === "unconnected") return begun.ok ? ok(undefined) : begun;
  // On Linux the answer of a peer on this host waits until the call lets go of the socket: an attempt that it has just begun is under
  // way, however fast it is.
  if (begun.value === "EINPROGRESS" && (flags & O.O_NONBLOCK) !== 0) return fail("EINPROGRESS");
  const attempt = (): Result<undefined> | undefined => ended(kernel, context, stream);
  return (
    attempt() ??
    ((flags & O.O_NONBLOCK) !== 0
      ? fail(begun.value)
      : await waitFor<undefined>(kernel, context, socket, {
          attempt,
          timeoutNs: stream.sndtimeoNs,
          expired: fail(begun.value),
          what: "connection",
          maxNs: CONNECT_MAX_NS,
        }))
  );
}

/** Begins an attempt, or finds one under way: what a call says that does not wait for its end. */
function begin(
  kernel: Kernel,
  context: Context,
  stream: Stream,
  addr: Uint8Array,
): Result<"EINPROGRESS" | "EALREADY" | "unconnected"> {
  const { stack } = kernel;
  const { tcp } = stream;
  const family = familyOf(addr);
  if (family === undefined) return fail("EINVAL");
  if (family === AF.AF_UNSPEC) {
    disconnectStream(kernel, context, stream);
    return ok("unconnected");
  }
  if (stream.phase === "connected") return fail("EISCONN");
  if (stream.phase === "connecting") return ok("EALREADY");
  if (stream.phase === "disconnecting") return fail("EINVAL");
  if (stateOf(tcp) !== "CLOSED") return fail("EISCONN");
  if (addr.length < SOCKADDR_BYTES.AF_INET) return fail("EINVAL");
  const to = parseSockaddr(addr);
  if (to?.family !== "AF_INET") return fail("EAFNOSUPPORT");
  const peer = { address: to.address, port: to.port };
  const made = kernel.run(context, (nowNs) => connectTcp(stack, tcp, peer, nowNs));
  if (!made.ok) return made;
  stream.phase = "connecting";
  stream.formerPort = tcp.local.port;
  stream.urgent = undefined;
  return ok("EINPROGRESS");
}

/** Ends what a socket has: a connection with RST, or its listening (`tcp_disconnect`). */
export function disconnectStream(kernel: Kernel, context: Context, stream: Stream): void {
  kernel.run(context, (nowNs) => abortTcp(kernel.stack, stream.tcp, nowNs));
  stream.phase = "unconnected";
  stream.urgent = undefined;
}

/** How an attempt ended; undefined: it has not. One that failed leaves a socket that may try again. */
function ended(kernel: Kernel, context: Context, stream: Stream): Result<undefined> | undefined {
  const { tcp } = stream;
  switch (stateOf(tcp)) {
    case "SYN-SENT":
    case "SYN-RECEIVED":
      return undefined;
    case "LISTEN":
    case "CLOSED": {
      const error = takeError(tcp);
      if (stream.phase === "connecting") {
        stream.phase = "unconnected";
        kernel.run(context, (nowNs) => abortTcp(kernel.stack, tcp, nowNs));
      }
      return fail(error ?? "ECONNABORTED");
    }
    default:
      stream.phase = "connected";
      return ok(undefined);
  }
}

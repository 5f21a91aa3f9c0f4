import { MSG, POLL } from "../../abi/flags.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { buildSockaddr } from "../../abi/sockaddr.ts";
import type { PacketType } from "../model/packet-socket.ts";
import { takeError } from "../model/stack/udp-calls.ts";
import { streamPoll } from "./stream-poll.ts";
import type { Socket } from "./table.ts";

/** A message as a task gets it. */
export interface Message {
  readonly bytes: Uint8Array;
  readonly addr: Uint8Array;
  /** What stood in the queue; absent for what is no message. */
  readonly item?: object;
}

/** `sll_pkttype` of `if_packet.h`. */
const PKTTYPE: Readonly<Record<PacketType, number>> = {
  PACKET_HOST: 0,
  PACKET_BROADCAST: 1,
  PACKET_MULTICAST: 2,
  PACKET_OTHERHOST: 3,
  PACKET_OUTGOING: 4,
};

const IN = POLL.POLLIN | POLL.POLLRDNORM;
const OUT = POLL.POLLOUT | POLL.POLLWRNORM;

const END_OF_FILE: Message = { bytes: new Uint8Array(0), addr: new Uint8Array(0) };

/**
 * Takes the oldest message, or, with MSG_PEEK, looks at it. Undefined: nothing waits. A pending error comes first, and is
 * taken too; a socket that is shut down and has nothing left is at its end. EOPNOTSUPP: PF_OOB receives out-of-band only.
 */
export function takeMessage({ half }: Socket, flags: number): Result<Message> | undefined {
  // The error queue, which nothing fills. EVL has another name for the flag.
  if (half.t !== "oob" && (flags & MSG.MSG_TIMESTAMP) !== 0) return fail("EAGAIN");
  const peek = (flags & MSG.MSG_PEEK) !== 0;
  switch (half.t) {
    case "udp": {
      const error = takeError(half.udp);
      if (error !== undefined) return fail(error);
      const datagram = peek ? half.udp.queue.peek() : half.udp.queue.shift();
      if (datagram === undefined) return half.udp.rcvShutdown ? ok(END_OF_FILE) : undefined;
      return ok({
        bytes: datagram.payload,
        addr: buildSockaddr({ family: "AF_INET", ...datagram.from }),
        item: datagram,
      });
    }
    case "raw": {
      const error = takeError(half.raw);
      if (error !== undefined) return fail(error);
      const datagram = peek ? half.raw.queue.peek() : half.raw.queue.shift();
      if (datagram === undefined) return half.raw.rcvShutdown ? ok(END_OF_FILE) : undefined;
      return ok({
        bytes: datagram.bytes,
        addr: buildSockaddr({ family: "AF_INET", address: datagram.from, port: 0 }),
        item: datagram,
      });
    }
    case "tcp":
      // A stream has no messages; recv(2) takes bytes of it (stream-receive.ts).
      return fail("EOPNOTSUPP");
    case "packet": {
      const frame = peek ? half.packet.queue.peek() : half.packet.queue.shift();
      if (frame === undefined) return undefined;
      const { bytes, ifindex, protocol, type, source } = frame;
      const from = { family: "AF_PACKET", protocol, ifindex, pkttype: PKTTYPE[type], mac: source } as const;
      return ok({ bytes, addr: buildSockaddr(from), item: frame });
    }
    case "oob":
      return fail("EOPNOTSUPP");
  }
}

/** The message that was queued last. */
export function newestMessage({ half }: Socket): object | undefined {
  switch (half.t) {
    case "udp":
      return half.udp.queue.newest();
    case "raw":
      return half.raw.queue.newest();
    case "packet":
      return half.packet.queue.newest();
    case "tcp":
    case "oob":
      return undefined;
  }
}

/**
 * What of these events a socket is ready for (`datagram_poll`); POLLERR and POLLHUP are told unasked. Sending a datagram never
 * waits here. PF_OOB has no in-band poll: it is ready for nothing.
 */
export function pollMask({ half }: Socket, events: number): number {
  if (half.t === "oob") return 0;
  const asked = events | POLL.POLLERR | POLL.POLLHUP;
  if (half.t === "tcp") return streamPoll(half.stream) & asked;
  if (half.t === "packet") return (OUT | (half.packet.queue.length > 0 ? IN : 0)) & asked;
  const { queue, error, rcvShutdown, sndShutdown } = half.t === "udp" ? half.udp : half.raw;
  const readable = queue.length > 0 || rcvShutdown;
  const mask =
    OUT |
    (readable ? IN : 0) |
    (rcvShutdown ? POLL.POLLRDHUP : 0) |
    (error === undefined ? 0 : POLL.POLLERR) |
    (rcvShutdown && sndShutdown ? POLL.POLLHUP : 0);
  return mask & asked;
}

/** Bytes of the oldest message that waits (FIONREAD). */
export function firstLength({ half }: Socket): number {
  switch (half.t) {
    case "udp":
      return half.udp.queue.peek()?.payload.length ?? 0;
    case "raw":
      return half.raw.queue.peek()?.bytes.length ?? 0;
    case "packet":
      return half.packet.queue.peek()?.bytes.length ?? 0;
    case "tcp":
    case "oob":
      return 0;
  }
}

import type { Context } from "../../abi/context.ts";
import { MSG } from "../../abi/flags.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { buildSockaddr, parseSockaddr } from "../../abi/sockaddr.ts";
import type { Message } from "../model/message-queue.ts";
import { PriorityQueue } from "../model/priority-queue.ts";
import { fallAsleep, type Sleep } from "../sleep.ts";
import { deliver, mayFallAsleep, wakeAt } from "../sockets/receive.ts";
import { SHUTDOWN, type OobSocket, type Protocol, type SendErrno, type Sending } from "../sockets/socket.ts";
import type { Core } from "../state.ts";
import { portOf } from "./oob-address.ts";

/** The first port that bind chooses for port 0. */
const PORT_FIRST = 1024;
/** The longest message. */
const MESSAGE_MAX = 65_536;

/** A thread that waits until its message fits. EIDRM: one of the two sockets goes. */
interface Waiting {
  readonly message: Omit<Message, "done">;
  readonly from: OobSocket;
  readonly sleep: Sleep<undefined, "EIDRM" | "ETIMEDOUT">;
}

/** A socket that is bound to a port, and who waits to send to it. */
interface End {
  readonly socket: () => OobSocket;
  readonly senders: PriorityQueue<Waiting>;
}

/** What the driver knows: which socket has which port. */
type PipePorts = Map<number, End>;

/**
 * OOBPROTO_PIPE: messages from one socket of a node to another, by port, without any device. Shows all that a driver's protocol
 * does: an address space of its own, delivery into another socket, and senders that wait, by their priority, until the receiver has
 * taken something. Whoever waits has its message put into the queue for it when there is room, so nobody gets ahead of it.
 */
export function oobPipe(): (core: Core, self: () => OobSocket) => Protocol {
  const ports: PipePorts = new Map();
  return (core, self) => {
    let port = 0;
    let peer: number | undefined;
    const senders = new PriorityQueue<Waiting>();

    /** The receiver took something: those who wait have their turn, as long as there is room. */
    function pump(end: End, context: Context): void {
      for (let next = end.senders.first; next !== undefined && end.socket().input.hasRoom; next = end.senders.first) {
        end.senders.leave(next);
        put(end, next.message, context);
        next.sleep.wake(context, ok(undefined));
      }
    }

    /** Puts a message into a socket that has room for it. */
    function put(end: End, message: Omit<Message, "done">, context: Context): boolean {
      const done = (taker: Context): void => pump(end, taker);
      return deliver(core, end.socket(), { ...message, done }, context);
    }

    /** EPIPE: this socket is shut down or goes. ENXIO: nobody has the port, or not any more. EAGAIN, ETIMEDOUT, EINTR: no room. */
    async function send(sending: Sending, context: Context): Promise<Result<number, SendErrno>> {
      const { flags, addr, data, timeoutNs, mayWait } = sending;
      const from = self();
      const to = addr.length === 0 ? peer : portOf(addr);
      if ((flags & ~MSG.MSG_DONTWAIT) !== 0 || (addr.length > 0 && to === undefined)) return fail("EINVAL");
      if (to === undefined) return fail("EDESTADDRREQ");
      if (data.length > MESSAGE_MAX) return fail("EMSGSIZE");
      if ((from.shutdown & SHUTDOWN.SEND_SHUTDOWN) !== 0) return fail("EPIPE");
      const end = ports.get(to);
      if (end === undefined) return fail("ENXIO");
      const message = { data: data.slice(), addr: buildSockaddr({ family: "PF_OOB", port }) };
      if (end.senders.size === 0 && end.socket().input.hasRoom && put(end, message, context)) return ok(data.length);

      const slice = { sk: from.sk, file: from.efile.file };
      const asleep = mayFallAsleep(core, { mayWait, timeoutNs, slice }, context);
      if (!asleep.ok) return asleep;
      const priority = core.threads.priorityOf(context.task);
      const sleep = fallAsleep<undefined, "EIDRM" | "ETIMEDOUT">(core.kit.events, core.threads, {
        context,
        slice,
        facts: ["peer_wait", "peer_wake"],
        always: { priority },
        awaits: { port: to },
        tells: () => ({}),
        leave: () => {
          timer?.cancel();
          end.senders.leave(waiting);
        },
      });
      const waiting: Waiting = { message, from, sleep };
      end.senders.add(waiting, priority);
      const timer = wakeAt(core, timeoutNs, () => sleep.wake(context, fail("ETIMEDOUT")));
      const woken = await sleep.woken;
      if (woken.ok) return ok(data.length);
      if (woken.errno !== "EIDRM") return fail(woken.errno);
      return fail((from.shutdown & SHUTDOWN.SEND_SHUTDOWN) !== 0 ? "EPIPE" : "ENXIO");
    }

    /** It goes, or is shut down: who waits to send to it, and who waits in it to send, waits no longer. */
    function leave(context: Context): void {
      const gone = [...ports.values()].flatMap((end) => end.senders.waiting().filter(({ from }) => from === self()));
      for (const { sleep } of [...senders.waiting(), ...gone]) sleep.wake(context, fail("EIDRM"));
      // It may come twice, by the release and by the end, and another socket may have the port by then.
      if (ports.get(port)?.senders === senders) ports.delete(port);
    }

    return {
      kind: "oob",
      bind(addr) {
        const wanted = portOf(addr);
        if (wanted === undefined || port !== 0) return fail("EINVAL");
        if (wanted !== 0 && ports.has(wanted)) return fail("EADDRINUSE");
        port = wanted === 0 ? freePort(ports) : wanted;
        ports.set(port, { socket: self, senders });
        return ok(undefined);
      },
      connect(addr) {
        const to = parseSockaddr(addr);
        if (to?.family !== "PF_OOB" && to?.family !== "AF_UNSPEC") return fail("EINVAL");
        peer = to.family === "PF_OOB" ? to.port : undefined;
        return ok(undefined);
      },
      rename: () => undefined,
      leave,
      send,
      write: send,
      nameBytes: 0,
      poll: () => 0,
      writable: () => true,
      wakesOnRelease: true,
      local: () => ({ family: "PF_OOB", port }),
      peer: () => (peer === undefined ? undefined : { family: "PF_OOB", port: peer }),
    };
  };
}

function freePort(ports: PipePorts): number {
  let port = PORT_FIRST;
  while (ports.has(port)) port += 1;
  return port;
}

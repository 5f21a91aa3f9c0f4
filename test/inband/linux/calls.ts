import { outermost, type Context } from "../../../services/abi/context.ts";
import type { PointName, PointValues } from "../../../services/abi/contract.generated.ts";
import { ERRNO } from "../../../services/abi/contract.generated.ts";
import { AF, F, IP, IPPROTO, MSG, O, POLL, SHUT, SIOC, SO, SOCK, SOL, TCP } from "../../../services/abi/flags.ts";
import { buildSockaddr, parseSockaddr, SOCKADDR_BYTES } from "../../../services/abi/sockaddr.ts";
import type { Reply } from "../../../services/boundary/invocation.ts";
import type { World } from "../../../services/lab/world.ts";
import { createWorld } from "../../../services/runtimes/world.ts";
import { value } from "../../contract/tasks.ts";
import { ip } from "../stack-harness.ts";

/*
 * Sequences of socket calls as text, made on a simulated node. linux-kernel.py makes the same ones on the kernel that runs.
 *
 *   socket a stream|dgram · bind a 1:P · listen a 1 · connect b 1:P · accept a c · shutdown b wr · send b hello OOB MORE
 *   sendto b 1:P hello · recv c 10 PEEK · set b LINGER 1,0 · get b ERROR · poll c · ioctl c INQ · sockname b · peername b
 *   dup b d · close b · connectwait, recvwait: blocking, for 20 ms
 *
 * Sockets are letters and do not block. An address is 1:P for 127.0.0.1 and the first of three ports, `any:0`, `at:a` for the
 * port of a at 127.0.0.1, `unspec`, `inet6`, `short`. Ports that were chosen are told as e1, e2, in the order of their mention.
 */

const FIRST_PORT = 10_000;
const LETTERS = "PQR";
const WAIT_NS = 20_000_000;
const MILLISECOND_NS = 1_000_000;
const NO_BYTES = new Uint8Array(0);
const ALL = POLL.POLLIN | POLL.POLLPRI | POLL.POLLOUT | POLL.POLLRDHUP | POLL.POLLRDNORM | POLL.POLLWRNORM;
const FLAGS: Readonly<Record<string, number>> = { ...MSG, MSG_ERRQUEUE: MSG.MSG_TIMESTAMP };
const EVENTS = ["IN", "PRI", "OUT", "ERR", "HUP", "RDNORM", "WRNORM", "RDHUP"] as const;
const IOCTLS: Readonly<Record<string, number>> = {
  OUTQ: SIOC.SIOCOUTQ,
  INQ: SIOC.FIONREAD,
  ATMARK: SIOC.SIOCATMARK,
  OUTQNSD: SIOC.SIOCOUTQNSD,
};
const HOSTS: Readonly<Record<string, string>> = { any: "0.0.0.0", far: "198.51.100.1", many: "224.0.0.9" };

/** Level and number of an option by its short name. */
function optionOf(name: string): { level: number; optname: number } {
  const tables = [
    [SOL.SOL_SOCKET, SO, "SO_"],
    [IPPROTO.IPPROTO_IP, IP, "IP_"],
    [IPPROTO.IPPROTO_TCP, TCP, "TCP_"],
  ] as const;
  for (const [level, table, prefix] of tables) {
    const optname = (table as Readonly<Record<string, number>>)[prefix + name];
    if (optname !== undefined) return { level, optname };
  }
  throw new Error(`no option ${name}`);
}

/** Bytes as text: a run of more than eight of the same is told by its length. */
const told = (data: Uint8Array): string =>
  new TextDecoder().decode(data).replace(/(.)\1{8,}/gs, (run, one: string) => `<${run.length}*${one}>`);

function payload(word: string): Uint8Array {
  const [count = "", what] = word.split("*");
  const text = what === undefined ? (word === "-" ? "" : word) : what.repeat(Number(count));
  return new TextEncoder().encode(text);
}

const flagsOf = (words: readonly string[]): number => words.reduce((sum, word) => sum | (FLAGS[`MSG_${word}`] ?? 0), 0);

class Refused extends Error {}

function must<P extends PointName>(reply: Reply<P>): PointValues[P] {
  if (reply.kind === "returned") return reply.value;
  throw new Refused(reply.kind === "refused" ? reply.errno : `lost(${reply.why})`);
}

/** One task with sockets that have letters. */
class Player {
  private readonly fds = new Map<string, number>();
  private readonly others = new Map<number, number>();
  private readonly world: World;
  private readonly context: Context;

  constructor(world: World, context: Context) {
    this.world = world;
    this.context = context;
  }

  /** Makes a call, and tells its answer. */
  async play(call: string): Promise<string> {
    const [verb = "", x = "", ...words] = call.split(" ");
    try {
      return await this.perform(verb, x, words);
    } catch (error) {
      if (error instanceof Refused) return error.message;
      throw error;
    }
  }

  private fd(x: string): number {
    return this.fds.get(x) ?? -1;
  }

  private async address(word: string): Promise<Uint8Array> {
    if (word === "unspec") return new Uint8Array(SOCKADDR_BYTES.AF_INET);
    if (word === "inet6") return Uint8Array.of(AF.AF_INET6, 0, ...new Uint8Array(14));
    if (word === "short") return Uint8Array.of(AF.AF_INET, ...new Uint8Array(7));
    if (word === "none") return NO_BYTES;
    const [host = "", name = ""] = word.split(":");
    const letter = LETTERS.indexOf(name);
    const known = letter < 0 ? Number(name) : FIRST_PORT + letter;
    const port = host === "at" ? (await this.name("sys_getsockname", name)).port : known;
    const address = ip(host === "at" ? "127.0.0.1" : (HOSTS[host] ?? `127.0.0.${host}`));
    return buildSockaddr({ family: "AF_INET", address, port });
  }

  private async name(
    call: "sys_getsockname" | "sys_getpeername",
    x: string,
  ): Promise<{ addr: Uint8Array; port: number }> {
    const { addr } = must(await this.world.calls[call](this.context, { fd: this.fd(x) }));
    const parsed = parseSockaddr(addr);
    return { addr, port: parsed?.family === "AF_INET" ? parsed.port : 0 };
  }

  private tell(addr: Uint8Array): string {
    const parsed = parseSockaddr(addr);
    if (parsed?.family !== "AF_INET") return "";
    const { address, port } = parsed;
    const host = address === 0 ? "any" : String(address & 0xff);
    const letter = LETTERS[port - FIRST_PORT];
    if (letter !== undefined || port === 0) return `${host}:${letter ?? 0}`;
    const number = this.others.get(port) ?? this.others.size + 1;
    this.others.set(port, number);
    return `${host}:e${number}`;
  }

  /** Makes a call that waits, but not for long. */
  private async waiting<T>(fd: number, optname: number, work: () => Promise<T>): Promise<T> {
    const { calls } = this.world;
    const timeout = (value: number) =>
      calls.sys_setsockopt(this.context, { fd, level: SOL.SOL_SOCKET, optname, value });
    const nonblock = (arg: number) => calls.sys_fcntl(this.context, { fd, cmd: F.F_SETFL, arg });
    if (fd < 0) return work();
    await nonblock(O.O_RDWR);
    await timeout(WAIT_NS);
    try {
      return await work();
    } finally {
      await timeout(0);
      await nonblock(O.O_RDWR | O.O_NONBLOCK);
    }
  }

  private async perform(verb: string, x: string, words: readonly string[]): Promise<string> {
    const { calls } = this.world;
    const { context } = this;
    const [first = "", second = ""] = words;
    const fd = this.fd(x);
    switch (verb) {
      case "socket": {
        const type = (first === "stream" ? SOCK.SOCK_STREAM : SOCK.SOCK_DGRAM) | SOCK.SOCK_NONBLOCK;
        this.fds.set(x, must(await calls.sys_socket(context, { family: AF.AF_INET, type, protocol: 0 })).fd);
        return "0";
      }
      case "bind":
        must(await calls.sys_bind(context, { fd, addr: await this.address(first) }));
        return "0";
      case "listen":
        must(await calls.sys_listen(context, { fd, backlog: Number(first) }));
        return "0";
      case "connect":
        must(await calls.sys_connect(context, { fd, addr: await this.address(first) }));
        return "0";
      case "connectwait":
        return this.waiting(fd, SO.SO_SNDTIMEO, () => this.perform("connect", x, words));
      case "accept": {
        const accepted = must(await calls.sys_accept4(context, { fd, flags: SOCK.SOCK_NONBLOCK }));
        this.fds.set(first, accepted.fd);
        return this.tell(accepted.addr);
      }
      case "shutdown": {
        const how = { rd: SHUT.SHUT_RD, wr: SHUT.SHUT_WR, rdwr: SHUT.SHUT_RDWR }[first] ?? 3;
        must(await calls.sys_shutdown(context, { fd, how }));
        return "0";
      }
      case "send":
        return this.send(fd, NO_BYTES, words);
      case "sendto":
        return this.send(fd, await this.address(first), words.slice(1));
      case "fill":
        while ((await this.send(fd, NO_BYTES, ["60000*x"])) !== "");
        return "0";
      case "recv":
        return this.recv(fd, Number(first), flagsOf(words.slice(1)));
      case "recvwait":
        return this.waiting(fd, SO.SO_RCVTIMEO, () => this.perform("recv", x, words));
      case "set":
        return this.set(fd, first, second);
      case "get":
        return this.get(fd, first);
      case "poll": {
        const { revents } = must(await calls.sys_poll(context, { fd, events: ALL, timeout_ns: 1 }));
        return EVENTS.filter((word) => (revents & POLL[`POLL${word}`]) !== 0).join(" ") || "nothing";
      }
      case "ioctl": {
        const request = { fd, cmd: IOCTLS[first] ?? 0, arg: 0, data: NO_BYTES };
        const { data } = must(await calls.sys_ioctl(context, request));
        return String(new DataView(data.buffer, data.byteOffset).getInt32(0, true));
      }
      case "sockname":
        return this.tell((await this.name("sys_getsockname", x)).addr);
      case "peername":
        return this.tell((await this.name("sys_getpeername", x)).addr);
      case "dup":
        this.fds.set(first, must(await calls.sys_dup(context, { fd })).fd);
        return "0";
      case "close":
        this.fds.delete(x);
        must(await calls.sys_close(context, { fd }));
        return "0";
      default:
        throw new Error(`no call ${verb}`);
    }
  }

  private async send(fd: number, addr: Uint8Array, [data = "", ...words]: readonly string[]): Promise<string> {
    const flags = flagsOf(words) | MSG.MSG_NOSIGNAL;
    const sent = must(await this.world.calls.sys_sendto(this.context, { fd, data: payload(data), flags, addr }));
    return String(sent.count);
  }

  private async recv(fd: number, count: number, flags: number): Promise<string> {
    const got = must(await this.world.calls.sys_recvfrom(this.context, { fd, count, flags }));
    const answer = (flags & MSG.MSG_TRUNC) !== 0 ? got.length : got.data.length;
    const marks = (["OOB", "TRUNC"] as const).filter((word) => (got.flags & MSG[`MSG_${word}`]) !== 0);
    const text = got.data.length === 0 ? [] : [told(got.data)];
    const source = this.tell(got.addr);
    return [answer, ...text, ...marks, ...(source === "" ? [] : ["from", source])].join(" ");
  }

  private async set(fd: number, name: string, text: string): Promise<string> {
    const option = { fd, ...optionOf(name), value: Number(text) };
    if (name.endsWith("TIMEO")) option.value *= MILLISECOND_NS;
    const data = name === "LINGER" ? new Uint8Array(Int32Array.from(text.split(","), Number).buffer) : undefined;
    if (data !== undefined) option.value = 0;
    must(await this.world.calls.sys_setsockopt(this.context, { ...option, ...(data && { data }) }));
    return "0";
  }

  private async get(fd: number, name: string): Promise<string> {
    const got = must(await this.world.calls.sys_getsockopt(this.context, { fd, ...optionOf(name) }));
    if (name === "LINGER" && got.data !== undefined) return new Int32Array(got.data.slice().buffer).join(",");
    if (name.endsWith("TIMEO")) return String(got.value / MILLISECOND_NS);
    if (name !== "ERROR" || got.value === 0) return String(got.value);
    return Object.entries(ERRNO).find(([, number]) => number === got.value)?.[0] ?? String(got.value);
  }
}

/** Makes a sequence of calls on a node of its own, with so long a pause after each, and answers what each was told. */
export async function onTenon(sequence: readonly string[], settleMs: number): Promise<string[]> {
  const world = await createWorld("simulated", { seed: 1n, profile: "documented", tracing: "off" });
  try {
    return await world.drive(async () => {
      const { files } = value(await world.calls.sys_spawn(outermost("app"), { name: "app" }));
      const player = new Player(world, outermost("app", files));
      const answers: string[] = [];
      for (const call of sequence) {
        answers.push(await player.play(call));
        await world.clock.sleepNs(settleMs * MILLISECOND_NS);
      }
      return answers;
    });
  } finally {
    await world.stop();
  }
}

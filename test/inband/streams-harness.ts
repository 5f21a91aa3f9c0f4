import type { Errno } from "../../services/abi/contract.generated.ts";
import { AF, MSG, SOCK } from "../../services/abi/flags.ts";
import { settled } from "../kit.ts";
import { at, bytes, text, type boot } from "./sockets-harness.ts";

export type World = ReturnType<typeof boot>;

/** Where the server of these stories listens. */
export const SERVER = "127.0.0.1:7000";

/** A stream socket with its file. */
export const stream = (world: World): Promise<number> =>
  world.socket({ family: AF.AF_INET, type: SOCK.SOCK_STREAM }, false);

/** A socket that listens at SERVER. */
export async function listening(world: World, backlog = 8): Promise<number> {
  const sock = await stream(world);
  await world.call("sock_bind", { sock, addr: at(SERVER) });
  await world.call("sock_listen", { sock, backlog });
  return sock;
}

/** What connect(2) says. */
export const connect = async (world: World, sock: number, to = SERVER, flags = 0): Promise<Errno | "lost" | "ok"> => {
  const said = await world.call("sock_connect", { sock, addr: at(to), flags });
  return typeof said === "string" ? said : "ok";
};

let files = 1000;

/** Takes a connection, and gives it a file; or the errno. */
export async function accept(world: World, sock: number, flags = 0): Promise<number | Errno | "lost"> {
  const file = ++files;
  const accepted = await world.call("sock_accept", { sock, flags, file });
  if (typeof accepted === "string") return accepted;
  await world.call("sock_map_file", { sock: accepted.newsock, file, oob: false });
  return accepted.newsock;
}

/** Two sockets that are connected: the client, and the one that was accepted. */
export async function pair(world: World): Promise<{ client: number; server: number; listener: number }> {
  const listener = await listening(world);
  const client = await stream(world);
  await connect(world, client);
  const server = await accept(world, listener);
  if (typeof server === "string") throw new Error(server);
  return { client, server, listener };
}

/** What send(2) says: how many bytes, or the errno. */
export async function send(
  world: World,
  sock: number,
  data: string | Uint8Array,
  flags = 0,
): Promise<number | Errno | "lost"> {
  const sent = await world.call("sock_sendmsg", { sock, data: typeof data === "string" ? bytes(data) : data, flags });
  return typeof sent === "string" ? sent : sent.count;
}

/** What recv(2) says: the text, or the errno. It does not wait unless it is told to. */
export async function recv(
  world: World,
  sock: number,
  count = 2048,
  flags: number = MSG.MSG_DONTWAIT,
): Promise<string> {
  const got = await world.call("sock_recvmsg", { sock, count, flags });
  return typeof got === "string" ? got : text(got.data);
}

/** What of these events a socket is ready for now. */
export async function poll(world: World, sock: number, events: number): Promise<number | string> {
  const polled = world.call("sock_poll", { sock, events, timeout_ns: 1 });
  await settled();
  await world.kit.clock.advance(1);
  const answer = await polled;
  return typeof answer === "string" ? answer : answer.revents;
}

/** What an option tells. */
export async function option(world: World, sock: number, level: number, optname: number): Promise<number | string> {
  const told = await world.call("sock_getsockopt", { sock, level, optname });
  return typeof told === "string" ? told : told.value;
}

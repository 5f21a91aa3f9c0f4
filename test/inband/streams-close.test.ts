import { describe, expect, test } from "@jest/globals";
import { MSG, O, POLL, SHUT, SO, SOL } from "../../services/abi/flags.ts";
import { settled } from "../kit.ts";
import { at, boot, bytes } from "./sockets-harness.ts";
import {
  accept,
  connect,
  listening,
  option,
  pair,
  poll,
  recv,
  send,
  SERVER,
  stream,
  type World,
} from "./streams-harness.ts";

const SECOND = 1_000_000_000;

const setLinger = (world: World, sock: number, seconds: number): Promise<unknown> =>
  world.call("sock_setsockopt", {
    sock,
    level: SOL.SOL_SOCKET,
    optname: SO.SO_LINGER,
    value: 0,
    data: Uint8Array.of(1, 0, 0, 0, seconds, 0, 0, 0),
  });

const shutdown = (world: World, sock: number, how: number): Promise<unknown> =>
  world.call("sock_shutdown", { sock, how });
const error = (world: World, sock: number): Promise<unknown> => option(world, sock, SOL.SOL_SOCKET, SO.SO_ERROR);
const peerOf = async (world: World, sock: number): Promise<unknown> => {
  const name = await world.call("sock_getname", { sock, peer: true });
  return typeof name === "string" ? name : "known";
};

/** A connection of which the server's window is full, so that a close has something to wait for. */
async function stuck(world: World): Promise<{ client: number; server: number }> {
  const listener = await listening(world);
  await world.call("sock_setsockopt", { sock: listener, level: SOL.SOL_SOCKET, optname: SO.SO_RCVBUF, value: 4096 });
  const client = await stream(world);
  await connect(world, client);
  const server = Number(await accept(world, listener));
  await send(world, client, new Uint8Array(10_000), MSG.MSG_DONTWAIT);
  return { client, server };
}

/** Closes, and tells whether that is over. */
function closing(world: World, sock: number): { over: boolean } {
  const progress = { over: false };
  void world.call("sock_close", { sock }).then(() => (progress.over = true));
  return progress;
}

describe("close(2) with SO_LINGER", () => {
  test("waits until the peer has everything", async () => {
    const world = boot();
    const { client, server } = await stuck(world);
    await setLinger(world, client, 15);
    const close = closing(world, client);
    await world.kit.clock.advance(2 * SECOND);
    await settled();
    expect(close.over).toBe(false);
    let got = 0;
    for (let second = 0; second < 10 && !close.over; second++) {
      for (let more = "x"; more !== "" && more !== "EAGAIN"; got += more === "EAGAIN" ? 0 : more.length)
        more = await recv(world, server, 100_000);
      await world.kit.clock.advance(SECOND);
      await settled();
    }
    expect([close.over, got]).toEqual([true, 10_000]);
  });

  test("waits no longer than it says, and the connection goes on without its socket", async () => {
    const world = boot();
    const { client, server } = await stuck(world);
    await setLinger(world, client, 5);
    const close = closing(world, client);
    await world.kit.clock.advance(4.9 * SECOND);
    await settled();
    expect(close.over).toBe(false);
    await world.kit.clock.advance(0.2 * SECOND);
    await settled();
    expect(close.over).toBe(true);
    let got = 0;
    for (let second = 0; second < 20 && got < 10_000; second++) {
      const more = await recv(world, server, 100_000);
      got += more === "EAGAIN" ? 0 : more.length;
      await world.kit.clock.advance(SECOND);
    }
    expect(got).toBe(10_000);
    expect(await recv(world, server)).toBe("");
  });

  test("without it nothing waits, and with 0 s nothing is sent", async () => {
    const world = boot();
    const { client, server } = await stuck(world);
    const close = closing(world, client);
    await settled();
    expect(close.over).toBe(true);
    expect(await recv(world, server, 10, MSG.MSG_PEEK)).not.toBe("ECONNRESET");
    const other = boot();
    const two = await stuck(other);
    await setLinger(other, two.client, 0);
    const abort = closing(other, two.client);
    await settled();
    expect(abort.over).toBe(true);
    expect(await error(other, two.server)).toBe(104);
  });
});

describe("a reset", () => {
  test("in CLOSE-WAIT is EPIPE: the end was read before, and only a writer minds", async () => {
    const world = boot();
    const { client, server } = await pair(world);
    await send(world, client, "last");
    await shutdown(world, client, SHUT.SHUT_WR);
    await setLinger(world, client, 0);
    await world.call("sock_close", { sock: client });
    expect(await poll(world, server, POLL.POLLOUT)).toBe(POLL.POLLOUT | POLL.POLLERR | POLL.POLLHUP);
    expect(await recv(world, server)).toBe("last");
    expect(await recv(world, server)).toBe("");
    expect(await error(world, server)).toBe(32);
    expect(await send(world, server, "x")).toBe("EPIPE");
    expect(await recv(world, server)).toBe("");
  });

  test("reaches who waits to receive, and who waits to send what it had sent already", async () => {
    const world = boot();
    const { client, server } = await stuck(world);
    const receiving = recv(world, client, 10, 0);
    const sending = send(world, client, new Uint8Array(5_000_000));
    await settled();
    await setLinger(world, server, 0);
    await world.call("sock_close", { sock: server });
    // Whoever comes first takes the error; bytes that were taken count before it.
    expect(await receiving).toBe("ECONNRESET");
    expect(await sending).toBeGreaterThan(0);
    expect(await send(world, client, "x")).toBe("EPIPE");
    expect(await recv(world, client)).toBe("");
  });

  test("that a look has told of is taken: nothing is left for SO_ERROR, and recv says the end", async () => {
    const world = boot();
    const { client, server } = await pair(world);
    await setLinger(world, client, 0);
    await world.call("sock_close", { sock: client });
    expect(await poll(world, server, POLL.POLLIN)).toBe(POLL.POLLIN | POLL.POLLERR | POLL.POLLHUP);
    expect(await recv(world, server, 1, MSG.MSG_PEEK)).toBe("ECONNRESET");
    expect(await error(world, server)).toBe(0);
    expect(await recv(world, server)).toBe("");
  });
});

describe("names and addresses", () => {
  test("getpeername: not before the connection is made, nor after it is over", async () => {
    const world = boot();
    const far = await stream(world);
    expect(await peerOf(world, far)).toBe("ENOTCONN");
    await connect(world, far, "10.0.0.2:7000", O.O_NONBLOCK);
    expect(await peerOf(world, far)).toBe("ENOTCONN");
    const { client, server } = await pair(world);
    await shutdown(world, client, SHUT.SHUT_WR);
    expect([await peerOf(world, client), await peerOf(world, server)]).toEqual(["known", "known"]);
    await shutdown(world, server, SHUT.SHUT_WR);
    expect([await peerOf(world, client), await peerOf(world, server)]).toEqual(["ENOTCONN", "ENOTCONN"]);
  });

  test("a connected socket sends to its peer, whatever address sendto names", async () => {
    const world = boot();
    const { client, server } = await pair(world);
    const sent = await world.call("sock_sendmsg", { sock: client, data: bytes("x"), flags: 0, addr: at("10.9.9.9:1") });
    expect(sent).toMatchObject({ count: 1 });
    expect(await recv(world, server)).toBe("x");
    expect(await send(world, client, "")).toBe(0);
    expect(await send(world, await stream(world), "", MSG.MSG_NOSIGNAL)).toBe("EPIPE");
  });

  test("a second connect waits for the first attempt, and says how it ended", async () => {
    const world = boot();
    const sock = await stream(world);
    expect(await connect(world, sock, "10.0.0.2:7000", O.O_NONBLOCK)).toBe("EINPROGRESS");
    const second = connect(world, sock, SERVER);
    await settled();
    await world.kit.clock.advance(4 * SECOND);
    expect(await second).toBe("EHOSTUNREACH");
    expect(await error(world, sock)).toBe(0);
  });
});

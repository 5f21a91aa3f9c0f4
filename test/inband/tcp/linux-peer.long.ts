import { spawn, spawnSync } from "node:child_process";
import { connect, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test } from "@jest/globals";
import { setCarrier, addAddress, addEthernet, setUp } from "../../../services/inband/model/stack/admin.ts";
import { createStack, pollAtNs, receive, tick } from "../../../services/inband/model/stack/stack.ts";
import type { Effect, TcpNotice } from "../../../services/inband/model/stack/state.ts";
import {
  abortTcp,
  acceptTcp,
  bindTcp,
  closeTcp,
  connectTcp,
  createTcp,
  listenTcp,
  receiveTcp,
  sendTcp,
  shutdownTcp,
  type TcpSocket,
} from "../../../services/inband/model/stack/tcp-calls.ts";
import { readable, byteAt } from "../../../services/inband/model/tcp/user-calls.ts";
import { ip, mac, there } from "../stack-harness.ts";
import { Stream } from "./stream.ts";
import { openTap } from "./tap.ts";

const OURS = "198.18.77.2";
const MEGABYTE = 1_000_000;
const tap = await openTap("198.18.77.1");
const withLinux = "why" in tap ? test.skip : test;
const why = "why" in tap ? ` (skipped: ${tap.why})` : "";
const hasPython = spawnSync("python3", ["--version"]).status === 0;

const stack = createStack({ choose: () => 0 });
const added = addEthernet(stack, "eth0", mac("02:00:00:00:77:02"), 1500);
if (!added.result.ok) throw new Error("eth0 is added");
const eth = added.result.value;
addAddress(stack, eth.ifindex, { address: ip(OURS), bits: 24 });
setUp(stack, eth.ifindex, true, 0);
setCarrier(stack, eth.ifindex, true, 0);

const now = (): number => Number(process.hrtime.bigint() - startedAt);
const startedAt = process.hrtime.bigint();
const notices = new Map<number, TcpNotice[]>();
let numbers = 1000;

function perform(effects: readonly Effect[]): void {
  for (const effect of effects) {
    if (effect.t === "transmit" && !("why" in tap)) tap.write(effect.frame);
    if (effect.t === "tcp") notices.set(effect.sk, [...(notices.get(effect.sk) ?? []), effect.notice]);
  }
}

/** Does a call. */
function call<T>({ result, effects }: { readonly result: T; readonly effects: readonly Effect[] }): T {
  perform(effects);
  return result;
}

/** Lets frames and time go on until something is so. */
async function until(what: string, isSo: () => boolean): Promise<void> {
  const endNs = now() + 30e9;
  while (!isSo()) {
    if (now() > endNs) throw new Error(`30 s, and not yet: ${what}`);
    if ("why" in tap) return;
    for (let frame = tap.read(); frame !== undefined; frame = tap.read())
      perform(receive(stack, eth.ifindex, frame, now()));
    if ((pollAtNs(stack) ?? Infinity) <= now()) perform(tick(stack, now()));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const said = ({ sk }: TcpSocket): readonly TcpNotice[] => notices.get(sk) ?? [];
const closedWhy = (socket: TcpSocket): string | undefined =>
  said(socket).flatMap((notice) => (notice.t === "closed" ? [notice.why] : []))[0];

const [ours, theirs] = [new Stream(1), new Stream(2)];

/** Writes and reads a megabyte at once, and says that nothing follows. */
async function exchange(socket: TcpSocket): Promise<void> {
  let [sent, got] = [0, 0];
  await until("a megabyte each way", () => {
    sent += call(sendTcp(stack, socket, ours.bytes(sent, Math.min(60_000, MEGABYTE - sent)), {}, now()));
    const bytes = call(receiveTcp(stack, socket, 1_000_000, {}, now()));
    expect(theirs.holds(got, bytes)).toBe(true);
    got += bytes.length;
    return sent === MEGABYTE && got === MEGABYTE;
  });
  call(shutdownTcp(stack, socket, now()));
}

/** The same, on the side of the kernel. */
function exchangeThere(peer: Socket): { got: number; ended: boolean; error: string | undefined } {
  const seen = { got: 0, ended: false, error: undefined as string | undefined };
  peer.on("data", (bytes) => {
    if (!ours.holds(seen.got, bytes)) peer.destroy();
    seen.got += bytes.length;
  });
  peer.on("end", () => (seen.ended = true));
  peer.on("error", (error: NodeJS.ErrnoException) => (seen.error = error.code));
  for (let at = 0; at < MEGABYTE; at += 50_000) peer.write(Buffer.from(theirs.bytes(at, 50_000)));
  peer.end();
  return seen;
}

const listening = (port: number): TcpSocket => {
  const socket = createTcp(stack, ++numbers, "linux");
  expect(bindTcp(stack, socket, { address: ip(OURS), port }).ok).toBe(true);
  expect(listenTcp(stack, socket, { queueMax: 8, synQueueMax: 8 }).ok).toBe(true);
  return socket;
};

async function accepted(listener: TcpSocket): Promise<TcpSocket> {
  let child: TcpSocket | undefined;
  await until("a connection", () => (child = acceptTcp(stack, listener)) !== undefined);
  return there(child);
}

afterAll(() => {
  if (!("why" in tap)) tap.close();
});

withLinux(`Linux calls us: a megabyte each way, both close${why}`, async () => {
  const listener = listening(7000);
  const peer = connect({ host: OURS, port: 7000, allowHalfOpen: true });
  const seen = exchangeThere(peer);
  const socket = await accepted(listener);
  await exchange(socket);
  await until("both have closed", () => seen.ended && said(socket).some(({ t }) => t === "fin"));
  expect(seen).toEqual({ got: MEGABYTE, ended: true, error: undefined });
  call(closeTcp(stack, socket, { abort: false }, now()));
  call(closeTcp(stack, listener, { abort: false }, now()));
});

withLinux(`we call Linux: a megabyte each way, both close${why}`, async () => {
  const seen: ReturnType<typeof exchangeThere>[] = [];
  const server = createServer({ allowHalfOpen: true }, (peer) => void seen.push(exchangeThere(peer)));
  server.listen(7001, "198.18.77.1");
  await sleep(50);
  const socket = createTcp(stack, ++numbers, "illumos");
  expect(call(connectTcp(stack, socket, { address: ip("198.18.77.1"), port: 7001 }, now())).ok).toBe(true);
  await until("the connection", () => said(socket).some(({ t }) => t === "connected"));
  await exchange(socket);
  await until("both have closed", () => seen[0]?.ended === true && said(socket).some(({ t }) => t === "fin"));
  expect(seen).toEqual([{ got: MEGABYTE, ended: true, error: undefined }]);
  call(closeTcp(stack, socket, { abort: false }, now()));
  server.close();
});

withLinux(`nobody listens: each refuses the other${why}`, async () => {
  const socket = createTcp(stack, ++numbers, "linux");
  call(connectTcp(stack, socket, { address: ip("198.18.77.1"), port: 7999 }, now()));
  await until("the refusal", () => closedWhy(socket) !== undefined);
  expect(closedWhy(socket)).toBe("refused");
  const errors: (string | undefined)[] = [];
  connect(7998, OURS).on("error", (error: NodeJS.ErrnoException) => errors.push(error.code));
  await until("the other refusal", () => errors.length > 0);
  expect(errors).toEqual(["ECONNREFUSED"]);
});

withLinux(`each breaks off, and the other learns it${why}`, async () => {
  const listener = listening(7002);
  const first = connect(7002, OURS);
  const errors: (string | undefined)[] = [];
  first.on("error", (error: NodeJS.ErrnoException) => errors.push(error.code));
  const one = await accepted(listener);
  call(abortTcp(stack, one, now()));
  await until("the reset there", () => errors.length > 0);
  expect(errors).toEqual(["ECONNRESET"]);

  const second = connect(7002, OURS);
  const other = await accepted(listener);
  second.resetAndDestroy();
  await until("the reset here", () => closedWhy(other) !== undefined);
  expect(closedWhy(other)).toBe("reset");
});

const PYTHON = `
import socket, sys
s = socket.create_connection(("${OURS}", 7003))
s.sendall(b"before"); s.send(b"!", socket.MSG_OOB); s.sendall(b"after")
import time, select
r, _, x = select.select([], [], [s], 10)
print("oob", s.recv(1, socket.MSG_OOB).decode() if x else "none", flush=True)
s.shutdown(socket.SHUT_WR)
got = b""
while True:
    part = s.recv(1000)
    if not part: break
    got += part
print("rest", got.decode(), flush=True)
`;

(hasPython ? withLinux : test.skip)(`urgent bytes, to Linux and from Linux${why}`, async () => {
  const listener = listening(7003);
  const python = spawn("python3", ["-c", PYTHON]);
  let out = "";
  python.stdout.on("data", (text: Buffer) => (out += text.toString()));
  const socket = await accepted(listener);
  const urgent = (): number | undefined =>
    said(socket).flatMap((notice) => (notice.t === "urgent" ? [notice.offset] : []))[0];
  await until("their urgent byte", () => urgent() !== undefined && readable(there(socket.connection)) === 12);
  expect(urgent()).toBe(6);
  expect(byteAt(there(socket.connection), 6)).toBe("!".charCodeAt(0));
  const text = (word: string): Uint8Array => new TextEncoder().encode(word);
  call(sendTcp(stack, socket, text("vorher"), {}, now()));
  call(sendTcp(stack, socket, text("?"), { urgent: true }, now()));
  await until("their end", () => out.includes("oob"));
  call(sendTcp(stack, socket, text("nachher"), {}, now()));
  call(shutdownTcp(stack, socket, now()));
  await until("our end", () => out.includes("rest"));
  expect(out).toBe("oob ?\nrest vorhernachher\n");
});

import { fork } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
import type { ByteStream } from "./ksock-streams.ts";
import { clientWork, type StreamWork } from "./stream-work.ts";

/** A socket of Node as a stream of the benchmark. */
async function netStream(port: number): Promise<ByteStream> {
  const socket: Socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  const arrived: Uint8Array[] = [];
  let waiting: (() => void) | undefined;
  let ended = false;
  const wake = (): void => {
    waiting?.();
    waiting = undefined;
  };
  socket.on("data", (data: Uint8Array) => {
    arrived.push(data);
    wake();
  });
  socket.on("close", () => {
    ended = true;
    wake();
  });
  socket.on("error", () => undefined);
  return {
    async send(data) {
      if (!socket.write(data) && !ended) await Promise.race([once(socket, "drain"), once(socket, "close")]);
    },
    async receive() {
      while (arrived.length === 0 && !ended) await new Promise<void>((resolve) => (waiting = resolve));
      return arrived.shift() ?? new Uint8Array(0);
    },
    async close() {
      socket.destroy();
    },
  };
}

/** What the machine itself needs: the same work over Node's own sockets, with a process of its own at the other end. */
export async function netFloor(): Promise<StreamWork> {
  const peer = fork(fileURLToPath(new URL("./net-echo-process.js", import.meta.url)), {
    execArgv: [],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const ended = once(peer, "exit");
  const failed = ended.then(() => Promise.reject(new Error("the echo process of the floor ended before it listened")));
  const [[echoing = 0, taking = 0]] = (await Promise.race([once(peer, "message"), failed])) as [number[]];
  // Afterwards its end is no failure.
  failed.catch(() => undefined);
  const work = clientWork(await netStream(echoing), await netStream(taking));
  return {
    ...work,
    async close() {
      await work.close();
      if (peer.connected) peer.disconnect();
      await ended;
    },
  };
}

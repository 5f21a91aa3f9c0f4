import { fork } from "node:child_process";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** What the machine itself needs for a round trip between two processes. */
export interface UdpFloor {
  /** `slot` tells the sockets apart: each has one datagram on its way. */
  roundTrip(slot: number): Promise<void>;
  close(): Promise<void>;
}

async function connected(port: number): Promise<Socket> {
  const socket = createSocket("udp4");
  socket.connect(port, "127.0.0.1");
  await once(socket, "connect");
  return socket;
}

/** Starts the echo in a process of its own. */
export async function udpFloor(slots: number, payload: Uint8Array): Promise<UdpFloor> {
  const echo = fork(fileURLToPath(new URL("./udp-echo-process.js", import.meta.url)), {
    execArgv: [],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const [port] = (await once(echo, "message")) as [number];
  const sockets = await Promise.all(Array.from({ length: slots }, () => connected(port)));
  return {
    async roundTrip(slot) {
      const socket = sockets[slot];
      if (socket === undefined) throw new Error(`the floor has ${slots} sockets`);
      const back = once(socket, "message");
      socket.send(payload);
      await back;
    },
    async close() {
      const ended = once(echo, "exit");
      for (const socket of sockets) socket.close();
      echo.disconnect();
      await ended;
    },
  };
}

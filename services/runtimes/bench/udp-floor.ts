import { fork } from "node:child_process";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** What the machine itself needs for a round trip between two processes. */
export interface UdpFloor {
  /** `slot` tells the sockets apart: each has one datagram on its way. False: it did not come back. */
  roundTrip(slot: number): Promise<boolean>;
  close(): Promise<void>;
}

/** Every so often, what was already on its way the last time is given up. */
const PATIENCE_MS = 1000;

/** One socket, and who waits for its datagram. */
interface Way {
  readonly socket: Socket;
  waiting: ((came: boolean) => void) | undefined;
  old: boolean;
}

async function wayTo(port: number): Promise<Way> {
  const socket = createSocket("udp4");
  const way: Way = { socket, waiting: undefined, old: false };
  socket.connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.on("message", () => settle(way, true));
  // An echo that has ended refuses what is sent to it: that is lost like anything else.
  socket.on("error", () => settle(way, false));
  return way;
}

function settle(way: Way, came: boolean): void {
  const { waiting } = way;
  way.waiting = undefined;
  waiting?.(came);
}

/** Starts the echo in a process of its own. */
export async function udpFloor(slots: number, payload: Uint8Array): Promise<UdpFloor> {
  const echo = fork(fileURLToPath(new URL("./udp-echo-process.js", import.meta.url)), {
    execArgv: [],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const ended = once(echo, "exit");
  const failed = ended.then(() => Promise.reject(new Error("the echo process of the floor ended before it listened")));
  const [port] = (await Promise.race([once(echo, "message"), failed])) as [number];
  // Afterwards its end is no failure.
  failed.catch(() => undefined);
  const ways = await Promise.all(Array.from({ length: slots }, () => wayTo(port)));
  const givesUp = setInterval(() => {
    for (const way of ways) {
      if (way.old) settle(way, false);
      way.old = way.waiting !== undefined;
    }
  }, PATIENCE_MS);
  return {
    roundTrip(slot) {
      const way = ways[slot];
      if (way === undefined) throw new Error(`the floor has ${slots} sockets`);
      return new Promise((resolve) => {
        way.waiting = resolve;
        way.old = false;
        way.socket.send(payload);
      });
    },
    async close() {
      clearInterval(givesUp);
      for (const { socket } of ways) socket.close();
      if (echo.connected) echo.disconnect();
      await ended;
    },
  };
}

import { createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { SAID_BYTES } from "./stream-work.ts";

// The floor under connections between nodes: a process that echoes on one port, and takes what comes on another.
const echo = (socket: Socket): void => void socket.on("data", (data) => socket.write(data));
const sink = (socket: Socket): void => {
  let unsaid = 0;
  socket.on("data", (data) => {
    unsaid += data.length;
    for (; unsaid >= SAID_BYTES; unsaid -= SAID_BYTES) socket.write(".");
  });
};
const serve = (take: (socket: Socket) => void): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer({ noDelay: true }, (socket) => {
      socket.on("error", () => undefined);
      take(socket);
    });
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });

void Promise.all([serve(echo), serve(sink)]).then((ports) => process.send?.(ports));
process.once("disconnect", () => process.exit(0));
// Ctrl-C goes to the whole group; the benchmark ends it.
process.on("SIGINT", () => undefined);

import { createSocket } from "node:dgram";

// The floor under datagrams between nodes: a process that sends back every datagram it gets, over the loopback address.
const socket = createSocket("udp4");
socket.on("message", (bytes, { port, address }) => socket.send(bytes, port, address));
socket.bind(0, "127.0.0.1", () => process.send?.(socket.address().port));
process.once("disconnect", () => process.exit(0));
// Ctrl-C goes to the whole group; the benchmark ends it.
process.on("SIGINT", () => undefined);

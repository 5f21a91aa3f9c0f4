/*
 * An echo server or client on the kernel sockets of a running kernel.
 *
 *     npx tenon up                                                        in a first terminal
 *     node dist/examples/ksock-echo/main.js server unix:/path/control.sock beta 10.0.0.2 7
 *     node dist/examples/ksock-echo/main.js client unix:/path/control.sock alpha 10.0.0.2 7 "hello, kernel"
 */
import { createKsock } from "../../services/ksock/index.ts";
import { connectKsock } from "../../services/transports/grpc/ksock-road.ts";
import { echo } from "./client.ts";
import { startEchoServer } from "./server.ts";

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`${line}\n`);

const [role = "", control = "", node = "", address = "", port = "", words = "hello"] = process.argv.slice(2);
if ((role !== "server" && role !== "client") || port === "") {
  complain("found no such words; write: server|client CONTROL-ADDRESS NODE ADDRESS PORT [WORDS]");
  process.exit(3);
}
const stream = `ksock-echo-${role}-${process.pid}`;
const sleepNs = (ns: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ns / 1e6));
const road = connectKsock(control, { node, stream, sleepNs });
if (!road.ok) {
  complain(road.reason);
  process.exit(3);
}
const ksock = createKsock(road.value, { stream, onError: (error, slot) => complain(`${slot}: ${String(error)}`) });
try {
  if (role === "server") {
    const server = await startEchoServer(ksock, address, Number(port));
    say(`echoes on ${address} port ${port}`);
    await new Promise((resolve) => process.once("SIGINT", resolve).once("SIGTERM", resolve));
    await server.stop();
  } else {
    const { bytes, events } = await echo(ksock, address, Number(port), Buffer.from(words));
    say(Buffer.from(bytes).toString());
    say(events.join(", "));
  }
} catch (error) {
  complain((error as Error).message);
  process.exitCode = 1;
}
ksock.end();
road.value.close();

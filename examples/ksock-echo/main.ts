/*
 * An echo server or client on the kernel sockets of a running kernel.
 *
 *     npx tenon up                                                        in a first terminal
 *     node dist/examples/ksock-echo/main.js server unix:/path/control.sock beta 10.0.0.2 7
 *     node dist/examples/ksock-echo/main.js client unix:/path/control.sock alpha 10.0.0.2 7 "hello, kernel"
 */
import { createKsock, endpointProblem } from "../../services/ksock/index.ts";
import { connectKsock, type KsockRoadOptions } from "../../services/transports/grpc/ksock-road.ts";
import { loadIdentity } from "../../services/transports/tls/identity.ts";
import { loadToken } from "../../services/transports/tls/token.ts";
import { echo } from "./client.ts";
import { startEchoServer } from "./server.ts";

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`${line}\n`);

/** One clear line, and the exit code of bad input. */
function giveUp(line: string): never {
  complain(`ksock-echo: ${line}`);
  process.exit(3);
}

/** What a kernel on the network wants to see: as with the command line, TENON_TLS is a folder and TENON_TOKEN_FILE a file. */
function credentials(): Pick<KsockRoadOptions, "tls" | "token"> {
  const { TENON_TLS: folder, TENON_TOKEN_FILE: file } = process.env;
  const tls = folder === undefined ? undefined : loadIdentity(folder);
  const token = file === undefined ? undefined : loadToken(file);
  if (tls?.ok === false) giveUp(tls.reason);
  if (token?.ok === false) giveUp(token.reason);
  return { tls: tls?.value, token: token?.value };
}

const [role = "", control = "", node = "", address = "", digits = "", words = "hello", ...more] = process.argv.slice(2);
if ((role !== "server" && role !== "client") || digits === "" || more.length > 0)
  giveUp('write: server|client CONTROL-ADDRESS NODE ADDRESS PORT ["WORDS"]');
const port = /^\d+$/.test(digits) ? Number(digits) : NaN;
const problem = Number.isNaN(port) ? `a port is 0 to 65535; found ${digits}` : endpointProblem(address, port);
if (problem !== undefined) giveUp(problem);
const stream = `ksock-echo-${role}-${process.pid}`;
const sleepNs = (ns: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ns / 1e6));
// A kernel that went away has taken our sockets with it, and one that was never there has none for us: there is nothing to go on with.
const road = connectKsock(control, { node, stream, sleepNs, onLost: giveUp, ...credentials() });
if (!road.ok) giveUp(road.reason);
const ksock = createKsock(road.value, { stream, onError: (error, slot) => complain(`${slot}: ${String(error)}`) });
try {
  if (role === "server") {
    const server = await startEchoServer(ksock, address, port);
    say(`echoes on ${address} port ${port}`);
    await new Promise((resolve) => process.once("SIGINT", resolve).once("SIGTERM", resolve));
    await server.stop();
  } else {
    const { bytes, events } = await echo(ksock, address, port, Buffer.from(words));
    say(Buffer.from(bytes).toString());
    say(events.join(", "));
  }
} catch (error) {
  // A server that cannot begin was told a wrong address or port; what a client hears is what the peer did.
  if (role === "server") giveUp(`${(error as Error).message} (${address} port ${port})`);
  complain(`ksock-echo: ${(error as Error).message} (${address} port ${port})`);
  process.exitCode = 1;
}
ksock.end();
road.value.close();

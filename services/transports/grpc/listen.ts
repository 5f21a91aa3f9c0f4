import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { ServerCredentials, type Server, type ServerInterceptor } from "@grpc/grpc-js";
import type { Clock } from "../../abi/kit.ts";
import { failed, lineOf, worked, type Attempt } from "../answers.ts";
import type { Refusal } from "../refusals.ts";
import { openGate, type Gate } from "../tls/gate.ts";
import type { TlsIdentity } from "../tls/identity.ts";
import { readAddress, removeStaleSocket, type Address } from "./address.ts";
import { SERVER_OPTIONS, silenceGrpc } from "./channel.ts";
import { needsTls } from "./dial.ts";
import { registerHealth } from "./health.ts";
import { NamedServer } from "./named-server.ts";
import { registerReflection } from "./reflection.ts";

/** Where a server listens, and for whom. */
export interface ListenOptions {
  /** `unix:/path`, `host:port` or `tls:host:port`; port 0 finds one. */
  readonly addresses: readonly string[];
  readonly clock: Clock;
  /** Who the server is; needed for every address that other hosts reach. */
  readonly tls?: TlsIdentity | undefined;
  /** Whether the health service says at first that all is well; else `Listening.serving` says when. */
  readonly serving?: boolean;
  /** Is told of everybody who got nothing. */
  readonly onRefused?: ((refusal: Refusal) => void) | undefined;
}

/** A server that listens. */
export interface Listening {
  /** Where, with the port that was found for port 0: the first of its addresses. */
  readonly address: string;
  /** All of them. */
  readonly addresses: readonly string[];
  /** What the health service says from now on, of the server and of each of its services. */
  serving(is: boolean): void;
  /**
   * Says that it does not serve any more, takes no new calls, lets what is in progress end for so long, then cuts it off.
   * Idempotent.
   */
  close(graceNs: number): Promise<void>;
}

/** One address that is listened on. */
interface Bound {
  readonly address: string;
  readonly gate?: Gate;
}

const withPort = (address: string, port: number): string => address.replace(/:\d+$/, `:${port}`);

/** How grpc-js words why it cannot listen: around what the system said. */
const NO_ADDRESS = /^No address added out of total 1 resolved errors: \[(.*)\]$/;

async function bindPlain(server: Server, address: string, to: Address): Promise<Attempt<Bound>> {
  const { t, target } = to;
  // The system calls this "permission denied".
  if (to.t === "unix" && !existsSync(dirname(to.path)))
    return failed(`cannot listen on ${address}: there is no folder ${dirname(to.path)}`);
  await removeStaleSocket(address);
  return new Promise((resolve) =>
    server.bindAsync(target, ServerCredentials.createInsecure(), (error, port) => {
      if (error !== null) resolve(failed(`cannot listen on ${address}: ${lineOf(error).replace(NO_ADDRESS, "$1")}`));
      else resolve(worked({ address: t === "unix" ? address : withPort(address, port) }));
    }),
  );
}

async function bindSecure(
  server: Server,
  address: string,
  to: Address,
  options: ListenOptions,
): Promise<Attempt<Bound>> {
  const { tls, onRefused } = options;
  if (tls === undefined || to.t === "unix") return failed(needsTls(address));
  // What comes out of the gate has its TLS behind it: to grpc-js it is a connection like those of a unix socket.
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  let bound = address;
  const gate = await openGate(to, tls, {
    admitted: (socket) => injector.injectConnection(socket),
    refused: (peer, why) => onRefused?.({ address: bound, peer, why }),
  });
  if (!gate.ok) return failed(`cannot listen on ${address}: ${gate.reason}`);
  bound = withPort(address, gate.value.port);
  return worked({ address: bound, gate: gate.value });
}

/** Listens on all addresses, or on none. */
async function bindAll(server: Server, options: ListenOptions): Promise<Attempt<readonly Bound[]>> {
  const bound: Bound[] = [];
  for (const address of options.addresses) {
    const read = readAddress(address);
    const one = !read.ok
      ? read
      : read.value.isSecure
        ? await bindSecure(server, address, read.value, options)
        : await bindPlain(server, address, read.value);
    if (!one.ok) {
      for (const { gate } of bound) gate?.close();
      server.forceShutdown();
      return one;
    }
    bound.push(one.value);
  }
  return worked(bound);
}

/**
 * Starts a gRPC server: in the clear on unix sockets and the loopback, by mutual TLS everywhere else. It has the standard
 * health service, and reflection, beside what is registered.
 *
 * @param register adds the methods before the first call can arrive; what it returns is run when the server begins to
 *   close, and ends the streams that would live on.
 * @param guards see every call before its method does.
 * @returns why it cannot listen there, in one line.
 */
export async function listen(
  options: ListenOptions,
  register: (server: Server) => () => void,
  guards: readonly ServerInterceptor[] = [],
): Promise<Attempt<Listening>> {
  const { clock, addresses } = options;
  if (addresses.length === 0) return failed("there is no address to listen on");
  // Before anything is bound: a typing mistake in the last address must not open the first one for a moment.
  for (const address of addresses) {
    const read = readAddress(address);
    if (!read.ok) return read;
    if (read.value.isSecure && options.tls === undefined) return failed(needsTls(address));
  }
  silenceGrpc();
  const server = new NamedServer({ ...SERVER_OPTIONS, interceptors: [...guards] });
  const finishCalls = register(server);
  const health = registerHealth(server, server.services, options.serving ?? true);
  const finishReflection = registerReflection(server, server.services);
  const bound = await bindAll(server, options);
  if (!bound.ok) return bound;

  let closing: Promise<void> | undefined;
  return worked({
    address: bound.value[0]?.address ?? "",
    addresses: bound.value.map(({ address }) => address),
    serving(is) {
      if (closing === undefined) health.serving(is);
    },
    close: (graceNs) =>
      (closing ??= new Promise((resolve) => {
        health.serving(false);
        for (const { gate } of bound.value) gate?.close();
        const timer = clock.after(graceNs, () => {
          // tryShutdown waits for streams and connections of others, as long as they like.
          server.forceShutdown();
          resolve();
        });
        server.tryShutdown(() => {
          timer.cancel();
          resolve();
        });
        finishCalls();
        finishReflection();
        health.finish();
      })),
  });
}

import { Server, ServerCredentials } from "@grpc/grpc-js";
import type { Clock } from "../../abi/kit.ts";
import { failed, lineOf, worked, type Attempt } from "../answers.ts";
import { addressProblem, removeStaleSocket } from "./address.ts";
import { SERVER_OPTIONS, silenceGrpc } from "./channel.ts";

/** A server that listens. */
export interface Listening {
  /** Where, with the port that was found for port 0. */
  readonly address: string;
  /** Lets what is in progress end for so long, then cuts it off. Idempotent. */
  close(graceNs: number): Promise<void>;
}

/**
 * Starts a gRPC server.
 *
 * @param register adds the methods before the first call can arrive; what it returns is run when the server begins to
 *   close, and ends the streams that would live on.
 * @returns why it cannot listen there, in one line.
 */
export async function listen(
  address: string,
  clock: Clock,
  register: (server: Server) => () => void,
): Promise<Attempt<Listening>> {
  const problem = addressProblem(address);
  if (problem !== undefined) return failed(problem);
  await removeStaleSocket(address);

  silenceGrpc();
  const server = new Server(SERVER_OPTIONS);
  const finish = register(server);
  const bound = await new Promise<Attempt<number>>((resolve) =>
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) =>
      resolve(error === null ? worked(port) : failed(`cannot listen on ${address}: ${lineOf(error)}`)),
    ),
  );
  if (!bound.ok) {
    server.forceShutdown();
    return bound;
  }

  let closing: Promise<void> | undefined;
  return worked({
    address: address.startsWith("unix:") ? address : address.replace(/:\d+$/, `:${bound.value}`),
    close: (graceNs) =>
      (closing ??= new Promise((resolve) => {
        const timer = clock.after(graceNs, () => {
          // tryShutdown waits for streams and connections of others, as long as they like.
          server.forceShutdown();
          resolve();
        });
        server.tryShutdown(() => {
          timer.cancel();
          resolve();
        });
        finish();
      })),
  });
}

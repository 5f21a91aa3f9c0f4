import { createServer, type Server, type TLSSocket } from "node:tls";
import { failed, lineOf, worked, type Attempt } from "../answers.ts";
import type { TlsIdentity } from "./identity.ts";
import { certificateWords, handshakeWords } from "./refusal-words.ts";

/** How long a peer may take for its handshake. */
const HANDSHAKE_MS = 10_000;

/** Whom a gate tells what came. */
export interface GateListener {
  /** Somebody with a certificate of the CA, who speaks HTTP/2. */
  admitted(socket: TLSSocket): void;
  /** Somebody else, who is gone by now. */
  refused(peer: string, why: string): void;
}

/** A port that lets in nobody without a certificate of the CA. */
export interface Gate {
  /** The port that was found for port 0. */
  readonly port: number;
  /** Lets in nobody any more; who is in stays. Idempotent. */
  close(): void;
}

const peerOf = ({ remoteAddress, remotePort }: TLSSocket): string =>
  remoteAddress === undefined
    ? "unknown"
    : `${remoteAddress.includes(":") ? `[${remoteAddress}]` : remoteAddress}:${remotePort ?? 0}`;

/** Tells, of a connection whose handshake ended, whether it may come in. */
function judge(socket: TLSSocket, { admitted, refused }: GateListener): void {
  const peer = peerOf(socket);
  // A connection that breaks is told by its end; an error without a listener would be thrown.
  socket.on("error", () => undefined);
  if (!socket.authorized) {
    const why = certificateWords(String(socket.authorizationError), socket.getPeerCertificate());
    socket.destroy();
    refused(peer, why);
  } else if (socket.alpnProtocol !== "h2") {
    socket.destroy();
    refused(peer, "it speaks TLS, but no HTTP/2 in it");
  } else {
    admitted(socket);
  }
}

/**
 * Opens a gate for mutual TLS 1.3. It is here, and not left to grpc-js, because grpc-js tells nobody whom it refused and why.
 *
 * @returns why it cannot listen there, in one line.
 */
export function openGate(
  at: { readonly host: string; readonly port: number },
  identity: TlsIdentity,
  listener: GateListener,
): Promise<Attempt<Gate>> {
  let server: Server;
  let closed = false;
  try {
    server = createServer({
      ...identity,
      minVersion: "TLSv1.3",
      requestCert: true,
      // So that `judge` can say whom it turns away; it turns away everybody whom Node would.
      rejectUnauthorized: false,
      ALPNProtocols: ["h2"],
      handshakeTimeout: HANDSHAKE_MS,
      noDelay: true,
    });
  } catch (error) {
    return Promise.resolve(failed(`the TLS identity cannot be used: ${lineOf(error)}`));
  }
  server.on("secureConnection", (socket) => {
    // Its handshake had begun when the gate was closed.
    if (closed) socket.destroy();
    else judge(socket, listener);
  });
  server.on("tlsClientError", (error: NodeJS.ErrnoException, socket) => {
    const peer = peerOf(socket);
    const why = handshakeWords(error);
    // Node leaves a connection open whose handshake took too long.
    socket.destroy();
    if (why !== undefined) listener.refused(peer, why);
  });
  return new Promise((resolve) => {
    server.once("error", (error) => resolve(failed(lineOf(error))));
    server.listen(at.port, at.host, () => {
      server.removeAllListeners("error").on("error", () => undefined);
      const bound = server.address();
      const port = typeof bound === "object" && bound !== null ? bound.port : at.port;
      resolve(
        worked({
          port,
          close() {
            closed = true;
            server.close();
          },
        }),
      );
    });
  });
}

import { Server, ServerCredentials, type ServerDuplexStream } from "@grpc/grpc-js";
import type { TlsIdentity } from "../../transports/tls/identity.ts";
import { FLOOR_PATH } from "./floor-path.ts";
import type { CalleeWord } from "./callee-process.ts";

/** What the process of the floor is told. Plain data. */
export interface FloorData {
  /** Where it is reached; `tls:` stands before one that is spoken to by mutual TLS. */
  readonly addresses: readonly string[];
  readonly tls: TlsIdentity;
}

// The floor under the distributed runtime: a bare grpc-js stream that sends back the bytes it gets.
const asBytes = (bytes: Buffer): Buffer => bytes;

async function main({ addresses, tls: { ca, cert, key } }: FloorData): Promise<void> {
  const say = (word: CalleeWord): void => void process.send?.(word);
  const server = new Server();
  server.register(
    FLOOR_PATH,
    (stream: ServerDuplexStream<Buffer, Buffer>) => {
      stream.on("data", (bytes: Buffer) => stream.write(bytes));
      stream.on("end", () => stream.end());
      stream.on("error", () => undefined);
    },
    asBytes,
    asBytes,
    "bidi",
  );
  const bind = (address: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const isSecure = address.startsWith("tls:");
      const target = isSecure ? address.slice("tls:".length) : address;
      const credentials = isSecure
        ? ServerCredentials.createSsl(ca, [{ cert_chain: cert, private_key: key }], true)
        : ServerCredentials.createInsecure();
      server.bindAsync(target, credentials, (error, port) => {
        if (error === null) resolve(target.startsWith("unix:") ? target : target.replace(/:\d+$/, `:${port}`));
        else reject(error);
      });
    });
  try {
    const bound: string[] = [];
    for (const address of addresses) bound.push(await bind(address));
    say({ addresses: bound });
  } catch (error) {
    say({ failed: error instanceof Error ? error.message : String(error) });
  }
}

process.once("disconnect", () => process.exit(0));
// Ctrl-C goes to the whole group; the benchmark ends it.
process.on("SIGINT", () => undefined);
process.once("message", (data) => void main(data as FloorData));

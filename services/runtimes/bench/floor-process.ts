import { Server, ServerCredentials, type ServerDuplexStream } from "@grpc/grpc-js";
import { FLOOR_PATH } from "./floor-path.ts";

// The floor under the distributed runtime: a bare grpc-js stream that sends back the bytes it gets.
const asBytes = (bytes: Buffer): Buffer => bytes;
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
process.once("disconnect", () => process.exit(0));
// Ctrl-C goes to the whole group; the benchmark ends it.
process.on("SIGINT", () => undefined);
process.once("message", (address) => {
  server.bindAsync(String(address), ServerCredentials.createInsecure(), (error) => {
    process.send?.(error === null ? "ready" : error.message);
  });
});

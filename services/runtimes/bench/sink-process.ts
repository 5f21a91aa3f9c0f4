import { createServer } from "node:http";
import type { CalleeWord } from "./callee-process.ts";

// Where the benchmark exports to: a collector that takes everything at once and looks at nothing.
const server = createServer((request, response) => {
  request.resume().on("end", () => response.writeHead(200, { "content-type": "application/x-protobuf" }).end());
});
process.once("disconnect", () => process.exit(0));
// Ctrl-C goes to the whole group; the benchmark ends it.
process.on("SIGINT", () => undefined);
server.listen(0, "127.0.0.1", () => {
  const bound = server.address();
  const word: CalleeWord =
    bound === null || typeof bound === "string"
      ? { failed: "the collector of the benchmark has no port" }
      : { addresses: [`http://127.0.0.1:${bound.port}`] };
  process.send?.(word);
});

/* Fetches over the sockets of a task with Node's own HTTP client, and sums up what comes. */
import { createHash } from "node:crypto";
import { Agent, request, type ClientRequestArgs, type IncomingHttpHeaders } from "node:http";
import { PassThrough, type Duplex } from "node:stream";
import { connect, type Endpoint } from "../../services/streams/connections.ts";
import type { Task } from "../../services/streams/task.ts";

/** What an answer was. */
interface Fetched {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: number;
  /** SHA-256 of the body, as hexadecimal digits. */
  readonly sha256: string;
}

/** A client that keeps its connections for the next request. */
export interface Client {
  fetch(
    path: string,
    options?: { readonly method?: string; readonly headers?: Record<string, string> },
  ): Promise<Fetched>;
  close(): void;
}

/** Connections of a task in the place of the machine's. */
class TaskAgent extends Agent {
  readonly #task: Task;
  readonly #to: Endpoint;

  constructor(task: Task, to: Endpoint) {
    super({ keepAlive: true });
    this.#task = task;
    this.#to = to;
  }

  override createConnection(
    _options: ClientRequestArgs,
    made?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    connect(this.#task, this.#to).then(
      (socket) => made?.(null, socket),
      // Node's types want a stream here, too; it looks at none.
      (error: unknown) => made?.(error instanceof Error ? error : new Error(String(error)), new PassThrough()),
    );
  }
}

/** Makes a client of a server. */
export function createClient(task: Task, to: Endpoint): Client {
  const agent = new TaskAgent(task, to);
  return {
    fetch: (path, { method = "GET", headers = {} } = {}) =>
      new Promise((resolve, reject) => {
        const asking = request({ agent, host: to.address, port: to.port, path, method, headers }, (response) => {
          const hash = createHash("sha256");
          let bytes = 0;
          response.on("data", (chunk: Buffer) => {
            bytes += chunk.length;
            hash.update(chunk);
          });
          response.on("end", () =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes, sha256: hash.digest("hex") }),
          );
          response.on("error", reject);
        });
        asking.on("error", reject);
        asking.end();
      }),
    close: () => agent.destroy(),
  };
}

import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { CONTENT_TYPE } from "../../telemetry/prometheus.ts";
import { failed, worked, type Attempt } from "../../transports/answers.ts";

/** A server for metrics. */
export interface MetricsServer {
  /** Where it listens, `host:port`. */
  readonly address: string;
  close(): Promise<void>;
}

const ADDRESS = /^(?:(\[[0-9a-f:.]+\]|[\w.-]*):)?(\d{1,5})$/i;
const HOST = "127.0.0.1";

/** `/metrics` answers what `text` says, `/-/healthy` that it is there; it takes GET and HEAD, and nothing else. */
function listener(text: () => Promise<string>): RequestListener {
  return (request, response) => {
    const end = (status: number, type: string, body: string): void => {
      response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(body) });
      response.end(request.method === "HEAD" ? undefined : body);
    };
    const plain = "text/plain; charset=utf-8";
    if (request.method !== "GET" && request.method !== "HEAD") {
      end(405, plain, "GET only\n");
      return;
    }
    const [path] = (request.url ?? "/").split("?");
    if (path === "/-/healthy") {
      end(200, plain, "up\n");
      return;
    }
    if (path !== "/metrics") {
      end(404, plain, "there is /metrics and /-/healthy\n");
      return;
    }
    text().then(
      (body) => end(200, CONTENT_TYPE, body),
      (error: unknown) => end(500, plain, `${error instanceof Error ? error.message : String(error)}\n`),
    );
  };
}

/**
 * Serves metrics over HTTP; to this machine only, unless a host is said.
 *
 * @param where `host:port`, `:port` or a port; port 0 is any that is free.
 */
export async function serveMetrics(where: string, text: () => Promise<string>): Promise<Attempt<MetricsServer>> {
  const [, host = "", port] = ADDRESS.exec(where) ?? [];
  if (port === undefined || Number(port) > 65_535) {
    return failed(`${where} is no address for metrics; write host:port, such as ${HOST}:9464`);
  }
  const server = createServer(listener(text));
  const problem = await new Promise<string | undefined>((resolve) => {
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(Number(port), host === "" ? HOST : host.replace(/^\[|\]$/g, ""), () => resolve(undefined));
  });
  if (problem !== undefined) return failed(`${where}: ${problem}`);
  const { address, port: bound, family } = server.address() as AddressInfo;
  return worked({
    address: family === "IPv6" ? `[${address}]:${bound}` : `${address}:${bound}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

/*
 * An HTTP/1.1 file server on the sockets of a task. Node's own parser and server do the talking: each accepted connection is a
 * Duplex, which is handed to them as the connection of a machine's socket would be.
 */
import { createReadStream } from "node:fs";
import { createServer, STATUS_CODES, type IncomingMessage, type ServerResponse } from "node:http";
import { realpath } from "node:fs/promises";
import type { Duplex } from "node:stream";
import { pipeline } from "node:stream/promises";
import { listen, type Listener } from "../../services/streams/connections.ts";
import type { Task } from "../../services/streams/task.ts";
import { findFile, rangeOf } from "./files.ts";

/** What a server is made with. */
export interface ServerOptions {
  readonly folder: string;
  readonly address: string;
  /** 0: any that is free. */
  readonly port: number;
  /** A client that is silent for so long, in the middle of a request or of an answer, is sent away. */
  readonly idleMs?: number;
  /** How long a connection is kept for another request. */
  readonly keepAliveMs?: number;
  /** A line for each answer. */
  readonly log?: (line: string) => void;
}

const IDLE_MS = 30_000;
const KEEP_ALIVE_MS = 5000;

/** Serves the files of a folder until it is closed. */
export async function serveFiles(task: Task, options: ServerOptions): Promise<Listener> {
  const { address, port, idleMs = IDLE_MS, keepAliveMs = KEEP_ALIVE_MS, log = () => undefined } = options;
  const root = await realpath(options.folder);
  const server = createServer((request, response) => {
    response.on("close", () => log(lineOf(request, response)));
    answer(root, request, response).catch(() => response.destroy());
  });
  // Who has sent all of his requests may close his half and wait for the answers (RFC 9112 §9.6); Node has that as an extra.
  Object.assign(server, { httpAllowHalfOpen: true });
  // A peer that is slow to say what it wants gets 408 and is sent away; so is one that takes nothing of its answer.
  server.headersTimeout = idleMs;
  server.requestTimeout = idleMs;
  server.timeout = idleMs;
  server.keepAliveTimeout = keepAliveMs;
  server.on("clientError", refuse);
  const open = new Set<Duplex>();
  const listener = await listen(task, { address, port }, (socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
    // Resets are ordinary; who was being answered is told by the answer's own `close`.
    socket.on("error", () => undefined);
    server.emit("connection", socket);
  });
  return {
    ...listener,
    async close() {
      await listener.close();
      // Node's own closeAllConnections passes over those whose client has closed his half.
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
}

/** What no HTTP is, or is too large, is answered as far as it can be, and the connection ends (RFC 9112 §2.2, §9.6). */
function refuse(error: NodeJS.ErrnoException, socket: NodeJS.WritableStream & { destroySoon?: () => void }): void {
  const status = error.code === "HPE_HEADER_OVERFLOW" ? 431 : error.code === "ERR_HTTP_REQUEST_TIMEOUT" ? 408 : 400;
  if (error.code === "ECONNRESET" || !socket.writable) return;
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

async function answer(root: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = "", url = "" } = request;
  // What comes behind the header is not for us, and is read so that the next request can be found.
  request.resume();
  if (method !== "GET" && method !== "HEAD") {
    say(response, 405, { Allow: "GET, HEAD" });
    return;
  }
  const found = await findFile(root, url);
  if (!found.ok) {
    say(response, found.status);
    return;
  }
  const { path, stats, type } = found;
  const range = rangeOf(request.headers.range, stats.size);
  if (range === "unsatisfiable") {
    say(response, 416, { "Content-Range": `bytes */${stats.size}` });
    return;
  }
  const { start, end } = range === "all" ? { start: 0, end: stats.size - 1 } : range;
  response.writeHead(range === "all" ? 200 : 206, {
    "Content-Type": type,
    "Content-Length": end - start + 1,
    "Last-Modified": stats.mtime.toUTCString(),
    "Accept-Ranges": "bytes",
    ...(range === "all" ? {} : { "Content-Range": `bytes ${start}-${end}/${stats.size}` }),
  });
  if (method === "HEAD" || stats.size === 0) response.end();
  // Backpressure goes all the way: a client that is slow makes the file be read as slowly.
  else await pipeline(createReadStream(path, { start, end }), response);
}

function say(response: ServerResponse, status: number, headers: Readonly<Record<string, string>> = {}): void {
  const text = `${status} ${STATUS_CODES[status] ?? ""}\n`;
  const length = Buffer.byteLength(text);
  response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8", "Content-Length": length, ...headers });
  response.end(text);
}

function lineOf({ method = "", url = "", socket }: IncomingMessage, response: ServerResponse): string {
  const { remoteAddress = "", remotePort = 0 } = socket;
  const end = response.writableFinished ? "" : ", cut off";
  return `${remoteAddress}:${remotePort} ${method} ${url} ${response.statusCode}${end}`;
}

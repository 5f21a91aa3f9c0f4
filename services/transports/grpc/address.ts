import { lstatSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { failed, worked, type Attempt } from "../answers.ts";

/** How an address is written, for error messages. */
const ADDRESS_FORM = "unix:/path/of/a/socket, or host:port such as 127.0.0.1:50051";

/** What sun_path holds, less the final zero; a longer path would be cut short without a word. */
const SOCKET_PATH_MAX = 107;

/** Where one can listen, or connect to. */
export type Address = UnixAddress | TcpAddress;

interface UnixAddress {
  readonly t: "unix";
  readonly path: string;
  readonly isSecure: false;
  /** As grpc-js wants it. */
  readonly target: string;
  /** Whether only processes of this host reach it. */
  readonly isLocal: true;
}

interface TcpAddress {
  readonly t: "tcp";
  /** Without the brackets of an IPv6 address. */
  readonly host: string;
  readonly port: number;
  /** Whether it is spoken to by mutual TLS: what other hosts reach, and what is written with `tls:` before it. */
  readonly isSecure: boolean;
  readonly target: string;
  readonly isLocal: boolean;
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/i;

/**
 * Reads an address: `unix:/path`, `host:port`, or `tls:host:port` where TLS is wanted on the loopback too.
 *
 * @returns what is wrong with it in one line, when it is none.
 */
export function readAddress(address: string): Attempt<Address> {
  const [, path] = /^unix:(?!\/\/)(.+)$/.exec(address) ?? [];
  if (path !== undefined) {
    const bytes = Buffer.byteLength(path);
    return bytes > SOCKET_PATH_MAX
      ? failed(`${address}: the path of a socket has ${SOCKET_PATH_MAX} bytes at most, this one has ${bytes}`)
      : worked({ t: "unix", path, isSecure: false, isLocal: true, target: address });
  }
  const [, tls, written = "", digits] = /^(tls:)?(\[[0-9a-f:.]+\]|[\w.-]+):(\d{1,5})$/i.exec(address) ?? [];
  const port = Number(digits);
  if (digits === undefined || port > 65_535) return failed(`${address} is no address; write ${ADDRESS_FORM}`);
  const host = written.replace(/^\[|\]$/g, "");
  const isLocal = LOOPBACK.test(host);
  const isSecure = tls !== undefined || !isLocal;
  return worked({ t: "tcp", host, port, isSecure, isLocal, target: `${written}:${digits}` });
}

/** What is wrong with an address, in one line; undefined for nothing. */
export function addressProblem(address: string): string | undefined {
  const read = readAddress(address);
  return read.ok ? undefined : read.reason;
}

/** Whether other hosts reach an address; what is none reaches nobody. */
export function reachesFar(address: string): boolean {
  const read = readAddress(address);
  return read.ok && !read.value.isLocal;
}

const isSocket = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false })?.isSocket() ?? false;

/**
 * Removes the socket file that a killed process left behind, so that its successor can have the address.
 * A socket on which somebody listens stays, and so does anything that is no socket.
 */
export async function removeStaleSocket(address: string): Promise<void> {
  const path = address.slice("unix:".length);
  if (!address.startsWith("unix:") || !isSocket(path)) return;
  const listening = await new Promise<boolean>((resolve) => {
    const probe = connect(path);
    probe.once("connect", () => {
      probe.destroy();
      resolve(true);
    });
    probe.once("error", (error: NodeJS.ErrnoException) => resolve(error.code !== "ECONNREFUSED"));
  });
  if (!listening) rmSync(path, { force: true });
}

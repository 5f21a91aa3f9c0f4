import { lstatSync, rmSync } from "node:fs";
import { connect } from "node:net";

/** How an address is written, for error messages. */
const ADDRESS_FORM = "unix:/path/of/a/socket, or host:port such as 127.0.0.1:50051";

/** What sun_path holds, less the final zero; a longer path would be cut short without a word. */
const SOCKET_PATH_MAX = 107;

/** What is wrong with an address, in one line; undefined for nothing. */
export function addressProblem(address: string): string | undefined {
  const [, path] = /^unix:(?!\/\/)(.+)$/.exec(address) ?? [];
  if (path !== undefined) {
    const bytes = Buffer.byteLength(path);
    return bytes > SOCKET_PATH_MAX
      ? `${address}: the path of a socket has ${SOCKET_PATH_MAX} bytes at most, this one has ${bytes}`
      : undefined;
  }
  const [, port] = /^(?:\[[0-9a-f:.]+\]|[\w.-]+):(\d{1,5})$/i.exec(address) ?? [];
  return port !== undefined && Number(port) <= 65_535 ? undefined : `${address} is no address; write ${ADDRESS_FORM}`;
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

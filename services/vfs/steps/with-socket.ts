import { fail, type Result } from "../../abi/result.ts";
import type { Current, Kernel } from "../kernel.ts";
import { knownToStack } from "../model/known-socket.ts";
import type { OpenFile } from "../model/open-file.ts";
import { withFile } from "./fput.ts";

/** Bytes of a sockaddr_storage: no address is longer. */
const SOCKADDR_STORAGE_BYTES = 128;

/**
 * Uses the socket behind a descriptor (`sockfd_lookup`), and holds its file as long as that takes: a socket is never
 * released under a call.
 *
 * @returns EBADF, then ENOTSOCK, or what `use` says, where EBADF becomes EIO.
 */
export const withSocket = <T>(
  kernel: Kernel,
  current: Current,
  fd: number,
  use: (file: OpenFile) => Promise<Result<T>>,
): Promise<Result<T>> =>
  withFile(kernel, current, fd, async (file) => (file.sock === 0 ? fail("ENOTSOCK") : knownToStack(await use(file))));

/**
 * As withSocket, for calls that bring an address (`move_addr_to_kernel`).
 *
 * @returns EBADF, then ENOTSOCK, then EINVAL for an address longer than any, or what `use` says.
 */
export const withSocketAndAddress = <T>(
  kernel: Kernel,
  current: Current,
  { fd, addr }: { readonly fd: number; readonly addr: Uint8Array },
  use: (file: OpenFile) => Promise<Result<T>>,
): Promise<Result<T>> =>
  withSocket(kernel, current, fd, async (file) => (addr.length > SOCKADDR_STORAGE_BYTES ? fail("EINVAL") : use(file)));

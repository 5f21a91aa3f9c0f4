/** A socket of a module of the kernel. */
export interface KernelSocket {
  readonly sk: number;
}

/** The kernel sockets of a node. */
export interface Ksocks {
  /** By the number of the INET socket, until it is closed. */
  ofSk(sk: number): KernelSocket | undefined;
}

/** An empty table. */
export const createKsocks = (): Ksocks => ({ ofSk: () => undefined });

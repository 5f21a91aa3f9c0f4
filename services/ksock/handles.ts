const HANDLE = Symbol("ksocket_t");

/** A kernel socket, as its user has it: a thing to hand back, without anything to read. */
export interface KernelSocket {
  readonly [HANDLE]: true;
}

/** What a module holds: a kernel socket, or NULL. */
export type ksocket_t = KernelSocket | null;

/** The kernel sockets that one user has. */
export interface Handles {
  /** The handle of a socket by the kernel's number; the same again for the same number. */
  of(ks: number, stream: boolean): KernelSocket;
  /** The kernel's number; 0 for NULL, and for what is no socket of this user: the kernel answers ENOTSOCK. */
  number(handle: unknown): number;
  /** Whether it sends and receives streams. */
  isStream(handle: unknown): boolean;
  /** It is closed. Its number stays, for the kernel gives none twice. */
  forget(ks: number): void;
}

/** No socket yet. */
export function createHandles(): Handles {
  const byNumber = new Map<number, KernelSocket>();
  const known = new WeakMap<object, { readonly ks: number; readonly stream: boolean }>();
  const find = (handle: unknown): { readonly ks: number; readonly stream: boolean } | undefined =>
    typeof handle === "object" && handle !== null ? known.get(handle) : undefined;
  return {
    of(ks, stream) {
      const made = byNumber.get(ks) ?? Object.freeze({ [HANDLE]: true as const });
      byNumber.set(ks, made);
      if (!known.has(made)) known.set(made, { ks, stream });
      return made;
    },
    number: (handle) => find(handle)?.ks ?? 0,
    isStream: (handle) => find(handle)?.stream === true,
    forget: (ks) => void byNumber.delete(ks),
  };
}

/**
 * What is used of koffi. Declared here because koffi is optional: without it this repository compiles too.
 */
declare module "koffi" {
  /** A C function; pointers are addresses. */
  interface CFunction {
    (...args: readonly (bigint | number | null | BigInt64Array)[]): bigint | number;
    /** Calls it in another thread; the last argument is called back. */
    async(...args: readonly (bigint | number | null | (() => void))[]): void;
  }
  interface Koffi {
    /** Null: the running program and the libraries that it has loaded. */
    load(path: string | null): { func(prototype: string): CFunction };
    /** The memory itself, as an ArrayBuffer. */
    view(address: bigint, bytes: number): ArrayBuffer;
    /** The error of the last call of this thread. */
    errno(): number;
    readonly os: { readonly errno: Readonly<Record<string, number>> };
  }
  const koffi: Koffi;
  export default koffi;
}

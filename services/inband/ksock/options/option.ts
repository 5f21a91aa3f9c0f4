import type { Context } from "../../../abi/context.ts";
import { ok, type Result } from "../../../abi/result.ts";
import type { Kernel } from "../../kernel.ts";
import type { KernelSocket } from "../table.ts";
import type { KsockOptions } from "./defaults.ts";

/** Whose option it is, when somebody sets or asks for it. */
export interface Asking {
  readonly kernel: Kernel;
  readonly context: Context;
  readonly socket: KernelSocket;
}

/** What setting an option may answer. */
export type SetErrno = "EINVAL" | "ENOBUFS" | "ENOENT" | "ENXIO";

/** One option. Values have the layout of illumos on a little-endian machine. */
export interface Option {
  /** How long a value may be that is set; none of these: any length. */
  readonly lengths: readonly number[];
  /** Absent: nobody has such an option but sockets like these. */
  readonly only?: (socket: KernelSocket) => boolean;
  readonly get: (asking: Asking) => Uint8Array;
  /** Absent: it can only be read. */
  readonly set?: (asking: Asking, value: Uint8Array) => Result<undefined, SetErrno>;
}

/** It is set. */
export const SET: Result<undefined, never> = ok(undefined);

/** An int. */
export function int(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, value, true);
  return bytes;
}

/** The int that was given; a byte stands for an int where an option allows that. */
const intOf = (value: Uint8Array): number =>
  value.length === 1 ? (value[0] ?? 0) : new DataView(value.buffer, value.byteOffset).getInt32(0, true);

/** An int of which only matters whether it is 0; what is read when it is not is the option's own number (P11). */
export const flag = (
  whenOn: number,
  is: (asking: Asking) => boolean,
  set: (asking: Asking, on: boolean) => void,
): Option => ({
  lengths: [4],
  get: (asking) => int(is(asking) ? whenOn : 0),
  set: (asking, value) => {
    set(asking, intOf(value) !== 0);
    return SET;
  },
});

/** The flags that a kernel socket keeps itself. */
type OwnFlag = { [K in keyof KsockOptions]: KsockOptions[K] extends boolean ? K : never }[keyof KsockOptions];

/** A flag that the socket keeps itself; of some the protocol is told, too. */
export const ownFlag = (whenOn: number, key: OwnFlag, also?: (asking: Asking, on: boolean) => void): Option =>
  flag(
    whenOn,
    ({ socket }) => socket.options[key],
    (asking, on) => {
      asking.socket.options[key] = on;
      also?.(asking, on);
    },
  );

/** An int that can only be read. */
export const readOnly = (get: (asking: Asking) => number): Option => ({
  lengths: [4],
  get: (asking) => int(get(asking)),
});

/** An int within bounds; EINVAL without. */
export const number = (
  get: (asking: Asking) => number,
  set: (asking: Asking, value: number) => Result<undefined, SetErrno>,
  lengths: readonly number[] = [4],
): Option => ({ lengths, get: (asking) => int(get(asking)), set: (asking, value) => set(asking, intOf(value)) });

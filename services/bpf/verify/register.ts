import { ZERO, scalarText, type Scalar } from "./scalar.ts";

/** Nothing was ever written to it on this path. */
export interface NotInit {
  readonly t: "not_init";
}

/** A number. Those with the same `id`, unless it is 0, are copies of one number. */
export interface ScalarReg {
  readonly t: "scalar";
  readonly known: Scalar;
  readonly id: number;
}

/** The packet's `struct __sk_buff`. */
interface CtxReg {
  readonly t: "ctx";
  readonly off: number;
}

/** A place on the stack of a frame, counted from its r10; `vary` is the part that is not known exactly. */
export interface StackReg {
  readonly t: "stack";
  readonly frame: number;
  readonly off: number;
  readonly vary: Scalar;
}

/** A place in a value of a map. */
export interface MapValueReg {
  readonly t: "map_value";
  readonly map: number;
  readonly off: number;
  readonly vary: Scalar;
}

/** What a look-up gave: a value of a map, or 0. Copies of one answer have the same `id`. */
interface MapValueOrNullReg {
  readonly t: "map_value_or_null";
  readonly map: number;
  readonly id: number;
}

/** A map itself. */
interface MapReg {
  readonly t: "map";
  readonly map: number;
}

/** What a register holds. */
export type Reg = NotInit | ScalarReg | CtxReg | StackReg | MapValueReg | MapValueOrNullReg | MapReg;

export const NOT_INIT: NotInit = { t: "not_init" };

/** A number of which this is known. */
export const number = (known: Scalar, id = 0): ScalarReg => ({ t: "scalar", known, id });

/** The start of a frame's stack: what its r10 is. */
export const frameStart = (frame: number): StackReg => ({ t: "stack", frame, off: 0, vary: ZERO });

/** What sort of thing a register holds, in words. */
export function regText(reg: Reg): string {
  switch (reg.t) {
    case "not_init":
      return "nothing: it was never written";
    case "scalar":
      return `a number (${scalarText(reg.known)})`;
    case "ctx":
      return "a pointer to the context";
    case "stack":
      return "a pointer to the stack";
    case "map_value":
      return "a pointer to a map's value";
    case "map_value_or_null":
      return "a pointer to a map's value, or null";
    case "map":
      return "a map";
  }
}

/** Whether it is an address, so that nobody may learn its number. */
export const isPointer = (reg: Reg): boolean => reg.t !== "scalar" && reg.t !== "not_init";

import { isPointer, number, type Reg } from "./register.ts";
import { isConstant, UNKNOWN, ZERO, zeroExtend } from "./scalar.ts";

/** Bytes of the stack of one program, all frames of a call chain together. */
export const STACK_BYTES = 512;

/** What a byte holds: nothing yet, zero, or something that is no part of a pointer. */
const BYTE = { INVALID: 0, ZERO: 1, MISC: 2 } as const;
type Byte = (typeof BYTE)[keyof typeof BYTE];

/** Eight bytes of the stack: either a register that was saved there, from the lowest byte on, or bytes. */
export interface Slot {
  /** The register, and how many of its bytes. The bytes behind them are as `bytes` says. */
  readonly saved: { readonly reg: Reg; readonly size: number } | undefined;
  /** From the lowest address on. */
  readonly bytes: readonly Byte[];
}

const NO_BYTES: readonly Byte[] = [0, 0, 0, 0, 0, 0, 0, 0];
const EMPTY: Slot = { saved: undefined, bytes: NO_BYTES };

/** The slots of a frame; the first one lies right below r10. They are replaced, never changed. */
export type Stack = (Slot | undefined)[];

/** Which slot a byte is in, and which of its bytes it is. */
const slotOf = (off: number): number => Math.floor((-off - 1) / 8);
const byteOf = (off: number): number => ((off % 8) + 8) % 8;

/** Replaces the bytes of an access in each slot that it touches. */
function change(stack: Stack, off: number, size: number, put: (slot: Slot, from: number, to: number) => Slot): void {
  let at = off;
  while (at < off + size) {
    const end = Math.min(off + size, at - byteOf(at) + 8);
    const index = slotOf(at);
    stack[index] = put(stack[index] ?? EMPTY, byteOf(at), byteOf(at) + end - at);
    at = end;
  }
}

/** What a slot's bytes are once its register no longer counts as one. A pointer's bytes are lost: nobody may read them. */
function loose({ saved, bytes }: Slot): readonly Byte[] {
  if (saved === undefined) return bytes;
  const left: Byte = isPointer(saved.reg) ? BYTE.INVALID : BYTE.MISC;
  return bytes.map((byte, i) => (i < saved.size ? left : byte));
}

/** Saves a register; the access is within the stack. A part of a pointer is refused before this. */
export function saveRegister(stack: Stack, off: number, size: number, reg: Reg): void {
  if (byteOf(off) === 0 && (size === 8 || reg.t === "scalar")) {
    const index = slotOf(off);
    const bytes = size === 8 ? NO_BYTES : loose(stack[index] ?? EMPTY);
    const kept = reg.t === "scalar" && size < 8 ? number(zeroExtend(reg.known, 8 * size)) : reg;
    stack[index] = { saved: { reg: kept, size }, bytes };
    return;
  }
  const zero = reg.t === "scalar" && isConstant(reg.known) && reg.known.bits.value === 0n;
  fillBytes(stack, off, size, zero);
}

/** Bytes that hold zero, or something. */
export function fillBytes(stack: Stack, off: number, size: number, zero: boolean): void {
  change(stack, off, size, (slot, from, to) => ({
    saved: undefined,
    bytes: loose(slot).map((byte, i) => (i >= from && i < to ? (zero ? BYTE.ZERO : BYTE.MISC) : byte)),
  }));
}

/**
 * A write to one of these bytes, it is not known to which: what was there before stays initialised, and is no register and no zero
 * any more; what was not stays so, for it need not have been met.
 */
export function smudge(stack: Stack, off: number, size: number): void {
  change(stack, off, size, (slot, from, to) => ({
    saved: undefined,
    bytes: loose(slot).map((byte, i) => (i >= from && i < to && byte !== BYTE.INVALID ? BYTE.MISC : byte)),
  }));
}

/** Whether a pointer is saved in one of the slots that an access touches. */
export function touchesPointer(stack: Stack, off: number, size: number): boolean {
  for (let at = off; at < off + size; at += 1) {
    const slot = stack[slotOf(at)];
    if (slot?.saved !== undefined && isPointer(slot.saved.reg) && byteOf(at) < slot.saved.size) return true;
  }
  return false;
}

/** The first byte of an access that was never written; undefined where all are initialised. */
export function firstInvalid(stack: Stack, off: number, size: number): number | undefined {
  for (let at = off; at < off + size; at += 1) {
    const slot = stack[slotOf(at)];
    const inSaved = slot?.saved !== undefined && byteOf(at) < slot.saved.size;
    if (!inSaved && (slot?.bytes[byteOf(at)] ?? BYTE.INVALID) === BYTE.INVALID) return at;
  }
  return undefined;
}

/** What a load of initialised bytes gives: the register that was saved, zero, or any number of that size. */
export function restore(stack: Stack, off: number, size: number): Reg {
  const slot = stack[slotOf(off)];
  if (byteOf(off) === 0 && slot?.saved !== undefined) {
    const { reg, size: saved } = slot.saved;
    if (saved === size) return reg;
    if (saved > size && reg.t === "scalar") return number(zeroExtend(reg.known, 8 * size));
  }
  let zero = true;
  for (let at = off; at < off + size; at += 1) {
    const { saved, bytes } = stack[slotOf(at)] ?? EMPTY;
    const known = saved !== undefined && byteOf(at) < saved.size ? saved.reg : undefined;
    const isNull = known?.t === "scalar" && isConstant(known.known) && known.known.bits.value === 0n;
    zero &&= known === undefined ? bytes[byteOf(at)] === BYTE.ZERO : isNull;
  }
  return number(zero ? ZERO : zeroExtend(UNKNOWN, 8 * size));
}

/** Every register that is saved, replaced; undefined leaves it. */
export function mapSaved(stack: Stack, put: (reg: Reg) => Reg): void {
  for (const [index, slot] of stack.entries()) {
    if (slot?.saved === undefined) continue;
    const reg = put(slot.saved.reg);
    if (reg !== slot.saved.reg) stack[index] = { ...slot, saved: { ...slot.saved, reg } };
  }
}

/**
 * Whether whatever a program did with the slots of `old` it may do with those of `now`. What was never written before was never
 * read either.
 */
export function slotSafe(old: Slot | undefined, now: Slot | undefined, regSafe: (a: Reg, b: Reg) => boolean): boolean {
  if (old === undefined || old === now) return true;
  if (old.saved !== undefined) {
    if (now?.saved?.size !== old.saved.size || !regSafe(old.saved.reg, now.saved.reg)) return false;
  }
  for (let i = old.saved?.size ?? 0; i < 8; i += 1) {
    const before = old.bytes[i] ?? BYTE.INVALID;
    if (before !== BYTE.INVALID && !byteSafe(before, now, i)) return false;
  }
  return true;
}

function byteSafe(before: Byte, now: Slot | undefined, i: number): boolean {
  if (now === undefined) return false;
  if (now.saved !== undefined && i < now.saved.size) {
    const { reg } = now.saved;
    if (reg.t !== "scalar") return false;
    return before === BYTE.MISC || (isConstant(reg.known) && reg.known.bits.value === 0n);
  }
  const byte = now.bytes[i] ?? BYTE.INVALID;
  return before === BYTE.MISC ? byte !== BYTE.INVALID : byte === BYTE.ZERO;
}

/** Nothing is saved. */
export const emptyStack = (): Stack => [];

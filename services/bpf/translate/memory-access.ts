import { ATOMIC, bytesOf, CLASS, classOf, MODE, modeOf } from "../isa.ts";
import type { Insn } from "../program.ts";
import { CONTEXT_AT, SKB } from "../run/layout.ts";
import { swap32, type Value } from "./arithmetic.ts";
import { ADDRESS, get, i32, i64, low32, OLD, set, WORD } from "./locals.ts";
import { EMPTY, OP, unsigned } from "./wasm.ts";

/** Of a load or a store: no alignment is promised, and no offset is added to the address. */
const ANYWHERE = [0, 0];

const LOADS = { 1: OP.i64_load8_u, 2: OP.i64_load16_u, 4: OP.i64_load32_u, 8: OP.i64_load } as const;
const SIGNED_LOADS = { 1: OP.i64_load8_s, 2: OP.i64_load16_s, 4: OP.i64_load32_s, 8: undefined } as const;
const STORES = { 1: OP.i64_store8, 2: OP.i64_store16, 4: OP.i64_store32, 8: OP.i64_store } as const;

const address = (register: number, offset: number): Value =>
  offset === 0 ? low32(register) : [...low32(register), ...i32(offset), OP.i32_add];

/** A load into a register from memory; undefined: there is none such. */
export function loadFrom({ code, dst, src, off }: Insn): Value | undefined {
  const mode = modeOf(code);
  const loads = mode === MODE.MEM ? LOADS : mode === MODE.MEMSX ? SIGNED_LOADS : undefined;
  const load = loads?.[bytesOf(code)];
  return load === undefined ? undefined : [...address(src, off), load, ...ANYWHERE, ...set(dst)];
}

/** A store, or an atomic operation; undefined: there is none such. */
export function storeTo(insn: Insn): Value | undefined {
  const { code, dst, src, off, imm } = insn;
  const store = STORES[bytesOf(code)];
  if (modeOf(code) === MODE.ATOMIC) return classOf(code) === CLASS.STX ? atomic(insn) : undefined;
  if (modeOf(code) !== MODE.MEM) return undefined;
  return [...address(dst, off), ...(classOf(code) === CLASS.ST ? i64(imm) : get(src)), store, ...ANYWHERE];
}

const APPLY: ReadonlyMap<number, number> = new Map([
  [ATOMIC.ADD, OP.i64_add],
  [ATOMIC.OR, OP.i64_or],
  [ATOMIC.AND, OP.i64_and],
  [ATOMIC.XOR, OP.i64_xor],
]);

/** Nothing else runs meanwhile: to load and to store is atomic by itself. */
function atomic({ code, dst, src, off, imm }: Insn): Value | undefined {
  const bytes = bytesOf(code);
  if (bytes < 4) return undefined;
  const store = [STORES[bytes], ...ANYWHERE];
  const old = [OP.local_get, OLD];
  const at = [OP.local_get, ADDRESS];
  const begin = [
    ...address(dst, off),
    ...[OP.local_set, ADDRESS, OP.local_get, ADDRESS, LOADS[bytes], ...ANYWHERE, OP.local_set, OLD],
  ];
  if (imm === ATOMIC.XCHG) return [...begin, ...at, ...get(src), ...store, ...old, ...set(src)];
  if (imm === ATOMIC.CMPXCHG) {
    const expected = bytes === 8 ? get(0) : [...low32(0), OP.i64_extend_i32_u];
    return [
      ...[...begin, ...old, ...expected, OP.i64_eq, OP.if, EMPTY, ...at, ...get(src), ...store, OP.end],
      ...[...old, ...set(0)],
    ];
  }
  const apply = APPLY.get(imm & ~ATOMIC.FETCH);
  if (apply === undefined) return undefined;
  const fetch = (imm & ATOMIC.FETCH) === 0 ? [] : [...old, ...set(src)];
  return [...begin, ...at, ...old, ...get(src), apply, ...store, ...fetch];
}

/**
 * Legacy access to the packet: r0 gets its bytes, which are big-endian; where it has not so many, the function returns 0.
 *
 * @param find the function that finds bytes of the packet: see `packetFinder`.
 */
export function loadPacket({ code, src, imm }: Insn, packetAt: number, find: number): Value {
  const bytes = bytesOf(code);
  const giveUp = [OP.if, EMPTY, ...i64(0), OP.return, OP.end];
  const length = [...i32(CONTEXT_AT + SKB.len), OP.i32_load, ...ANYWHERE];
  const near = modeOf(code) === MODE.ABS && imm >= 0 && imm < 2 ** 24;
  const offset = modeOf(code) === MODE.ABS ? i32(imm) : [...low32(src), ...i32(imm), OP.i32_add];
  const found = near
    ? [...length, ...i32(imm + bytes), OP.i32_lt_u, ...giveUp, ...i32(packetAt + imm)]
    : [
        ...[...offset, ...i32(bytes), OP.call, ...unsigned(find), OP.local_set, ADDRESS],
        ...[OP.local_get, ADDRESS, ...i32(0), OP.i32_lt_s, ...giveUp, OP.local_get, ADDRESS],
      ];
  const load = bytes === 4 ? OP.i32_load : bytes === 2 ? OP.i32_load16_u : OP.i32_load8_u;
  const raw = [...found, load, ...ANYWHERE];
  const value = bytes === 1 ? raw : bytes === 4 ? swap32(raw, WORD) : [...swap32(raw, WORD), ...i32(16), OP.i32_shr_u];
  return [...value, OP.i64_extend_i32_u, ...set(0)];
}

/** Brings the low bits of a register into another byte order, or only cuts it down to them; the bits above become 0. */
export function reorder(register: number, bits: number, swap: boolean): Value | undefined {
  const widened = (value: Value): Value => [...value, OP.i64_extend_i32_u, ...set(register)];
  switch (bits) {
    case 16:
      return swap
        ? widened([...swap32(low32(register), WORD), ...i32(16), OP.i32_shr_u])
        : widened([...low32(register), ...i32(0xffff), OP.i32_and]);
    case 32:
      return widened(swap ? swap32(low32(register), WORD) : low32(register));
    case 64: {
      const high = [...get(register), ...i64(32), OP.i64_shr_u, OP.i32_wrap_i64];
      const low = [...swap32(low32(register), WORD), OP.i64_extend_i32_u, ...i64(32), OP.i64_shl];
      return swap ? [...low, ...swap32(high, WORD), OP.i64_extend_i32_u, OP.i64_or, ...set(register)] : [];
    }
    default:
      return undefined;
  }
}

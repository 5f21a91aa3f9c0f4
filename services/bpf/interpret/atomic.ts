import { ATOMIC } from "../isa.ts";
import type { Registers } from "./arithmetic.ts";

/** Nothing else runs meanwhile: what the RFC wants to be atomic is so by itself. */
const read = (view: DataView, at: number, bytes: number): bigint =>
  bytes === 4 ? BigInt(view.getUint32(at, true)) : view.getBigUint64(at, true);

function write(view: DataView, at: number, bytes: number, value: bigint): void {
  if (bytes === 4) view.setInt32(at, Number(BigInt.asIntN(32, value)), true);
  else view.setBigInt64(at, BigInt.asIntN(64, value), true);
}

/**
 * An atomic operation with the register at `src`; where it fetches, that register gets what was there, with zeros above.
 *
 * @returns whether there is such an operation.
 */
export function update(
  view: DataView,
  at: number,
  bytes: number,
  operation: number,
  registers: Registers,
  src: number,
): boolean {
  const old = read(view, at, bytes);
  const operand = registers.getBigUint64(src, true);
  const result = apply(operation, old, operand);
  if (result === undefined) return false;
  write(view, at, bytes, result);
  if ((operation & ATOMIC.FETCH) !== 0) registers.setBigUint64(src, old, true);
  return true;
}

function apply(operation: number, old: bigint, operand: bigint): bigint | undefined {
  switch (operation) {
    case ATOMIC.ADD:
    case ATOMIC.ADD | ATOMIC.FETCH:
      return old + operand;
    case ATOMIC.OR:
    case ATOMIC.OR | ATOMIC.FETCH:
      return old | operand;
    case ATOMIC.AND:
    case ATOMIC.AND | ATOMIC.FETCH:
      return old & operand;
    case ATOMIC.XOR:
    case ATOMIC.XOR | ATOMIC.FETCH:
      return old ^ operand;
    case ATOMIC.XCHG:
      return operand;
    default:
      return undefined;
  }
}

/** Writes the register at `src` where there is what r0 has; r0 gets what was there, with zeros above. */
export function compareExchange(
  view: DataView,
  at: number,
  bytes: number,
  registers: Registers,
  r0: number,
  src: number,
): void {
  const old = read(view, at, bytes);
  if (old === BigInt.asUintN(bytes * 8, registers.getBigUint64(r0, true))) {
    write(view, at, bytes, registers.getBigUint64(src, true));
  }
  registers.setBigUint64(r0, old, true);
}

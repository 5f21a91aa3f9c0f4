import { ALU } from "../isa.ts";

/** Registers: 64 bits each, little-endian, so that both halves and the whole are within reach. */
export type Registers = DataView;

/** Writes both halves of a register; `at` is its number times 8. */
function put(registers: Registers, at: number, low: number, high: number): void {
  registers.setInt32(at, low, true);
  registers.setInt32(at + 4, high, true);
}

const whole = (low: number, high: number): bigint => (BigInt(high) << 32n) | BigInt(low >>> 0);
const unsigned = (value: bigint): bigint => BigInt.asUintN(64, value);

/**
 * An operation of class ALU: 32 bits, as a signed number.
 *
 * @param offset of the instruction: 1 makes a division signed, 8 or 16 makes a move extend the sign.
 */
export function alu32(operation: number, offset: number, a: number, b: number): number | undefined {
  switch (operation) {
    case ALU.ADD:
      return (a + b) | 0;
    case ALU.SUB:
      return (a - b) | 0;
    case ALU.MUL:
      return Math.imul(a, b);
    case ALU.DIV:
      if (b === 0) return 0;
      // The least number divided by -1 is 2^31, which wraps to itself.
      return offset === 1 ? (a / b) | 0 : ((a >>> 0) / (b >>> 0)) | 0;
    case ALU.MOD:
      if (b === 0) return a;
      return offset === 1 ? (a % b) | 0 : ((a >>> 0) % (b >>> 0)) | 0;
    case ALU.OR:
      return a | b;
    case ALU.AND:
      return a & b;
    case ALU.XOR:
      return a ^ b;
    // JavaScript takes the low 5 bits of a shift, as the RFC does.
    case ALU.LSH:
      return a << b;
    case ALU.RSH:
      return (a >>> b) | 0;
    case ALU.ARSH:
      return a >> b;
    case ALU.NEG:
      return -a | 0;
    case ALU.MOV:
      return offset === 0 ? b : (b << (32 - offset)) >> (32 - offset);
    default:
      return undefined;
  }
}

/**
 * An operation of class ALU64, on the register at `at`; the second operand comes in halves.
 *
 * @returns whether there is such an operation.
 */
export function alu64(
  registers: Registers,
  operation: number,
  offset: number,
  at: number,
  low: number,
  high: number,
): boolean {
  const a = registers.getInt32(at, true);
  const aHigh = registers.getInt32(at + 4, true);
  switch (operation) {
    case ALU.ADD: {
      const sum = (a >>> 0) + (low >>> 0);
      put(registers, at, sum | 0, (aHigh + high + (sum > 0xffffffff ? 1 : 0)) | 0);
      return true;
    }
    case ALU.SUB:
      put(registers, at, (a - low) | 0, (aHigh - high - (a >>> 0 < low >>> 0 ? 1 : 0)) | 0);
      return true;
    case ALU.NEG:
      put(registers, at, -a | 0, (-aHigh - (a === 0 ? 0 : 1)) | 0);
      return true;
    case ALU.OR:
      put(registers, at, a | low, aHigh | high);
      return true;
    case ALU.AND:
      put(registers, at, a & low, aHigh & high);
      return true;
    case ALU.XOR:
      put(registers, at, a ^ low, aHigh ^ high);
      return true;
    case ALU.LSH: {
      const by = low & 63;
      if (by >= 32) put(registers, at, 0, a << (by - 32));
      else if (by > 0) put(registers, at, a << by, (aHigh << by) | (a >>> (32 - by)));
      return true;
    }
    case ALU.RSH: {
      const by = low & 63;
      if (by >= 32) put(registers, at, aHigh >>> (by - 32), 0);
      else if (by > 0) put(registers, at, (a >>> by) | (aHigh << (32 - by)), aHigh >>> by);
      return true;
    }
    case ALU.ARSH: {
      const by = low & 63;
      if (by >= 32) put(registers, at, aHigh >> (by - 32), aHigh >> 31);
      else if (by > 0) put(registers, at, (a >>> by) | (aHigh << (32 - by)), aHigh >> by);
      return true;
    }
    case ALU.MOV:
      if (offset === 0) put(registers, at, low, high);
      else {
        const moved = (low << (32 - offset)) >> (32 - offset);
        put(registers, at, moved, moved >> 31);
      }
      return true;
    // What wants a product of 128 bits or a division: rare in filters, and the halves would be no quicker.
    case ALU.MUL:
      registers.setBigInt64(at, BigInt.asIntN(64, whole(a, aHigh) * whole(low, high)), true);
      return true;
    case ALU.DIV: {
      const b = whole(low, high);
      const n = whole(a, aHigh);
      const quotient = b === 0n ? 0n : offset === 1 ? n / b : unsigned(n) / unsigned(b);
      registers.setBigInt64(at, BigInt.asIntN(64, quotient), true);
      return true;
    }
    case ALU.MOD: {
      const b = whole(low, high);
      const n = whole(a, aHigh);
      const rest = b === 0n ? n : offset === 1 ? n % b : unsigned(n) % unsigned(b);
      registers.setBigInt64(at, BigInt.asIntN(64, rest), true);
      return true;
    }
    default:
      return false;
  }
}

const swap32 = (x: number): number => (x << 24) | ((x & 0xff00) << 8) | ((x >>> 8) & 0xff00) | (x >>> 24);

/** Brings the low bits of a register into another byte order, or only cuts it down to them; the bits above become 0. */
export function reorder(registers: Registers, at: number, bits: number, swap: boolean): boolean {
  const low = registers.getInt32(at, true);
  const high = registers.getInt32(at + 4, true);
  switch (bits) {
    case 16:
      put(registers, at, swap ? swap32(low) >>> 16 : low & 0xffff, 0);
      return true;
    case 32:
      put(registers, at, swap ? swap32(low) : low, 0);
      return true;
    case 64:
      if (swap) put(registers, at, swap32(high), swap32(low));
      return true;
    default:
      return false;
  }
}

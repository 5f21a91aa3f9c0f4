/** Types of values. */
export const I32 = 0x7f;
export const I64 = 0x7e;
export type ValueType = typeof I32 | typeof I64;

/** No result, as a block's type. */
export const EMPTY = 0x40;

/** The instructions of WebAssembly that a translation needs, by their names in its specification. */
export const OP = {
  unreachable: 0x00,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  br_if: 0x0d,
  br_table: 0x0e,
  return: 0x0f,
  call: 0x10,
  select: 0x1b,
  local_get: 0x20,
  local_set: 0x21,
  local_tee: 0x22,
  global_get: 0x23,
  global_set: 0x24,
  i32_load: 0x28,
  i64_load: 0x29,
  i32_load8_u: 0x2d,
  i32_load16_u: 0x2f,
  i64_load8_s: 0x30,
  i64_load8_u: 0x31,
  i64_load16_s: 0x32,
  i64_load16_u: 0x33,
  i64_load32_s: 0x34,
  i64_load32_u: 0x35,
  i64_store: 0x37,
  i64_store8: 0x3c,
  i64_store16: 0x3d,
  i64_store32: 0x3e,
  i32_const: 0x41,
  i64_const: 0x42,
  i32_eqz: 0x45,
  i32_eq: 0x46,
  i32_ne: 0x47,
  i32_lt_s: 0x48,
  i32_lt_u: 0x49,
  i32_gt_s: 0x4a,
  i32_gt_u: 0x4b,
  i32_le_s: 0x4c,
  i32_le_u: 0x4d,
  i32_ge_s: 0x4e,
  i32_ge_u: 0x4f,
  i64_eqz: 0x50,
  i64_eq: 0x51,
  i64_ne: 0x52,
  i64_lt_s: 0x53,
  i64_lt_u: 0x54,
  i64_gt_s: 0x55,
  i64_gt_u: 0x56,
  i64_le_s: 0x57,
  i64_le_u: 0x58,
  i64_ge_s: 0x59,
  i64_ge_u: 0x5a,
  i32_add: 0x6a,
  i32_sub: 0x6b,
  i32_mul: 0x6c,
  i32_div_s: 0x6d,
  i32_div_u: 0x6e,
  i32_rem_s: 0x6f,
  i32_rem_u: 0x70,
  i32_and: 0x71,
  i32_or: 0x72,
  i32_xor: 0x73,
  i32_shl: 0x74,
  i32_shr_s: 0x75,
  i32_shr_u: 0x76,
  i32_rotl: 0x77,
  i64_add: 0x7c,
  i64_sub: 0x7d,
  i64_mul: 0x7e,
  i64_div_s: 0x7f,
  i64_div_u: 0x80,
  i64_rem_s: 0x81,
  i64_rem_u: 0x82,
  i64_and: 0x83,
  i64_or: 0x84,
  i64_xor: 0x85,
  i64_shl: 0x86,
  i64_shr_s: 0x87,
  i64_shr_u: 0x88,
  i64_rotl: 0x89,
  i32_wrap_i64: 0xa7,
  i64_extend_i32_s: 0xac,
  i64_extend_i32_u: 0xad,
  i32_extend8_s: 0xc0,
  i32_extend16_s: 0xc1,
  i64_extend8_s: 0xc2,
  i64_extend16_s: 0xc3,
  i64_extend32_s: 0xc4,
} as const;

/** What a function takes and gives. */
export interface Signature {
  readonly takes: readonly ValueType[];
  readonly gives: readonly ValueType[];
}

/** A function of the module. */
export interface Code {
  readonly signature: Signature;
  /** Locals beside the parameters. */
  readonly locals: readonly ValueType[];
  /** Instructions, without the last `end`. */
  readonly body: readonly number[];
}

/** A module: its imported functions come first in the numbering, then its own. It imports its memory as `env.memory`. */
export interface ModuleParts {
  readonly imports: readonly { readonly name: string; readonly signature: Signature }[];
  readonly codes: readonly Code[];
  /** Variables of type i32 that begin with 0. */
  readonly globals: number;
  /** The function that is exported as `run`. */
  readonly run: number;
}

/** A number without sign in LEB128. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const more = rest > 0x7f;
    bytes.push((rest & 0x7f) | (more ? 0x80 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return bytes;
}

/** A number of 32 bits with sign in LEB128. */
export function signed32(value: number): number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  for (;;) {
    const byte = rest & 0x7f;
    rest >>= 7;
    if ((rest === 0 && (byte & 0x40) === 0) || (rest === -1 && (byte & 0x40) !== 0)) {
      bytes.push(byte);
      return bytes;
    }
    bytes.push(byte | 0x80);
  }
}

/** A number of 64 bits with sign in LEB128, in halves. */
export function signed64(low: number, high: number): number[] {
  if (high === low >> 31) return signed32(low);
  const bytes: number[] = [];
  let rest = (BigInt(high) << 32n) | BigInt(low >>> 0);
  for (;;) {
    const byte = Number(rest & 0x7fn);
    rest >>= 7n;
    if ((rest === 0n && (byte & 0x40) === 0) || (rest === -1n && (byte & 0x40) !== 0)) {
      bytes.push(byte);
      return bytes;
    }
    bytes.push(byte | 0x80);
  }
}

/** Appends bytes; spread into a call they could be more than it takes. */
function append(bytes: number[], more: readonly number[]): number[] {
  for (const byte of more) bytes.push(byte);
  return bytes;
}

const vector = (items: readonly (readonly number[])[]): number[] =>
  items.reduce<number[]>(append, unsigned(items.length));
const section = (id: number, content: readonly number[]): number[] =>
  append([id, ...unsigned(content.length)], content);
const text = (word: string): number[] => [
  ...unsigned(word.length),
  ...Array.from(word, (letter) => letter.charCodeAt(0)),
];
const signatureOf = ({ takes, gives }: Signature): number[] => [
  0x60,
  ...vector(takes.map((type) => [type])),
  ...vector(gives.map((type) => [type])),
];

const MAGIC_AND_VERSION = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const FUNCTION = 0x00;
const MEMORY = 0x02;
const MUTABLE = 1;

/** The bytes of a module (WebAssembly core specification, chapter 5). */
export function encodeModule({ imports, codes, globals, run }: ModuleParts): Uint8Array<ArrayBuffer> {
  const signatures = [...imports, ...codes].map(({ signature }) => signature);
  const bodies = codes.map(({ locals, body }) => {
    const content = append(vector(locals.map((type) => [1, type])), body);
    content.push(OP.end);
    return append(unsigned(content.length), content);
  });
  const sections = [
    section(1, vector(signatures.map(signatureOf))),
    section(
      2,
      vector([
        [...text("env"), ...text("memory"), MEMORY, 0x00, 1],
        ...imports.map(({ name }, i) => [...text("env"), ...text(name), FUNCTION, ...unsigned(i)]),
      ]),
    ),
    section(3, vector(codes.map((_, i) => unsigned(imports.length + i)))),
    section(6, vector(Array.from({ length: globals }, () => [I32, MUTABLE, OP.i32_const, 0, OP.end]))),
    section(7, vector([[...text("run"), FUNCTION, ...unsigned(run)]])),
    section(10, vector(bodies)),
  ];
  return new Uint8Array(sections.reduce<number[]>(append, [...MAGIC_AND_VERSION]));
}

/** One instruction of 64 bits, as RFC 9669 section 3 lays it out; a wide one takes two, the second with `code` 0. */
export interface Insn {
  readonly code: number;
  /** The register that is written, 0 to 10. */
  readonly dst: number;
  readonly src: number;
  /** Signed, 16 bits. */
  readonly off: number;
  /** Signed, 32 bits. */
  readonly imm: number;
}

/** A map that a program uses, as its object's `.maps` section defines it. */
export interface MapSpec {
  readonly name: string;
  readonly type: "array" | "hash";
  readonly keyBytes: number;
  readonly valueBytes: number;
  readonly maxEntries: number;
  /** What an array begins with: the object's `.rodata`, `.data`; undefined: zeros. */
  readonly initial?: Uint8Array;
  /** Whether the program may not write it. */
  readonly readOnly?: boolean;
}

/**
 * A program that filters packets (BPF_PROG_TYPE_SOCKET_FILTER): it is called with r1 = a `struct __sk_buff`, and r0 is its verdict.
 *
 * A wide load with src 1 (BPF_PSEUDO_MAP_FD) means the map with the number `imm`; one with src 2 (BPF_PSEUDO_MAP_VALUE) the value
 * of the array with the number `imm`, from the byte that the second half's `imm` says on. A call with src 1 is one into the program.
 */
export interface BpfProgram {
  readonly name: string;
  readonly insns: readonly Insn[];
  readonly maps: readonly MapSpec[];
}

/** What a program sees of a packet beside its bytes: fields of `struct __sk_buff`. */
export interface PacketMeta {
  readonly ifindex: number;
  /** The EtherType, in host order. */
  readonly protocol: number;
  /** Of a tag that was stripped: its TCI; undefined: none. */
  readonly vlanTci?: number;
  readonly mark?: number;
  readonly priority?: number;
}

/** A program that was verified and is ready to run. */
export interface RunnableProgram {
  readonly program: BpfProgram;
  /** The low 32 bits of r0. Never throws, never runs without bound, never touches what the packet, the stack and the maps are not. */
  run(packet: Uint8Array, meta: PacketMeta): number;
}

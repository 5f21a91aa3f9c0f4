import type { BpfProgram, Insn, MapSpec } from "../../bpf/program.ts";

/** A filter in the ways that are compared: as BPF, and as somebody would write it in JavaScript. */
export interface Filter {
  readonly name: string;
  readonly program: BpfProgram;
  /** The same predicate in JavaScript, with counters of its own where the program has some. */
  readonly plain: () => (packet: Uint8Array) => number;
}

const [ACCEPT, SKIP] = [1, 2];

/**
 * What clang 14 -O2 makes of this for the bpf target, one number of 16 digits for each 64 bits:
 *
 *     int port(struct __sk_buff *skb) {
 *       __u32 type = load_half(skb, 12), at = 14;
 *       if (type == 0x8100) { type = load_half(skb, 16); at = 18; }
 *       if (type != 0x0800) return SKIP;
 *       if (load_byte(skb, at + 9) != 17) return SKIP;
 *       if (load_half(skb, at + 6) & 0x1fff) return SKIP;
 *       __u32 port = load_half(skb, at + ((load_byte(skb, at) & 15) << 2) + 2);
 *       return port >= 42000 && port < 42100 ? ACCEPT : SKIP;
 *     }
 */
const PORT = `
  bf16000000000000 b70800000e000000 280000000c000000 bf01000000000000 6701000020000000 7701000020000000
  5501020000810000 b708000012000000 2800000010000000 b707000002000000 6700000020000000 7700000020000000
  5500160000080000 bf89000000000000 0709000009000000 5090000000000000 5500120011000000 bf89000000000000
  0709000006000000 4890000000000000 57000000ff1f0000 55000d0000000000 5080000000000000 6700000002000000
  570000003c000000 0f08000000000000 0708000002000000 4880000000000000 07000000f05bffff 6700000020000000
  7700000020000000 b707000001000000 b701000064000000 2d01010000000000 b707000002000000 bf70000000000000
  9500000000000000
`;

/**
 * The same, with these lines after the verdict; the map is the first of the program:
 *
 *       __u64 *count = bpf_map_lookup_elem(&counts, &verdict);
 *       if (count) __sync_fetch_and_add(count, 1);
 */
const COUNTED = `
  bf16000000000000 b70700000e000000 280000000c000000 bf01000000000000 6701000020000000 7701000020000000
  5501020000810000 b707000012000000 2800000010000000 b708000002000000 6700000020000000 7700000020000000
  5500160000080000 bf79000000000000 0709000009000000 5090000000000000 5500120011000000 bf79000000000000
  0709000006000000 4890000000000000 57000000ff1f0000 55000d0000000000 5070000000000000 6700000002000000
  570000003c000000 0f07000000000000 0707000002000000 4870000000000000 07000000f05bffff 6700000020000000
  7700000020000000 b708000001000000 b701000064000000 2d01010000000000 b708000002000000 638afcff00000000
  bfa2000000000000 07020000fcffffff 1811000000000000 0000000000000000 8500000001000000 1500020000000000
  b701000001000000 db10000000000000 61a0fcff00000000 9500000000000000
`;

const COUNTS: MapSpec = { name: "counts", type: "array", keyBytes: 4, valueBytes: 8, maxEntries: 4 };

function insnsOf(words: string): Insn[] {
  return words
    .trim()
    .split(/\s+/)
    .map((word) => {
      const view = new DataView(Uint8Array.from(word.match(/../g) ?? [], (byte) => parseInt(byte, 16)).buffer);
      const registers = view.getUint8(1);
      return {
        code: view.getUint8(0),
        dst: registers & 15,
        src: registers >> 4,
        off: view.getInt16(2, true),
        imm: view.getInt32(4, true),
      };
    });
}

const half = (packet: Uint8Array, at: number): number => ((packet[at] ?? 0) << 8) | (packet[at + 1] ?? 0);

function portVerdict(packet: Uint8Array): number {
  let type = half(packet, 12);
  let at = 14;
  if (type === 0x8100) {
    type = half(packet, 16);
    at = 18;
  }
  if (type !== 0x0800 || packet[at + 9] !== 17 || (half(packet, at + 6) & 0x1fff) !== 0) return SKIP;
  const port = half(packet, at + (((packet[at] ?? 0) & 15) << 2) + 2);
  return port >= 42000 && port < 42100 ? ACCEPT : SKIP;
}

/** The filters that are measured. */
export const FILTERS: readonly Filter[] = [
  {
    name: "port filter",
    program: { name: "port", insns: insnsOf(PORT), maps: [] },
    plain: () => portVerdict,
  },
  {
    name: "port filter that counts",
    program: { name: "port", insns: insnsOf(COUNTED), maps: [COUNTS] },
    plain() {
      const counts = [0, 0, 0, 0];
      return (packet) => {
        const verdict = portVerdict(packet);
        counts[verdict] = (counts[verdict] ?? 0) + 1;
        return verdict;
      };
    },
  },
];

/** Ethernet frames of a length: datagrams to ports that are accepted and others, with a tag, with options, and what is no UDP. */
export function framesOf(bytes: number): readonly Uint8Array[] {
  const frame = (type: readonly number[], protocol: number, port: number, words = 5, fragment = 0): Uint8Array => {
    const made = new Uint8Array(bytes);
    const at = 12 + type.length;
    made.set(type, 12);
    made.set([0x40 + words], at);
    made.set([fragment >> 8, fragment & 255], at + 6);
    made.set([protocol], at + 9);
    made.set([port >> 8, port & 255], at + words * 4 + 2);
    return made;
  };
  const [IP, IP6, ARP] = [
    [8, 0],
    [0x86, 0xdd],
    [8, 6],
  ];
  const TAGGED = [0x81, 0, 0, 42, 8, 0];
  return [
    ...[frame(IP, 17, 42001), frame(IP, 17, 42099), frame(IP, 17, 53), frame(IP, 6, 443), frame(TAGGED, 17, 42000)],
    ...[frame(IP6, 17, 42001), frame(ARP, 17, 42001), frame(IP, 17, 42050, 7), frame(IP, 17, 42001, 5, 185)],
    ...[frame(IP, 17, 42100), frame(TAGGED, 17, 123), frame(IP, 17, 42042), frame(IP, 6, 80), frame(IP, 17, 41999)],
    ...[frame(IP, 17, 42001), frame(IP, 17, 42010)],
  ];
}

/** The classes of classic instructions (linux/bpf_common.h). */
export const CLASSIC = { LD: 0, LDX: 1, ST: 2, STX: 3, ALU: 4, JMP: 5, RET: 6, MISC: 7 } as const;

/** Where a classic load has its value from. */
export const FROM = { IMM: 0x00, ABS: 0x20, IND: 0x40, MEM: 0x60, LEN: 0x80, MSH: 0xa0 } as const;

/** What a classic program returns: its number, or A. */
export const RETURNS = { K: 0x00, A: 0x10 } as const;

/** Between A and X. */
export const MISC = { TAX: 0x00, TXA: 0x80 } as const;

/** Words of memory that a classic program has: BPF_MEMWORDS. */
export const MEMORY_WORDS = 16;

/** Offsets from here on are no place in the packet but something about it (SKF_AD_OFF). */
const AD_OFF = 0xffff_f000;

/** What can be asked about a packet, by its distance from SKF_AD_OFF. */
export const ABOUT = {
  PROTOCOL: 0,
  PKTTYPE: 4,
  IFINDEX: 8,
  NLATTR: 12,
  NLATTR_NEST: 16,
  MARK: 20,
  QUEUE: 24,
  HATYPE: 28,
  RXHASH: 32,
  CPU: 36,
  ALU_XOR_X: 40,
  VLAN_TAG: 44,
  VLAN_TAG_PRESENT: 48,
  PAY_OFFSET: 52,
  RANDOM: 56,
  VLAN_TPID: 60,
} as const;

/** What an absolute load asks about the packet; undefined: it reads bytes of it. */
export const aboutOf = (k: number): number | undefined => (k >= AD_OFF ? k - AD_OFF : undefined);

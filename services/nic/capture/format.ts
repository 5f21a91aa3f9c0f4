/**
 * Numbers of the two capture formats: pcapng (draft-ietf-opsawg-pcapng) and its predecessor pcap
 * (draft-ietf-opsawg-pcap). Both write numbers in the byte order of the machine that captured.
 */

/** Types of pcapng's blocks. */
export const BLOCK = {
  SECTION_HEADER: 0x0a0d_0d0a,
  INTERFACE_DESCRIPTION: 1,
  /** Obsolete, and still found in old files. */
  PACKET: 2,
  SIMPLE_PACKET: 3,
  ENHANCED_PACKET: 6,
} as const;

/** Codes of options that stand in any block. */
export const OPTION = { END: 0, COMMENT: 1 } as const;

/** Codes of options of a section header. */
export const SECTION_OPTION = { HARDWARE: 2, USER_APPLICATION: 4 } as const;

/** Codes of options of an interface description. */
export const INTERFACE_OPTION = { NAME: 2, DESCRIPTION: 3, TIME_RESOLUTION: 9, TIME_OFFSET: 14 } as const;

/** Codes of options of a packet. */
export const PACKET_OPTION = { FLAGS: 2, PACKET_ID: 5 } as const;

/** The two low bits of a packet's flags. */
export const DIRECTION = { rx: 1, tx: 2 } as const;

/** Tells the byte order of a section: it is written in it. */
export const BYTE_ORDER_MAGIC = 0x1a2b_3c4d;

/** The first number of a pcap file tells its byte order, and what the fractions of a second are. */
export const PCAP_MAGIC = { MICROSECONDS: 0xa1b2_c3d4, NANOSECONDS: 0xa1b2_3c4d } as const;

/** Ethernet, the one link type whose frames a wire here can carry. */
export const LINKTYPE_ETHERNET = 1;

/** Blocks and options are filled up to a multiple of four bytes. */
export const padded = (length: number): number => (length + 3) & ~3;

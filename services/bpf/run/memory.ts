import type { BpfProgram, PacketMeta } from "../program.ts";
import { CB_BYTES, CONTEXT_AT, layoutOf, SKB, STACK_AT, STACK_END, type Layout } from "./layout.ts";
import { createMap, type BpfMap } from "./maps.ts";

/** Memory that can grow: of JavaScript, or of a WebAssembly module. */
export interface Room {
  /** Another one after it grew; what was in the old one is in it. */
  buffer(): ArrayBuffer;
  /** To at least so many bytes; it never shrinks. */
  grow(bytes: number): void;
}

/** The memory of one loaded program: see layout.ts. It lives as long as the program does, and with it the maps' values. */
export interface ProgramMemory {
  readonly layout: Layout;
  readonly maps: readonly BpfMap[];
  /** Change when memory grows: not to be kept over a call of `enter`. */
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Puts the packet and what the program sees of it beside its bytes in their places. */
  enter(packet: Uint8Array, meta: PacketMeta): void;
  /** Whether the program may read or write so many bytes there. */
  mayTouch(at: number, bytes: number, write: boolean): boolean;
  /** Where so many bytes of the packet are, counted from a legacy load's offset; -1: not all of them are in the packet. */
  packetBytesAt(offset: number, bytes: number): number;
}

/** What a packet of usual size finds room in; for a longer one memory grows. */
const PACKET_BYTES = 2048;
export const ETHERNET_HEADER_BYTES = 14;
/** Legacy loads with offsets from here on count from the network header, from the other one on from the link's (linux/filter.h). */
export const NET_OFFSET = -0x100000;
export const LINK_OFFSET = -0x200000;
const ETH_P_8021Q = 0x8100;

/** JavaScript's memory. */
export function plainRoom(): Room {
  let buffer = new ArrayBuffer(0);
  return {
    buffer: () => buffer,
    grow(more) {
      const grown = new ArrayBuffer(more);
      new Uint8Array(grown).set(new Uint8Array(buffer));
      buffer = grown;
    },
  };
}

/** EtherTypes are big-endian in `struct __sk_buff`, and everything else is not. */
const bigEndian16 = (value: number): number => ((value & 0xff) << 8) | ((value >>> 8) & 0xff);

/** Makes the memory of a program in a room, and its maps in it. */
export function createMemory(program: BpfProgram, room: Room): ProgramMemory {
  const layout = layoutOf(program.maps);
  const { packetAt } = layout;
  room.grow(packetAt + PACKET_BYTES);
  let bytes = new Uint8Array(room.buffer());
  let view = new DataView(room.buffer());
  let packetEnd = packetAt;

  const regions = layout.maps.map(({ at, end }, i) => ({ at, end, readOnly: program.maps[i]?.readOnly === true }));
  const cbAt = CONTEXT_AT + SKB.cb;

  const memory: ProgramMemory = {
    layout,
    get bytes() {
      return bytes;
    },
    get view() {
      return view;
    },
    maps: [],
    enter(packet, meta) {
      if (packetAt + packet.length > bytes.length) {
        room.grow(packetAt + packet.length);
        bytes = new Uint8Array(room.buffer());
        view = new DataView(room.buffer());
      }
      bytes.set(packet, packetAt);
      packetEnd = packetAt + packet.length;
      const put = (field: number, value: number): void => view.setUint32(CONTEXT_AT + field, value, true);
      put(SKB.len, packet.length);
      put(SKB.mark, meta.mark ?? 0);
      put(SKB.protocol, bigEndian16(meta.protocol));
      put(SKB.vlan_present, meta.vlanTci === undefined ? 0 : 1);
      put(SKB.vlan_tci, meta.vlanTci ?? 0);
      put(SKB.vlan_proto, meta.vlanTci === undefined ? 0 : bigEndian16(ETH_P_8021Q));
      put(SKB.priority, meta.priority ?? 0);
      put(SKB.ingress_ifindex, meta.ifindex);
      put(SKB.ifindex, meta.ifindex);
      bytes.fill(0, cbAt, cbAt + CB_BYTES);
    },
    mayTouch(at, count, write) {
      const end = at + count;
      if (at >= STACK_AT && end <= STACK_END) return true;
      if (at >= CONTEXT_AT && end <= CONTEXT_AT + SKB.end) return !write || (at >= cbAt && end <= cbAt + CB_BYTES);
      return regions.some((region) => at >= region.at && end <= region.end && !(write && region.readOnly));
    },
    packetBytesAt(offset, count) {
      const from =
        offset >= 0
          ? offset
          : offset >= NET_OFFSET
            ? offset - NET_OFFSET + ETHERNET_HEADER_BYTES
            : offset >= LINK_OFFSET
              ? offset - LINK_OFFSET
              : Infinity;
      return packetAt + from + count <= packetEnd ? packetAt + from : -1;
    },
  };
  const maps = program.maps.map((spec, i) => createMap(spec, layout.maps[i] ?? { at: 0, strideBytes: 0 }, memory));
  return Object.assign(memory, { maps });
}

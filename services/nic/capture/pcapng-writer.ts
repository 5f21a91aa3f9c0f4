import { assert } from "../../abi/assert.ts";
import {
  BLOCK,
  BYTE_ORDER_MAGIC,
  DIRECTION,
  INTERFACE_OPTION,
  LINKTYPE_ETHERNET,
  OPTION,
  PACKET_OPTION,
  padded,
  SECTION_OPTION,
} from "./format.ts";

/** What the head of a file says of where it comes from. */
interface CaptureSource {
  /** What wrote it, such as `tenon 0.1.0`. */
  readonly application: string;
  /** What it was captured on. */
  readonly hardware?: string;
  /** The instant that times count from, nanoseconds since 1970; absent: 1970, which is what virtual time gets. */
  readonly epochNs?: bigint;
}

/** A device whose frames are captured. */
interface CaptureInterface {
  readonly name: string;
  readonly description?: string;
  /** Bytes that are kept of a frame; absent or 0: all. */
  readonly snaplen?: number;
}

/** A frame that passed a device. */
interface CapturedFrame {
  readonly bytes: Uint8Array;
  readonly timeNs: number;
  readonly direction: "rx" | "tx";
  /** Its number, which is the same wherever it is captured. */
  readonly frame?: number;
  /** Shown beside the frame, each on a line of its own, which Wireshark cuts after some 230 letters; absent: none. */
  readonly comment?: string | readonly string[];
}

/** Writes a capture of any number of devices. */
interface PcapngWriter {
  /** Announces a device; answers its number for `packet`. */
  addInterface(device: CaptureInterface): number;
  packet(iface: number, frame: CapturedFrame): void;
}

interface Option {
  readonly code: number;
  readonly value: Uint8Array;
}

const OPTION_BYTES_MAX = 0xffff;
const NANOSECONDS = 9;

/** Text as an option; what is too long is cut between two characters. */
function text(code: number, value: string): Option {
  const room = new Uint8Array(Math.min(OPTION_BYTES_MAX, 3 * value.length));
  const { written } = new TextEncoder().encodeInto(value, room);
  return { code, value: room.subarray(0, written) };
}

/** epb_packetid: 64 bits in the byte order of the section. */
function packetId(frame: number): Uint8Array {
  const value = new Uint8Array(8);
  new DataView(value.buffer).setBigUint64(0, BigInt(frame), true);
  return value;
}

/** A block: type, length, fixed fields, data, options, and the length again so that a file can be read backwards. */
function block(
  type: number,
  fixedBytes: number,
  fill: (fixed: DataView) => void,
  data: Uint8Array,
  options: readonly Option[],
): Uint8Array {
  const optionBytes = options.reduce((sum, { value }) => sum + 4 + padded(value.length), options.length === 0 ? 0 : 4);
  const length = 12 + fixedBytes + padded(data.length) + optionBytes;
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, length, true);
  fill(new DataView(bytes.buffer, 8, fixedBytes));
  bytes.set(data, 8 + fixedBytes);
  let at = 8 + fixedBytes + padded(data.length);
  for (const { code, value } of options) {
    view.setUint16(at, code, true);
    view.setUint16(at + 2, value.length, true);
    bytes.set(value, at + 4);
    at += 4 + padded(value.length);
  }
  // The end of the options is four zeros, which are there already: opt_endofopt is 0.
  view.setUint32(length - 4, length, true);
  return bytes;
}

const NO_DATA = new Uint8Array(0);

/**
 * Writes pcapng: little-endian, nanoseconds, one section, so that Wireshark shows devices by name and comments beside
 * frames. A file that ends after any chunk is complete.
 *
 * @param write gets each block as soon as it is made; the memory is the receiver's.
 */
export function createPcapngWriter(
  write: (chunk: Uint8Array) => void,
  { application, hardware, epochNs = 0n }: CaptureSource,
): PcapngWriter {
  const snaplens: number[] = [];
  write(
    block(
      BLOCK.SECTION_HEADER,
      16,
      (fixed) => {
        fixed.setUint32(0, BYTE_ORDER_MAGIC, true);
        fixed.setUint16(4, 1, true);
        // The section's length is not known while it is written: all ones.
        fixed.setBigInt64(8, -1n, true);
      },
      NO_DATA,
      [
        ...(hardware === undefined ? [] : [text(SECTION_OPTION.HARDWARE, hardware)]),
        text(SECTION_OPTION.USER_APPLICATION, application),
      ],
    ),
  );

  return {
    addInterface({ name, description, snaplen = 0 }) {
      const options = [
        text(INTERFACE_OPTION.NAME, name),
        ...(description === undefined ? [] : [text(INTERFACE_OPTION.DESCRIPTION, description)]),
        { code: INTERFACE_OPTION.TIME_RESOLUTION, value: Uint8Array.of(NANOSECONDS) },
      ];
      const fill = (fixed: DataView): void => {
        fixed.setUint16(0, LINKTYPE_ETHERNET, true);
        fixed.setUint32(4, snaplen, true);
      };
      write(block(BLOCK.INTERFACE_DESCRIPTION, 8, fill, NO_DATA, options));
      return snaplens.push(snaplen) - 1;
    },

    packet(iface, { bytes, timeNs, direction, frame, comment }) {
      const snaplen = snaplens[iface];
      assert(snaplen !== undefined, "a frame is captured on a device that was announced");
      const kept = snaplen === 0 ? bytes : bytes.subarray(0, snaplen);
      const time = epochNs + BigInt(Math.round(timeNs));
      const fill = (fixed: DataView): void => {
        fixed.setUint32(0, iface, true);
        fixed.setUint32(4, Number((time >> 32n) & 0xffff_ffffn), true);
        fixed.setUint32(8, Number(time & 0xffff_ffffn), true);
        fixed.setUint32(12, kept.length, true);
        fixed.setUint32(16, bytes.length, true);
      };
      const flags = new Uint8Array(4);
      flags[0] = DIRECTION[direction];
      const options = [
        ...[comment ?? []].flat().map((one) => text(OPTION.COMMENT, one)),
        { code: PACKET_OPTION.FLAGS, value: flags },
        ...(frame === undefined ? [] : [{ code: PACKET_OPTION.PACKET_ID, value: packetId(frame) }]),
      ];
      write(block(BLOCK.ENHANCED_PACKET, 20, fill, kept, options));
    },
  };
}

import {
  BLOCK,
  BYTE_ORDER_MAGIC,
  DIRECTION,
  INTERFACE_OPTION,
  LINKTYPE_ETHERNET,
  OPTION,
  PACKET_OPTION,
  padded,
} from "./format.ts";
import { createNumbers, type Numbers } from "./numbers.ts";
import { broken, timeline, type CaptureRead, type RecordedFrame } from "./timeline.ts";

const BLOCK_BYTES_MIN = 12;

/** What went wrong, and where. */
interface Broken {
  readonly ok: false;
  readonly why: string;
}

type Read<T> = { readonly ok: true; readonly value: T } | Broken;

const read = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value });

/** The part of a block between its head and the length at its end. */
interface Body {
  readonly bytes: Uint8Array;
  readonly numbers: Numbers;
  readonly start: number;
  readonly end: number;
}

/** A device of the section, as far as frames need it. */
interface Interface {
  readonly name: string;
  readonly linkType: number;
  readonly snaplen: number;
  /** Makes nanoseconds since 1970 of a timestamp. */
  readonly toNs: (ticks: bigint) => bigint;
}

/** The options from a place on, by code. A code that stands there twice has both values. */
function options({ bytes, numbers, end }: Body, from: number): Read<ReadonlyMap<number, readonly Uint8Array[]>> {
  const found = new Map<number, Uint8Array[]>();
  let at = from;
  while (at + 4 <= end) {
    const [code, length] = [numbers.u16(at), numbers.u16(at + 2)];
    if (code === OPTION.END) break;
    if (at + 4 + length > end) return broken(at, `an option of ${length} bytes does not fit its block`);
    const value = bytes.subarray(at + 4, at + 4 + length);
    const same = found.get(code);
    if (same === undefined) found.set(code, [value]);
    else same.push(value);
    at += 4 + padded(length);
  }
  return read(found);
}

/** Text of a file; what is no UTF-8 becomes U+FFFD. */
const textOf = (values: readonly Uint8Array[]): string =>
  values.map((value) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(value)).join("\n");

/** if_tsresol: a negative power of ten, or of two when the highest bit is set. */
function nanoseconds(resolution: number, offsetSeconds: bigint): (ticks: bigint) => bigint {
  const offsetNs = offsetSeconds * 1_000_000_000n;
  const power = BigInt(resolution & 0x7f);
  if (resolution >= 0x80) return (ticks) => offsetNs + ((ticks * 1_000_000_000n) >> power);
  return (ticks) => offsetNs + (power <= 9n ? ticks * 10n ** (9n - power) : ticks / 10n ** (power - 9n));
}

const MICROSECONDS = 6;

function readInterface(body: Body): Read<Interface> {
  const { numbers, start, end } = body;
  if (end - start < 8) return broken(start, "an interface description is too short");
  const found = options(body, start + 8);
  if (!found.ok) return found;
  const [resolution] = found.value.get(INTERFACE_OPTION.TIME_RESOLUTION) ?? [];
  const [offset] = found.value.get(INTERFACE_OPTION.TIME_OFFSET) ?? [];
  const offsetSeconds = offset?.length === 8 ? createNumbers(offset, numbers.littleEndian).i64(0) : 0n;
  return read({
    name: textOf(found.value.get(INTERFACE_OPTION.NAME) ?? []),
    linkType: numbers.u16(start),
    snaplen: numbers.u32(start + 4),
    toNs: nanoseconds(resolution?.[0] ?? MICROSECONDS, offsetSeconds),
  });
}

/** Where in a packet's block its fields are. */
interface PacketLayout {
  /** Bytes before the data. */
  readonly fixedBytes: number;
  readonly interfaceId: (numbers: Numbers, start: number) => number;
}

const LAYOUTS: ReadonlyMap<number, PacketLayout> = new Map([
  [BLOCK.ENHANCED_PACKET, { fixedBytes: 20, interfaceId: (numbers: Numbers, start: number) => numbers.u32(start) }],
  // The obsolete one has a shorter number, and beside it how many frames were lost.
  [BLOCK.PACKET, { fixedBytes: 20, interfaceId: (numbers: Numbers, start: number) => numbers.u16(start) }],
]);

function deviceOf(interfaces: readonly Interface[], number: number, start: number): Read<Interface> {
  const device = interfaces[number];
  if (device === undefined) return broken(start, `a frame of interface ${number}, which the file does not describe`);
  if (device.linkType === LINKTYPE_ETHERNET) return read(device);
  return broken(start, `a frame of link type ${device.linkType}, and only Ethernet (1) can be read`);
}

function readPacket(body: Body, interfaces: readonly Interface[], layout: PacketLayout): Read<RecordedFrame> {
  const { bytes, numbers, start, end } = body;
  const data = start + layout.fixedBytes;
  if (data > end) return broken(start, "a frame's block is too short");
  const device = deviceOf(interfaces, layout.interfaceId(numbers, start), start);
  if (!device.ok) return device;
  const length = numbers.u32(start + 12);
  if (length > end - data) return broken(start + 12, `a frame of ${length} bytes does not fit its block`);
  const found = options(body, data + padded(length));
  if (!found.ok) return found;
  const comments = found.value.get(OPTION.COMMENT);
  const ticks = (BigInt(numbers.u32(start + 4)) << 32n) | BigInt(numbers.u32(start + 8));
  return read({
    iface: device.value.name,
    bytes: bytes.subarray(data, data + length),
    timeNs: device.value.toNs(ticks),
    ...(comments === undefined ? {} : { comment: textOf(comments) }),
    ...marksOf(found.value, numbers.littleEndian),
  });
}

/** Which way a frame went, and its number: an epb_packetid, if it is one that a number can hold. */
function marksOf(found: ReadonlyMap<number, readonly Uint8Array[]>, littleEndian: boolean) {
  const [flags] = found.get(PACKET_OPTION.FLAGS) ?? [];
  const [id] = found.get(PACKET_OPTION.PACKET_ID) ?? [];
  const way = flags?.length === 4 ? createNumbers(flags, littleEndian).u32(0) & 3 : 0;
  const frame = id?.length === 8 ? Number(createNumbers(id, littleEndian).i64(0)) : undefined;
  return {
    ...(way === DIRECTION.rx && { direction: "rx" as const }),
    ...(way === DIRECTION.tx && { direction: "tx" as const }),
    ...(frame !== undefined && Number.isSafeInteger(frame) && { frame }),
  };
}

/** A simple packet is of the section's first device, and has no time. */
function readSimplePacket({ bytes, numbers, start, end }: Body, interfaces: readonly Interface[]): Read<RecordedFrame> {
  const data = start + 4;
  if (data > end) return broken(start, "a frame's block is too short");
  const device = deviceOf(interfaces, 0, start);
  if (!device.ok) return device;
  const { name, snaplen } = device.value;
  const whole = numbers.u32(start);
  const length = snaplen === 0 ? whole : Math.min(whole, snaplen);
  if (length > end - data) return broken(start, `a frame of ${length} bytes does not fit its block`);
  return read({ iface: name, bytes: bytes.subarray(data, data + length), timeNs: undefined });
}

/** A section's byte order, from its header; what else the header says is for people. */
function readSection(bytes: Uint8Array, at: number): Read<Numbers> {
  for (const littleEndian of [true, false]) {
    const numbers = createNumbers(bytes, littleEndian);
    if (numbers.u32(at + 8) !== BYTE_ORDER_MAGIC) continue;
    const [major, minor] = [numbers.u16(at + 12), numbers.u16(at + 14)];
    if (numbers.u32(at + 4) < 28) return broken(at + 4, "a section header is too short");
    return major === 1
      ? read(numbers)
      : broken(at + 12, `pcapng of version ${major}.${minor}, and only version 1 can be read`);
  }
  return broken(at + 8, "the section does not tell its byte order");
}

/** The block at a place. Its length stands at both ends. */
function readBlock(bytes: Uint8Array, numbers: Numbers, at: number): Read<Body> {
  const left = bytes.length - at;
  const length = numbers.u32(at + 4);
  if (left < BLOCK_BYTES_MIN) return broken(at, "the file ends inside a block");
  if (length < BLOCK_BYTES_MIN || length % 4 !== 0) return broken(at + 4, `a block cannot be ${length} bytes long`);
  if (length > left) return broken(at + 4, `a block of ${length} bytes, and only ${left} are left`);
  const again = numbers.u32(at + length - 4);
  if (again !== length) return broken(at + length - 4, `a block of ${length} bytes ends with the length ${again}`);
  return read({ bytes, numbers, start: at + 8, end: at + length - 4 });
}

/** Reads a pcapng file: any number of sections, each with its own byte order and devices. Blocks of other types are skipped. */
export function readPcapng(bytes: Uint8Array): CaptureRead {
  const frames: RecordedFrame[] = [];
  let interfaces: Interface[] = [];
  let numbers = createNumbers(bytes, true);
  let at = 0;
  while (at < bytes.length) {
    const type = numbers.u32(at);
    if (type === BLOCK.SECTION_HEADER) {
      const section = readSection(bytes, at);
      if (!section.ok) return section;
      numbers = section.value;
      interfaces = [];
    }
    const body = readBlock(bytes, numbers, at);
    if (!body.ok) return body;
    const layout = LAYOUTS.get(type);
    if (type === BLOCK.INTERFACE_DESCRIPTION) {
      const device = readInterface(body.value);
      if (!device.ok) return device;
      interfaces.push(device.value);
    } else if (layout !== undefined || type === BLOCK.SIMPLE_PACKET) {
      const frame =
        layout === undefined ? readSimplePacket(body.value, interfaces) : readPacket(body.value, interfaces, layout);
      if (!frame.ok) return frame;
      frames.push(frame.value);
    }
    at = body.value.end + 4;
  }
  return timeline(frames);
}

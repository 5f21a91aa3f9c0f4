import { createPcapngWriter } from "../../services/nic/capture/pcapng-writer.ts";

/** A number of the file: its value and how many bits it has. */
type Field = readonly [value: number | bigint, bits: 8 | 16 | 32 | 64];

/** Bytes of a capture, made field by field: what the reader is told in tests, in either byte order. */
export function fieldBytes(littleEndian: boolean, ...fields: readonly (Field | Uint8Array)[]): Uint8Array {
  const parts = fields.map((field) => {
    if (field instanceof Uint8Array) return field;
    const [value, bits] = field;
    const part = new Uint8Array(bits / 8);
    const view = new DataView(part.buffer);
    if (bits === 8) view.setUint8(0, Number(value));
    else if (bits === 16) view.setUint16(0, Number(value), littleEndian);
    else if (bits === 32) view.setUint32(0, Number(value), littleEndian);
    else view.setBigUint64(0, BigInt(value), littleEndian);
    return part;
  });
  return Buffer.concat(parts);
}

const filled = (bytes: Uint8Array): Uint8Array => Buffer.concat([bytes, new Uint8Array((4 - (bytes.length % 4)) % 4)]);

/** A block of pcapng. */
export function blockBytes(littleEndian: boolean, type: number, body: Uint8Array): Uint8Array {
  const inside = filled(body);
  const length = 12 + inside.length;
  return fieldBytes(littleEndian, [type, 32], [length, 32], inside, [length, 32]);
}

/** An option of pcapng. */
export const optionBytes = (littleEndian: boolean, code: number, value: Uint8Array): Uint8Array =>
  fieldBytes(littleEndian, [code, 16], [value.length, 16], filled(value));

/** A section header. */
export const sectionBytes = (littleEndian: boolean, major = 1): Uint8Array =>
  blockBytes(
    littleEndian,
    0x0a0d0d0a,
    fieldBytes(littleEndian, [0x1a2b3c4d, 32], [major, 16], [0, 16], [0xffff_ffff_ffff_ffffn, 64]),
  );

/** The description of an Ethernet device. */
export const interfaceBytes = (
  littleEndian: boolean,
  options: readonly Uint8Array[] = [],
  { linkType = 1, snaplen = 0 } = {},
): Uint8Array =>
  blockBytes(
    littleEndian,
    1,
    Buffer.concat([fieldBytes(littleEndian, [linkType, 16], [0, 16], [snaplen, 32]), ...options]),
  );

/** An enhanced packet. */
export const packetBytes = (littleEndian: boolean, iface: number, ticks: bigint, frame: Uint8Array): Uint8Array =>
  blockBytes(
    littleEndian,
    6,
    fieldBytes(
      littleEndian,
      [iface, 32],
      [ticks >> 32n, 32],
      [ticks & 0xffff_ffffn, 32],
      [frame.length, 32],
      [frame.length, 32],
      frame,
    ),
  );

/** A pcap file. */
export const pcapBytes = (
  littleEndian: boolean,
  { magic = 0xa1b2c3d4, linkType = 1 },
  ...frames: readonly { readonly seconds: number; readonly fraction: number; readonly bytes: Uint8Array }[]
): Uint8Array =>
  fieldBytes(
    littleEndian,
    [magic, 32],
    [2, 16],
    [4, 16],
    [0n, 64],
    [65_535, 32],
    [linkType, 32],
    ...frames.flatMap(({ seconds, fraction, bytes }) => [
      fieldBytes(littleEndian, [seconds, 32], [fraction, 32], [bytes.length, 32], [bytes.length, 32], bytes),
    ]),
  );

/** A file of our own writer. */
export function written(
  fill: (writer: ReturnType<typeof createPcapngWriter>) => void,
  more: { readonly hardware?: string; readonly epochNs?: bigint } = {},
): Uint8Array {
  const chunks: Uint8Array[] = [];
  fill(createPcapngWriter((chunk) => void chunks.push(chunk), { application: "tenon", ...more }));
  return Buffer.concat(chunks);
}

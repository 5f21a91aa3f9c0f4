import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { readCapture } from "../../services/nic/capture/read-capture.ts";
import {
  blockBytes,
  fieldBytes,
  interfaceBytes,
  optionBytes,
  packetBytes,
  pcapBytes,
  sectionBytes,
  written,
} from "./capture-bytes.ts";

const FRAME = Uint8Array.from({ length: 61 }, (_, index) => index);
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("what was written is read again", () => {
  const frame = fc.record({
    device: fc.nat(2),
    bytes: fc.uint8Array({ maxLength: 200 }),
    timeNs: fc.nat(2 ** 50),
    direction: fc.constantFrom("rx" as const, "tx" as const),
    comment: fc.option(fc.string({ unit: "binary" }), { nil: undefined }),
  });

  test("frames of several devices, to the nanosecond, with every comment", () => {
    fc.assert(
      fc.property(
        fc.array(frame, { maxLength: 20 }),
        fc.array(fc.string({ unit: "grapheme" }), { minLength: 3, maxLength: 3 }),
        fc.bigInt(0n, 2_000_000_000_000_000_000n),
        (frames, names, epochNs) => {
          const file = written(
            (writer) => {
              for (const name of names) writer.addInterface({ name, description: `the wire of ${name}` });
              for (const { device, comment, ...rest } of frames)
                writer.packet(device, comment === undefined ? rest : { ...rest, comment });
            },
            { hardware: "alpha", epochNs },
          );
          expect(file.length % 4).toBe(0);
          const [first] = frames;
          expect(readCapture(file)).toEqual({
            ok: true,
            startNs: first === undefined ? 0n : epochNs + BigInt(first.timeNs),
            frames: frames.map(({ device, timeNs, ...rest }) => ({
              ...rest,
              iface: names[device],
              timeNs: timeNs - (first?.timeNs ?? 0),
            })),
          });
        },
      ),
      { seed: 20_261_122, numRuns: 300 },
    );
  });

  test("a device that keeps less of a frame keeps its beginning", () => {
    const file = written((writer) => {
      const eth0 = writer.addInterface({ name: "eth0", snaplen: 20 });
      writer.packet(eth0, { bytes: FRAME, timeNs: 0, direction: "rx" });
    });
    expect(readCapture(file)).toMatchObject({ frames: [{ bytes: FRAME.subarray(0, 20) }] });
  });

  test("a comment that is longer than an option can be is cut between two characters", () => {
    const file = written((writer) =>
      writer.packet(writer.addInterface({ name: "eth0" }), {
        bytes: FRAME,
        timeNs: 0,
        direction: "tx",
        comment: "€".repeat(30_000),
      }),
    );
    expect(readCapture(file)).toMatchObject({ frames: [{ comment: "€".repeat(21_845) }] });
  });

  test("what is read does not share memory with the file", () => {
    const file = written((writer) =>
      writer.packet(writer.addInterface({ name: "eth0" }), { bytes: FRAME, timeNs: 0, direction: "rx" }),
    );
    const read = readCapture(file);
    file.fill(0xee);
    expect(read).toMatchObject({ frames: [{ iface: "eth0", bytes: FRAME }] });
  });
});

describe.each([
  ["little-endian", true],
  ["big-endian", false],
])("files of a %s machine", (_, order) => {
  test.each([
    ["microseconds", 0xa1b2c3d4, 5000],
    ["nanoseconds", 0xa1b23c4d, 5],
  ])("pcap with %s: its frames have no device's name", (_, magic, gapNs) => {
    const frames = [
      { seconds: 1_700_000_000, fraction: 10, bytes: FRAME },
      { seconds: 1_700_000_001, fraction: 15, bytes: FRAME.subarray(0, 14) },
    ];
    expect(readCapture(pcapBytes(order, { magic }, ...frames))).toEqual({
      ok: true,
      startNs: 1_700_000_000_000_000_000n + BigInt(2 * gapNs),
      frames: [
        { iface: "", bytes: FRAME, timeNs: 0 },
        { iface: "", bytes: FRAME.subarray(0, 14), timeNs: 1_000_000_000 + gapNs },
      ],
    });
  });

  test("pcapng: unknown blocks and options are skipped, a simple packet comes with the frame before it", () => {
    const name = optionBytes(order, 2, utf8("eth0"));
    const file = Buffer.concat([
      sectionBytes(order),
      interfaceBytes(order, [name, optionBytes(order, 999, utf8("?"))], { snaplen: 40 }),
      blockBytes(order, 0x0bad, utf8("whatever")),
      packetBytes(order, 0, 7n, FRAME),
      blockBytes(order, 3, fieldBytes(order, [FRAME.length, 32], FRAME.subarray(0, 40))),
      // The obsolete packet block: interface 0, 9 frames lost before it.
      blockBytes(
        order,
        2,
        fieldBytes(order, [0, 16], [9, 16], [0, 32], [9, 32], [4, 32], [4, 32], FRAME.subarray(0, 4)),
      ),
    ]);
    expect(readCapture(file)).toEqual({
      ok: true,
      startNs: 7000n,
      frames: [
        { iface: "eth0", bytes: FRAME, timeNs: 0 },
        { iface: "eth0", bytes: FRAME.subarray(0, 40), timeNs: 0 },
        { iface: "eth0", bytes: FRAME.subarray(0, 4), timeNs: 2000 },
      ],
    });
  });

  test.each([
    ["microseconds where nothing is said", undefined, 3_000_000n],
    ["10^-9", 9, 3000n],
    ["10^-3", 3, 3_000_000_000n],
    ["10^-12", 12, 3n],
    ["2^-10", 0x8a, 2_929_687_500n],
  ])("pcapng timestamps: %s", (_, resolution, startNs) => {
    const options = resolution === undefined ? [] : [optionBytes(order, 9, Uint8Array.of(resolution))];
    const file = [sectionBytes(order), interfaceBytes(order, options), packetBytes(order, 0, 3000n, FRAME)];
    expect(readCapture(Buffer.concat(file))).toMatchObject({ startNs, frames: [{ timeNs: 0 }] });
  });

  test("pcapng timestamps: an offset of the device is added, a comment that stands twice has two lines", () => {
    const offset = optionBytes(order, 14, fieldBytes(order, [100n, 64]));
    const comments = ["one", "two"].map((text) => optionBytes(order, 1, utf8(text)));
    const fixed = fieldBytes(order, [0, 32], [0, 32], [5, 32], [4, 32], [4, 32], FRAME.subarray(0, 4));
    const packet = blockBytes(order, 6, Buffer.concat([fixed, ...comments]));
    const file = Buffer.concat([sectionBytes(order), interfaceBytes(order, [offset]), packet]);
    expect(readCapture(file)).toMatchObject({ startNs: 100_000_005_000n, frames: [{ comment: "one\ntwo" }] });
  });
});

test("sections that follow each other have their own byte order and their own devices", () => {
  const section = (order: boolean, name: string): readonly Uint8Array[] => [
    sectionBytes(order),
    interfaceBytes(order, [optionBytes(order, 2, utf8(name))]),
    packetBytes(order, 0, 1n, FRAME),
  ];
  expect(readCapture(Buffer.concat([...section(true, "eth0"), ...section(false, "eth1")]))).toMatchObject({
    frames: [{ iface: "eth0" }, { iface: "eth1" }],
  });
  expect(
    readCapture(Buffer.concat([...section(true, "eth0"), sectionBytes(true), packetBytes(true, 0, 1n, FRAME)])),
  ).toEqual({ ok: false, why: "byte 188: a frame of interface 0, which the file does not describe" });
});

describe("what is wrong is told in one line, with the place", () => {
  const section = sectionBytes(true);
  const good = Buffer.concat([section, interfaceBytes(true), packetBytes(true, 0, 1n, FRAME)]);
  const changed = (at: number, value: number): Uint8Array => {
    const bytes = Uint8Array.from(good);
    new DataView(bytes.buffer).setUint32(at, value, true);
    return bytes;
  };
  const frame = { seconds: 1, fraction: 1, bytes: FRAME };

  test.each<[string, Uint8Array]>([
    ["byte 0: the file is empty", new Uint8Array(0)],
    ["byte 0: neither pcap nor pcapng begins like this", utf8("GIF89a")],
    ["byte 8: the section does not tell its byte order", section.subarray(0, 11)],
    ["byte 4: a block of 28 bytes, and only 20 are left", section.subarray(0, 20)],
    ["byte 12: pcapng of version 2.0, and only version 1 can be read", sectionBytes(false, 2)],
    ["byte 4: a section header is too short", changed(4, 24)],
    ["byte 24: a block of 28 bytes ends with the length 32", changed(24, 32)],
    ["byte 32: a block cannot be 18 bytes long", changed(32, 18)],
    ["byte 68: a frame of 100 bytes does not fit its block", changed(68, 100)],
    ["byte 56: a frame of interface 3, which the file does not describe", changed(56, 3)],
    ["byte 52: a block of 96 bytes, and only 92 are left", good.subarray(0, good.length - 4)],
    ["byte 48: the file ends inside a block", good.subarray(0, 52)],
    [
      "byte 36: an interface description is too short",
      Buffer.concat([section, blockBytes(true, 1, new Uint8Array(4))]),
    ],
    [
      "byte 44: an option of 9 bytes does not fit its block",
      Buffer.concat([section, interfaceBytes(true, [fieldBytes(true, [2, 16], [9, 16], [0, 32])])]),
    ],
    [
      "byte 56: a frame of link type 101, and only Ethernet (1) can be read",
      Buffer.concat([section, interfaceBytes(true, [], { linkType: 101 }), packetBytes(true, 0, 1n, FRAME)]),
    ],
    ["byte 23: the file ends inside the head of a pcap file", pcapBytes(true, {}).subarray(0, 23)],
    ["byte 20: frames of link type 113, and only Ethernet (1) can be read", pcapBytes(false, { linkType: 113 })],
    ["byte 24: the file ends inside the head of a frame", pcapBytes(true, {}, frame).subarray(0, 39)],
    ["byte 32: a frame of 61 bytes, and only 60 are left", pcapBytes(true, {}, frame).subarray(0, 100)],
    ["byte 32: a frame of 61 bytes, and only 1 are left", pcapBytes(true, {}, frame).subarray(0, 41)],
  ])("%s", (why, bytes) => {
    expect(readCapture(bytes)).toEqual({ ok: false, why });
  });
});

/** A small generator of numbers below a bound: the same seed gives the same run (xorshift32). */
function draws(seed: number): (below: number) => number {
  let x = seed;
  return (below) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) % below;
  };
}

test("100,000 mutated files: each is read or its fault is told in one line, nothing throws or grows", () => {
  const draw = draws(20_261_122);
  const options = [optionBytes(true, 2, utf8("eth0")), optionBytes(true, 9, Uint8Array.of(9))];
  const seeds = [
    ...[true, false].flatMap((order) => [
      pcapBytes(order, {}, { seconds: 1, fraction: 2, bytes: FRAME }, { seconds: 3, fraction: 4, bytes: FRAME }),
      Buffer.concat([sectionBytes(order), interfaceBytes(order), packetBytes(order, 0, 5n, FRAME)]),
    ]),
    Buffer.concat([sectionBytes(true), interfaceBytes(true, options), packetBytes(true, 0, 5n, FRAME)]),
    written((writer) => {
      const eth0 = writer.addInterface({ name: "eth0", description: "alpha's" });
      for (let timeNs = 0; timeNs < 4; timeNs++)
        writer.packet(eth0, { bytes: FRAME, timeNs, direction: "tx", comment: "netem: corrupt" });
    }),
  ];
  const seen = new Map<string, number>();
  for (let file = 0; file < 100_000; file++) {
    let bytes = Uint8Array.from(seeds[draw(seeds.length)] ?? []);
    for (let flips = draw(4); flips >= 0; flips--)
      bytes[draw(bytes.length)] = draw(2) === 0 ? draw(256) : ([0, 1, 4, 0x7f, 0x80, 0xff][draw(6)] ?? 0);
    if (draw(4) === 0) bytes = bytes.subarray(0, draw(bytes.length + 1));
    const read = readCapture(bytes);
    if (read.ok) {
      const kept = read.frames.reduce((sum, frame) => sum + frame.bytes.length, 0);
      if (kept > bytes.length) throw new Error(`file ${file} has more in it than it is long`);
    } else if (!/^byte \d+: [^\n]+$/.test(read.why)) throw new Error(`file ${file}: ${read.why}`);
    const way = read.ok ? "read" : read.why.replace(/[\d.]+/g, "N");
    seen.set(way, (seen.get(way) ?? 0) + 1);
  }
  // The mutations get deep: files are read, and nearly every fault is found.
  expect(seen.get("read")).toBeGreaterThan(10_000);
  expect(seen.size).toBeGreaterThan(15);
});

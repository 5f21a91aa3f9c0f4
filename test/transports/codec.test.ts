import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import { loadSync, type MessageTypeDefinition } from "@grpc/proto-loader";
import fc from "fast-check";
import { ENUM_WORDS, MESSAGES, type FieldShape } from "../../services/abi/contract.generated.ts";
import { createCodec } from "../../services/transports/grpc/codec.ts";
import { loadProtos } from "../../services/transports/grpc/load.ts";
import { message } from "./arbitrary.ts";

const codec = createCodec(loadProtos());

/** proto-loader's own codecs, by short name: the judge. */
const PROTOS = fileURLToPath(new URL("../../../protos", import.meta.url));
const definitions = loadSync(
  readdirSync(join(PROTOS, "tenon"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".proto"))
    .map((file) => join("tenon", file)),
  { includeDirs: [PROTOS], keepCase: true, longs: Number, enums: String, defaults: true, oneofs: true },
);
const judge = new Map(
  Object.entries(definitions).map(([name, definition]) => [
    name.slice(name.lastIndexOf(".") + 1),
    definition as MessageTypeDefinition<object, object>,
  ]),
);
const judgeOf = (name: string): MessageTypeDefinition<object, object> => {
  const found = judge.get(name);
  if (found === undefined) throw new Error(`the protos have no ${name}`);
  return found;
};

const isEmpty = (member: unknown): boolean =>
  member === 0 || member === "" || member === false || (member instanceof Uint8Array && member.length === 0);

/** The same value as proto-loader wants it: enums by their name in the proto, and without what is not to be written. */
function forJudge(name: string, value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const convert = (shape: FieldShape, member: unknown): unknown => {
    if (shape.kind === "message") return forJudge(shape.ref ?? "", member as Record<string, unknown>);
    if (shape.kind !== "enum") return member;
    return Object.entries(ENUM_WORDS[shape.ref ?? ""] ?? {}).find(([, word]) => word === member)?.[0];
  };
  return Object.fromEntries(
    (MESSAGES[name] ?? [])
      .filter((shape) => value[shape.name] !== undefined && (shape.optional === true || !isEmpty(value[shape.name])))
      .map((shape) => {
        const member = value[shape.name];
        return [
          shape.name,
          shape.repeated ? (member as unknown[]).map((item) => convert(shape, item)) : convert(shape, member),
        ];
      }),
  );
}

const names = Object.keys(MESSAGES);
/** A message with its header where it has one; what Tenon passes beside the value, protobuf has in it. */
const any = fc.constantFrom(...names).chain((name) => {
  const header = MESSAGES[name]?.find((shape) => shape.name === "header")?.ref;
  return fc.record({
    name: fc.constant(name),
    value: message(name),
    header: header === undefined ? fc.constant(undefined) : message(header),
  });
});
const encoded = (name: string, value: object, header?: object): Buffer => {
  const bytes = codec.encode(name, value, header);
  if (!bytes.ok) throw new Error(bytes.reason);
  return bytes.value;
};

describe("our protobuf codec", () => {
  test("writes the very bytes that proto-loader writes", () => {
    fc.assert(
      fc.property(any, ({ name, value, header }) => {
        const whole = header === undefined ? value : { ...value, header };
        const theirs = judgeOf(name).serialize(forJudge(name, whole));
        expect(encoded(name, value, header).toString("hex")).toBe(theirs.toString("hex"));
      }),
      { numRuns: 2000 },
    );
  });

  test("reads back what it wrote, and what proto-loader wrote", () => {
    fc.assert(
      fc.property(any, ({ name, value, header }) => {
        const whole = header === undefined ? value : { ...value, header };
        const theirs = judgeOf(name).serialize(forJudge(name, whole));
        expect(codec.decode(name, theirs)).toEqual({ ok: true, value: { value, header } });
      }),
      { numRuns: 2000 },
    );
  });

  test("never throws, whatever arrives, and says in one line what is wrong", () => {
    const spoilt = fc.record({ any, at: fc.nat(), byte: fc.nat(255), cut: fc.nat() });
    fc.assert(
      fc.property(spoilt, ({ any: { name, value, header }, at, byte, cut }) => {
        const bytes = encoded(name, value, header);
        if (bytes.length > 0) bytes[at % bytes.length] = byte;
        const read = codec.decode(name, bytes.subarray(0, bytes.length - (cut % 3)));
        if (!read.ok) expect(read.reason).toMatch(/^\w[^\n]+$/);
      }),
      { numRuns: 5000 },
    );
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.uint8Array({ maxLength: 60 }), (name, bytes) => {
        codec.decode(name, Buffer.from(bytes));
      }),
      { numRuns: 5000 },
    );
  });

  test("bytes that were read are a copy: they do not hold on to the frame in which they came", () => {
    const bytes = encoded("WriteRequest", { fd: 1, data: new Uint8Array([1, 2, 3]) });
    const read = codec.decode("WriteRequest", bytes);
    bytes.fill(0);
    expect(read).toMatchObject({ value: { value: { data: new Uint8Array([1, 2, 3]) } } });
  });

  test("passes over fields that a newer peer may have added", () => {
    const known = encoded("CloseRequest", { fd: 5 });
    const varint = Buffer.from([0xf8, 0x01, 0x96, 0x01]);
    const fixed64 = Buffer.from([0xf9, 0x01, 1, 2, 3, 4, 5, 6, 7, 8]);
    const text = Buffer.from([0xfa, 0x01, 2, 0x61, 0x62]);
    const fixed32 = Buffer.from([0xfd, 0x01, 1, 2, 3, 4]);
    const read = codec.decode("CloseRequest", Buffer.concat([varint, fixed64, known, text, fixed32]));
    expect(read).toEqual({ ok: true, value: { value: { fd: 5 }, header: undefined } });
  });

  test.each([
    ["an unknown wire type", "CloseRequest", [0xfe, 0x01], "it has a field of the unknown wire type 6"],
    ["the wrong wire type", "CloseRequest", [0x12, 1, 0x61], "fd has the wire type 2, which is not that of uint32"],
    ["a number that is cut off", "CloseRequest", [0x10, 0x80], "it ends in the middle of a number"],
    [
      "a number without end",
      "CloseRequest",
      [0x10, ...Array<number>(11).fill(0xff)],
      "it has a number of more than ten bytes",
    ],
    ["a field that is cut off", "WriteRequest", [0x1a, 5, 1], "it ends in the middle of a field"],
    ["a message that is cut off", "CloseRequest", [0x0a, 5, 1], "it ends in the middle of a field"],
    [
      "a uint32 that is larger",
      "CloseRequest",
      [0x10, 0x80, 0x80, 0x80, 0x80, 0x10],
      "fd is 4294967296, which is no uint32 from 0 to 4294967295",
    ],
    [
      "a uint64 that no number holds",
      "ReleaseFileRequest",
      [0x10, ...Array<number>(7).fill(0xff), 0x1f],
      "file is 18014398509481984, which is no uint64",
    ],
    [
      "an int64 that no number holds",
      "FcntlResponse",
      [0x10, ...Array<number>(8).fill(0x80), 0x80, 0x01],
      /^value is -9223372036854776000, which is no int64/,
    ],
    [
      "an errno that Linux has and we do not",
      "CloseResponse",
      [0x0a, 3, 0x08, 0xe7, 0x07],
      "errno is 999, which names no Errno",
    ],
  ])("refuses %s", (_, name, bytes, reason) => {
    const read = codec.decode(name, Buffer.from(bytes));
    expect(read.ok ? "" : read.reason).toMatch(reason);
  });

  test.each([
    ["WriteRequest", { fd: -1, data: new Uint8Array() }, "fd is -1, which is no uint32 from 0 to 4294967295"],
    ["WriteRequest", { fd: 1.5, data: new Uint8Array() }, "fd is 1.5, which is no uint32 from 0 to 4294967295"],
    ["WriteRequest", { fd: 2 ** 32, data: new Uint8Array() }, "fd is 4294967296, which is no uint32"],
    ["WriteRequest", { fd: 1, data: "text" }, "data is not bytes"],
    ["ReleaseFileRequest", { file: 2 ** 53, oob_data: 0 }, "file is 9007199254740992, which is no uint64"],
    ["FcntlRequest", { fd: 1, cmd: 0, arg: NaN }, "arg is NaN, which is no int64"],
    ["DriverIoRequest", { operation: "poke" }, "operation is poke, which names no DriverOperation"],
  ])("does not write a %s that is %j", (name, value, reason) => {
    const bytes = codec.encode(name, value);
    expect(bytes.ok ? "" : bytes.reason).toContain(reason);
    // What was written before the mistake is forgotten.
    expect(encoded("CloseRequest", { fd: 1 })).toEqual(Buffer.from([0x10, 1]));
  });

  test("what is absent stays absent, and what is empty is there", () => {
    const read = codec.decode("FaultRule", encoded("FaultRule", { id: "", point: "x" }));
    expect(read).toEqual({ ok: true, value: { value: { id: "", point: "x" }, header: undefined } });
    expect(codec.decode("Event", Buffer.alloc(0))).toMatchObject({ value: { value: { slice: [], lost: "" } } });
    expect(codec.decode("Event", encoded("Event", { ret: 0 }))).toMatchObject({ value: { value: { ret: 0 } } });
  });
});

import { ENUM_WORDS, MESSAGES, type FieldShape } from "../../abi/contract.generated.ts";
import { assert } from "../../abi/assert.ts";
import { failed, worked, type Attempt } from "../answers.ts";
import type { Protos } from "./load.ts";
import { Reader, Texts, Writer } from "./wire.ts";

/**
 * Messages of the contract as protobuf. Enums are Tenon's words; what is absent or unspecified is absent.
 *
 * This is ours, and not what proto-loader generates, because it takes a third of the time (README.md has the figures),
 * says which field is wrong, and refuses what protobufjs would bend silently: a -1 in a uint32, 2^60 in a number, a text
 * where a number belongs. A test compares the two byte by byte.
 */
export interface Codec {
  /** @param header goes into the field `header`, where `value` has none. */
  encode(message: string, value: object, header?: object): Attempt<Buffer>;
  decode(message: string, bytes: Buffer): Attempt<Decoded>;
}

/** A message that was read. Its header, if it has one, stands beside it: calls and answers are what is left. */
interface Decoded {
  readonly value: Readonly<Record<string, unknown>>;
  readonly header: Readonly<Record<string, unknown>> | undefined;
}

/** One field, ready to travel. */
interface Field {
  readonly name: string;
  readonly tag: number;
  readonly shape: FieldShape;
  /** What a reader sees when the field is not there; undefined: absent. Not for repeated fields. */
  readonly blank: unknown;
  readonly write: (writer: Writer, value: unknown) => void;
  readonly read: (reader: Reader) => unknown;
}

interface Message {
  readonly fields: readonly Field[];
  /** By tag, the header among them. A sparse array and no Map, since this is the innermost loop. */
  readonly byTag: readonly (Field | undefined)[];
  readonly header: Field | undefined;
}

/** What each integer type can hold, where a number of JavaScript can hold it too. */
const RANGES = {
  uint32: [0, 2 ** 32 - 1],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint64: [0, Number.MAX_SAFE_INTEGER],
  int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
} as const;

const NOTHING = new Uint8Array(0);
const LENGTH_DELIMITED = 2;
const isEmpty = (value: unknown): boolean =>
  value === 0 || value === "" || value === false || (value instanceof Uint8Array && value.length === 0);

type Coding = Pick<Field, "blank" | "write" | "read"> & { readonly wireType: number };

function integer(name: string, kind: keyof typeof RANGES): Coding {
  const [min, max] = RANGES[kind];
  const isFit = (value: unknown): value is number =>
    Number.isInteger(value) && Number(value) >= min && Number(value) <= max;
  const problem = (value: unknown): string => `${name} is ${String(value)}, which is no ${kind} from ${min} to ${max}`;
  return {
    wireType: 0,
    blank: 0,
    write(writer, value) {
      if (isFit(value)) writer.varint(value);
      else writer.problem ??= problem(value);
    },
    read(reader) {
      const value = min < 0 ? reader.signed() : reader.unsigned();
      if (!isFit(value)) reader.fail(problem(value));
      return value;
    },
  };
}

const CODINGS = {
  double: {
    wireType: 1,
    blank: 0,
    write: (writer: Writer, value: unknown) => writer.double(Number(value)),
    read: (reader: Reader) => reader.double(),
  },
  string: {
    wireType: LENGTH_DELIMITED,
    blank: "",
    write: (writer: Writer, value: unknown) => writer.string(String(value)),
    read: (reader: Reader) => reader.string(),
  },
  bool: {
    wireType: 0,
    blank: false,
    write: (writer: Writer, value: unknown) => writer.varint(value === true ? 1 : 0),
    read: (reader: Reader) => reader.signed() !== 0,
  },
} as const;

/** What a frame carries is decoded at once, so it is read in place. */
const FRAMED: ReadonlySet<string> = new Set(["Call", "Answer"]);

function bytes(name: string, inPlace: boolean): Coding {
  return {
    wireType: LENGTH_DELIMITED,
    blank: NOTHING,
    write(writer, value) {
      if (value instanceof Uint8Array) writer.bytes(value);
      else writer.problem ??= `${name} is not bytes`;
    },
    // Else a copy: a window would keep the whole frame alive that it arrived in.
    read: inPlace ? (reader) => reader.window() : (reader) => new Uint8Array(reader.window()),
  };
}

function enumeration(name: string, type: string, protos: Protos): Coding {
  const words = ENUM_WORDS[type];
  const numbers = protos.values.get(type);
  assert(words !== undefined && numbers !== undefined, `the contract has the enum ${type}`);
  const numberOf = new Map<unknown, number>(
    Object.entries(words).map(([proto, word]) => [word, numbers.get(proto) ?? 0]),
  );
  const wordOf = new Map([...numberOf].map(([word, number]) => [number, word]));
  return {
    wireType: 0,
    blank: undefined,
    write(writer, value) {
      const number = numberOf.get(value);
      if (number === undefined) writer.problem ??= `${name} is ${String(value)}, which names no ${type}`;
      else writer.varint(number);
    },
    read(reader) {
      const number = reader.signed();
      const word = wordOf.get(number);
      if (word === undefined && number !== 0) reader.fail(`${name} is ${number}, which names no ${type}`);
      return word;
    },
  };
}

/** Makes the codec of a process; what it needs for a message it makes once, when the message first travels. */
export function createCodec(protos: Protos): Codec {
  const messages = new Map<string, Message>();
  const writer = new Writer();
  const texts = new Texts();

  function codingOf(message: string, { name, kind, ref = "" }: FieldShape): Coding {
    switch (kind) {
      case "message":
        return {
          wireType: LENGTH_DELIMITED,
          blank: undefined,
          write(to, value) {
            const start = to.open();
            writeFields(to, messageOf(ref), value as object);
            to.close(start);
          },
          read(from) {
            const outer = from.enter();
            const value = readFields(from, messageOf(ref)).value;
            from.leave(outer);
            return value;
          },
        };
      case "enum":
        return enumeration(name, ref, protos);
      case "bytes":
        return bytes(name, FRAMED.has(message));
      case "double":
      case "string":
      case "bool":
        return CODINGS[kind];
      default:
        return integer(name, kind);
    }
  }

  function fieldOf(message: string, shape: FieldShape): Field {
    const number = protos.fields.get(message)?.get(shape.name);
    assert(number !== undefined, `the protos number ${message}.${shape.name}`);
    const { wireType, blank, write, read } = codingOf(message, shape);
    return {
      name: shape.name,
      shape,
      tag: number * 8 + wireType,
      blank: shape.optional ? undefined : blank,
      write,
      read,
    };
  }

  function messageOf(name: string): Message {
    const known = messages.get(name);
    if (known !== undefined) return known;
    const shapes = MESSAGES[name];
    assert(shapes !== undefined, `the contract has the message ${name}`);
    // By number, whatever their order in the proto: as protobuf recommends, and as proto-loader does it.
    const fields = shapes.map((shape) => fieldOf(name, shape)).sort((a, b) => a.tag - b.tag);
    const isHeader = (field: Field): boolean => field.name === "header";
    const message: Message = {
      fields: fields.filter((field) => !isHeader(field)),
      byTag: fields.reduce<Field[]>((byTag, field) => ((byTag[field.tag] = field), byTag), []),
      header: fields.find(isHeader),
    };
    messages.set(name, message);
    return message;
  }

  function writeFields(to: Writer, message: Message, value: object): void {
    for (const { name, tag, shape, write } of message.fields) {
      const member = (value as Readonly<Record<string, unknown>>)[name];
      if (member === undefined) continue;
      if (shape.repeated) {
        for (const item of member as readonly unknown[]) {
          to.varint(tag);
          write(to, item);
        }
      } else if (shape.optional || !isEmpty(member)) {
        to.varint(tag);
        write(to, member);
      }
    }
  }

  function readFields(from: Reader, message: Message): Decoded {
    const value: Record<string, unknown> = {};
    for (const { name, shape, blank } of message.fields) {
      if (shape.repeated) value[name] = [];
      else if (blank !== undefined) value[name] = blank;
    }
    let header: Decoded["header"];
    while (from.at < from.end) {
      const tag = from.unsigned();
      const field = message.byTag[tag];
      if (field === undefined) skip(from, message, tag);
      else if (field === message.header) header = field.read(from) as Decoded["header"];
      else if (field.shape.repeated) (value[field.name] as unknown[]).push(field.read(from));
      else {
        const member = field.read(from);
        if (member !== undefined) value[field.name] = member;
      }
    }
    return { value, header };
  }

  function skip(from: Reader, { fields }: Message, tag: number): void {
    const number = tag >>> 3;
    const known = fields.find((field) => field.tag >>> 3 === number);
    if (known === undefined) from.skip(tag & 7);
    else from.fail(`${known.name} has the wire type ${tag & 7}, which is not that of ${known.shape.kind}`);
  }

  return {
    encode(name, value, header) {
      const message = messageOf(name);
      if (message.header !== undefined && header !== undefined) {
        writer.varint(message.header.tag);
        message.header.write(writer, header);
      }
      writeFields(writer, message, value);
      return writer.finish();
    },
    decode(name, from) {
      const reader = new Reader(from, texts);
      const decoded = readFields(reader, messageOf(name));
      return reader.problem === undefined ? worked(decoded) : failed(reader.problem);
    },
  };
}

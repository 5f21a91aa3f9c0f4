import fc from "fast-check";
import {
  CONTRACT,
  ENUM_WORDS,
  MESSAGES,
  type FieldShape,
  type PointName,
} from "../../services/abi/contract.generated.ts";
import type { Answer, Invocation } from "../../services/boundary/invocation.ts";

/** Members of a oneof: at most one of them is there. The contract has but this one. */
const ONE_OF: Readonly<Record<string, readonly string[]>> = { Field: ["number", "text", "flag"] };

const words = (type: string): string[] => Object.values(ENUM_WORDS[type] ?? {});

function one({ kind, ref = "" }: FieldShape): fc.Arbitrary<unknown> {
  switch (kind) {
    case "uint32":
      return fc.oneof(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.constantFrom(0, 127, 128, 2 ** 31, 2 ** 32 - 1));
    case "int32":
      return fc.integer();
    case "uint64":
      return fc.oneof(fc.maxSafeNat(), fc.nat(300), fc.constantFrom(0, 2 ** 32, Number.MAX_SAFE_INTEGER));
    case "int64":
      return fc.oneof(
        fc.maxSafeInteger(),
        fc.integer({ min: -600, max: 600 }),
        fc.constantFrom(-(2 ** 32), -(2 ** 31)),
      );
    // The minus of a zero is not kept: a field that is 0 is not written.
    case "double":
      return fc.double({ noNaN: true }).map((number) => (Object.is(number, -0) ? 0 : number));
    case "string":
      return fc.oneof(fc.string({ unit: "grapheme" }), fc.string({ minLength: 30, maxLength: 60 }));
    case "bytes":
      return fc.uint8Array({ maxLength: 200 });
    case "bool":
      return fc.boolean();
    case "enum":
      return fc.constantFrom(...words(ref));
    case "message":
      return message(ref);
  }
}

/** Any value of a message, as Tenon's types have it: what is optional may be absent. */
export function message(name: string): fc.Arbitrary<Record<string, unknown>> {
  const shapes = (MESSAGES[name] ?? []).filter((shape) => shape.name !== "header");
  const field = (shape: FieldShape): fc.Arbitrary<unknown> =>
    shape.repeated ? fc.array(one(shape), { maxLength: 5 }) : one(shape);
  const required = shapes.filter((shape) => !shape.optional).map((shape) => shape.name);
  const all = fc.record(Object.fromEntries(shapes.map((shape) => [shape.name, field(shape)])), {
    requiredKeys: required,
    noNullPrototype: true,
  });
  const exclusive = ONE_OF[name];
  if (exclusive === undefined) return all;
  return fc
    .tuple(all, fc.constantFrom(...exclusive))
    .map(([value, kept]) =>
      Object.fromEntries(Object.entries(value).filter(([key]) => !exclusive.includes(key) || key === kept)),
    );
}

const points = Object.keys(CONTRACT) as PointName[];

/** Any call, with a header in which nothing is left out. */
export const invocation: fc.Arbitrary<Invocation> = fc.constantFrom(...points).chain((point) =>
  fc
    .record({
      args: message(CONTRACT[point].request),
      header: message("CallHeader"),
      from: fc.constantFrom(...words("House")),
      stage: fc.constantFrom(...words("Stage")),
      chain: fc.array(fc.constantFrom(...points), { maxLength: 3 }),
    })
    .map(({ args, header, from, stage, chain }) => {
      const call: unknown = { point, args, ...header, from, stage, chain, notes: { parent: 0 } };
      return call as Invocation;
    }),
);

/** Any answer of a receiver that has one. */
export const answerTo = (point: PointName): fc.Arbitrary<Answer> =>
  fc.oneof(
    fc
      .record({ value: message(CONTRACT[point].response), lamport: fc.maxSafeNat() })
      .map(({ value, lamport }) => ({ kind: "returned", value, lamport }) as Answer),
    fc
      .record({ errno: fc.constantFrom(...words("Errno")), lamport: fc.maxSafeNat() })
      .map(({ errno, lamport }) => ({ kind: "refused", errno, lamport }) as Answer),
  );

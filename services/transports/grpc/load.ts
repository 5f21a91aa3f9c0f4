import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadSync, type PackageDefinition } from "@grpc/proto-loader";
import { assert } from "../../abi/assert.ts";
import { ENUM_WORDS, MESSAGES } from "../../abi/contract.generated.ts";

/** What the protos say and the generated contract does not: the numbers that travel. */
export interface Protos {
  /** The number of each field, by message and name. */
  readonly fields: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** The number of each value, by enum and name in the proto. */
  readonly values: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** The part of a descriptor that is of interest here; a message has fields, an enum has values. */
interface Descriptor {
  readonly field?: readonly { readonly name: string; readonly number: number }[];
  readonly value?: readonly { readonly name: string; readonly number: number }[];
}

/** The protos of the package; this file runs as dist/services/transports/grpc/load.js. */
const PROTOS = fileURLToPath(new URL("../../../../protos", import.meta.url));

/** Reads the protos with proto-loader, as it has them. */
export function loadDefinitions(): PackageDefinition {
  const files = readdirSync(join(PROTOS, "tenon"), { recursive: true, encoding: "utf8" });
  return loadSync(
    files.filter((file) => file.endsWith(".proto")).map((file) => join("tenon", file)),
    { includeDirs: [PROTOS], keepCase: true, longs: Number, enums: String, defaults: true, oneofs: true },
  );
}

/** Reads the protos with proto-loader. It takes some 40 ms, so a process does it once and hands the result on. */
export function loadProtos(): Protos {
  const definitions = loadDefinitions();
  const fields = new Map<string, ReadonlyMap<string, number>>();
  const values = new Map<string, ReadonlyMap<string, number>>();
  for (const [fullName, definition] of Object.entries(definitions)) {
    if (!fullName.startsWith("tenon.") || !("format" in definition)) continue;
    const name = fullName.slice(fullName.lastIndexOf(".") + 1);
    const { field, value } = definition.type as Descriptor;
    const numbers = new Map((field ?? value ?? []).map((member) => [member.name, member.number]));
    const table = field === undefined ? values : fields;
    assert(!table.has(name), `the protos define ${name} once`);
    table.set(name, numbers);
  }
  for (const [message, shapes] of Object.entries(MESSAGES))
    for (const { name } of shapes)
      assert(fields.get(message)?.has(name) === true, `the protos have ${message}.${name}; else generate again`);
  for (const name of Object.keys(ENUM_WORDS)) assert(values.has(name), `the protos have ${name}; else generate again`);
  return { fields, values };
}

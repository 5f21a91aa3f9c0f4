import type { Setting } from "../experiment.ts";
import { listed } from "../schema/words.ts";
import type { SourceDocument } from "./document.ts";
import { meant, shown, type LoadError } from "./errors.ts";

/** The value of a variable of the environment; undefined where nothing sets it. The lab itself reads none. */
export type ReadVariable = (key: string) => string | undefined;

/** A document with values in the places of names. */
export interface Configured {
  readonly document: SourceDocument;
  readonly configuration: Readonly<Record<string, Setting>>;
}

const NAME = /\$\{([^}]*)\}/g;
/** A scalar that is a name and nothing else keeps the type of its value. */
const ALONE = /^\$\{([^}]*)\}$/;
const NUMBER = /^-?\d+(\.\d+)?$/;

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isSetting = (value: unknown): value is Setting => ["number", "string", "boolean"].includes(typeof value);

/**
 * Puts the values of `spec.configuration` in the places of their names, `${name}`. Places of things stay what they are, so that
 * what is wrong with a value is told where its name stands. What is no configuration at all is left to the schema.
 */
export function configure(document: SourceDocument, variable: ReadVariable, errors: LoadError[]): Configured {
  const { data } = document;
  const spec = isMapping(data) ? data["spec"] : undefined;
  const written = isMapping(spec) ? spec["configuration"] : undefined;
  const configuration: Record<string, Setting> = {};
  const at = ["spec", "configuration"];
  for (const [name, value] of isMapping(written) ? Object.entries(written) : []) {
    const found = settingOf(document, [...at, name], value, variable, errors);
    if (found !== undefined) configuration[name] = found;
  }
  if (!isMapping(data) || !isMapping(spec)) return { document, configuration };

  const names = Object.keys(configuration);
  const known = new Set([...names, ...(isMapping(written) ? Object.keys(written) : [])]);
  const valueOf = (name: string, path: readonly PropertyKey[]): Setting | undefined => {
    if (!known.has(name)) {
      const allowed = `a name of spec.configuration (${listed(names) || "there is none"})`;
      errors.push(document.error(path, { found: `\${${name}}`, allowed, ...meant(name, names) }));
    }
    return configuration[name];
  };
  const replaced = (value: unknown, path: readonly PropertyKey[]): unknown => {
    if (typeof value === "string") {
      const alone = ALONE.exec(value)?.[1];
      if (alone !== undefined) return valueOf(alone, path) ?? value;
      return value.replaceAll(NAME, (text, name: string) => String(valueOf(name, path) ?? text));
    }
    if (Array.isArray(value)) return value.map((one, i) => replaced(one, [...path, i]));
    if (!isMapping(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, replaced(one, [...path, key])]));
  };
  const inside = Object.fromEntries(
    Object.entries(spec).map(([key, value]) => [
      key,
      // A configuration does not refer to itself.
      key === "configuration" ? limited(value, configuration) : replaced(value, ["spec", key]),
    ]),
  );
  return { document: { ...document, data: { ...data, spec: inside } }, configuration };
}

/** The limit of descriptors is a value of the format, and its place is looked at like any other. */
const limited = (written: unknown, { nofile }: Readonly<Record<string, Setting>>): unknown =>
  isMapping(written) && nofile !== undefined ? { ...written, nofile } : written;

function settingOf(
  document: SourceDocument,
  path: readonly PropertyKey[],
  written: unknown,
  variable: ReadVariable,
  errors: LoadError[],
): Setting | undefined {
  if (isSetting(written)) return written;
  if (!isMapping(written)) return undefined;
  if (written["type"] === "literal") return isSetting(written["value"]) ? written["value"] : undefined;
  const { key, default: otherwise } = written;
  if (written["type"] !== "env" || typeof key !== "string") return undefined;
  const text = variable(key);
  if (text === undefined) {
    if (isSetting(otherwise)) return otherwise;
    const allowed = `the variable ${key} set in the environment, or a default here`;
    errors.push(document.error(path, { found: `${key}, which nothing sets`, allowed }));
    return undefined;
  }
  const isNumber = NUMBER.test(text);
  if (typeof otherwise === "number" && !isNumber) {
    const found = `${shown(text)} in the variable ${key}`;
    errors.push(document.error(path, { found, allowed: "a number, as the default is one" }));
    return undefined;
  }
  if (typeof otherwise === "string") return text;
  return isNumber ? Number(text) : text;
}

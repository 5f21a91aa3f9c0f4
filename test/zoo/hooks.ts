import { readFile } from "node:fs/promises";
import type { LoadHook, ResolveHook } from "node:module";
import { fileURLToPath } from "node:url";
import { edited } from "./edits.ts";
import type { Edit } from "./mutant.ts";

/** What the hooks are told when they are registered. */
export interface HooksData {
  /** The URL of the compiled `services`. */
  readonly services: string;
  /** The edits by mutant. */
  readonly edits: Readonly<Record<string, readonly Edit[]>>;
}

const QUERY = "mutant";

/** Rooms that see events and no houses: all worlds share them, whatever is wrong with their houses. */
const SHARED = /^(?:lab|rules|telemetry|report)\//;

let data: HooksData = { services: "", edits: {} };

export function initialize(given: HooksData): void {
  data = given;
}

const mutantOf = (url: string): string | null => new URL(url).searchParams.get(QUERY);

/** The URL of a module as a mutant has it. */
export const ofMutant = (url: string, mutant: string): string => `${url}?${QUERY}=${mutant}`;

/** What a mutant's module imports is the mutant's, too. */
export const resolve: ResolveHook = async (specifier, context, next) => {
  const found = await next(specifier, context);
  const mutant = context.parentURL?.startsWith("file:") === true ? mutantOf(context.parentURL) : null;
  if (mutant === null || !found.url.startsWith(data.services) || mutantOf(found.url) !== null) return found;
  return SHARED.test(found.url.slice(data.services.length)) ? found : { ...found, url: ofMutant(found.url, mutant) };
};

/** A module of a mutant is edited where the mutant says so. */
export const load: LoadHook = async (url, context, next) => {
  const mutant = url.startsWith(data.services) ? mutantOf(url) : null;
  if (mutant === null) return next(url, context);
  const path = new URL(url).pathname.slice(new URL(data.services).pathname.length);
  const source = `services/${path.replace(/\.js$/, ".ts")}`;
  const edits = (data.edits[mutant] ?? []).filter(({ file }) => file === source);
  const text = await readFile(fileURLToPath(url.replace(/\?.*$/, "")), "utf8");
  return { format: "module", shortCircuit: true, source: edited(text, edits) };
};

import { z } from "zod";
import { CONTRACT, ERRNO, type Errno, type PointName } from "../../abi/contract.generated.ts";
import { CONSTANTS } from "../../abi/flags.ts";
import { PROFILES } from "../../abi/profile.ts";
import { DURATION_FORM, parseDurationNs, parseRatio, RATIO_FORM } from "../../abi/units.ts";
import { parseSeed, SEED_FORM } from "../../abi/seed.ts";

/** What may stand in a place. It travels as the message of zod's issues, which have room for one string only. */
export interface Allowed {
  /** In words, after "allowed is". */
  readonly allowed: string;
  /** Words of which one may have been meant. */
  readonly near?: readonly string[];
  /** For a choice between mappings: the keys by which each can be told. */
  readonly branches?: readonly (readonly string[])[];
}

/** Packs it into a message. */
export const say = (allowed: string, near?: readonly string[], branches?: Allowed["branches"]): string =>
  JSON.stringify({ allowed, ...(near && { near }), ...(branches && { branches }) } satisfies Allowed);

/** Unpacks it; a message of zod's own is taken as it is. */
export const hear = (message: string): Allowed =>
  message.startsWith("{") ? (JSON.parse(message) as Allowed) : { allowed: message };

/** The version of the formats. */
export const API_VERSION = "tenon/v1alpha1";

/** Several words in a sentence. */
export const listed = (words: readonly string[]): string => words.join(", ");

/** A mapping with these keys and no other. */
export const mapping = <Shape extends z.core.$ZodLooseShape>(
  what: string,
  shape: Shape,
): z.ZodObject<Shape, z.core.$strict> =>
  z.strictObject(shape, { error: say(`${what} with ${listed(Object.keys(shape))}`, Object.keys(shape)) });

/** One way to write something. */
export interface Branch {
  readonly schema: z.ZodType;
  /** For a mapping: the keys by which it is told from the others. */
  readonly keys?: readonly string[];
}

/** One of several ways to write something. */
export const choice = (allowed: string, branches: readonly Branch[], near?: readonly string[]): z.ZodType =>
  z.union(
    branches.map(({ schema }) => schema),
    {
      error: say(
        allowed,
        near,
        branches.map(({ keys }) => keys ?? []),
      ),
    },
  );

/** One word of a list. */
export const word = <const Words extends readonly string[]>(
  words: Words,
  what = "one of",
): z.ZodEnum<z.core.util.ToEnum<Words[number]>> => z.enum(words, { error: say(`${what} ${listed(words)}`, words) });

/**
 * Text of a pattern. Here and below a mistake aborts: zod would otherwise take a choice in which one branch has the right
 * type for made, and speak of that branch alone.
 */
export const text = (allowed: string, pattern: RegExp): z.ZodString => {
  const error = say(allowed);
  return z.string({ error }).regex(pattern, { error, abort: true });
};

/** A whole number. */
export const whole = (min: number, max: number, allowed: string): z.ZodType<number> => {
  const error = say(allowed);
  return z.int({ error }).min(min, { error, abort: true }).max(max, { error, abort: true });
};

/** A name that people give: a task, a fault, a background call. */
export const name = (what: string): z.ZodString =>
  text(`${what}: letters, digits, - and _, beginning with a letter`, /^[A-Za-z][A-Za-z0-9_-]*$/);

/** A task, perhaps with the node it lives on. */
export const taskName = text(
  "the name of a task, such as app, or with its node such as server@beta",
  /^[A-Za-z][A-Za-z0-9_-]*(@[A-Za-z][A-Za-z0-9_-]*)?$/,
);

/** The names of results, which `$name` refers to. */
export const RESULT_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** `$name`: the result of an earlier step. */
export const REFERENCE = /^\$[A-Za-z_][A-Za-z0-9_]*$/;

/** `$name`, where nothing but a number or text may stand besides. */
export const reference = text("$name: the result of an earlier step", REFERENCE).meta({
  id: "reference",
  description: "The result that an earlier step named with `as`.",
});

/** Some text. */
export const prose = (what: string): z.ZodString =>
  z.string({ error: say(what) }).min(1, { error: say(what), abort: true });

/** A yes or no. */
export const flag = (): z.ZodBoolean => z.boolean({ error: say("true or false") });

const DURATION = /^\d+(\.\d+)?(ns|us|µs|ms|s|m)$/;

/** A duration with its unit. */
export const duration = z
  .string({ error: say(DURATION_FORM) })
  .regex(DURATION, { error: say(DURATION_FORM), abort: true })
  .refine((written) => parseDurationNs(written) !== undefined, { error: say(DURATION_FORM), abort: true })
  .meta({ id: "duration", description: DURATION_FORM });

/** A share; never a bare number. */
export const ratio = z
  .string({ error: say(RATIO_FORM) })
  .regex(/^(\d+(\.\d{1,6})?%|\d+\/\d+)$/, { error: say(RATIO_FORM), abort: true })
  .refine((written) => parseRatio(written) !== undefined, { error: say(RATIO_FORM), abort: true })
  .meta({ id: "ratio", description: RATIO_FORM });

/** 64 bits, quoted. */
export const seed = z
  .string({ error: say(SEED_FORM) })
  .regex(/^(0x[0-9a-fA-F]{1,16}|\d{1,20})$/, { error: say(SEED_FORM), abort: true })
  .refine((written) => parseSeed(written) !== undefined, { error: say(SEED_FORM), abort: true });

const errnos = Object.keys(ERRNO) as Errno[];

/** The name of an errno. */
export const errno = z
  .enum(errnos, { error: say("an errno such as ENOMEM", errnos) })
  .meta({ id: "errno", description: "An errno of Linux, by name." });

const constants = Object.keys(CONSTANTS);

/** The name of a constant. */
export const constant = z
  .enum(constants, { error: say("a constant such as O_RDWR", constants) })
  .meta({ id: "constant", description: "A constant of Linux, by name." });

/** Constants that are or-ed. */
export const constantList = z.array(constant, { error: say("a list of constants such as [O_RDWR, O_CLOEXEC]") }).min(1);

const points = Object.values(CONTRACT)
  .filter(({ kind }) => kind !== "control")
  .map((contract) => contract.name) as [PointName, ...PointName[]];

/** The exact name of a point where a fault can be. */
export const point = z
  .enum(points, {
    error: say(
      "the exact name of a point of the contract (`tenon hooks` lists them; which effects are possible depends on the point, so no globs here)",
      points,
    ),
  })
  .meta({ id: "point", description: "A point of the boundary: a hook, a core service, or a system call." });

/** One of the two readings of the interface. */
export const profile = word(PROFILES);

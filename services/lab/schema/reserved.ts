/** A place in the format, with `*` for an element of a list, and the keys there whose machinery comes later. */
const RESERVED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  spec: {
    schedule: "a schedule of the tasks",
  },
  "spec.subject": { image: "an image of a core", sha: "a revision of a core", service: "a core in a container" },
  "spec.faults.*": {
    callers: "callers here (they belong under match)",
    space: "an amount of data here (it belongs under select)",
  },
  "spec.faults.*.effect": { clock: "a clock that is off" },
  "spec.faults.*.effect.delay": { clock: "a choice of clock" },
};

/**
 * What a key of the format is meant for, when this version knows the name but does not evaluate it; undefined for any other.
 * Such a key is refused, never skipped: a file must not promise what nobody checks.
 */
export function reservedFor(path: readonly PropertyKey[], key: string): string | undefined {
  const place = path.map((part) => (typeof part === "number" ? "*" : String(part))).join(".");
  const keys = RESERVED[place];
  return keys !== undefined && Object.hasOwn(keys, key) ? keys[key] : undefined;
}

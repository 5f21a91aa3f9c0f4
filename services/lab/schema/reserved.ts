/** A place in the format, with `*` for an element of a list, and the keys there whose machinery comes later. */
const RESERVED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  spec: {
    schedule: "a schedule of the tasks",
  },
  "spec.subject": { image: "an image of a core", sha: "a revision of a core", service: "a core in a container" },
  "spec.faults.*": {
    phase: "where within a crossing a fault strikes",
    side: "which side of a crossing a fault strikes",
    stream: "the direction that a fault strikes",
    when: "a formula that says when a fault may strike",
    callers: "callers here (they belong under match)",
    space: "faults by amount of data",
    maxActiveFaults: "a bound on faults at a time",
    verbose: "verbosity of a fault",
  },
  "spec.faults.*.match": { process: "a match on a process", stage: "a match on the stage" },
  "spec.faults.*.match.callers": { depth: "a bound on the depth of the chain" },
  "spec.faults.*.select": { persist: "faults that stay", space: "faults by amount of data" },
  "spec.faults.*.effect": {
    drop: "frames that are dropped",
    reorder: "frames that change places",
    corrupt: "bytes that change",
    mistake: "wrong data",
    bandwidth: "a bound on bandwidth",
    wrongStage: "calls from the wrong stage",
    stall: "a stall",
    pause: "a house that stands still (hang is the one there is)",
    clock: "a clock that is off",
    resource: "resources that run out",
    half: "half an effect (loseReply is the one there is)",
  },
  "spec.faults.*.effect.delay": {
    uniform: "delays by chance",
    exp: "delays by chance",
    jitter: "delays by chance",
    correlation: "delays by chance",
    clock: "a choice of clock",
  },
  "spec.faults.*.effect.abort": { grpcStatus: "errors of the road", value: "wrong values" },
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

import type { Mutant } from "../mutant.ts";

const STAX = "services/companion/model/stax.ts";
const QUEUE = "services/companion/model/priority-queue.ts";
const POOL = "services/companion/model/buffer-pool.ts";

const of = (mutant: Omit<Mutant, "house" | "trigger" | "profile">): Mutant => ({
  house: "companion",
  trigger: "none",
  profile: "documented",
  ...mutant,
});

/** Cores whose out-of-band work is wrong: locks between the stages, who is served first, buffers. */
export const COMPANION_OOB: readonly Mutant[] = [
  of({
    name: "stax-starves",
    story: "New holders enter a stage-exclusion lock although the other stage waits for it.",
    source: "the lock's own promise: each stage waits for one batch of the other at most",
    experiment: "experiments/stages/stax.yaml",
    edits: [{ file: STAX, find: " && this.#waiting[other].size === 0;", replace: ";" }],
    rules: [],
    survives: {
      why: "oracle silent",
      because: "No rule says that nobody enters past a waiter; only what its experiment expects does.",
    },
  }),
  of({
    name: "lowest-priority-first",
    story: "Of the threads that wait for a message the one of the lowest priority gets it.",
    source: "facts/dovetail 6.7: waiters by priority",
    experiment: "experiments/oob/rx-priority.yaml",
    edits: [{ file: QUEUE, find: "place.priority < priority", replace: "place.priority > priority" }],
    rules: ["RX-06"],
  }),
  of({
    name: "priority-ignored",
    story: "Threads that wait for a message are served in the order in which they came, whatever their priority.",
    source: "facts/dovetail 6.7: waiters by priority",
    experiment: "experiments/oob/rx-priority.yaml",
    edits: [{ file: QUEUE, find: "place.priority < priority", replace: "place.priority < 0" }],
    rules: ["RX-06"],
  }),
  of({
    name: "pool-lowest-priority-first",
    story: "Of the threads that wait for a buffer to send from, the one of the lowest priority gets it.",
    source: "facts/dovetail 6.7: pools with waiters by priority",
    experiment: "experiments/oob/tx-pool-priority.yaml",
    edits: [{ file: QUEUE, find: "place.priority < priority", replace: "place.priority > priority" }],
    rules: ["TX-05b"],
  }),
  of({
    name: "pool-never-wakes",
    story: "A buffer that is given back goes to nobody, though threads wait for one.",
    source: "facts/dovetail 6.7: a buffer that is given back wakes the first waiter",
    experiment: "experiments/oob/tx-pool-priority.yaml",
    edits: [{ file: POOL, find: "const next = this.#waiters.first;", replace: "const next = undefined;" }],
    rules: [],
    survives: {
      why: "oracle silent",
      because: "That a buffer goes to who waits for it is no duty of any rule yet; its experiment sees the call fail.",
    },
  }),
];

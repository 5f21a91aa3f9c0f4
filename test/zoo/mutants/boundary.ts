import type { Mutant } from "../mutant.ts";

const of = (mutant: Omit<Mutant, "house">): Mutant => ({ house: "boundary", ...mutant });

/** Boundaries that do not keep what they promise. */
export const BOUNDARY: readonly Mutant[] = [
  of({
    name: "acts-twice",
    story:
      "A call that is asked again, because its answer was lost, is acted upon once more instead of answered from memory.",
    source: "design, section 2: the same invocation id is the same call; operator duplicate",
    trigger: "fault",
    experiment: "experiments/files/lost-reply.yaml",
    profile: "documented",
    edits: [
      { file: "services/boundary/receiver.ts", find: 'if (recall !== "NEW") {', replace: 'if (recall === "OLD") {' },
    ],
    rules: ["ONE-07"],
  }),
  of({
    name: "never-asks-again",
    story: "A notification whose answer is lost is not asked again: the kernel goes on, and the core knows nothing.",
    source: "contract: on_lost RETRY; operator skip",
    trigger: "fault",
    experiment: "experiments/files/lost-request.yaml",
    profile: "documented",
    edits: [
      {
        file: "services/boundary/interceptors.ts",
        find: 'if (contract.onLost !== "retry")',
        replace: 'if (contract.onLost !== "")',
      },
    ],
    rules: ["OL-1.*"],
  }),
  of({
    name: "always-asks-again",
    story: "A question whose answer is lost is asked again, although the contract says that the call fails.",
    source: "contract: on_lost FAIL; operator double call",
    trigger: "fault",
    experiment: "experiments/files/lost-open.yaml",
    profile: "documented",
    edits: [
      {
        file: "services/boundary/interceptors.ts",
        find: 'if (contract.onLost !== "retry")',
        replace: 'if (contract.onLost === "")',
      },
    ],
    rules: ["OL-2.*"],
  }),
  of({
    name: "waits-for-ever",
    story: "A call whose answer does not come has no deadline: the task waits for ever.",
    source: "design, section 2, deadline; operator lost reply",
    trigger: "fault",
    experiment: "experiments/files/lost-open.yaml",
    profile: "documented",
    edits: [{ file: "services/boundary/caller.ts", find: "deadline(clock, deadlineNs),", replace: "" }],
    rules: ["WAIT-11"],
  }),
  of({
    name: "silence-is-consent",
    story: "A call whose answer is lost is taken for one that succeeded.",
    source: "contract: on_lost; facts/experiments, half: the caller cannot know",
    trigger: "fault",
    experiment: "experiments/sockets/attach-lost.yaml",
    profile: "documented",
    edits: [
      {
        file: "services/boundary/interceptors.ts",
        find: 'if (answer.kind === "returned" || answer.kind === "lost")\n        return answer;',
        replace:
          'if (answer.kind === "lost") return { kind: "returned", value: zeroValue(CONTRACT[invocation.point]), lamport: answer.lamport }; if (answer.kind === "returned") return answer;',
      },
    ],
    rules: [],
    survives: {
      why: "oracle silent",
      because:
        "The call bears the mark of the fault that lost its answer, and a rule must not judge an answer that a fault may have made.",
    },
  }),
  of({
    name: "locks-let-everybody-in",
    story: "A lock that is taken is given to the next one who asks: two tasks change one table at a time.",
    source: "seed 002: files->file_lock is held; class: mutual exclusion",
    trigger: "schedule",
    experiment: "test/zoo/experiments/two-open-at-once.yaml",
    profile: "documented",
    edits: [
      {
        file: "services/boundary/locks.ts",
        find: "await new Promise((wake) => taken.waiting.push({ context, wake }));",
        replace: "",
      },
    ],
    rules: ["LOCK-04"],
  }),
  of({
    name: "lock-never-handed-over",
    story: "A lock that is released while somebody waits for it is kept for nobody: whoever waits, waits for ever.",
    source: "class: lost wake-up at a lock",
    trigger: "schedule",
    experiment: "test/zoo/experiments/two-open-at-once.yaml",
    profile: "documented",
    edits: [{ file: "services/boundary/locks.ts", find: "next.wake();", replace: "" }],
    rules: ["WAIT-08"],
  }),
  of({
    name: "weak-answers-wrong",
    story: "Where no core answers, the boundary answers ENOMEM instead of what the empty weak definition says.",
    source: "facts/dovetail 2.0: weak defaults",
    trigger: "none",
    experiment: "experiments/sockets/weak-attach.yaml",
    profile: "documented",
    edits: [
      {
        file: "services/boundary/interceptors.ts",
        find: 'return contract.weak === undefined ? zero() : { kind: "refused", errno: contract.weak, lamport: answer.lamport };',
        replace: 'return { kind: "refused", errno: "ENOMEM", lamport: answer.lamport };',
      },
    ],
    rules: [],
    survives: {
      why: "not triggered",
      because:
        "Every world has a core, so the weak definitions answer only where a fault skips the hook, and a rule must not judge an answer that a fault may have made.",
    },
  }),
];

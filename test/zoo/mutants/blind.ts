import type { PointName } from "../../../services/abi/contract.generated.ts";
import type { Edit, Mutant } from "../mutant.ts";

const CALLER = "services/boundary/caller.ts";
const RECEIVER = "services/boundary/receiver.ts";

const named = (point: PointName): string => `contract.name === ${JSON.stringify(point)}`;

/** What may be done to every call of one point, by who knows nothing of what it is for. */
const OPERATORS = {
  skips: {
    says: (point: PointName) => `The caller of ${point} goes on as if it had called.`,
    edits: (point: PointName): Edit[] => [
      {
        file: CALLER,
        find: "await towards(contract.to)({",
        replace: `await (${named(point)} ? boundary(nobody, [contractual(events)]) : towards(contract.to))({`,
      },
    ],
  },
  doubles: {
    says: (point: PointName) => `The caller of ${point} calls twice, one after the other.`,
    edits: (point: PointName): Edit[] => [
      {
        file: CALLER,
        find: "hooks[contract.name] = call;",
        replace: `hooks[contract.name] = ${named(point)} ? async (context, args) => { await call(context, args); return call(context, args); } : call;`,
      },
    ],
  },
  misplaces: {
    says: (point: PointName) => `The caller of ${point} calls from the other stage.`,
    edits: (point: PointName): Edit[] => [
      {
        file: CALLER,
        find: "stage: context.stage,",
        replace: `stage: ${named(point)} ? (context.stage === "oob" ? "inband" : "oob") : context.stage,`,
      },
    ],
  },
  unlocks: {
    says: (point: PointName) => `The caller of ${point} has let go of its locks.`,
    edits: (point: PointName): Edit[] => [
      { file: CALLER, find: "locks: context.locks,", replace: `locks: ${named(point)} ? [] : context.locks,` },
    ],
  },
  hurries: {
    says: (point: PointName) => `The caller of ${point} does not wait for the answer.`,
    edits: (point: PointName): Edit[] => [
      {
        file: CALLER,
        find: "hooks[contract.name] = call;",
        replace: `hooks[contract.name] = ${named(point)} ? (context, args) => { void call(context, args); return boundary(nobody, [contractual(events)])({ point: contract.name, args, notes: {}, locks: [], chain: [] }); } : call;`,
      },
    ],
  },
  mishears: {
    says: (point: PointName) => `The caller of ${point} takes every answer for a refusal.`,
    edits: (point: PointName): Edit[] => [
      {
        file: CALLER,
        find: "ids.end(id);",
        replace: `ids.end(id); if (${named(point)}) return { kind: "refused", errno: contract.errnos[0], lamport: answer.lamport };`,
      },
    ],
  },
  ignores: {
    says: (point: PointName) => `The caller of ${point} takes every refusal for success.`,
    edits: (point: PointName): Edit[] => [
      {
        file: CALLER,
        find: "ids.end(id);",
        replace: `ids.end(id); if (${named(point)} && answer.kind !== "returned") return boundary(nobody, [contractual(events)])({ point: contract.name, args, notes: {}, locks: [], chain: [] });`,
      },
    ],
  },
  deafens: {
    says: (point: PointName) => `The receiver of ${point} answers as if it had acted, and has not.`,
    edits: (point: PointName): Edit[] => [
      {
        file: RECEIVER,
        find: "const pending = handler(args, within);",
        replace: `const pending = ${named(point)} ? { ok: true, value: {} } : handler(args, within);`,
      },
    ],
  },
} as const;

type Operator = keyof typeof OPERATORS;

/** One blind mutant for each of these. */
const BLIND: readonly (readonly [Operator, PointName, experiment: string, rules: readonly string[]])[] = [
  ["skips", "sock_oob_attach", "experiments/sockets/attach.yaml", []],
  ["skips", "uninstall_inband_fd", "experiments/files/dup-then-close.yaml", ["IDX-10", "FD-04c"]],
  ["skips", "oob_release_file", "experiments/files/dup-then-close.yaml", ["FILE-03", "RET-10"]],
  ["skips", "netif_disable_oob_diversion", "experiments/net/port-goes-down.yaml", ["WAY-06"]],
  ["skips", "inband_event_notify", "experiments/files/exec-cloexec.yaml", ["THR-07", "THR-09"]],
  ["skips", "install_inband_fd", "experiments/files/dup-then-close.yaml", ["FD-04", "FD-04a"]],
  ["doubles", "install_inband_fd", "experiments/files/dup-then-close.yaml", ["LOSS-07"]],
  ["doubles", "uninstall_inband_fd", "experiments/files/dup-then-close.yaml", ["ONE-08"]],
  ["doubles", "sock_oob_bind", "test/zoo/experiments/bind-and-connect.yaml", ["ONE-01"]],
  ["doubles", "sock_oob_shutdown", "experiments/sockets/shutdown-how.yaml", ["ONE-03"]],
  ["doubles", "netif_deliver_oob", "experiments/net/rx-capable.yaml", ["ONE-05"]],
  ["doubles", "oob_release_file", "experiments/files/dup-then-close.yaml", ["LOSS-07"]],
  ["misplaces", "sock_oob_bind", "test/zoo/experiments/bind-and-connect.yaml", ["ST.sock_oob_bind"]],
  ["misplaces", "install_inband_fd", "experiments/files/dup-then-close.yaml", ["ST.install_inband_fd"]],
  ["unlocks", "replace_inband_fd", "experiments/files/dup2-moves.yaml", ["IDX-11", "LOCK-02"]],
  ["unlocks", "sock_oob_shutdown", "experiments/sockets/shutdown-how.yaml", ["LK.sock_oob_shutdown"]],
  ["hurries", "sock_oob_release", "experiments/sockets/attach.yaml", ["NE-1.sock_close"]],
  ["hurries", "install_inband_fd", "experiments/files/dup-then-close.yaml", ["LOCK-04"]],
  ["mishears", "sock_oob_connect", "experiments/sockets/shutdown-how.yaml", ["OB-03b"]],
  ["mishears", "sock_oob_attach", "experiments/sockets/attach.yaml", ["SOCK-15b", "RET-08"]],
  ["ignores", "sock_oob_attach", "experiments/sockets/attach-refused.yaml", ["OB-08"]],
  ["ignores", "sock_oob_connect", "experiments/sockets/connect-refused.yaml", ["OB-03", "OB-03a"]],
  ["deafens", "uninstall_inband_fd", "experiments/files/dup-then-close.yaml", ["IDX-03", "IDX-10"]],
  ["deafens", "sock_oob_destroy", "experiments/sockets/attach.yaml", ["RET-08"]],
  ["deafens", "oob_release_file", "experiments/files/dup-then-close.yaml", ["RET-10"]],
  ["deafens", "inband_event_notify", "experiments/files/exec-cloexec.yaml", ["THR-05"]],
];

const nameOf = (operator: Operator, point: PointName): string => `${operator}-${point.replaceAll("_", "-")}`;

/** What is to be said of some of them. */
const REMARKS: Readonly<Record<string, Pick<Mutant, "survives" | "heldOut">>> = {
  "skips-sock-oob-attach": {
    survives: {
      why: "equivalent",
      because:
        "A kernel that was built without CONFIG_NET_OOB takes SOCK_OOB and attaches nothing, either: both are legal, and leave the same events.",
    },
  },
  "doubles-uninstall-inband-fd": { heldOut: "missed" },
  "misplaces-sock-oob-bind": { heldOut: "found" },
  "hurries-sock-oob-release": { heldOut: "found" },
};

/** Kernels in which one operator was put at one point of the boundary, without a thought. */
export const BLIND_MUTANTS: readonly Mutant[] = BLIND.map(([operator, point, experiment, rules]) => ({
  name: nameOf(operator, point),
  house: "boundary",
  story: OPERATORS[operator].says(point),
  source: `facts/experiments 9.2, item 3: blind protocol operators; here ${operator} at ${point}`,
  trigger: "none",
  experiment,
  profile: "documented",
  edits: OPERATORS[operator].edits(point),
  rules,
  ...REMARKS[nameOf(operator, point)],
}));

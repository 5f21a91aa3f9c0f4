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
  ["skips", "uninstall_inband_fd", "experiments/files/dup-then-close.yaml", []],
  ["skips", "oob_release_file", "experiments/files/dup-then-close.yaml", []],
  ["skips", "netif_disable_oob_diversion", "experiments/net/port-goes-down.yaml", []],
  ["skips", "inband_event_notify", "experiments/files/exec-cloexec.yaml", []],
  ["skips", "install_inband_fd", "experiments/files/dup-then-close.yaml", []],
  ["doubles", "install_inband_fd", "experiments/files/dup-then-close.yaml", []],
  ["doubles", "uninstall_inband_fd", "experiments/files/dup-then-close.yaml", []],
  ["doubles", "sock_oob_bind", "test/zoo/experiments/bind-and-connect.yaml", []],
  ["doubles", "sock_oob_shutdown", "experiments/sockets/shutdown-how.yaml", []],
  ["doubles", "netif_deliver_oob", "experiments/net/rx-capable.yaml", []],
  ["doubles", "oob_release_file", "experiments/files/dup-then-close.yaml", []],
  ["misplaces", "sock_oob_bind", "test/zoo/experiments/bind-and-connect.yaml", []],
  ["misplaces", "install_inband_fd", "experiments/files/dup-then-close.yaml", []],
  ["unlocks", "replace_inband_fd", "experiments/files/dup2-moves.yaml", []],
  ["unlocks", "sock_oob_shutdown", "experiments/sockets/shutdown-how.yaml", []],
  ["hurries", "sock_oob_release", "experiments/sockets/attach.yaml", []],
  ["hurries", "install_inband_fd", "experiments/files/dup-then-close.yaml", []],
  ["mishears", "sock_oob_connect", "experiments/sockets/shutdown-how.yaml", []],
  ["mishears", "sock_oob_attach", "experiments/sockets/attach.yaml", []],
  ["ignores", "sock_oob_attach", "experiments/sockets/attach-refused.yaml", []],
  ["ignores", "sock_oob_connect", "experiments/sockets/connect-refused.yaml", []],
  ["deafens", "uninstall_inband_fd", "experiments/files/dup-then-close.yaml", []],
  ["deafens", "sock_oob_destroy", "experiments/sockets/attach.yaml", []],
  ["deafens", "oob_release_file", "experiments/files/dup-then-close.yaml", []],
  ["deafens", "inband_event_notify", "experiments/files/exec-cloexec.yaml", []],
];

/** Kernels in which one operator was put at one point of the boundary, without a thought. */
export const BLIND_MUTANTS: readonly Mutant[] = BLIND.map(([operator, point, experiment, rules]) => ({
  name: `${operator}-${point.replaceAll("_", "-")}`,
  house: "boundary",
  story: OPERATORS[operator].says(point),
  source: `facts/experiments 9.2, item 3: blind protocol operators; here ${operator} at ${point}`,
  trigger: "none",
  experiment,
  profile: "documented",
  edits: OPERATORS[operator].edits(point),
  rules,
}));

import { MUTANTS } from "../../../services/companion/mutants.ts";
import type { Mutant } from "../mutant.ts";

type Name = keyof typeof MUTANTS;

/** Where each of the bad cores that are shipped shows itself, and by which rules. */
const SHOWN: Readonly<Record<Name, Pick<Mutant, "trigger" | "experiment" | "profile" | "rules">>> = {
  "stale-index": {
    trigger: "none",
    experiment: "experiments/files/stale-index.yaml",
    profile: "as-implemented",
    rules: ["IDX-04"],
  },
  "trusts-current": {
    trigger: "none",
    experiment: "experiments/mutants/trusts-current.yaml",
    profile: "documented",
    rules: ["IDX-03", "IDX-10"],
  },
  "impatient-release": {
    trigger: "schedule",
    experiment: "experiments/mutants/impatient-release.yaml",
    profile: "documented",
    rules: ["INS-01"],
  },
  "forgets-pollers": {
    trigger: "schedule",
    experiment: "experiments/mutants/forgets-pollers.yaml",
    profile: "documented",
    rules: ["INS-07", "IDX-08"],
  },
  "detached-too-late": {
    trigger: "none",
    experiment: "experiments/mutants/detached-too-late.yaml",
    profile: "documented",
    rules: ["THR-05"],
  },
  "frees-at-release": {
    trigger: "none",
    experiment: "experiments/mutants/frees-at-release.yaml",
    profile: "documented",
    rules: ["SOCK-13", "SOCK-13a"],
  },
  "deliver-lies": {
    trigger: "none",
    experiment: "experiments/mutants/deliver-lies.yaml",
    profile: "documented",
    rules: ["NET-05a", "NET-05b"],
  },
};

/** The bad cores that a user can load by their names. */
export const SHIPPED: readonly Mutant[] = (Object.keys(SHOWN) as Name[]).map((name) => ({
  name,
  house: "companion",
  core: name,
  edits: [],
  story: MUTANTS[name].story,
  source: MUTANTS[name].source,
  ...SHOWN[name],
}));

import { createCompanion } from "../../companion/companion.ts";
import { MUTANTS, type Mutant } from "../../companion/mutants.ts";
import type { Opener } from "./opener.ts";

/** The bad cores by name, for those who get the name at run time. */
const MUTANT_NAMED: ReadonlyMap<string, Mutant> = new Map(Object.entries(MUTANTS));

/** Builds the companion core, or a bad one. */
export const openCompanion: Opener<"companion"> = ({
  kit,
  hooks,
  ports: { oob: nics, relay },
  mutant,
  incarnation,
}) => {
  const temper = mutant === undefined ? undefined : MUTANT_NAMED.get(mutant)?.temper;
  const companion = createCompanion(kit, hooks, { nics, relay }, temper, incarnation);
  // Nobody's start waits for what others make of it: it is told of files and sockets while it serves.
  return { ...companion, start: () => void companion.start() };
};

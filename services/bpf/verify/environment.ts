import type { BpfProgram, MapSpec } from "../program.ts";

/** What the checks of one program share. */
export interface Environment {
  readonly program: BpfProgram;
  /** A number that no register had before. */
  readonly freshId: () => number;
  /** The bytes of stack that each function uses, by where it begins. */
  readonly stackOf: Map<number, number>;
}

/** Nothing is known yet. */
export function createEnvironment(program: BpfProgram): Environment {
  let last = 0;
  return {
    program,
    freshId: () => {
      last += 1;
      return last;
    },
    stackOf: new Map(),
  };
}

/** A map that a register speaks of. */
export function mapOf({ program }: Environment, map: number): MapSpec {
  const spec = program.maps[map];
  if (spec === undefined) throw new Error("the maps of a program are checked before its paths");
  return spec;
}

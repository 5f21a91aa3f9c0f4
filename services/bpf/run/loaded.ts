import type { RunnableProgram } from "../program.ts";
import type { ProgramMemory } from "./memory.ts";

/** A program that was loaded, and its memory. */
export interface LoadedProgram extends RunnableProgram {
  readonly memory: ProgramMemory;
}

import { createInterpreter } from "../../services/bpf/interpret/interpreter.ts";
import type { BpfProgram, PacketMeta } from "../../services/bpf/program.ts";
import type { Machine } from "../../services/bpf/run/calls.ts";
import { R0_AT } from "../../services/bpf/run/layout.ts";
import type { LoadedProgram } from "../../services/bpf/run/loaded.ts";
import { translate } from "../../services/bpf/translate/translate.ts";

/** Both ways to run a program. */
export const ENGINES = [
  { name: "the interpreter", load: createInterpreter },
  { name: "the translation", load: translate },
] as const satisfies readonly { name: string; load: (program: BpfProgram, machine?: Machine) => LoadedProgram }[];

export const META: PacketMeta = { ifindex: 2, protocol: 0x0800 };

/** All of r0 as the last run left it. */
export const r0Of = ({ memory }: LoadedProgram): bigint => memory.view.getBigUint64(R0_AT, true);

/** Runs a program once, and answers all of r0. */
export function resultOf(loaded: LoadedProgram, packet = new Uint8Array(64), meta: PacketMeta = META): bigint {
  loaded.run(packet, meta);
  return r0Of(loaded);
}

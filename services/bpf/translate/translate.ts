import { assert } from "../../abi/assert.ts";
import { createInterpreter } from "../interpret/interpreter.ts";
import type { BpfProgram } from "../program.ts";
import { createHelpers, standingMachine, type HelperCode, type Machine } from "../run/calls.ts";
import { CONTEXT_AT, FRAME_BYTES, INSNS_MAX, R0_AT, STACK_AT } from "../run/layout.ts";
import type { LoadedProgram } from "../run/loaded.ts";
import { createMemory, type ProgramMemory, type Room } from "../run/memory.ts";
import { CALL, CLASS, JUMP } from "../isa.ts";
import { flowsOf } from "./flow.ts";
import { translateFunction } from "./function.ts";
import { i32, i64 } from "./locals.ts";
import { packetFinder } from "./packet-finder.ts";
import { encodeModule, I32, I64, OP, unsigned, type Code, type Signature } from "./wasm.ts";

/**
 * Of a slot the translation makes 110 bytes at most, and V8 takes functions of 7,654,321: so many fit. A filter that somebody wrote
 * has some hundred.
 */
const SLOTS_MAX = 65_536;

const PAGE_BYTES = 2 ** 16;
const pagesOf = (bytes: number): number => Math.ceil(bytes / PAGE_BYTES);

const signatureOf = ({ gives }: HelperCode): Signature =>
  gives === "u64" ? { takes: [], gives: [I64] } : { takes: [I32, I32, I32, I32, I32], gives: [I32] };

/** The module of a program: its functions, and `run`, which answers the low 32 bits of r0 and leaves all of it in memory. */
function moduleOf(
  program: BpfProgram,
  { layout }: ProgramMemory,
  helpers: ReadonlyMap<number, HelperCode>,
): Uint8Array<ArrayBuffer> {
  const flows = flowsOf(program.insns);
  const ids = [...helpers.keys()];
  const imports = ids.map((id) => ({ name: `helper${id}`, signature: signatureOf(helpers.get(id) ?? NO_HELPER) }));
  const finder = imports.length;
  const counted = flows.some(({ backLabels, calls }) => backLabels.length > 0 || calls.length > 0);
  const functions = flows.map((flow) =>
    translateFunction(flow, {
      program,
      layout,
      functionAt: (slot) => finder + 1 + flows.findIndex(({ entry }) => entry === slot),
      helper(id) {
        const code = helpers.get(id);
        return code === undefined ? undefined : { index: ids.indexOf(id), code };
      },
      packetFinder: finder,
      counted,
    }),
  );
  const run: Code = {
    signature: { takes: [], gives: [I32] },
    locals: [I64],
    body: [
      ...(counted ? [...i32(INSNS_MAX), OP.global_set, 0] : []),
      ...[...i64(CONTEXT_AT), ...i64(0), ...i64(0), ...i64(0), ...i64(0), ...i64(STACK_AT + FRAME_BYTES)],
      ...[OP.call, ...unsigned(finder + 1), OP.local_set, 0],
      ...[...i32(R0_AT), OP.local_get, 0, OP.i64_store, 0, 0],
      ...[OP.local_get, 0, OP.i32_wrap_i64],
    ],
  };
  const codes = [packetFinder(layout.packetAt), ...functions, run];
  return encodeModule({ imports, codes, globals: 1, run: finder + codes.length - 1 });
}

const NO_HELPER: HelperCode = { gives: "s32", run: () => 0 };

/** Memory of WebAssembly, in whole pages. */
function wasmRoom(memory: WebAssembly.Memory): Room {
  return {
    buffer: () => memory.buffer,
    grow: (bytes) => void memory.grow(pagesOf(bytes) - memory.buffer.byteLength / PAGE_BYTES),
  };
}

/**
 * Translates a verified program to WebAssembly, which has registers of 64 bits too. Memory is laid out as for the interpreter, so
 * that pointers are the same numbers. A program of more than SLOTS_MAX is interpreted instead. What a verified program never does ends the run with 0, as in the interpreter.
 */
export function translate(program: BpfProgram, machine: Machine = standingMachine(program.name)): LoadedProgram {
  if (program.insns.length > SLOTS_MAX) return createInterpreter(program, machine);
  const pages = new WebAssembly.Memory({ initial: 1 });
  const memory = createMemory(program, wasmRoom(pages));
  const helpers = createHelpers(memory, machine);
  const called = new Map<number, HelperCode>();
  for (const insn of program.insns) {
    if (insn.code !== (CLASS.JMP | JUMP.CALL) || insn.src !== CALL.HELPER) continue;
    const code = helpers(insn.imm);
    if (code !== undefined) called.set(insn.imm, code);
  }
  const imports = Object.fromEntries([...called].map(([id, { run }]) => [`helper${id}`, run]));
  const module = new WebAssembly.Module(moduleOf(program, memory, called));
  const { run } = new WebAssembly.Instance(module, { env: { memory: pages, ...imports } }).exports;
  assert(isRun(run), "the module exports run");
  return {
    program,
    memory,
    run(packet, meta) {
      memory.enter(packet, meta);
      try {
        return run() >>> 0;
      } catch (error) {
        // A trap: nothing else in a module throws.
        assert(error instanceof WebAssembly.RuntimeError, `only a trap ends a run: ${String(error)}`);
        memory.view.setBigUint64(R0_AT, 0n, true);
        return 0;
      }
    },
  };
}

const isRun = (value: unknown): value is () => number => typeof value === "function";

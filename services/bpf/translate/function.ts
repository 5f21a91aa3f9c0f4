import { ALU, CALL, CLASS, classOf, isWide, JUMP, MODE, modeOf, operationOf, SOURCE_X } from "../isa.ts";
import type { BpfProgram, Insn } from "../program.ts";
import type { HelperCode } from "../run/calls.ts";
import { FRAME_BYTES, STACK_END, type Layout } from "../run/layout.ts";
import { targetOf, wideValue } from "../run/resolve.ts";
import { operate, type Value } from "./arithmetic.ts";
import { isLocalCall, type FunctionFlow } from "./flow.ts";
import { FUNCTION, get, i32, i64, LOCALS, low32, NEXT, set } from "./locals.ts";
import { loadFrom, loadPacket, reorder, storeTo } from "./memory-access.ts";
import { EMPTY, OP, unsigned, type Code } from "./wasm.ts";

/** What a function's translation must know of the rest of the module. */
export interface Surroundings {
  readonly program: BpfProgram;
  readonly layout: Layout;
  /** The number of the translation of the function that begins at a slot. */
  readonly functionAt: (slot: number) => number;
  readonly helper: (id: number) => { readonly index: number; readonly code: HelperCode } | undefined;
  readonly packetFinder: number;
  /** Whether instructions must be counted: the program has jumps back or calls into itself. */
  readonly counted: boolean;
}

/** What a verified program never comes to. */
const NEVER = [OP.unreachable];

const COMPARE: ReadonlyMap<number, readonly [number, number]> = new Map([
  [JUMP.JEQ, [OP.i32_eq, OP.i64_eq]],
  [JUMP.JNE, [OP.i32_ne, OP.i64_ne]],
  [JUMP.JGT, [OP.i32_gt_u, OP.i64_gt_u]],
  [JUMP.JGE, [OP.i32_ge_u, OP.i64_ge_u]],
  [JUMP.JLT, [OP.i32_lt_u, OP.i64_lt_u]],
  [JUMP.JLE, [OP.i32_le_u, OP.i64_le_u]],
  [JUMP.JSGT, [OP.i32_gt_s, OP.i64_gt_s]],
  [JUMP.JSGE, [OP.i32_ge_s, OP.i64_ge_s]],
  [JUMP.JSLT, [OP.i32_lt_s, OP.i64_lt_s]],
  [JUMP.JSLE, [OP.i32_le_s, OP.i64_le_s]],
]);

/** The second operand of arithmetic and jumps. */
function operandOf({ code, src, imm }: Insn, wide: boolean): Value {
  if ((code & SOURCE_X) !== 0) return wide ? get(src) : low32(src);
  return wide ? i64(imm) : i32(imm);
}

function arithmetic(insn: Insn): Value {
  const { code, dst, off, imm } = insn;
  const wide = classOf(code) === CLASS.ALU64;
  const operation = operationOf(code);
  if (operation === ALU.END) return reorder(dst, imm, wide || (code & SOURCE_X) !== 0) ?? NEVER;
  const value = operate(wide, operation, off, wide ? get(dst) : low32(dst), operandOf(insn, wide));
  if (value === undefined) return NEVER;
  return [...value, ...(wide ? [] : [OP.i64_extend_i32_u]), ...set(dst)];
}

/** Whether a jump is taken, as an i32; undefined: it always is. */
function conditionOf(insn: Insn): Value | undefined {
  const wide = classOf(insn.code) === CLASS.JMP;
  const operation = operationOf(insn.code);
  if (operation === JUMP.JA) return undefined;
  const operands = [...(wide ? get(insn.dst) : low32(insn.dst)), ...operandOf(insn, wide)];
  if (operation === JUMP.JSET) {
    return wide ? [...operands, OP.i64_and, OP.i64_eqz, OP.i32_eqz] : [...operands, OP.i32_and];
  }
  const compare = COMPARE.get(operation)?.[wide ? 1 : 0];
  return compare === undefined ? [...NEVER, ...i32(0)] : [...operands, compare];
}

function callHelper(id: number, { helper }: Surroundings): Value {
  const known = helper(id);
  if (known === undefined) return NEVER;
  const call = [OP.call, ...unsigned(known.index)];
  if (known.code.gives === "u64") return [...call, ...set(0)];
  const flags = [...low32(4), ...i32(-1), ...get(4), ...i64(32), OP.i64_shr_u, OP.i64_eqz, OP.select];
  return [
    ...[1, 2, 3].flatMap((register) => low32(register)),
    ...(known.code.flagsInR4 === true ? flags : low32(4)),
    ...[...low32(5), ...call],
    ...[known.code.gives === "s32" ? OP.i64_extend_i32_s : OP.i64_extend_i32_u, ...set(0)],
  ];
}

const callLocal = (target: number, { functionAt }: Surroundings): Value => [
  ...[...get(10), ...i64(STACK_END), OP.i64_ge_u, OP.if, EMPTY, ...NEVER, OP.end],
  ...[1, 2, 3, 4, 5].flatMap((register) => get(register)),
  ...[...get(10), ...i64(FRAME_BYTES), OP.i64_add],
  ...[OP.call, ...unsigned(functionAt(target)), ...set(0)],
];

/** An instruction that is no jump. */
function plain(insn: Insn, at: number, around: Surroundings): Value {
  const { code, dst, src, imm } = insn;
  switch (classOf(code)) {
    case CLASS.ALU:
    case CLASS.ALU64:
      return arithmetic(insn);
    case CLASS.LDX:
      return loadFrom(insn) ?? NEVER;
    case CLASS.ST:
    case CLASS.STX:
      return storeTo(insn) ?? NEVER;
    case CLASS.LD: {
      if (isWide(code)) {
        const { low, high } = wideValue(around.program, around.layout, at);
        return [...i64(low, high), ...set(dst)];
      }
      const legacy = modeOf(code) === MODE.ABS || modeOf(code) === MODE.IND;
      return legacy ? loadPacket(insn, around.layout.packetAt, around.packetFinder) : NEVER;
    }
    default:
      if (isLocalCall(insn)) return callLocal(targetOf(insn, at), around);
      return src === CALL.HELPER ? callHelper(imm, around) : NEVER;
  }
}

/** Takes so many instructions from those that the run may still make. */
const charge = (count: number): Value => [
  ...[OP.global_get, 0, ...i32(count), OP.i32_sub, OP.global_set, 0],
  ...[OP.global_get, 0, ...i32(0), OP.i32_lt_s, OP.if, EMPTY, ...NEVER, OP.end],
];

/**
 * A function of the program as one of the module. Its instructions stay in their order, inside one block for each slot that is
 * jumped to:
 *
 *     loop
 *       block … block block
 *         br_table NEXT          where a jump back leads
 *       end                      the first instruction
 *       …
 *       end                      the first slot that is jumped to
 *       …
 *
 * A jump down leaves the blocks whose ends lie above its slot. A jump back sets NEXT and goes to the loop; a function without one
 * has neither loop nor table.
 */
export function translateFunction({ slots, labels, backLabels }: FunctionFlow, around: Surroundings): Code {
  const { insns } = around.program;
  const numberOf = new Map(labels.map((label, i) => [label, i]));
  const loops = backLabels.length > 0;
  const body: number[] = [
    ...(loops ? [OP.loop, EMPTY] : []),
    ...labels.flatMap(() => [OP.block, EMPTY]),
    ...(loops ? dispatch(backLabels.map((label) => numberOf.get(label) ?? 0)) : []),
  ];
  let ended = 0;
  let uncharged = 0;
  const chargeNow = (): void => {
    if (around.counted && uncharged > 0) body.push(...charge(uncharged));
    uncharged = 0;
  };
  for (const at of slots) {
    const insn = insns[at];
    if (insn === undefined) continue;
    if (labels[ended] === at) {
      chargeNow();
      body.push(OP.end);
      ended++;
    }
    uncharged++;
    const kind = classOf(insn.code);
    const jumps = kind === CLASS.JMP || kind === CLASS.JMP32;
    if (jumps) chargeNow();
    const operation = operationOf(insn.code);
    if (kind === CLASS.JMP && operation === JUMP.EXIT) body.push(...get(0), OP.return);
    else if (!jumps || (kind === CLASS.JMP && operation === JUMP.CALL)) body.push(...plain(insn, at, around));
    else {
      const target = targetOf(insn, at);
      const condition = conditionOf(insn);
      const branch = condition === undefined ? OP.br : OP.br_if;
      if (target > at) {
        body.push(...(condition ?? []), branch, ...unsigned((numberOf.get(target) ?? 0) - ended));
      } else {
        body.push(...i32(backLabels.indexOf(target) + 1), OP.local_set, NEXT);
        body.push(...(condition ?? []), branch, ...unsigned(labels.length - ended));
      }
    }
  }
  // Jumps to where no instruction is.
  body.push(...labels.slice(ended).map(() => OP.end), ...NEVER, ...(loops ? [OP.end, ...NEVER] : []));
  return { signature: FUNCTION, locals: LOCALS, body };
}

/** Jumps to the label that NEXT says, counted from 1; 0 is the beginning of the function. */
const dispatch = (labelNumbers: readonly number[]): Value => [
  ...[OP.block, EMPTY, OP.local_get, NEXT, OP.br_table, ...unsigned(labelNumbers.length + 1), 0],
  ...labelNumbers.flatMap((number) => unsigned(number + 1)),
  ...[0, OP.end],
];

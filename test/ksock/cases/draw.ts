import { hash53 } from "../../../services/abi/hash.ts";
import type { Case } from "./case.ts";
import { SHEETS, TABLE } from "./table.ts";

/** What every draw has at least one of: a hand-written case, and one of urgent data. */
const KINDS: readonly ((one: Case) => boolean)[] = [
  ({ ids }) => ids.some((id) => id.startsWith("E")),
  ({ ids }) => ids.some((id) => ["C117", "C118", "C119", "C120", "C124", "C125", "C126", "D32", "T13"].includes(id)),
];

/** Cases that real time does not make too long. */
const quick = [...TABLE, ...SHEETS].filter(({ virtual }) => !virtual);

/** All cases that run anywhere. */
export const EVERYWHERE: readonly Case[] = quick;

/**
 * A tenth of the cases of the table, drawn by a seed, for the runtimes in which each case takes real time.
 *
 * @param seed any text: the same draw for the same text.
 */
export function tenth(seed: string): readonly Case[] {
  const ranked = TABLE.filter(({ virtual }) => !virtual)
    .map((one, i) => ({ one, rank: hash53(`${seed} ${i}`) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ one }) => one);
  const first = KINDS.map((isOfKind) => ranked.find(isOfKind)).filter((one) => one !== undefined);
  return [...new Set([...first, ...ranked])].slice(0, Math.ceil(TABLE.length / 10));
}

/** The seed of this run: what the runner says in TENON_CASES_SEED, or another one each time. */
export const drawSeed = (): string => process.env["TENON_CASES_SEED"] ?? String(Date.now() % 1_000_000);

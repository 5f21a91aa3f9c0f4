import { readFileSync } from "node:fs";
import { randomSequence } from "./random-sequences.ts";
import { shortSequences } from "./short-sequences.ts";

/** Where the answers of a running kernel are kept; `node dist/test/inband/linux/record.js` asks it again. */
export const RECORDED = new URL("../../../../test/inband/linux/recorded.txt", import.meta.url);

/** A sequence, and what Linux answered. */
interface Recorded {
  readonly name: string;
  readonly calls: readonly string[];
  readonly answers: readonly string[];
}

/** Every so-manieth short sequence, which comes by all calls and all states; and the first random ones. */
const EVERY = 53;
const RANDOM = 90;

/** What is worth recording: a small part, which is checked within seconds. How much fills a buffer is everybody's own business. */
export const toRecord = (): readonly (readonly [name: string, calls: readonly string[]])[] => [
  ...shortSequences().filter(([, calls], index) => index % EVERY === 0 && !calls.includes("fill b")),
  ...Array.from({ length: RANDOM }, (_, seed) => [`random ${seed}`, randomSequence(seed)] as const),
];

/** One line for a sequence. */
export const lineOf = ({ name, calls, answers }: Recorded): string =>
  `${name} :: ${calls.map((call, at) => `${call} = ${answers[at] ?? ""}`).join(" | ")}`;

/** All that was recorded. */
export function recorded(): readonly Recorded[] {
  const lines = readFileSync(RECORDED, "utf8").split("\n");
  return lines.flatMap((line) => {
    const [name = "", sequence] = line.split(" :: ");
    if (sequence === undefined) return [];
    const pairs = sequence.split(" | ").map((pair) => pair.split(" = "));
    return [{ name, calls: pairs.map(([call = ""]) => call), answers: pairs.map(([, answer = ""]) => answer) }];
  });
}

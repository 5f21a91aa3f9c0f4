import { expect, test } from "@jest/globals";
import { createTally, disagreement, disagreementWithKernel, type Tally } from "./agree.ts";
import { kernelBpf } from "./kernel.ts";

const PROGRAMS = 100_000;
const KERNEL_PROGRAMS = 5000;

/** What became of programs, in a line for whoever runs this. */
const told = (who: string, { programs, accepted, runs, refused }: Tally): string =>
  [
    `${who}: ${programs} programs, ${accepted} accepted, ${runs} runs agree`,
    ...[...refused].map(([why, count]) => `${count} refused: ${why}`),
  ].join("; ");

test("100,000 random programs that the verifier accepts leave the same behind in the interpreter and in the translation", () => {
  const tally = createTally();
  for (let i = 0; tally.accepted < PROGRAMS; i++) {
    const seed = `long ${i}`;
    const differs = disagreement(seed, tally);
    if (differs !== undefined) expect({ seed, differs }).toEqual({ seed, differs: undefined });
  }
  process.stdout.write(`${told("interpreter and translation", tally)}\n`);
  expect(tally.accepted / tally.programs).toBeGreaterThan(0.9);
}, 3_600_000);

const bpf = await kernelBpf();
const story = `${KERNEL_PROGRAMS} random programs do in the running Linux kernel what they do in the interpreter`;
if ("why" in bpf) {
  test.skip(`${story}: skipped, ${bpf.why}`, () => undefined);
} else {
  test(
    story,
    () => {
      const [ours, kernel] = [createTally(), createTally()];
      for (let i = 0; ours.accepted < KERNEL_PROGRAMS; i++) {
        const seed = `long kernel ${i}`;
        const differs = disagreementWithKernel(seed, bpf, ours, kernel);
        if (differs !== undefined) expect({ seed, differs }).toEqual({ seed, differs: undefined });
      }
      process.stdout.write(`${told("our verifier", ours)}\n${told("the kernel", kernel)}\n`);
    },
    3_600_000,
  );
}

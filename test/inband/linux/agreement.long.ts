import { afterAll, expect, test } from "@jest/globals";
import { compare, shrink, type Difference } from "./compare.ts";
import { onLinux, whyNoLinux, type LinuxKernel } from "./kernel.ts";
import { randomSequence } from "./random-sequences.ts";
import { recorded } from "./recorded.ts";
import { shortSequences } from "./short-sequences.ts";

const why = whyNoLinux();
const withLinux = why === "" ? test : test.skip;
const skipped = why === "" ? "" : ` (skipped: ${why})`;
const linux: LinuxKernel | undefined = why === "" ? onLinux() : undefined;
afterAll(() => linux?.stop());

/** So many at the same time. */
const AT_ONCE = 16;
/** So many differences are shrunk and told; when there are more, something is wrong everywhere. */
const TOLD_MAX = 20;
/** The seeds of the random sequences. */
const SEEDS = 10_000;

const inShort = ({ calls, linux: there, tenon }: Difference): string =>
  `${calls.map((call, at) => `${call} = ${there[at]}`).join(" | ")}, here ${tenon.at(-1)}`;

/** Makes all sequences on both kernels; answers the differences, each as small as it can be. */
async function differences(sequences: readonly (readonly string[])[]): Promise<readonly string[]> {
  if (linux === undefined) throw new Error(why);
  const found: Difference[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let calls = sequences[next++]; calls !== undefined; calls = sequences[next++]) {
      const difference = await compare(linux, calls);
      if (difference !== undefined) found.push(difference);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const told = await Promise.all(found.slice(0, TOLD_MAX).map((difference) => shrink(linux, difference)));
  return [...new Set(told.map(inShort))];
}

withLinux(`in every state every call is answered as this kernel answers it${skipped}`, async () => {
  expect(await differences(shortSequences().map(([, calls]) => calls))).toEqual([]);
});

withLinux(`random sequences are answered as this kernel answers them${skipped}`, async () => {
  expect(await differences(Array.from({ length: SEEDS }, (_, seed) => randomSequence(seed)))).toEqual([]);
});

withLinux(`what was recorded is what this kernel answers${skipped}`, async () => {
  expect(await differences(recorded().map(({ calls }) => calls))).toEqual([]);
});

import { expect, test } from "@jest/globals";
import { createTally, disagreementWithKernel } from "./agree.ts";
import { kernelBpf } from "./kernel.ts";

const PROGRAMS = 100;
const story = `${PROGRAMS} random programs do in the running Linux kernel what they do in the interpreter`;

const bpf = await kernelBpf();
if ("why" in bpf) {
  test.skip(`${story}: skipped, ${bpf.why}`, () => undefined);
} else {
  test(
    story,
    () => {
      const [ours, kernel] = [createTally(), createTally()];
      for (let i = 0; ours.accepted < PROGRAMS; i++) {
        const seed = `kernel ${i}`;
        expect({ seed, differs: disagreementWithKernel(seed, bpf, ours, kernel) }).toEqual({
          seed,
          differs: undefined,
        });
      }
      // Kernels before 6.6 do not know signed division and long jumps, and refuse most of these programs.
      expect(kernel.accepted + [...kernel.refused.values()].reduce((sum, count) => sum + count, 0)).toBe(PROGRAMS);
    },
    60_000,
  );
}

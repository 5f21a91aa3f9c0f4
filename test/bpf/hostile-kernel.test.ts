import { expect, test } from "@jest/globals";
import { assemble, MAPS } from "./lines.ts";
import { HOSTILE } from "./hostile.ts";
import { kernelBpf } from "./kernel.ts";

const story =
  "the running kernel refuses the hostile programs, too, and takes their counterparts, but for those that say why not";
const SOCKET_FILTER = 1;

const bpf = await kernelBpf();
if ("why" in bpf) {
  test.skip(`${story}: skipped, ${bpf.why}`, () => undefined);
} else {
  test(story, () => {
    const takes = (text: string): boolean => {
      const loaded = bpf.load(assemble(text, MAPS), SOCKET_FILTER);
      if ("refused" in loaded) return false;
      loaded.close();
      return true;
    };
    // Each of those would have the kernel follow a million instructions, and ours; the long test has them.
    const quick = HOSTILE.filter(({ why }) => why !== "there is no end");
    const differing = quick
      .filter(({ refused, accepted }) => takes(refused) || !takes(accepted))
      .map(({ name }) => name);
    const explained = HOSTILE.filter(({ kernel }) => kernel !== undefined).map(({ name }) => name);
    // Older kernels refuse more; what they take and we refuse is always explained.
    expect(differing.filter((name) => !explained.includes(name))).toEqual([]);
  });
}

import { expect, test } from "@jest/globals";
import { onTenon } from "./calls.ts";
import { firstDifference } from "./compare.ts";
import { recorded } from "./recorded.ts";

const SETTLE_MS = 30;

/** Makes all recorded sequences whose name begins so, and tells where the answers are others than Linux gave. */
async function differences(kind: string): Promise<{ readonly made: number; readonly found: readonly string[] }> {
  const found: string[] = [];
  const sequences = recorded().filter(({ name }) => name.startsWith(kind));
  for (const { name, calls, answers } of sequences) {
    const tenon = await onTenon(calls, SETTLE_MS);
    const at = firstDifference(calls, answers, tenon);
    if (at >= 0) found.push(`${name}: ${calls[at]} is ${answers[at]} on Linux, ${tenon[at]} here`);
  }
  return { made: sequences.length, found };
}

test("in every state a stream socket answers a call as Linux did", async () => {
  const { made, found } = await differences("stream");
  expect(found).toEqual([]);
  expect(made).toBeGreaterThan(100);
});

test("in every state a datagram socket answers a call as Linux did", async () => {
  const { made, found } = await differences("datagram");
  expect(found).toEqual([]);
  expect(made).toBeGreaterThan(30);
});

test("sequences that nobody thought of are answered as Linux answered them", async () => {
  const { made, found } = await differences("random");
  expect(found).toEqual([]);
  expect(made).toBeGreaterThan(50);
});

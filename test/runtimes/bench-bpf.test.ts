import { expect, test } from "@jest/globals";
import { benchBpf } from "../../services/runtimes/bench/bpf.ts";

test("filters are measured in each way, on small and on large frames, beside a function of JavaScript", async () => {
  const { rows, notes } = await benchBpf(0.01, () => undefined, new AbortController().signal);
  const loads = rows.map(({ road, bytes, what }) => `${road}, ${bytes}: ${what}`);
  expect(loads).toEqual(
    ["port filter", "port filter that counts"].flatMap((road) =>
      [60, 1514].flatMap((bytes) =>
        ["floor: a function of JavaScript", "translation to WebAssembly", "interpreter"].map(
          (what) => `${road}, ${bytes}: ${what}`,
        ),
      ),
    ),
  );
  expect(rows.every(({ perSecond }) => perSecond > 0)).toBe(true);
  expect(notes).toHaveLength(9);
});

test("a benchmark of filters that is stopped throws what it has away", async () => {
  const stop = new AbortController();
  const measuring = benchBpf(60, () => stop.abort(), stop.signal);
  await expect(measuring).rejects.toThrow();
});

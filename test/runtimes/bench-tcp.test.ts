import { describe, expect, test } from "@jest/globals";
import { stacksTransfer } from "../../services/runtimes/bench/tcp-stacks.ts";
import { benchTcp } from "../../services/runtimes/bench/tcp.ts";

describe("the benchmark of TCP", () => {
  test("our stack is measured beside a floor, and says what connections and losses cost", async () => {
    const { rows, notes } = await benchTcp(0.02, () => undefined, new AbortController().signal, [1, 20]);
    const [floor] = rows;
    // lwIP where it was built; else what the copies and sums cost alone.
    expect(floor?.floor).toBe(true);
    expect(rows.map(({ what }) => what)).toContain("our stack");
    expect(rows.every(({ perSecond, unit }) => perSecond > 0 && unit === "bytes")).toBe(true);
    const text = notes.join("\n");
    expect(text).toMatch(/our stack: [\d.]+ times the time of its floor, [\d.]+ MB a second of CPU time/);
    expect(text).toMatch(/a segment costs both ends [\d,]+ ns with 1, [\d,]+ ns with 20 connections open/);
    expect(text).toMatch(/an idle connection takes -?[\d,]+ bytes/);
    expect(text).toMatch(/5 % lost: /);
  });

  test("data that gets lost is sent again, and all connections are served", () => {
    const stacks = stacksTransfer(3, { loses: (host, frame) => host === 1 && frame % 10 === 9 });
    expect(stacks.round(5)).toBeGreaterThan(0);
    for (let i = 0; i < 200 && stacks.counts().again === 0; i++) stacks.round(5);
    expect(stacks.connections).toBe(3);
    expect(stacks.counts().again).toBeGreaterThan(0);
  });

  test("a benchmark that is stopped throws what it has away", async () => {
    const stop = new AbortController();
    await expect(benchTcp(60, () => stop.abort(), stop.signal, [1])).rejects.toThrow();
  });
});

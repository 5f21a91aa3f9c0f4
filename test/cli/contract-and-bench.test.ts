import { describe, expect, test } from "@jest/globals";
import type { Backend } from "../../services/cli/backend.ts";
import type { BenchReport } from "../../services/cli/bench-report.ts";
import { tenon } from "./fake.ts";

describe("tenon hooks, bench, schema", () => {
  test("hooks lists every point, who serves it, and where only the weak default answers", async () => {
    const { out } = await tenon(["hooks"], {}, { columns: 140 });
    expect(out).toMatch(/^install_inband_fd +vfs → companion +inband +files\.file_lock +nothing +companion$/m);
    expect(out).toMatch(
      /^sock_oob_bind +inband → companion +inband +errno +ENOMEM EADDRINUSE EINVAL EPERM +weak default$/m,
    );
    expect(out).toMatch(/^sys_dup +.* nobody$/m);
    expect(out).not.toContain("ctl_arm_fault");
    const narrow = (await tenon(["hooks"], {}, { columns: 80 })).out;
    expect(Math.max(...narrow.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test("hooks NAME shows its page, hooks --json the contract", async () => {
    const { out } = await tenon(["hooks", "sock_oob_bind"]);
    expect(out).toContain("Asks the core to extend a binding");
    expect(out).toMatch(/^errnos +ENOMEM, EADDRINUSE, EINVAL, EPERM$/m);
    const all = JSON.parse((await tenon(["hooks", "--json"])).out) as { name: string; servedBy: string | null }[];
    expect(all.find(({ name }) => name === "sys_open")?.servedBy).toBe("vfs");
    expect(all.find(({ name }) => name === "sock_oob_bind")?.servedBy).toBeNull();
    expect(JSON.parse((await tenon(["hooks", "sys_open", "--json"])).out)).toMatchObject({
      name: "sys_open",
      servedBy: "vfs",
    });
  });

  const report: BenchReport = {
    machine: "Node 20, 2 cores",
    rows: [
      {
        bench: "hooks",
        runtime: "distributed",
        what: "hook",
        floor: false,
        inFlight: 16,
        p50Ns: 150_000,
        p99Ns: 300_000,
        perSecond: 60_000,
      },
      {
        bench: "hooks",
        runtime: "distributed",
        what: "floor: a bare grpc-js stream",
        floor: true,
        inFlight: 16,
        p50Ns: 120_000,
        p99Ns: 200_000,
        perSecond: 80_000,
      },
    ],
    notes: ["memory did not grow over 10,000,000 calls"],
  };

  test("bench shows each row beside its floor, and is honest about what the figures are", async () => {
    const bench: Backend["bench"] = async ({ onProgress }) => (
      onProgress("hooks: distributed, 16 in flight"),
      { ok: true, value: report }
    );
    const { out, err } = await tenon(["bench", "hooks"], { bench }, { isTTY: true });
    expect(out).toMatch(/distributed +hook +16 +150 µs +300 µs +60,000 +1\.25x +75 %/);
    expect(out).toContain("wall-clock figures of the emulator");
    expect(err).toContain("hooks: distributed, 16 in flight");
    const data = JSON.parse((await tenon(["bench", "--json"], { bench })).out) as { rows: { floorRatio: unknown }[] };
    expect(data.rows.map(({ floorRatio }) => floorRatio)).toEqual([{ p50: 1.25, rate: 0.75 }, null]);
  });

  test("what tracing adds to a call stands below, and the tables fit eighty columns", async () => {
    const road = { bench: "hooks", runtime: "distributed", road: "mutual tls", inFlight: 256 };
    const times = { p50Ns: 12_300_000, p99Ns: 456_000_000, perSecond: 1_123_456 };
    const spread = { median: 1.084, low: 0.957, high: 11.91 };
    const rows = [
      { ...road, ...times, what: "floor", floor: true },
      { ...road, ...times, what: "tracing off", floor: false, tracing: "off", cpu: { callerNs: 9000, calleeNs: 7000 } },
      ...["on", "exporting"].map((tracing) => ({
        ...{ ...road, ...times, what: tracing === "on" ? "tracing on" : tracing, floor: false, tracing },
        besideOff: { time: spread, cpu: spread },
      })),
    ];
    const bench: Backend["bench"] = async () => ({ ok: true, value: { machine: "", rows, notes: [] } });
    const { out } = await tenon(["bench", "hooks"], { bench });
    expect(out).toMatch(/mutual tls +256 +16 µs +\+8 \(-4\.\.1091\) +\+8 \(-4\.\.1091\) +\+8 \(-4\.\.1091\)/);
    expect(Math.max(...out.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test("a bench of frames has sizes and bursts instead of calls in flight, and no latencies", async () => {
    const frames = { bench: "ring", runtime: "two worker threads", bytes: 64, burst: 32 };
    const rows = [
      { ...frames, what: "ring", floor: false, perSecond: 14_000_000 },
      { ...frames, what: "floor: a bare copy loop", floor: true, perSecond: 20_000_000 },
      { ...frames, burst: 1, what: "floor: a bare copy loop", floor: true, perSecond: 1 },
    ];
    const bench: Backend["bench"] = async () => ({ ok: true, value: { machine: "", rows, notes: [] } });
    const { out } = await tenon(["bench", "ring"], { bench, benches: [{ name: "ring", measures: "frames" }] });
    expect(out).toMatch(/two worker threads +ring +64 bytes x 32 +14,000,000 +70 %/);
  });

  test("bench passes on how long and how much", async () => {
    let asked: unknown;
    const bench: Backend["bench"] = async (request) => ((asked = request), { ok: true, value: report });
    await tenon(["bench", "hooks", "--seconds", "0.5", "--soak", "10000000"], { bench });
    expect(asked).toMatchObject({ names: ["hooks"], seconds: 0.5, soak: 10_000_000 });
  });

  test("schema prints the JSON Schema", async () => {
    expect(JSON.parse((await tenon(["schema"])).out)).toEqual({ $id: "tenon/v1alpha1" });
  });
});

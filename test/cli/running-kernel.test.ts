import { describe, expect, test } from "@jest/globals";
import type { Backend } from "../../services/cli/backend.ts";
import { fakeControl, tenon } from "./fake.ts";
import { sampleTrace } from "./sample.ts";

describe("tenon against a running kernel", () => {
  const control = fakeControl();
  const backend: Partial<Backend> = { control: async () => ({ ok: true, value: control }) };

  test("a sequence of faults is armed under names that can be disarmed, listed with what they did", async () => {
    const armed = await tenon(
      ["fault", "arm", "sock_oob_bind[sk==4]: 2*off -> 1*refuse(ENOMEM) -> 10%*delay(50ms)", "--id", "storm"],
      backend,
    );
    expect(armed.out.trimEnd().split("\n")).toEqual([
      "armed storm: sock_oob_bind[sk==4] → refuse(ENOMEM) on crossing 3",
      "armed storm-2: sock_oob_bind[sk==4] → delay(50ms) on 10/100 of crossings 4 and later",
    ]);
    const listed = await tenon(["fault", "list"], backend);
    expect(listed.out).toMatch(/storm +sock_oob_bind\[sk==4\] +refuse\(ENOMEM\) +crossing 3 +5 +3 +1/);
    expect(JSON.parse((await tenon(["fault", "list", "--json"], backend)).out)).toHaveLength(2);
    expect((await tenon(["fault", "disarm", "storm"], backend)).out).toBe("disarmed storm\n");
    expect((await tenon(["fault", "disarm", "--all"], backend)).out).toBe("disarmed all\n");
    expect((await tenon(["fault", "list"], backend)).out).toBe("no fault is armed\n");
  });

  test("lsof puts the core's index beside what is open, and shows where they disagree", async () => {
    const { out } = await tenon(["lsof"], backend);
    const lines = out.trimEnd().split("\n").slice(1);
    expect(lines.map((line) => line.replace(/^.*(yes|not oob|missing|stale.*)$/, "$1"))).toEqual([
      "yes",
      "not oob",
      "missing",
      "stale: file 9",
      "stale: not open",
    ]);
    expect(lines[1]).toContain("O_RDONLY (cloexec)");
    expect(JSON.parse((await tenon(["lsof", "--json"], backend)).out)).toHaveProperty("companion");
  });

  test("ps puts what the core knows of a thread beside its task, then the threads that are no tasks", async () => {
    const { out } = await tenon(["ps"], backend);
    const cells = out
      .trimEnd()
      .split("\n")
      .map((line) => line.trim().split(/ {2,}/));
    expect(cells).toEqual([
      ["task", "pid", "files", "class", "stage", "ISW", "oob calls", "state"],
      ["app", "1", "1", "in-band"],
      ["rt", "2", "2", "FIFO 50", "oob", "2", "7", "oob_wait fd=3 file=1"],
      ["going", "3", "in-band", "exits"],
      ["weak", "WEAK", "in-band", "0", "0", "stale: no such task"],
      ["eth0.rx", "FIFO 50", "oob"],
    ]);
    expect(JSON.parse((await tenon(["ps", "--json"], backend)).out)).toHaveLength(5);
  });

  test("trace follows the events as a tree, or as JSON Lines", async () => {
    const { out, code } = await tenon(["trace"], backend);
    expect(code).toBe(0);
    expect(out).toContain("dup(3) = 4");
    const lines = (await tenon(["trace", "--json"], backend)).out.trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(sampleTrace());
  });

  test("--control says where, and the connection is closed in the end", async () => {
    const seen: string[] = [];
    const open: Backend["control"] = async (address) => {
      seen.push(address);
      return { ok: true, value: { ...fakeControl(), close: async () => void seen.push("closed") } };
    };
    await tenon(["lsof", "--control", "127.0.0.1:7777"], { control: open });
    expect(seen).toEqual(["127.0.0.1:7777", "closed"]);
  });
});

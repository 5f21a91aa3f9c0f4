import { describe, expect, test } from "@jest/globals";
import { Threads } from "../../services/companion/model/threads.ts";

describe("a thread of the core", () => {
  test("begins in-band, goes out-of-band, and is counted when it comes back", () => {
    const threads = new Threads<string>();
    expect(threads.attach("rt", 50).ok).toBe(true);
    expect(threads.find("rt")).toMatchObject({ stage: "inband", inbandSwitches: 0, oobCalls: 0 });
    threads.goesOob("rt");
    threads.callsOob("rt");
    expect(threads.find("rt")).toMatchObject({ stage: "oob", oobCalls: 1 });
    expect(threads.goesInband("rt")).toBe(1);
    threads.goesOob("rt");
    expect(threads.goesInband("rt")).toBe(2);
    expect(() => threads.goesInband("rt")).toThrow("comes back in-band from the out-of-band stage");
  });

  test("counts from nothing when it was attached again, and wants to be told of nothing", () => {
    const threads = new Threads<string>();
    threads.attach("rt", 50);
    threads.goesOob("rt");
    threads.goesInband("rt");
    expect(threads.setMode("rt", 2).ok).toBe(true);
    threads.detach("rt");
    expect(threads.setMode("rt", 2)).toEqual({ ok: false, errno: "EPERM" });
    threads.attach("rt", 50);
    expect(threads.find("rt")).toMatchObject({ inbandSwitches: 0, oobCalls: 0 });
    expect(threads.hasMode("rt", 2)).toBe(false);
  });

  test("takes a signal when it comes in-band", () => {
    const threads = new Threads<string>();
    threads.attach("rt", 50);
    threads.goesOob("rt");
    threads.signal("rt");
    expect(threads.find("rt")?.signalled).toBe(true);
    threads.goesInband("rt");
    expect(threads.find("rt")?.signalled).toBe(false);
  });

  test("says what it sleeps on, until it is woken", () => {
    const threads = new Threads<string>();
    threads.attach("rt", 50);
    const on = { waits: "oob_wait", slice: { fd: 3 } };
    threads.fallsAsleep("rt", "sleep", on);
    expect(threads.sleepsOf("rt")).toEqual([on]);
    threads.wakes("rt", "sleep");
    expect(threads.sleepsOf("rt")).toEqual([]);
  });
});

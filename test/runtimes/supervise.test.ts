import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { PAIR } from "../../services/abi/topology.ts";
import type { HostedLife, PlaceHost } from "../../services/runtimes/fleet/place-host.ts";
import { superviseOn } from "../../services/runtimes/fleet/supervise.ts";

const DATA = {
  place: { t: "house", node: "beta", house: "companion" },
  facts: { seed: "0x1", profile: "documented", topology: PAIR, epochMs: 0 },
  mutant: undefined,
  frames: "auto",
} as const;

/** A host that notes the life that each attempt asks for, and lets some attempts fail. */
function flakyHost(failing: readonly number[]) {
  const asked: number[] = [];
  let kill: (how: string) => void = () => undefined;
  const host: PlaceHost = {
    boot({ incarnation }, hear) {
      asked.push(incarnation);
      if (failing.includes(asked.length)) return Promise.reject(new Error("nobody answers there yet"));
      const ended = new Promise<string>((resolve) => (kill = resolve));
      const life: HostedLife = {
        address: "unix:/place",
        pid: 0,
        order({ t }) {
          if (t === "connect") hear({ t: "connected" });
          else if (t === "start") hear({ t: "started" });
        },
        strike: () => kill("SIGKILL"),
        ended,
        stop() {
          kill("stopped");
          return Promise.resolve();
        },
      };
      return Promise.resolve(life);
    },
  };
  return { host, asked };
}

describe("a place under supervision", () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  test("comes back as its next life, however many attempts nobody answered: a core that took itself for the first would ask nobody what it was told", async () => {
    const { host, asked } = flakyHost([2, 3]);
    const up: number[] = [];
    const place = await superviseOn(host, DATA, {
      restart: false,
      onUp: ({ incarnation }) => void up.push(incarnation),
    });
    const crash = { t: "strike", kind: "crash", forNs: 0 } as const;
    await place.order(crash);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(asked).toEqual([1, 2, 2, 2]);
    expect(up).toEqual([2]);
    await place.order(crash);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(up).toEqual([2, 3]);
    await place.stop();
  });
});

import { describe, expect, test } from "@jest/globals";
import type { Backend } from "../../services/cli/backend.ts";
import { createProgram } from "../../services/cli/program.ts";
import { FAILED, fakeBackend, fakeControl, fakeIo, fakeKernel, never, reportOf, tenon } from "./fake.ts";
import { sampleTrace } from "./sample.ts";

describe("tenon up", () => {
  const boot: Backend["boot"] = async (request) => ({ ok: true, value: fakeKernel(request) });

  test("says what it booted and what to try, and stops on Ctrl-C", async () => {
    const { io, said, ctrlC, when } = fakeIo();
    when("npx tenon hooks", ctrlC);
    expect(await createProgram(fakeBackend({ boot }), io).run(["up", "--seed", "7"])).toBe(0);
    expect(said.out.split("\n").slice(0, 5)).toEqual([
      "tenon 0.1.0: the kernel of node alpha is up (embedded, documented, seed 0x7)",
      "  houses   vfs (worker 1) · companion (worker 2)",
      "  control  unix:.tenon/control.sock (Ctrl-C stops the kernel)",
      "  try      npx tenon fault arm 'install_inband_fd: 1*lose-reply' (in a second terminal)",
      "           npx tenon lsof · npx tenon netstat · npx tenon trace · npx tenon hooks",
    ]);
  });

  test("says of each node where its houses run, and of each switch", async () => {
    const { io, said, ctrlC, when } = fakeIo();
    const two: Backend["boot"] = async (request) => ({
      ok: true,
      value: fakeKernel(request, {
        nodes: ["alpha", "beta"],
        houses: [
          { node: "alpha", house: "vfs", where: "process 7" },
          { node: "beta", house: "vfs", where: "process 8" },
          { node: "beta", house: "nic", where: "process 9" },
          { node: "lan", house: "switch", where: "process 10" },
        ],
      }),
    });
    when("npx tenon hooks", ctrlC);
    expect(await createProgram(fakeBackend({ boot: two }), io).run(["up", "--world", "pair"])).toBe(0);
    expect(said.out.split("\n").slice(0, 5)).toEqual([
      "tenon 0.1.0: the kernels of nodes alpha and beta are up (embedded, documented, seed 0x1)",
      "  alpha    vfs (process 7)",
      "  beta     vfs (process 8) · nic (process 9)",
      "  switches lan (process 10)",
      "  control  unix:.tenon/control.sock (Ctrl-C stops them)",
    ]);
  });

  test("what it shows to try is a fault that can be armed", async () => {
    const control = fakeControl();
    const told = await tenon(["fault", "arm", "install_inband_fd: 1*lose-reply"], {
      control: async () => ({ ok: true, value: control }),
    });
    expect(told).toEqual({
      code: 0,
      out: "armed install_inband_fd-lose-reply: install_inband_fd → lose-reply on crossing 1\n",
      err: "",
    });
  });

  test("--once runs the tour, shows its trace, and ends with its verdict", async () => {
    const { code, out } = await tenon(["up", "--once"], { boot });
    expect(code).toBe(0);
    expect(out).toContain('open("/dev/oobecho", O_RDWR|O_CLOEXEC) = 3');
    expect(out).toContain("PASS  tour: ");
    expect(out).not.toContain("Ctrl-C");
    const failing: Backend["boot"] = async (request) => ({
      ok: true,
      value: fakeKernel(request, {
        tour: async () => ({
          ok: true,
          value: reportOf({ file: "tour.yaml", runtime: "embedded", profile: "documented" }, FAILED),
        }),
      }),
    });
    expect((await tenon(["up", "--once"], { boot: failing })).code).toBe(1);
  });

  test("--tour stays up afterwards", async () => {
    const { io, said, ctrlC, when } = fakeIo();
    when("the kernel stays up; its trace goes on here · Ctrl-C stops it", ctrlC);
    expect(await createProgram(fakeBackend({ boot }), io).run(["up", "--tour"])).toBe(0);
    expect(said.out).toContain("PASS  tour: ");
  });

  test("Enter runs the tour again where somebody can press it", async () => {
    const { io, said, ctrlC } = fakeIo();
    let presses = 0;
    const onEnter = (callback: () => void): (() => void) => {
      if (++presses > 2) ctrlC();
      else queueMicrotask(callback);
      return () => undefined;
    };
    expect(await createProgram(fakeBackend({ boot }), { ...io, onEnter }).run(["up", "--tour"])).toBe(0);
    expect(said.out.match(/PASS {2}tour: /g)).toHaveLength(3);
    expect(said.out).toContain("Enter runs the tour again");
  });

  test("what happens is shown while it goes on, not only at the end", async () => {
    const { io, said, tick, ctrlC, when } = fakeIo();
    const busy: Backend["boot"] = async (request) => {
      const kernel = fakeKernel(request);
      return {
        ok: true,
        value: {
          ...kernel,
          onEvents: (listener) => {
            queueMicrotask(() => {
              listener(sampleTrace());
              tick();
              tick();
            });
            return () => undefined;
          },
        },
      };
    };
    when("dup(3) = 4", ctrlC);
    expect(await createProgram(fakeBackend({ boot: busy }), io).run(["up"])).toBe(0);
    expect(said.out.split("dup(3) = 4")).toHaveLength(2);
    // The call that never ended is shown when the kernel stops.
    expect(said.out).toContain("exit(init) = …");
  });

  test("a tour that Ctrl-C cut short has no verdict", async () => {
    const stuck: Backend["boot"] = async (request) => ({
      ok: true,
      value: fakeKernel(request, { tour: () => never() }),
    });
    const { io, ctrlC, when } = fakeIo();
    when("the kernel of node alpha is up", ctrlC);
    expect(await createProgram(fakeBackend({ boot: stuck }), io).run(["up", "--once"])).toBe(2);
  });
});

import { describe, expect, test } from "@jest/globals";
import type { TraceEvent } from "../../services/abi/event.ts";
import { fakeControl, passing, reportOf, tenon } from "./fake.ts";
import { sampleTrace } from "./sample.ts";

/** The sample, and the same on a second node. */
const twice = (): TraceEvent[] => [
  ...sampleTrace(),
  ...sampleTrace().map((event) => ({
    ...event,
    node: "beta",
    span: event.span + 1e6,
    parent: event.parent === 0 ? 0 : event.parent + 1e6,
    trace: event.trace === 0 ? 0 : event.trace + 1e6,
  })),
];

describe("where there is more than one node", () => {
  test("each line of a trace says which one it is of; where there is one, none does", async () => {
    const { out } = await tenon(["run", "x.yaml", "--profile", "documented"], {
      run: async (request) => {
        request.onEvents?.(twice());
        return { ok: true, value: reportOf(request) };
      },
    });
    const lines = out.split("\n");
    const header = lines.find((line) => line.includes("seconds")) ?? "";
    const column = header.indexOf("node");
    expect(column).toBeGreaterThan(0);
    const nodes = lines.filter((line) => /^\s*\d+\.\d+ /.test(line)).map((line) => line.slice(column).split(" ")[0]);
    expect(new Set(nodes)).toEqual(new Set(["alpha", "beta"]));
    const alone = await tenon(["run", "x.yaml", "--profile", "documented"], { run: passing });
    expect(alone.out).not.toContain("  node  ");
  });

  test("open files are listed by node, and descriptors of two nodes are not taken for one", async () => {
    const control = fakeControl();
    const files = await control.files();
    if (!files.ok) throw new Error("the fake lists files");
    const { vfs } = files.value;
    const { out } = await tenon(["lsof"], {
      control: async () => ({
        ok: true,
        value: {
          ...control,
          files: async () => ({
            ok: true,
            value: {
              vfs: vfs.slice(0, 1).flatMap((one) => ["alpha", "beta"].map((node) => ({ ...one, node }))),
              companion: vfs.slice(0, 1).map((one) => ({ ...one, tasks: [], node: "alpha" })),
            },
          }),
        },
      }),
    });
    expect(out).toMatch(/node\s+.*tasks/);
    expect(out.split("\n").find((line) => line.includes("alpha"))).toContain("yes");
    expect(out.split("\n").find((line) => line.includes("beta"))).toContain("missing");
  });

  test("the line that repeats a run says its world and the road of its frames", async () => {
    const { out } = await tenon(
      ["run", "x.yaml", "--profile", "documented", "--world", "pair", "--runtime", "distributed", "--frames", "stream"],
      { run: passing },
    );
    expect(out).toContain("--frames stream --world pair");
  });

  test("the schema of world files can be had for editors", async () => {
    expect(JSON.parse((await tenon(["schema", "world"])).out)).toEqual({ $id: "tenon/v1alpha1/world" });
    expect(JSON.parse((await tenon(["schema"])).out)).toEqual({ $id: "tenon/v1alpha1" });
  });
});

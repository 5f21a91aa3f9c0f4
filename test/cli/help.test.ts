import { describe, expect, test } from "@jest/globals";
import type { Backend } from "../../services/cli/backend.ts";
import { fakeKernel, passing, tenon } from "./fake.ts";

describe("tenon --help", () => {
  test("without a verb the verbs are shown", async () => {
    const { code, out } = await tenon([]);
    expect(code).toBe(0);
    for (const verb of ["up", "run", "hooks", "fault", "lsof", "ps", "netstat", "trace", "ca", "bench", "schema"])
      expect(out).toContain(`  ${verb} `);
    expect(out).toContain("Exit codes: 0 pass, 1 fail, 2 inconclusive, 3 invalid input, 4 the tool broke.");
  });

  test.each([
    ["up"],
    ["run"],
    ["hooks"],
    ["fault"],
    ["fault", "arm"],
    ["fault", "disarm"],
    ["fault", "list"],
    ["lsof"],
    ["ps"],
    ["netstat"],
    ["trace"],
    ["ca"],
    ["bench"],
    ["schema"],
  ])("%s %s explains itself", async (...argv) => {
    const { code, out, err } = await tenon([...argv, "--help"], {}, { columns: 80 });
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(new RegExp(`^Usage: tenon ${argv.join(" ")}`));
    expect(out).not.toContain("undefined");
  });

  test("fault --help shows the language", async () => {
    const { out } = await tenon(["fault", "--help"]);
    expect(out).toContain("'sock_oob_bind: 2*off -> 1*refuse(ENOMEM) -> delay(50ms)'");
  });

  test("--version prints the version", async () => {
    expect(await tenon(["--version"])).toEqual({ code: 0, out: "0.1.0\n", err: "" });
  });
});

describe("on a terminal of ASCII", () => {
  test.each([
    [["run", "x.yaml"]],
    [["hooks"]],
    [["hooks", "sock_oob_bind"]],
    [["--help"]],
    [["fault", "--help"]],
    [["up", "--once"]],
  ])("%j prints nothing else", async (argv) => {
    const backend: Partial<Backend> = {
      run: passing,
      boot: async (request) => ({ ok: true, value: fakeKernel(request) }),
    };
    for (const told of [await tenon(argv, backend, { unicode: false }), await tenon([...argv, "--ascii"], backend)]) {
      expect(told.code).toBe(0);
      expect(told.out).toMatch(/^[\x20-\x7e\n]+$/);
    }
  });
});

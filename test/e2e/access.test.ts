import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { running, tenon, type Running } from "./tenon.ts";

describe("a kernel that is controlled from elsewhere", () => {
  const folder = mkdtempSync(join(tmpdir(), "tenon-access-"));
  const certs = join(folder, "certs");
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const token = file("token", "the-token-of-this-test\n");
  let kernel: Running;
  let control = "";
  const says = (...more: readonly string[]) => tenon("fault", "list", "--control", control, ...more);

  beforeAll(async () => {
    expect(await tenon("ca", certs, "--for", "control,127.0.0.1", "--for", "tenon")).toMatchObject({
      code: 0,
      stderr: "",
    });
    const door = ["--control", "tls:127.0.0.1:0", "--tls", join(certs, "control"), "--token-file", token];
    kernel = running("up", "--world", "single", ...door);
    control = /tls:127\.0\.0\.1:\d+/.exec(await kernel.says("  control "))?.[0] ?? "";
  });
  afterAll(async () => {
    expect(await kernel.stop()).toMatchObject({ code: 0, stderr: "" });
    rmSync(folder, { recursive: true });
  });

  test("obeys who shows a certificate and the token", async () => {
    expect(await says("--tls", join(certs, "tenon"), "--token-file", token)).toEqual({
      code: 0,
      stdout: "no fault is armed\n",
      stderr: "",
    });
  });

  test("says in one line what is missing", async () => {
    const wrong = file("wrong", "the-token-of-another-test");
    for (const [options, line] of [
      [["--tls", join(certs, "tenon")], `the control service at ${control} wants a token: --token-file FILE`],
      [
        ["--tls", join(certs, "tenon"), "--token-file", wrong],
        `the control service at ${control} wants another token than this one: --token-file FILE`,
      ],
      [
        ["--token-file", token],
        `${control} is on the network, where only TLS is spoken: say with --tls DIR where the certificates are`,
      ],
    ] as const)
      expect(await says(...options)).toEqual({ code: 3, stdout: "", stderr: `tenon: ${line}\n` });
  });

  test("makes an event of who was refused, for whoever follows it", async () => {
    const trace = running(
      "trace",
      "--json",
      "--control",
      control,
      "--tls",
      join(certs, "tenon"),
      "--token-file",
      token,
    );
    let told: string | undefined;
    const telling = trace.says("peer_refused").then((text) => (told = text));
    // Until the events are followed, nobody hears of it.
    while (told === undefined) await Promise.race([telling, says("--tls", join(certs, "tenon"))]);
    expect(JSON.parse(told.split("\n").find((line) => line.includes("peer_refused")) ?? "")).toMatchObject({
      service: "lab",
      point: "peer_refused",
      args: { address: control, why: "it showed no token" },
    });
    await trace.stop();
  });

  test("does not let in who has a certificate of another CA", async () => {
    const others = join(folder, "others");
    await tenon("ca", others, "--for", "eve");
    const told = await says("--tls", join(others, "eve"), "--token-file", token);
    expect(told).toMatchObject({ code: 3, stdout: "" });
    expect(told.stderr).toMatch(/^tenon: no kernel at tls:[^\n]+certificate[^\n]*\n$/);
  });
});

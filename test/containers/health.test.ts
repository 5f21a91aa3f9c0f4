import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { HealthImplementation } from "grpc-health-check";
import { root } from "../tidy/sources.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tenon-test-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A server of the standard health service, as every place has one. */
async function serving(name: string, status: "SERVING" | "NOT_SERVING"): Promise<{ address: string; stop(): void }> {
  const server = new Server();
  new HealthImplementation({ "": status }).addToServer(server);
  const address = `unix:${join(folder, `${name}.sock`)}`;
  await new Promise<void>((resolve, reject) =>
    server.bindAsync(address, ServerCredentials.createInsecure(), (error) =>
      error === null ? resolve() : reject(error),
    ),
  );
  return { address, stop: () => server.forceShutdown() };
}

const ask = (address: string): Promise<{ readonly code: number; readonly said: string }> =>
  new Promise((resolve) =>
    execFile(process.execPath, [join(root, "deploy/health.mjs"), address], (error, _out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), said: err }),
    ),
  );

describe("the health check of the image asks the standard health service", () => {
  test("of a place that serves", async () => {
    const { address, stop } = await serving("well", "SERVING");
    expect(await ask(address)).toEqual({ code: 0, said: "" });
    stop();
  });

  test("of a place that does not serve, which it says in one line", async () => {
    const { address, stop } = await serving("ill", "NOT_SERVING");
    expect(await ask(address)).toEqual({ code: 1, said: `${address}: it does not serve\n` });
    stop();
  });

  test("where nobody listens, which it says in one line", async () => {
    const { code, said } = await ask(`unix:${join(folder, "nobody.sock")}`);
    expect(code).toBe(1);
    expect(said.trimEnd().split("\n")).toHaveLength(1);
    expect(said).toContain("ENOENT");
  });
});

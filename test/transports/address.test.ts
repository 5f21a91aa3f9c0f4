import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "@jest/globals";
import { status } from "@grpc/grpc-js";
import { addressProblem, removeStaleSocket } from "../../services/transports/grpc/address.ts";
import { loadProtos } from "../../services/transports/grpc/load.ts";
import { serveHouse } from "../../services/transports/grpc/server.ts";
import { answerOfStatus, refusal } from "../../services/transports/grpc/status.ts";
import { clock, socketFolder, wrote } from "./support.ts";

const folder = socketFolder();
afterAll(folder.remove);
const protos = loadProtos();
const serve = (address: string) =>
  serveHouse({ addresses: [address], points: ["sys_write"], serve: async () => wrote(1), clock, protos });

describe("addresses", () => {
  test.each(["unix:/tmp/x", "unix:x.sock", "127.0.0.1:0", "localhost:65535", "[::1]:80", "my-host.example:1"])(
    "%s is one",
    (address) => expect(addressProblem(address)).toBeUndefined(),
  );

  test.each(["", "x", "unix:", "unix:///tmp/x", "http://a:1", "a:", ":1", "a:65536", "a:1:2", "a b:1", "[::1]"])(
    "%j is none, and the line says how one is written",
    (address) =>
      expect(addressProblem(address)).toBe(
        `${address} is no address; write unix:/path/of/a/socket, or host:port such as 127.0.0.1:50051`,
      ),
  );

  test("a path that a socket cannot have is told by its length", () => {
    const address = `unix:/${"ä".repeat(60)}`;
    expect(addressProblem(address)).toBe(`${address}: the path of a socket has 107 bytes at most, this one has 121`);
  });
});

describe("a house that wants an address", () => {
  test("gets a port of its own for port 0", async () => {
    const server = await serve("127.0.0.1:0");
    expect(server).toMatchObject({
      ok: true,
      value: { address: expect.stringMatching(/^127\.0\.0\.1:[1-9]\d*$/) as unknown },
    });
    if (server.ok) await server.value.close(0);
  });

  test("cannot have one that somebody serves, and is told so in one line", async () => {
    for (const wanted of [folder.address("taken"), "127.0.0.1:0"]) {
      const first = await serve(wanted);
      if (!first.ok) throw new Error(first.reason);
      const second = await serve(first.value.address);
      expect(second.ok).toBe(false);
      expect(second.ok ? "" : second.reason).toMatch(/^cannot listen on [^\n]*: listen EADDRINUSE: [^\n\]]*$/);
      await first.value.close(0);
    }
  });

  test("cannot have one that is none", async () => {
    expect(await serve("nowhere")).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/^nowhere is no address/) as unknown,
    });
  });

  test("takes over the socket of a process that was killed, and leaves none behind", async () => {
    const address = folder.address("stale");
    const path = address.slice("unix:".length);
    const code = `require("node:net").createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, "SIGKILL"))`;
    spawnSync(process.execPath, ["-e", code]);
    expect(existsSync(path)).toBe(true);
    const server = await serve(address);
    expect(server.ok).toBe(true);
    if (server.ok) await server.value.close(0);
    expect(existsSync(path)).toBe(false);
  });

  test("never removes a file that is no socket", async () => {
    const address = folder.address("precious");
    const path = address.slice("unix:".length);
    writeFileSync(path, "mine");
    await removeStaleSocket(address);
    expect(existsSync(path)).toBe(true);
    expect((await serve(address)).ok).toBe(false);
  });
});

describe("a gRPC status speaks of the road", () => {
  const why = (code: status, details = "x") => {
    const answer = answerOfStatus({ code, details });
    return answer.kind === "lost" ? answer.why : answer.kind;
  };

  test("each means one thing to the caller, and none is an errno", () => {
    const codes = Object.values(status).filter(
      (code): code is status => typeof code === "number" && code !== status.OK,
    );
    expect(Object.fromEntries(codes.map((code) => [status[code], why(code)]))).toEqual({
      CANCELLED: "unreachable",
      UNKNOWN: "unreachable",
      INVALID_ARGUMENT: "rejected",
      DEADLINE_EXCEEDED: "unreachable",
      NOT_FOUND: "unreachable",
      ALREADY_EXISTS: "unreachable",
      PERMISSION_DENIED: "rejected",
      RESOURCE_EXHAUSTED: "rejected",
      FAILED_PRECONDITION: "rejected",
      ABORTED: "unreachable",
      OUT_OF_RANGE: "rejected",
      UNIMPLEMENTED: "unserved",
      INTERNAL: "unreachable",
      UNAVAILABLE: "unreachable",
      DATA_LOSS: "garbled",
      UNAUTHENTICATED: "rejected",
    });
  });

  test("INTERNAL is garbled where a message could not be read", () => {
    expect(why(status.INTERNAL, "Error deserializing request")).toBe("garbled");
    expect(why(status.INTERNAL, "Failed to parse the message")).toBe("garbled");
    expect(why(status.INTERNAL, "Received RST_STREAM with code 2 (Internal server error)")).toBe("unreachable");
  });

  test("a reason of ours becomes text that gRPC can send", () => {
    const { details } = refusal(status.FAILED_PRECONDITION, `half a pair: \ud800${"x".repeat(5000)}`);
    expect(details.length).toBeLessThan(1010);
    expect(() => encodeURI(details)).not.toThrow();
  });
});

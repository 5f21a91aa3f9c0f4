import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { firstDifference, sliceOrders } from "../../services/lab/order.ts";
import { casesOf, outcomeIn } from "../e2e/agreement.ts";
import { root } from "../tidy/sources.ts";
import { identityOf, newAuthority } from "../transports/identities.ts";
import { docker, findEngine } from "./engine.ts";
import { createStack, PLACES, type Ran, type Stack } from "./stack.ts";

const engine = await findEngine(readFileSync(join(root, "docker-compose.yml"), "utf8"));
const HOUSE_MAX_BYTES = 90e6;
const TOUR = "experiments/tour.yaml";
/** A project of its own: a stack that somebody uses here is left alone. */
const NAME = "tenon-test-stack";

/** A run ended by itself, with a verdict or with a line that says what is wrong, and without a stack trace. */
function expectAnEnd(ran: Ran | undefined): void {
  expect(ran).toBeDefined();
  expect([0, 1, 2, 3, 4]).toContain(ran?.code);
  expect(`${ran?.out}${ran?.err}`).toMatch(/PASS|FAIL|INCONCLUSIVE|tenon: /);
  expect(`${ran?.out}${ran?.err}`).not.toMatch(/^\s+at .*:\d+:\d+/m);
}

if (!engine.ok) {
  test.skip(`the stack in containers: skipped, ${engine.why}`, () => undefined);
} else {
  describe("the stack in containers", () => {
    let stack: Stack;
    let upS = 0;
    beforeAll(async () => {
      stack = await createStack(engine, NAME);
      await stack.down();
      stack = await createStack(engine, NAME);
      upS = await stack.up();
      process.stdout.write(`the stack is healthy after ${upS} s\n`);
    }, 900_000);
    afterAll(async () => {
      const seconds = await stack.down();
      process.stdout.write(`the stack is gone after ${seconds} s\n`);
      expect(seconds).toBeLessThan(60);
    }, 120_000);

    async function expectTour(): Promise<void> {
      const ran = await stack.tenon(["run", TOUR, "--quiet", "--trace", "/folder/tour.jsonl"]);
      expect(ran?.err).toBe("");
      expect(ran?.out).toContain("PASS");
      expect(ran?.code).toBe(0);
    }

    test("comes up with nothing set, and every container is healthy", async () => {
      const states = await stack.health();
      for (const service of [...PLACES, "control"])
        expect([service, states.get(service)]).toEqual([service, "healthy"]);
      expect(upS).toBeLessThan(120);
    });

    test("runs the tour: it passes, with the order of events that it has in simulation", async () => {
      await expectTour();
      const [tour] = await casesOf(TOUR);
      if (tour === undefined) throw new Error("there is no tour");
      const simulated = await outcomeIn("simulated", tour);
      const events = await stack.trace("tour.jsonl");
      expect(events.length).toBeGreaterThan(0);
      expect(firstDifference(sliceOrders(simulated.events), sliceOrders(events))).toBeUndefined();
    }, 120_000);

    test("carries frames within a node in memory that its houses share", async () => {
      const shown = await stack.tenon(["netstat", "-i", "--json"]);
      const told = JSON.parse(shown?.out ?? "{}") as Record<string, readonly Record<string, unknown>[] | undefined>;
      const devices = told["devices"] ?? [];
      const nics = devices.filter((one) => one["kind"] === "nic");
      expect(nics.map((one) => one["node"])).toEqual(["alpha", "beta"]);
      for (const nic of nics)
        expect(nic["driver"]).toMatch(/host by mapped memory \(futex\), oob by mapped memory \(futex\)/);
    }, 60_000);

    test("needs less than 90 MB for each house", async () => {
      const used = await stack.memory();
      for (const place of PLACES) {
        const bytes = used.get(place) ?? Infinity;
        process.stdout.write(`${place}: ${Math.round(bytes / 1e6)} MB\n`);
        expect([place, bytes < HOUSE_MAX_BYTES]).toEqual([place, true]);
      }
    });

    test("runs as nobody in particular, on a root that cannot be written, and without capabilities", async () => {
      for (const service of [...PLACES, "control"]) {
        const script =
          "id -u; touch /app/x /etc/x /run/tls/x 2>/dev/null; ls /app/x /etc/x /run/tls/x 2>/dev/null; grep CapEff /proc/1/status";
        const { out } = await stack.exec(service, "sh", "-c", script);
        expect([service, out.split(/\s+/).slice(0, 3)]).toEqual([service, ["1000", "CapEff:", "0000000000000000"]]);
      }
    }, 60_000);

    test("is reached from this host only, and only at the ports that are published", async () => {
      type Ports = Readonly<Record<string, readonly { readonly HostIp: string }[] | null>>;
      for (const service of PLACES) {
        expect([service, Object.values(await stack.inspect<Ports>(service, ".NetworkSettings.Ports")).flat()]).toEqual([
          service,
          [],
        ]);
      }
      const control = await stack.inspect<Ports>("control", ".NetworkSettings.Ports");
      expect(Object.values(control).flat()).toMatchObject([{ HostIp: "127.0.0.1" }]);
    });

    test("gives each container its own key, which no other can read", async () => {
      const keys = new Set<string>();
      for (const service of [...PLACES, "control"]) {
        const { out } = await stack.exec(service, "sh", "-c", "ls /run/tls /certs/*; cat /run/tls/key.pem");
        expect(out).toMatch(/^\/run\/tls:\s+ca\.pem\s+cert\.pem\s+key\.pem\s/m);
        expect(out.match(/\.pem/g)).toHaveLength(3);
        const [key = ""] = /-----BEGIN[^]*END[^\n]*/.exec(out) ?? [];
        expect(key).toContain("PRIVATE KEY");
        keys.add(key);
      }
      expect(keys.size).toBe(PLACES.length + 1);
      const { out: token } = await stack.exec("alpha-vfs", "ls", "/run/token");
      expect(token).toBe("");
    }, 60_000);

    /** How often somebody was refused, as the log of the control service tells. */
    const refusals = async (): Promise<number> => (await stack.logs("control")).split("peer_refused").length - 1;

    /** An event comes to the log in its own time. */
    async function expectRefusalAfter(before: number): Promise<void> {
      const untilMs = performance.now() + 10_000;
      while ((await refusals()) <= before && performance.now() < untilMs) {
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      expect(await refusals()).toBeGreaterThan(before);
    }

    /** Knocks at the control service from within, with these options of node:tls; answers what came of it. */
    async function knock(options: object): Promise<string> {
      const to = { host: "control", port: 7410, rejectUnauthorized: false, ALPNProtocols: ["h2"], ...options };
      const script = `const socket = require("node:tls").connect(${JSON.stringify(to)});
        socket.on("data", (bytes) => console.log("got", bytes.length)).on("error", () => 0).on("close", () => console.log("closed"));
        setTimeout(() => process.exit(), 3000).unref();`;
      return (await stack.exec("beta-vfs", "node", "-e", script)).out.trim();
    }

    test("whoever has no certificate gets nothing, and an event says so", async () => {
      const before = await refusals();
      expect(await knock({})).toBe("closed");
      await expectRefusalAfter(before);
    }, 60_000);

    test("whoever has a certificate of another CA gets nothing, and an event says so", async () => {
      const { cert, key } = await identityOf(await newAuthority(), ["tenon"]);
      const before = await refusals();
      expect(await knock({ cert: cert.toString(), key: key.toString() })).toBe("closed");
      await expectRefusalAfter(before);
    }, 60_000);

    test.each([
      ["no token", { TENON_TOKEN_FILE: "" }],
      ["a wrong token", { TENON_TOKEN_FILE: "/folder/wrong-token" }],
    ])(
      "whoever has %s gets nothing, and an event says so",
      async (_what, env) => {
        await writeFile(join(stack.folder, "wrong-token"), "0".repeat(64), { mode: 0o644 });
        const before = await refusals();
        const ran = await stack.tenon(["lsof"], { env });
        expectAnEnd(ran);
        expect(ran?.code).not.toBe(0);
        expect(ran?.out).toBe("");
        await expectRefusalAfter(before);
      },
      60_000,
    );

    describe("when something happens to a container while the tour runs, the run ends all the same, and the next one passes", () => {
      const pid = (service: string): Promise<number> => stack.inspect<number>(service, ".State.Pid");
      test.each(["alpha-vfs", "alpha-companion", "lan-switch", "control"])(
        "%s crashes",
        async (service) => {
          const before = await pid(service);
          const running = stack.tenon(["run", TOUR, "--quiet"]);
          await stack.crash(service);
          expectAnEnd(await running);
          expect(await stack.healthyWithin(60)).toBe(true);
          expect(await pid(service)).not.toBe(before);
          await expectTour();
        },
        240_000,
      );

      test("alpha-inband is killed, and started again", async () => {
        const name = stack.container("alpha-inband");
        const running = stack.tenon(["run", TOUR, "--quiet"]);
        expect((await docker(["kill", name])).code).toBe(0);
        expectAnEnd(await running);
        expect((await docker(["start", name])).code).toBe(0);
        expect(await stack.healthyWithin(60)).toBe(true);
        await expectTour();
      }, 240_000);

      test.each(["alpha-companion", "beta-nic"])(
        "%s is paused, and goes on",
        async (service) => {
          const running = stack.tenon(["run", TOUR, "--quiet"]);
          await stack.pause(service, 3_000);
          expectAnEnd(await running);
          expect(await stack.healthyWithin(60)).toBe(true);
          await expectTour();
        },
        240_000,
      );
    });
  });
}

import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as compose from "docker-compose";
import type { TraceEvent } from "../../services/abi/event.ts";
import { lineToEvent } from "../../services/lab/trace-file.ts";
import { root } from "../tidy/sources.ts";
import { docker, type Engine } from "./engine.ts";

/** What a command in a container came to. */
export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** How a command is run in the tool's container. */
interface RunWith {
  /** What is more in its environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** When it counts as hung. */
  readonly withinMs?: number;
}

/** The stack of docker-compose.yml, under a project name of its own. */
export interface Stack {
  /** A folder that the tool sees as /folder. */
  readonly folder: string;
  /** Brings everything up and waits until it is healthy; answers the seconds. */
  up(): Promise<number>;
  /** `tenon VERB …` in the tool's container, undefined: it hung, and was ended. */
  tenon(argv: readonly string[], how?: RunWith): Promise<Ran | undefined>;
  /** A command in the container of a service. */
  exec(service: string, ...argv: readonly string[]): Promise<Ran>;
  /** What the container of a service is, as `docker inspect` tells. */
  inspect<T>(service: string, format: string): Promise<T>;
  container(service: string): string;
  /** Lets a container stand still for so long. */
  pause(service: string, forMs: number): Promise<void>;
  /** Lets the process of a place end by itself, without warning: the engine brings it back. */
  crash(service: string): Promise<void>;
  /** The services that run, with their health. */
  health(): Promise<ReadonlyMap<string, string>>;
  /** Waits until every service is healthy; answers whether they all were within so many seconds. */
  healthyWithin(seconds: number): Promise<boolean>;
  /** What the containers use of their memory, in bytes by service. */
  memory(): Promise<ReadonlyMap<string, number>>;
  logs(service: string): Promise<string>;
  /** The events of a trace file that a run wrote into the folder. */
  trace(file: string): Promise<readonly TraceEvent[]>;
  /** Ends everything and removes the volumes; answers the seconds. */
  down(): Promise<number>;
}

/** The services that are places of the world: the houses of both nodes, and the switch. */
export const PLACES = [
  ...["alpha", "beta"].flatMap((node) => ["vfs", "inband", "companion", "nic"].map((house) => `${node}-${house}`)),
  "lan-switch",
];
const LONGEST_UP_S = 180;
/** No run of one experiment takes so long, whatever happens to its containers. */
const RUN_WITHIN_MS = 180_000;
/** How long the engine may be asked for what it cannot do at once: it freezes no container in which it starts a process. */
const DONE_WITHIN_MS = 30_000;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Has the engine do something, and asks again while it cannot; what it said last is told when it never could. */
async function insist(args: readonly string[]): Promise<void> {
  const untilMs = performance.now() + DONE_WITHIN_MS;
  for (;;) {
    const { code, err } = await docker(args);
    if (code === 0) return;
    if (performance.now() > untilMs) throw new Error(`docker ${args.join(" ")}: ${err.trim()}`);
    process.stdout.write(`docker ${args.join(" ")} is asked again: ${err.trim()}\n`);
    await sleep(500);
  }
}

const secondsSince = (startedMs: number): number => Math.round(performance.now() - startedMs) / 1000;

/** Answers what compose answered, whatever the exit code. */
async function outcome(running: Promise<compose.IDockerComposeResult>): Promise<Ran> {
  try {
    const { exitCode, out, err } = await running;
    return { code: exitCode, out, err };
  } catch (error) {
    if (error instanceof Error) throw error;
    const { exitCode, out, err } = error as compose.IDockerComposeResult;
    return { code: exitCode, out, err };
  }
}

/** Makes a stack; nothing is started yet. It is kept apart from one that somebody uses here: names, ports, image. */
export async function createStack(engine: Engine & { readonly ok: true }, name: string): Promise<Stack> {
  const folder = await mkdtemp(join(tmpdir(), "tenon-stack-"));
  // The tool runs as user 1000, whoever we are.
  await chmod(folder, 0o777);
  const options: compose.IDockerComposeOptions = {
    cwd: root,
    config: [...engine.config],
    composeOptions: ["-p", name],
    env: {
      ...process.env,
      TENON_FOLDER: folder,
      // Any free one.
      TENON_CONTROL_PORT: "0",
      JAEGER_PORT: "0",
      TENON_IMAGE: "tenon:tested",
      NO_COLOR: "1",
    },
  };
  let runs = 0;
  const container = (service: string): string => `${name}-${service}-1`;

  async function health(): Promise<ReadonlyMap<string, string>> {
    const format = '{{.Label "com.docker.compose.service"}} {{.Status}}';
    const filter = `label=com.docker.compose.project=${name}`;
    const { out } = await docker(["ps", "--all", "--filter", filter, "--format", format]);
    const lines = out.split("\n").filter((line) => line !== "");
    return new Map(
      lines.map((line): [string, string] => {
        const [service = "", ...status] = line.split(" ");
        const said = status.join(" ");
        const [, state = said] = /\((healthy|unhealthy|health: starting|Paused)\)/.exec(said) ?? [];
        return [service, state];
      }),
    );
  }

  return {
    folder,
    container,
    health,
    async pause(service, forMs) {
      await insist(["pause", container(service)]);
      await sleep(forMs);
      await insist(["unpause", container(service)]);
    },
    async crash(service) {
      // Not `docker kill`: what an operator kills stays down. The engine brings back what ends by itself. The command may
      // end with the container that it was given in, so that its exit code says nothing.
      await docker(["exec", container(service), "sh", "-c", "kill -9 $(cat /proc/1/task/1/children)"]);
    },
    async up() {
      const built = await outcome(compose.buildAll(options));
      if (built.code !== 0) throw new Error(`docker compose build: ${built.err}`);
      const startedMs = performance.now();
      const up = await outcome(
        compose.upAll({ ...options, commandOptions: ["--wait", "--wait-timeout", String(LONGEST_UP_S)] }),
      );
      if (up.code !== 0) {
        const { out } = await outcome(compose.logs([], { ...options, commandOptions: ["--tail", "20"] }));
        throw new Error(`docker compose up --wait: ${up.err}\n${out}`);
      }
      return secondsSince(startedMs);
    },
    async tenon(argv, { env = {}, withinMs = RUN_WITHIN_MS } = {}) {
      const tool = `${name}-tool-${++runs}`;
      const settings = Object.entries(env).flatMap(([key, value]) => ["-e", `${key}=${value}`]);
      const commandOptions = ["--rm", "-T", "--no-deps", "--name", tool, ...settings];
      let tooLate: NodeJS.Timeout | undefined;
      const hung = new Promise<undefined>((resolve) => (tooLate = setTimeout(() => resolve(undefined), withinMs)));
      const running = outcome(compose.run("tenon", [...argv], { ...options, commandOptions }));
      const ended = await Promise.race([running, hung]);
      clearTimeout(tooLate);
      if (ended === undefined) {
        await docker(["rm", "--force", tool]);
        await running;
      }
      return ended;
    },
    exec: (service, ...argv) => outcome(compose.exec(service, [...argv], { ...options, commandOptions: ["-T"] })),
    async inspect<T>(service: string, format: string) {
      const { out, err, code } = await docker(["inspect", "--format", `{{json ${format}}}`, container(service)]);
      if (code !== 0) throw new Error(`docker inspect ${container(service)}: ${err}`);
      return JSON.parse(out) as T;
    },
    async healthyWithin(seconds) {
      const untilMs = performance.now() + seconds * 1000;
      for (;;) {
        const states = [...(await health())].filter(([service]) => service !== "ca" && service !== "jaeger");
        if (states.length > 0 && states.every(([, state]) => state === "healthy")) return true;
        if (performance.now() > untilMs) return false;
        await sleep(500);
      }
    },
    async memory() {
      const { out } = await docker(["stats", "--no-stream", "--format", "{{.Name}} {{.MemUsage}}"]);
      const lines = [...out.matchAll(/^(\S+) ([\d.]+)(KiB|MiB|GiB)/gm)];
      const units: Readonly<Record<string, number>> = { KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };
      return new Map(
        lines.map(([, one = "", much, unit = ""]): [string, number] => [
          one.slice(name.length + 1, -2),
          Number(much) * (units[unit] ?? NaN),
        ]),
      );
    },
    async logs(service) {
      const { out, err } = await docker(["logs", "--tail", "2000", container(service)]);
      return out + err;
    },
    async trace(file) {
      const text = await readFile(join(folder, file), "utf8");
      return text
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => {
          const read = lineToEvent(line);
          if (!read.ok) throw new Error(`${file}: ${read.reason}`);
          return read.event;
        });
    },
    async down() {
      const startedMs = performance.now();
      await outcome(compose.downAll({ ...options, commandOptions: ["--volumes", "--remove-orphans"] }));
      const seconds = secondsSince(startedMs);
      await rm(folder, { recursive: true, force: true });
      return seconds;
    },
  };
}

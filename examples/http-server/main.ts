/*
 * Serves a folder from a node of a running kernel, or from a world of its own, and fetches from there.
 *
 *     npx tenon up --world pair                                            in one terminal
 *     node dist/examples/http-server/main.js serve docs --node alpha       in a second one
 *     node dist/examples/http-server/main.js fetch 10.0.0.1 /README.md --node beta
 *     node dist/examples/http-server/main.js try docs                      all of it at once, in two nodes of its own
 */
import { stat } from "node:fs/promises";
import { parseArgs } from "node:util";
import { PAIR } from "../../services/abi/topology.ts";
import { usualControlAddress } from "../../services/runtimes/backend/files.ts";
import { createRealClock, bootEpochMs } from "../../services/runtimes/real-clock.ts";
import { createWorld } from "../../services/runtimes/world.ts";
import { CallError, roadOver, spawnTask, type Task, type TaskRoad } from "../../services/streams/task.ts";
import { connectControl } from "../../services/transports/grpc/control.ts";
import { createClient } from "./client.ts";
import { serveFiles } from "./server.ts";

const USAGE = "serve FOLDER | fetch ADDRESS PATH | try FOLDER, with --node NAME, --control ADDRESS, --port N";

/** One clear line, and the exit code of bad input, or another one. */
function giveUp(line: string, code = 3): never {
  process.stderr.write(`http-server: ${line}\n`);
  process.exit(code);
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

function words() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { node: { type: "string" }, control: { type: "string" }, port: { type: "string" } },
    });
  } catch (error) {
    // Node's words have advice of several sentences behind the first one, which says what it found.
    return giveUp(`${(error as Error).message.split(". ", 1)[0] ?? ""}; write: ${USAGE}`);
  }
}
const { values, positionals } = words();
const port = /^\d+$/.test(values.port ?? "80") ? Number(values.port ?? "80") : NaN;
if (!(port <= 65_535)) giveUp(`--port ${values.port ?? ""}: a port is 0 to 65535`);

/** A task of a node of a running kernel. */
async function taskThere(name: string): Promise<Task> {
  const client = connectControl(values.control ?? process.env["TENON_CONTROL"] ?? usualControlAddress());
  const { node } = values;
  const known = await client.listNetwork();
  if (known.kind !== "returned") giveUp(known.kind === "lost" ? (known.reason ?? known.why) : known.errno);
  const nodes = [...new Set(known.value.devices.map((device) => device.node))];
  if (node !== undefined && !nodes.includes(node)) giveUp(`no node ${node} (nodes: ${nodes.join(", ")})`);
  const road: TaskRoad = (who, point, args) => client.callTask({ node: node ?? "", ...who }, point, args);
  const task = await spawnTask(road, name, createRealClock(bootEpochMs()));
  // From here on this program may be killed: the node ends its task then, and closes its sockets.
  const held = await client.holdTask({ node: node ?? "", task: name });
  if (!held.ok) giveUp(held.reason);
  return task;
}

async function folderIn(name: string | undefined): Promise<string> {
  if (name === undefined) giveUp(USAGE);
  const found = await stat(name).catch(() => undefined);
  if (found?.isDirectory() !== true) giveUp(`${name} is no folder`);
  return name;
}

async function serve(): Promise<void> {
  const folder = await folderIn(positionals[1]);
  const task = await taskThere(`http-server-${process.pid}`);
  const server = await serveFiles(task, { folder, address: "0.0.0.0", port, log: say });
  say(`serves ${folder} on port ${server.port} of ${values.node ?? "the first node"}; Ctrl-C ends it`);
  const end = async (): Promise<void> => {
    await server.close();
    await task.exit();
    process.exit(0);
  };
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void end());
  const error = await server.ended;
  if (error !== undefined)
    giveUp(`${error.message}: nobody can be accepted any more; the kernel went away, or its task did`);
}

async function fetch(): Promise<void> {
  const [, address, path] = positionals;
  if (address === undefined || path === undefined) giveUp(USAGE);
  const task = await taskThere(`http-client-${process.pid}`);
  const client = createClient(task, { address, port });
  const { status, bytes, sha256 } = await client.fetch(path).catch(async (error: unknown) => {
    await task.exit();
    // What the peer did is no bad input.
    if (error instanceof CallError) giveUp(error.message, 1);
    throw error;
  });
  say(`${status}, ${bytes} bytes, sha256 ${sha256}`);
  client.close();
  await task.exit();
  process.exit(status === 200 ? 0 : 1);
}

async function tryAll(): Promise<void> {
  const folder = await folderIn(positionals[1]);
  const world = await createWorld("embedded", { seed: 1n, profile: "documented", topology: PAIR });
  await world.drive(async () => {
    const [alpha, beta] = [...world.nodes.values()].map(({ calls }) => roadOver(calls));
    if (alpha === undefined || beta === undefined) throw new Error("the world has two nodes");
    const server = await serveFiles(await spawnTask(alpha, "server", world.clock), {
      folder,
      address: "0.0.0.0",
      port,
      log: say,
    });
    const client = createClient(await spawnTask(beta, "client", world.clock), {
      address: "10.0.0.1",
      port: server.port,
    });
    const { status, bytes, sha256 } = await client.fetch(positionals[2] ?? "/");
    say(`${status}, ${bytes} bytes, sha256 ${sha256}`);
    client.close();
    await server.close();
  });
  await world.stop();
}

/** @param words how many words there are at most, the verb itself among them. */
interface Verb {
  readonly does: () => Promise<void>;
  readonly words: number;
}

const NO_VERB: Verb = { does: () => giveUp(USAGE), words: Infinity };
const VERBS: Readonly<Record<string, Verb>> = {
  serve: { does: serve, words: 2 },
  fetch: { does: fetch, words: 3 },
  try: { does: tryAll, words: 3 },
};
const verb = positionals[0] ?? "";
const { does, words: wanted } = Object.hasOwn(VERBS, verb) ? (VERBS[verb] ?? NO_VERB) : NO_VERB;
if (positionals.length > wanted) giveUp(USAGE);
await does().catch((error: unknown) => giveUp(error instanceof Error ? error.message : String(error)));

import { assert } from "../../services/abi/assert.ts";
import { CALLS } from "../../services/lab/calls.ts";
import type { Actor, Descriptor } from "./actors.ts";
import { argumentsOf } from "./arguments.ts";
import { createChance, type Chance } from "./chance.ts";
import { randomFaults } from "./faults.ts";
import { ksockStep, meet } from "./ksocks.ts";
import { converse } from "./streams.ts";
import { randomWorld, type RandomWorld } from "./worlds.ts";
import type { Plan, WrittenStep } from "./written.ts";

/** Operations that belong together; a run has some of these groups, each with a weight of its own (swarm testing). */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  make: ["open", "socket", "socket", "open"],
  close: ["close"],
  copy: ["dup", "dup2", "dup3", "fcntl", "pidfd_getfd"],
  flags: ["fcntl", "ioctl"],
  tasks: ["fork", "fork", "exec", "exit"],
  sweep: ["close_range", "prlimit"],
  threads: ["oob_attach_thread", "oob_attach_thread", "oob_detach_thread", "oob_set_thread_mode", "capset"],
  device: ["oob_read", "oob_write", "oob_write", "oob_ioctl", "oob_poll", "read", "write"],
  bind: ["bind", "bind", "connect", "shutdown"],
  inband: ["sendto", "sendto", "recvfrom", "poll"],
  oob: ["oob_sendmsg", "oob_sendmsg", "oob_recvmsg", "oob_poll"],
  ioctl: ["ioctl"],
  names: ["getsockname", "getpeername", "setsockopt", "getsockopt", "listen", "accept4"],
  odd: ["io_uring_socket", "socketpair", "oob_net_domain"],
  ports: ["net_oob_port", "net_oob_port", "oob_net_divert", "oob_net_vlans"],
  links: ["net_link_up", "net_link_up", "net_link_down", "net_mtu", "nic_link"],
  wires: ["nic_netem"],
  routes: ["net_vlan_add", "net_link_del", "net_address_add", "net_address_del", "net_route_add", "net_route_del"],
  time: ["sleep"],
  streams: ["accept4", "accept4", "connect", "listen", "sendto", "sendto", "write", "recvfrom", "recvfrom", "shutdown"],
  ksocks: ["ksock", "ksock", "ksock", "ksock", "ksock", "sleep"],
};

/** Of these a run has none, or much: beside everything else little would come of them. */
const WHOLE: ReadonlySet<string> = new Set(["streams", "ksocks"]);

/** The groups that the interface is about. */
const CORE = new Set(["close", "copy", "tasks", "device", "bind", "inband", "oob", "ports"]);

/** Calls that wait where the descriptor does. */
const WAITING = new Set([
  "oob_read",
  "oob_poll",
  "oob_recvmsg",
  "oob_sendmsg",
  "recvfrom",
  "read",
  "poll",
  "oob_write",
  "write",
]);
const ON_SOCKETS = new Set([
  ...(GROUPS["bind"] ?? []),
  ...(GROUPS["inband"] ?? []),
  ...(GROUPS["oob"] ?? []),
  ...(GROUPS["names"] ?? []),
]);

const KINDS = ["inet", "inet", "inet", "packet", "oob"] as const;

/** Draws an experiment from its seed: a world, what tasks of it do, and what goes wrong. */
export function randomPlan(seed: string): Plan {
  const chance = createChance(seed);
  const world = randomWorld(chance.under("world"));
  const whole = [...WHOLE].filter((group) => chance.happens(`whole ${group}`, 0.25));
  const { faults, armed } = randomFaults(chance.under("faults"), world, whole);
  const story = createStory(chance, world, new Set(whole));
  const length = 5 + chance.below("length", chance.happens("long", 0.25) ? 120 : 40);
  for (let i = 0; i < length; i++) {
    story.step(chance.under(`step ${i}`));
    const switched = faults.find(({ id }, k) => faults[k]?.armed === false && armed(id) === i);
    if (switched !== undefined) story.steps.push({ arm: switched.id });
  }
  for (const { id, armed: fromStart } of faults)
    if (fromStart === false && !story.steps.some(({ arm }) => arm === id)) story.steps.push({ arm: id });
  story.end();
  return {
    seed,
    world: world.written,
    nofile: chance.happens("few descriptors", 0.05) ? 3 : undefined,
    steps: story.steps,
    faults,
  };
}

/** What the tasks of a run do, as it is written step by step. */
function createStory(chance: Chance, world: RandomWorld, whole: ReadonlySet<string>) {
  const steps: WrittenStep[] = [];
  const actors: Actor[] = [];
  const background: { readonly name: string; readonly actor: Actor; readonly as: unknown; known(): void }[] = [];
  const mayBlock = chance.happens("may block", 0.5);
  const calls = Object.entries(GROUPS).flatMap(([group, members]) => {
    if (WHOLE.has(group)) return whole.has(group) ? Array.from({ length: 5 }, () => members).flat() : [];
    const always = group === "make" && chance.happens("always makes", 0.9);
    const weight = always
      ? 3
      : chance.happens(`group ${group}`, CORE.has(group) ? 0.7 : 0.4)
        ? 1 + chance.below(`weight ${group}`, 3)
        : 0;
    return Array.from({ length: weight }, () => members).flat();
  });
  let names = 0;

  const others = new Map<string, string[]>(world.nodes.map(({ name }) => [name, []]));
  const ksocks = new Map<string, string[]>(world.nodes.map(({ name }) => [name, []]));
  function born(name: string, node: RandomWorld["nodes"][number], table: Descriptor[]): Actor {
    const known = others.get(node.name);
    const sockets = ksocks.get(node.name);
    assert(known !== undefined && sockets !== undefined, "a task is born on a node of its world");
    known.push(name);
    const actor: Actor = { name, node, table, others: known, ksocks: sockets, busy: undefined, gone: false };
    actors.push(actor);
    return actor;
  }
  world.nodes.forEach((node, i) => born(i === 0 ? "app" : `app@${node.name}`, node, []));
  if (chance.happens("a second program", 0.4)) {
    const [first] = world.nodes;
    if (first !== undefined) born("tool", first, []);
  }
  const fresh = (what: string): string => `${what}${++names}`;

  /** What must be so before anything of interest can happen, in most runs: ports that are up, bound sockets, open devices. */
  function prepare(here: Chance, { name: task, node, table }: Actor): void {
    const nic = node.devices.find((dev) => dev !== "lo");
    const port = nic !== undefined && here.happens("a port", 0.6);
    if (port) {
      const dev =
        here.of(
          "dev",
          node.devices.filter((one) => one !== "lo"),
        ) ?? nic;
      if (here.happens("vlans", 0.6)) steps.push({ task, call: "oob_net_vlans", with: { vlans: "5,42" } });
      steps.push({ task, call: "net_oob_port", with: { dev, enabled: true } });
    }
    const make = (kind: Descriptor["kind"], call: string, args: object): string => {
      const as = fresh("fd");
      steps.push({ task, call, with: { ...args }, as });
      table.push({ name: as, kind });
      return as;
    };
    const nonblock = mayBlock ? [] : ["SOCK_NONBLOCK"];
    if (here.happens("a device", 0.5))
      make("device", "open", { path: "/dev/oobecho", flags: ["O_RDWR", ...(mayBlock ? [] : ["O_NONBLOCK"])] });
    if (here.happens("a bound socket", 0.6)) {
      const fd = make("inet", "socket", { family: "AF_INET", type: ["SOCK_DGRAM", "SOCK_OOB", ...nonblock] });
      steps.push({
        task,
        call: "bind",
        with: { fd: `$${fd}`, addr: `${here.of("ip", node.addresses) ?? "0.0.0.0"}:7000` },
      });
    }
    if (here.happens("a connected socket", 0.4)) {
      const oob = here.some("oob", ["SOCK_OOB"], 0.7);
      const fd = make("inet", "socket", { family: "AF_INET", type: ["SOCK_DGRAM", ...oob, ...nonblock] });
      steps.push({
        task,
        call: "connect",
        with: { fd: `$${fd}`, addr: `${here.of("peer", node.peers) ?? "127.0.0.1"}:7000` },
      });
    }
    if (port && here.happens("a raw socket", 0.3))
      make("packet", "socket", {
        family: "AF_PACKET",
        type: ["SOCK_RAW", "SOCK_OOB", ...nonblock],
        protocol: "ETH_P_ALL",
      });
  }

  // Threads of the core from the start, so that what comes after them does not wait for luck.
  if (chance.happens("attached", 0.75))
    for (const { name } of actors) {
      const priority = chance.of(`priority ${name}`, [0, 1, 1, 50, 99]);
      steps.push({ task: name, call: "oob_attach_thread", with: { cap_sys_nice: true, priority } });
    }

  const free = (): Actor[] => actors.filter(({ busy, gone }) => busy === undefined && !gone);

  for (const actor of actors) prepare(chance.under(`prepare ${actor.name}`), actor);
  if (whole.has("streams")) steps.push(...converse(chance.under("converse"), actors, { fresh, mayBlock }));
  if (whole.has("ksocks") && chance.happens("meet", 0.9)) steps.push(...meet(chance.under("meet"), actors, fresh));

  function socketArguments(here: Chance, kind: Descriptor["kind"]): Record<string, unknown> {
    const nonblock = mayBlock ? here.some("socket flags", ["SOCK_NONBLOCK"], 0.3) : ["SOCK_NONBLOCK"];
    const oob = here.happens("SOCK_OOB", kind === "oob" ? 0.95 : 0.6) ? ["SOCK_OOB"] : [];
    const flags = [...oob, ...nonblock, ...here.some("cloexec", ["SOCK_CLOEXEC"], 0.2)];
    if (kind === "packet") {
      const protocol = here.of("protocol", ["ETH_P_ALL", "ETH_P_IP", 0, 0x88b5]);
      return {
        family: "AF_PACKET",
        type: [here.of("type", ["SOCK_RAW", "SOCK_RAW", "SOCK_DGRAM"]), ...flags],
        protocol,
      };
    }
    if (kind === "oob")
      return {
        family: "PF_OOB",
        type: ["SOCK_DGRAM", ...flags],
        protocol: here.of("protocol", ["OOBPROTO_ECHO", "OOBPROTO_PIPE", 0]),
      };
    const family = here.happens("odd family", 0.03) ? here.of("family", ["AF_INET6", "AF_UNIX"]) : "AF_INET";
    if (kind === "stream") return { family, type: ["SOCK_STREAM", ...flags.filter((flag) => flag !== "SOCK_OOB")] };
    const raw = here.happens("raw", 0.08);
    return { family, type: [raw ? "SOCK_RAW" : "SOCK_DGRAM", ...flags], ...(raw && { protocol: "IPPROTO_ICMP" }) };
  }

  function joinOne(here: Chance): boolean {
    const one = here.of("join", background);
    if (one === undefined) return false;
    background.splice(background.indexOf(one), 1);
    one.actor.busy = undefined;
    steps.push({ join: one.name, ...(one.as !== undefined && { as: one.as }) });
    one.known();
    return true;
  }

  /** A call of a task, and what is known of the task and its table afterwards. */
  function call(here: Chance, actor: Actor, name: string): void {
    const shape = CALLS.get(name);
    assert(shape !== undefined, `${name} is a call`);
    const candidates = actor.table.filter(
      ({ kind }) => !ON_SOCKETS.has(name) || kind !== "device" || name === "oob_poll" || name === "poll",
    );
    const streams = candidates.filter(({ kind }) => kind === "stream");
    const about = here.of("about", whole.has("streams") && here.happens("a stream", 0.8) ? streams : candidates);
    const step: { -readonly [K in keyof WrittenStep]: WrittenStep[K] } = { task: actor.name, call: name };
    const kind: Descriptor["kind"] =
      name === "open"
        ? "device"
        : name === "socket" || name === "io_uring_socket" || name === "socketpair"
          ? here.of("kind", whole.has("streams") ? [...KINDS, "stream", "stream"] : KINDS)
          : (about?.kind ?? "inet");
    const given =
      name === "socket" || name === "io_uring_socket" || name === "socketpair"
        ? socketArguments(here, kind)
        : argumentsOf(name, shape.args, { actor, chance: here, about, mayBlock });
    if (Object.keys(given).length > 0) step.with = given;
    // Where calls may wait, one that does is in the background for good; others may be there for a while.
    const waits = mayBlock && WAITING.has(name);
    // What waits for a connection ends after some minutes in any case.
    const isAccept = about?.kind === "stream" && name === "accept4";
    const isBackground = waits || here.happens("background", isAccept && mayBlock ? 0.6 : 0.15);
    if (isBackground) {
      step.background = fresh("b");
      if (waits) {
        step.leave = true;
        actor.gone = true;
      } else {
        actor.busy = step.background;
        const as = isAccept ? fresh("fd") : undefined;
        const known = (): void => {
          if (as !== undefined) actor.table.push({ name: as, kind });
        };
        background.push({ name: step.background, actor, as, known });
      }
    } else if (shape.value !== undefined && ["fd"].includes(shape.value.name)) {
      const made = fresh("fd");
      step.as = made;
      actor.table.push({ name: made, kind });
    } else if (name === "fcntl" && String(given["cmd"]).startsWith("F_DUPFD")) {
      step.as = fresh("fd");
      actor.table.push({ name: String(step.as), kind });
    }
    if (name === "close" && about !== undefined && here.happens("forgotten", 0.85))
      actor.table.splice(actor.table.indexOf(about), 1);
    if (name === "exit") actor.gone = true;
    if (name === "fork") {
      const child = fresh("t");
      step.with = { ...given, child };
      const node = actor.name.includes("@") ? `@${actor.node.name}` : "";
      if (isBackground) step.with = given;
      else born(child + node, actor.node, given["flags"] === 0 ? [...actor.table] : actor.table);
    }
    steps.push(step);
  }

  /** A call about a kernel socket; nobody waits for some of them at once, and they end by themselves. */
  function ksock(here: Chance, actor: Actor): void {
    const { makes, ...drawn } = ksockStep(here, actor, fresh);
    const { as, ...step } = { task: actor.name, ...drawn };
    const known = (): void => {
      if (makes !== undefined) actor.ksocks.push(makes);
    };
    if (!here.happens("background", 0.2)) {
      steps.push({ ...step, ...(as !== undefined && { as }) });
      known();
      return;
    }
    actor.busy = fresh("b");
    background.push({ name: actor.busy, actor, as, known });
    steps.push({ ...step, background: actor.busy });
  }

  return {
    steps,
    step(here: Chance): void {
      if (here.happens("joins", 0.3) && joinOne(here)) return;
      const name = here.of("call", calls) ?? "open";
      if (name === "sleep") {
        steps.push({ sleep: here.of("for", ["1us", "50us", "1ms", "100ms", "1s"]) });
        return;
      }
      const idle = free();
      const actor = here.of("actor", idle);
      if (actor === undefined) {
        if (!joinOne(here)) steps.push({ sleep: "1ms" });
        return;
      }
      if (name === "ksock") {
        ksock(here, actor);
        return;
      }
      // The last one that is free makes a thread first: what waits must not end the story.
      const last = mayBlock && WAITING.has(name) && idle.filter(({ node }) => node === actor.node).length < 2;
      call(here, actor, last ? "fork" : name);
    },
    end(): void {
      const here = chance.under("end");
      if (here.happens("all leave", 0.6))
        for (const actor of free())
          if (here.happens(`${actor.name} leaves`, 0.8)) steps.push({ task: actor.name, call: "exit" });
    },
  };
}

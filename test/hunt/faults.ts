import { CONTRACT, type PointContract, type PointName } from "../../services/abi/contract.generated.ts";
import { loadExperiment } from "../../services/lab/load/load.ts";
import type { Chance } from "./chance.ts";
import type { RandomWorld } from "./worlds.ts";
import { textOfPlan, type WrittenFault } from "./written.ts";

const DURATIONS = ["1us", "20us", "1ms", "30ms", "400ms", "3s"] as const;

/** What an effect is drawn from. */
interface Around {
  readonly errnos: readonly string[];
  readonly chance: Chance;
  readonly world: RandomWorld;
}

/**
 * Effects on calls, as a file writes them. Not among them is what makes a house say what it did not mean (mistake, corrupt, a value of
 * the lab's, the wrong stage): a rule that such a lie breaks is no false alarm, but what rules are for.
 */
const ON_CALLS: Readonly<Record<string, (around: Around) => object>> = {
  abort: ({ errnos, chance }) => ({
    abort: chance.happens("the road", 0.1) ? { grpcStatus: "UNAVAILABLE" } : { errno: chance.of("errno", errnos) },
  }),
  delay: ({ chance: { of } }) => ({
    delay: of("kind", [{ fixed: of("delay", DURATIONS) }, { uniform: ["1us", "5ms"] }, { exp: "100us" }]),
  }),
  loseRequest: () => ({ loseRequest: true }),
  loseReply: () => ({ loseReply: true }),
  half: () => ({ half: true }),
  drop: () => ({ drop: true }),
  doubleCall: () => ({ doubleCall: true }),
  duplicate: ({ chance }) => ({ duplicate: chance.of("times", [true, { times: 3 }]) }),
  skip: () => ({ skip: true }),
  stall: ({ chance }) => ({
    stall: { until: `count(${chance.of("until", UNTIL)}) >= ${1 + chance.below("many", 4)}` },
  }),
  resource: ({ chance }) => ({ resource: { kind: chance.of("resource", ["kthread", "memory", "fd", "wmem"]) } }),
  crash: (around) => ({ crash: { ...struck(around), ...moment(around.chance) } }),
  hang: (around) => ({
    hang: { ...struck(around), for: around.chance.of("hang", DURATIONS), ...moment(around.chance) },
  }),
  pause: (around) => ({ pause: { ...struck(around), for: around.chance.of("pause", DURATIONS) } }),
  slow: (around) => ({
    slow: {
      ...struck({ ...around, world: { ...around.world, wires: [] } }),
      by: around.chance.of("by", DURATIONS),
      for: around.chance.of("slow", DURATIONS),
      ...moment(around.chance),
    },
  }),
  partition({ chance, world: { wires } }) {
    const wire = chance.happens("a wire", 0.3) ? chance.of("wire", wires) : undefined;
    return { partition: { ...(wire && { between: wire }), for: chance.of("cut", DURATIONS), ...moment(chance) } };
  },
};

/** Effects on frames that go into a link or come out of one. */
const ON_FRAMES: Readonly<Record<string, (around: Around) => object>> = {
  drop: () => ({ drop: true }),
  duplicate: () => ({ duplicate: true }),
  delay: ({ chance }) => ({ delay: { fixed: chance.of("delay", DURATIONS) } }),
  reorder: ({ chance }) => ({ reorder: { gap: 1 + chance.below("gap", 3) } }),
  corrupt: () => ({ corrupt: true }),
  bandwidth: () => ({ bandwidth: { rate: "100kbit" } }),
};

const BLOWS = ["crash", "hang", "pause", "slow", "partition"];
/** What a stalled call waits for: what the house that calls records may come, or not. */
const UNTIL = ["fd_publish", "fd_clear", "inband_create", "inband_release", "sys_close.enter"];
/** Points with the effects that have no place for them are drawn again so often. */
const TRIES = 4;

const moment = (chance: Chance): object => (chance.happens("late", 0.4) ? { moment: "before-reply" } : {});

/** Mostly the house that is called; now and then another of the node, or a switch. */
function struck({ chance, world: { wires, nodes } }: Around): object {
  if (wires.length > 0 && chance.happens("a switch", 0.1)) return { place: "lan/switch" };
  const hasNic = nodes.some(({ devices }) => devices.length > 1);
  const houses = ["companion", "inband", "vfs", ...(hasNic ? ["nic"] : [])];
  return chance.happens("another house", 0.35) ? { place: chance.of("house", houses) } : {};
}

/** The points that the boundary asks again: one call made twice there by a fault cannot be told from a receiver without memory. */
const ASKED_AGAIN = new Set(Object.values(CONTRACT).flatMap(({ name, onLost }) => (onLost === "retry" ? [name] : [])));

/** Who hands on what these answer, where the contract does not say so already. */
const HANDED_ON: Readonly<Record<string, readonly PointName[]>> = {
  oob_proto_ops: ["sock_bind", "sock_connect", "sock_shutdown", "sock_ioctl"],
  oob_driver_io: ["sys_read", "sys_write", "sys_ioctl"],
};

/**
 * The errnos that a point can refuse with, whatever it was asked for: where it stands for several operations, the errno of
 * another one is a lie, which its caller hands on.
 */
const errnosOf = ({ name, errnos }: PointContract): readonly string[] => {
  const callers = Object.values(CONTRACT).filter(
    (one) => one.answersAs.includes(name) || (HANDED_ON[name] ?? []).includes(one.name),
  );
  return errnos.filter((errno) => callers.every((one) => one.errnos.includes(errno)));
};

/** Whether the loader takes it: which effects a point can have is the contract's business, and not repeated here. */
const isPossible = (fault: WrittenFault, { written: world }: RandomWorld): boolean => {
  if ("doubleCall" in fault.effect && ASKED_AGAIN.has(fault.point as PointName)) return false;
  const steps = [{ sleep: "1us" }, ...(fault.armed === false ? [{ arm: fault.id }] : [])];
  return loadExperiment(textOfPlan({ seed: "1", world, nofile: undefined, steps, faults: [fault] }), "fault.yaml").ok;
};

function draw(
  here: Chance,
  id: string,
  kinds: readonly string[],
  points: readonly PointContract[],
  world: RandomWorld,
  about: RegExp,
): WrittenFault | undefined {
  const hasNic = world.nodes.some(({ devices }) => devices.length > 1);
  const onFrames = hasNic && here.happens("frames", 0.15);
  const hooks = here.happens("a hook", 0.75) ? points.filter(({ from }) => from !== "task") : points;
  const meant = here.happens("what it is about", 0.5) ? points.filter(({ name }) => about.test(name)) : [];
  const contract = here.of("point", meant.length > 0 ? meant : hooks);
  if (contract === undefined || (!hasNic && [contract.from, contract.to].includes("nic"))) return undefined;
  // Without tasks nothing happens.
  if (contract.name === "sys_spawn" && here.happens("no task at all", 0.9)) return undefined;
  const effects = onFrames ? ON_FRAMES : ON_CALLS;
  const kind = here.of("kind", onFrames ? Object.keys(ON_FRAMES) : kinds);
  const effect = effects[kind ?? ""];
  if (kind === undefined || effect === undefined) return undefined;
  const fault = {
    id,
    point: onFrames ? here.of("end", ["frame_send", "frame_receive"]) : contract.name,
    ...(here.happens("on one node", 0.2) && { match: { node: here.of("node", world.nodes)?.name } }),
    select: selection(here, BLOWS.includes(kind)),
    effect: effect({ errnos: errnosOf(contract), chance: here.under("effect"), world }),
    ...(here.happens("later", 0.15) && { armed: false }),
  };
  const server = { ...fault, side: "server" };
  const after = { ...fault, phase: "after" };
  const forms = here.happens("server first", 0.2)
    ? [server, fault]
    : here.happens("after first", 0.1)
      ? [after, fault]
      : [fault, server];
  return forms.find((form) => isPossible(form, world));
}

/** The points that runs of streams, or of kernel sockets, are about. */
const ABOUT: Readonly<Record<string, string>> = {
  streams: "^sock_(accept|listen|connect|sendmsg|recvmsg|shutdown|close|poll)$|^net_xmit|^nic_|^sys_accept4$",
  ksocks: "^ksock",
};

/** The faults of a run: some kinds, at some points, each with its own rate up to 80 %. */
export function randomFaults(chance: Chance, world: RandomWorld, whole: readonly string[]) {
  const about = new RegExp(whole.map((group) => ABOUT[group]).join("|") || "^$");
  const kinds = chance.some("kinds", Object.keys(ON_CALLS), 0.4);
  const points = Object.values(CONTRACT).filter(({ kind }) => kind !== "control");
  const count = chance.happens("none", 0.12) ? 0 : 1 + chance.below("count", 5);
  const faults = Array.from({ length: count }, (_, i) => {
    for (let n = 0; n < TRIES; n++) {
      const fault = draw(chance.under(`${i} ${n}`), `f${i + 1}`, kinds, points, world, about);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }).flatMap((fault) => fault ?? []);
  return { faults, armed: (id: string): number => chance.below(`armed ${id}`, 12) };
}

/** A place that dies at every second call would let nothing happen: blows strike three times at most. */
function selection({ happens, below, of }: Chance, isBlow: boolean): object {
  const times = isBlow ? { times: 1 + below("times", 3) } : {};
  if (happens("by number", isBlow ? 0.6 : 0.4)) {
    const first = 1 + below("nth", 6);
    const range = happens("a range", 0.3) ? `${first}..${happens("with an end", 0.5) ? first + 2 : ""}` : first;
    return { nth: range, ...times };
  }
  return { probability: `${of("rate", [2, 5, 10, 20, 40, 60, 80])}%`, ...times };
}

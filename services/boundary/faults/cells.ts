import {
  MESSAGES,
  type FaultKind,
  type FaultPhase,
  type FaultResource,
  type FaultSide,
  type FieldShape,
  type PointContract,
} from "../../abi/contract.generated.ts";
import type { FaultPoint } from "./points.ts";

/** Where a fault strikes. */
export interface FaultSeat {
  readonly phase: FaultPhase;
  readonly side: FaultSide;
}

/** The phases of a crossing, in their order. */
export const PHASES: readonly FaultPhase[] = ["before", "instead", "after", "around"];
/** The sides of a crossing. */
export const SIDES: readonly FaultSide[] = ["client", "server"];

/** What an effect is, in words, and at which phases on which side; the first one is meant where nothing is said. */
interface Shape {
  readonly says: string;
  readonly client: readonly FaultPhase[] | string;
  readonly server: readonly FaultPhase[] | string;
  /** At the ends of a link; else the reason why not. */
  readonly frames: readonly FaultPhase[] | string;
}

const REPLACED = ["instead", "after"] as const;
const HELD_UP = ["before", "after", "around"] as const;
const NO_ANSWER = "a frame is never answered";
const NO_CALL = "a frame is no call: it acts on nobody who could be called";
const CALLER_MAKES = "it is the house that calls which makes the call";
const A_ROAD = "a road fails for the house that calls";
const NO_LINE = "calls keep no order among themselves, each waits for its own answer; delay lets others go ahead";
const STRUCK: Pick<Shape, "client" | "server" | "frames"> = {
  client: ["before", "after"],
  server: ["before", "after"],
  frames: "a place is struck in the moment of a call, and a frame is none",
};

/** The effects. */
const SHAPES: Readonly<Record<FaultKind, Shape>> = {
  refuse: { says: "a refusal", client: REPLACED, server: REPLACED, frames: NO_ANSWER },
  answer: { says: "a value", client: REPLACED, server: REPLACED, frames: NO_ANSWER },
  road: { says: "a status of the road", client: REPLACED, server: A_ROAD, frames: NO_ANSWER },
  delay: { says: "a delay", client: HELD_UP, server: HELD_UP, frames: ["before"] },
  lose_request: {
    says: "the loss of a request",
    client: ["instead"],
    server: ["instead"],
    frames: "a frame is lost by drop",
  },
  lose_reply: { says: "the loss of a reply", client: ["after"], server: ["after"], frames: NO_ANSWER },
  double_call: { says: "a call made twice", client: ["around"], server: CALLER_MAKES, frames: NO_CALL },
  duplicate: {
    says: "a duplicate",
    client: ["around"],
    server: "what arrives twice was sent twice: it is the house that calls which sends",
    frames: ["around"],
  },
  skip: { says: "a call that is not made", client: ["instead"], server: ["instead"], frames: NO_CALL },
  crash: { says: "a crash", ...STRUCK },
  hang: { says: "a hang", ...STRUCK },
  slow: { says: "a slowness", ...STRUCK },
  partition: { says: "a partition", ...STRUCK },
  drop: {
    says: "the loss of a frame",
    client: "a call is lost as its request or its reply: lose_request, lose_reply",
    server: "a call is lost as its request or its reply: lose_request, lose_reply",
    frames: ["instead"],
  },
  reorder: { says: "a change of places", client: NO_LINE, server: NO_LINE, frames: ["before"] },
  corrupt: { says: "a corruption", client: HELD_UP, server: HELD_UP, frames: ["before"] },
  mistake: {
    says: "wrong data",
    client: HELD_UP,
    server: HELD_UP,
    frames: "a frame has no fields, its bytes can be corrupted",
  },
  bandwidth: { says: "a bound on bandwidth", client: HELD_UP, server: HELD_UP, frames: ["before"] },
  wrong_stage: {
    says: "a call from the wrong stage",
    client: ["before"],
    server: "it is the house that calls which says its stage",
    frames: "a frame says no stage",
  },
  stall: { says: "a stall", client: ["before", "after"], server: ["before", "after"], frames: NO_CALL },
  resource: {
    says: "a resource that runs out",
    client: "it is the house that is called which takes what it needs to answer",
    server: ["around"],
    frames: "a frame has its room in the ring, and where there is none it is refused without a fault",
  },
};

/** The kinds of faults, in the order of the contract. */
export const FAULT_KINDS = Object.keys(SHAPES) as readonly FaultKind[];

/** Which houses take what in the course of which calls; a test holds it against the errnos of the contract. */
export const TAKEN: Readonly<Record<FaultResource, readonly string[]>> = {
  kthread: ["netif_oob_switch_port"],
  memory: [
    "sock_oob_attach",
    "oob_open_file",
    "oob_attach_thread",
    "sock_create",
    "sys_open",
    "sys_socket",
    "sys_io_uring_socket",
  ],
  fd: ["sys_open", "sys_dup", "sys_fcntl", "sys_socket", "sys_io_uring_socket", "sys_accept4", "sys_pidfd_getfd"],
  wmem: ["sock_oob_ioctl", "oob_write", "sock_sendmsg", "inband_offload_sendmsg"],
};

/** The resources that the house which is called takes while it answers a point. */
export const resourcesOf = ({ name }: PointContract): FaultResource[] =>
  (Object.keys(TAKEN) as FaultResource[]).filter((kind) => TAKEN[kind].includes(name));

const fieldsOf = (message: string): readonly FieldShape[] =>
  (MESSAGES[message] ?? []).filter(({ name, kind, repeated }) => name !== "header" && kind !== "message" && !repeated);

/** The fields of the arguments, or of the answer, that can be wrong. */
export const dataOf = (contract: PointContract, phase: "before" | "after"): readonly FieldShape[] =>
  fieldsOf(phase === "before" ? contract.request : contract.response);

const DATA = { before: "arguments", after: "answer" } as const;

/** Why a point has not the data that an effect needs. */
function noData(contract: PointContract, kind: FaultKind, phase: FaultPhase): string | undefined {
  const bytesOnly = kind === "corrupt" || kind === "bandwidth";
  const lacking = (["before", "after"] as const).filter(
    (one) =>
      (phase === one || phase === "around") &&
      !dataOf(contract, one).some((field) => !bytesOnly || field.kind === "bytes"),
  );
  if (lacking.length === 0) return undefined;
  return `there ${bytesOnly ? "are no bytes" : "is no field"} in the ${lacking.map((one) => DATA[one]).join(" and the ")} of ${contract.name}`;
}

/** Why the contract of a point forbids an effect, wherever it strikes. */
function forbidden(contract: PointContract, kind: FaultKind): string | undefined {
  const { name, source } = contract;
  switch (kind) {
    case "refuse":
      if (contract.errnos.length > 0) return undefined;
      return contract.answers === "verdict"
        ? `${name} answers yes or no, never an errno (${source})`
        : `${name} returns nothing, so it cannot refuse (${source})`;
    case "answer":
      return dataOf(contract, "after").length > 0 ? undefined : `${name} answers no value`;
    case "skip":
      return contract.kind === "call"
        ? `${name} is a system call: it has no weak definition to fall back to`
        : undefined;
    case "wrong_stage":
      return contract.stage === "either" ? `${name} may be called from either stage` : undefined;
    case "resource":
      return resourcesOf(contract).length > 0
        ? undefined
        : `${contract.to} takes nothing that could run out to answer ${name}`;
    default:
      return undefined;
  }
}

const phasesAt = (point: FaultPoint, kind: FaultKind, side: FaultSide): readonly FaultPhase[] | string => {
  const shape = SHAPES[kind];
  if (typeof point !== "string") return shape[side];
  const { frames } = shape;
  const here = point === "frame_send" ? "client" : "server";
  if (typeof frames === "string") return frames;
  if (side !== here) return `${point} is in the house that ${here === "client" ? "sends" : "receives"} it`;
  if (kind === "reorder" && here === "server") return "what has arrived stands in its order; frame_send changes it";
  return frames;
};

/**
 * Why a fault cannot be, in one sentence; undefined when it can. Pure, and the only place that knows: the schema, the loader,
 * the fault language, the houses and the matrix all ask here.
 */
export function impossible(point: FaultPoint, kind: FaultKind, { phase, side }: FaultSeat): string | undefined {
  if (typeof point !== "string" && point.kind === "control") return "control is never a fault point";
  const never = typeof point === "string" ? undefined : forbidden(point, kind);
  if (never !== undefined) return never;
  if (typeof point !== "string" && side === "client" && point.name.endsWith("_ready"))
    return `${point.name} is what a house says first when it came back, and the rules of a house die with it; side server can strike it`;
  const phases = phasesAt(point, kind, side);
  if (typeof phases === "string") return phases;
  if (!phases.includes(phase))
    return `${SHAPES[kind].says} strikes ${phases.join(" or ")}${typeof point === "string" ? "" : " of the call"}, not ${phase}`;
  const needsData = kind === "corrupt" || kind === "mistake" || kind === "bandwidth";
  return needsData && typeof point !== "string" ? noData(point, kind, phase) : undefined;
}

/** Where an effect belongs at a point when nothing, or only a part of it, is said. */
export function seatOf(
  point: FaultPoint,
  kind: FaultKind,
  said: { readonly phase?: FaultPhase | undefined; readonly side?: FaultSide | undefined },
): FaultSeat {
  const home: FaultSide =
    point === "frame_receive" || (kind === "resource" && typeof point !== "string") ? "server" : "client";
  const side = said.side ?? home;
  const phases = phasesAt(point, kind, side);
  // Of data, the side that there is: a point without arguments can only answer wrongly.
  const fit =
    typeof phases === "string" ? [] : phases.filter((phase) => impossible(point, kind, { phase, side }) === undefined);
  const usual = fit[0] ?? (typeof phases === "string" ? undefined : phases[0]) ?? "before";
  return { side, phase: said.phase ?? usual };
}

/** Why an effect cannot be at a point at all; undefined when it can be somewhere. */
export function neverAt(point: FaultPoint, kind: FaultKind): string | undefined {
  let reason: string | undefined;
  for (const side of SIDES) {
    for (const phase of PHASES) {
      const why = impossible(point, kind, { phase, side });
      if (why === undefined) return undefined;
      reason ??= why;
    }
  }
  const { phase, side } = seatOf(point, kind, {});
  return impossible(point, kind, { phase, side }) ?? reason;
}

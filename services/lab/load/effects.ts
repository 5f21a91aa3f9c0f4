import type { Blow, FaultData, FaultDelay, FaultEffect, FaultKind, FaultPhase } from "../../abi/contract.generated.ts";
import { bitsPerSecondOf } from "../../abi/netem.ts";
import { parseDurationNs, parseRatio } from "../../abi/units.ts";
import { BLOWS } from "../../boundary/blows.ts";
import { FRAME_POINTS, readPoints } from "../../boundary/faults/points.ts";
import { EFFECTS } from "../schema/faults.ts";
import type { WrittenEffect, WrittenFault } from "./written-fault.ts";

type Effect = (typeof EFFECTS)[number];

/** The kind of fault that each word of the file means where nothing else is said. */
const KINDS = {
  abort: "refuse",
  delay: "delay",
  drop: "lose_request",
  loseRequest: "lose_request",
  loseReply: "lose_reply",
  half: "lose_reply",
  duplicate: "duplicate",
  reorder: "reorder",
  corrupt: "corrupt",
  mistake: "mistake",
  bandwidth: "bandwidth",
  skip: "skip",
  doubleCall: "double_call",
  wrongStage: "wrong_stage",
  stall: "stall",
  crash: "crash",
  hang: "hang",
  pause: "hang",
  slow: "slow",
  partition: "partition",
  resource: "resource",
} as const satisfies Record<Effect, FaultKind>;

/** The effects that have a direction, with the phase of each. */
const DIRECTED: Readonly<Partial<Record<Effect, Readonly<Record<"upstream" | "downstream", FaultPhase>>>>> = {
  abort: { upstream: "instead", downstream: "after" },
  drop: { upstream: "instead", downstream: "after" },
  delay: { upstream: "before", downstream: "after" },
  bandwidth: { upstream: "before", downstream: "after" },
  corrupt: { upstream: "before", downstream: "after" },
  mistake: { upstream: "before", downstream: "after" },
  stall: { upstream: "before", downstream: "after" },
};

const wordOf = ({ effect }: Pick<WrittenFault, "effect">): Effect =>
  EFFECTS.find((one) => effect[one] !== undefined) ?? "skip";

const detailsOf = (effect: WrittenFault["effect"], word: Effect): WrittenEffect => {
  const details = effect[word];
  return typeof details === "object" ? details : {};
};

const areFrames = ({ point }: Pick<WrittenFault, "point">): boolean => {
  const read = readPoints(typeof point === "string" ? point : point.join(", "));
  return read.ok && read.points.every((one) => FRAME_POINTS.some((frame) => frame === one));
};

/** Which kind of fault is meant. */
export function kindOf(fault: Pick<WrittenFault, "effect" | "stream" | "point" | "phase">): FaultKind {
  const word = wordOf(fault);
  const details = detailsOf(fault.effect, word);
  if (word === "abort" && details.grpcStatus !== undefined) return "road";
  if (word === "abort" && details.value !== undefined) return "answer";
  if (word !== "drop") return KINDS[word];
  if (areFrames(fault)) return "drop";
  return fault.stream === "downstream" || fault.phase === "after" ? "lose_reply" : "lose_request";
}

/** The phase that is meant; undefined: that of the effect. */
export function phaseOf(fault: WrittenFault): FaultPhase | undefined {
  const { phase, stream } = fault;
  return phase ?? (stream === undefined ? undefined : DIRECTED[wordOf(fault)]?.[stream]);
}

/** Why a direction cannot be; undefined when it can, and where none is said. */
export function streamProblem(fault: WrittenFault): string | undefined {
  const { phase, stream } = fault;
  if (stream === undefined) return undefined;
  const word = wordOf(fault);
  if (areFrames(fault)) return "a frame goes one way, and frame_send and frame_receive are its ends";
  const directed = DIRECTED[word]?.[stream];
  if (directed === undefined) return `${word} has no direction`;
  return phase === undefined || phase === directed
    ? undefined
    : `${stream} is the phase ${directed} of ${word}, and the phase says ${phase}`;
}

const nsOf = (written: string | undefined): number => (written === undefined ? 0 : (parseDurationNs(written) ?? 0));

/** The effect as rules have it. */
export function effectOf(written: WrittenFault["effect"], kind: FaultKind): FaultEffect {
  const word = wordOf({ effect: written });
  const details = detailsOf(written, word);
  const { errno, grpcStatus, fixed, by, times, gap, rate, until } = details;
  const chance = word === "delay" ? delayOf(details) : undefined;
  const data = dataIn(details);
  return {
    kind,
    ...(errno && { errno }),
    ...(grpcStatus !== undefined && { grpc_status: grpcStatus }),
    delay_ns: nsOf(fixed ?? by),
    ...(chance && { chance }),
    ...(data && { data }),
    ...(times !== undefined && { times }),
    ...(gap !== undefined && { gap }),
    ...(rate !== undefined && { rate_bps: bitsPerSecondOf(rate) ?? 0 }),
    ...(until !== undefined && { until }),
    ...(word === "resource" && details.kind !== undefined && { resource: details.kind }),
    ...(BLOWS.some((blow) => blow === kind) && { blow: blowOf(details) }),
  };
}

function delayOf({ uniform, exp, jitter, correlation }: WrittenEffect): FaultDelay | undefined {
  if (uniform === undefined && exp === undefined && jitter === undefined && correlation === undefined) return undefined;
  const share = correlation === undefined ? undefined : parseRatio(correlation);
  return {
    min_ns: nsOf(uniform?.[0]),
    max_ns: nsOf(uniform?.[1]),
    mean_ns: nsOf(exp),
    jitter_ns: nsOf(jitter),
    ...(share && { correlation: share }),
  };
}

function dataIn({ fields, values, bytes, value }: WrittenEffect): FaultData | undefined {
  if (fields === undefined && values === undefined && bytes === undefined && value === undefined) return undefined;
  const given = typeof value === "object" ? value : (values ?? {});
  return {
    fields: fields ?? [],
    values: [
      // A value alone is that of the one field that says what the call came to.
      ...(value !== undefined && typeof value !== "object" ? [{ field: "", value: String(value) }] : []),
      ...Object.entries(given).map(([field, one]) => ({ field, value: String(one) })),
    ],
    bytes: bytes ?? 0,
  };
}

function blowOf({ place, between, for: lasting, moment }: WrittenEffect): Blow {
  const [struck, peer] = between ?? [place ?? "", ""];
  return {
    place: struck,
    peer,
    for_ns: nsOf(lasting),
    ...(moment === "before-reply" && { moment: "before_reply" }),
  };
}

import { CONTRACT, type PointContract, type PointName } from "../../abi/contract.generated.ts";
import { errnoOf } from "../../abi/errno.ts";
import type { EventArgs, Scalar, TraceEvent } from "../../abi/event.ts";
import { CLOSE_RANGE, CLONE_FILES, ECHO, F, FD_CLOEXEC, nameIn, O, openFlagsText, pollText } from "../../abi/flags.ts";
import { durationText } from "../../abi/units.ts";
import { harmless } from "../look.ts";

/** The contract of a point by its name; undefined for a state change. */
export const contractOf = (point: string): PointContract | undefined =>
  Object.hasOwn(CONTRACT, point) ? CONTRACT[point as PointName] : undefined;

const flags =
  (names: Readonly<Record<string, number>>) =>
  (value: number): string =>
    Object.entries(names)
      .filter(([, bit]) => (value & bit) === bit)
      .map(([name]) => name)
      .join("|") || String(value);

const command = (value: number): string => {
  const name = nameIn(ECHO, value);
  return name === String(value) ? `0x${value.toString(16)}` : name;
};

const setflText = (value: number): string => openFlagsText(value).replace(/^O_RDONLY\|?/, "") || "0";

/** How the numbers of some fields read in words. */
const IN_WORDS: Readonly<Record<string, (value: number) => string>> = {
  "sys_open.flags": openFlagsText,
  "oob_open_file.flags": openFlagsText,
  "sys_dup3.flags": flags({ O_CLOEXEC: O.O_CLOEXEC }),
  "sys_fcntl.cmd": (value) => nameIn(F, value),
  "sys_close_range.last": (value) => (value === 0xffff_ffff ? "~0U" : String(value)),
  "sys_close_range.flags": flags(CLOSE_RANGE),
  "sys_fork.flags": flags({ CLONE_FILES }),
  "sys_ioctl.cmd": command,
  "oob_ioctl.cmd": command,
  "oob_driver_io.cmd": command,
  "oob_poll.events": pollText,
  "oob_poll.revents": pollText,
  "oob_poll.timeout_ns": (value) => (value === 0 ? "forever" : durationText(value)),
};

/** Words of the contract: they need no quotes. */
const BARE = new Set(["operation", "event", "task", "subject", "child", "from_task", "reaper"]);

/** One value of one field of a point. */
function valueText(point: string, field: string, value: Scalar): string {
  if (typeof value === "string")
    return BARE.has(field) && value !== "" ? harmless(value) : harmless(JSON.stringify(value));
  if (typeof value === "boolean") return String(value);
  return IN_WORDS[`${point}.${field}`]?.(value) ?? String(value);
}

/** A request of the in-band half to the core says only what its operation needs. */
const driverIo = (args: EventArgs, field: string): boolean =>
  ["file", "oob_data", "operation"].includes(field) ||
  { read: ["count"], write: ["data"], ioctl: ["cmd", "arg"] }[String(args["operation"])]?.includes(field) === true;

function fcntlArgs(args: EventArgs): string[] {
  const { F_DUPFD, F_DUPFD_CLOEXEC, F_SETFD, F_SETFL } = F;
  const arg = Number(args["arg"]);
  const head = [String(args["fd"]), nameIn(F, Number(args["cmd"]))];
  switch (args["cmd"]) {
    case F_DUPFD:
    case F_DUPFD_CLOEXEC:
      return [...head, String(arg)];
    case F_SETFD:
      return [...head, flags({ FD_CLOEXEC })(arg)];
    case F_SETFL:
      return [...head, setflText(arg)];
    default:
      return head;
  }
}

/**
 * The arguments of a call. System calls read as in strace, by position; hooks and services name theirs, as people do not
 * know them by heart.
 */
export function argsText({ point, args }: TraceEvent): string {
  if (point === "sys_fcntl") return fcntlArgs(args).join(", ");
  const byPosition = contractOf(point)?.kind === "call";
  return Object.entries(args)
    .filter(([field, value]) => {
      if (point === "oob_driver_io") return driverIo(args, field);
      return !(byPosition && value === "" && BARE.has(field));
    })
    .map(([field, value]) => {
      const named = !byPosition || typeof value === "boolean";
      return (named ? `${field}=` : "") + valueText(point, field, value);
    })
    .join(", ");
}

/** `open` for sys_open; everything else has the name that the contract gives it. */
export const nameText = (point: string): string =>
  contractOf(point)?.kind === "call" ? point.replace(/^sys_/, "") : harmless(point);

/** What a call answered, without the equals sign; undefined where there is nothing to say. */
export function answerText(enter: TraceEvent | undefined, exit: TraceEvent): string | undefined {
  const { point, ret, args } = exit;
  if (exit.lost !== undefined) return `lost(${exit.lost})`;
  if (ret === undefined) return undefined;
  if (ret < 0) return `-${errnoOf(ret) ?? -ret}`;
  const contract = contractOf(point);
  if (contract?.answers === "nothing") return undefined;
  if (contract?.answers === "verdict") return String(ret === 1);
  const cmd = point === "sys_fcntl" ? enter?.args["cmd"] : undefined;
  if (cmd === F.F_GETFD) return flags({ FD_CLOEXEC })(ret);
  if (cmd === F.F_GETFL) return openFlagsText(ret);
  if (point === "oob_poll") return pollText(ret);
  if (ret === 0 && typeof args["oob_data"] === "number") return String(args["oob_data"]);
  const beside = Object.entries(args).filter(
    ([field, value]) => value !== ret && value !== "" && value !== enter?.args[field],
  );
  const texts = beside.map(([field, value]) =>
    field === "data" ? valueText(point, field, value) : `${field}=${valueText(point, field, value)}`,
  );
  return [String(ret), ...texts].join(" ");
}

/** What the boundary itself notes stands under the call that it is about, and need not say which. */
const NOTES = new Set(["retry", "repeated", "contract_breach"]);

/** A text that needs no quotes to be read as one. */
const WORD = /^[\w.:/*|-]+$/;

/**
 * A state change: what it is about, then what is so now. The current task is told by the line it stands under, and so are
 * the number and the length of the frame.
 */
export function factText({ point, slice, args }: TraceEvent, task: string, frame?: TraceEvent): string {
  const note = NOTES.has(point);
  const isNews = ([key, value]: [string, unknown]): boolean =>
    !note &&
    !Object.hasOwn(args, key) &&
    !(key === "task" && value === task) &&
    !(key === "frame" && value === frame?.slice["frame"]);
  const isSame = ([key, value]: [string, unknown]): boolean => key === "bytes" && value === frame?.args["bytes"];
  const about = Object.entries(slice).filter(isNews);
  const now = Object.entries(args).filter((entry) => !(note && entry[0] === "point") && !isSame(entry));
  return [...about, ...now]
    .map(
      ([key, value]) =>
        `${key}=${typeof value === "string" && WORD.test(value) ? value : valueText(point, key, value)}`,
    )
    .join(" ");
}

import {
  CONTRACT,
  MESSAGES,
  type FieldShape,
  type PointContract,
  type PointsFrom,
  type Stage,
} from "../abi/contract.generated.ts";

/** A point that a step can call. `sys_spawn` is not among them: a task comes to life when it is first mentioned. */
export type CallPoint = Exclude<PointsFrom["task"], "sys_spawn">;

/** What an argument takes. */
type ArgKind = "number" | "duration" | "text" | "bytes" | "address" | "flag" | "file";

/** The numbers that fit, both ends included. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** An argument of a call. */
export interface ArgShape extends Range {
  readonly name: string;
  /** Its type on the wire, such as `uint32`. */
  readonly width: string;
  readonly kind: ArgKind;
  /** What stands for it when a step leaves it out; undefined: a step must say it. */
  readonly fallback: number | string | boolean | undefined;
  /** It stays absent where a step leaves it out: a NULL pointer is not the same as one to nothing. */
  readonly mayBeAbsent: boolean;
}

/** A field of what a call answers, for `as` and `expect`. All but numbers are text there; text stands for its bytes. */
export interface ValueShape {
  readonly name: string;
  readonly kind: "number" | "text" | "bytes" | "address";
}

/** A call as a workload writes it. */
export interface CallShape {
  /** `open` for `sys_open`; out-of-band calls keep their name. */
  readonly call: string;
  readonly point: CallPoint;
  readonly stage: Stage;
  readonly args: readonly ArgShape[];
  /** Its main value, the first that it answers; undefined where it answers nothing but success. */
  readonly value: ValueShape | undefined;
  /** All that it answers. */
  readonly answers: readonly ValueShape[];
}

/** Arguments that have a natural zero. For all others, zero would be a guess: descriptor 0, no bytes, no path. */
const HAS_ZERO: ReadonlySet<string> = new Set([
  ...["flags", "arg", "timeout_ns", "child", "reaper", "protocol", "priority"],
  // Zero for: what the kernel takes by itself, no gateway, no VLAN.
  ...["pool", "buffer_bytes", "metric", "gateway", "vlans", "section"],
  // Nothing to point to; the peer of the socket.
  ...["ioctl.data", "sendto.addr", "oob_sendmsg.addr"],
  // Kernel sockets: in no callback, asked for the first time, nothing beside the bytes, room as there is.
  ...["callback", "waiting", "until_ns", "taken", "nosleep", "control", "controllen", "msg_null", "revents_null"],
  ...["want_addr", "addrlen", "off", "update", "have"],
  ...["ksock_send.msgsize", "ksock_callbacks.arg", "ksock_setsockopt.optlen"],
]);
/** The runner keeps these to itself: the table that is current afterwards, and the name of a child. */
const KEPT_BY_RUNNER: ReadonlySet<string> = new Set(["header", "files", "child"]);

/** Fields that hold an address of a socket, as a sockaddr. */
const ADDRESSES: ReadonlySet<string> = new Set(["addr"]);

/** Fields whose bytes are those of a file beside the experiment. */
const FILES: ReadonlySet<string> = new Set(["program"]);

/** What each type of number holds, as far as JavaScript tells numbers apart. */
export const RANGES: Readonly<Record<string, Range>> = {
  uint32: { min: 0, max: 2 ** 32 - 1 },
  uint64: { min: 0, max: Number.MAX_SAFE_INTEGER },
  int64: { min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER },
};

const NO_RANGE: Range = { min: 0, max: Number.MAX_SAFE_INTEGER };

function argKind({ name, kind }: FieldShape): ArgKind {
  if (kind === "string") return "text";
  if (kind === "bytes") return ADDRESSES.has(name) ? "address" : FILES.has(name) ? "file" : "bytes";
  if (kind === "bool") return "flag";
  return name.endsWith("_ns") ? "duration" : "number";
}

function zeroOf(kind: ArgKind): number | string | boolean {
  switch (kind) {
    case "number":
    case "duration":
      return 0;
    case "flag":
      return false;
    case "text":
    case "bytes":
    case "address":
    case "file":
      return "";
  }
}

function argShape(call: string, field: FieldShape): ArgShape {
  const kind = argKind(field);
  // What the contract calls optional may be left out, and is then what zero stands for there.
  const hasZero = field.optional === true || HAS_ZERO.has(field.name) || HAS_ZERO.has(`${call}.${field.name}`);
  const fallback = hasZero ? zeroOf(kind) : undefined;
  const mayBeAbsent = field.optional === true && call.startsWith("ksock");
  return { name: field.name, kind, width: field.kind, fallback, mayBeAbsent, ...(RANGES[field.kind] ?? NO_RANGE) };
}

function valueShape(field: FieldShape): ValueShape {
  const kind = argKind(field);
  return { name: field.name, kind: kind === "text" || kind === "bytes" || kind === "address" ? kind : "number" };
}

function callShape(contract: PointContract): CallShape {
  const call = contract.name.replace(/^sys_/, "");
  const fields = (MESSAGES[contract.response] ?? []).filter((field) => !KEPT_BY_RUNNER.has(field.name));
  const answers = fields.map(valueShape);
  return {
    call,
    point: contract.name as CallPoint,
    stage: contract.stage,
    args: (MESSAGES[contract.request] ?? [])
      .filter(({ name }) => name !== "header")
      .map((field) => argShape(call, field)),
    value: answers[0],
    answers,
  };
}

/** Every call that a step can make, by the name it is written with. Made from the contract: nothing here repeats it. */
export const CALLS: ReadonlyMap<string, CallShape> = new Map(
  Object.values(CONTRACT)
    .filter(({ from, name }) => from === "task" && name !== "sys_spawn")
    .map(callShape)
    .map((shape) => [shape.call, shape]),
);

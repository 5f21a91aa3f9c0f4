import { CONTRACT, MESSAGES, type PointName } from "../../abi/contract.generated.ts";
import { isErrno } from "../../abi/errno.ts";
import { closest } from "../../abi/closest.ts";
import { globFits } from "./evaluate.ts";
import type { Atom, AtomError, Condition, Pattern } from "./syntax.ts";

/**
 * The facts that the houses and the boundary record, with their fields. An atom that names anything else can never be
 * true, and under `never` it would always be: so it is refused when the file is read. A test compares this list with the
 * sources and with the events of every experiment.
 */
export const FACTS: Readonly<Record<string, readonly string[]>> = {
  // boundary
  lock_wait: ["lock", "holder"],
  lock_order: ["lock", "held", "chain"],
  retry: ["point", "after", "fd", "files", "file", "sock", "sk", "dev"],
  repeated: ["point", "id", "fd", "files", "file", "sock", "sk", "dev"],
  contract_breach: ["point", "breach", "caller", "fd", "files", "file", "sock", "sk", "dev"],
  blow: ["kind", "place", "moment", "peer", "for_ns", "delay_ns", "fd", "files", "file", "sock", "sk", "dev", "frame"],
  remote_parent: ["header"],
  frame_send: ["dev", "frame", "to", "bytes"],
  frame_receive: ["dev", "frame", "bytes"],
  frame_end: ["dev", "frame", "fate"],
  // every service that listens
  peer_refused: ["address", "peer", "why", "untold"],
  // the lab, at the end of a run
  run_end: ["quiet", "waiting"],
  // what runs the places
  place_down: ["place", "why"],
  place_up: ["place", "incarnation"],
  // vfs
  task_create: ["files", "pid", "parent"],
  fd_reserve: ["files", "fd"],
  fd_unreserve: ["files", "fd", "errno"],
  fd_publish: ["files", "fd", "file", "oob_data", "close_on_exec", "displaced"],
  fd_clear: ["files", "fd", "file", "references"],
  fd_cloexec: ["files", "fd", "close_on_exec"],
  fork_copy: ["files", "fd", "file", "from"],
  files_unshare: ["files", "from"],
  files_exit: ["files"],
  file_create: ["file", "dev", "flags", "oob_data"],
  file_flags: ["file", "flags"],
  file_release: ["file", "dev", "oob_data"],
  compensate: ["file", "dev", "sk", "undoes", "why"],
  capset: ["drop"],
  // vfs and inband, when another core took the place of one
  oob_renew: ["file", "sk", "oob_data"],
  oob_lapse: ["file", "sk", "dev", "why"],
  // inband: sockets
  inband_create: ["sk", "family", "type", "protocol"],
  inband_bind: ["sk", "addr"],
  inband_unbind: ["sk", "addr"],
  inband_connect: ["sk", "addr", "peer"],
  inband_disconnect: ["sk", "addr", "peer"],
  inband_shutdown: ["sk", "how"],
  inband_release: ["sk"],
  sk_destruct: ["sk", "oob_data"],
  sock_wait: ["sk", "what"],
  sock_wake: ["sk", "by", "errno"],
  sock_take: ["sk", "file", "by_trace", "by_span"],
  // inband: devices
  device_change: ["dev", "what"],
  neighbour_change: ["dev", "address", "from", "to"],
  route_change: ["dev", "what", "destination", "gateway", "metric"],
  oob_port: ["dev", "enabled"],
  relay_xmit: ["dev", "frame"],
  // companion
  index_add: ["files", "fd", "file", "oob_data"],
  index_remove: ["files", "fd", "file"],
  index_repoint: ["files", "fd", "file", "displaced"],
  index_duplicate: ["files", "fd", "file", "first"],
  index_unknown: ["files", "fd", "file", "oob_data"],
  index_stale: ["files", "fd", "file"],
  oob_enter: ["files", "fd", "file", "inside"],
  oob_wait: ["files", "fd", "file", "sk", "count"],
  oob_wake: ["files", "fd", "file", "sk", "bytes", "errno"],
  poll_wait: ["files", "fd", "file", "events"],
  poll_wake: ["files", "fd", "file", "revents", "errno"],
  crossing_wait: ["file", "inside"],
  crossing_pass: ["file"],
  efile_open: ["file", "dev", "oob_data"],
  efile_flags: ["file", "flags"],
  efile_free: ["file", "inside"],
  efile_unknown: ["file", "oob_data"],
  sk_attach: ["sk", "file", "oob_data", "protocol"],
  sk_bind: ["sk", "local"],
  sk_connect: ["sk", "peer"],
  sk_shutdown: ["sk", "how"],
  sk_release: ["sk", "file"],
  sk_destroy: ["sk"],
  sk_free: ["sk", "refs"],
  sk_unknown: ["sk", "file", "hook", "oob_data"],
  port_enable: ["dev", "real", "vlan", "path"],
  port_disable: ["dev", "real"],
  port_wait: ["dev", "inside"],
  vlan_map: ["vlans"],
  front_route: ["dev", "destination", "forget"],
  front_neighbour: ["dev", "address", "reachable"],
  oob_accept: ["dev", "frame", "bytes"],
  oob_xmit: ["sk", "dev", "frame", "path", "bytes"],
  oob_offload: ["sk", "bytes"],
  oob_offload_end: ["sk", "bytes", "errno"],
  thread_attach: [],
  thread_detach: ["why"],
  // nic
  diversion_on: ["dev"],
  diversion_off: ["dev", "offered"],
  oob_taken: ["dev", "frame"],
  oob_deferred: ["dev", "frame", "why"],
  napi_complete: ["dev", "frames"],
  frame_fault: ["dev", "frame", "kind"],
  frame_replay: ["dev", "frame"],
  netem_refused: ["dev", "why"],
  ring_mended: ["dev", "kind"],
};

/** What every event has, and what a condition may ask besides. */
const EVERYWHERE = ["ret", "lost", "fault", "stage", "service", "node", "point", "phase", "holds", "task", "reason"];

const POINTS = Object.values(CONTRACT).filter(({ kind }) => kind !== "control");

const fieldsOfPoint = (point: PointName): readonly string[] => {
  const { request, response, slice } = CONTRACT[point];
  const fields = [...(MESSAGES[request] ?? []), ...(MESSAGES[response] ?? [])].map(({ name }) => name);
  return [...slice, ...fields.filter((name) => name !== "header")];
};

/** Every name that an event can have, with its fields. */
const CROSSINGS: ReadonlyMap<string, readonly string[]> = new Map(
  POINTS.map(({ name }) => [name, fieldsOfPoint(name)]),
);

const WORDS: Readonly<Record<string, readonly string[]>> = {
  lost: ["timeout", "unreachable", "garbled", "rejected"],
  stage: ["inband", "oob"],
  service: ["task", "vfs", "inband", "companion", "nic", "lab"],
  phase: ["enter", "exit", "fact"],
};

/** Every field that any event can have. */
export const FIELDS: readonly string[] = [
  ...new Set([...EVERYWHERE, ...[...CROSSINGS.values()].flat(), ...Object.values(FACTS).flat()]),
];

/** What in an atom names nothing that there is; empty when all is known. */
export const strangersIn = (atom: Atom): readonly AtomError[] => atom.patterns.flatMap(strangersInPattern);

function strangersInPattern(pattern: Pattern): readonly AtomError[] {
  const { name, phase, offset } = pattern;
  const crossings = phase === "fact" ? [] : [...CROSSINGS.keys()];
  const facts = phase === "enter" || phase === "exit" ? [] : Object.keys(FACTS);
  const known = [...crossings, ...facts];
  const meantBy = known.filter((one) => globFits(name, one));
  if (meantBy.length === 0) {
    const what =
      phase === undefined
        ? "a point of the contract or a fact"
        : phase === "fact"
          ? "a fact"
          : "a point of the contract";
    return [{ offset, found: name, allowed: `the name of ${what}`, ...hintOf(name, known) }];
  }
  const fields = [...new Set([...EVERYWHERE, ...meantBy.flatMap((one) => CROSSINGS.get(one) ?? FACTS[one] ?? [])])];
  return pattern.conditions.flatMap((condition) => strangersInCondition(condition, name, fields));
}

/** What is wrong with a condition on one of these fields. */
export function strangersInCondition(
  condition: Condition,
  of: string,
  fields: readonly string[],
): readonly AtomError[] {
  const { field, value, offset } = condition;
  if (!fields.includes(field)) {
    const own = fields.filter((known) => !EVERYWHERE.includes(known));
    const allowed = `a field of ${of}: ${[...own, ...EVERYWHERE].join(", ")}`;
    return [{ offset, found: field, allowed, ...hintOf(field, fields) }];
  }
  const words = WORDS[field];
  if (words !== undefined && !words.includes(value.text)) {
    return [
      { offset: value.offset, found: value.text, allowed: `one of ${words.join(", ")}`, ...hintOf(value.text, words) },
    ];
  }
  if (field === "ret" && value.number === undefined && !isErrno(value.text)) {
    return [{ offset: value.offset, found: value.text, allowed: "a number or an errno such as ENOMEM" }];
  }
  return [];
}

function hintOf(found: string, known: readonly string[]): { hint?: string } {
  const word = closest(found, known);
  return word === undefined ? {} : { hint: `did you mean ${word}?` };
}

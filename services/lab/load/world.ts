import { PAIR, SINGLE, type NodeSpec, type Topology } from "../../abi/topology.ts";
import { listed } from "../schema/words.ts";
import { NAMED_WORLDS, worldSchema } from "../schema/world.ts";
import { readDocument, type SourceDocument } from "./document.ts";
import { meant, type LoadError } from "./errors.ts";
import { errorsOf } from "./issues.ts";
import { besideFile, inOrder, type ReadText } from "./source.ts";
import { stagesOf } from "./stages.ts";
import { checkWorld, PLUGS } from "./world-check.ts";
import type { WrittenNode, WrittenWorld } from "./written.ts";

/** A world, or all that is wrong with it. */
export type LoadedWorld =
  { readonly ok: true; readonly topology: Topology } | { readonly ok: false; readonly errors: readonly LoadError[] };

const NAMED: Readonly<Record<(typeof NAMED_WORLDS)[number], Topology>> = { pair: PAIR, single: SINGLE };

/** The world of this name; undefined where it can only be the path of a file. */
export const namedWorld = (name: string): Topology | undefined =>
  Object.hasOwn(NAMED, name) ? NAMED[name as keyof typeof NAMED] : undefined;

/** Reads a world by name, or from a file. */
export async function readWorld(name: string, readText: ReadText): Promise<LoadedWorld> {
  const known = namedWorld(name);
  if (known !== undefined) return { ok: true, topology: known };
  const read = await readText(name);
  if (read.ok) return loadWorld(read.text, name);
  const allowed = `${listed(NAMED_WORLDS)}, or the path of a world file`;
  const place = { file: name, line: 0, column: 0, path: "" };
  return { ok: false, errors: [{ ...place, found: read.reason, allowed, ...meant(name, NAMED_WORLDS) }] };
}

/** Reads and checks the text of a world file. */
export function loadWorld(text: string, file: string): LoadedWorld {
  const read = readDocument(text, file);
  if (!read.ok) return read;
  const { document } = read;
  const shape = worldSchema.safeParse(document.data);
  if (!shape.success) return { ok: false, errors: inOrder(errorsOf(document, shape.error.issues)) };
  const errors: LoadError[] = [];
  const { spec } = document.data as { readonly spec: WrittenWorld };
  const topology = readTopology(document, ["spec"], spec, errors);
  return errors.length === 0 ? { ok: true, topology } : { ok: false, errors: inOrder(errors) };
}

/** The topology that a written world means. What is wrong with it is told, and the rest is read all the same. */
export function readTopology(
  document: SourceDocument,
  path: readonly PropertyKey[],
  written: WrittenWorld,
  errors: LoadError[],
): Topology {
  const topology: Topology = {
    nodes: Object.entries(written.nodes).map(([name, node], i) => nodeOf(document.file, name, i + 1, node)),
    switches: (written.switches ?? []).map((name) => ({ name })),
    ...(written.stages && { stages: stagesOf(written.stages) }),
  };
  checkWorld(topology, (inside, found, allowed, words) =>
    errors.push(document.error([...path, ...inside], { found, allowed, ...meant(found, words) })),
  );
  return topology;
}

const MTU = 1500;

const hex = (number: number): string => number.toString(16).padStart(2, "0");

/** @param number the node's, from 1. */
function nodeOf(file: string, name: string, number: number, written: WrittenNode): NodeSpec {
  return {
    name,
    netOob: written.config?.NET_OOB ?? true,
    ...(written.ksock && {
      ksock: { illumosQuirks: false, linuxCloseRst: false, linuxShutdownRead: false, ...written.ksock },
    }),
    nics: (written.nics ?? []).map((nic, i) => ({
      name: nic.name,
      driver: nic.driver,
      mac: nic.mac?.toLowerCase() ?? `02:00:00:00:${hex(i)}:${hex(number)}`,
      mtu: nic.mtu ?? MTU,
      wire: PLUGS.get(nic.wire) ?? nic.wire,
      netem: nic.netem ?? "",
      capture: nic.capture ?? "",
      // What is read stands beside the file that names it; what is written goes where the user is.
      replay: nic.replay === undefined ? "" : besideFile(file, nic.replay),
    })),
    vlans: written.vlans ?? [],
    addresses: Object.entries(written.addresses ?? {}).flatMap(([dev, addresses]) =>
      addresses.map((address) => ({ dev, address })),
    ),
    routes: (written.routes ?? []).map(({ destination, gateway = "", dev, metric = 0 }) => ({
      destination: destination === "default" ? "0.0.0.0/0" : destination,
      gateway,
      dev,
      metric,
    })),
  };
}

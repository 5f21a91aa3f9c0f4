import { appendFileSync, closeSync, openSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { NodeSpec, Topology } from "../abi/topology.ts";
import type { NicPorts } from "../nic/card.ts";
import { createPcapngWriter } from "../nic/capture/pcapng-writer.ts";
import { readCapture } from "../nic/capture/read-capture.ts";
import type { Capture } from "../nic/wires/captured.ts";

type FilesOfNics = Pick<NicPorts, "captures" | "replays">;

/**
 * Opens the files that the NICs of a node are captured to, and reads those that they replay. That they can be opened and read
 * was asked before (`fileProblem`); what goes wrong since is thrown.
 *
 * @param epochMs the wall clock's time when the world booted; undefined where time is virtual, and files say 1970.
 */
export function filesOfNics({ name, nics }: NodeSpec, epochMs: number | undefined): FilesOfNics {
  const captures = nics.flatMap(({ name: dev, driver, capture }) => {
    if (capture === "") return [];
    writeFileSync(capture, "");
    // Frame by frame, and closed in between: the file is complete however and whenever the process ends, and nothing is open.
    const writer = createPcapngWriter((chunk) => appendFileSync(capture, chunk), {
      application: "tenon",
      hardware: `node ${name}`,
      ...(epochMs !== undefined && { epochNs: BigInt(Math.round(epochMs * 1000)) * 1000n }),
    });
    const number = writer.addInterface({ name: `${name}/${dev}`, description: driver });
    const take: Capture = (bytes, direction, timeNs, frame, comment) =>
      writer.packet(number, { bytes, timeNs, direction, frame, ...(comment !== undefined && { comment }) });
    return [[dev, take] as const];
  });
  const replays = nics.flatMap(({ name: dev, replay }) => {
    if (replay === "") return [];
    const read = readCapture(readFileSync(replay));
    if (!read.ok) throw new Error(`${replay}: ${read.why}`);
    return [[dev, [...read.frames].sort((a, b) => a.timeNs - b.timeNs)] as const];
  });
  return { captures: new Map(captures), replays: new Map(replays) };
}

const besideOf = (trace: string): string => trace.replace(/\.jsonl$/, "");

/** A topology whose NICs are captured to files beside a trace, `TRACE.NODE.DEVICE.pcapng`; those that have a file keep it. */
export const capturedBeside = (topology: Topology, trace: string): Topology => ({
  ...topology,
  nodes: topology.nodes.map((node) => ({
    ...node,
    nics: node.nics.map((nic) => {
      const [of, dev] = [node.name, nic.name].map((name) => name.replaceAll(/[^\w-]/g, "_"));
      return nic.capture === "" ? { ...nic, capture: `${besideOf(trace)}.${of}.${dev}.pcapng` } : nic;
    }),
  })),
});

/** The captures that `capturedBeside` has made beside a trace. */
export function capturesBeside(trace: string): string[] {
  const folder = dirname(trace);
  const begin = `${basename(besideOf(trace))}.`;
  return readdirSync(folder)
    .filter((name) => name.startsWith(begin) && /^[\w-]+\.[\w-]+\.pcapng$/.test(name.slice(begin.length)))
    .sort()
    .map((name) => join(folder, name));
}

/** Why a file of a world cannot be written or read, in one line; undefined when all can. */
export function fileProblem({ nodes }: Topology): string | undefined {
  for (const node of nodes) {
    for (const { name, capture, replay } of node.nics) {
      const of = `the NIC ${name} of ${node.name}`;
      try {
        if (capture !== "") closeSync(openSync(capture, "a"));
        const read = replay === "" ? undefined : readCapture(readFileSync(replay));
        if (read?.ok === false) return `${of} replays ${replay}: found ${read.why}, allowed is a pcap or pcapng file`;
      } catch (error) {
        const why = (error as NodeJS.ErrnoException).code ?? String(error);
        return `${of}: found ${capture === "" ? replay : capture} (${why}), allowed is a file that can be ${capture === "" ? "read" : "written"}`;
      }
    }
  }
  return undefined;
}

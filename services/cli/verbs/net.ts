import { didYouMean } from "../../abi/closest.ts";
import type { NetworkDevice, PointArgs, PointsFrom, PointValues } from "../../abi/contract.generated.ts";
import { AF, EVL_SOCKIOC, SO, SOCK, SOL } from "../../abi/flags.ts";
import type { Result } from "../../abi/result.ts";
import type { Network, Outcome } from "../backend.ts";
import { harmless } from "../look.ts";
import type { FilterOrder } from "../net/filter.ts";
import { letterProblem, queryLines } from "../net/query.ts";
import { solicitProblem, solicitRequest } from "../net/solicit.ts";
import { EXIT, type ExitCode, type Tools } from "../tools.ts";
import { withKernel, type KernelOptions } from "./kernel.ts";

/** What `tenon net` was given; the letters are those of `evl net`. */
export interface NetOptions extends KernelOptions {
  readonly node?: string;
  readonly interface?: string;
  readonly enable?: true;
  readonly disable?: true;
  readonly poolsz?: number;
  readonly bufsz?: number;
  /** The file; true: none, and the program is removed. */
  readonly filter?: string | true;
  readonly section?: string;
  readonly solicit?: string;
  readonly solicitPermanent?: string;
  readonly gateways?: true;
  /** The letters; true: all. */
  readonly query?: string | true;
  /** The list; true: none. */
  readonly setVlans?: string | true;
  readonly showVlans?: true;
}

/** Makes calls on a node as one task. */
type Caller = <P extends PointsFrom["task"]>(
  point: P,
  args: PointArgs[P],
  files?: number,
) => Promise<Outcome<Result<PointValues[P]>>>;

/** What a step of the verb came to: nothing, or a line that says why it failed. */
type Step = (known: Known) => Promise<string | undefined>;

interface Known {
  readonly node: string;
  readonly network: Network;
  /** The device of `-i`, as the in-band stack knows it. */
  readonly device: NetworkDevice | undefined;
  readonly call: Caller;
}

/** Who makes the calls. */
const TASK = "tenon-net";

const VERBS = "-e, -d, -F, -s, -S, -Q, -N, -n";

/** What cannot be asked for together, or is missing; undefined for nothing. */
function usageProblem(options: NetOptions): string | undefined {
  const { enable, disable, filter, query, solicit, solicitPermanent, setVlans, showVlans } = options;
  const { poolsz, bufsz, section, gateways } = options;
  const asks = solicit ?? solicitPermanent;
  const needs = { "-e": enable, "-d": disable, "-F": filter, "-Q": query };
  const [lacking] = Object.entries(needs).find(([, given]) => given !== undefined) ?? [];
  if ([enable, disable, filter, query, asks, setVlans, showVlans].every((one) => one === undefined))
    return `nothing is asked for; allowed is one or more of ${VERBS}`;
  if (lacking !== undefined && options.interface === undefined)
    return `${lacking} is about a network device: say which with -i, such as -i eth0`;
  if (enable === undefined && (poolsz !== undefined || bufsz !== undefined)) return "-p and -b go with -e";
  if (filter === "") return "-F: found an empty name, allowed is that of a file; -F alone removes";
  if (typeof filter !== "string" && section !== undefined) return "--section goes with -F and a file";
  if (asks === undefined && gateways !== undefined) return "-g goes with -s or -S";
  if (solicit !== undefined && solicitPermanent !== undefined) return "-s and -S solicit one host: found both";
  return (
    (typeof query === "string" ? letterProblem(query) : undefined) ??
    (asks === undefined ? undefined : solicitProblem(asks))
  );
}

/** What was refused, in words; undefined when it was not. */
function refusal(what: string, outcome: Outcome<Result<unknown>>): string | undefined {
  if (!outcome.ok) return outcome.trouble.lines.join("; ");
  return outcome.value.ok ? undefined : `${what}: ${outcome.value.errno}`;
}

/** What `-F` asks for. Who does not ask for it loads no verifier. */
const orderOf = async ({ backend }: Tools, file: string | true, section: string): Promise<Outcome<FilterOrder>> =>
  (await import("../net/filter.ts")).filterOrder(backend, file, section);

/** Why a device may have no filter, for those who ask for one. */
const filterHint = ({ below = "" }: Partial<NetworkDevice>): string =>
  below === "" ? "a real device can have one, while it is an out-of-band port" : `the input is that of -i ${below}`;

/**
 * The steps in the order in which `evl net` takes them, whatever the order of the letters.
 *
 * @param filter what is attached; undefined: nothing is.
 */
function stepsOf(options: NetOptions, filter: FilterOrder | undefined, tools: Tools): Step[] {
  const { enable, disable, poolsz = 0, bufsz = 0, setVlans, showVlans, query, solicit, solicitPermanent } = options;
  const dev = options.interface ?? "";
  const { print, look } = tools;
  const port = async ({ call }: Known, enabled: boolean): Promise<string | undefined> =>
    refusal(
      `${dev} cannot ${enabled ? "become" : "end being"} an out-of-band port`,
      await call("net_oob_port", { dev, enabled, pool: poolsz, buffer_bytes: bufsz }),
    );
  const steps: Step[] = [];
  if (disable !== undefined) steps.push((known) => port(known, false));
  if (enable !== undefined) steps.push((known) => port(known, true));
  if (filter !== undefined)
    steps.push(async ({ call, device = {} }) =>
      refusal(
        `the filter of ${dev} cannot be ${filter.program.length === 0 ? "removed" : "set"} (${filterHint(device)})`,
        await call("oob_net_filter", { dev, ...filter }),
      ),
    );
  if (setVlans !== undefined) {
    const vlans = setVlans === true ? "" : setVlans;
    steps.push(async ({ call }) =>
      refusal(
        `the VLAN map cannot be ${vlans} (a list of ids from 2 to 4094, such as 42-45,100)`,
        await call("oob_net_vlans", { vlans }),
      ),
    );
  }
  if (showVlans !== undefined)
    steps.push(async ({ network, node }) => {
      const map = network.vlan_maps.find((one) => (one.node ?? "") === node);
      const vlans = setVlans === undefined ? (map?.vlans ?? "") : setVlans === true ? "" : setVlans;
      print(options.json === undefined ? harmless(vlans) : JSON.stringify({ node, vlans }));
      return undefined;
    });
  const peer = solicit ?? solicitPermanent;
  if (peer !== undefined)
    steps.push((known) =>
      solicitFrom(known, peer, { permanent: solicitPermanent !== undefined, mayRoute: options.gateways !== undefined }),
    );
  if (query !== undefined)
    steps.push(async ({ network, node, device }) => {
      // A VLAN device stands on the real one, which has the buffers and the counts.
      const real = device === undefined || device.below === "" ? dev : device.below;
      const found = network.oob_devices.find((one) => one.dev === real && (one.node ?? "") === node);
      if (found === undefined)
        return `${dev} is no out-of-band port, so that there is nothing to be told of it; -e makes it one`;
      if (options.json !== undefined) print(JSON.stringify(found, undefined, 2));
      else print(...queryLines(found, query === true ? "" : query).map((line) => look.plain(line)));
      return undefined;
    });
  return steps;
}

/** Asks a neighbour who it is, from a socket of a task that lives only for that. */
async function solicitFrom(
  { call, device }: Known,
  peer: string,
  how: { readonly permanent: boolean; readonly mayRoute: boolean },
): Promise<string | undefined> {
  const spawned = await call("sys_spawn", { name: TASK });
  if (!spawned.ok || !spawned.value.ok) return refusal("no task can be started on the node", spawned);
  const { files } = spawned.value.value;
  try {
    const type = SOCK.SOCK_DGRAM | SOCK.SOCK_OOB;
    const opened = await call("sys_socket", { family: AF.AF_INET, type, protocol: 0 }, files);
    if (!opened.ok || !opened.value.ok) return refusal("no out-of-band UDP socket can be made", opened);
    const { fd } = opened.value.value;
    if (device !== undefined) {
      const bind = { fd, level: SOL.SOL_SOCKET, optname: SO.SO_BINDTOIFINDEX, value: device.ifindex };
      const bound = refusal(`the socket cannot be bound to ${device.dev}`, await call("sys_setsockopt", bind, files));
      if (bound !== undefined) return bound;
    }
    const data = solicitRequest(peer, how);
    const cmd = EVL_SOCKIOC.EVL_SOCKIOC_SOLICIT;
    return refusal(`${peer} did not respond`, await call("sys_ioctl", { fd, cmd, arg: 0, data }, files));
  } finally {
    await call("sys_exit", { reaper: "" }, files);
  }
}

/** `tenon net`: `evl net` on a node of a running kernel. */
export async function net(tools: Tools, options: NetOptions): Promise<ExitCode> {
  const { invalid, complain } = tools;
  const problem = usageProblem(options);
  if (problem !== undefined) return invalid(problem);
  const { filter: file, section = "" } = options;
  const filter = file === undefined ? undefined : await orderOf(tools, file, section);
  if (filter?.ok === false) return complain(filter.trouble);
  return withKernel(tools, options, async (control) => {
    const told = await control.network();
    if (!told.ok) return complain(told.trouble);
    const devices = told.value.devices.filter(({ house }) => house === "inband" || house === undefined);
    const nodes = [...new Set(devices.map(({ node = "" }) => node))];
    const node = options.node ?? nodes[0] ?? "";
    if (!nodes.includes(node)) {
      const there = nodes.length === 0 ? "none tells of a network" : `nodes: ${nodes.join(", ")}`;
      return invalid(`no node ${node}${didYouMean(node, nodes)} (${there})`);
    }
    const own = devices.filter((one) => (one.node ?? "") === node);
    const device = own.find(({ dev }) => dev === options.interface);
    if (options.interface !== undefined && device === undefined) {
      const there = own.map(({ dev }) => dev);
      return invalid(
        `${node}: no device ${options.interface}${didYouMean(options.interface, there)} (devices: ${there.join(", ")})`,
      );
    }
    const call: Caller = (point, args, files = 0) => control.call({ node, task: TASK, files }, point, args);
    for (const step of stepsOf(options, filter?.value, tools)) {
      const now = await control.network();
      if (!now.ok) return complain(now.trouble);
      const why = await step({ node, network: now.value, device, call });
      if (why === undefined) continue;
      complain({ kind: "invalid", lines: [`${node}: ${why}`] });
      return EXIT.fail;
    }
    return EXIT.pass;
  });
}

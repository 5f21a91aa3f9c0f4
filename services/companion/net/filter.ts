import type { Context } from "../../abi/context.ts";
import { u16 } from "../../abi/packet/bytes.ts";
import type { PacketFilter } from "../../bpf/load-filter.ts";
import { translate } from "../../bpf/translate/translate.ts";
import { EVL_RX, verdictText, type RxProgram } from "../model/input-filter.ts";
import type { Core } from "../state.ts";
import type { Diversion } from "./state.ts";

/** Where the type field of an Ethernet header is. */
const TYPE_AT = 12;

/** In-band, oob.ports held. Attaches a program to a diverted device, in place of the one that is there. */
export function attachFilter(
  core: Core,
  dev: string,
  diversion: Diversion,
  filter: PacketFilter,
  context: Context,
): void {
  detachFilter(core, dev, diversion, "replaced", context);
  const { program, classic } = filter;
  const { clock, random, events } = core.kit;
  const machine = {
    nowNs: () => BigInt(clock.nowNs()),
    random32: () => Math.floor(random.fraction(`filter/${dev}`) * 2 ** 32),
  };
  diversion.program = { name: program.name, classic, runnable: translate(program, machine) };
  events.fact(context, "filter_attach", { dev }, { program: program.name, insns: program.insns.length, classic });
}

/** In-band, oob.ports held. Takes the program of a device away, if it has one. */
export function detachFilter(core: Core, dev: string, diversion: Diversion, why: string, context: Context): void {
  const { program } = diversion;
  if (program === undefined) return;
  diversion.program = undefined;
  core.kit.events.fact(context, "filter_detach", { dev }, { program: program.name, why });
}

/**
 * Either stage. What a device's program says of one frame that is offered, as the filter asks for it; undefined: it has none.
 *
 * A classic program says how many bytes of a packet it wants, and no verdict: any is ACCEPT, and none is SKIP, so that the frames that an
 * expression of tcpdump matches are the core's, and all others stay in-band.
 */
export function rxProgram(
  core: Core,
  { program }: Diversion,
  { dev, frame }: { readonly dev: string; readonly frame: number },
  context: Context,
): RxProgram | undefined {
  if (program === undefined) return undefined;
  return (bytes) => {
    const ifindex = core.net.ports.get(dev)?.ifindex ?? 0;
    const protocol = bytes.length < TYPE_AT + 2 ? 0 : u16(bytes, TYPE_AT);
    const value = program.runnable.run(bytes, { ifindex, protocol }) >>> 0;
    const action = !program.classic ? value : value === 0 ? EVL_RX.EVL_RX_SKIP : EVL_RX.EVL_RX_ACCEPT;
    core.kit.events.fact(context, "filter_verdict", { dev, frame }, { value, verdict: verdictText(action) });
    return action;
  };
}

import type { Ipv4Address } from "../../../abi/packet/ipv4-address.ts";
import { INADDR_ANY } from "../../../abi/packet/ipv4-address.ts";
import { fail, ok, type Result } from "../../../abi/result.ts";
import { tellRoute } from "./ip-output.ts";
import { performNeighbourSteps } from "./neighbour-steps.ts";
import type { Path } from "../path.ts";
import { routeOutput } from "./route-output.ts";
import type { StackState } from "./state.ts";
import { step, type Outcome } from "./step.ts";

/** Whom somebody wants to find. */
interface Wanted {
  readonly address: Ipv4Address;
  /** The device that it must be reached by; 0: any. */
  readonly ifindex: number;
  /** Whether the way may lead through a router. */
  readonly mayRoute: boolean;
}

/** The way to an address, which whoever learns routes is told. ENETUNREACH, EHOSTUNREACH; a router that must not be: the first. */
export const wayTo = (
  state: StackState,
  { address, ifindex, mayRoute }: Wanted,
  allowed: (ifindex: number) => boolean,
  nowNs: number,
): Outcome<Result<Path, "ENETUNREACH" | "EHOSTUNREACH" | "ENODEV">> =>
  step(state, nowNs, (run) => {
    const path = routeOutput(state, address, { source: INADDR_ANY, ifindex });
    if (!path.ok) return path;
    if (path.value.nexthop !== path.value.destination && !mayRoute) return fail("ENETUNREACH");
    if (!allowed(path.value.device.ifindex)) return fail("ENODEV");
    tellRoute(run, path.value);
    return ok(path.value);
  });

/** Whether there is somebody to be asked for the link address of the next hop. */
export const hasNeighbour = ({ kind, device }: Path): boolean => kind === "unicast" && device.kind.t !== "loopback";

/** Asks the next hop for its link address. ENOENT: no room for one more neighbour. */
export const askNeighbour = (
  state: StackState,
  { device, nexthop }: Path,
  nowNs: number,
): Outcome<Result<undefined, "ENOENT">> =>
  step(state, nowNs, (run) => {
    const steps = state.neighbours.solicit(device.ifindex, nexthop, nowNs);
    if (!steps.ok) return fail("ENOENT");
    performNeighbourSteps(run, steps.value);
    return ok(undefined);
  });

/** The neighbour behind a way stays known, as it is now. False: it is not known. */
export const keepNeighbour = (state: StackState, { device, nexthop }: Path, nowNs: number): Outcome<boolean> =>
  step(state, nowNs, (run) => {
    const mac = state.neighbours.macOf(device.ifindex, nexthop);
    if (mac === undefined) return false;
    const steps = state.neighbours.setPermanent(device.ifindex, nexthop, mac, nowNs);
    if (steps.ok) performNeighbourSteps(run, steps.value);
    return steps.ok;
  });

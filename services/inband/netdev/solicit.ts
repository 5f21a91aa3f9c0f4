import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { parseIpv4Address } from "../../abi/packet/ipv4-address.ts";
import { fail, ok } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Kernel } from "../kernel.ts";
import type { Path } from "../model/path.ts";
import { askNeighbour, hasNeighbour, keepNeighbour, wayTo } from "../model/stack/solicit.ts";

/** The delay before a first probe, and a second more (facts/dovetail 6.8). */
const TIMEOUT_NS = 6_000_000_000;

/**
 * The core wants to know the way to an address, and the neighbour behind it. In-band, no lock held; waits for the neighbour, and
 * then until the core has been told.
 *
 * Errors: EINVAL, no address; ENETUNREACH, no route, or one through a router that must not be; EHOSTUNREACH; ENODEV: the way
 * leads through no out-of-band port; ENOENT: no room for one more neighbour; ETIMEDOUT: it did not answer.
 */
export async function inbandSolicit(
  kernel: Kernel,
  args: PointArgs["inband_solicit"],
  context: Context,
): Promise<Outcome<"inband_solicit">> {
  const { netdev, stack, events } = kernel;
  const address = parseIpv4Address(args.address);
  if (address === undefined) return fail("EINVAL");
  const { ifindex, may_route: mayRoute, permanent } = args;
  if (ifindex !== 0 && !netdev.oobPorts.has(ifindex)) return fail("ENODEV");
  const isPort = (of: number): boolean => netdev.oobPorts.has(of);
  const way = kernel.run(context, (nowNs) => wayTo(stack, { address, ifindex, mayRoute }, isPort, nowNs));
  if (!way.ok) return way;
  const path = way.value;
  const state = stack.neighbours.stateOf(path.device.ifindex, path.nexthop);
  events.fact(context, "solicit", { dev: path.device.name }, { address: args.address, state });
  if (hasNeighbour(path)) {
    const asked = kernel.run(context, (nowNs) => askNeighbour(stack, path, nowNs));
    if (!asked.ok) return asked;
    if (!(await answered(kernel, path))) return fail("ETIMEDOUT");
    if (permanent) kernel.run(context, (nowNs) => keepNeighbour(stack, path, nowNs));
  }
  await netdev.front.last;
  return ok({});
}

/** Waits until the neighbour behind a way can be reached, in bounds. */
async function answered(kernel: Kernel, { device: { ifindex }, nexthop }: Path): Promise<boolean> {
  const { netdev, stack, kit } = kernel;
  const known = (): boolean => stack.neighbours.macOf(ifindex, nexthop) !== undefined;
  if (known()) return true;
  return new Promise((resolve) => {
    const end = (found: boolean): void => {
      timer.cancel();
      netdev.solicitors.delete(look);
      resolve(found);
    };
    const look = (): void => {
      if (known()) end(true);
    };
    const timer = kit.clock.after(TIMEOUT_NS, () => end(false));
    netdev.solicitors.add(look);
  });
}

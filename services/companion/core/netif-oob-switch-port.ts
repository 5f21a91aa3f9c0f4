import type { Context } from "../../abi/context.ts";
import type { PointArgs, PointValues } from "../../abi/contract.generated.ts";
import { MAC_BYTES, macAt } from "../../abi/packet/mac.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { runsOut } from "../../boundary/resources.ts";
import { pass } from "../gate.ts";
import { Crossing } from "../model/crossing.ts";
import { poolSizes } from "../model/buffer-pool.ts";
import { divert, undivert } from "../net/diversion.ts";
import { LOOPBACK, portsOver, type OobPort } from "../net/state.ts";
import { purgePool, startTransmitter, stopTransmitter } from "../net/transmit-thread.ts";
import type { Core } from "../state.ts";
import { wakeReady } from "../watch.ts";

type Args = PointArgs["netif_oob_switch_port"];
type SwitchErrno = "ENETDOWN" | "EINVAL" | "EOPNOTSUPP" | "ENOMEM" | "ENXIO" | "EIO";

/**
 * in-band, rtnl held; waits for the NIC house, and when it ends a port, for those who use it.
 *
 * A port that is one already, or none, stays so: no error. ENETDOWN: the device, or the real one below, is down. EINVAL: pool
 * or buffers too large. EOPNOTSUPP: no way for frames leads there, as with the loopback device. ENXIO: the NIC house does not
 * know the real device. ENOMEM: the receive thread of the real device cannot be started; all is torn down again, and the caller
 * is told (EVL forgets that, quirk Q10 of facts/dovetail). EIO: it could not be asked (facts/dovetail 6.1).
 */
export async function netifOobSwitchPort(
  core: Core,
  args: Args,
  context: Context,
): Promise<Result<PointValues["netif_oob_switch_port"], SwitchErrno>> {
  const held = await core.locks.acquire(context, "oob.ports", 0);
  if (!held.ok) return fail("EIO");
  const port = core.net.ports.get(args.dev);
  const switched = args.enabled
    ? port === undefined
      ? await enable(core, args, held.value.context)
      : ok({})
    : await disable(core, port, held.value.context);
  held.value.release();
  return switched;
}

async function enable(core: Core, args: Args, context: Context): Promise<Result<Record<string, never>, SwitchErrno>> {
  const { net, ports } = core;
  const { dev, ifindex, real, vlan_id, mac, mtu, capable } = args;
  if (!args.running) return fail("ENETDOWN");
  const loopback = real === LOOPBACK;
  const sizes = poolSizes({ ...args, loopback });
  if (!sizes.ok || mac.length !== MAC_BYTES) return fail("EINVAL");
  const reached = loopback || ports.nics.has(real);
  if (!reached || (!capable && ports.relay === undefined)) return fail("EOPNOTSUPP");
  const first = portsOver(net, real).length === 0;
  const needsThread = first && net.diversions.get(real)?.wanted !== true;
  const diverted = await divert(core, real, context);
  if (!diverted.ok) return diverted.errno === "ENODEV" ? fail("ENXIO") : fail(diverted.errno);
  if (needsThread && runsOut(core.kit, context, "kthread")) {
    await undivert(core, real, context);
    return fail("ENOMEM");
  }
  const path = loopback ? "loopback" : capable ? "full" : "partial";
  if (first) startTransmitter(core, real, capable, sizes.value, context);
  // The last step, as in EVL: the device is a port only when everything behind it works.
  const port: OobPort = {
    dev,
    ifindex,
    real,
    vlan: vlan_id,
    mac: macAt(mac, 0),
    mtu,
    capable,
    crossing: new Crossing(),
    passed: undefined,
  };
  net.ports.set(dev, port);
  core.kit.events.fact(context, "port_enable", { dev }, { real, vlan: vlan_id, path });
  return ok({});
}

/** in-band; waits as above. Ends every port, and with them the diversions that nobody else wants. */
export async function endPorts(core: Core, context: Context): Promise<void> {
  const held = await core.locks.acquire(context, "oob.ports", 0);
  if (!held.ok) return;
  for (const port of [...core.net.ports.values()]) await disable(core, port, held.value.context);
  held.value.release();
}

async function disable(
  core: Core,
  port: OobPort | undefined,
  context: Context,
): Promise<Result<Record<string, never>, never>> {
  if (port === undefined) return ok({});
  const { net, kit } = core;
  const { dev, real } = port;
  net.front.forgetDevice(dev);
  net.ports.delete(dev);
  await pass(port, (inside) => kit.events.fact(context, "port_wait", { dev }, { inside }));
  kit.events.fact(context, "port_disable", { dev }, { real });
  for (const { protocol, efile } of core.sockets.values()) if (protocol.kind === "packet") wakeReady(efile, context);
  if (portsOver(net, real).length === 0) await endDevice(core, real, context);
  return ok({});
}

/** The last port of a real device has ended: nothing is sent any more, then nothing is received, then its buffers go. */
async function endDevice(core: Core, real: string, context: Context): Promise<void> {
  const { diversions, transmitters } = core.net;
  const transmitter = transmitters.get(real);
  if (transmitter !== undefined) await stopTransmitter(core, transmitter, context);
  if (diversions.get(real)?.wanted !== true) await undivert(core, real, context);
  if (transmitter !== undefined) purgePool(core, transmitter, context);
}

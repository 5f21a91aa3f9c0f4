import type { Context } from "../../abi/context.ts";
import type { FramePort } from "../../abi/frame.ts";
import { ipv4AddressText } from "../../abi/packet/ipv4-address.ts";
import { frameEnds, sendFrame } from "../../boundary/frames.ts";
import { hearKsocks, kernelSocketTold } from "../ksock/effects.ts";
import type { SocketEffect } from "../ksock/table.ts";
import type { Kernel } from "../kernel.ts";
import type { DeviceChange } from "../model/device.ts";
import type { NeighbourChange } from "../model/neighbour-state.ts";
import type { Effect } from "../model/stack/state.ts";
import { transmitted } from "../model/stack/transmit.ts";
import { streamTold } from "../sockets/stream-told.ts";
import { tcpFacts } from "../sockets/tcp-facts.ts";
import { noteDelivery } from "../sockets/deliveries.ts";
import { skUncharged } from "../sockets/destruct.ts";
import { wakeSocket } from "../sockets/wait.ts";
import { forgetRoutes, learnRoute, tellNeighbour } from "./front-cache.ts";

/**
 * Does what follows from a step of the model, in order, without waiting: frames go into the rings, with one notification
 * for all of a step; sockets are woken; the core is told what its front caches want to know.
 */
export function performEffects(kernel: Kernel, context: Context, effects: readonly Effect[]): void {
  // Nearly every step sends by one device at most, and a step is made for each frame: then no set is made.
  let touched: FramePort | undefined;
  let others: Set<FramePort> | undefined;
  for (const effect of effects) {
    switch (effect.t) {
      case "transmit": {
        const port = startXmit(kernel, context, effect);
        if (port === undefined || port === touched) break;
        if (touched === undefined) touched = port;
        else (others ??= new Set()).add(port);
        break;
      }
      case "fate": {
        const { context: arrival, dev, frame } = kernel.netdev.redeem(effect.ticket);
        frameEnds(kernel.kit, arrival, dev, frame, effect.fate);
        break;
      }
      case "deliver":
      case "errno":
      case "tcp":
        socketTold(kernel, context, effect);
        break;
      case "uncharged":
        skUncharged(kernel, context, effect.sk);
        break;
      case "route":
        learnRoute(kernel, context, effect);
        break;
      case "event":
        changed(kernel, context, effect.event);
    }
  }
  touched?.flush();
  if (others !== undefined) for (const port of others) port.flush();
  hearKsocks(kernel);
}

/** Tells the layer of a socket what happened to it: that of kernel sockets, or of tasks'. */
function socketTold(kernel: Kernel, context: Context, effect: SocketEffect): void {
  if (effect.t === "tcp") tcpFacts(kernel, context, effect);
  const ks = kernel.ksocks.ofSk(effect.sk);
  if (ks !== undefined) {
    kernelSocketTold(kernel, context, ks, effect);
    return;
  }
  switch (effect.t) {
    case "deliver":
      noteDelivery(kernel, context, effect.sk);
      wakeSocket(kernel, context, effect.sk);
      return;
    case "errno":
      wakeSocket(kernel, context, effect.sk);
      return;
    case "tcp":
      streamTold(kernel, context, effect);
  }
}

/**
 * Gives a frame to the driver (`ndo_start_xmit`). One that came from elsewhere keeps its number and its trace; when the
 * ring has no room it ends here. A frame of our own that finds no room never was, but for the count.
 *
 * @returns the port to flush.
 */
function startXmit(
  kernel: Kernel,
  context: Context,
  { ifindex, frame: bytes, ticket, sender }: Extract<Effect, { readonly t: "transmit" }>,
): FramePort | undefined {
  const { kit, netdev, ports, stack } = kernel;
  const dev = stack.devices.at(ifindex)?.name ?? "";
  const port = ports.nics.get(dev);
  const passed = ticket === undefined ? undefined : netdev.redeem(ticket);
  const departing = passed === undefined ? { dev, bytes } : { dev, bytes, frame: passed.frame };
  const sent =
    port === undefined ? undefined : sendFrame(kit, port, passed?.context ?? ownOf(context, sender), "nic", departing);
  transmitted(stack, ifindex, sent !== undefined);
  if (sent !== undefined) return port;
  if (passed !== undefined) frameEnds(kit, passed.context, passed.dev, passed.frame, "tx_ring_full");
  return undefined;
}

/** The context that a frame of our own leaves in: that of who sent it, if there is a trace in it. */
const ownOf = (context: Context, sender: Context | undefined): Context =>
  sender === undefined || sender.trace === 0 ? context : sender;

/** Records what changed, and keeps the core's front caches right. */
function changed(kernel: Kernel, context: Context, event: DeviceChange | NeighbourChange): void {
  const dev = kernel.stack.devices.at(event.ifindex)?.name;
  switch (event.t) {
    case "device":
      // Whoever removed it has recorded it while it had a name.
      if (dev !== undefined) kernel.events.fact(context, "device_change", { dev }, { what: event.what });
      // A route may begin or end with any of these; a carrier alone changes none.
      if (event.what !== "carrier_on" && event.what !== "carrier_off") forgetRoutes(kernel, context);
      return;
    case "neighbour": {
      const { address, from, to } = event;
      const args = { address: ipv4AddressText(address), from, to };
      if (dev !== undefined) kernel.events.fact(context, "neighbour_change", { dev }, args);
      tellNeighbour(kernel, context, event);
      for (const look of [...kernel.netdev.solicitors]) look();
    }
  }
}

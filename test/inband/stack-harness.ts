import { assert } from "../../services/abi/assert.ts";
import type { Device } from "../../services/inband/model/device.ts";
import { parseIpv4Address, type Ipv4Address } from "../../services/abi/packet/ipv4-address.ts";
import { parseMac, type Mac } from "../../services/abi/packet/mac.ts";
import { addAddress, addEthernet, addVlan, setCarrier, setUp } from "../../services/inband/model/stack/admin.ts";
import { createStack, pollAtNs, receive, tick, type StackConfig } from "../../services/inband/model/stack/stack.ts";
import type { Effect, StackState } from "../../services/inband/model/stack/state.ts";
import { newUdpSocket, type UdpSocket } from "../../services/inband/model/udp/socket.ts";

export const SECOND = 1_000_000_000;

export const ip = (text: string): Ipv4Address => {
  const address = parseIpv4Address(text);
  assert(address !== undefined, `${text} is an address`);
  return address;
};

export const mac = (text: string): Mac => {
  const address = parseMac(text);
  assert(address !== undefined, `${text} is an address`);
  return address;
};

export const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(/\s/g, ""), "hex"));

/** What must be there. */
export function there<T>(value: T | undefined): T {
  assert(value !== undefined, "it is there");
  return value;
}

/** One end: a stack with a device at an address, and what it was told to do. */
export interface Host {
  readonly stack: StackState;
  readonly eth: Device;
  readonly effects: Effect[];
}

/** A host with eth0 at this address and a VLAN device over it, at an address of its own. */
export function host(number: number, config: Partial<StackConfig> = {}): Host {
  const stack = createStack({ choose: () => 0, ...config });
  const added = addEthernet(stack, "eth0", mac(`02:00:00:00:00:0${number}`), 1500);
  assert(added.result.ok, "eth0 is added");
  const eth = added.result.value;
  addAddress(stack, eth.ifindex, { address: ip(`192.0.2.${number}`), bits: 24 });
  setUp(stack, eth.ifindex, true, 0);
  setCarrier(stack, eth.ifindex, true, 0);
  return { stack, eth, effects: [] };
}

/** Adds a VLAN device with an address, up. */
export function withVlan({ stack, eth }: Host, vid: number, address: string): Device {
  const added = addVlan(stack, `eth0.${vid}`, eth.ifindex, vid, 0x8100);
  assert(added.result.ok, "the VLAN device is added");
  addAddress(stack, added.result.value.ifindex, { address: ip(address), bits: 24 });
  setUp(stack, added.result.value.ifindex, true, 0);
  return added.result.value;
}

/** Two hosts whose real devices are joined by a wire, and the virtual time. */
export class Wire {
  readonly ends: readonly [Host, Host];
  nowNs = 0;
  /** Frames that crossed. */
  readonly frames: Uint8Array[] = [];
  /** Set to lose frames. */
  loses: (frame: Uint8Array) => boolean = () => false;

  constructor(a: Host, b: Host) {
    this.ends = [a, b];
  }

  /** Does what a step of one end asks for, and what follows from it on both, until nothing moves. */
  perform(from: Host, effects: readonly Effect[]): void {
    const work = effects.map((effect) => ({ from, effect }));
    for (let next = work.shift(); next !== undefined; next = work.shift()) {
      next.from.effects.push(next.effect);
      if (next.effect.t !== "transmit") continue;
      const { frame } = next.effect;
      this.frames.push(frame);
      if (this.loses(frame)) continue;
      const to = this.ends[next.from === this.ends[0] ? 1 : 0];
      work.push(...receive(to.stack, to.eth.ifindex, frame, this.nowNs).map((effect) => ({ from: to, effect })));
    }
  }

  /** Lets time pass to this instant, stopping at each that somebody waits for. */
  until(nowNs: number): void {
    for (;;) {
      const times = this.ends.map(({ stack }) => pollAtNs(stack) ?? Infinity);
      const next = Math.min(...times);
      if (next > nowNs) break;
      this.nowNs = Math.max(this.nowNs, next);
      for (const end of this.ends) this.perform(end, tick(end.stack, this.nowNs));
    }
    this.nowNs = nowNs;
  }
}

let sockets = 0;

/** A UDP socket of a host. */
export const udpSocket = ({ stack }: Host): UdpSocket => stack.udp.add(newUdpSocket(++sockets));

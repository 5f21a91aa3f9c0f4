import { assert } from "../../services/abi/assert.ts";
import { INADDR_ANY } from "../../services/abi/packet/ipv4-address.ts";
import { addAddress } from "../../services/inband/model/stack/admin.ts";
import { sizesOf, unaccounted } from "../../services/inband/model/stack/sizes.ts";
import { receive, tick } from "../../services/inband/model/stack/stack.ts";
import type { Effect } from "../../services/inband/model/stack/state.ts";
import { bindUdp, connectUdp } from "../../services/inband/model/stack/udp-calls.ts";
import { draws, goodFrames, nextFrame } from "./fuzz-frames.ts";
import { SECOND, host, ip, udpSocket, withVlan } from "./stack-harness.ts";

/** What a run saw; the assertions are inside. */
export interface Fuzzed {
  readonly frames: number;
  /** Ways in which frames ended. */
  readonly fates: readonly string[];
  readonly transmitted: number;
}

/**
 * Throws frames at a host with sockets of every kind. After each frame it must be accounted for; after `every` frames all
 * that can grow must be within its bounds, some time passes, and the readers read.
 *
 * @param look called then, while the host lives.
 */
export function fuzz(
  seed: number,
  frames: number,
  every: number,
  look: (sent: number) => void = () => undefined,
): Fuzzed {
  const draw = draws(seed);
  const good = goodFrames();
  const h = host(1, { reassembly: { bytesMax: 200_000 }, neighbour: { entriesMax: 64, waitingBytesMax: 50_000 } });
  const { stack, eth } = h;
  withVlan(h, 5, "10.0.0.1");
  // Who the captured frames speak to.
  addAddress(stack, eth.ifindex, { address: ip("10.9.0.1"), bits: 24 });
  const [server, client] = [udpSocket(h), udpSocket(h)];
  for (const socket of [server, client]) socket.queue.rcvbuf = 20_000;
  assert(bindUdp(stack, server, { address: INADDR_ANY, port: 80 }).ok, "the server is bound");
  assert(connectUdp(stack, client, { address: ip("192.0.2.2"), port: 4000 }, 0).result.ok, "the client is connected");
  const raw = stack.raw.create(100_000, 1, 20_000);
  const tap = stack.packets.create(100_001, "SOCK_RAW", 0x1234, 20_000);
  const known = new Set([server.sk, client.sk, raw.sk, tap.sk]);
  const longest = eth.mtu + 18;
  /** Frames that were not yet told to have ended. */
  const open = new Set<number>();
  let transmitted = 0;
  let nowNs = 0;

  const check = (effects: readonly Effect[]): void => {
    for (const effect of effects) {
      if (effect.t === "transmit") {
        transmitted++;
        assert(effect.ifindex === eth.ifindex, "only the real device transmits");
        assert(effect.frame.length >= 14 && effect.frame.length <= longest, "what is sent fits the device");
      } else if (effect.t === "fate") assert(open.delete(effect.ticket), "a frame ends once, and not before it came");
      else if ("sk" in effect) assert(known.has(effect.sk), "only sockets that exist are woken");
    }
  };

  for (let sent = 1; sent <= frames; sent++) {
    const frame = nextFrame(good, draw);
    const before = stack.rx.total() + stack.reassembler.held;
    open.add(sent);
    check(receive(stack, eth.ifindex, frame, nowNs, sent));
    assert(open.size === stack.reassembler.held, "the end of every frame is told, unless it waits");
    assert(
      stack.rx.total() + stack.reassembler.held === before + 1,
      `frame ${sent} of seed ${seed} ended once, or waits`,
    );
    frame.fill(0xee); // Its memory is used again: nothing may still look at it.
    if (sent % every !== 0) continue;
    nowNs += draw(4) * SECOND;
    check(tick(stack, nowNs));
    assert(unaccounted(stack) === 0, "every frame is accounted for");
    const sizes = sizesOf(stack);
    assert(sizes.neighbours <= 64 && sizes.neighbourBytes <= 50_000, "the neighbour table is bounded");
    assert(sizes.fragmentBytes <= 200_000, "reassembly is bounded");
    assert(sizes.pathMtus <= 1024 && sizes.icmpPeers <= 1024, "what is remembered of peers is bounded");
    assert(sizes.queueBytes <= 20_000 + 2000, "receive queues are bounded, one datagram beyond apart");
    for (const { queue } of [server, client, raw, tap]) if (draw(2) === 0) while (queue.shift() !== undefined);
    look(sent);
  }
  // An hour later nothing waits any more.
  check(tick(stack, nowNs + 3600 * SECOND));
  assert(unaccounted(stack) === 0 && stack.reassembler.held === 0, "no frame is forgotten");
  return { frames: stack.received, fates: stack.rx.entries().map(([word]) => word), transmitted };
}

import { assert } from "../../services/abi/assert.ts";
import { AF, ETH_P, MSG, SOCK } from "../../services/abi/flags.ts";
import { draws, goodFrames, nextFrame } from "../inband/fuzz-frames.ts";
import { drained } from "./harness.ts";
import { createNetStory, type NetStory } from "./net-harness.ts";

/** What a run saw; the assertions are inside. */
export interface CoreFuzzed {
  readonly taken: number;
  /** Ways in which frames ended. */
  readonly fates: readonly string[];
  readonly received: number;
}

const SECOND = 1e9;
const VLAN = { ifindex: 3, vlan_id: 5 };
const FRAME_END = /^frame_end dev=\S+ frame=(\d+) fate=(\S+)$/;
const PACKET = { family: AF.AF_PACKET, type: SOCK.SOCK_RAW };
/** What waits in a socket of the core at most: its limit, and one frame beyond. */
const WAITING_MAX = 212_992 + 2000;

/** Sockets of every kind: bound, connected, to frames of all kinds, and to those of the VLAN port. */
async function openSockets(story: NetStory): Promise<readonly number[]> {
  await story.udp(1, "0.0.0.0:80");
  await story.udp(2, "0.0.0.0:9");
  assert((await story.connect(2, "192.0.2.2:4000", "0.0.0.0:9")) === "ok", "it is connected");
  await story.attach(3, { ...PACKET, protocol: ETH_P.ETH_P_ALL });
  await story.attach(4, PACKET);
  assert((await story.bind(4, "packet/3/ETH_P_IP")) === "ok", "it is bound to the VLAN port");
  return [1, 2, 3, 4];
}

/**
 * Offers frames to a core with ports and sockets. Whatever it takes ends once, or waits as a fragment; what it does not take never
 * ends with it; after `every` frames what waits must be within its bounds, some time passes, the readers read, and ports come and go.
 *
 * @param look called then, while the core lives.
 */
export async function fuzzCore(
  seed: number,
  frames: number,
  every: number,
  look: (sent: number) => void = () => undefined,
): Promise<CoreFuzzed> {
  const draw = draws(seed);
  const good = goodFrames();
  const story = await createNetStory();
  for (const [dev, of] of [["eth0", {}] as const, ["eth0.5", VLAN] as const])
    assert((await story.port(dev, of)) === "ok", `${dev} is a port`);
  assert((await story.told("oob_net_vlans", { vlans: "5,42" })) === "ok", "the map is set");
  const sockets = await openSockets(story);
  const open = new Set<number>();
  const fates = new Set<string>();
  let [taken, received] = [0, 0];

  /** Reads what was recorded, and forgets it. */
  const account = (): void => {
    for (const line of story.record.splice(0)) {
      const [, number, fate] = FRAME_END.exec(line) ?? [];
      if (fate === undefined) continue;
      assert(open.delete(Number(number)), `frame ${number} of seed ${seed} was taken, and ends for the first time`);
      fates.add(fate);
    }
  };
  async function change(): Promise<void> {
    const [dev, of] = draw(2) === 0 ? (["eth0", {}] as const) : (["eth0.5", VLAN] as const);
    assert((await story.port(dev, { ...of, enabled: draw(3) > 0 })) === "ok", "a port comes or goes");
    story.clock.advance(draw(4) * SECOND);
    const list = story.companion.listNetwork();
    assert(
      list.sockets.every(({ waiting }) => waiting <= WAITING_MAX),
      "what waits in sockets is bounded",
    );
    for (const fd of sockets) {
      if (draw(2) === 0) continue;
      // A socket of frames is in error once its port has gone; it is read all the same.
      while (/ from /.test(await story.receive(fd, { flags: MSG.MSG_DONTWAIT }))) received++;
    }
  }

  for (let sent = 1; sent <= frames; sent++) {
    const frame = nextFrame(good, draw);
    // The frame is offered under its number in the order of the calls.
    if (await story.deliver(frame, draw(4) === 0 ? "inband" : "oob")) {
      taken++;
      open.add(sent);
    }
    frame.fill(0xee); // Its memory is used again: nothing may still look at it.
    if (sent % 16 === 0) {
      await drained();
      account();
    }
    if (sent % every !== 0) continue;
    await change();
    look(sent);
  }
  // An hour later nothing waits any more.
  story.clock.advance(3600 * SECOND);
  await drained();
  account();
  assert(open.size === 0, `no frame is forgotten: ${[...open].slice(0, 5).join(", ")}`);
  return { taken, fates: [...fates], received };
}

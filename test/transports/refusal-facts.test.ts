import { describe, expect, test } from "@jest/globals";
import { FACTS } from "../../services/rules/atoms/vocabulary.ts";
import { refusalFacts } from "../../services/transports/refusals.ts";
import { testKit } from "../kit.ts";

const refusal = { address: "0.0.0.0:7400", peer: "10.0.0.9:4711", why: "it showed no certificate" };

describe("the facts of refusals", () => {
  test("a refusal is a fact of the service that refused, with all that is known of the peer", () => {
    const kit = testKit("vfs");
    refusalFacts(kit)(refusal);
    const events = kit.seen();
    expect(events).toMatchObject([
      { service: "vfs", point: "peer_refused", phase: "fact", args: { ...refusal, untold: 0 } },
    ]);
    expect(Object.keys(events[0]?.args ?? {}).sort()).toEqual([...(FACTS["peer_refused"] ?? [])].sort());
  });

  test("a flood of peers cannot push out everything else: most of it is only counted, and told with the next fact", async () => {
    const kit = testKit("vfs");
    const tell = refusalFacts(kit);
    for (let i = 0; i < 10_000; i++) tell(refusal);
    expect(kit.seen()).toHaveLength(8);
    await kit.clock.advance(999e6);
    tell(refusal);
    expect(kit.seen()).toEqual([]);
    await kit.clock.advance(1e6);
    tell(refusal);
    tell(refusal);
    expect(kit.seen().map(({ args }) => args["untold"])).toEqual([9993]);
    await kit.clock.advance(3600e9);
    for (let i = 0; i < 20; i++) tell(refusal);
    expect(kit.seen().map(({ args }) => args["untold"])).toEqual([1, 0, 0, 0, 0, 0, 0, 0]);
  });
});

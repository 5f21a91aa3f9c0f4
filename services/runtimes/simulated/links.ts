import { assert } from "../../abi/assert.ts";
import type { FramePort } from "../../abi/frame.ts";
import { createLinkPort, type LinkPort } from "../frames/link-port.ts";
import type { RingPort } from "../../nic/ring/port.ts";
import type { LinkSpec } from "../links.ts";

/** The links of a simulated world, whose ends live and die with those who hold them. */
export interface SimulatedLinks {
  /** The end of a link for a new life of who holds it. */
  end(link: LinkSpec, side: 0 | 1): FramePort;
  /** Connects the links of a place to all who hold the other ends now. */
  connect(place: string): void;
  /** The place is gone, and all that was on its way in its links. */
  drop(place: string): void;
}

interface Link {
  readonly spec: LinkSpec;
  /** Of those who live. */
  readonly ports: [LinkPort | undefined, LinkPort | undefined];
  rings: readonly [RingPort, RingPort] | undefined;
}

/** @param make makes the rings of a link. */
export function createSimulatedLinks(
  specs: readonly LinkSpec[],
  make: (link: LinkSpec) => readonly [RingPort, RingPort],
): SimulatedLinks {
  const links = new Map(
    specs.map((spec): [string, Link] => [spec.name, { spec, ports: [undefined, undefined], rings: undefined }]),
  );
  const heldBy = (place: string): Link[] => [...links.values()].filter(({ spec }) => spec.ends.includes(place));

  return {
    end({ name }, side) {
      const link = links.get(name);
      assert(link !== undefined, "an end is of a link of this world");
      const port = createLinkPort("nobody has connected it yet");
      link.ports[side] = port;
      return port.port;
    },
    connect(place) {
      for (const link of heldBy(place)) {
        const [first, second] = link.ports;
        if (first === undefined || second === undefined || link.rings !== undefined) continue;
        link.rings = make(link.spec);
        first.up(link.rings[0]);
        second.up(link.rings[1]);
      }
    },
    drop(place) {
      for (const link of heldBy(place)) {
        for (const port of link.ports) port?.down(`${place} is down`);
        link.ports[link.spec.ends[0] === place ? 0 : 1] = undefined;
        link.rings = undefined;
      }
    },
  };
}

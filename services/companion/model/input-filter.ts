import { ETH_P, parseEthernet, type EthernetFrame } from "../../abi/packet/ethernet.ts";
import { isVlanProtocol, untag } from "../../abi/packet/vlan.ts";

/** What a filter program may answer, under EVL's names; any other number is SKIP. */
export const EVL_RX = { EVL_RX_DROP: 0, EVL_RX_ACCEPT: 1, EVL_RX_SKIP: 2, EVL_RX_VLAN: 3 } as const;

const NAMES = ["drop", "accept", "skip", "vlan"] as const;

/** A verdict in a word; what is none is a skip. */
export const verdictText = (action: number): (typeof NAMES)[number] => NAMES[action] ?? "skip";

/** A program attached to a real device: it sees the frame, and its verdict rules. */
export type RxProgram = (frame: Uint8Array) => number;

/** What the filter goes by. */
export interface FilterRules {
  readonly program: RxProgram | undefined;
  /** Whether the real device itself is a port. */
  readonly portOnReal: boolean;
  /** The system-wide VLAN map. */
  readonly vlans: ReadonlySet<number>;
}

/** What becomes of a frame: the in-band stack goes on with it, it is taken and dropped, or taken with its tags off. */
export type FilterVerdict =
  | { readonly t: "skip" }
  | { readonly t: "drop" }
  | { readonly t: "accept"; readonly frame: EthernetFrame; /** 0: untagged. */ readonly vlan: number };

const SKIP: FilterVerdict = { t: "skip" };
const DROP: FilterVerdict = { t: "drop" };

function actionOf({ program, portOnReal }: FilterRules, bytes: Uint8Array): number {
  if (program !== undefined) return program(bytes);
  return portOnReal ? EVL_RX.EVL_RX_ACCEPT : EVL_RX.EVL_RX_VLAN;
}

/**
 * Which frames of a diverting device the core picks (facts/dovetail 6.2, the newer reading).
 *
 * Only IPv4 is ever picked: everything else, ARP above all, stays in-band. A tag that is still in the frame must be in the
 * VLAN map: 802.1Q, or 802.1ad with 802.1Q inside, whose id counts. A tag that is cut off is dropped.
 */
export function filterInput(bytes: Uint8Array, rules: FilterRules): FilterVerdict {
  const action = actionOf(rules, bytes);
  if (action === EVL_RX.EVL_RX_DROP) return DROP;
  if (action !== EVL_RX.EVL_RX_ACCEPT && action !== EVL_RX.EVL_RX_VLAN) return SKIP;
  const parsed = parseEthernet(bytes);
  if (!parsed.ok) return SKIP;
  const outer = parsed.packet;
  if (!isVlanProtocol(outer.ethertype)) {
    const picked = action === EVL_RX.EVL_RX_ACCEPT && outer.ethertype === ETH_P.ETH_P_IP;
    return picked ? { t: "accept", frame: outer, vlan: 0 } : SKIP;
  }
  return filterTagged(outer, rules.vlans);
}

function filterTagged(outer: EthernetFrame, vlans: ReadonlySet<number>): FilterVerdict {
  if (!isVlanProtocol(outer.ethertype)) return SKIP;
  const first = untag(outer, outer.ethertype);
  if (!first.ok) return DROP;
  const { tag, frame } = first.packet;
  // The provider's tag says nothing by itself: the customer's inside is looked at.
  if (tag.protocol === ETH_P.ETH_P_8021AD) {
    return frame.ethertype === ETH_P.ETH_P_8021Q ? filterTagged(frame, vlans) : SKIP;
  }
  return frame.ethertype === ETH_P.ETH_P_IP && vlans.has(tag.vid) ? { t: "accept", frame, vlan: tag.vid } : SKIP;
}

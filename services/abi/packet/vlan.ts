import { joined, put16, u16 } from "./bytes.ts";
import { ETH_P, type EthernetFrame } from "./ethernet.ts";
import { dropped, parsed, type Parsed } from "./parsed.ts";

/** Bytes that a tag adds to a frame. */
export const VLAN_HLEN = 4;

/** Which kind of tag: the customer's (802.1Q) or the service provider's (802.1ad). */
export type VlanProtocol = typeof ETH_P.ETH_P_8021Q | typeof ETH_P.ETH_P_8021AD;

/** A tag (IEEE 802.1Q §9.6). */
export interface VlanTag {
  readonly protocol: VlanProtocol;
  /** Priority code point, 0 to 7. */
  readonly priority: number;
  readonly dropEligible: boolean;
  /** 0 means that the tag carries a priority only; 4095 is reserved. */
  readonly vid: number;
}

/** Whether a type field says that a tag follows. */
export const isVlanProtocol = (ethertype: number): ethertype is VlanProtocol =>
  ethertype === ETH_P.ETH_P_8021Q || ethertype === ETH_P.ETH_P_8021AD;

/** Takes the outer tag off a frame whose type field announces one (Linux's `skb_vlan_untag`). */
export function untag(
  frame: EthernetFrame,
  protocol: VlanProtocol,
): Parsed<{ readonly tag: VlanTag; readonly frame: EthernetFrame }, "vlan_short"> {
  if (frame.payload.length < VLAN_HLEN) return dropped("vlan_short");
  const control = u16(frame.payload, 0);
  return parsed({
    tag: { protocol, priority: control >>> 13, dropEligible: (control & 0x1000) !== 0, vid: control & 0xfff },
    frame: { ...frame, ethertype: u16(frame.payload, 2), payload: frame.payload.subarray(VLAN_HLEN) },
  });
}

/** Puts a tag on, outside of those that are there. */
export function pushTag(frame: EthernetFrame, tag: VlanTag): EthernetFrame {
  const header = new Uint8Array(VLAN_HLEN);
  put16(header, 0, (tag.priority << 13) | (tag.dropEligible ? 0x1000 : 0) | tag.vid);
  put16(header, 2, frame.ethertype);
  return { ...frame, ethertype: tag.protocol, payload: joined([header, frame.payload]) };
}

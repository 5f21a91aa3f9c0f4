/** Why bytes are not the packet they should be. `tenon netstat` counts by these words. */
export type ParseDrop =
  | "ethernet_short"
  | "vlan_short"
  | "arp_short"
  | "arp_hardware"
  | "arp_protocol"
  | "arp_operation"
  | "ipv4_short"
  | "ipv4_version"
  | "ipv4_header_length"
  | "ipv4_checksum"
  | "ipv4_total_length"
  | "ipv4_truncated"
  | "icmp_short"
  | "icmp_checksum"
  | "udp_short"
  | "udp_length"
  | "udp_checksum"
  | "tcp_short"
  | "tcp_data_offset"
  | "tcp_checksum";

/** What parsing gives: a packet whose byte arrays are views into what was parsed, or the reason why there is none. */
export type Parsed<T, D extends ParseDrop> =
  { readonly ok: true; readonly packet: T } | { readonly ok: false; readonly drop: D };

/** It is one. */
export const parsed = <T>(packet: T): { readonly ok: true; readonly packet: T } => ({ ok: true, packet });

/** It is none. */
export const dropped = <const D extends ParseDrop>(drop: D): { readonly ok: false; readonly drop: D } => ({
  ok: false,
  drop,
});

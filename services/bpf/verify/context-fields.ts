/** A field of `struct __sk_buff` as a packet filter sees it (include/uapi/linux/bpf.h). */
interface Field {
  readonly name: string;
  readonly off: number;
  readonly bytes: number;
  readonly writable: boolean;
}

const field = (name: string, off: number): Field => ({ name, off, bytes: 4, writable: false });

/** What can be read; only `cb`, the filter's own notes on the packet, can be written. */
const FIELDS: readonly Field[] = [
  field("len", 0),
  field("pkt_type", 4),
  field("mark", 8),
  field("queue_mapping", 12),
  field("protocol", 16),
  field("vlan_present", 20),
  field("vlan_tci", 24),
  field("vlan_proto", 28),
  field("priority", 32),
  field("ingress_ifindex", 36),
  field("ifindex", 40),
  { name: "cb", off: 48, bytes: 20, writable: true },
  field("hash", 68),
];

/** What a packet filter must do without, and what it does instead. */
const REFUSED: readonly Field[] = [
  field("tc_index", 44),
  field("tc_classid", 72),
  field("data", 76),
  field("data_end", 80),
  field("napi_id", 84),
];

/** Why an access to the context is refused; undefined: it may be. */
export function contextWrong(off: number, size: number, writes: boolean): string | undefined {
  const within = ({ off: from, bytes }: Field): boolean => off >= from && off < from + bytes;
  const found = FIELDS.find(within);
  if (found === undefined) {
    const refused = REFUSED.find(within);
    if (refused === undefined) return `the context has no field at byte ${off} that a packet filter may use`;
    return refused.name.startsWith("data")
      ? `a packet filter may not use ${refused.name}; it reads the packet with skb_load_bytes`
      : `a packet filter may not use ${refused.name}`;
  }
  if (off % size !== 0) return `${size} bytes at byte ${off} of the context are not aligned`;
  if (off + size > found.off + found.bytes)
    return `${size} bytes at byte ${off} of the context go beyond ${found.name}`;
  return writes && !found.writable ? `${found.name} is read-only` : undefined;
}

/*
 * A verdict for each UDP port from 7000 on: DROP, ACCEPT, SKIP, VLAN, and 9, which no verdict is. All else stays in-band.
 *
 * It counts its verdicts in a map, by a function that it calls, and has its table in .rodata.
 */
#include "tenon_bpf.h"

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 16);
  __type(key, __u32);
  __type(value, __u64);
} verdicts SEC(".maps");

/* Volatile, so that it stays in .rodata and is not compiled into the program. */
static const volatile __u8 by_port[8] = {EVL_RX_DROP, EVL_RX_ACCEPT, EVL_RX_SKIP, EVL_RX_VLAN, 9, EVL_RX_SKIP, EVL_RX_SKIP, EVL_RX_SKIP};

static __attribute__((noinline)) int count(__u32 verdict) {
  __u64 *seen = bpf_map_lookup_elem(&verdicts, &verdict);
  if (seen) __sync_fetch_and_add(seen, 1);
  return verdict;
}

/* Where the IPv4 header begins: behind the Ethernet header, and behind one tag or two. */
static __attribute__((always_inline)) int network_header(struct __sk_buff *skb) {
  __u32 at = 12;
  for (int tags = 0; tags < 3; tags++, at += 4) {
    __u16 type;
    if (bpf_skb_load_bytes(skb, at, &type, sizeof(type)) < 0) return 0;
    if (type == bpf_htons(0x0800)) return at + 2;
    if (type != bpf_htons(0x8100) && type != bpf_htons(0x88a8)) return 0;
  }
  return 0;
}

SEC("socket")
int verdict(struct __sk_buff *skb) {
  __u8 ip[20];
  __u16 port;
  int at = network_header(skb);
  if (at == 0 || bpf_skb_load_bytes(skb, at, ip, sizeof(ip)) < 0 || ip[9] != 17) return count(EVL_RX_SKIP);
  if (bpf_skb_load_bytes(skb, at + (ip[0] & 0xf) * 4 + 2, &port, sizeof(port)) < 0) return count(EVL_RX_SKIP);
  __u32 index = bpf_htons(port) - 7000;
  return count(index < sizeof(by_port) ? by_port[index] : EVL_RX_SKIP);
}

SEC("socket/accept")
int accept_all(struct __sk_buff *skb) { return EVL_RX_ACCEPT; }

SEC("socket/drop")
int drop_all(struct __sk_buff *skb) { return EVL_RX_DROP; }

char LICENSE[] SEC("license") = "MIT";

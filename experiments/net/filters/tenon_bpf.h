/* What a packet filter for Tenon needs of Linux's headers, under their names, so that it compiles without them. */
#ifndef TENON_BPF_H
#define TENON_BPF_H

typedef unsigned char __u8;
typedef unsigned short __u16;
typedef unsigned int __u32;
typedef unsigned long long __u64;

/* The packet, as a filter sees it (include/uapi/linux/bpf.h). */
struct __sk_buff {
  __u32 len, pkt_type, mark, queue_mapping, protocol, vlan_present, vlan_tci, vlan_proto, priority;
  __u32 ingress_ifindex, ifindex, tc_index, cb[5], hash;
};

/* The verdicts of EVL's input filter (enum evl_net_rx_action). */
enum { EVL_RX_DROP = 0, EVL_RX_ACCEPT = 1, EVL_RX_SKIP = 2, EVL_RX_VLAN = 3 };

enum { BPF_MAP_TYPE_HASH = 1, BPF_MAP_TYPE_ARRAY = 2 };

#define SEC(name) __attribute__((section(name), used))
#define __uint(name, value) int(*name)[value]
#define __type(name, value) typeof(value) *name
#define bpf_htons(n) __builtin_bswap16(n)

static void *(*bpf_map_lookup_elem)(void *map, const void *key) = (void *)1;
static long (*bpf_map_update_elem)(void *map, const void *key, const void *value, __u64 flags) = (void *)2;
static long (*bpf_skb_load_bytes)(const struct __sk_buff *skb, __u32 off, void *to, __u32 len) = (void *)26;

#endif

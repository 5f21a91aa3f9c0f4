/*
 * lwIP as the benchmark of TCP wants it: IPv4 and TCP over Ethernet, no operating system, the raw API, frames and windows as
 * large as our stack's, so that both put the same segments on the same wire.
 */
#ifndef TENON_LWIP_OPTS_H
#define TENON_LWIP_OPTS_H

#define NO_SYS 1
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_NETCONN 0
#define LWIP_SOCKET 0
#define LWIP_TIMERS 1

#define LWIP_IPV4 1
#define LWIP_IPV6 0
#define LWIP_ARP 1
#define LWIP_ETHERNET 1
#define LWIP_UDP 0
#define LWIP_RAW 0
#define LWIP_DHCP 0
#define LWIP_STATS 0

/* With timestamps a segment of 1460 carries 1448 bytes of data: what Linux sends, and what our stack sends by default. */
#define TCP_MSS 1460
#define LWIP_TCP_TIMESTAMPS 1
#define LWIP_WND_SCALE 1
#define TCP_RCV_SCALE 3
#define TCP_WND (256 * 1024)
#define TCP_SND_BUF (256 * 1024)
#define TCP_SND_QUEUELEN 1024
#define TCP_SNDLOWAT (32 * 1024)
#define LWIP_TCP_SACK_OUT 1
#define TCP_LISTEN_BACKLOG 0

/* Sums are made and checked on both sides, by the fastest of lwIP's ways. */
#define LWIP_CHKSUM_ALGORITHM 3
#define CHECKSUM_GEN_TCP 1
#define CHECKSUM_CHECK_TCP 1

/* Memory of its own in pools, which is lwIP's way and faster than a heap. */
#define MEM_ALIGNMENT 4
#define MEM_SIZE (4 * 1024 * 1024)
#define MEMP_NUM_TCP_PCB 16
#define MEMP_NUM_TCP_SEG 2048
#define PBUF_POOL_SIZE 512
#define PBUF_POOL_BUFSIZE 1600

#endif

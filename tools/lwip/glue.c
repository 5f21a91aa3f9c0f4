/*
 * One end of a TCP connection, as JavaScript sees it: frames go in and out through memory that both know, time is what `now_ms`
 * answers, and two programs stand ready: one that sends for ever, and one that takes what comes. Both copy the data once between
 * themselves and the stack, as a program over sockets does.
 */
#include <string.h>

#include "lwip/etharp.h"
#include "lwip/init.h"
#include "lwip/netif.h"
#include "lwip/pbuf.h"
#include "lwip/tcp.h"
#include "lwip/timeouts.h"
#include "netif/ethernet.h"

#define EXPORT(name) __attribute__((export_name(name)))
#define IMPORT(name) __attribute__((import_module("wire"), import_name(name)))

IMPORT("transmit") extern void transmit(const u8_t *frame, u32_t length);
IMPORT("now_ms") extern u32_t now_ms(void);

#define FRAME_BYTES 1536
#define SLOTS 1024
#define CHUNK_BYTES (64 * 1024)

/* Frames that wait to be handled, written by JavaScript; and the one that is being sent. */
static u8_t slots[SLOTS][FRAME_BYTES];
static u8_t sending[FRAME_BYTES];
/* What the sending program sends, and what the other one takes. */
static u8_t source[CHUNK_BYTES];
static u8_t sink[CHUNK_BYTES];

static struct netif device;
static struct tcp_pcb *connection;
static int is_sender;
static int is_open;
static u32_t source_at;
static double received;

u32_t sys_now(void) { return now_ms(); }

static err_t device_transmit(struct netif *netif, struct pbuf *frame) {
  LWIP_UNUSED_ARG(netif);
  if (frame->tot_len > FRAME_BYTES) return ERR_BUF;
  pbuf_copy_partial(frame, sending, frame->tot_len, 0);
  transmit(sending, frame->tot_len);
  return ERR_OK;
}

static err_t device_init(struct netif *netif) {
  netif->name[0] = 'e';
  netif->name[1] = 'n';
  netif->mtu = 1500;
  netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET | NETIF_FLAG_LINK_UP;
  netif->output = etharp_output;
  netif->linkoutput = device_transmit;
  return ERR_OK;
}

/* Fills the send buffer, a chunk of the source at a time; the copy is the program's write(). */
static void fill(void) {
  while (is_open) {
    u32_t room = tcp_sndbuf(connection);
    u32_t bytes = CHUNK_BYTES - source_at;
    /* A small room is left until it is larger, so that no small segments are made. */
    if (room < 16 * TCP_MSS || tcp_sndqueuelen(connection) > TCP_SND_QUEUELEN - 64) break;
    if (bytes > 16 * TCP_MSS) bytes = 16 * TCP_MSS;
    if (tcp_write(connection, source + source_at, (u16_t)bytes, TCP_WRITE_FLAG_COPY | TCP_WRITE_FLAG_MORE) != ERR_OK) break;
    source_at = (source_at + bytes) % CHUNK_BYTES;
  }
  tcp_output(connection);
}

static err_t on_sent(void *argument, struct tcp_pcb *pcb, u16_t bytes) {
  LWIP_UNUSED_ARG(argument);
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(bytes);
  if (is_sender) fill();
  return ERR_OK;
}

static err_t on_received(void *argument, struct tcp_pcb *pcb, struct pbuf *data, err_t error) {
  LWIP_UNUSED_ARG(argument);
  LWIP_UNUSED_ARG(error);
  if (data == NULL) {
    is_open = 0;
    return ERR_OK;
  }
  pbuf_copy_partial(data, sink, data->tot_len, 0);
  received += data->tot_len;
  tcp_recved(pcb, data->tot_len);
  pbuf_free(data);
  return ERR_OK;
}

static err_t on_open(void *argument, struct tcp_pcb *pcb, err_t error) {
  LWIP_UNUSED_ARG(argument);
  if (error != ERR_OK) return error;
  connection = pcb;
  is_open = 1;
  tcp_recv(pcb, on_received);
  tcp_sent(pcb, on_sent);
  if (is_sender) fill();
  return ERR_OK;
}

/* Starts the stack with the address 10.0.0.`host`. */
EXPORT("start") void start(u32_t host) {
  ip4_addr_t address, netmask, gateway;
  lwip_init();
  IP4_ADDR(&address, 10, 0, 0, (u8_t)host);
  IP4_ADDR(&netmask, 255, 255, 255, 0);
  IP4_ADDR(&gateway, 0, 0, 0, 0);
  device.hwaddr_len = ETH_HWADDR_LEN;
  device.hwaddr[0] = 2;
  device.hwaddr[5] = (u8_t)host;
  netif_add(&device, &address, &netmask, &gateway, NULL, device_init, ethernet_input);
  netif_set_default(&device);
  netif_set_up(&device);
  for (u32_t i = 0; i < CHUNK_BYTES; i++) source[i] = (u8_t)(i * 31 + 7);
}

/* 0, or the number of lwIP's error. */
EXPORT("listen_on") int listen_on(u32_t port) {
  struct tcp_pcb *pcb = tcp_new();
  err_t error = tcp_bind(pcb, IP_ANY_TYPE, (u16_t)port);
  if (error != ERR_OK) return error;
  tcp_accept(tcp_listen(pcb), on_open);
  return 0;
}

/* Connects to 10.0.0.`host`, and then sends for as long as it is polled. */
EXPORT("send_to") int send_to(u32_t host, u32_t port) {
  ip4_addr_t peer;
  IP4_ADDR(&peer, 10, 0, 0, (u8_t)host);
  is_sender = 1;
  return tcp_connect(tcp_new(), &peer, (u16_t)port, on_open);
}

/* Where JavaScript writes the frame of this slot. */
EXPORT("slot") u8_t *slot(u32_t index) { return slots[index % SLOTS]; }

/* Handles the frame in that slot; 0, or the number of lwIP's error: the frame is dropped then. */
EXPORT("receive") int receive(u32_t index, u32_t length) {
  struct pbuf *frame = pbuf_alloc(PBUF_RAW, (u16_t)length, PBUF_POOL);
  if (frame == NULL) return ERR_MEM;
  pbuf_take(frame, slots[index % SLOTS], (u16_t)length);
  err_t error = device.input(frame, &device);
  if (error != ERR_OK) pbuf_free(frame);
  return error;
}

/* Timers that are due: ARP, delayed acknowledgements, retransmissions. */
EXPORT("poll_timers") void poll_timers(void) { sys_check_timeouts(); }

/* Bytes that the taking program has taken so far. */
EXPORT("taken") double taken(void) { return received; }

import { CORE_DIES, lasts, own, written } from "./words.ts";

/** The core has a context of the socket. */
const ATTACHED = lasts("sk_attach", `sk_destroy or ${CORE_DIES}`);

/** The core's context of a socket, as the core itself tells it: attached, released, destroyed, freed. */
export const CONTEXTS = written([
  {
    id: "SOCK-01",
    title: "A socket is released once, and only after a successful attach",
    forall: ["sk"],
    formula: `sk_release implies previously (not (sk_release or ${CORE_DIES}) since sk_attach)`,
    source:
      "seed 000, sock_oob_release: happens when a sock, for which a previous call to sock_oob_attach() has succeeded, is closed",
  },
  {
    id: "SOCK-02",
    title: "A socket is destroyed once, and only after a successful attach",
    forall: ["sk"],
    formula: `sk_destroy implies previously ${ATTACHED}`,
    source:
      "seed 000, sock_oob_destroy: happens when the last reference to the INET socket is dropped; facts/dovetail 2.12",
  },
  {
    id: "SOCK-13",
    title: "What attach obtained is freed once",
    forall: ["sk"],
    formula: `sk_free implies previously (not (sk_free or ${CORE_DIES}) since sk_attach)`,
    source: "seed 000, sock_oob_destroy: should deallocate the resources obtained by sock_oob_attach()",
  },
  {
    id: "SOCK-13a",
    title: "A context is freed with its last reference",
    forall: ["sk"],
    formula: "sk_free implies sk_free[refs==0]",
    source: "facts/dovetail 2.2, the reference model of EVL: one reference for release, one for destroy",
  },
  {
    id: "SOCK-13b",
    title: "Nothing is freed before destroy",
    forall: ["sk"],
    formula: "sk_free implies (not sk_attach since sk_destroy)",
    source:
      "seed 000, sock_oob_release: any deallocation of resources referred to by oob_data should be postponed to sock_oob_destroy()",
  },
  {
    id: "SOCK-13c",
    title: "Nothing is freed while the release of an extended socket still waits",
    forall: ["sk"],
    formula:
      "sk_free implies (not sk_attach since sk_release) or (not sk_attach[protocol!=oob] since sk_attach[protocol==oob])",
    source: "facts/dovetail 2.2: two references for extended families, one for PF_OOB",
  },
  {
    id: "SOCK-14",
    title: "A socket that was released and destroyed has its context freed",
    forall: ["sk"],
    formula: `end implies not ((not (sk_free or ${CORE_DIES}) since sk_attach) and (not sk_attach since sk_release) and (not sk_attach since sk_destroy))`,
    source: "seed 000, sock_oob_destroy: should deallocate the resources obtained by sock_oob_attach()",
  },
  {
    id: "SOCK-04a",
    title: "A socket has one context at a time",
    forall: ["sk"],
    formula: `sk_attach implies not previously ${ATTACHED}`,
    source: "facts/dovetail 2.2: attach populates the pointer of a socket that has none; facts/experiments 8.2, wanted",
  },
  {
    id: "SOCK-04b",
    title: "An attach that the core grants means a context which it has",
    forall: ["sk"],
    formula: `${own("companion:sock_oob_attach.exit[oob_data>0]")} implies ${ATTACHED}`,
    source: "seed 000, sock_oob_attach: the place where the oob_data pointer should be populated",
  },
  {
    id: "SOCK-04c",
    title: "An attach that the core refuses leaves nothing behind",
    forall: ["span"],
    formula: `${own("companion:sock_oob_attach.exit[ret<0]")} implies not once sk_attach`,
    source: "facts/dovetail 2.2: on failure it releases the file and frees",
  },
  {
    id: "SOCK-06a",
    title: "A binding, a connection or a shutdown that the core refuses is not taken over",
    forall: ["span"],
    formula: `${own("companion:sock_oob_bind.exit[ret<0]", "companion:sock_oob_connect.exit[ret<0]", "companion:sock_oob_shutdown.exit[ret<0]")} implies not once (sk_bind or sk_connect or sk_shutdown)`,
    source: "seed 000, sock_oob_bind: on error, the whole binding operation fails",
  },
  {
    id: "SOCK-06b",
    title: "The core binds, connects and shuts down only what it is attached to",
    forall: ["sk"],
    formula: `sk_bind|sk_connect|sk_shutdown implies ${ATTACHED}`,
    source: "facts/dovetail 2.0: the gate for every hook after attach is the context pointer",
  },
  {
    id: "SOCK-12a",
    title: "Nobody waits in a socket that was released",
    forall: ["sk"],
    formula: "oob_wait[sk>0] implies not (not sk_attach since sk_release)",
    source:
      "seed 000, sock_oob_release: synchronize with the ongoing out-of-band activity on the socket, waiting for it to finish before returning",
  },
  {
    id: "SOCK-12b",
    title: "When a socket's release is over nobody sleeps in it",
    forall: ["sk"],
    formula: `sk_release implies count(oob_wait[sk>0]) == count(oob_wake[sk>0]) or once ${CORE_DIES}`,
    source:
      "seed 000, sock_oob_release: synchronize with the ongoing out-of-band activity on the socket, waiting for it to finish before returning",
  },
  {
    id: "SOCK-12c",
    title: "When a socket's release is over nothing is left to send for it",
    forall: ["sk"],
    formula: `sk_release implies count(oob_offload) == count(oob_offload_end) or once ${CORE_DIES}`,
    source: "facts/dovetail 2.3 and 6.4: the offloaded send holds a file reference until done, so close waits",
  },
  {
    id: "OFF-01",
    title: "An offloaded datagram ends once",
    forall: ["sk"],
    formula: "oob_offload_end implies count(oob_offload_end) <= count(oob_offload)",
    source: "facts/dovetail 6.4: the payload is copied, charged to the socket, offloaded to an in-band worker",
  },
  {
    id: "OFF-02",
    title: "The offloaded datagrams of one socket are sent one after the other",
    forall: ["sk"],
    formula: `inband_offload_sendmsg.enter implies count(inband_offload_sendmsg.enter) == count(inband_offload_sendmsg.exit) + 1 or once ${CORE_DIES}`,
    source: "the core's README: datagrams of one socket keep their order; facts/experiments 8.2, wanted: FIFO per flow",
  },
  {
    id: "OFF-03",
    title: "Every offloaded datagram ends",
    forall: ["sk"],
    formula: `end implies count(oob_offload) == count(oob_offload_end) or once ${CORE_DIES}`,
    source: "facts/dovetail 6.4: charged to the socket until done",
  },
  {
    id: "OFF-04",
    title: "EINPROGRESS means that a worker has the datagram",
    forall: ["trace"],
    formula: `${own("companion:oob_sendmsg.exit[ret==EINPROGRESS]")} implies once oob_offload or once sock_oob_ioctl.exit[fault!=none]`,
    source: "facts/dovetail 6.4: a miss is -EINPROGRESS even though the datagram will go out",
  },
]);

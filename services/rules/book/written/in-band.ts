import { lasts, STACK_HEARS, written } from "./words.ts";

const HOOKS = "sock_oob_bind.enter|sock_oob_connect.enter|sock_oob_shutdown.enter|sock_inband_ioctl_redirect.enter";

/** The in-band stack believes that the core has a context of the socket. */
export const BELIEVED = lasts("sock_oob_attach.exit[oob_data>0]", `${STACK_HEARS} or oob_lapse[sk>0] or sk_destruct`);

/** The in-band half of a socket, and when the core is asked about it. */
export const IN_BAND = written([
  {
    id: "INB-01",
    title: "A socket is created once",
    forall: ["sk"],
    formula: "inband_create implies not previously once inband_create",
    source: "the in-band stack's README: no number means two sockets",
  },
  {
    id: "INB-02",
    title: "Nothing happens to a socket before it is created",
    forall: ["sk"],
    formula:
      "inband_bind|inband_unbind|inband_connect|inband_disconnect|inband_shutdown|inband_release|sk_destruct|sock_wait|sock_oob_attach.enter implies once inband_create",
    source: "seed 000, sock_oob_attach: the descriptor received is already fully constructed on the in-band side",
  },
  {
    id: "INB-03",
    title: "A socket is released in-band once",
    forall: ["sk"],
    formula: "inband_release implies not previously once inband_release",
    source: "facts/dovetail 2.12: release exactly once",
  },
  {
    id: "INB-04",
    title: "An INET socket is destructed once, and after its BSD socket was released",
    forall: ["sk"],
    formula: "sk_destruct implies once inband_release and not previously once sk_destruct",
    source: "seed 000, sock_oob_destroy: may happen long after sock_oob_release() is called for the associated socket",
  },
  {
    id: "INB-05",
    title: "Nothing happens in-band to a socket that was released",
    forall: ["sk"],
    formula:
      "inband_bind|inband_unbind|inband_connect|inband_disconnect|inband_shutdown|sock_wait implies not once inband_release",
    source: "facts/dovetail 2.12: in-band system calls hold a file reference, so release cannot start while one runs",
  },
  {
    id: "INB-06",
    title: "When a socket is released nobody waits for it in-band",
    forall: ["sk"],
    formula: "inband_release implies count(sock_wait) == count(sock_wake)",
    source: "the in-band stack's README: whoever waits for a message is sent away",
  },
  {
    id: "INB-07",
    title: "Nobody is woken in-band who does not wait",
    forall: ["sk", "task"],
    formula: "sock_wake implies count(sock_wake) <= count(sock_wait)",
    source: "the in-band stack's README: facts sock_wait, and one sock_wake where the waker stands",
  },
  {
    id: "INB-08",
    title: "Only a binding that was made is undone",
    forall: ["sk"],
    formula: "inband_unbind implies previously (not inband_unbind since inband_bind)",
    source: "seed 000, sock_oob_bind: the whole binding operation fails, including the in-band binding",
  },
  {
    id: "INB-09",
    title: "Only a connection that was made is undone",
    forall: ["sk"],
    formula: "inband_disconnect implies previously (not inband_disconnect since inband_connect)",
    source: "seed 000, sock_oob_connect: the whole connection request fails, including the in-band connection",
  },
  {
    id: "SOCK-03",
    title: "Hooks fire only for a socket that has a context",
    forall: ["sk"],
    formula: `${HOOKS} implies once sock_oob_attach.exit[oob_data>0]`,
    source:
      "seed 000: when non-NULL, the socket has an out-of-band context managed by a companion core; facts/dovetail 2.0, the gate",
  },
  {
    id: "SOCK-03a",
    title: "A hook names the context that the core gave",
    forall: ["sk"],
    formula: `${HOOKS} implies not (sock_oob_bind.enter[oob_data==0]|sock_oob_connect.enter[oob_data==0]|sock_oob_shutdown.enter[oob_data==0]|sock_inband_ioctl_redirect.enter[oob_data==0])`,
    source: "facts/dovetail 2.0: a hook fires only where the context pointer is not NULL",
  },
  {
    id: "SOCK-03b",
    title: "After an attach that failed no hook speaks of a context",
    forall: ["sk"],
    formula: `${HOOKS}|sock_oob_destroy.enter[oob_data>0]|sock_oob_release.enter[oob_data>0] implies not (not sock_oob_attach.exit[ret>=0] since sock_oob_attach.exit[ret<0])`,
    source: "facts/dovetail 2.2: on failure the release hook does not run, since the context is NULL",
  },
  {
    id: "SOCK-04",
    title: "The core is not asked again to attach to a socket that has a context, until another core comes",
    forall: ["sk"],
    formula: `sock_oob_attach.enter implies not previously (not ${STACK_HEARS} since sock_oob_attach.exit[oob_data>0])`,
    source: "seed 000, sock_oob_attach: when a socket is created with the SOCK_OOB flag",
  },
  {
    id: "SOCK-05",
    title: "Only SOCK_OOB makes a socket attach",
    forall: ["trace"],
    formula:
      "sock_oob_attach.enter implies once (inband:sock_map_file.enter[oob==true] or inband:sock_core_ready.enter)",
    source: "seed 000: this set is enabled when the SOCK_OOB flag is given at socket creation",
  },
  {
    id: "SOCK-05a",
    title: "accept4 and socketpair never attach",
    forall: ["trace"],
    formula: "sock_oob_attach.enter implies not once (vfs:sys_accept4.enter or vfs:sys_socketpair.enter)",
    source:
      "facts/dovetail 2.11: accept builds the new file without any attach hook; 2.1: EINVAL for SOCK_OOB there; facts/experiments 8.2, wanted",
  },
  {
    id: "SOCK-05b",
    title: "io_uring never attaches",
    forall: ["trace"],
    formula: "sock_oob_attach.enter implies not once vfs:sys_io_uring_socket.enter",
    source: "facts/dovetail 2.1: io_uring socket creation with SOCK_OOB: accepted, but attach is never called",
  },
  {
    id: "SOCK-10",
    title: "The shutdown hook runs before the INET socket is released",
    forall: ["sk"],
    formula: "sock_oob_shutdown.enter implies not once inband_release",
    source: "seed 000, sock_oob_shutdown: but before the associated INET socket is released",
  },
  {
    id: "SOCK-11",
    title: "No hook but destroy fires for a socket whose in-band release is over",
    forall: ["sk"],
    formula: `${HOOKS}|sock_oob_attach.enter implies not once inband_release`,
    source: "facts/dovetail 2.12: no hook after release started",
  },
  {
    id: "SOCK-11a",
    title: "Destroy comes with the end of the INET socket, or takes back an attachment",
    forall: ["sk"],
    formula: "sock_oob_destroy.enter implies once sk_destruct or once sock_oob_release.exit[sk>0]",
    source: "seed 000, sock_oob_destroy: when the last reference to the INET socket sk is dropped",
  },
  {
    id: "SOCK-15",
    title: "A socket with a context is destroyed in the core with its end",
    forall: ["sk"],
    formula:
      "end implies not (not (sock_oob_destroy.enter or place_down[house==inband]) since sk_destruct[oob_data>0])",
    source: "seed 000, sock_oob_destroy: happens when the last reference to the INET socket is dropped",
  },
  {
    id: "SOCK-15a",
    title: "Destroy is asked once for one context",
    forall: ["sk"],
    formula: "sock_oob_destroy.enter implies not previously (not sock_oob_attach.exit since sock_oob_destroy.enter)",
    source: "facts/dovetail 2.12: destroy exactly once, only after a successful attach",
  },
  {
    id: "SOCK-15b",
    title: "The end of an INET socket knows the context that its attach was given",
    forall: ["sk"],
    formula: `sk_destruct and previously ${BELIEVED} implies sk_destruct[oob_data>0]`,
    source: "seed 000, sock_oob_destroy: should deallocate the resources obtained by sock_oob_attach()",
  },
]);

import { STACK_HEARS, handedOn, own, written } from "./words.ts";

/** The socket call came to the stack once in this trace: no fault doubled it. */
const single = (call: string): string => `count(inband:${call}.enter) == 1`;

/** Where the seeds and the code disagree (facts/dovetail 1): a rule of each, wherever a trace can tell them apart. */
export const PROFILES_DIFFER = written([
  {
    id: "SOCK-06",
    title: "The bind hook runs once the regular bind of this call has succeeded",
    forall: ["trace"],
    formula: "sock_oob_bind.enter and once inband:sock_bind.enter implies once inband_bind",
    profile: "documented",
    source: "seed 000, sock_oob_bind: runs once the regular binding operation for the domain has succeeded",
  },
  {
    id: "D2.code",
    title: "The answer of the bind hook replaces that of a PF_PACKET bind that failed",
    forall: ["trace"],
    formula: `${own("inband:sock_bind.exit")} and once sock_oob_bind.exit[ret<=0] and not once inband_bind and ${single("sock_bind")} implies (not once sock_oob_bind.exit[ret==0] or inband:sock_bind.exit[ret==0]) and ${handedOn(["ENOMEM", "EADDRINUSE", "EINVAL", "EPERM"], "sock_oob_bind", "inband:sock_bind")}`,
    profile: "as-implemented",
    source: "facts/dovetail, D2: the hook is called regardless of the in-band result, and its return value replaces it",
  },
  {
    id: "SOCK-07",
    title: "A bind that fails at its hook is undone in-band",
    forall: ["trace"],
    formula: `${own("inband:sock_bind.exit[ret<0]")} and once sock_oob_bind.enter and ${single("sock_bind")} implies (not inband_bind since inband_unbind)`,
    profile: "documented",
    source: "seed 000, sock_oob_bind: the whole binding operation fails, including the in-band binding",
  },
  {
    id: "D1.code",
    title: "A bind that fails at its hook leaves the in-band binding",
    forall: ["trace"],
    formula: `${own("inband:sock_bind.exit[ret<0]")} and once sock_oob_bind.enter implies not once inband_unbind`,
    profile: "as-implemented",
    source: "facts/dovetail, D1: error is returned to the caller, but nothing is undone",
  },
  {
    id: "SOCK-09",
    title: "A connect that fails at its hook is undone in-band",
    forall: ["trace"],
    formula: `${own("inband:sock_connect.exit[ret<0]")} and once sock_oob_connect.enter and ${single("sock_connect")} implies (not inband_connect since inband_disconnect)`,
    profile: "documented",
    source: "seed 000, sock_oob_connect: causes the whole connection request to fail, including the in-band connection",
  },
  {
    id: "D3.code",
    title: "A connect that fails at its hook leaves the in-band connection",
    forall: ["trace"],
    formula: `${own("inband:sock_connect.exit[ret<0]")} and once sock_oob_connect.enter implies not once inband_disconnect`,
    profile: "as-implemented",
    source: "facts/dovetail, D3: errno is returned; no in-band disconnect is issued",
  },
  {
    id: "D4.doc",
    title: "The shutdown hook is told SHUT_RD, SHUT_WR or SHUT_RDWR, as the task said",
    forall: ["trace"],
    formula:
      "sock_oob_shutdown.enter and once inband_shutdown and count(inband_shutdown) == 1 implies (sock_oob_shutdown.enter[how==0] and once inband_shutdown[how==0]) or (sock_oob_shutdown.enter[how==1] and once inband_shutdown[how==1]) or (sock_oob_shutdown.enter[how==2] and once inband_shutdown[how==2])",
    profile: "documented",
    source: "seed 000, sock_oob_shutdown: among SHUT_RD, SHUT_WR, or SHUT_RDWR",
  },
  {
    id: "D4.code",
    title: "The shutdown hook is told what the code has incremented",
    forall: ["trace"],
    formula:
      "sock_oob_shutdown.enter and once inband_shutdown and count(inband_shutdown) == 1 implies (sock_oob_shutdown.enter[how==1] and once inband_shutdown[how==0]) or (sock_oob_shutdown.enter[how==2] and once inband_shutdown[how==1]) or (sock_oob_shutdown.enter[how==3] and once inband_shutdown[how==2])",
    profile: "as-implemented",
    source: "facts/dovetail, D4: the value passed is already incremented",
  },
  {
    id: "D5.code",
    title: "The shutdown hook is not called for a socket that never had a peer",
    forall: ["sk"],
    formula: "sock_oob_shutdown.enter implies once inband_connect[peer!=unspec]",
    profile: "as-implemented",
    source: "facts/dovetail, D5: in-band status is -ENOTCONN, so the hook is not called",
  },
  {
    id: "D5.doc",
    title: "Every in-band shutdown of a socket with a context reaches its hook",
    forall: ["sk"],
    formula: `inband_shutdown|inband_release|inband_connect implies not previously (not (sock_oob_shutdown.enter or ${STACK_HEARS} or oob_lapse[sk>0]) since (inband_shutdown and (not (${STACK_HEARS} or oob_lapse[sk>0]) since sock_oob_attach.exit[oob_data>0]) and not once inband_create[family==PF_OOB]))`,
    profile: "documented",
    source: "seed 000, sock_oob_shutdown: allowing the companion core to act upon the same event",
  },
  {
    id: "D6.code",
    title: "files->file_lock is not held when a descriptor is installed",
    forall: ["files", "fd"],
    formula: "install_inband_fd.enter implies install_inband_fd.enter[holds!=files.file_lock]",
    profile: "as-implemented",
    source: "facts/dovetail, D6: only held while a resize is in progress, which is not modelled",
  },
  {
    id: "D6.doc",
    title: "files->file_lock is held when a descriptor is installed",
    forall: ["files", "fd"],
    formula: "install_inband_fd.enter implies install_inband_fd.enter[holds==files.file_lock]",
    profile: "documented",
    source: "seed 002, install_inband_fd: files->file_lock is locked on entry to this call",
  },
  {
    id: "D7.code",
    title: "files->file_lock is not held for the uninstalls of a table that goes",
    forall: ["files", "fd"],
    formula:
      "uninstall_inband_fd.enter and not (not (fd_publish or fork_copy) since fd_clear) implies uninstall_inband_fd.enter[holds!=files.file_lock]",
    profile: "as-implemented",
    source: "facts/dovetail, D7: not held for the final table teardown at process exit",
  },
  {
    id: "D7.doc",
    title: "files->file_lock is held for every uninstall, those of a table that goes among them",
    forall: ["files", "fd"],
    formula: "uninstall_inband_fd.enter implies uninstall_inband_fd.enter[holds==files.file_lock]",
    profile: "documented",
    source: "seed 002, uninstall_inband_fd: files->file_lock is locked on entry to this call",
  },
  {
    id: "D8.doc",
    title: "dup2 over an open descriptor uninstalls the file that is displaced, then replaces it",
    forall: ["files", "fd"],
    formula:
      "replace_inband_fd.enter and previously (not replace_inband_fd.enter since fd_publish[displaced>0]) implies (not fd_publish since uninstall_inband_fd.exit)",
    profile: "documented",
    source: "seed 002, uninstall_inband_fd: as a result of calling dup(2) or any of its derivatives",
  },
  {
    id: "D8.code",
    title: "dup2 over an open descriptor fires replace alone",
    forall: ["files", "fd"],
    formula:
      "uninstall_inband_fd.enter implies not (not (replace_inband_fd.enter or install_inband_fd.enter) since fd_publish)",
    profile: "as-implemented",
    source: "facts/dovetail, D8: only fires replace; no uninstall for the displaced file",
  },
  {
    id: "D10.doc",
    title: "sock->sk might be stale when a closed socket is released: it is not told",
    forall: ["trace"],
    formula:
      "sock_oob_release.enter and not once (compensate[undoes==sock_oob_attach] or inband:sock_core_ready.enter) implies sock_oob_release.enter[sk==0]",
    profile: "documented",
    source: "seed 000, sock_oob_release: its representation in the network layer sock->sk might already be stale",
  },
  {
    id: "D10.code",
    title: "The release hook runs before the protocol's release, so sk is still set",
    forall: ["trace"],
    formula: "sock_oob_release.enter implies sock_oob_release.enter[sk>0]",
    profile: "as-implemented",
    source: "facts/dovetail, D10: the hook runs before the protocol release",
  },
  {
    id: "D12.doc",
    title: "The connect hook is for in-band families",
    forall: ["sk"],
    formula: "sock_oob_connect.enter implies not once inband_create[family==PF_OOB]",
    profile: "documented",
    source: "seed 000, sock_oob_connect: for which the in-band network stack has handled a connection request",
  },
  {
    id: "D12.code",
    title: "The connect hook is for every family, PF_OOB included",
    forall: ["sk"],
    formula: `inband_release|inband_connect implies not previously (not (sock_oob_connect.enter or ${STACK_HEARS} or oob_lapse[sk>0]) since (inband_connect and (not (${STACK_HEARS} or oob_lapse[sk>0]) since sock_oob_attach.exit[oob_data>0])))`,
    profile: "as-implemented",
    source: "facts/dovetail, D12: issued by the socket layer for every family",
  },
]);

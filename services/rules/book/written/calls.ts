import { STACK_HEARS, handedOn, lost, own, written } from "./words.ts";

/** The socket call came to the stack once in this trace: no fault doubled it. */
const single = (call: string): string => `count(inband:${call}.enter) == 1`;

/** A call of a task and what becomes of it: what the hook says, and what is undone. */
export const CALLS = written([
  {
    id: "OB-01",
    title: "A bind whose hook was called succeeds only if the hook did",
    forall: ["trace"],
    formula: `${own("inband:sock_bind.exit[ret==0]")} and once sock_oob_bind.enter and ${single("sock_bind")} implies once sock_oob_bind.exit[ret==0]`,
    source: "seed 000, sock_oob_bind: on error, the whole binding operation fails",
  },
  {
    id: "OB-02",
    title: "A bind that the hook refused answers the hook's errno",
    forall: ["trace"],
    formula: `${own("inband:sock_bind.exit")} and once sock_oob_bind.exit[ret<0] and ${single("sock_bind")} implies ${handedOn(["ENOMEM", "EADDRINUSE", "EINVAL", "EPERM"], "sock_oob_bind", "inband:sock_bind")}`,
    source: "seed 000, sock_oob_bind: returns zero on success, otherwise a negative errno status",
  },
  {
    id: "OB-02a",
    title: "A bind fails only because it failed in-band, or the hook refused, or its answer was lost",
    forall: ["trace"],
    formula: `${own("inband:sock_bind.exit[ret<0]")} and once inband_bind and ${single("sock_bind")} implies once (sock_oob_bind.exit[ret<0]|${lost("sock_oob_bind")}|sock_oob_bind.exit[lost==rejected]|oob_proto_ops.exit)`,
    source: "seed 000, sock_oob_bind; facts/experiments, OB-02",
  },
  {
    id: "OB-03",
    title: "A connect whose hook was called succeeds only if the hook did",
    forall: ["trace"],
    formula: `${own("inband:sock_connect.exit[ret==0]")} and once sock_oob_connect.enter and ${single("sock_connect")} implies once sock_oob_connect.exit[ret==0]`,
    source: "seed 000, sock_oob_connect: any error causes the whole connection request to fail",
  },
  {
    id: "OB-03a",
    title: "A connect that the hook refused answers the hook's errno",
    forall: ["trace"],
    formula: `${own("inband:sock_connect.exit")} and once sock_oob_connect.exit[ret<0] and ${single("sock_connect")} implies ${handedOn(["ENOMEM", "EINVAL", "EPERM"], "sock_oob_connect", "inband:sock_connect")}`,
    source: "seed 000, sock_oob_connect: any error causes the whole connection request to fail",
  },
  {
    id: "OB-03b",
    title: "A connect that was made in-band fails only because the hook refused, or its answer was lost",
    forall: ["trace"],
    formula: `${own("inband:sock_connect.exit[ret<0]")} and once inband_connect and ${single("sock_connect")} implies once (sock_oob_connect.exit[ret<0]|${lost("sock_oob_connect")}|sock_oob_connect.exit[lost==rejected])`,
    source: "facts/experiments, OB-03b",
  },
  {
    id: "OB-04",
    title: "A shutdown that the hook refused answers the hook's errno",
    forall: ["trace"],
    formula: `${own("inband:sock_shutdown.exit")} and once sock_oob_shutdown.exit[ret<0] and ${single("sock_shutdown")} implies ${handedOn(["EINVAL", "EPERM"], "sock_oob_shutdown", "inband:sock_shutdown")}`,
    source: "facts/dovetail 2.7: the return value becomes the result of shutdown(2)",
  },
  {
    id: "OB-05",
    title: "What was lost at a hook is EIO for the call around it",
    forall: ["trace"],
    formula: `(${own("inband:sock_bind.exit")} and once (${lost("sock_oob_bind")}) and ${single("sock_bind")}) or (${own("inband:sock_connect.exit")} and once (${lost("sock_oob_connect")}) and ${single("sock_connect")}) or (${own("inband:sock_ioctl.exit")} and once (${lost("sock_inband_ioctl_redirect")}) and ${single("sock_ioctl")}) implies inband:sock_bind.exit[ret==EIO]|inband:sock_connect.exit[ret==EIO]|inband:sock_ioctl.exit[ret==EIO]`,
    source: "the in-band stack's README: a lost bind or connect is EIO and undone here",
  },
  {
    id: "SOCK-08",
    title: "The connect hook runs after the in-band stack has handled the request",
    forall: ["trace"],
    formula: "sock_oob_connect.enter and once inband:sock_connect.enter implies once inband_connect",
    source:
      "seed 000, sock_oob_connect: for which the in-band network stack has successfully handled a connection request",
  },
  {
    id: "SOCK-10a",
    title: "The shutdown hook runs after the regular shutdown of this call",
    forall: ["trace"],
    formula: "sock_oob_shutdown.enter and once inband:sock_shutdown.enter implies once inband_shutdown",
    source: "seed 000, sock_oob_shutdown: runs after the regular shutdown actions for the domain has succeeded",
  },
  {
    id: "OB-06",
    title: "Every in-band connection of a socket of an in-band family with a context reaches its hook",
    forall: ["sk"],
    formula: `inband_release|inband_connect implies not previously (not (sock_oob_connect.enter or ${STACK_HEARS} or oob_lapse[sk>0]) since (inband_connect and (not (${STACK_HEARS} or oob_lapse[sk>0]) since sock_oob_attach.exit[oob_data>0]) and not once inband_create[family==PF_OOB]))`,
    source: "seed 000, sock_oob_connect: called for a socket bearing the SOCK_OOB flag",
  },
  {
    id: "OB-07",
    title: "Every in-band binding of a socket of UDP or PF_PACKET with a context reaches its hook",
    forall: ["sk"],
    formula: `inband_release|inband_bind|inband_unbind implies not previously (not (sock_oob_bind.enter or ${STACK_HEARS} or oob_lapse[sk>0]) since (inband_bind and (not (${STACK_HEARS} or oob_lapse[sk>0]) since sock_oob_attach.exit[oob_data>0]) and once (inband_create[family==PF_PACKET]|inband_create[type==2])))`,
    source: "seed 000, sock_oob_bind: this call is issued by the PF_INET and PF_PACKET domains",
  },
  {
    id: "SOCK-16",
    title: "What the redirector says is final, unless it is ENOIOCTLCMD",
    forall: ["trace"],
    formula: `${own("inband:sock_ioctl.exit")} and once (sock_inband_ioctl_redirect.exit[ret<0]) and ${single("sock_ioctl")} implies ${handedOn(["EINVAL", "EFAULT", "EPERM", "ENODEV", "ETIMEDOUT"], "sock_inband_ioctl_redirect", "inband:sock_ioctl")}`,
    source: "facts/dovetail 2.8: any result other than -ENOIOCTLCMD is final",
  },
  {
    id: "SOCK-16a",
    title: "What the redirector handled is not passed to the regular handler",
    forall: ["trace"],
    formula: `${own("inband:sock_ioctl.exit")} and once sock_inband_ioctl_redirect.exit[ret>=0] and ${single("sock_ioctl")} implies inband:sock_ioctl.exit[ret>=0] and not once oob_proto_ops.enter`,
    source:
      "seed 000, sock_inband_ioctl_redirect: on success, the request is not passed to the regular IOCTL command handler",
  },
  {
    id: "SOCK-17",
    title: "ENOIOCTLCMD never reaches a task",
    forall: ["trace"],
    formula:
      "sys_ioctl.exit|oob_ioctl.exit implies not (sys_ioctl.exit[ret==ENOIOCTLCMD]|oob_ioctl.exit[ret==ENOIOCTLCMD])",
    source:
      "seed 000, sock_inband_ioctl_redirect: passes it on to the regular IOCTL command handler; facts/dovetail 2.8",
  },
  {
    id: "SOCK-17a",
    title: "Out of band ENOIOCTLCMD becomes ENOTTY",
    forall: ["trace"],
    formula: `${own("companion:oob_ioctl.exit")} and once sock_oob_ioctl.exit[ret==ENOIOCTLCMD] and count(companion:oob_ioctl.enter) == 1 implies companion:oob_ioctl.exit[ret==ENOTTY]`,
    source:
      "facts/dovetail 4.3: the operation runs on the out-of-band stage; -ENOIOCTLCMD becomes -ENOTTY; facts/experiments 8.2, wanted",
  },
  {
    id: "FD-06",
    title: "The core attaches to a socket before its descriptor is published",
    forall: ["trace"],
    formula: "fd_publish[oob_data>0] and once sock_oob_attach.enter implies once sock_oob_attach.exit[oob_data>0]",
    source: "facts/dovetail 2.12: attach < install for the creating descriptor",
  },
  {
    id: "OB-08",
    title: "A failed attach fails the whole socket(2): no descriptor",
    forall: ["trace"],
    formula: "fd_publish implies not once sock_oob_attach.exit[ret<0]",
    source: "facts/dovetail 2.2: returns the reserved descriptor, calls sock_release(), returns the errno",
  },
  {
    id: "OB-08a",
    title: "A socket(2) that fails closes the socket that it made",
    forall: ["trace"],
    formula: `${own("vfs:sys_socket.exit[ret<0]")} and once sock_create.exit[sock>0] implies once sock_close.enter`,
    source: "facts/dovetail 2.2: on failure calls sock_release()",
  },
  {
    id: "OB-08b",
    title: "A socket(2) that fails gives its descriptor back",
    forall: ["trace"],
    formula: `${own("vfs:sys_socket.exit[ret<0]", "vfs:sys_open.exit[ret<0]")} implies count(fd_reserve) == count(fd_unreserve)`,
    source: "facts/dovetail 2.2: on failure returns the reserved descriptor",
  },
  {
    id: "OB-09",
    title: "A call that returned a new descriptor published it",
    forall: ["trace"],
    formula: `${own("vfs:sys_socket.exit[ret>=0]", "vfs:sys_open.exit[ret>=0]", "vfs:sys_dup.exit[ret>=0]")} implies once fd_publish`,
    source: "seed 002, install_inband_fd: typically when indexing a newly opened file",
  },
]);

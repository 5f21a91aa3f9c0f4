import { CONTRACT } from "../../../abi/contract.generated.ts";
import { BELIEVED } from "./in-band.ts";
import { STACK_DIES, VFS_DIES, written, own } from "./words.ts";

const FD_HOOKS = "(install_inband_fd.enter or replace_inband_fd.enter or uninstall_inband_fd.enter)";
/** The points that one house asks another. */
const ASKED = Object.values(CONTRACT).filter(
  ({ kind, from, to }) => kind !== "control" && kind !== "call" && from !== to && to !== "any",
);

const WAITS = "once run_end[waiting>0]";

/** In one around an event of the in-band stack: it asks the core once. */
const onceEach = (hook: string): string => `${hook}.enter implies count(${hook}.enter) <= 1`;

/** What one house tells another, and what that makes of it. */
export const HANDED = written([
  {
    id: "ONE-01",
    title: "A call asks the bind hook once about a socket",
    forall: ["around", "sk"],
    formula: onceEach("sock_oob_bind"),
    source: "facts/experiments, GP-04, OB-13: one hook per call",
  },
  {
    id: "ONE-02",
    title: "A call asks the connect hook once about a socket",
    forall: ["around", "sk"],
    formula: onceEach("sock_oob_connect"),
    source: "facts/experiments, GP-04: one in-band connect and one hook per call",
  },
  {
    id: "ONE-03",
    title: "A call asks the shutdown hook once about a socket",
    forall: ["around", "sk"],
    formula: onceEach("sock_oob_shutdown"),
    source: "facts/experiments, OB-13: one hook per call",
  },
  {
    id: "ONE-04",
    title: "A call asks the redirector once about a socket",
    forall: ["around", "sk"],
    formula: onceEach("sock_inband_ioctl_redirect"),
    source: "facts/dovetail 2.8: the default branch of sock_ioctl()",
  },
  {
    id: "ONE-05",
    title: "A frame is offered once for each time that it comes in",
    forall: ["frame"],
    formula:
      "netif_deliver_oob.enter implies count(netif_deliver_oob.enter) <= count(nic:frame_receive) + count(frame_fault[kind==duplicate])",
    source: "facts/experiments, NF-01: offered at most once",
  },
  {
    id: "ONE-06",
    title: "An uninstall removes one entry",
    forall: ["span"],
    formula: "index_remove and once companion:uninstall_inband_fd.enter implies count(index_remove) <= 1",
    source: "facts/dovetail 11: dup(3)=7; close(3): the entry of 7 stays",
  },
  {
    id: "ONE-07",
    title: "What is asked again, and was acted upon, is answered from memory",
    forall: ["call"],
    formula: "end and once retry and count(companion:*.enter) >= 2 implies once repeated or once place_down",
    source: "design, section 2: a repeated invocation id is answered with the first answer",
    untriggered:
      "what is asked again is answered from memory, so nothing begins twice; only a receiver without one triggers it",
  },
  {
    id: "ANS-01",
    title: "A refusal comes from who was asked, from a fault, or from the empty weak definition",
    forall: ["call"],
    formula: `${ASKED.map(({ from, name }) => `${from}:${name}.exit[ret<0]`).join("|")} implies once (${ASKED.map(({ to, name }) => `${to}:${name}.exit[ret<0]`).join("|")}) or once *.exit[fault!=""] or ${ASKED.flatMap(({ from, name, weak }) => (weak === undefined ? [] : [`${from}:${name}.exit[ret==${weak}]`])).join("|")}`,
    source: "facts/dovetail 2.0, weak defaults; design, section 2",
  },
  {
    id: "ONE-08",
    title: "A slot is uninstalled once for each file that was put into it",
    forall: ["files", "fd"],
    formula:
      "uninstall_inband_fd.enter implies not previously (not (fd_publish or fork_copy or fd_clear or replace_inband_fd.enter) since uninstall_inband_fd.enter)",
    source: "facts/experiments, FD-02; facts/dovetail 2.12: uninstall once per descriptor",
  },
  {
    id: "REL-01",
    title: "The release hook is the first thing that the close of a socket does",
    forall: ["around"],
    formula: "sock_oob_release.enter and once inband:sock_close.enter implies not once inband_release",
    source: "facts/dovetail 2.3: __sock_release() as its first action, before the protocol's release",
  },
  {
    id: "REL-02",
    title: "A socket with a context is released in the core before it is destroyed",
    forall: ["around"],
    formula: "sk_destruct[oob_data>0] and once inband_release implies once sock_oob_release.enter",
    source: "facts/dovetail 2.12: release exactly once, destroy exactly once, both only after a successful attach",
  },
  {
    id: "REL-03",
    title: "A socket lives as long as packets refer to it",
    forall: ["sk"],
    formula: "sk_destruct implies sk_destruct[charged==0]",
    source: "facts/dovetail 2.4: destroy when the last reference to the sock goes; packets charged to it delay it",
  },
  {
    id: "OB-10",
    title: "The regular handlers get an ioctl of a socket with a context when the core has said that it is not its own",
    forall: ["sk"],
    formula: `inband_ioctl and ${BELIEVED} implies once sock_inband_ioctl_redirect.exit[ret==ENOIOCTLCMD]`,
    source: "facts/experiments, OB-04; facts/dovetail 2.8",
  },
  {
    id: "OB-10a",
    title: "The regular handlers get an ioctl of a socket that the core was asked about only when that was its answer",
    forall: ["around"],
    formula:
      "inband_ioctl and once sock_inband_ioctl_redirect.enter implies once sock_inband_ioctl_redirect.exit[ret==ENOIOCTLCMD]",
    source: "facts/dovetail 2.8: any result other than -ENOIOCTLCMD is final",
  },
  {
    id: "LOCK-01",
    title: "Nothing but the hooks of descriptors is called under files->file_lock, a spinlock",
    forall: ["span"],
    formula: `*.enter[holds==files.file_lock] implies ${FD_HOOKS}`,
    source: "facts/dovetail 3.2: the file is closed after the hook and the unlock; seed 002",
  },
  {
    id: "LOCK-02",
    title: "files->file_lock is held when a descriptor is replaced",
    forall: ["files", "fd"],
    formula: "replace_inband_fd.enter implies replace_inband_fd.enter[holds==files.file_lock]",
    source: "facts/dovetail 3.2: dup2, replace_fd: file_lock held",
  },
  {
    id: "LOCK-03",
    title: "The lock of an INET socket is held when its binding is extended",
    forall: ["sk"],
    formula:
      "sock_oob_bind.enter and once inband_create[family==PF_INET] implies sock_oob_bind.enter[holds==sk.sk_lock]",
    source: "facts/dovetail 2.5: __inet_bind(), socket lock held; PF_PACKET: none",
  },
  {
    id: "LOCK-04",
    title: "Hooks that run under one files->file_lock run one after the other",
    forall: ["files"],
    formula: `${FD_HOOKS} implies count(${holding("enter")}) <= count(${holding("exit")}) + 1 or once ${VFS_DIES}`,
    source: "seed 002: files->file_lock is locked on entry to this call",
  },
  {
    id: "FILE-07",
    title: "A file is released when the last slot that referred to it was uninstalled",
    forall: ["file"],
    formula: `end and once file_create and once uninstall_inband_fd.enter and count(fd_publish or fork_copy) == count(uninstall_inband_fd.enter) implies once file_release or ${WAITS} or once ${VFS_DIES}`,
    profile: "documented",
    source:
      "facts/dovetail 2.12: release only at the last file reference, uninstall once per descriptor; D8, documented",
  },
  {
    id: "RET-14",
    title: "A bound socket whose context is renewed is bound again",
    forall: ["sk"],
    formula: `oob_renew[sk>0] and once (inband:sock_core_ready.enter and previously (not (inband_bind or inband_unbind) since sock_oob_bind.exit[ret==0])) and not once (inband_connect[peer==unspec] or inband_disconnect) implies (not inband:sock_core_ready.enter since sock_oob_bind.enter) or once ${STACK_DIES}`,
    source: "the in-band stack's README: each open socket goes through attach, bind, connect and shutdown",
  },
  {
    id: "CORE-01",
    title: "Only a thread with CAP_SYS_NICE is attached",
    forall: ["span"],
    formula: "thread_attach implies once companion:oob_attach_thread.enter[cap_sys_nice==true]",
    source: "facts/dovetail 4.3: an attached thread with CAP_SYS_NICE, else -EPERM",
  },
  {
    id: "CORE-02",
    title: "The core leaves the regular commands of a socket to the regular handlers",
    forall: ["span"],
    formula: `${own("companion:sock_inband_ioctl_redirect.exit")} implies companion:sock_inband_ioctl_redirect.exit[ret==ENOIOCTLCMD] or not once companion:sock_inband_ioctl_redirect.enter[cmd>=35072, cmd<=35327]`,
    source: "facts/dovetail 2.8: SIOCGIFINDEX, SIOCGIFHWADDR and the like keep working on an oob socket",
  },
  {
    id: "CORE-03",
    title: "A UDP socket that is shut down receives nothing any more",
    forall: ["sk"],
    formula: "companion:sock_take and once sk_attach[protocol==udp] implies not (not sk_bind since sk_shutdown)",
    source: "facts/dovetail 2.7: drops the receive slot, purges queued input",
  },
  {
    id: "CORE-04",
    title: "A socket whose sending direction is shut sends nothing any more",
    forall: ["sk"],
    formula: "tx_queue or oob_offload implies not once sk_shutdown[how>=1]",
    source: "facts/dovetail 6.4: shut down, -EPIPE",
  },
  {
    id: "CORE-05",
    title: "The core shuts the directions that the hook names, as the pages count",
    forall: ["span"],
    formula: `sk_shutdown and once companion:sock_oob_shutdown.enter implies ${counted(0)}`,
    profile: "documented",
    source: "seed 000, sock_oob_shutdown: among SHUT_RD, SHUT_WR, or SHUT_RDWR",
  },
  {
    id: "CORE-06",
    title: "The core shuts the directions that the hook names, as the code counts",
    forall: ["span"],
    formula: `sk_shutdown and once companion:sock_oob_shutdown.enter implies ${counted(1)}`,
    profile: "as-implemented",
    source: "facts/dovetail, D4: the value passed is already incremented",
  },
]);

function holding(phase: "enter" | "exit"): string {
  return ["install", "replace", "uninstall"]
    .map((hook) => `${hook}_inband_fd.${phase}[holds==files.file_lock]`)
    .join("|");
}

function counted(more: number): string {
  return [0, 1, 2]
    .map((how) => `(sk_shutdown[how==${how}] and once companion:sock_oob_shutdown.enter[how==${how + more}])`)
    .join(" or ");
}

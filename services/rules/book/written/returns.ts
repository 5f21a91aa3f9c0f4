import { CORE_DIES, STACK_DIES, STACK_HEARS, VFS_DIES, VFS_HEARS, failed, lasts, own, written } from "./words.ts";

/** The core has a context of the socket. */
const ATTACHED = lasts("sk_attach", `sk_destroy or ${CORE_DIES}`);

/** Houses that die and come back, and both sides of a socket, a file, a thread that agree again. */
export const RETURNS = written([
  {
    id: "RET-01",
    title: "Contexts are renewed while the VFS is told that there is another core",
    forall: [],
    formula: `vfs:oob_renew implies count(${VFS_HEARS}) > count(vfs:file_core_ready.exit)`,
    source: "the VFS's README: a core that takes the place of another one calls file_core_ready",
  },
  {
    id: "RET-02",
    title: "Contexts of sockets are renewed while the in-band stack is told that there is another core",
    forall: [],
    formula: `inband:oob_renew implies count(${STACK_HEARS}) > count(inband:sock_core_ready.exit)`,
    source: "the in-band stack's README: a core that takes the place of another one calls sock_core_ready",
  },
  {
    id: "RET-03",
    title: "A socket's context is renewed after the core attached again",
    forall: ["sk"],
    formula: `oob_renew[sk>0] implies (not ${STACK_HEARS} since sock_oob_attach.exit[oob_data>0])`,
    source: "the in-band stack's README: each open socket goes through attach, bind, connect and shutdown",
  },
  {
    id: "RET-04",
    title: "A driver's file has its context renewed after the core opened it again",
    forall: ["file"],
    formula: `vfs:oob_renew and once oob_open_file.enter implies (not ${VFS_HEARS} since oob_open_file.exit[oob_data>0])`,
    source: "the VFS's README: file by file, the driver asks for a context as in open(2)",
  },
  {
    id: "RET-05",
    title: "The core asks the in-band stack for sockets before it asks the VFS for files",
    forall: ["service"],
    formula: "file_core_ready.enter implies once sock_core_ready.exit",
    source: "the core's README: then it asks the in-band stack, then the VFS",
  },
  {
    id: "RET-06",
    title: "A returning VFS tells the core before the in-band stack",
    forall: ["service"],
    formula: "sock_vfs_ready.enter implies once oob_vfs_ready.exit",
    source:
      "the VFS's README: this house, when it took the place of another one, calls oob_vfs_ready and then sock_vfs_ready",
  },
  {
    id: "RET-07",
    title: "No thread of the former VFS is attached when the core has heard of the new one",
    forall: ["task"],
    formula: `${own("companion:oob_vfs_ready.exit")} implies not (not (thread_detach or companion:oob_vfs_ready.enter or ${CORE_DIES}) since thread_attach and not once companion:oob_vfs_ready.enter)`,
    source: "the core's README: the VFS returns: all threads are detached",
  },
  {
    id: "RET-08",
    title: "The core has no context of a socket that is gone",
    forall: ["sk"],
    formula: `end and ${ATTACHED} implies not once sk_destruct or once (${failed("sock_oob_destroy", "sock_oob_attach")}) or once ${STACK_DIES}`,
    source: "design 2: both sides must come together again; seed 000, sock_oob_destroy",
  },
  {
    id: "RET-09",
    title: "The core has a context only of a socket that the in-band stack believes it has",
    forall: ["sk"],
    formula: `end and ${ATTACHED} implies once sock_oob_attach.exit[oob_data>0] or once (${failed("sock_oob_destroy", "sock_oob_attach")}) or once ${STACK_DIES} or (not sock_oob_attach.exit since sock_oob_attach.enter)`,
    source: "design 2: after a lost reply both sides may disagree; compensation brings them together again",
  },
  {
    id: "RET-10",
    title: "The core has no context of a driver's file that is gone",
    forall: ["file"],
    formula: `end and ${lasts("efile_open", `efile_free or ${CORE_DIES}`)} implies not once file_release or once (${failed("oob_release_file")}) or once ${VFS_DIES}`,
    source: "facts/dovetail 4.1: release calls evl_release_file",
  },
  {
    id: "RET-11",
    title: "A socket that had a context when another core came has one again, or is told that it has none",
    forall: ["sk"],
    formula: `end and count(${STACK_HEARS}) == 1 and once (${STACK_HEARS} and previously ${lasts("sock_oob_attach.exit[oob_data>0]", "oob_lapse[sk>0] or inband_release")}) implies (not ${STACK_HEARS} since (oob_renew[sk>0] or oob_lapse[sk>0] or inband_release)) or once ${STACK_DIES} or once inband:sock_core_ready.exit[fault!=none] or count(${STACK_HEARS}) > count(inband:sock_core_ready.exit)`,
    source: "the in-band stack's README: each open socket, by number, goes through attach, bind, connect and shutdown",
  },
  {
    id: "RET-12",
    title: "A file that had a context when another core came has one again, or is told that it has none",
    forall: ["file"],
    formula: `end and count(${VFS_HEARS}) == 1 and once (${VFS_HEARS} and previously ${lasts("file_create[oob_data>0]", "file_release or oob_lapse[file>0]")}) implies (not ${VFS_HEARS} since (vfs:oob_renew or vfs:oob_lapse or file_release)) or once ${VFS_DIES} or once vfs:file_core_ready.exit[fault!=none] or count(${VFS_HEARS}) > count(vfs:file_core_ready.exit)`,
    source: "the VFS's README: then, file by file, the driver asks for a context as in open(2)",
  },
  {
    id: "RET-13",
    title: "A core that has no context of a socket does not make the in-band stack lose it while it lives",
    forall: ["sk"],
    formula: `oob_lapse[sk>0] implies once ${STACK_HEARS}`,
    source: "the in-band stack's README: a core that refuses leaves a plain one for good (oob_lapse)",
  },
]);

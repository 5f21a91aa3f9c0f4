import { STACK_HEARS, VFS_DIES, VFS_HEARS, failed, lost, own, written } from "./words.ts";

/** Answers that were lost, and what brings both sides together again. */
export const LOSS = written([
  {
    id: "LOSS-01",
    title: "A lost attach is taken back: release and destroy tell the core that there is none",
    forall: ["sk"],
    formula: `inband_release and once compensate[undoes==sock_oob_attach] implies once sock_oob_release.enter[sk>0] and once sock_oob_destroy.enter`,
    source:
      "the in-band stack's README: a lost attach is EIO, and release and destroy with the context 0 tell the core",
  },
  {
    id: "LOSS-02",
    title: "An attach whose answer was lost is compensated, unless another core came",
    forall: ["sk"],
    formula: `inband_release and once (${lost("sock_oob_attach")}) implies once compensate[undoes==sock_oob_attach] or once ${STACK_HEARS}`,
    source: "design 2: after a lost reply the caller's compensation must bring both sides together again",
  },
  {
    id: "LOSS-03",
    title: "An open whose answer was lost is compensated with a release",
    forall: ["file"],
    formula: `end and once (${lost("oob_open_file")}) implies once oob_release_file.enter or once ${VFS_DIES} or once ${VFS_HEARS}`,
    source: "the VFS's README: a lost oob_open_file is compensated with oob_release_file",
  },
  {
    id: "LOSS-04",
    title: "A creation whose answer was lost is closed by the number of its file",
    forall: ["trace"],
    formula: `${own("vfs:sys_socket.exit")} and once (${lost("sock_create")}|${lost("sock_map_file")}) implies once sock_close.enter`,
    source: "the VFS's README: a lost sock_map_file is compensated with sock_close, and so is a lost sock_create",
  },
  {
    id: "LOSS-05",
    title: "Nobody compensates for what was not lost",
    forall: ["trace"],
    formula: `compensate implies once (${["sock_oob_attach", "oob_open_file", "sock_create", "sock_map_file", "sock_accept", "netif_oob_switch_port", "netif_enable_oob_diversion"].map(lost).join("|")})`,
    source: "design 2: lost(timeout | unreachable)",
  },
  {
    id: "LOSS-06",
    title: "A call is asked again at most once",
    forall: ["span"],
    formula: "retry implies count(retry) == 1",
    source: "design 2; contract, on_lost: asks again once with the same invocation id",
  },
  {
    id: "LOSS-07",
    title: "A core is named what it does not know only where something was lost, struck or changed by a fault",
    forall: [],
    formula: `end and once (sk_unknown or efile_unknown or index_unknown or index_duplicate or index_stale) implies once (place_down|blow|retry|${failed("install_inband_fd", "replace_inband_fd", "uninstall_inband_fd", "sock_oob_attach", "sock_oob_release", "sock_oob_destroy", "sock_oob_bind", "sock_oob_connect", "sock_oob_shutdown", "sock_inband_ioctl_redirect", "oob_open_file", "oob_release_file", "oob_file_flags", "oob_proto_ops", "oob_driver_io", "sock_map_file", "sock_create", "sock_close")})`,
    source: "the core's README: it says only files whose context this core gave",
  },
  {
    id: "LOSS-08",
    title: "The same invocation arrives twice only where it was asked again, or a fault doubled it",
    forall: [],
    formula: "end and once repeated implies once (retry or *.exit[fault!=none] or blow)",
    source: "design 2: answer a repeated invocation id with the first answer",
  },
  {
    id: "META-01",
    title: "Nobody breaks the contract of a point, unless a fault does",
    forall: [],
    formula: "end and once contract_breach implies once (*.exit[fault!=none] or blow or place_down)",
    source: "design 2: check stage, locks and caller against the catalogue",
  },
]);

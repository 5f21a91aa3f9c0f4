import type { Context } from "../abi/context.ts";
import type { FileEntry, PointValues, TaskEntry } from "../abi/contract.generated.ts";
import type { Kit } from "../abi/kit.ts";
import { ok } from "../abi/result.ts";
import type { Handlers, Hooks } from "../boundary/hooks.ts";
import { oobAttachThread } from "./calls/oob-attach-thread.ts";
import { oobDetachThread } from "./calls/oob-detach-thread.ts";
import { oobIoctl } from "./calls/oob-ioctl.ts";
import { oobNetDivert } from "./calls/oob-net-divert.ts";
import { oobNetDomain } from "./calls/oob-net-domain.ts";
import { oobNetFilter } from "./calls/oob-net-filter.ts";
import { oobNetVlans } from "./calls/oob-net-vlans.ts";
import { oobPoll } from "./calls/oob-poll.ts";
import { oobRead } from "./calls/oob-read.ts";
import { oobRecvmsg } from "./calls/oob-recvmsg.ts";
import { oobSendmsg } from "./calls/oob-sendmsg.ts";
import { oobSetThreadMode } from "./calls/oob-set-thread-mode.ts";
import { oobWrite } from "./calls/oob-write.ts";
import { fileFlags } from "./core/file-flags.ts";
import { driverIo } from "./core/driver-io.ts";
import { handlePipelinedSyscall } from "./core/handle-pipelined-syscall.ts";
import { inbandEventNotify } from "./core/inband-event-notify.ts";
import { netifOobSwitchPort } from "./core/netif-oob-switch-port.ts";
import { oobLoadFamily } from "./core/oob-load-family.ts";
import { oobNeighbourUpdate } from "./core/oob-neighbour-update.ts";
import { oobProtoOps } from "./core/oob-proto-ops.ts";
import { oobRouteLearn } from "./core/oob-route-learn.ts";
import { openFile } from "./core/open-file.ts";
import { sockOptions } from "./core/sock-options.ts";
import { releaseFile } from "./core/release-file.ts";
import { installInbandFd } from "./hooks/install-inband-fd.ts";
import { netifDeliverOob } from "./hooks/netif-deliver-oob.ts";
import { replaceInbandFd } from "./hooks/replace-inband-fd.ts";
import { sockInbandIoctlRedirect } from "./hooks/sock-inband-ioctl-redirect.ts";
import { sockOobAttach } from "./hooks/sock-oob-attach.ts";
import { sockOobBind } from "./hooks/sock-oob-bind.ts";
import { sockOobConnect } from "./hooks/sock-oob-connect.ts";
import { sockOobDestroy } from "./hooks/sock-oob-destroy.ts";
import { sockOobIoctl } from "./hooks/sock-oob-ioctl.ts";
import { sockOobRelease } from "./hooks/sock-oob-release.ts";
import { sockOobShutdown } from "./hooks/sock-oob-shutdown.ts";
import { uninstallInbandFd } from "./hooks/uninstall-inband-fd.ts";
import { announce } from "./peers/announce.ts";
import { oobInbandReady } from "./peers/oob-inband-ready.ts";
import { oobNicReady } from "./peers/oob-nic-ready.ts";
import { oobVfsReady } from "./peers/oob-vfs-ready.ts";
import { createDomains } from "./protocols/domains.ts";
import { inBand, outOfBand } from "./stages.ts";
import { createCore, type Core } from "./state.ts";
import { listTasks } from "./list-tasks.ts";
import { listNetwork } from "./net/list-network.ts";
import type { CompanionPorts } from "./net/state.ts";
import { SOUND, type Temper } from "./temper.ts";

/** A companion core. */
export interface Companion {
  readonly handlers: Handlers<"companion">;
  /** The index, by table and descriptor. */
  listFiles(): FileEntry[];
  /** The threads that are attached, and its own. */
  listTasks(): TaskEntry[];
  /** The ports, the sockets, the front caches and the counters. */
  listNetwork(): PointValues["ctl_list_network"];
  /** Tells the others that it is there, where it took the place of one that they knew; by the end it was told of all. */
  start(): Promise<void>;
}

/**
 * Loads a companion core; a temper other than the sound one makes it a bad one on purpose (mutants.ts).
 *
 * @param hooks what it calls, itself among them: an out-of-band call on a socket crosses sock_oob_ioctl.
 * @param ports the links for what it transmits.
 * @param incarnation which of the house's lives this is, from 1.
 */
export function createCompanion(
  kit: Kit,
  hooks: Hooks<"companion">,
  ports: CompanionPorts,
  temper: Temper = SOUND,
  incarnation = 1,
): Companion {
  const core = createCore({ kit, hooks, ports, temper, domains: createDomains(), incarnation });

  /** A point that only tells something: there is nothing to answer. */
  const told =
    <A>(take: (core: Core, args: A, context: Context) => void) =>
    (args: A, context: Context) => {
      take(core, args, context);
      return ok({});
    };
  /** A point that tells something, and is answered when all that follows is done. */
  const followed =
    <A>(follow: (core: Core, args: A, context: Context) => Promise<void>) =>
    async (args: A, context: Context) => {
      await follow(core, args, context);
      return ok({});
    };
  /** A point that decides something. */
  const asked =
    <A, R>(decide: (core: Core, args: A, context: Context) => R) =>
    (args: A, context: Context): R =>
      decide(core, args, context);

  return {
    handlers: {
      install_inband_fd: told(installInbandFd),
      replace_inband_fd: told(replaceInbandFd),
      uninstall_inband_fd: told(uninstallInbandFd),
      oob_open_file: asked(openFile),
      oob_file_flags: told(fileFlags),
      oob_release_file: followed(releaseFile),
      oob_driver_io: asked(driverIo),
      inband_event_notify: told(inbandEventNotify),
      handle_pipelined_syscall: told(handlePipelinedSyscall),
      oob_attach_thread: asked(oobAttachThread),
      oob_detach_thread: asked(inBand(oobDetachThread)),
      oob_set_thread_mode: asked(outOfBand(oobSetThreadMode)),
      oob_read: asked(outOfBand(oobRead)),
      oob_write: asked(outOfBand(oobWrite)),
      oob_ioctl: asked(outOfBand(oobIoctl)),
      oob_poll: asked(outOfBand(oobPoll)),
      sock_oob_attach: asked(sockOobAttach),
      sock_oob_release: followed(sockOobRelease),
      sock_oob_destroy: told(sockOobDestroy),
      sock_oob_bind: asked(sockOobBind),
      sock_oob_connect: asked(sockOobConnect),
      sock_oob_shutdown: asked(sockOobShutdown),
      sock_oob_ioctl: asked(sockOobIoctl),
      sock_inband_ioctl_redirect: asked(sockInbandIoctlRedirect),
      netif_deliver_oob: asked(netifDeliverOob),
      netif_receive_oob: (args, context) =>
        netifDeliverOob(core, { ...args, device_time_ns: kit.clock.nowNs() }, context),
      oob_sock_options: told(sockOptions),
      oob_load_family: asked(oobLoadFamily),
      oob_proto_ops: asked(oobProtoOps),
      netif_oob_switch_port: asked(netifOobSwitchPort),
      oob_neighbour_update: told(oobNeighbourUpdate),
      oob_route_learn: told(oobRouteLearn),
      oob_sendmsg: asked(outOfBand(oobSendmsg)),
      oob_recvmsg: asked(outOfBand(oobRecvmsg)),
      oob_net_vlans: asked(inBand(oobNetVlans)),
      oob_net_divert: asked(inBand(oobNetDivert)),
      oob_net_domain: asked(inBand(oobNetDomain)),
      oob_net_filter: asked(inBand(oobNetFilter)),
      oob_vfs_ready: followed(oobVfsReady),
      oob_inband_ready: followed(oobInbandReady),
      oob_nic_ready: followed(oobNicReady),
    },
    listFiles: () => listFiles(core),
    listTasks: () => listTasks(core),
    listNetwork: () => listNetwork(core),
    start: () => announce(core, incarnation),
  };
}

/** The entries of the index as people see them. An entry that outlived its file knows no device any more. */
function listFiles(core: Core): FileEntry[] {
  return core.index.entries().map(({ files, fd, file, oob_data }) => {
    const efile = core.efiles.get(file);
    return {
      tasks: [],
      files,
      fd,
      file,
      dev: efile?.dev ?? "",
      flags: efile?.flags ?? 0,
      close_on_exec: false,
      oob_data,
      references: efile?.crossing.inside ?? 0,
    };
  });
}

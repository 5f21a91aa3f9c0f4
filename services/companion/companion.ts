import type { Context } from "../abi/context.ts";
import type { FileEntry } from "../abi/contract.generated.ts";
import type { Kit } from "../abi/kit.ts";
import { ok } from "../abi/result.ts";
import type { Handlers } from "../boundary/hooks.ts";
import { oobAttachThread } from "./calls/oob-attach-thread.ts";
import { oobDetachThread } from "./calls/oob-detach-thread.ts";
import { oobIoctl } from "./calls/oob-ioctl.ts";
import { oobPoll } from "./calls/oob-poll.ts";
import { oobRead } from "./calls/oob-read.ts";
import { oobWrite } from "./calls/oob-write.ts";
import { driverIo } from "./core/driver-io.ts";
import { inbandEventNotify } from "./core/inband-event-notify.ts";
import { openFile } from "./core/open-file.ts";
import { releaseFile } from "./core/release-file.ts";
import { installInbandFd } from "./hooks/install-inband-fd.ts";
import { replaceInbandFd } from "./hooks/replace-inband-fd.ts";
import { uninstallInbandFd } from "./hooks/uninstall-inband-fd.ts";
import { createCore, type Core } from "./state.ts";
import { SOUND, type Temper } from "./temper.ts";

/** A companion core. */
export interface Companion {
  /** What it answers. The hooks of sockets and of network devices are left out: the empty weak definitions answer. */
  readonly handlers: Handlers<"companion">;
  /** The index, by table and descriptor. */
  listFiles(): FileEntry[];
}

/** Loads a companion core; a temper other than the sound one makes it a bad one on purpose (mutants.ts). */
export function createCompanion(kit: Kit, temper: Temper = SOUND): Companion {
  const core = createCore(kit, temper);

  /** A point that only tells something: there is nothing to answer. */
  const told =
    <A>(take: (core: Core, args: A, context: Context) => void) =>
    (args: A, context: Context) => {
      take(core, args, context);
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
      oob_release_file: async (args, context) => {
        await releaseFile(core, args, context);
        return ok({});
      },
      oob_driver_io: asked(driverIo),
      inband_event_notify: told(inbandEventNotify),
      oob_attach_thread: asked(oobAttachThread),
      oob_detach_thread: asked(oobDetachThread),
      oob_read: asked(oobRead),
      oob_write: asked(oobWrite),
      oob_ioctl: asked(oobIoctl),
      oob_poll: asked(oobPoll),
    },
    listFiles: () => listFiles(core),
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

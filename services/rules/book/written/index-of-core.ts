import { CORE_DIES, STACK_DIES, VFS_DIES, failed, lasts, own, written } from "./words.ts";

/** The descriptor is in the core's index. */
const INDEXED = lasts("(index_add or index_repoint)", `index_remove or ${CORE_DIES}`);

/** The descriptor refers to a file, as the VFS has it. */
const OPEN = lasts("(fd_publish or fork_copy)", `fd_clear or files_exit or ${VFS_DIES}`);

/** The hooks that tell the core of descriptors, where one was lost, skipped or changed on its way. */
const UNTOLD = `once (${failed("install_inband_fd", "replace_inband_fd", "uninstall_inband_fd")})`;

/** The last install or replace of the descriptor that reached the core named a file with a context, or one without. */
const toldOf = (hook: string, context: "oob_data>0" | "oob_data==0"): string =>
  `(not companion:${hook}.enter[${context === "oob_data>0" ? "oob_data==0" : "oob_data>0"}] since companion:${hook}.enter[${context}])`;

/** The core's index of descriptors, and whether it says what the VFS has. */
export const INDEX = written([
  {
    id: "IDX-01",
    title: "A descriptor has one entry in the index",
    forall: ["files", "fd"],
    formula: `index_add implies not previously ${INDEXED}`,
    source: "facts/dovetail 3.3: insert; a duplicate key is a warning",
  },
  {
    id: "IDX-02",
    title: "Only what is indexed is removed or repointed",
    forall: ["files", "fd"],
    formula: `index_remove|index_repoint implies previously ${INDEXED}`,
    source: "facts/dovetail 3.3: entry present, then repoint or delete",
  },
  {
    id: "IDX-03",
    title: "The index forgets a descriptor that is uninstalled, whoever is current",
    forall: ["files", "fd"],
    formula: `${own("companion:uninstall_inband_fd.exit")} implies not ${INDEXED}`,
    source:
      "seed 002, uninstall_inband_fd: the implementation should never assume that current->files is relevant in the context of that call",
  },
  {
    id: "IDX-04",
    title: "The index forgets a descriptor whose new file is not out-of-band capable",
    forall: ["files", "fd"],
    formula: `${own("companion:replace_inband_fd.exit")} and ${toldOf("replace_inband_fd", "oob_data==0")} implies not ${INDEXED}`,
    source: "facts/dovetail 3.3: EVL-old returned early here and left a stale entry; a fixed bug",
  },
  {
    id: "IDX-05",
    title: "The index knows a descriptor that was installed with a context which the core gave",
    forall: ["files", "fd"],
    formula: `${own("companion:install_inband_fd.exit")} and ${toldOf("install_inband_fd", "oob_data>0")} implies ${INDEXED} or (not companion:install_inband_fd.enter since index_unknown)`,
    source:
      "seed 002: install_inband_fd() can check oob_data, eventually storing the [ file descriptor, file description structure ] tuple",
  },
  {
    id: "IDX-06",
    title: "The index knows a descriptor that was replaced by a file with a context which the core gave",
    forall: ["files", "fd"],
    formula: `${own("companion:replace_inband_fd.exit")} and ${toldOf("replace_inband_fd", "oob_data>0")} implies ${INDEXED} or (not companion:replace_inband_fd.enter since index_unknown)`,
    source: "facts/dovetail 3.3: no entry, then replace behaves as install; else it repoints",
  },
  {
    id: "IDX-07",
    title: "Only descriptors of files with a context are indexed",
    forall: ["span"],
    formula:
      "index_add|index_repoint implies once (companion:install_inband_fd.enter[oob_data>0] or companion:replace_inband_fd.enter[oob_data>0])",
    source:
      "seed 002: if oob_data is non-NULL, the driver set it for such a file; facts/dovetail 3.2: all others are ignored",
  },
  {
    id: "IDX-08",
    title: "Nobody goes on polling a descriptor that is uninstalled",
    forall: ["files", "fd"],
    formula: `${own("companion:uninstall_inband_fd.exit")} implies count(poll_wait) == count(poll_wake) or once ${CORE_DIES}`,
    source:
      "facts/dovetail 3.3 and 7: closing the polled descriptor wakes evl_poll with POLLNVAL (libevl's poll-close)",
  },
  {
    id: "IDX-09",
    title: "Nobody goes on polling the file that a descriptor referred to before",
    forall: ["files", "fd"],
    formula: `${own("companion:replace_inband_fd.exit")} implies count(poll_wait) == count(poll_wake) or once ${CORE_DIES}`,
    source: "facts/dovetail 3.3: replace drops the watch points of the old file",
  },
  {
    id: "IDX-10",
    title: "What the index has is open",
    forall: ["files", "fd"],
    formula: `end and ${INDEXED} implies ${OPEN} or ${UNTOLD} or once ${VFS_DIES}`,
    source: "seed 002: tracking file descriptor creation and deletion happening system-wide",
  },
  {
    id: "IDX-11",
    title: "A descriptor that was published with a context is in the index as long as it is open",
    forall: ["files", "fd"],
    formula: `end and (not (fd_publish[oob_data==0] or fd_clear or files_exit or ${VFS_DIES}) since fd_publish[oob_data>0]) implies ${INDEXED} or ${UNTOLD} or once ${CORE_DIES} or once ${VFS_DIES} or (once index_unknown and once ${STACK_DIES})`,
    source: "seed 002: tracking file descriptor creation and deletion happening system-wide",
  },
]);

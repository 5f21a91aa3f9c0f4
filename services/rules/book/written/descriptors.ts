import { lasts, VFS_DIES, VFS_HEARS, written } from "./words.ts";

/** The descriptor refers to a file. */
const OPEN = lasts("(fd_publish or fork_copy)", "fd_clear or files_exit");

/** Somebody has reserved the descriptor and has not let it refer to a file yet. */
const RESERVED = lasts("fd_reserve", "fd_unreserve or fd_publish");

/** The file was opened with a context, and no core has come in the place of the one that gave it. */
const CAPABLE = lasts("file_create[oob_data>0]", `oob_lapse[file>0] or ${VFS_HEARS}`);

/** Slots of file tables, and what the VFS tells the core about them. */
export const DESCRIPTORS = written([
  {
    id: "FD-01",
    title: "Only a free descriptor is reserved",
    forall: ["files", "fd"],
    formula: `fd_reserve implies not previously (${OPEN} or ${RESERVED})`,
    source:
      "seed 002, install_inband_fd: a new file descriptor is installed; get_unused_fd_flags gives the lowest free one",
  },
  {
    id: "FD-02",
    title: "A file is put into an empty slot, unless dup2 displaces another one",
    forall: ["files", "fd"],
    formula: `fd_publish implies not previously ${OPEN} or fd_publish[displaced>0]`,
    source: "facts/dovetail 3.2: fd_install, or dup2 over a slot; a reserved one is EBUSY",
  },
  {
    id: "FD-02a",
    title: "dup2 displaces what was there",
    forall: ["files", "fd"],
    formula: `fd_publish[displaced>0] implies previously ${OPEN}`,
    source: "facts/dovetail 3.2: dup2 over a descriptor reserved but not yet installed is -EBUSY",
  },
  {
    id: "FD-02b",
    title: "Only a reserved descriptor is given back",
    forall: ["files", "fd"],
    formula: `fd_unreserve implies previously ${RESERVED}`,
    source: "facts/dovetail 2.2: on failure the in-band side returns the reserved descriptor",
  },
  {
    id: "FD-03",
    title: "Only an open descriptor is closed, and only once",
    forall: ["files", "fd"],
    formula: `fd_clear implies previously ${OPEN}`,
    source: "seed 002, uninstall_inband_fd: called whenever a file descriptor is closed",
  },
  {
    id: "FD-03a",
    title: "A close names the file that was last put into the slot",
    forall: ["files", "fd", "file"],
    formula: "fd_clear implies previously (not fd_clear since (fd_publish or fork_copy))",
    source: "seed 002, uninstall_inband_fd: the file which was indexed on fd",
  },
  {
    id: "FD-04",
    title: "Every descriptor that refers to a file is told before anything else happens to it",
    forall: ["files", "fd"],
    formula:
      "fd_publish|fd_clear|fd_reserve implies not previously (not (install_inband_fd.enter or replace_inband_fd.enter) since fd_publish)",
    source: "seed 002, install_inband_fd: invoked whenever a new file descriptor is installed",
  },
  {
    id: "FD-04a",
    title: "Every descriptor that refers to a file is told in the end",
    forall: ["files", "fd"],
    formula: `end implies not (not (install_inband_fd.enter or replace_inband_fd.enter or ${VFS_DIES}) since fd_publish)`,
    source: "seed 002, install_inband_fd and replace_inband_fd",
  },
  {
    id: "FD-04b",
    title: "Every close is told before anything else happens to the descriptor",
    forall: ["files", "fd"],
    formula: "fd_publish|fd_clear|fd_reserve implies not previously (not uninstall_inband_fd.enter since fd_clear)",
    source: "seed 002, uninstall_inband_fd: called whenever a file descriptor is closed",
  },
  {
    id: "FD-04c",
    title: "Every close is told in the end",
    forall: ["files", "fd"],
    formula: `end implies not (not (uninstall_inband_fd.enter or ${VFS_DIES}) since fd_clear)`,
    source: "seed 002, uninstall_inband_fd: called whenever a file descriptor is closed",
  },
  {
    id: "FD-05",
    title: "An install names a file that the slot refers to by then",
    forall: ["files", "fd", "file"],
    formula: "install_inband_fd.enter implies (not (fd_clear or files_exit) since (fd_publish or fork_copy))",
    source: "seed 002: install_inband_fd() happens once the file structure it refers to is fully built",
  },
  {
    id: "FD-05a",
    title: "A replace names the file that dup2 has just put into the slot",
    forall: ["files", "fd", "file"],
    formula: "replace_inband_fd.enter implies (not (fd_clear or files_exit) since fd_publish)",
    source: "seed 002, replace_inband_fd: the file which is indexed on fd",
  },
  {
    id: "FD-05b",
    title: "An uninstall names a file that the slot referred to",
    forall: ["files", "fd", "file"],
    formula: "uninstall_inband_fd.enter implies once (fd_publish or fork_copy)",
    source: "seed 002, uninstall_inband_fd: the file which was indexed on fd",
  },
  {
    id: "FD-08",
    title: "Slots change under files->file_lock",
    forall: ["files", "fd"],
    formula:
      "fd_reserve|fd_unreserve|fd_publish|fd_clear|fd_cloexec|fork_copy implies fd_*.fact[holds==files.file_lock]|fork_copy[holds==files.file_lock]",
    source: "seed 002: files->file_lock is locked on entry to this call; the VFS's README",
  },
  {
    id: "FX-01",
    title: "The exit of a table is the last word about it",
    forall: ["files"],
    formula:
      "fd_reserve|fd_publish|fd_clear|fork_copy|install_inband_fd.enter|replace_inband_fd.enter|uninstall_inband_fd.enter|files_exit implies not previously once files_exit",
    source: "seed 002: releasing the resources of an exiting process; facts/dovetail 3.2: put_files_struct",
  },
  {
    id: "FX-02",
    title: "A table goes when each of its open descriptors was uninstalled",
    forall: ["files", "fd"],
    formula: "files_exit implies not (not (uninstall_inband_fd.enter or fd_clear) since (fd_publish or fork_copy))",
    source: "facts/dovetail 3.2: exit of the last user of the table: uninstall for every open slot",
  },
  {
    id: "FX-03",
    title: "fork tells nobody: no hook fires for a slot that a table is born with, until somebody changes it",
    forall: ["files", "fd"],
    formula: `install_inband_fd.enter implies not ((not fd_publish) since fork_copy) or once ${VFS_HEARS}`,
    source: "facts/dovetail 3.2: fork, clone without CLONE_FILES, unshare: none; the child gets the slots, no install",
  },
  {
    id: "GP-05",
    title: "A slot is inherited once, and before anything else",
    forall: ["files", "fd"],
    formula: "fork_copy implies not previously once (fork_copy or fd_reserve or fd_publish or fd_clear)",
    source: "facts/dovetail 3.2: dup_fd",
  },
  {
    id: "FILE-01",
    title: "The number of a file is never used again",
    forall: ["file"],
    formula: "file_create implies not previously once file_create",
    source: "the VFS's README: a file is released once, and its number is never used again",
  },
  {
    id: "FILE-02",
    title: "A file is released once, and nothing happens to it afterwards",
    forall: ["file"],
    formula:
      "file_release|fd_publish|fork_copy|fd_clear|file_flags|file_create implies not previously once file_release",
    source: "facts/dovetail 2.12: release only at the last file reference",
  },
  {
    id: "FILE-03",
    title: "A file with an out-of-band context is released in the core before it goes",
    forall: ["file"],
    formula: "file_release and once oob_open_file.exit[oob_data>0] implies once oob_release_file.exit",
    source: "facts/dovetail 4.1, the driver's rule: release calls evl_release_file",
  },
  {
    id: "FILE-04",
    title: "A device's file whose last reference went with a descriptor is released",
    forall: ["file"],
    formula: `end and once fd_clear[references==0] and once oob_open_file.exit implies once file_release or (not oob_release_file.exit since oob_release_file.enter) or once ${VFS_DIES}`,
    source: "facts/dovetail 3.2: close, then filp_close",
  },
  {
    id: "FILE-05",
    title: "The core hears of it when F_SETFL changes the flags of a file that it has a context of",
    forall: ["file"],
    formula: `end or file_release implies not (not (oob_file_flags.enter or ${VFS_DIES} or ${VFS_HEARS}) since (file_flags and ${CAPABLE}))`,
    source: "the core's README: a copy of f_flags is told by oob_file_flags",
  },
  {
    id: "FILE-06",
    title: "A descriptor refers to a file that was made",
    forall: ["file"],
    formula: "fd_publish implies once file_create",
    source: "seed 002: install_inband_fd() happens once the file structure it refers to is fully built",
  },
]);

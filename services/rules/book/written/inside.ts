import { CORE_DIES, lasts, own, VFS_DIES, written } from "./words.ts";

/** The core has a context of the file. */
const KNOWN = lasts("(efile_open or sk_attach)", `efile_free or ${CORE_DIES}`);

/** The descriptor is in the core's index. */
const INDEXED = lasts("(index_add or index_repoint)", `index_remove or ${CORE_DIES}`);

/** The thread is attached to the core. */
const THREAD = lasts("thread_attach", `thread_detach or ${CORE_DIES}`);

/** The thread is on the out-of-band stage. */
const OOB = lasts("thread_oob", `thread_inband or ${CORE_DIES}`);

/** Out-of-band calls: who is inside of what, who sleeps on what, and who ends that. */
export const INSIDE = written([
  {
    id: "INS-01",
    title: "A file is freed when nobody is inside",
    forall: ["file"],
    formula: "efile_free implies efile_free[inside==0]",
    source: "facts/dovetail 4.1 and 4.2: evl_release_file waits for all out-of-band references",
  },
  {
    id: "INS-02",
    title: "A file is freed once, and only after it was opened",
    forall: ["file"],
    formula: `efile_free implies previously ${KNOWN}`,
    source: "facts/dovetail 4.1: evl_open_file links both, evl_release_file ends that",
  },
  {
    id: "INS-03",
    title: "A file has one out-of-band context at a time",
    forall: ["file"],
    formula: `efile_open|sk_attach implies not previously ${KNOWN}`,
    source: "facts/dovetail 4.1; facts/experiments 8.2, wanted: two cores never attached to one socket",
  },
  {
    id: "INS-04",
    title: "Nobody enters a file whose release waits, or is over",
    forall: ["file"],
    formula: `oob_enter implies not (not (efile_open or sk_attach) since (crossing_wait or crossing_pass or efile_free))`,
    source: "facts/dovetail 4.2: legal only if no down can start after pass was entered",
  },
  {
    id: "INS-05",
    title: "Out-of-band calls enter files that the core knows",
    forall: ["file"],
    formula: `oob_enter implies ${KNOWN}`,
    source: "facts/dovetail 4.3: evl_get_file takes a reference before the operation runs",
  },
  {
    id: "INS-06",
    title: "Nobody sleeps in a file that is freed",
    forall: ["file"],
    formula: `efile_free implies count(oob_wait) == count(oob_wake) or once ${CORE_DIES}`,
    source:
      "facts/dovetail 4.1, the driver's rule: first flush what threads sleep on, then evl_release_file, then free",
  },
  {
    id: "INS-07",
    title: "Nobody polls a file that is freed",
    forall: ["file"],
    formula: `efile_free implies count(poll_wait) == count(poll_wake) or once ${CORE_DIES}`,
    source: "facts/dovetail 3.3: pollers waiting on a descriptor that goes get POLLNVAL",
  },
  {
    id: "INS-08",
    title: "The release of a file waits only while somebody is inside",
    forall: ["file"],
    formula: "crossing_wait implies crossing_wait[inside>0]",
    source: "facts/dovetail 4.2: pass is -1, then wait if still above 0",
  },
  {
    id: "INS-09",
    title: "A release that waited for its crossing passed it before the file went",
    forall: ["file"],
    formula: `efile_free implies not (not (crossing_pass or efile_open or sk_attach) since crossing_wait) or once ${CORE_DIES}`,
    source: "facts/dovetail 4.1: evl_release_file passes the crossing",
  },
  {
    id: "INS-10",
    title: "Out-of-band calls use the descriptor as the index has it",
    forall: ["files", "fd"],
    formula: `oob_enter implies ${INDEXED}`,
    source: "seed 002: the core maintains its own index of files which may support out-of-band I/O; facts/dovetail 3.3",
  },
  {
    id: "INS-11",
    title: "Who polls a descriptor found it in the index",
    forall: ["files", "fd"],
    formula: `poll_wait implies ${INDEXED}`,
    source: "facts/dovetail 3.3: entries carry the list of poll watch nodes",
  },
  {
    id: "SLEEP-01",
    title: "Nobody is woken who does not sleep",
    forall: ["file", "task"],
    formula: "oob_wake implies count(oob_wake) <= count(oob_wait)",
    source: "the core's README: every oob_wait has one oob_wake",
  },
  {
    id: "SLEEP-02",
    title: "A poller is woken once",
    forall: ["files", "fd", "task"],
    formula: "poll_wake implies count(poll_wake) <= count(poll_wait)",
    source: "the core's README: every poll_wait has one poll_wake",
  },
  {
    id: "THR-01",
    title: "Only an attached thread enters a file out of band",
    forall: ["task"],
    formula: `oob_enter implies ${THREAD}`,
    source: "facts/dovetail 4.3: the caller must be an attached thread, else -EPERM",
  },
  {
    id: "THR-02",
    title: "Only an attached thread sleeps in the core",
    forall: ["task"],
    formula: `oob_wait|poll_wait implies ${THREAD}`,
    source: "the core's README: a thread that is detached sleeps on nothing",
  },
  {
    id: "THR-03",
    title: "A thread is attached once at a time",
    forall: ["task"],
    formula: `thread_attach implies not previously ${THREAD}`,
    source: "facts/dovetail 4.3; EBUSY for a thread that is attached",
  },
  {
    id: "THR-04",
    title: "Only an attached thread is detached",
    forall: ["task"],
    formula: `thread_detach implies previously ${THREAD}`,
    source: "facts/dovetail 4.5",
  },
  {
    id: "THR-05",
    title: "Attachment never survives the clean-up of a process",
    forall: ["task"],
    formula: `${own("companion:inband_event_notify.exit")} and (not companion:inband_event_notify.enter[event!=process_cleanup] since companion:inband_event_notify.enter[event==process_cleanup]) implies not ${THREAD}`,
    source: "facts/dovetail 4.5: EVL attachment never survives exec",
  },
  {
    id: "THR-06",
    title: "Whoever was detached sleeps on nothing any more",
    forall: ["task"],
    formula: `${own("companion:oob_detach_thread.exit[ret==0]")} implies count(oob_wait) + count(poll_wait) == count(oob_wake) + count(poll_wake) or once ${CORE_DIES}`,
    source: "the core's README: a thread that is detached sleeps on nothing: EINTR",
  },
  {
    id: "THR-07",
    title: "exec and exit tell the core that the memory goes",
    forall: ["trace"],
    formula: `${own("vfs:sys_exec.exit[ret>=0]", "vfs:sys_exit.exit[ret>=0]")} implies once inband_event_notify.enter[event==process_cleanup]`,
    source: "facts/dovetail 4.5: CLEANUP is sent regardless of the Dovetail flag of the task",
  },
  {
    id: "THR-08",
    title: "The clean-up of an exit follows the news of the exit",
    forall: ["trace"],
    formula:
      "inband_event_notify.enter[event==process_cleanup] and once vfs:sys_exit.enter implies once inband_event_notify.enter[event==task_exit]",
    source: "facts/dovetail 4.5 and 11: TASK_EXIT event, then the clean-up",
  },
  {
    id: "THR-09",
    title: "exec cleans up before it closes descriptors",
    forall: ["trace"],
    formula:
      "fd_clear and once vfs:sys_exec.enter implies once inband_event_notify.exit and once inband_event_notify.enter[event==process_cleanup]",
    source: "facts/dovetail 4.5 and 11: exec runs the mm switch before close-on-exec",
  },
  {
    id: "STG-01",
    title: "A thread whose in-band system call the core was told of is in-band",
    forall: ["task"],
    formula: `${own("companion:handle_pipelined_syscall.exit")} implies not ${OOB}`,
    source: "facts/dovetail 4.3: issuing a regular in-band syscall from the oob stage demotes the thread",
  },
  {
    id: "STG-02",
    title: "The core is told of a system call that comes from the out-of-band stage, before the call ends",
    forall: ["task"],
    formula: `${own("vfs:sys_*.exit")} implies not (not handle_pipelined_syscall.enter since (vfs:sys_*.enter and (not (handle_pipelined_syscall.enter or ${VFS_DIES}) since vfs:dovetail_leave_inband.exit[ret==0])))`,
    source: "facts/dovetail 4.3; Dovetail, handle_pipelined_syscall()",
  },
  {
    id: "STG-03",
    title: "A thread that asked the core for something in-band is in-band",
    forall: ["task"],
    formula: `${own("companion:oob_detach_thread.exit", "companion:oob_net_vlans.exit", "companion:oob_net_divert.exit")} implies not ${OOB}`,
    source: "facts/dovetail 4.3: issuing a regular in-band syscall from the oob stage demotes the thread",
  },
  {
    id: "STG-04",
    title: "A thread is detached in-band",
    forall: ["task"],
    formula: `thread_detach implies not ${OOB}`,
    source: "facts/dovetail 4.5: a thread that exits, or whose program is replaced, does so in-band",
  },
  {
    id: "STG-05",
    title: "A thread enters a file from the out-of-band stage",
    forall: ["task"],
    formula: `oob_enter implies ${OOB}`,
    source: "facts/dovetail 4.3: a call from the in-band stage first switches the thread out-of-band",
  },
  {
    id: "STAX-01",
    title: "Nobody is inside a stage-exclusion lock out-of-band while somebody is in-band",
    forall: ["dev"],
    formula: `stax_lock[stage==oob] implies count(stax_lock[stage==inband]) == count(stax_unlock[stage==inband]) or once ${CORE_DIES}`,
    source: "facts/dovetail 4.4: any number of holders from one stage, none from the other",
  },
  {
    id: "STAX-02",
    title: "Nobody is inside a stage-exclusion lock in-band while somebody is out-of-band",
    forall: ["dev"],
    formula: `stax_lock[stage==inband] implies count(stax_lock[stage==oob]) == count(stax_unlock[stage==oob]) or once ${CORE_DIES}`,
    source: "facts/dovetail 4.4: any number of holders from one stage, none from the other",
  },
]);

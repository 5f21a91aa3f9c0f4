import { CONTRACT } from "../../../abi/contract.generated.ts";
import { CORE_DIES, lasts, own, written } from "./words.ts";

/** For so long nothing happened before the run ended. Every deadline is over by then. */
const STILL_NS = 200_000_000_000;
const STILL = `once run_end[still_ns>=${STILL_NS}]`;

/** The points between houses; a house that calls itself records both sides under one name. */
const DEADLINES = Object.values(CONTRACT).filter(
  ({ kind, from, to }) => kind !== "control" && kind !== "call" && from !== to && from !== "task",
);

/** A thread sleeps in the core. */
const ASLEEP = lasts("oob_wait", "oob_wake");
/** In a file, or in oob_poll. */
const SLEEPS = lasts("(oob_wait or poll_wait)", "oob_wake or poll_wake");
const INTERRUPTED = "(oob_wake[errno==EINTR] or poll_wake[errno==EINTR])";

/** Nobody sleeps for ever: whoever waits for something is woken when it comes, or goes. */
export const WAITING = written([
  {
    id: "WAIT-01",
    title: "Who sleeps in a device's file is woken before its release waits",
    forall: ["file"],
    formula: `crossing_wait and once efile_open implies count(oob_wait) == count(oob_wake) or once ${CORE_DIES}`,
    source:
      "facts/dovetail 4.1, the driver's rule: first destroy or flush the object that threads sleep on, then evl_release_file",
  },
  {
    id: "WAIT-02",
    title: "Who sleeps in a socket that is shut down is woken",
    forall: ["sk", "task"],
    formula: `end implies not (not oob_wake since (sk_shutdown and ${ASLEEP})) or once ${CORE_DIES}`,
    source: 'facts/dovetail 2.7: wakes all waiters with "removed"',
  },
  {
    id: "WAIT-03",
    title: "Who sleeps in a socket that is destroyed is woken",
    forall: ["sk", "task"],
    formula: `end implies not (not oob_wake since (sk_destroy and ${ASLEEP})) or once ${CORE_DIES}`,
    source: "facts/dovetail 2.4: free queued input buffers, destroy wait queues",
  },
  {
    id: "WAIT-04",
    title: "A thread that is detached in its sleep wakes with EINTR",
    forall: ["task"],
    formula: `oob_wake or poll_wake implies ${INTERRUPTED} or not previously (not (oob_wake or poll_wake) since (thread_detach and ${SLEEPS}))`,
    source: "facts/dovetail 4.5: detached as if it exited; contract of oob_detach_thread",
  },
  {
    id: "WAIT-05",
    title: "Nobody polls a device for input that is there",
    forall: ["file"],
    formula:
      "companion:oob_driver_io.exit[value>0] and not once oob_wait implies not (not poll_wake since poll_wait[events==1])",
    source: "facts/dovetail 7: poll-xbuf; 6.6: POLLIN if input is queued",
  },
  {
    id: "WAIT-06",
    title: "oob_poll ends with an event, or with an errno",
    forall: ["task"],
    formula: "poll_wake implies not poll_wake[revents==0]",
    source: "contract of oob_poll; facts/dovetail 6.6",
  },
  {
    id: "WAIT-07",
    title: "A port that waits for those who use it ends",
    forall: ["dev"],
    formula: `end implies not (not (port_disable or ${CORE_DIES}) since port_wait)`,
    source: "facts/dovetail 6.1: wait for the port's crossing, which each user leaves",
  },
  {
    id: "WAIT-08",
    title: "Whoever waits for a lock gets it",
    forall: ["span"],
    formula:
      "end implies not (not (vfs:*.exit|inband:*.exit|companion:*.exit|nic:*.exit) since lock_wait) or once place_down",
    source: "the boundary's locks: handed over in the order of arrival",
  },
  {
    id: "WAIT-09",
    title: "Nobody finds a UDP socket without room while nothing of it is under way",
    forall: ["sk"],
    formula: `${own("companion:sock_oob_ioctl.exit[ret==EAGAIN]")} and previously (companion:sock_oob_ioctl.enter[cmd==EVL_SOCKIOC_SENDMSG] and not companion:sock_oob_ioctl.enter[cmd!=EVL_SOCKIOC_SENDMSG]) and once sk_attach[protocol==udp] implies count(oob_offload) > count(oob_offload_end) or count(tx_queue) > count(tx_done) or once pool_empty`,
    source: "facts/dovetail 6.7: charged before queuing, uncharged when handed to the device, or dropped",
  },
  {
    id: "WAIT-10",
    title: "Nobody sleeps in a file that is O_NONBLOCK",
    forall: ["file"],
    formula: `oob_wait implies not (not efile_flags since ${["O_RDWR", "O_RDONLY", "O_WRONLY"].map((mode) => `efile_flags[flags=="${mode}|O_NONBLOCK"]`).join("|")})`,
    source: "facts/dovetail 6.6: O_NONBLOCK implies DONTWAIT",
  },
  {
    id: "WAIT-13",
    title: "No message waits in a socket while somebody sleeps there to receive one",
    forall: ["sk"],
    formula: `oob_queue and not once (oob_offload or ${CORE_DIES}) implies count(oob_wait[sk>0]) == count(oob_wake[sk>0])`,
    source: "the core's README: a message is handed to a waiting reader by its arrival",
  },
  {
    id: "WAIT-11",
    title: "A call between houses is given up at its deadline",
    forall: ["span"],
    formula: `end and ${STILL} implies not (not (${DEADLINES.map(({ from, name }) => `${from}:${name}.exit`).join("|")}) since ${DEADLINES.map(({ from, name }) => `${from}:${name}.enter`).join("|")}) or once place_down`,
    source: "contract, deadline_ms: how long the caller waits for one answer",
    untriggered: "a house that forgets its deadlines leaves a world still for so long; ours do not",
  },
  {
    id: "WAIT-12",
    title: "Who may sleep until a date does not sleep beyond it",
    forall: ["trace"],
    formula: `end and ${STILL} and once (${["oob_recvmsg", "oob_sendmsg", "oob_poll"].map((call) => `companion:${call}.enter[timeout_ns>0, timeout_ns<${STILL_NS}]`).join("|")}) implies not (not (oob_wake or poll_wake) since (oob_wait or poll_wait)) or once ${CORE_DIES}`,
    source: "facts/dovetail 6.6: timeout, expiry -ETIMEDOUT",
    untriggered: "a core that forgets its timers leaves a world still for so long; ours does not",
  },
]);

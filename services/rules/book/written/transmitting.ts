import { CORE_DIES, written } from "./words.ts";

/** Priorities that divide those who wait: nobody below one gets ahead of somebody at it or above. */
const STEPS = [1, 50, 90];

/** Nobody of a lower priority is served while somebody of a higher one waits for the same. */
const byPriority = (id: string, title: string, kind: "pool" | "room", forall: string): Parameters<typeof written>[0] =>
  STEPS.map((step, n) => ({
    id: `${id}${"abc"[n]}`,
    title: `${title}, and its priority is ${step} or more`,
    forall: [forall],
    formula: `${kind}_wake[granted==true, priority<${step}] implies count(${kind}_wait[priority>=${step}]) == count(${kind}_wake[priority>=${step}]) or once ${CORE_DIES}`,
    source: "facts/dovetail 6.7: waiters by priority; a released page wakes one waiter",
  }));

/** The transmit side of a core: buffers, queues, and what is charged to sockets. */
export const TRANSMITTING = written([
  {
    id: "TX-01",
    title: "The release of a socket ends when nothing is charged to it",
    forall: ["sk"],
    formula: `sk_release implies count(tx_queue) == count(tx_done) or once ${CORE_DIES}`,
    source: "facts/dovetail 2.3: every in-flight TX buffer charged to this socket gone",
  },
  {
    id: "TX-02",
    title: "A diversion goes off after the transmit side has stopped",
    forall: ["dev"],
    formula: `netif_disable_oob_diversion.enter implies not (not (tx_stop or ${CORE_DIES}) since tx_start)`,
    source: "facts/dovetail 6.1: stop TX thread, then diversion off",
  },
  {
    id: "TX-03",
    title: "The core gives a driver frames while the transmit side of its device is there",
    forall: ["dev"],
    formula: `companion:frame_send[to==nic] implies (not (tx_stop or ${CORE_DIES}) since tx_start)`,
    source: "facts/dovetail 6.1: the TX thread is stopped with the last port",
  },
  {
    id: "TX-04",
    title: "A pool is given back after the last port has ended",
    forall: ["dev"],
    formula: `pool_purge implies not (not (port_disable or ${CORE_DIES}) since port_enable)`,
    source: "facts/dovetail 6.1: purge pool comes last",
  },
  ...byPriority("TX-05", "Nobody gets a buffer while somebody waits for one who is more urgent", "pool", "dev"),
  ...byPriority("TX-06", "Nobody gets room in a socket while somebody waits for it who is more urgent", "room", "sk"),
]);

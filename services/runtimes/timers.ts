import type { Timer } from "../abi/kit.ts";

/** Timers of one clock. */
export interface TimerLists {
  /** Adds a timer that is due at `nowNs + ns`. */
  add(nowNs: number, ns: number, callback: () => void): Timer;
  /** When the next one is due; undefined when there is none. */
  nextNs(): number | undefined;
  /** Calls back the one that is due first, if it is due by `nowNs`. Answers whether there was one. */
  fire(nowNs: number): boolean;
}

interface Node {
  dueNs: number;
  order: number;
  callback: () => void;
  previous: Node;
  next: Node;
}

/**
 * Timers as Node and Linux's wheel keep them for time-outs: one list for each duration. Every hook call makes a deadline and
 * cancels it; with one duration the list is in order by itself, so that adding and cancelling are a few pointer writes, and
 * nothing is left behind by a cancelled timer however many calls are made.
 *
 *   1 s     head <-> call 17 <-> call 18 <-> call 21
 *   10 s    head <-> release 3
 */
export function createTimerLists(): TimerLists {
  const lists = new Map<number, Node>();
  let order = 0;

  const listOf = (ns: number): Node => {
    const known = lists.get(ns);
    if (known !== undefined) return known;
    const head = { dueNs: 0, order: 0, callback: () => undefined } as unknown as Node;
    head.previous = head;
    head.next = head;
    lists.set(ns, head);
    return head;
  };

  const unlink = (node: Node): void => {
    node.previous.next = node.next;
    node.next.previous = node.previous;
    node.previous = node;
    node.next = node;
  };

  const first = (): Node | undefined => {
    let soonest: Node | undefined;
    for (const [ns, head] of lists) {
      const node = head.next;
      // Durations that are used once (sleeps of odd lengths) must not pile up.
      if (node === head) lists.delete(ns);
      else if (
        soonest === undefined ||
        node.dueNs < soonest.dueNs ||
        (node.dueNs === soonest.dueNs && node.order < soonest.order)
      ) {
        soonest = node;
      }
    }
    return soonest;
  };

  return {
    add(nowNs, ns, callback) {
      const head = listOf(ns);
      const node: Node = { dueNs: nowNs + ns, order: ++order, callback, previous: head.previous, next: head };
      head.previous.next = node;
      head.previous = node;
      return { cancel: () => unlink(node) };
    },
    nextNs: () => first()?.dueNs,
    fire(nowNs) {
      const node = first();
      if (node === undefined || node.dueNs > nowNs) return false;
      unlink(node);
      node.callback();
      return true;
    },
  };
}

import type { PointValues } from "../abi/contract.generated.ts";
import type { Inside } from "./inside.ts";
import type { Road } from "./road.ts";

/** How long to wait before something is asked again that was lost: twice as long each time, up to a second or so. */
const LOST_PAUSE_NS = 20_000_000;
const LOST_PAUSE_MAX_NS = 1_280_000_000;
const longer = (ns: number): number => Math.min(2 * ns, LOST_PAUSE_MAX_NS);

type KsockEvent = PointValues["ksock_next_event"];

/** The events of one user's sockets, as they come from the kernel. */
export interface EventLoop {
  /** Sees to it that events are asked for as long as somebody wants them. */
  start(): void;
  /** Asks no more. What runs is acknowledged still. */
  end(): void;
}

/**
 * Asks for the events of a stream, one after the other, and runs the callback of each; those of different sockets side by side. An event is
 * acknowledged when its callback has returned, which lets the next one of its socket come.
 */
export function createEventLoop(
  { road, inside, stream }: { readonly road: Road; readonly inside: Inside; readonly stream: string },
  isWanted: () => boolean,
  deliver: (event: KsockEvent) => unknown,
  onError: (error: unknown, event: KsockEvent) => void,
): EventLoop {
  /** Those that are here and whose acknowledgement was not answered: the kernel gives none again that it has heard of. */
  const have = new Set<number>();
  let asking = false;
  let ended = false;

  async function acknowledge(number: number): Promise<void> {
    let pauseNs = LOST_PAUSE_NS;
    while ((await road.call("ksock_ack_event", { stream, number })).kind === "lost") {
      await road.sleepNs(pauseNs);
      pauseNs = longer(pauseNs);
    }
    have.delete(number);
  }

  async function handle(event: KsockEvent): Promise<void> {
    try {
      await inside.run(event.number, () => deliver(event));
    } catch (error) {
      onError(error, event);
    } finally {
      await acknowledge(event.number);
    }
  }

  async function ask(): Promise<void> {
    let pauseNs = LOST_PAUSE_NS;
    while (!ended && isWanted()) {
      const reply = await road.call("ksock_next_event", { stream, have: [...have].join(",") });
      if (reply.kind === "refused") {
        // A kernel never does: a service says so that somebody else asks for them now. To ask on would take them back, and so on.
        ended = true;
        onError(new Error(`another user takes the events of ${stream}`), { number: 0, ks: 0, slot: "", value: 0 });
      } else if (reply.kind === "lost") {
        await road.sleepNs(pauseNs);
        pauseNs = longer(pauseNs);
      } else {
        pauseNs = LOST_PAUSE_NS;
        take(reply.value);
      }
    }
    asking = false;
  }

  function take(event: KsockEvent): void {
    const { number } = event;
    if (number === 0 || have.has(number)) return;
    have.add(number);
    void handle(event);
  }

  return {
    start() {
      if (asking || ended) return;
      asking = true;
      inside.outside(() => void ask());
    },
    end() {
      ended = true;
    },
  };
}

import type { Clock } from "../../abi/kit.ts";

/** Those who wait until something about a file changes (`wait_queue_head_t`). */
export class WaitQueue {
  readonly #clock: Clock;
  readonly #waiting = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Lets all who wait look again. */
  wakeAll(): void {
    for (const wake of this.#waiting) wake();
  }

  /**
   * Waits until `look` sees something; answers it, or 0 when the time is over first.
   *
   * @param timeoutNs 0: without limit.
   */
  async until(look: () => number, timeoutNs: number): Promise<number> {
    const endNs = this.#clock.nowNs() + timeoutNs;
    for (;;) {
      const seen = look();
      if (seen !== 0) return seen;
      const leftNs = endNs - this.#clock.nowNs();
      if (timeoutNs !== 0 && leftNs <= 0) return 0;
      await this.#sleep(timeoutNs === 0 ? undefined : leftNs);
    }
  }

  #sleep(ns: number | undefined): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#waiting.delete(wake);
        timer?.cancel();
        resolve();
      };
      const timer = ns === undefined ? undefined : this.#clock.after(ns, wake);
      this.#waiting.add(wake);
    });
  }
}

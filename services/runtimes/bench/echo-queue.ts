/** Matches echoes with what was sent: a road keeps the order, so the first waiter gets the first echo. */
export function createEchoQueue<T>(send: (message: T) => void): {
  readonly send: (message: T) => Promise<void>;
  readonly arrived: () => void;
} {
  let waiting: (() => void)[] = [];
  let first = 0;
  return {
    send: (message) =>
      new Promise((resolve) => {
        waiting.push(resolve);
        send(message);
      }),
    arrived() {
      waiting[first++]?.();
      if (first === 4096) {
        waiting = waiting.slice(first);
        first = 0;
      }
    },
  };
}

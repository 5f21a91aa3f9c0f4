/** Resolves when the event loop has turned: timers, ports and sockets had their turn. */
export const turnOfTheLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

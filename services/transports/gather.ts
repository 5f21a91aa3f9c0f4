/** What leaves first when much is pushed at once, and what a batch may grow to. */
const FIRST_BATCH = 4;
const LARGEST_BATCH = 256;
/** What leaves at once where others of the same turn would be waited for. */
const TURN_BATCH = 64;

/**
 * Collects what one wave of promises pushes, and hands it on in order, in batches of 4, 8, 16 and so on; what is left goes
 * when the wave ends, which is before the loop turns.
 *
 * One message that carries 64 calls costs about a tenth of 64 messages, on a gRPC stream and on a message port alike. But
 * one batch of everything makes the two sides take turns: the first small batch gives the other side something to do while
 * the rest is still being made. What is pushed alone leaves alone, at once: waiting for the end of the turn would cost it
 * more than everything else that Tenon does to it.
 *
 * A batch that comes makes a wave of its size at the other side, and so small ones would stay small for ever, however many
 * calls are in flight. So after a wave of several, those that follow in the same turn leave together at its end.
 *
 * @param turn resolves when what has arrived already had its turn; without it, every wave leaves when it ends.
 */
export function createGather<T>(flush: (items: T[]) => void, turn?: () => Promise<unknown>): (item: T) => void {
  let gathered: T[] = [];
  let batch = FIRST_BATCH;
  let inWave = false;
  let untilTurn = false;
  let many = false;

  function handOn(): void {
    const items = gathered;
    gathered = [];
    many ||= items.length > 1;
    flush(items);
  }
  async function waitForTurn(wait: () => Promise<unknown>): Promise<void> {
    untilTurn = true;
    await wait();
    untilTurn = false;
    batch = FIRST_BATCH;
    if (gathered.length > 0) handOn();
  }
  function endWave(): void {
    inWave = false;
    if (untilTurn) return;
    batch = FIRST_BATCH;
    if (gathered.length > 0) handOn();
    if (many && turn !== undefined) void waitForTurn(turn);
    many = false;
  }
  return (item) => {
    gathered.push(item);
    if (!inWave && !untilTurn) {
      inWave = true;
      queueMicrotask(endWave);
    }
    if (gathered.length < (untilTurn ? TURN_BATCH : batch)) return;
    batch = Math.min(2 * batch, LARGEST_BATCH);
    handOn();
  };
}

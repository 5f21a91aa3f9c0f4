/** What leaves first when much is pushed at once, and what a batch may grow to. */
const FIRST_BATCH = 4;
const LARGEST_BATCH = 256;

/**
 * Collects what one wave of promises pushes, and hands it on in order, in batches of 4, 8, 16 and so on; what is left goes
 * when the wave ends, which is before the loop turns.
 *
 * One message that carries 64 calls costs about a tenth of 64 messages, on a gRPC stream and on a message port alike. But
 * one batch of everything makes the two sides take turns: the first small batch gives the other side something to do while
 * the rest is still being made. What is pushed alone leaves alone, at once: waiting for the end of the turn would cost it
 * more than everything else that Tenon does to it.
 */
export function createGather<T>(flush: (items: T[]) => void): (item: T) => void {
  let gathered: T[] = [];
  let batch = FIRST_BATCH;
  let inWave = false;

  function handOn(): void {
    const items = gathered;
    gathered = [];
    flush(items);
  }
  function endWave(): void {
    inWave = false;
    batch = FIRST_BATCH;
    if (gathered.length > 0) handOn();
  }
  return (item) => {
    gathered.push(item);
    if (!inWave) {
      inWave = true;
      queueMicrotask(endWave);
    }
    if (gathered.length < batch) return;
    batch = Math.min(2 * batch, LARGEST_BATCH);
    handOn();
  };
}

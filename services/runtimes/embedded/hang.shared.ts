/** Blocks this thread for so long: nothing runs in it, neither timers nor what arrives. What came meanwhile comes afterwards. */
export function blockThread(forNs: number): void {
  // A word that nobody else knows: nobody can wake it before its time.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)), 0, 0, forNs / 1e6);
}

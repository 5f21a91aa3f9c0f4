/**
 * The ring's protocol, and the only five operations that it needs of the processor.
 *
 * A ring carries frames one way, from one producer to one consumer. Indices only grow (32 bits, they wrap); an index lives
 * in slot `index & (capacity - 1)`, and each slot has a descriptor and a buffer of its own. So ownership is a range:
 *
 *        HEAD ........ popped ........ TAIL ........ filled ........ HEAD + capacity
 *          |   held      |   published   |   filled     |     free        |
 *          |   consumer  |   consumer    |   producer   |     producer    |
 *
 *        free -> filled      push:    the producer writes the buffer, then the descriptor
 *        filled -> published flush:   it stores TAIL; from here on it touches neither
 *        published -> held   pop:     the consumer checks the descriptor and reads the buffer in place
 *        held -> free        release: it stores HEAD; from here on it touches neither
 *
 * TAIL is written by the producer only, HEAD by the consumer only. `popped` and `filled` are private. Each side keeps a
 * copy of the other's index and looks again only when the copy says that there is nothing to do.
 *
 * Who has nothing to do sleeps, and the other wakes it. A sleeper leaves a *wish* in the word that the waker looks at:
 * how many frames (consumer: DATA_WISH) or free slots (producer: ROOM_WISH) it waits for; 0 is no wish.
 *
 *        sleeper                              waker
 *        ask:    wish := n          (S1)      publish:  index := i       (W1)
 *        again:  look at the index  (S2)      look:     wish > 0 and met (W2)
 *                met: withdraw, do not sleep  take:     wish n -> 0, by compare and exchange
 *        sleep while wish == n                ring the doorbell of that word
 *
 * W1 before W2 and S1 before S2, in one order that both sides see (what `Atomics` promises, and what neither plain
 * accesses nor release and acquire do): so W2 sees the wish, or S2 sees the index. Without the second look (S2), an index
 * that was published between the sleeper's last look and S1 wakes nobody. That is the lost wake-up.
 *
 *        corner case                                        what resolves it
 *        published between the last look and the wish       the second look; the sleeper withdraws
 *        wish taken between the second look and the sleep   the word is no longer n, so the doorbell does not let it sleep
 *        wish taken while it is withdrawn                   one signal too many: the sleeper looks, finds nothing, sleeps again
 *        many frames in one burst                           the first take makes the wish 0: one signal per burst
 *        full of frames that were never flushed             ask flushes first
 *        full, and the consumer sleeps                      flush rings it before the producer can ask for room
 *        consumer sleeps on frames that it holds            refused by an assertion: with room short, both would wait
 *        room for half of the ring is wished, frames come   the consumer drains all before it may sleep, so any wish
 *        one by one                                         up to the capacity is met
 *        a side closes while the other sleeps               close answers every wish, and `again` is true ever after
 *        the peer dies, or a signal is lost on its way      nothing: every sleep has an end, after which the sleeper
 *                                                           looks; data that waited until then is counted (missed_signals)
 *        the peer writes an index outside what it may       not followed, counted (wrong_index); the private copy stays
 *        the peer writes a descriptor outside its slot      not read, counted (wrong_offset, wrong_length), skipped
 *        the peer rewrites geometry, or a wish              geometry is read once; a wish can only harm who sleeps on it
 *
 * Not covered: a hostile producer can change a buffer while the consumer holds it, so a consumer that does not trust its
 * peer copies before it checks; and nobody can stop a peer that wrote a *valid* index from breaking its own promise.
 */

/** W1: hands over everything before this index. */
export function publish(words: Int32Array, word: number, index: number): void {
  Atomics.store(words, word, index);
}

/** S2 and W2: what the other side has written there. */
export function look(words: Int32Array, word: number): number {
  return Atomics.load(words, word);
}

/** S1: asks for a signal when so much is there. */
export function wish(words: Int32Array, word: number, amount: number): void {
  Atomics.store(words, word, amount);
}

/** Takes one's own wish back; false when the waker has taken it before, so that a signal may be on its way. */
export function withdraw(words: Int32Array, word: number): boolean {
  return Atomics.exchange(words, word, 0) !== 0;
}

/** Takes the other's wish in order to signal it; false when it is gone. Each wish is taken once. */
export function take(words: Int32Array, word: number, amount: number): boolean {
  return Atomics.compareExchange(words, word, amount, 0) === amount;
}

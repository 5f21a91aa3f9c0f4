import { randomInt } from "node:crypto";
import type { Clock } from "../../abi/kit.ts";
import type { SharedMemory } from "../../abi/contract.generated.ts";
import { formatRing, ringBytes, type Geometry } from "../../nic/ring/layout.ts";
import { createRingPort, type RingPort } from "../../nic/ring/port.ts";
import { bellDoorbell } from "../../transports/memory/bell-doorbell.shared.ts";
import { createBell, type Bell, type Ringer } from "../../transports/memory/bell.shared.ts";
import { loadLibc, type Available } from "../../transports/memory/libc.ts";
import { createLinkMemory, openLinkMemory, type LinkMemory } from "../../transports/memory/link-memory.ts";
import { turnOfTheLoop } from "./turn.ts";

/** Memory that this process can share with others, for links. */
export interface ProcessMemory {
  /** Makes memory for a link to a process that has not said yet whether it takes it. */
  offer(): Available<Offered>;
  /** Takes what another process has made. */
  accept(offered: SharedMemory): Available<{ readonly port: RingPort; readonly bell: string }>;
  /** Takes the bell's file away. */
  close(): void;
}

/** Memory that was offered and not taken yet. */
export interface Offered {
  readonly offer: SharedMemory;
  /** The other process has taken it. @param bell its bell's path. */
  taken(bell: string): Available<RingPort>;
  /** It has not. */
  notTaken(): void;
}

/** What is drawn is below 2^48, which every number of JavaScript holds. */
const TOKENS = 2 ** 48 - 1;

function openPort(
  clock: Clock,
  bell: Bell,
  memory: LinkMemory,
  [mine, theirs]: readonly [ArrayBuffer, ArrayBuffer],
  peerBell: string,
): Available<RingPort> {
  const opened: Available<Ringer | undefined> = peerBell === "" ? { ok: true, value: undefined } : bell.open(peerBell);
  if (!opened.ok) return opened;
  const peer = opened.value;
  const doorbell = bellDoorbell(theirs, bell, peer, clock);
  const created = createRingPort(
    { buffer: mine, doorbell },
    { buffer: theirs, doorbell },
    { medium: `mapped memory (${bell.waitsBy})`, yieldTurn: turnOfTheLoop },
  );
  const letGo = (): void => {
    doorbell.close();
    peer?.close();
    memory.close();
  };
  if (!created.ok) {
    letGo();
    return created;
  }
  const port = created.value;
  return {
    ok: true,
    value: {
      ...port,
      close() {
        port.close();
        letGo();
      },
    },
  };
}

/**
 * @param folder where the files are made that others map; undefined: the usual one.
 * @returns why not, in one line, where this process cannot share memory.
 */
export async function createProcessMemory(
  clock: Clock,
  geometry: Geometry,
  folder: string | undefined,
): Promise<Available<ProcessMemory>> {
  const loaded = await loadLibc();
  if (!loaded.ok) return loaded;
  const libc = loaded.value;
  const made = createBell(libc, clock, turnOfTheLoop, folder);
  if (!made.ok) return made;
  const bell = made.value;
  // A process that ends would else wait for the thread that waits for the bell; and nobody else takes the file away.
  const offers = new Set<LinkMemory>();
  const onExit = (): void => {
    bell.close();
    for (const memory of offers) memory.forget();
  };
  process.once("exit", onExit);
  return {
    ok: true,
    value: {
      offer() {
        const token = randomInt(1, TOKENS);
        const bytes = ringBytes(geometry);
        const memory = createLinkMemory(libc, bytes, token, folder);
        if (!memory.ok) return memory;
        const { rings, path, close } = memory.value;
        offers.add(memory.value);
        const forget = (): void => {
          offers.delete(memory.value);
          memory.value.forget();
        };
        for (const ring of rings) formatRing(ring, geometry);
        return {
          ok: true,
          value: {
            offer: { path, token, ring_bytes: bytes, bell: bell.path },
            taken(peerBell) {
              forget();
              return openPort(clock, bell, memory.value, rings, peerBell);
            },
            notTaken() {
              forget();
              close();
            },
          },
        };
      },
      accept(offered) {
        const memory = openLinkMemory(libc, offered);
        if (!memory.ok) return memory;
        const [theirs, mine] = memory.value.rings;
        const port = openPort(clock, bell, memory.value, [mine, theirs], offered.bell);
        return port.ok ? { ok: true, value: { port: port.value, bell: bell.path } } : port;
      },
      close() {
        process.off("exit", onExit);
        onExit();
      },
    },
  };
}

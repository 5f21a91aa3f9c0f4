import type { FaultEffect } from "../../abi/contract.generated.ts";
import type { BlowOrder } from "../blows.ts";
import { nameOf, type BuiltHouse } from "../links.ts";
import type { PlaceWord, ReachOrder } from "./orders.ts";
import type { HostedLife, PlaceHost } from "./place-host.ts";
import type { Addresses, LifeFacts } from "./place-life.ts";
import { createWords, type Words } from "./words.ts";

/** A place of a world under supervision. */
export interface Supervised {
  /** Such as `alpha/vfs`. */
  readonly name: string;
  /** The node, or the switch's name. */
  readonly node: string;
  readonly house: BuiltHouse | "switch";
  /** Where it serves now. */
  readonly address: string;
  /** Its process, where that is one of this machine; else 0. */
  readonly pid: number;
  readonly incarnation: number;
  /** Tells it where the others are; resolves when its links stand. Its later lives are told the same. */
  connect(addresses: Addresses): Promise<void>;
  /** Starts it. */
  start(): Promise<void>;
  /** Gives it an order that a blow makes; resolves when it was carried out, or the place has ended. */
  order(order: BlowOrder | ReachOrder): Promise<void>;
  stop(): Promise<void>;
}

/** How a place is watched over. */
export interface Supervision {
  /** Starts it again when it ended by itself, with a pause that doubles from 100 ms to 5 s. One that a rule struck always is. */
  readonly restart: boolean;
  /** It ended by itself. @param place its name, such as `alpha/vfs`. */
  readonly onExit?: (place: string, how: string) => void;
  /** It is down: by itself, or struck. Answers the Lamport stamp that its next life comes after. */
  readonly onDown?: (place: string, why: string) => number;
  /** It serves again and knows where the others are; it is started when this has resolved. */
  readonly onServing?: (place: Supervised) => Promise<void>;
  /** It is up again. */
  readonly onUp?: (place: Supervised) => void;
  /** A rule of it asks for a blow. */
  readonly onBlow?: (effect: FaultEffect, lamport: number) => Promise<void>;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** Who lived so long begins with the shortest pause again. */
const LONG_LIFE_MS = 10_000;

/** Lets a place live on a host. Resolves once its first life serves. */
export async function superviseOn(
  host: PlaceHost,
  data: Omit<LifeFacts, "incarnation" | "lamport">,
  supervision: Supervision,
): Promise<Supervised> {
  const { place } = data;
  const name = nameOf(place);
  let incarnation = 1;
  let lamport = 0;
  let stopping = false;
  let struck = false;
  let pauseMs = FIRST_PAUSE_MS;
  let pending: NodeJS.Timeout | undefined;
  let known: Addresses = {};
  let words: Words = createWords(name);
  let life: HostedLife = await begin(incarnation);
  let beginning: Promise<unknown> = Promise.resolve();

  async function begin(number: number): Promise<HostedLife> {
    const own = createWords(name);
    const hear = (word: PlaceWord): void => {
      if (word.t !== "blow") {
        own.said(word.t);
        return;
      }
      const { blow, effect } = word;
      const struckNow = supervision.onBlow?.(effect, word.lamport) ?? Promise.resolve();
      // Where nobody strikes, the call goes on as if it had been struck.
      void struckNow.then(() => begun.order({ t: "struck", blow }));
    };
    const begun = await host.boot({ ...data, incarnation: number, lamport }, hear);
    words = own;
    const bornMs = performance.now();
    void begun.ended.then((how) => {
      if (performance.now() - bornMs > LONG_LIFE_MS) pauseMs = FIRST_PAUSE_MS;
      own.end(how);
      ended(how);
    });
    return begun;
  }

  function ended(how: string): void {
    if (stopping) return;
    const byRule = struck;
    struck = false;
    lamport = supervision.onDown?.(name, byRule ? "crash" : how) ?? 0;
    if (!byRule) supervision.onExit?.(name, how);
    if (byRule || supervision.restart) later();
  }

  function later(): void {
    pending = setTimeout(() => {
      beginning = again();
    }, pauseMs);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }

  async function connect(): Promise<void> {
    const connected = words.next("connected");
    life.order({ t: "connect", addresses: known });
    await connected;
  }

  async function start(): Promise<void> {
    const started = words.next("started");
    life.order({ t: "start" });
    await started;
  }

  async function again(): Promise<void> {
    try {
      life = await begin(incarnation + 1);
      // An attempt that nobody answered was no life.
      incarnation += 1;
    } catch {
      // A container takes a second or two to be there again, and is asked more than once.
      if (!stopping) later();
      return;
    }
    if (stopping) return;
    try {
      await connect();
      await supervision.onServing?.(supervised);
      await start();
    } catch {
      // One that ended meanwhile is started once more, and one that says nothing is ended for that.
      struck ||= !supervision.restart && !stopping;
      await life.stop();
      return;
    }
    supervision.onUp?.(supervised);
  }

  const supervised: Supervised = {
    name,
    node: place.t === "house" ? place.node : place.name,
    house: place.t === "house" ? place.house : "switch",
    get address() {
      return life.address;
    },
    get pid() {
      return life.pid;
    },
    get incarnation() {
      return incarnation;
    },
    connect(addresses) {
      known = addresses;
      return connect();
    },
    start,
    async order(order) {
      if (order.t === "strike" && order.kind === "crash") {
        struck = true;
        life.strike(order);
        await life.ended;
        return;
      }
      const obeyed = words.next("obeyed");
      if (order.t === "strike") life.strike(order);
      else life.order(order);
      // Whoever is dead or silent has no gates.
      await obeyed.catch(() => undefined);
    },
    async stop() {
      stopping = true;
      clearTimeout(pending);
      await beginning;
      await life.stop();
    },
  };
  return supervised;
}

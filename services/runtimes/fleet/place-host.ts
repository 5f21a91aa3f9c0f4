import type { StrikeOrder } from "../blows.ts";
import type { PlaceOrder, PlaceWord } from "./orders.ts";
import type { LifeFacts } from "./place-life.ts";

/** One life of a place, as the world has it that the place belongs to. */
export interface HostedLife {
  /** Where it serves. */
  readonly address: string;
  /** Its process, where that is one of this machine; else 0. */
  readonly pid: number;
  order(order: Exclude<PlaceOrder, StrikeOrder>): void;
  /** Kills it, or lets it stand still; of the latter it says `obeyed` when it does. */
  strike(order: StrikeOrder): void;
  /** Resolves with how it ended, however that came about. */
  readonly ended: Promise<string>;
  /** Ends it in good order, and if that takes too long, otherwise. */
  stop(): Promise<void>;
}

/** Where a place of a world comes to life: in a process that is started for it, or in one that somebody else keeps running. */
export interface PlaceHost {
  /**
   * Begins a life; resolves once it serves. Rejects, with one line, when it does not.
   *
   * @param hear gets all that it says from then on.
   */
  boot(life: LifeFacts, hear: (word: PlaceWord) => void): Promise<HostedLife>;
}

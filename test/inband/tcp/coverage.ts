import { assert } from "../../../services/abi/assert.ts";
import { MAY_FOLLOW, type TcpStateName } from "../../../services/inband/model/tcp/state.ts";

const NAMES = Object.keys(MAY_FOLLOW) as readonly TcpStateName[];

/** Counts which state followed which, over any number of runs. A transition that is not legal fails at once. */
export class Coverage {
  readonly #counts = new Map<string, number>();

  count(from: TcpStateName, to: TcpStateName): void {
    assert(MAY_FOLLOW[from].includes(to), `${to} may follow ${from}`);
    const key = `${from} ${to}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  of(from: TcpStateName, to: TcpStateName): number {
    return this.#counts.get(`${from} ${to}`) ?? 0;
  }

  /** Legal transitions that nothing has taken. */
  missing(): string[] {
    return NAMES.flatMap((from) =>
      MAY_FOLLOW[from].filter((to) => this.of(from, to) === 0).map((to) => `${from} -> ${to}`),
    );
  }

  /** A table to look at: from the left to the top; a dot is what is not legal. */
  table(): string {
    const left = Math.max(...NAMES.map((name) => name.length));
    const columns = NAMES.filter((name) => name !== "SYN-SENT");
    const cell = (from: TcpStateName, to: TcpStateName): string =>
      (MAY_FOLLOW[from].includes(to) ? `${this.of(from, to)}` : ".").padStart(Math.max(to.length, 7));
    return [
      `${"from \\ to".padEnd(left)} ${columns.map((name) => name.padStart(7)).join(" ")}`,
      ...NAMES.filter((from) => MAY_FOLLOW[from].length > 0).map(
        (from) => `${from.padEnd(left)} ${columns.map((to) => cell(from, to)).join(" ")}`,
      ),
    ].join("\n");
  }
}

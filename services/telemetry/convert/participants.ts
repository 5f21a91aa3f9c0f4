import type { TraceEvent } from "../../abi/event.ts";
import { placeOf } from "../words.ts";
import { mermaidText } from "./mermaid-text.ts";

/** Who takes part in a diagram. */
export interface Participants {
  /** The name in the diagram of the place where an event happened. */
  of(event: TraceEvent): string;
  /** The same for a place of a node that need not have recorded anything: a house, or the wire. */
  houseOf(node: string, place: string): string;
  /** The lines that announce them, boxed by node, in the order in which they appeared. */
  lines(): string[];
  /** First and last, for a note over all of them; undefined when there is none. */
  span(): string | undefined;
}

/** Gives every task and house of every node a name of letters that Mermaid takes for one word. */
export function createParticipants(): Participants {
  const nodes = new Map<string, Map<string, string>>();
  const taken = new Set<string>();

  function houseOf(node: string, place: string): string {
    const places = nodes.get(node) ?? new Map<string, string>();
    nodes.set(node, places);
    const known = places.get(place);
    if (known !== undefined) return known;
    // The underscore keeps it apart from every word of the language.
    const base = `${node}_${place.replace(/^task /, "")}`.replaceAll(/\W/g, "_");
    let id = base;
    for (let n = 2; taken.has(id); n++) id = `${base}_${n}`;
    taken.add(id);
    places.set(place, id);
    return id;
  }

  return {
    of: (event) => houseOf(event.node, placeOf(event)),
    houseOf,
    lines: () =>
      [...nodes].flatMap(([node, places]) => [
        // Without a colour, Mermaid would take a node called `red` for one.
        `box transparent ${mermaidText(node)}`,
        ...[...places].map(([place, id]) => `  participant ${id} as ${mermaidText(place)}`),
        "end",
      ]),
    span() {
      const ids = [...nodes.values()].flatMap((places) => [...places.values()]);
      const [first] = ids;
      const last = ids.at(-1);
      return first === undefined || last === undefined ? undefined : first === last ? first : `${first},${last}`;
    },
  };
}

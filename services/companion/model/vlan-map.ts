/** The ids that may be in the map: 0 says that a tag carries a priority only, 1 is everybody's default, 4095 is reserved. */
const isVlan = (id: number): boolean => id >= 2 && id <= 4094;

/**
 * Reads a bitmap list such as `42-45,100`, with the empty one for none; undefined for what is no such list, or names an id
 * that is refused (facts/dovetail 6.2).
 */
export function parseVlans(text: string): ReadonlySet<number> | undefined {
  const ids = new Set<number>();
  const list = text.trim();
  if (list === "") return ids;
  for (const part of list.split(",")) {
    const [, from, to = from] = /^(\d{1,4})(?:-(\d{1,4}))?$/.exec(part.trim()) ?? [];
    if (from === undefined || Number(to) < Number(from)) return undefined;
    for (let id = Number(from); id <= Number(to); id += 1) {
      if (!isVlan(id)) return undefined;
      ids.add(id);
    }
  }
  return ids;
}

/** The list of a map, with ranges, as the kernel prints bitmaps. */
export function vlansText(ids: ReadonlySet<number>): string {
  const runs: { from: number; to: number }[] = [];
  for (const id of [...ids].sort((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run !== undefined && run.to === id - 1) run.to = id;
    else runs.push({ from: id, to: id });
  }
  return runs.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(",");
}

import type { Edit } from "./mutant.ts";

/** The text of a module with the edits made; throws unless each of them fits exactly one place. */
export function edited(source: string, edits: readonly Edit[]): string {
  return edits.reduce((text, { file, find, replace }) => {
    const places = text.split(find).length - 1;
    if (places !== 1) throw new Error(`${file}: found ${places} places like this, allowed is one: ${find}`);
    // As a function, since `$` has a meaning in a replacement text.
    return text.replace(find, () => replace);
  }, source);
}

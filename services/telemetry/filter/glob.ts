/** One place of a glob: any letters, any letter, or one of some. */
type Piece = "*" | ((letter: string) => boolean);

/** `[a-z_]`, `[!0-9]`; undefined where no bracket closes it, and it is a letter like others. */
function classAt(
  letters: readonly string[],
  at: number,
): { readonly fits: (letter: string) => boolean; readonly end: number } | undefined {
  const negated = letters[at + 1] === "!" || letters[at + 1] === "^";
  const from = at + (negated ? 2 : 1);
  // A bracket right at the begin is one of the letters.
  const close = letters.indexOf("]", from + 1);
  if (close < 0) return undefined;
  const ranges: (readonly [string, string])[] = [];
  for (let i = from; i < close; i++) {
    const letter = letters[i] ?? "";
    const last = letters[i + 2] ?? "";
    if (letters[i + 1] === "-" && i + 2 < close) {
      ranges.push([letter, last]);
      i += 2;
    } else ranges.push([letter, letter]);
  }
  return {
    fits: (letter) => ranges.some(([low, high]) => letter >= low && letter <= high) !== negated,
    end: close + 1,
  };
}

function piecesOf(glob: string): readonly Piece[] {
  const letters = Array.from(glob);
  const pieces: Piece[] = [];
  for (let at = 0; at < letters.length; at++) {
    const letter = letters[at] ?? "";
    const set = letter === "[" ? classAt(letters, at) : undefined;
    if (letter === "*") pieces.push("*");
    else if (letter === "?") pieces.push(() => true);
    else if (set === undefined) pieces.push((other) => other === letter);
    else {
      pieces.push(set.fits);
      at = set.end - 1;
    }
  }
  return pieces;
}

/**
 * Makes a glob of the kernel (`*`, `?`, `[a-z]`) into a test of whole texts. It never takes longer than the product of the
 * two lengths: a star that took too little takes one letter more, and those before it stay as they are.
 */
export function createGlob(glob: string): (text: string) => boolean {
  const pieces = piecesOf(glob);
  return (text) => {
    const letters = Array.from(text);
    let [at, piece, star, starAt] = [0, 0, -1, 0];
    while (at < letters.length) {
      const wanted = pieces[piece];
      if (wanted === "*") [star, starAt, piece] = [piece, at, piece + 1];
      else if (wanted?.(letters[at] ?? "") === true) [at, piece] = [at + 1, piece + 1];
      else if (star >= 0) [piece, starAt, at] = [star + 1, starAt + 1, starAt + 1];
      else return false;
    }
    return pieces.slice(piece).every((left) => left === "*");
  };
}

/** Whether a text fits a glob. */
export const globFits = (glob: string, text: string): boolean => createGlob(glob)(text);

/** How to reach some points: a workload. No step says what it expects, since a fault changes that. */
export interface Recipe {
  readonly name: string;
  readonly world: "single" | "pair";
  /** Steps as a file has them, one a line. */
  readonly steps: readonly string[];
  /** The house that is killed on the way, by a rule of its own: what a house says when it comes back is reached in no other way. */
  readonly kills?: { readonly house: "vfs" | "inband" | "companion" | "nic"; readonly at: string };
  /** The points that it reaches without any fault. */
  readonly reaches: readonly string[];
}

/** A step that makes a call. */
export const call = (task: string, name: string, args = "", as = ""): string =>
  `{ task: ${task}, call: ${name}${args === "" ? "" : `, with: { ${args} }`}${as === "" ? "" : `, as: ${as}`} }`;

import type { Rig } from "./rig.ts";

/** A case: a story of one rig, told once and run in every runtime. */
export interface Case {
  /** What it proves: rows of the case table, hand-written cases, traces, differences, policies, quirks. */
  readonly ids: readonly string[];
  readonly title: string;
  /** It waits for minutes, which only virtual time makes short. */
  readonly virtual: boolean;
  readonly run: (rig: Rig) => Promise<void>;
}

/** How a case is called in a report. */
export const nameOf = ({ ids, title }: Case): string => `${ids.join(" ")} ${title}`;

/** @param ids with blanks between them. */
export const story = (ids: string, title: string, run: (rig: Rig) => Promise<void>): Case => ({
  ids: ids.split(" "),
  title,
  virtual: false,
  run,
});

/** A case that waits for minutes. */
export const longStory = (ids: string, title: string, run: (rig: Rig) => Promise<void>): Case => ({
  ...story(ids, title, run),
  virtual: true,
});

import { BY_HAND } from "./by-hand.ts";
import type { Case } from "./case.ts";
import { DIFFERENCES } from "./differences.ts";
import { POLICIES } from "./policies.ts";
import { ROWS_CONNECTIONS } from "./rows-connections.ts";
import { ROWS_DATA } from "./rows-data.ts";
import { ROWS_ENDS } from "./rows-ends.ts";
import { ROWS_NAMES } from "./rows-names.ts";
import { ROWS_OPTIONS } from "./rows-options.ts";
import { ROWS_UDP } from "./rows-udp.ts";
import { ROWS_URGENT } from "./rows-urgent.ts";
import { SHEET_CLOSE } from "./sheet-close.ts";
import { SHEET_CONNECT } from "./sheet-connect.ts";
import { SHEET_DATA } from "./sheet-data.ts";
import { SHEET_EVENTS } from "./sheet-events.ts";
import { SHEET_IOCTL } from "./sheet-ioctl-poll.ts";
import { SHEET_NAMES } from "./sheet-names.ts";
import { SHEET_OPTIONS } from "./sheet-options.ts";
import { SHEET_STATES } from "./sheet-states.ts";
import { SHEET_SUITES } from "./sheet-suites.ts";
import { SHEET_URGENT } from "./sheet-urgent.ts";
import { TRACES } from "./traces.ts";

/** Every case, in the order of the fact sheet. */
export const TABLE: readonly Case[] = [
  ...ROWS_NAMES,
  ...ROWS_CONNECTIONS,
  ...ROWS_DATA,
  ...ROWS_ENDS,
  ...ROWS_OPTIONS,
  ...ROWS_UDP,
  ...ROWS_URGENT,
  ...BY_HAND,
  ...TRACES,
  ...DIFFERENCES,
  ...POLICIES,
];

/** Further cases of the same kind, line by line of the sheets: their ids are sections, and several have the same. */
export const SHEETS: readonly Case[] = [
  ...SHEET_NAMES,
  ...SHEET_CONNECT,
  ...SHEET_DATA,
  ...SHEET_OPTIONS,
  ...SHEET_IOCTL,
  ...SHEET_URGENT,
  ...SHEET_EVENTS,
  ...SHEET_CLOSE,
  ...SHEET_STATES,
  ...SHEET_SUITES,
];

const numbered = (letter: string, last: number, digits = 1): string[] =>
  Array.from({ length: last }, (_, i) => `${letter}${String(i + 1).padStart(digits, "0")}`);

/** The rows of facts 13.3, as they stand there. */
const ROWS = (
  "001 004 005 006 008 009 010 011 014 015 016 017 019 020 021 025 026 030 031 032 036 037 038 039 040 041 042 043 049 052 " +
  "054 055 056 057 059 060 061 062 063 064 067 069 070 071 072 074 075 076 077 078 079 081 083 084 085 086 087 091 094 096 " +
  "097 098 099 100 101 103 104 105 106 107 108 109 112 113 114 117 118 119 120 124 125 126 129"
)
  .split(" ")
  .map((number) => `C${number}`);

/** What must be proved by some case: rows, hand-written cases, traces, differences, policies, quirks. */
export const IDS: readonly string[] = [
  ...ROWS,
  ...numbered("E", 24, 2),
  ...numbered("T", 16),
  "T15b",
  ...numbered("D", 37),
  ...numbered("P", 18),
  ...numbered("Q", 12),
];

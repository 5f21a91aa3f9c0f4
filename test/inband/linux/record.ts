import { writeFileSync } from "node:fs";
import { release } from "node:os";
import { onLinux } from "./kernel.ts";
import { lineOf, RECORDED, toRecord } from "./recorded.ts";

/* Asks the kernel that runs, and writes down what it answers: `node dist/test/inband/linux/record.js`. */

const SETTLE_MS = 30;

const linux = onLinux();
const lines = await Promise.all(
  toRecord().map(async ([name, calls]) => lineOf({ name, calls, answers: await linux.play(calls, SETTLE_MS) })),
);
const version = release().split(/[-+]/)[0] ?? "";
writeFileSync(RECORDED, [`# Linux ${version}, by record.ts`, ...lines, ""].join("\n"));
linux.stop();

import type { Backend } from "../../cli/backend.ts";
import { eventToLine } from "../../lab/trace-file.ts";
import { matrixCells } from "../../lab/matrix/cells.ts";
import { cellExperiment } from "../../lab/matrix/experiment.ts";
import { experimentJsonSchema, rulesJsonSchema, worldJsonSchema } from "../../lab/schema/json-schema.ts";
import { BENCHES, bench } from "../bench/report.ts";
import { servedPoints } from "../served.ts";
import { boot } from "./boot.ts";
import { certificates } from "./ca.ts";
import { check } from "./check.ts";
import { control } from "./control.ts";
import { convert } from "./convert.ts";
import { keepDetails, packageVersion, readBytesUpTo, usualControlAddress } from "./files.ts";
import { load, loadOne, world } from "./load.ts";
import { invalid } from "./invalid.ts";
import { runRemotely } from "./run-remote.ts";
import { openReports } from "./reports.ts";
import { run } from "./run.ts";
import { serve } from "./serve.ts";
import { readTrace } from "./trace-file.ts";

/** What the command line asks of Tenon, done with everything there is. */
export async function createBackend(): Promise<Backend> {
  return {
    version: packageVersion(),
    controlAddress: usualControlAddress(),
    served: Object.fromEntries(servedPoints()),
    matrix: { cells: matrixCells, experiment: cellExperiment },
    // Made when they are asked for: they are long, and few ask.
    schemas: {
      get experiment() {
        return experimentJsonSchema();
      },
      get rules() {
        return rulesJsonSchema();
      },
      get world() {
        return worldJsonSchema();
      },
    },
    benches: BENCHES,
    load,
    world,
    async run(request) {
      const loaded = await loadOne(request.file);
      if (!loaded.ok) return loaded;
      const { control: address } = request;
      return address === undefined ? run(loaded.value, request) : runRemotely(address, loaded.value, request);
    },
    reports: openReports,
    boot,
    serve,
    control,
    readTrace,
    readBytes: readBytesUpTo,
    lineOf: eventToLine,
    check,
    convert,
    certificates,
    async bench(request) {
      const unknown = request.names.find((name) => !BENCHES.some((one) => one.name === name));
      if (unknown !== undefined)
        return invalid(`bench: found ${unknown}, allowed is ${BENCHES.map(({ name }) => name).join(", ")}`);
      try {
        return { ok: true, value: await bench(request) };
      } catch (error) {
        // What was stopped has no figures; anything else is a failure of Tenon, and told as one.
        if (!request.stop.aborted) throw error;
        return { ok: false, trouble: { kind: "broke", lines: ["bench: stopped"] } };
      }
    },
    keepDetails,
  };
}

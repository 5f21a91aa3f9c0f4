import type { Backend } from "../../cli/backend.ts";
import { eventToLine } from "../../lab/trace-file.ts";
import { keepDetails, packageVersion, readBytesUpTo, usualControlAddress } from "./files.ts";
import { serve } from "./serve.ts";

const others = async (): Promise<Backend> => (await import("./backend.ts")).createBackend();

/**
 * The backend of a process that serves a place. There are many of them, and most of what the command line can do would only
 * take memory there: it is loaded if it should be asked for all the same. Verbs that ask a running kernel for something have it
 * too: to load the rest would take most of their time.
 */
export const createServingBackend = async (): Promise<Backend> => ({
  version: packageVersion(),
  controlAddress: usualControlAddress(),
  served: {},
  schemas: { experiment: {}, rules: {}, world: {} },
  matrix: { cells: () => [], experiment: () => undefined },
  benches: [],
  load: async (files) => (await others()).load(files),
  world: async (name) => (await others()).world(name),
  run: async (request) => (await others()).run(request),
  reports: async (folder) => (await others()).reports(folder),
  boot: async (request) => (await others()).boot(request),
  control: async (address, access) => (await import("./control.ts")).control(address, access),
  bench: async (request) => (await others()).bench(request),
  readTrace: async (file, take, stop) => (await others()).readTrace(file, take, stop),
  readBytes: readBytesUpTo,
  check: async (request) => (await others()).check(request),
  convert: async (request) => (await others()).convert(request),
  lineOf: eventToLine,
  certificates: async (order) => (await others()).certificates(order),
  serve,
  keepDetails,
});

// Who may import whom. All paths are relative to the folder that is cruised from, so a test can run the same rules over a
// fixture with a services/ folder of its own.
const houses = ["vfs", "inband", "companion", "nic"];

/** The rooms a room may import besides itself; runtimes import everything, so they are not listed. */
const mayImport = {
  abi: [],
  rules: ["abi"],
  bpf: ["abi"],
  boundary: ["abi", "rules"],
  ...Object.fromEntries(houses.map((house) => [house, ["abi", "boundary", ...(house === "companion" ? ["bpf"] : [])]])),
  ksock: ["abi"],
  transports: ["abi", "boundary", "ksock"],
  lab: ["abi", "rules", "boundary", "bpf"],
  streams: ["abi", "boundary"],
  telemetry: ["abi", "rules", "boundary", "lab"],
  report: ["abi", "rules", "boundary", "lab", "telemetry"],
  cli: ["abi", "rules", "bpf", "transports", "telemetry"],
  console: ["abi", "transports"],
};

const anyOf = (names) => `(${names.join("|")})`;
const house = `^services/${anyOf(houses)}/`;
const model = "^services/([^/]+)/model/";
/** Matches a package both as it resolves (a folder in node_modules) and as it is written, when it does not resolve. */
const npm = (names) => `(^|node_modules/)${anyOf(names)}(/|$)`;
const builtin = (names) => `^(node:)?${anyOf(names)}(/|$)`;

/** Only the rooms named may import what `to` describes. */
const only = (rooms, name, to, comment) => ({
  name,
  severity: "error",
  comment,
  // A model may import none of these in any case: model-is-pure speaks for it.
  from: { path: "^services/", pathNot: [`^services/${anyOf(rooms)}/`, model] },
  to,
});

module.exports = {
  forbidden: [
    {
      name: "house-imports-house",
      severity: "error",
      comment: "Houses meet only at the boundary: call a hook, or move the shared word to abi.",
      from: { path: house },
      to: { path: house, pathNot: "^services/$1/" },
    },
    ...Object.entries(mayImport).map(([room, allowed]) => ({
      name: `${room}-imports`,
      severity: "error",
      comment: `${room} may import ${["itself", ...allowed].join(", ")}, and no other room.`,
      from: { path: `^services/${room}/` },
      to: {
        path: "^services/",
        pathNot: [`^services/${anyOf([room, ...allowed])}/`, ...(houses.includes(room) ? [house] : [])],
      },
    })),
    {
      name: "abi-imports-nothing",
      severity: "error",
      comment: "abi is the words that every room shares: no package, no Node builtin.",
      from: { path: "^services/abi/" },
      to: { pathNot: "^services/" },
    },
    {
      name: "model-is-pure",
      severity: "error",
      comment:
        "A model imports abi and itself: no boundary, no Node builtin, no package. What it needs is an argument.",
      from: { path: model },
      // Another house is left to house-imports-house.
      to: { pathNot: ["^services/abi/", "^services/$1/model/", `^services/(?!$1/)${anyOf(houses)}/`] },
    },
    only(
      ["runtimes", "transports/grpc"],
      "grpc-at-the-edge",
      { path: npm(["@grpc"]) },
      "gRPC is one transport among several: only transports/grpc and runtimes know it.",
    ),
    only(
      ["transports/memory"],
      "koffi-in-memory",
      { path: npm(["koffi"]) },
      "Native calls live in one small place, which says why where koffi is missing.",
    ),
    only(["runtimes"], "pino-in-runtimes", { path: npm(["pino"]) }, "Rooms record events; runtimes log."),
    only(
      ["cli"],
      "terminal-in-cli",
      { path: npm(["commander", "cli-table3", "picocolors"]) },
      "Only the command line writes for a terminal.",
    ),
    only(
      ["lab", "runtimes"],
      "yaml-at-the-edge",
      { path: npm(["yaml"]) },
      "Files that people write are read in lab and runtimes.",
    ),
    only(
      ["runtimes", "transports", "cli"],
      "machine-at-the-edge",
      { path: builtin(["worker_threads", "child_process", "fs"]) },
      "Threads, processes and files belong to runtimes, transports and cli.",
    ),
    only(
      ["runtimes", "cli", "console"],
      "time-from-the-kit",
      { path: builtin(["timers", "perf_hooks"]) },
      "Time comes from kit.clock; only runtimes have a real one.",
    ),
    {
      name: "services-stand-alone",
      severity: "error",
      comment: "What runs imports neither tests nor tools.",
      from: { path: "^services/" },
      to: { path: "^(test|tools|protos)/" },
    },
    {
      name: "no-dev-dependency",
      severity: "error",
      comment: "An installed tenon has no devDependencies; and what is imported is declared.",
      from: { path: "^services/" },
      to: { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"] },
    },
    {
      name: "no-unresolvable",
      severity: "error",
      comment: "The file or package does not exist.",
      from: {},
      // koffi is optional: a checkout without it is whole.
      to: { couldNotResolve: true, pathNot: "^koffi$" },
    },
    {
      name: "no-cycle",
      severity: "error",
      comment: "Not even of types: move what both need to a third file.",
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    // Sees `import type` too.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { conditionNames: ["import", "node", "default"], exportsFields: ["exports"] },
  },
};

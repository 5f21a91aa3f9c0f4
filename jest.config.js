/** @type {import("jest").Config} */
export default {
  // The compiled JavaScript is what runs, so that workers and child processes run the very same files; a failing line is
  // reported in the .ts through the source maps beside it.
  testMatch: ["<rootDir>/dist/test/**/*.test.js"],
  roots: ["<rootDir>/dist"],
  transform: {},
  testEnvironment: "<rootDir>/dist/test/environment.js",
  // Worlds of threads and processes wait a good deal, so that one worker leaves half of two processors idle.
  maxWorkers: "100%",
  // Nothing here waits for ever, but a machine may be busy with other things.
  testTimeout: 60_000,
  // ES modules of a finished test file are not freed (jest #14605): a worker that grew is replaced.
  workerIdleMemoryLimit: "768MB",
};

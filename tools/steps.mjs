// Runs npm scripts one after the other, names each, says how long it took, and stops at the first that fails.
import { spawnSync } from "node:child_process";

for (const step of process.argv.slice(2)) {
  console.log(`== ${step}`);
  const startedMs = performance.now();
  const { status } = spawnSync("npm", ["run", "--silent", step], {
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  if (status !== 0) {
    console.log(`== ${step} FAILED after ${seconds} s; alone: npm run ${step}`);
    process.exit(1);
  }
  console.log(`== ${step} ok, ${seconds} s`);
}

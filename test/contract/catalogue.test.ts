import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { CONTRACT, MESSAGES } from "../../services/abi/contract.generated.ts";
import { effectsOf } from "../../services/boundary/faults/check.ts";
import { servedPoints } from "../../services/runtimes/served.ts";

const contracts = Object.values(CONTRACT);
const served = servedPoints();
const SEEDS = [
  "install_inband_fd",
  "replace_inband_fd",
  "uninstall_inband_fd",
  "sock_oob_attach",
  "sock_oob_release",
  "sock_oob_destroy",
  "sock_oob_bind",
  "sock_oob_connect",
  "sock_oob_shutdown",
  "sock_oob_ioctl",
  "sock_inband_ioctl_redirect",
  "netif_deliver_oob",
];

describe("the catalogue of points", () => {
  test("has every hook of the seeds, and no other point is called a hook", () => {
    expect(
      contracts
        .filter(({ kind }) => kind === "hook")
        .map(({ name }) => name)
        .sort(),
    ).toEqual([...SEEDS].sort());
  });

  test.each(contracts.filter(({ kind }) => kind !== "control"))(
    "$name has a page, a list of faults, a seat for rules and a handler",
    (contract) => {
      const page = new URL(`../../../protos/pages/${contract.name}.md`, import.meta.url);
      expect(existsSync(page)).toBe(true);
      expect(readFileSync(page, "utf8")).toContain(contract.doc.split("\n")[0]);
      expect(Object.values(effectsOf(contract)).some((reason) => reason === undefined)).toBe(true);
      expect(contract.rules).toMatch(/^[A-Z]+$/);
      // A family that is loaded and a kernel socket that is made are nothing that has a number yet.
      if (contract.name !== "oob_load_family" && contract.name !== "ksock_socket")
        expect(contract.slice.length).toBeGreaterThan(0);
      const fields = (MESSAGES[contract.request] ?? []).map(({ name }) => name);
      for (const key of contract.slice) expect([...fields, "files", "task"]).toContain(key);
      expect(served.get(contract.name)).toBe(contract.to);
    },
  );

  test.each(contracts)("$name says what makes sense together", (contract) => {
    const cannotRefuse = contract.answers === "nothing" || contract.answers === "verdict";
    if (cannotRefuse) expect(contract.errnos).toEqual([]);
    if (contract.answers === "errno") expect(contract.errnos.length).toBeGreaterThan(0);
    if (contract.weak !== undefined) expect(["value", "errno"]).toContain(contract.answers);
    // A call whose value is lost for good cannot be made up for by asking again.
    if (contract.onLost === "retry") expect(["nothing", "errno"]).toContain(contract.answers);
    expect(contract.deadlineMs).toBeGreaterThan(0);
    expect(contract.source).not.toBe("");
    expect(contract.onFailure).not.toBe("");
  });
});

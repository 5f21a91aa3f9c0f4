import { afterAll, describe, expect, test } from "@jest/globals";
import { PAIR } from "../../services/abi/topology.ts";
import type { PointArgs, PointsFrom } from "../../services/abi/contract.generated.ts";
import { controlInvocation, type Reply } from "../../services/boundary/invocation.ts";
import { callTask } from "../../services/runtimes/backend/call-task.ts";
import { createSimulatedWorld } from "../../services/runtimes/simulated/world.ts";
import { answered, createConverter } from "../../services/transports/grpc/convert.ts";
import { loadProtos } from "../../services/transports/grpc/load.ts";

const converter = createConverter(loadProtos());
const world = createSimulatedWorld({ seed: 1n, profile: "documented", topology: PAIR });
afterAll(() => world.stop());

async function call<P extends PointsFrom["task"]>(node: string, point: P, args: PointArgs[P]): Promise<Reply | string> {
  const message = converter.encodeCall(controlInvocation(point, args, "control"));
  if (!message.ok) throw new Error(message.reason);
  const request = { node, task: "tool", files: 0, point, message: message.value };
  const answer = await world.drive(() => callTask(world, converter, request));
  if (!answer.ok) return answer.errno;
  return converter.decodeAnswer(point, answered(Buffer.from(answer.value.message))) as Reply;
}

describe("a call that the control service makes as a task", () => {
  test("is made on its node, and answered as the task would be", async () => {
    const port = { dev: "eth0", enabled: true, pool: 0, buffer_bytes: 0 };
    expect(await call("beta", "net_oob_port", port)).toMatchObject({ kind: "returned" });
    expect(await call("", "net_oob_port", { ...port, dev: "eth7" })).toMatchObject({
      kind: "refused",
      errno: "ENODEV",
    });
    const [on] = (await world.drive(() => world.network()))
      .filter(({ house }) => house === "companion")
      .filter(({ devices }) => devices.some(({ kind }) => kind === "port"));
    expect(on?.node).toBe("beta");
  });

  test("on no node, of no task, or that cannot be read, is refused", async () => {
    expect(await call("gamma", "oob_net_vlans", { vlans: "" })).toBe("ENOENT");
    const odd = { node: "", task: "tool", files: 0, message: Uint8Array.of(255, 255) };
    for (const point of ["install_inband_fd", "ctl_list_files", "nothing", "oob_net_vlans"])
      expect(await callTask(world, converter, { ...odd, point })).toEqual({ ok: false, errno: "EINVAL" });
  });
});

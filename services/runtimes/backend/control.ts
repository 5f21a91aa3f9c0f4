import type { Control, Outcome } from "../../cli/backend.ts";
import type { PointName, PointValues } from "../../abi/contract.generated.ts";
import type { Reply } from "../../boundary/invocation.ts";
import { connectControl } from "../../transports/grpc/control.ts";
import { invalid } from "./run.ts";

function outcomeOf<P extends PointName>(reply: Reply<P>, address: string): Outcome<PointValues[P]> {
  if (reply.kind === "returned") return { ok: true, value: reply.value };
  return invalid(
    reply.kind === "refused" ? `${address}: ${reply.errno}` : (reply.reason ?? `${address}: ${reply.why}`),
  );
}

/** Reaches the control service of a running kernel. */
export async function control(address: string): Promise<Outcome<Control>> {
  const client = connectControl(address);
  const first = outcomeOf(await client.listFaults(), address);
  if (!first.ok) {
    client.close();
    return first;
  }
  return {
    ok: true,
    value: {
      async arm(rule) {
        const outcome = outcomeOf(await client.armFault(rule), address);
        if (!outcome.ok) return outcome;
        return { ok: true, value: outcome.value.reason === "" ? undefined : outcome.value.reason };
      },
      async disarm(id) {
        const reply = await client.disarmFault(id);
        if (reply.kind === "refused") return { ok: true, value: false };
        const outcome = outcomeOf(reply, address);
        return outcome.ok ? { ok: true, value: true } : outcome;
      },
      async faults() {
        const outcome = outcomeOf(await client.listFaults(), address);
        return outcome.ok ? { ok: true, value: outcome.value.reports } : outcome;
      },
      async files() {
        const outcome = outcomeOf(await client.listFiles(), address);
        if (!outcome.ok) return outcome;
        const { entries } = outcome.value;
        // The core's index knows tables, not tasks; the VFS's files always have one.
        return {
          ok: true,
          value: {
            vfs: entries.filter(({ tasks }) => tasks.length > 0),
            companion: entries.filter(({ tasks }) => tasks.length === 0),
          },
        };
      },
      network: async () => outcomeOf(await client.listNetwork(), address),
      async follow(listener, stop, points) {
        const stream = client.streamEvents(listener, points);
        stop.addEventListener("abort", () => stream.stop(), { once: true });
        const why = await stream.ended;
        return why === undefined ? { ok: true, value: undefined } : invalid(why);
      },
      close() {
        client.close();
        return Promise.resolve();
      },
    },
  };
}

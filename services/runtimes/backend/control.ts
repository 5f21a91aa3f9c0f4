import type { Access, Control, Outcome } from "../../cli/backend.ts";
import type { PointName, PointValues } from "../../abi/contract.generated.ts";
import { fail, ok } from "../../abi/result.ts";
import type { Reply } from "../../boundary/invocation.ts";
import { connectControl, type ControlClient } from "../../transports/grpc/control.ts";
import { loadIdentity } from "../../transports/tls/identity.ts";
import { loadToken } from "../../transports/tls/token.ts";
import { invalid } from "./invalid.ts";

function outcomeOf<P extends PointName>(reply: Reply<P>, address: string): Outcome<PointValues[P]> {
  if (reply.kind === "returned") return { ok: true, value: reply.value };
  return invalid(
    reply.kind === "refused" ? `${address}: ${reply.errno}` : (reply.reason ?? `${address}: ${reply.why}`),
  );
}

/** Connects to a control service, with what the user says to be who they are. Nobody is asked yet. */
export function connectTo(address: string, { tls, tokenFile }: Access): Outcome<ControlClient> {
  const identity = tls === undefined ? undefined : loadIdentity(tls);
  if (identity?.ok === false) return invalid(identity.reason);
  const token = tokenFile === undefined ? undefined : loadToken(tokenFile);
  if (token?.ok === false) return invalid(token.reason);
  return { ok: true, value: connectControl(address, { tls: identity?.value, token: token?.value }) };
}

/** Reaches the control service of a running kernel. */
export async function control(address: string, access: Access = {}): Promise<Outcome<Control>> {
  const connected = connectTo(address, access);
  if (!connected.ok) return connected;
  const client = connected.value;
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
      async tasks() {
        const outcome = outcomeOf(await client.listTasks(), address);
        return outcome.ok ? { ok: true, value: outcome.value.entries } : outcome;
      },
      network: async () => outcomeOf(await client.listNetwork(), address),
      async call(who, point, args) {
        const reply = await client.callTask(who, point, args);
        if (reply.kind === "lost") return invalid(reply.reason ?? `${address}: ${point} was lost: ${reply.why}`);
        return { ok: true, value: reply.kind === "returned" ? ok(reply.value) : fail(reply.errno) };
      },
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

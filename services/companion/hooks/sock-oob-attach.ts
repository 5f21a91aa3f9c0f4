import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { AF, O } from "../../abi/flags.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { runsOut } from "../../boundary/resources.ts";
import { createEfile } from "../efile.ts";
import { socketOperations } from "../sockets/file-operations.ts";
import { BUFFER_BYTES, SOCK_OPTIONS, socketParts, type OobSocket } from "../sockets/socket.ts";
import { freshOobData, type Core } from "../state.ts";

/**
 * in-band, in socket(2), no lock held; may sleep and does not.
 *
 * Gives the socket its out-of-band side, and its file too: with that the hook that publishes the descriptor indexes it.
 * For the core's own family the sock is the context, so only its end frees it; for the others release and destroy both hold it.
 *
 * A socket that is attached with this file already keeps its context, and is told it again: a call may be made twice, and an
 * in-band stack that hears of this core only now asks for all sockets, those among them that it attached meanwhile.
 *
 * EPROTONOSUPPORT, ESOCKTNOSUPPORT: see DomainRegistry. ENOMEM: the socket or its file has another context or is being released,
 * or was released before this call arrived, because its attach had been given up as lost; or there is no memory for one (seed 000; facts/dovetail 2.1, 2.2).
 */
export function sockOobAttach(
  core: Core,
  { sk, file, family, type, protocol: number, flags }: PointArgs["sock_oob_attach"],
  context: Context,
): Result<{ oob_data: number }, "EPROTONOSUPPORT" | "ESOCKTNOSUPPORT" | "ENOMEM"> {
  const found = core.domains.find({ family, type, protocol: number });
  if (!found.ok) return found;
  const known = core.sockets.get(sk);
  if (known !== undefined && known === core.socketOfFile.get(file) && known.efile.releasing === undefined)
    return ok({ oob_data: known.oob_data });
  if (core.givenUp.delete(file) || core.efiles.has(file) || core.sockets.has(sk)) return fail("ENOMEM");
  if (runsOut(core.kit, context, "memory")) return fail("ENOMEM");

  // Its protocol and its file know the socket, and it knows them; neither looks before it is attached.
  const self = (): OobSocket => socket;
  const oob_data = freshOobData(core);
  const dev = `socket:[${sk}]`;
  const operations = socketOperations(core, self);
  const socket: OobSocket = {
    ...socketParts(sk),
    oob_data,
    efile: createEfile({ file, oob_data, dev, flags: O.O_RDWR | (flags & O.O_NONBLOCK), operations }),
    driver: found.value.driver,
    protocol: found.value.create(core, self),
    sendSize: BUFFER_BYTES,
    options: SOCK_OPTIONS,
    drained: undefined,
    shutdown: 0,
    refs: family === AF.PF_OOB ? 1 : 2,
    offloads: Promise.resolve(),
  };
  core.efiles.set(file, socket.efile);
  core.sockets.set(sk, socket);
  core.socketOfFile.set(file, socket);
  core.kit.events.fact(context, "sk_attach", { sk, file }, { oob_data, protocol: socket.protocol.kind });
  return ok({ oob_data });
}

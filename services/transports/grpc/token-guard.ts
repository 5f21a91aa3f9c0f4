import { ServerInterceptingCall, status, type Metadata, type ServerInterceptor } from "@grpc/grpc-js";
import { tokenCheck } from "../tls/token.ts";

/** Where a token is shown. */
export const AUTHORIZATION = "authorization";

/** Anybody may ask whether a service is well: it says nothing else, and those who ask are given no secrets. */
const HEALTH = /^\/grpc\.health\.v1\.Health\//;

/**
 * Lets through only calls that show the token; every other one ends with UNAUTHENTICATED before anything of ours sees it.
 *
 * @param refused is told who called without it, and why that was not enough.
 */
export function tokenGuard(token: string, refused: (peer: string, why: string) => void): ServerInterceptor {
  const isRight = tokenCheck(token);

  function objection(metadata: Metadata): string | undefined {
    const shown = metadata.get(AUTHORIZATION);
    if (shown.length === 0) return "it showed no token";
    const [only] = shown;
    return shown.length === 1 && typeof only === "string" && isRight(only) ? undefined : "it showed a wrong token";
  }

  return ({ path }, call) =>
    new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata(metadata, go) {
            const why = HEALTH.test(path) ? undefined : objection(metadata);
            if (why === undefined) {
              metadata.remove(AUTHORIZATION);
              go(metadata);
              return;
            }
            call.sendStatus({ code: status.UNAUTHENTICATED, details: why });
            refused(call.getPeer(), why);
          },
        }),
    });
}

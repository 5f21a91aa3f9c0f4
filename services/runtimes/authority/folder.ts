import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CertificatesOrder, PeerCertificate } from "../../cli/certificates.ts";
import { failed, lineOf, worked, type Attempt } from "../../transports/answers.ts";
import { IDENTITY_FILES, loadIdentity } from "../../transports/tls/identity.ts";
import { createAuthority, issueCertificate, readCertificate, type Issued, type Validity } from "./ca.ts";

const DAY_MS = 86_400_000;
/** Clocks of two machines differ. */
const SKEW_MS = 300_000;
/** A certificate is renewed when less than this share of its time is left. */
const RENEWED_BELOW = 1 / 3;
/** How much longer than its certificates a CA is good. */
const CA_LIVES = 12;
const CA_KEY = "ca-key.pem";

type Owner = CertificatesOrder["owner"];
type Request = CertificatesOrder & { readonly nowMs: number };

/** Puts a file into a folder, whole or not at all. The folder itself may be a mount point: it is never replaced. */
function put(folder: string, file: string, text: string, mode: number, owner?: Owner): void {
  const path = join(folder, file);
  const half = `${path}.new`;
  writeFileSync(half, text, { mode });
  if (owner !== undefined) chownSync(half, owner.uid, owner.gid);
  renameSync(half, path);
}

const validity = (nowMs: number, lengthMs: number): Validity => ({
  from: new Date(nowMs - SKEW_MS),
  until: new Date(nowMs + lengthMs),
});

/** The CA of the folder, while its key is there and it outlives what it signs; else a new one. */
async function authorityOf({ folder, days, nowMs }: Request): Promise<Issued> {
  const [certFile, keyFile] = [join(folder, IDENTITY_FILES.ca), join(folder, CA_KEY)];
  if (existsSync(certFile) && existsSync(keyFile)) {
    const known = { cert: readFileSync(certFile, "utf8"), key: readFileSync(keyFile, "utf8") };
    if (readCertificate(known.cert).untilMs > nowMs + days * DAY_MS) return known;
  }
  const made = await createAuthority(validity(nowMs, CA_LIVES * days * DAY_MS));
  put(folder, CA_KEY, made.key, 0o600);
  put(folder, IDENTITY_FILES.ca, made.cert, 0o644);
  return made;
}

/** Until when the certificate in a folder is good, if it is this CA's, for these names, and need not be renewed yet. */
function goodUntil(folder: string, authority: Issued, names: readonly string[], nowMs: number): number | undefined {
  const identity = loadIdentity(folder);
  if (!identity.ok || identity.value.ca.toString() !== authority.cert) return undefined;
  const { names: has, fromMs, untilMs } = readCertificate(identity.value.cert);
  if (has.size !== new Set(names).size || !names.every((name) => has.has(name))) return undefined;
  return untilMs - nowMs > (untilMs - fromMs) * RENEWED_BELOW ? untilMs : undefined;
}

/**
 * Sees to it that each peer has a certificate. What is still good stays as it is, so that a stack which is started again does
 * not part from those of it that run; only what is new, has other names, or comes to its end is made.
 *
 * The CA's key stays in the CA's folder, which nobody gets but who makes certificates: peers get their own folders only.
 *
 * @returns one line when a file or folder cannot be read or written.
 */
export async function prepareCertificates(request: Request): Promise<Attempt<readonly PeerCertificate[]>> {
  const { folder, peers, days, owner, nowMs } = request;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const authority = await authorityOf(request);
    const made: PeerCertificate[] = [];
    for (const names of peers) {
      const [name] = names;
      const own = join(folder, name);
      const isThere = existsSync(own);
      if (!isThere) mkdirSync(own, { mode: 0o700 });
      if (owner !== undefined && !isThere) chownSync(own, owner.uid, owner.gid);
      const kept = goodUntil(own, authority, names, nowMs);
      const span = validity(nowMs, days * DAY_MS);
      if (kept === undefined) {
        const { cert, key } = await issueCertificate(authority, names, span);
        put(own, IDENTITY_FILES.key, key, 0o600, owner);
        put(own, IDENTITY_FILES.cert, cert, 0o644, owner);
        put(own, IDENTITY_FILES.ca, authority.cert, 0o644, owner);
      }
      made.push({ name, folder: own, isNew: kept === undefined, untilMs: kept ?? span.until.getTime() });
    }
    return worked(made);
  } catch (error) {
    return failed(`the certificates in ${folder} cannot be made: ${lineOf(error)}`);
  }
}

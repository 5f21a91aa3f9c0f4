import type { TlsIdentity } from "../../services/transports/tls/identity.ts";
import { createAuthority, issueCertificate, type Issued } from "../../services/runtimes/authority/ca.ts";

const HOUR_MS = 3_600_000;

/** A time so many hours from now. */
const inHours = (hours: number): Date => new Date(Date.now() + hours * HOUR_MS);

/** A CA for tests; it was good for long, and still is. */
export const newAuthority = (): Promise<Issued> => createAuthority({ from: inHours(-48), until: inHours(48) });

/** An identity of that CA, good from an hour ago for an hour unless it is said. */
export async function identityOf(
  authority: Issued,
  names: readonly [string, ...string[]],
  [from, until]: readonly [number, number] = [-1, 1],
): Promise<TlsIdentity> {
  const { cert, key } = await issueCertificate(authority, names, { from: inHours(from), until: inHours(until) });
  return { ca: Buffer.from(authority.cert), cert: Buffer.from(cert), key: Buffer.from(key) };
}

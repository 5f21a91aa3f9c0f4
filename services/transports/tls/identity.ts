import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { failed, lineOf, worked, type Attempt } from "../answers.ts";

/** Who a process is to its peers, and whom it believes. PEM. */
export interface TlsIdentity {
  /** The certificate of the CA that all peers have theirs from. */
  readonly ca: Buffer;
  /** Its own certificate. */
  readonly cert: Buffer;
  /** The key of that certificate. */
  readonly key: Buffer;
}

/** The files of an identity in its folder. */
export const IDENTITY_FILES = { ca: "ca.pem", cert: "cert.pem", key: "key.pem" } as const;

/**
 * Reads an identity from its folder: ca.pem, cert.pem, key.pem. The three must belong together; whether they are still
 * valid is for the peers to say.
 *
 * @returns what is missing or does not fit, in one line that names the file.
 */
export function loadIdentity(folder: string): Attempt<TlsIdentity> {
  const read = (file: string): Buffer => readFileSync(join(folder, file));
  let identity: TlsIdentity;
  try {
    identity = { ca: read(IDENTITY_FILES.ca), cert: read(IDENTITY_FILES.cert), key: read(IDENTITY_FILES.key) };
  } catch (error) {
    return failed(`the TLS identity in ${folder} cannot be read: ${lineOf(error)}`);
  }
  try {
    const cert = new X509Certificate(identity.cert);
    if (!cert.checkPrivateKey(createPrivateKey(identity.key)))
      return failed(`${join(folder, IDENTITY_FILES.key)} is not the key of ${IDENTITY_FILES.cert}`);
    if (!cert.verify(new X509Certificate(identity.ca).publicKey))
      return failed(`${join(folder, IDENTITY_FILES.cert)} is not of the CA in ${IDENTITY_FILES.ca}`);
  } catch (error) {
    return failed(`the TLS identity in ${folder} is not in PEM, or broken: ${lineOf(error)}`);
  }
  return worked(identity);
}

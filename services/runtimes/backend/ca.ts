import type { Outcome } from "../../cli/backend.ts";
import type { CertificatesOrder, PeerCertificate } from "../../cli/certificates.ts";
import { invalid } from "./invalid.ts";

/** Sees to it that each peer has a certificate of the CA in a folder. */
export async function certificates(order: CertificatesOrder): Promise<Outcome<readonly PeerCertificate[]>> {
  // Loaded here: nobody else needs what it stands on.
  const { prepareCertificates } = await import("../authority/folder.ts");
  const made = await prepareCertificates({ ...order, nowMs: Date.now() });
  return made.ok ? made : invalid(made.reason);
}

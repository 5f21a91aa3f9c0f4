import type { PeerCertificate } from "node:tls";

/** What names a certificate may have in a line; what a stranger wrote is cut, and freed of what no terminal should see. */
const nameIn = ({ subject }: Partial<PeerCertificate>): string => {
  const name = String(subject?.CN ?? "").replaceAll(/[^\w.*:@/ -]/g, "?");
  return name === "" ? "" : ` (${name.slice(0, 64)})`;
};

/** OpenSSL's words for a chain that does not end at our CA. */
const STRANGERS: ReadonlySet<string> = new Set([
  "CERT_SIGNATURE_FAILURE",
  "CERT_UNTRUSTED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

/** Why a client's certificate is not good enough. */
export function certificateWords(code: string, shown: Partial<PeerCertificate>): string {
  if (shown.raw === undefined) return "it showed no certificate";
  const its = `its certificate${nameIn(shown)}`;
  if (code === "CERT_HAS_EXPIRED") return `${its} has expired: it was valid until ${shown.valid_to ?? "?"}`;
  if (code === "CERT_NOT_YET_VALID") return `${its} is not valid yet: it will be from ${shown.valid_from ?? "?"}`;
  if (code === "INVALID_PURPOSE") return `${its} is not one for clients`;
  if (STRANGERS.has(code)) return `${its} is of another CA`;
  return `${its} is not good: ${code}`;
}

/**
 * Why no TLS came about; undefined for a peer that hung up, which nobody refused: probes do that, and so does a client that
 * does not believe our certificate, and says so on its side.
 */
export function handshakeWords({ code = "", message }: NodeJS.ErrnoException): string | undefined {
  if (code === "ECONNRESET" || code === "EPIPE" || code.includes("ALERT")) return undefined;
  if (code === "ERR_SSL_WRONG_VERSION_NUMBER" || code === "ERR_SSL_HTTP_REQUEST")
    return "it speaks plain text where TLS is spoken";
  if (code === "ERR_SSL_UNSUPPORTED_PROTOCOL") return "it does not speak TLS 1.3";
  if (code === "ERR_TLS_HANDSHAKE_TIMEOUT") return "it did not finish the TLS handshake in time";
  const [, reason = message] = /:([^:]+):[^:]*:\d+:\s*$/.exec(message) ?? [];
  return `no TLS came about: ${reason.replaceAll(/\s+/g, " ").slice(0, 120)}`;
}

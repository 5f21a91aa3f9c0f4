// The polyfill comes first: @peculiar/x509 wants it to be there when it is loaded.
import "reflect-metadata";
import { webcrypto, X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import * as x509 from "@peculiar/x509";

/* A small CA for development. It is loaded only by who makes certificates: what it stands on takes 100 ms to load. */

/** From when until when a certificate is good. */
export interface Validity {
  readonly from: Date;
  readonly until: Date;
}

/** A certificate and its key, as PEM. */
export interface Issued {
  readonly cert: string;
  readonly key: string;
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

const newKeys = () => webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  return `${x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY")}\n`;
}

const withEnd = (cert: x509.X509Certificate): string => `${cert.toString("pem")}\n`;

/** Makes a CA, which may sign certificates of peers and no further CA. Every call makes another one. */
export async function createAuthority(validity: Validity): Promise<Issued> {
  const keys = await newKeys();
  // No two have the same name: a peer of another one is then told as such, and not as a broken signature.
  const number = Buffer.from(webcrypto.getRandomValues(new Uint8Array(6))).toString("hex");
  const cert = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=Tenon development CA ${number}`,
    notBefore: validity.from,
    notAfter: validity.until,
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { cert: withEnd(cert), key: await pemOf(keys.privateKey) };
}

/**
 * Makes a certificate for a peer, which is server to some and client to others.
 *
 * @param names what it is called by those who connect to it: names of DNS, and IP addresses. The first is its subject.
 */
export async function issueCertificate(
  authority: Issued,
  names: readonly [string, ...string[]],
  validity: Validity,
): Promise<Issued> {
  const ca = new x509.X509Certificate(authority.cert);
  const signingKey = await webcrypto.subtle.importKey(
    "pkcs8",
    x509.PemConverter.decodeFirst(authority.key),
    ALGORITHM,
    false,
    ["sign"],
  );
  const keys = await newKeys();
  const cert = await x509.X509CertificateGenerator.create({
    subject: [{ CN: [names[0]] }],
    issuer: ca.subject,
    notBefore: validity.from,
    notAfter: validity.until,
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) === 0 ? "dns" : "ip", value }) as const),
      ),
      await x509.AuthorityKeyIdentifierExtension.create(ca.publicKey),
    ],
  });
  return { cert: withEnd(cert), key: await pemOf(keys.privateKey) };
}

/** What a certificate says, as far as it matters to whoever asks whether it can be kept. */
export function readCertificate(pem: string | Buffer): {
  readonly names: ReadonlySet<string>;
  readonly fromMs: number;
  readonly untilMs: number;
} {
  const cert = new X509Certificate(pem);
  const names = (cert.subjectAltName ?? "").split(", ").map((entry) => entry.replace(/^(?:DNS|IP Address):/, ""));
  return { names: new Set(names), fromMs: Date.parse(cert.validFrom), untilMs: Date.parse(cert.validTo) };
}

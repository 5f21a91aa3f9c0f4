import { checkServerIdentity, createSecureContext } from "node:tls";
import { isIP } from "node:net";
import { Client, credentials, type ChannelCredentials, type ChannelOptions } from "@grpc/grpc-js";
import { failed, lineOf, worked, type Attempt } from "../answers.ts";
import type { TlsIdentity } from "../tls/identity.ts";
import { readAddress } from "./address.ts";
import { silenceGrpc } from "./channel.ts";

/** What one line says who would speak in the clear to another machine. */
export const needsTls = (address: string): string =>
  `${address} is on the network, where only TLS is spoken: say with --tls DIR where the certificates are`;

/** What an IP address is called towards the peer: RFC 6066 has only names there. */
const NO_NAME = "tenon";

function tlsCredentials({ ca, cert, key }: TlsIdentity, host: string): ChannelCredentials {
  const context = createSecureContext({ ca, cert, key, minVersion: "TLSv1.3" });
  return credentials.createFromSecureContext(
    context,
    isIP(host) === 0 ? {} : { checkServerIdentity: (_name, shown) => checkServerIdentity(host, shown) },
  );
}

/**
 * Makes a client: in the clear on this host, by mutual TLS to others. Nobody is connected to yet.
 *
 * @returns one line when the address is none, when it needs an identity and there is none, or when that is broken.
 */
export function dial(address: string, tls: TlsIdentity | undefined, options: ChannelOptions): Attempt<Client> {
  const read = readAddress(address);
  if (!read.ok) return read;
  const to = read.value;
  silenceGrpc();
  if (!to.isSecure) return worked(new Client(to.target, credentials.createInsecure(), options));
  if (tls === undefined) return failed(needsTls(address));
  try {
    const named = isIP(to.host) === 0 ? {} : { "grpc.ssl_target_name_override": NO_NAME };
    return worked(new Client(to.target, tlsCredentials(tls, to.host), { ...options, ...named }));
  } catch (error) {
    return failed(`the TLS identity for ${address} cannot be used: ${lineOf(error)}`);
  }
}

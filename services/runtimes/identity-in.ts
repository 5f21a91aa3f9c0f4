import { loadIdentity, type TlsIdentity } from "../transports/tls/identity.ts";

/** Who we are, from a folder that was read without trouble before; undefined where none was named. */
export function identityIn(folder: string | undefined): TlsIdentity | undefined {
  const loaded = folder === undefined ? undefined : loadIdentity(folder);
  return loaded?.ok === true ? loaded.value : undefined;
}

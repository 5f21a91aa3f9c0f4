/** For whom certificates are wanted, and where. */
export interface CertificatesOrder {
  /** The CA's own folder. In it, each peer has a folder under its name. */
  readonly folder: string;
  /** The names of each peer: the first is that of its folder too. */
  readonly peers: readonly (readonly [string, ...string[]])[];
  /** How long certificates are good, in days. */
  readonly days: number;
  /** To whom the files of the peers are given; undefined: they stay with who makes them. */
  readonly owner?: { readonly uid: number; readonly gid: number } | undefined;
}

/** What one peer has now. */
export interface PeerCertificate {
  readonly name: string;
  readonly folder: string;
  /** False where the one that it had is still good. */
  readonly isNew: boolean;
  readonly untilMs: number;
}

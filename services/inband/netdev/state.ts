/** What network devices have beside the model. */
export interface Netdev {
  /** The devices that are out-of-band ports, by index. */
  readonly oobPorts: Set<number>;
}

/** No port yet. */
export const createNetdev = (): Netdev => ({ oobPorts: new Set() });

import type { NetworkCounter, NetworkDevice, PointValues } from "../abi/contract.generated.ts";
import type { Card, Nics } from "./state.ts";

const deviceOf = ({ device, rings }: Card): NetworkDevice => {
  const { spec, dev, link, diverting } = device;
  const media = [...rings].map(([name, { medium }]) => `${name} by ${medium}`);
  return {
    dev,
    ifindex: 0,
    kind: "nic",
    mac: spec.mac,
    mtu: spec.mtu,
    state: [link ? "LOWER_UP" : "NO-CARRIER", ...(diverting ? ["DIVERSION"] : [])],
    addresses: [],
    below: spec.wire,
    driver: [spec.driver, ...media].join(", "),
  };
};

const countersOf = ({ device, rings }: Card): NetworkCounter[] => [
  ...device.counts.entries().map(([name, count]) => ({ where: device.dev, name, count })),
  ...[...rings].flatMap(([ring, { counts }]) =>
    Object.entries({ ...counts })
      .filter(([, count]) => count > 0)
      .map(([name, count]) => ({ where: `${device.dev}/${ring}`, name, count })),
  ),
];

/** What this house knows of the network: its NICs, what happened to their frames, and their rings. */
export const listNetwork = ({ cards }: Nics): PointValues["ctl_list_network"] => ({
  devices: [...cards.values()].map(deviceOf),
  sockets: [],
  routes: [],
  neighbours: [],
  counters: [...cards.values()].flatMap(countersOf),
  oob_devices: [],
  vlan_maps: [],
});

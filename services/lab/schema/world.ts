import { z } from "zod";
import { DRIVERS } from "../../abi/topology.ts";
import { stages } from "./stages.ts";
import { API_VERSION, choice, flag, mapping, name, prose, say, text, whole, word } from "./words.ts";

/** Linux's IFNAMSIZ, less the final zero. */
const DEVICE = "the name of a device such as eth0 or eth0.42: at most 15 letters, digits, - . and _";
const device = text(DEVICE, /^[A-Za-z][A-Za-z0-9._-]{0,14}$/);
const MAC = "a link address of one station, such as 02:00:00:00:00:01";
const WIRE = "the name of a switch, loopback for a plug that sends everything back, or none for no cable";
const PREFIX = "an address with the length of its network, such as 10.0.0.1/24";
const ROUTE = "a network such as 10.1.0.0/16, or default";

const mtu = whole(68, 65_535, "a whole number of bytes from 68 to 65535");

const nic = mapping("a NIC", {
  name: device.describe("Its name, and that of its device."),
  driver: word(DRIVERS).describe("oob-capable feeds frames from the out-of-band stage; stock is unmodified."),
  wire: text(WIRE, /^[A-Za-z][A-Za-z0-9_-]*$/).describe("What it is plugged into."),
  mac: text(MAC, /^[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}$/)
    .optional()
    .describe(
      "Its link address; without it, 02:00:00:00:NN:MM with the numbers of the NIC, from 0, and of the node, from 1.",
    ),
  mtu: mtu.optional().describe("The longest packet, in bytes; without it, 1500."),
  netem: prose("what goes wrong there, as nic_netem takes it").optional().describe("What goes wrong on its wire."),
  capture: prose("the name of a pcapng file that is written").optional().describe("Gets every frame, as pcapng."),
  replay: prose("the name of a pcap or pcapng file").optional().describe("Its frames arrive from the wire."),
});

const vlan = mapping("a VLAN device", {
  name: device,
  dev: device.describe("The device below."),
  id: whole(1, 4094, "a VLAN identifier from 1 to 4094"),
});

const route = mapping("a route", {
  destination: text(ROUTE, /^(default|[0-9.]+\/[0-9]+)$/),
  gateway: text("the address of a router", /^[0-9.]+$/)
    .optional()
    .describe("The router; without it, on the link."),
  dev: device,
  metric: whole(0, 2 ** 32 - 1, "a whole number")
    .optional()
    .describe("The lower one is taken; without it, 0."),
});

const node = mapping("a node", {
  nics: z.array(nic, { error: say("a list of NICs") }).optional(),
  vlans: z.array(vlan, { error: say("a list of VLAN devices") }).optional(),
  addresses: z
    .record(z.string(), z.array(text(PREFIX, /^[0-9.]+\/[0-9]+$/), { error: say(`a list, each ${PREFIX}`) }), {
      error: say("devices, each with a list of addresses"),
    })
    .optional()
    .describe("The addresses of each device."),
  routes: z.array(route, { error: say("a list of routes") }).optional(),
  config: mapping("the configuration of a kernel", {
    NET_OOB: flag().optional().describe("CONFIG_NET_OOB: without it SOCK_OOB is accepted and ignored."),
  }).optional(),
  ksock: mapping("what kernel sockets do otherwise", {
    illumosQuirks: flag()
      .optional()
      .describe("A failed connect is told as disconnected, an abort later as connectfailed, as illumos does."),
    linuxCloseRst: flag().optional().describe("A close with unread data resets the connection, as Linux does."),
    linuxShutdownRead: flag().optional().describe("What waits stays readable after SHUT_RD, as on Linux."),
  }).optional(),
});

/** The nodes of a world and what joins them. */
const worldSpec = mapping("a world", {
  nodes: z
    .record(z.string(), node, { error: say("nodes by name, each with nics, vlans, addresses, routes, config, ksock") })
    .describe("The nodes by name, one kernel each. A task that names no node lives on the first one."),
  switches: z
    .array(name("the name of a switch"), { error: say("a list of names") })
    .optional()
    .describe("Switches that learn; NICs name one as their wire."),
  stages: stages.optional(),
});

/** A world file. */
export const worldSchema = mapping("a world", {
  apiVersion: z.literal(API_VERSION, { error: say(API_VERSION, [API_VERSION]) }),
  kind: z.literal("World", { error: say("World (a world file holds nothing else)", ["World"]) }),
  metadata: mapping("metadata", { name: name("the name of a world") }).optional(),
  spec: worldSpec,
});

/** The worlds that have a name of their own. */
export const NAMED_WORLDS = ["pair", "single"] as const;

/** The world of an experiment: by name, by file, or written out. */
export const world = choice(
  "pair, single, the path of a world file, or a mapping with nodes and switches",
  [
    { schema: z.string().min(1) },
    { schema: worldSpec, keys: ["nodes", "switches", "stages", "apiVersion", "kind", "spec"] },
  ],
  NAMED_WORLDS,
).meta({
  id: "world",
  description: "The nodes and what joins them: pair, single (without it), a file relative to this one, or written out.",
});

import type { World } from "../../lab/world.ts";
import type { Family, Sample } from "../../telemetry/prometheus.ts";
import { HOUSES } from "../links.ts";

/** What only the houses themselves can tell, asked when somebody looks. */
export interface WorldMetrics {
  /** What is known; asks the houses first, and does not wait for longer than this for those who do not answer. */
  families(withinMs: number): Promise<Family[]>;
}

/** Asks a world for what it knows, one question at a time however many look. */
export function createWorldMetrics(world: World, version: string): WorldMetrics {
  let known: Family[] = [];
  let asking: Promise<void> | undefined;

  async function ask(): Promise<void> {
    const [network, faults, dropped] = await Promise.all([world.network(), world.faults(), world.dropped()]);
    const answered = new Set(network.map(({ node, house }) => `${node}/${house}`));
    const up: Sample[] = [...world.nodes.keys()].flatMap((node) =>
      HOUSES.map((service) => ({ labels: { node, service }, value: Number(answered.has(`${node}/${service}`)) })),
    );
    known = [
      {
        name: "tenon_build_info",
        help: "What runs here.",
        type: "gauge",
        samples: [{ labels: { version, runtime: world.runtime, profile: world.profile }, value: 1 }],
      },
      {
        name: "tenon_place_up",
        help: "Whether a house answers; a core that is not ours has no control, and shows as down.",
        type: "gauge",
        samples: up,
      },
      {
        name: "tenon_network_total",
        help: "What the houses count of the network, as tenon netstat -s shows it: frames, drops by reason, rings.",
        type: "counter",
        samples: network.flatMap(({ node, house, counters }) =>
          counters.map(({ where, name, count }) => ({
            labels: { node, service: house, where, counter: name },
            value: count,
          })),
        ),
      },
      {
        name: "tenon_fault_rule_fired",
        help: "How often each armed rule has struck; a rule that is disarmed is gone from here.",
        type: "gauge",
        samples: faults.map(({ rule, fired }) => ({
          labels: { rule: rule?.id ?? "", at: rule?.point ?? "" },
          value: fired,
        })),
      },
      {
        name: "tenon_events_dropped_total",
        help: "Events that were overwritten in the event rings before anybody took them.",
        type: "counter",
        samples: [{ labels: {}, value: dropped }],
      },
    ];
  }

  return {
    async families(withinMs) {
      asking ??= ask().finally(() => (asking = undefined));
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, withinMs)));
      await Promise.race([asking, late]);
      clearTimeout(timer);
      return known;
    },
  };
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { root, sourcesUnder } from "../tidy/sources.ts";

/** What is looked at of a service; the rest is Docker's business. */
interface Service {
  readonly image: string;
  readonly build?: { readonly args: Readonly<Record<string, string>> };
  readonly user?: string;
  readonly read_only?: boolean;
  readonly privileged?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly mem_limit?: string;
  readonly pids_limit?: number;
  readonly profiles?: readonly string[];
  readonly ports?: readonly string[];
  readonly networks?: readonly string[];
  readonly volumes?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

const text = (file: string): string => readFileSync(join(root, file), "utf8");
const composeText = text("docker-compose.yml");
const { services } = parse(composeText, { merge: true }) as { readonly services: Readonly<Record<string, Service>> };
const all = Object.entries(services);
const ours = all.filter(([, { image }]) => image.startsWith("${TENON_IMAGE"));
const names = ours.map(([name]) => name);

/** The variables of a compose file with their defaults: `${NAME:-default}` and `${NAME-default}`. */
const variablesIn = (compose: string): Map<string, string> =>
  new Map(
    [...compose.matchAll(/\$\{(\w+):?-([^}]*)\}/g)].map(([, name = "", value = ""]): [string, string] => [name, value]),
  );

describe("the compose file", () => {
  test("has a default for every variable, and .env.example lists exactly these with the same values", () => {
    const example = text(".env.example")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"))
      .map((line): [string, string] => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]);
    expect(new Map(example)).toEqual(variablesIn(composeText));
    expect(composeText.match(/\$\{\w+\}/g)).toBeNull();
  });

  test("writes the same default wherever a variable stands", () => {
    const written = [...composeText.matchAll(/\$\{(\w+):?-([^}]*)\}/g)].map(([, name, value]) => `${name}=${value}`);
    expect(new Set(written).size).toBe(variablesIn(composeText).size);
  });

  test("pins every image by an exact version", () => {
    for (const [name, value] of variablesIn(composeText)) {
      if (name.endsWith("_IMAGE") && name !== "TENON_IMAGE")
        expect(`${name}=${value}`).toMatch(/:v?\d+\.\d+\.\d+(-|$)/);
    }
    expect(text("deploy/Dockerfile")).toContain(`ARG NODE_IMAGE=${variablesIn(composeText).get("NODE_IMAGE") ?? ""}\n`);
  });

  test.each(all)("%s has a root file system that cannot be written, no privileges, and bounds", (_name, service) => {
    expect(service.read_only).toBe(true);
    expect(service.privileged).toBeUndefined();
    expect(service.cap_drop).toEqual(["ALL"]);
    expect(service.security_opt).toEqual(["no-new-privileges:true"]);
    expect(service.mem_limit).toBeDefined();
    expect(service.pids_limit).toBeDefined();
  });

  test.each(ours)("%s is not root", (_name, service) => {
    expect(service.user).toBe("1000:1000");
  });

  test("opens ports on the loopback address only", () => {
    const ports = all.flatMap(([, service]) => service.ports ?? []);
    expect(ports.length).toBeGreaterThan(0);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\$\{\w+_PORT:-\d+\}:\d+$/);
  });

  test("gives each container its own certificate and no other, for reading; only the CA has all", () => {
    const volumesOf = (name: string): readonly string[] => services[name]?.volumes ?? [];
    const secrets = /^(?:ca|tls-[\w-]+):/;
    const handedOut = volumesOf("ca").filter((volume) => secrets.test(volume));
    const served = names.filter((name) => name !== "ca");
    expect(handedOut).toEqual(["ca:/certs", ...served.map((name) => `tls-${name}:/certs/${name}`)]);
    for (const name of served) {
      expect(volumesOf(name).filter((volume) => secrets.test(volume))).toEqual([`tls-${name}:/run/tls:ro`]);
    }
  });

  test("gives the token of the control service to nobody but the two who need it", () => {
    const holders = all.filter(([, { volumes }]) => volumes?.some((volume) => volume.startsWith("token:")) ?? false);
    expect(holders.map(([name]) => name)).toEqual(["ca", "control", "tenon"]);
  });

  test("has a service for each place of places.yaml, which listens where that says", () => {
    const { places } = parse(text("deploy/places.yaml")) as {
      readonly places: Readonly<Record<string, { readonly near?: string; readonly far: string }>>;
    };
    const serving = ours.filter(([, { command }]) => command?.[0] === "serve").map(([name]) => name);
    expect(Object.values(places).map(({ far }) => far)).toEqual(serving.map((name) => `${name}:7400`));
    for (const [place, { near, far }] of Object.entries(places)) {
      const name = place.replace("/", "-");
      expect(far).toBe(`${name}:7400`);
      const { command, volumes = [] } = services[name] ?? {};
      const addresses = [...(near === undefined ? [] : [near]), "0.0.0.0:7400"];
      expect(command).toEqual(["serve", ...addresses.flatMap((address) => ["--listen", address])]);
      // The houses of a node, and nobody else, share its memory.
      const [node = ""] = place.split("/");
      expect(volumes.filter((volume) => volume.endsWith(":/run/tenon"))).toEqual(
        near === undefined ? [] : [`${node}:/run/tenon`],
      );
    }
  });

  test("the image has a folder for each certificate", () => {
    const [, places = ""] = /ARG PLACES="([^"]*)"/.exec(text("deploy/Dockerfile")) ?? [];
    expect(places.split(" ")).toEqual(names.filter((name) => name !== "ca"));
    const certificates = text("deploy/certificates.sh");
    for (const place of places.split(" ")) expect(certificates).toMatch(new RegExp(`--for "?${place}\\b`));
  });

  test("the offline override leaves out, with what is in a profile already, every image that would be pulled", () => {
    const { services: overridden } = parse(text("deploy/compose.offline.yml")) as {
      readonly services: Readonly<Record<string, Partial<Service>>>;
    };
    const pulled = all.filter((one) => !ours.includes(one));
    expect(pulled.map(([name]) => name)).toEqual(["jaeger", "prometheus", "grafana"]);
    for (const [name, { profiles }] of pulled) expect(profiles ?? overridden[name]?.profiles).toHaveLength(1);
    expect(variablesIn(text("deploy/compose.offline.yml"))).toEqual(
      new Map([
        ["NODE_IMAGE", "node:20-bookworm-slim"],
        ["TENON_OTLP", ""],
      ]),
    );
  });
});

describe("the dashboard", () => {
  const dashboard = text("deploy/grafana/dashboards/tenon.json");

  test("asks only for metrics that there are", () => {
    const asked = new Set(dashboard.match(/\btenon_\w+/g));
    const known = sourcesUnder("services")
      .filter(({ path }) => path.includes("telemetry/"))
      .flatMap(({ text: source }) => source.match(/\btenon_\w+/g) ?? []);
    const base = (name: string): string => name.replace(/(?<=_seconds)_(?:bucket|count|sum)$/, "");
    expect(asked.size).toBeGreaterThan(10);
    for (const name of asked) expect(known).toContain(base(name));
  });

  test("asks the source that is provisioned, in panels that do not overlap", () => {
    interface Panel {
      readonly title: string;
      readonly datasource: { readonly uid: string };
      readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
    }
    const { panels } = JSON.parse(dashboard) as { readonly panels: readonly Panel[] };
    const sources = text("deploy/grafana/provisioning/datasources/prometheus.yml");
    const taken = new Map<string, string>();
    for (const { title, datasource, gridPos } of panels) {
      expect(sources).toContain(`uid: ${datasource.uid}\n`);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect([title, taken.get(`${x} ${y}`), x < 24]).toEqual([title, undefined, true]);
          taken.set(`${x} ${y}`, title);
        }
      }
    }
  });
});

import { execFile } from "node:child_process";
import { root } from "../tidy/sources.ts";

/** What a program said, and how it ended. */
interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the Docker client; never rejects. What takes longer than its bound is ended. */
export function docker(args: readonly string[], withinMs = 60_000): Promise<Said> {
  return new Promise((resolve) => {
    execFile("docker", args, { cwd: root, timeout: withinMs, maxBuffer: 64 << 20 }, (error, out, err) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve({ code, out, err: err === "" && error !== null ? error.message : err });
    });
  });
}

/** A Docker engine that can run the stack, and the compose files that do so there; or why there is none. */
export type Engine =
  { readonly ok: true; readonly config: readonly string[] } | { readonly ok: false; readonly why: string };

/** The image without which nothing can be built offline; as deploy/compose.offline.yml says. */
const OFFLINE_BASE = "node:20-bookworm-slim";
const JAEGER = /JAEGER_IMAGE:-([^}]+)\}/;
const PULLED_WITHIN_MS = 120_000;

const has = async (image: string): Promise<boolean> => (await docker(["image", "inspect", image])).code === 0;

/**
 * Looks for an engine. Where images can be pulled, or were, the stack runs as it is; elsewhere with the offline override.
 *
 * @param composeText the text of docker-compose.yml, which says what would be pulled.
 */
export async function findEngine(composeText: string): Promise<Engine> {
  const info = await docker(["info", "--format", "{{.ServerVersion}}"], 20_000);
  if (info.code !== 0) return { ok: false, why: `no Docker engine answers (${info.err.trim().split("\n")[0] ?? ""})` };
  const compose = await docker(["compose", "version", "--short"]);
  if (compose.code !== 0) return { ok: false, why: "docker has no compose plugin" };
  const [, jaeger = ""] = JAEGER.exec(composeText) ?? [];
  const online = (await has(jaeger)) || (await docker(["pull", "--quiet", jaeger], PULLED_WITHIN_MS)).code === 0;
  if (online) return { ok: true, config: ["docker-compose.yml"] };
  if (await has(OFFLINE_BASE)) return { ok: true, config: ["docker-compose.yml", "deploy/compose.offline.yml"] };
  return { ok: false, why: `no image registry is reached, and ${OFFLINE_BASE} is not here` };
}

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { renderOverview, renderRun } from "../../services/report/render.ts";
import { madeOf } from "./made.ts";

const chromium = ["chromium", "chromium-browser", "google-chrome"]
  .flatMap((name) => (process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, name)))
  .find((file) => existsSync(file));

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), "tenon-pages-"))));
afterAll(() => rm(folder, { recursive: true, force: true }));

const escaped = (html: string): string => html.replaceAll("&", "&amp;").replaceAll('"', "&quot;");

/** How much wider than a frame of this width each page wants to be. A frame, since browsers refuse such narrow windows. */
async function overflowsOf(pages: readonly string[], width: number): Promise<number[]> {
  const frames = pages.map(
    (html) => `<iframe srcdoc="${escaped(html)}" style="width:${width}px;height:900px;border:0"></iframe>`,
  );
  const script = `onload = () => { document.title = [...document.querySelectorAll("iframe")].map((frame) => frame.contentDocument.documentElement).map((root) => root.scrollWidth - root.clientWidth).join(" "); };`;
  const file = join(folder, `frames-${width}.html`);
  await writeFile(file, `<!doctype html><title></title>${frames.join("")}<script>${script}</script>`);
  const { stdout } = spawnSync(
    chromium ?? "",
    [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      `--user-data-dir=${join(folder, "profile")}`,
      "--virtual-time-budget=5000",
      "--dump-dom",
      `file://${file}`,
    ],
    { encoding: "utf8", maxBuffer: 1e9, timeout: 60_000 },
  );
  const title = /<title>([\d ]+)<\/title>/.exec(stdout)?.[1] ?? "";
  return title.split(" ").map(Number);
}

const whyNot = chromium === undefined ? " (skipped: no chromium is in the PATH)" : "";

(chromium === undefined ? describe.skip : describe)(`pages in a browser${whyNot}`, () => {
  test.each([360, 1280])(
    "fit a width of %d: what is wider scrolls inside itself",
    async (width) => {
      const runs = [
        await madeOf("experiments/sockets/bind-refused.yaml"),
        await madeOf("experiments/faults/core-crashes-at-bind.yaml"),
        await madeOf("experiments/mutants/frees-at-release.yaml"),
      ].map(renderRun);
      const overview = renderOverview(
        { runs: runs.map(({ summary }) => summary), verdict: "pass", planned: 3, version: "1" },
        {},
      );
      const pages = [...runs.flatMap(({ files }) => [...files]), ...overview].flatMap(([name, html]) =>
        name.endsWith(".html") ? [String(html)] : [],
      );
      expect(await overflowsOf(pages, width)).toEqual(pages.map(() => 0));
    },
    90_000,
  );
});

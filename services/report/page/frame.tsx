import type { ComponentChildren, VNode } from "preact";
import { render } from "preact-render-to-string";
import { STYLE } from "./style.ts";

/** How good or bad something is; the word beside it says the same. */
export type Tone = "good" | "bad" | "odd" | "plain";

/** A word in a small frame. */
export const Tag = ({ tone, children }: { tone: Tone; children: ComponentChildren }): VNode => (
  <span class={`tag ${tone}`}>{children}</span>
);

/** The sign and tone of a verdict. */
export const VERDICT_TONES = {
  pass: { tone: "good", sign: "✓" },
  fail: { tone: "bad", sign: "✗" },
  inconclusive: { tone: "odd", sign: "?" },
} as const;

/** A verdict as sign and word. */
export const VerdictTag = ({ verdict }: { verdict: keyof typeof VERDICT_TONES }): VNode => (
  <Tag tone={VERDICT_TONES[verdict].tone}>{`${VERDICT_TONES[verdict].sign} ${verdict}`}</Tag>
);

/** A section with its heading, which can be linked to. */
export const Section = ({ id, title, children }: { id: string; title: string; children: ComponentChildren }): VNode => (
  <section id={id} aria-labelledby={`${id}-title`}>
    <h2 id={`${id}-title`}>{title}</h2>
    {children}
  </section>
);

/** Facts about a run: names and values. */
export const Facts = ({ facts }: { facts: readonly (readonly [name: string, value: ComponentChildren])[] }): VNode => (
  <dl class="facts">
    {facts.map(([name, value]) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
);

/** A page that needs nothing from anywhere: no script, no font, no picture, no network. */
export function pageText(title: string, body: ComponentChildren): string {
  const html = (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>{title}</title>
        <style dangerouslySetInnerHTML={{ __html: STYLE }} />
      </head>
      <body>
        <a class="skip" href="#main">
          To the verdict
        </a>
        <main class="page" id="main">
          {body}
        </main>
      </body>
    </html>
  );
  return `<!doctype html>\n${render(html)}\n`;
}

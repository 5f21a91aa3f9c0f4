/**
 * The look of all pages: one sheet, inside the page. Colours are variables, given twice, for light and for dark; whatever a
 * colour says is said by a word or a sign as well.
 */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #ffffff; --card: #f6f7f8; --ink: #1b1f24; --faint: #59626d; --line: #d3d8de; --link: #0b57b0;
  --good: #116329; --good-ground: #dcf3e2; --bad: #b01818; --bad-ground: #fde3e1; --odd: #7a4b00; --odd-ground: #fdf0cf;
  --task: #2d333b; --vfs: #0a6a72; --inband: #1d5bb8; --companion: #7a35a5; --nic: #2a6f1f; --bolt: #c2410c;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14171b; --card: #1d2126; --ink: #e7eaee; --faint: #a3acb7; --line: #363d46; --link: #7fb5ff;
    --good: #6fd58c; --good-ground: #12351f; --bad: #ff918a; --bad-ground: #451a1a; --odd: #f2c464; --odd-ground: #3d2f0c;
    --task: #d5dae0; --vfs: #4fc6d0; --inband: #7fb0ff; --companion: #cf9bf5; --nic: #86d178; --bolt: #ffab6b;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
.page { max-width: 76rem; margin: 0 auto; padding: 1.25rem clamp(0.75rem, 3vw, 2rem) 3rem; }
code, pre, .mono { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 0.88em; }
code { overflow-wrap: anywhere; } td code, th code { overflow-wrap: break-word; } .matrix th code { white-space: nowrap; }
ul.plain { list-style: none; padding: 0; margin: 0.3rem 0; } ul.plain li { padding: 0.1rem 0.3rem; } ul.plain .here { background: var(--odd-ground); }
a { color: var(--link); }
a:focus-visible, summary:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 0.5rem; top: 0.5rem; background: var(--ground); padding: 0.5rem; z-index: 3; }
h1 { font-size: clamp(1.2rem, 2.6vw, 1.6rem); line-height: 1.25; margin: 0.3rem 0 0.5rem; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 2.2rem 0 0.6rem; padding-top: 0.6rem; border-top: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.2rem 0 0.4rem; }
p { margin: 0.4rem 0; }
.lead { font-size: 1.08rem; max-width: 60rem; overflow-wrap: anywhere; }
.faint { color: var(--faint); }
.crumb { font-size: 0.9rem; }
.banner { border: 1px solid var(--line); border-left: 0.5rem solid var(--faint); border-radius: 0.4rem; padding: 0.8rem 1rem; background: var(--card); }
.banner.pass { border-left-color: var(--good); } .banner.fail { border-left-color: var(--bad); } .banner.inconclusive { border-left-color: var(--odd); }
.tag { display: inline-block; padding: 0 0.5em; border-radius: 0.3em; font-weight: 650; white-space: nowrap; border: 1px solid currentColor; font-size: 0.88em; }
.tag.good { color: var(--good); background: var(--good-ground); } .tag.bad { color: var(--bad); background: var(--bad-ground); }
.tag.odd { color: var(--odd); background: var(--odd-ground); } .tag.plain { color: var(--faint); background: var(--card); }
.facts { display: flex; flex-wrap: wrap; gap: 0.3rem 1.6rem; margin: 0.7rem 0 0; padding: 0; }
.facts div { display: flex; gap: 0.4rem; } .facts dt { color: var(--faint); } .facts dd { margin: 0; overflow-wrap: anywhere; }
.again { display: block; background: var(--card); border: 1px solid var(--line); border-radius: 0.4rem; padding: 0.7rem 0.9rem; margin: 0.4rem 0; white-space: pre-wrap; overflow-wrap: anywhere; user-select: all; -webkit-user-select: all; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 0.93rem; }
caption { text-align: left; color: var(--faint); padding: 0.2rem 0 0.4rem; }
th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.6rem; border-bottom: 1px solid var(--line); }
th { font-weight: 600; } thead th { border-bottom-width: 2px; white-space: nowrap; }
td.short { white-space: nowrap; } td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
tr.bad-row > * { background: var(--bad-ground); } tr.odd-row > * { background: var(--odd-ground); }
details { margin: 0.5rem 0; } summary { cursor: pointer; padding: 0.25rem 0; font-weight: 600; overflow-wrap: anywhere; }
.rule { border: 1px solid var(--line); border-left: 0.35rem solid var(--bad); border-radius: 0.4rem; padding: 0.2rem 1rem 0.8rem; margin: 0.8rem 0; }
.rule.possible { border-left-color: var(--odd); }
.formula { background: var(--card); border-radius: 0.3rem; padding: 0.5rem 0.7rem; margin: 0.4rem 0; line-height: 1.9; overflow-wrap: anywhere; }
.formula .atom { border: 1px solid var(--line); border-radius: 0.3em; padding: 0.1em 0.35em; background: var(--ground); box-decoration-break: clone; -webkit-box-decoration-break: clone; }
.formula .atom.seen { border-color: var(--bad); color: var(--bad); font-weight: 600; } .formula .word { color: var(--faint); }
blockquote { margin: 0.4rem 0; padding-left: 0.8rem; border-left: 3px solid var(--line); }
ol.events { padding-left: 2.4rem; } ol.events li { margin: 0.15rem 0; } ol.events .struck::before { content: "⚡ "; }
.both { display: grid; grid-template-columns: 1fr 1fr; gap: 0.6rem; } .both > div { border: 1px solid var(--line); border-radius: 0.4rem; padding: 0.5rem 0.8rem; }
.picture { overflow: auto; max-height: 90vh; border: 1px solid var(--line); border-radius: 0.4rem; background: var(--ground); }
.picture svg { display: block; } .lanes-head { position: sticky; top: 0; z-index: 1; background: var(--ground); border-bottom: 1px solid var(--line); }
svg text { font-family: system-ui, "Segoe UI", Roboto, sans-serif; fill: var(--ink); }
.node-name { font-size: 12px; font-weight: 700; } .node-line { stroke: var(--line); stroke-width: 2; }
.service-name { font-size: 12.5px; font-weight: 650; } svg .stage-name { font-size: 10px; fill: var(--faint); }
.of-task { --lane: var(--task); } .of-vfs { --lane: var(--vfs); } .of-inband { --lane: var(--inband); }
.of-companion { --lane: var(--companion); } .of-nic { --lane: var(--nic); } .service { --own: var(--lane, var(--faint)); }
svg .service .service-name { fill: var(--own); }
.service-ground { fill: none; stroke: var(--line); stroke-width: 0.6; } .oob-ground { fill: var(--own); opacity: 0.07; }
.life { stroke: var(--own); stroke-width: 1.4; opacity: 0.75; } .life.oob { stroke-dasharray: 5 4; } .life.unused { opacity: 0.3; }
.mark .arrow { fill: none; stroke: var(--ink); stroke-width: 1.3; } .mark.return .arrow { stroke-dasharray: 4 3; stroke: var(--faint); }
.mark.bad .arrow { stroke: var(--bad); } .mark .dot { fill: var(--ink); } .mark.fact .dot { fill: var(--lane, var(--ink)); stroke: var(--ground); stroke-width: 1; }
.mark .cross { fill: none; stroke: var(--bad); stroke-width: 2; }
.head-full { fill: var(--ink); } .head-open { fill: none; stroke: var(--faint); stroke-width: 1.6; } .head-broken { fill: var(--bad); }
.bolt path { fill: var(--bolt); stroke: var(--ground); stroke-width: 1.4; } svg .bolt-text { fill: var(--bolt); }
svg .label { paint-order: stroke; stroke: var(--ground); stroke-width: 3.5px; stroke-linejoin: round; font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
svg .label.answer { fill: var(--faint); } svg .label.bad { fill: var(--bad); } svg .label.blow { fill: var(--bolt); font-weight: 700; }
.broken path { fill: none; stroke: var(--bad); stroke-width: 2.4; stroke-dasharray: 7 5; } .broken circle { fill: none; stroke: var(--bad); stroke-width: 2; }
svg .broken text { fill: var(--bad); font-weight: 700; paint-order: stroke; stroke: var(--ground); stroke-width: 4px; }
.fold rect { fill: var(--card); stroke: var(--line); stroke-dasharray: 3 3; } svg .fold text { fill: var(--link); text-decoration: underline; }
.legend { display: flex; flex-wrap: wrap; gap: 0.2rem 1.2rem; font-size: 0.88rem; color: var(--faint); padding: 0; margin: 0.4rem 0; list-style: none; }
.cells a, .cells span { display: inline-block; margin: 0.1rem 0.3rem 0.1rem 0; }
.bar { display: flex; height: 0.7rem; border-radius: 0.35rem; overflow: hidden; margin: 0.6rem 0; background: var(--line); }
.bar .good { background: var(--good); } .bar .bad { background: var(--bad); } .bar .odd { background: var(--odd); }
svg.histogram { display: block; margin: 0.5rem 0 1rem; } .histogram text { font-size: 12px; font-variant-numeric: tabular-nums; }
svg.histogram .count, svg.histogram .gap { fill: var(--faint); } .histogram .axis { stroke: var(--faint); }
.histogram .ran { fill: var(--good); } .histogram .still { fill: var(--odd-ground); stroke: var(--odd); stroke-width: 1.5; stroke-dasharray: 3 2; }
footer { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: 0.6rem; color: var(--faint); font-size: 0.88rem; }
@media (max-width: 40rem) {
  body { font-size: 14px; } .both { grid-template-columns: 1fr; } h2 { margin-top: 1.6rem; } .facts { gap: 0.15rem 1rem; }
  table.stack, table.stack tbody, table.stack caption { display: block; }
  table.stack thead { position: absolute; left: -100rem; } table.stack tr { display: block; border-bottom: 2px solid var(--line); padding: 0.3rem 0; }
  table.stack td, table.stack th { display: flex; gap: 0.6rem; border: 0; padding: 0.15rem 0.3rem; text-align: left; overflow-wrap: anywhere; }
  table.stack td > *, table.stack th > * { min-width: 0; }
  table.stack td[data-head]::before, table.stack th[data-head]::before { content: attr(data-head); flex: 0 0 6.5rem; color: var(--faint); font-weight: 400; }
}
@media print {
  :root { --ground: #fff; --card: #fff; --ink: #000; --faint: #444; --line: #999; }
  body { font-size: 10pt; } .picture { max-height: none; overflow: visible; } .lanes-head { position: static; }
  .skip, .crumb { display: none; } .rule, tr { break-inside: avoid; } h2 { break-after: avoid; } a { color: inherit; }
}
`;

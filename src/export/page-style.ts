// How a page looks: one style sheet for light, dark and paper. It fetches nothing: no address stands in it.

import { filterRules } from './page-timeline.ts';

const COLOURS = `
:root { color-scheme: light dark; --ink: #1c2128; --dim: #59636e; --paper: #ffffff; --card: #f6f8fa; --line: #d1d9e0; --critical: #b42318; --warning: #8a5a00; --good: #1a7f37; --one: #0969da; --two: #8250df; --bar: #4ac26b; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --dim: #9aa5b1; --paper: #0d1117; --card: #161b22; --line: #30363d; --critical: #ff7b72; --warning: #e3b341; --good: #56d364; --one: #58a6ff; --two: #bc8cff; --bar: #2ea043; } }
@media print { :root { color-scheme: light; --ink: #000; --dim: #444; --paper: #fff; --card: #fff; --line: #bbb; --critical: #b42318; --warning: #8a5a00; --good: #1a7f37; --one: #0969da; --two: #8250df; --bar: #4ac26b; } }
`;

const TEXT = `
* { box-sizing: border-box; }
body { font: 14px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 0 auto; max-width: 1100px; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0; letter-spacing: 0.02em; } h2 { font-size: 1.15rem; margin: 2.2rem 0 0.6rem; } h3 { font-size: 1rem; margin: 0; } h4 { font-size: 0.85rem; margin: 0.8rem 0 0.1rem; color: var(--dim); }
p { margin: 0.3rem 0; overflow-wrap: anywhere; } ul, ol { margin: 0.2rem 0; padding-left: 1.4rem; } li { overflow-wrap: anywhere; } a { color: var(--one); }
h3 .dim { font-weight: normal; font-size: 0.85rem; } .title { font-size: 1.05rem; }
.critical { color: var(--critical); } .warning { color: var(--warning); } .good { color: var(--good); } .dim { color: var(--dim); } .info { color: var(--one); }
pre, time, dd, i, .proofs a { font: 12.5px/1.5 ui-monospace, "Liberation Mono", monospace; }
table { border-collapse: collapse; } td { vertical-align: top; padding: 0.1rem 0.8rem 0.1rem 0; overflow-wrap: anywhere; }
`;

const PARTS = `
.verdict { background: var(--card); border: 1px solid var(--line); border-left: 6px solid; border-radius: 6px; padding: 0.8rem 1.1rem; }
.verdict > p { color: var(--ink); } .verdict > .dim { color: var(--dim); margin-top: 0; }
.badge { border: 1px solid var(--warning); color: var(--warning); border-radius: 4px; padding: 0 0.4rem; margin-left: 0.5rem; font-weight: 600; }
dl { display: grid; align-items: baseline; grid-template-columns: max-content 1fr; gap: 0.15rem 1.2rem; margin: 1rem 0; } dt { color: var(--dim); } dd { margin: 0; overflow-wrap: anywhere; }
.card { background: var(--card); color: var(--ink); border: 1px solid var(--line); border-left: 4px solid var(--line); border-radius: 6px; padding: 0.8rem 1.1rem; margin: 0.8rem 0; }
.card.critical { border-left-color: var(--critical); } .card.warning { border-left-color: var(--warning); }
figure { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: 0.6rem 0.8rem 0.3rem; min-width: 0; } figure.wide { margin-bottom: 0.8rem; overflow-x: auto; } .wide svg { min-width: 720px; }
figcaption { display: flex; flex-wrap: wrap; gap: 0.2rem 1rem; margin-bottom: 0.3rem; } .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 440px), 1fr)); gap: 0.8rem; }
.key::before { content: ""; display: inline-block; width: 14px; height: 3px; margin-right: 5px; vertical-align: middle; background: currentColor; } .key.n0 { color: var(--one); } .key.n1 { color: var(--two); }
svg { display: block; width: 100%; height: auto; } svg text { font: 11px system-ui, sans-serif; fill: var(--dim); } .up { text-anchor: end; } .along { text-anchor: middle; }
path { fill: none; } .grid { stroke: var(--line); stroke-width: 1; } .line { stroke-width: 1.6; stroke-linejoin: round; } .dots { stroke-width: 4.5; stroke-linecap: round; } path.n0 { stroke: var(--one); } path.n1 { stroke: var(--two); }
.mark { stroke-width: 1.2; stroke-dasharray: 3 3; } .mark.critical { stroke: var(--critical); } .mark.warning { stroke: var(--warning); } .moment { stroke: var(--critical); stroke-width: 1.6; }
rect.open { fill: var(--bar); } rect.critical { fill: var(--critical); } rect.warning { fill: var(--warning); } rect.info { fill: var(--dim); }
`;

const ROWS = `
fieldset { border: 0; margin: 0.6rem 0; padding: 0; display: flex; flex-wrap: wrap; gap: 0.4rem; align-items: center; } legend { float: left; margin-right: 0.3rem; }
fieldset span { display: inline-block; border: 1px solid var(--line); border-radius: 999px; padding: 0.1rem 0.7rem; cursor: pointer; } input { position: absolute; opacity: 0; } input:checked + span { background: var(--one); border-color: var(--one); color: var(--paper); } input:focus-visible + span { outline: 2px solid var(--two); outline-offset: 2px; }
.rows { border-top: 1px solid var(--line); } .row { border-bottom: 1px solid var(--line); } .day { padding: 0.5rem 0 0.2rem; font-size: 0.9rem; }
.row > p, summary { display: grid; grid-template-columns: 1rem 6.8rem 4.2rem 1fr max-content; gap: 0 0.6rem; align-items: baseline; padding: 0.15rem 0; margin: 0; } summary { cursor: pointer; list-style: none; } summary::-webkit-details-marker { display: none; }
.row > p::before { content: ""; } summary::before { content: "▸"; color: var(--dim); } details[open] > summary::before { content: "▾"; } summary:hover { background: var(--card); }
summary > span, .row > p > span { overflow-wrap: anywhere; min-width: 0; } .who { font-weight: 600; } time, i { color: var(--dim); font-style: normal; } .gap { color: var(--dim); text-align: center; margin: 0; padding: 0.15rem; font-size: 0.85rem; } .proof { background: var(--card); }
pre { background: var(--card); border: 1px solid var(--line); border-radius: 4px; padding: 0.5rem 0.7rem; margin: 0.2rem 0 0.6rem 1.6rem; white-space: pre-wrap; overflow-wrap: anywhere; max-height: 28rem; overflow: auto; } pre:target { border-color: var(--one); }
@media (max-width: 640px) { summary, .row > p { grid-template-columns: 1rem 6.8rem 1fr max-content; } summary > .who + span, .row > p > .who + span { grid-column: 2 / -1; } dl { grid-template-columns: 1fr; } dt { margin-top: 0.4rem; } }
@media print { body { max-width: none; padding: 0; font-size: 11px; } pre, time, dd, i, .proofs a { font-size: 10px; } .title { font-size: 13px; } .wide svg { min-width: 0; } fieldset, .gap { display: none; } .wire:not(.proof) { display: none; } .card, figure, .row { break-inside: avoid; } h2, h3 { break-after: avoid; } .charts { grid-template-columns: 1fr 1fr; } pre { max-height: none; } a { color: inherit; text-decoration: none; } }
`;

/** The whole style sheet. */
export const STYLE = `${COLOURS}${TEXT}${PARTS}${ROWS}${filterRules()}\n`;

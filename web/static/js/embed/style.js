// @ts-check
// The style sheet. The page's style does not apply inside, except the variables --quote-cast-… and ::part.

const STYLE = `
:host { all: initial; display: block; color-scheme: inherit; }
:host([hidden]) { display: none; }
/* A container has no width of its own: where it is as wide as its content, in a dialog or beside a text, it has this space between
   two points, or what there is. */
:host::before { content: ". ."; display: block; height: 0; overflow: hidden; visibility: hidden; font-size: 15px; word-spacing: 40em; }
:host([theme="light"]) { color-scheme: light; }
:host([theme="dark"]) { color-scheme: dark; }
:host([theme="auto"]) { color-scheme: light dark; }
.frame {
  all: initial; color-scheme: inherit; display: block; container-type: inline-size; box-sizing: border-box;
  --paper: var(--quote-cast-paper, light-dark(#fbfaf7, #16171a)); --ink: var(--quote-cast-ink, light-dark(#1c1b19, #ece9e2));
  --muted: var(--quote-cast-muted, light-dark(#5e5a52, #a8a49a)); --rule: var(--quote-cast-rule, light-dark(#ddd8ce, #34353a));
  --accent: var(--quote-cast-accent, light-dark(#b3401f, #ff9466)); --on-accent: var(--quote-cast-on-accent, light-dark(#ffffff, #1c1b19));
  --lit: var(--quote-cast-lit, light-dark(#ffe9a8, #5c4a12)); --warn: light-dark(#8a5a00, #f0b84a);
  --sans: var(--quote-cast-font, system-ui, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif);
  --serif: var(--quote-cast-text-font, ui-serif, Charter, "Iowan Old Style", "Source Serif Pro", Georgia, serif);
  padding: var(--quote-cast-padding, 16px); border: 1px solid var(--rule); border-radius: var(--quote-cast-radius, 8px);
  background: var(--paper); color: var(--ink); font: 15px/1.5 var(--sans); font-variant-numeric: tabular-nums; overflow-wrap: anywhere;
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
p, ol, blockquote { margin: 0; padding: 0; }
.show, .review-status, .status, .stamp, .time { color: var(--muted); }
.show, .review-status, .status { font-size: 13px; }
.title { font: 600 24px/1.25 var(--serif); text-wrap: balance; }
.title, blockquote { hyphens: auto; hyphenate-limit-chars: 18 6 6; -webkit-hyphenate-limit-before: 6; -webkit-hyphenate-limit-after: 6; }
.chapter-title { font: 19px/1.4 var(--serif); }
a { color: var(--accent); text-underline-offset: 3px; }
.title a { color: inherit; text-decoration-color: var(--rule); }
.title a, .from a, .bar a { display: inline-flex; align-items: center; min-height: 44px; }
button, select, summary, input { font: inherit; color: inherit; }
button, select, summary { min-width: 44px; min-height: 44px; cursor: pointer; }
button, select { margin: 0; padding: 0 8px; border: 1px solid transparent; border-radius: 6px; background: none; }
button:hover, select:hover, summary:hover { border-color: var(--rule); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.controls { display: flex; align-items: center; gap: 4px 12px; margin-block: 8px; direction: ltr; }
.play { flex: none; display: grid; place-items: center; width: 44px; padding: 0; border-radius: 50%; background: var(--accent); color: var(--on-accent); }
.play::before { content: ""; width: 24px; height: 24px; background: currentColor; clip-path: polygon(33% 21%, 79% 50%, 33% 79%); }
.playing .play::before { clip-path: polygon(29% 21%, 46% 21%, 46% 79%, 54% 79%, 54% 21%, 71% 21%, 71% 79%, 29% 79%); }
.time { flex: none; white-space: nowrap; }
.seek { flex: 1; min-width: 0; height: 44px; margin: 0; appearance: none; background: none; cursor: pointer; border-radius: 4px; }
.seek::-webkit-slider-runnable-track { height: 4px; border-radius: 2px; background: linear-gradient(to right, var(--accent) var(--played, 0%), var(--rule) 0); }
.seek::-moz-range-track { height: 4px; border-radius: 2px; background: linear-gradient(to right, var(--accent) var(--played, 0%), var(--rule) 0); }
.seek::-webkit-slider-thumb { appearance: none; width: 16px; height: 16px; margin-top: -6px; border: 0; border-radius: 50%; background: var(--accent); }
.seek::-moz-range-thumb { width: 16px; height: 16px; border: 0; border-radius: 50%; background: var(--accent); }
.bar { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 12px; }
.bar button { border-color: var(--rule); }
.toggle::before { content: "▾\\fe0e"; display: inline-block; width: 1.2em; }
.closed .toggle::before { content: "▸\\fe0e"; }
.closed[dir="rtl"] .toggle::before { content: "◂\\fe0e"; }
summary { display: list-item; padding-block: 10px; }
.status { margin-block: 8px; }
.status:empty { display: none; }
.status input { width: 100%; min-height: 44px; border: 1px solid var(--rule); border-radius: 6px; padding: 0 8px; background: none; }
.chapters { margin-block: 8px 0; padding: 0; list-style: none; columns: 18em; }
.chapters button { display: grid; grid-template-columns: auto 1fr; gap: 8px; align-items: baseline; width: 100%; padding-block: 10px; text-align: start; break-inside: avoid; }
.chapters .stamp { min-width: 3.5em; }
.chapters [aria-current="true"] { font-weight: 600; }
.chapters [aria-current="true"] .stamp { color: var(--accent); }
.transcript {
  position: relative; max-height: var(--quote-cast-height, 24rem); overflow: auto; margin-block: 12px; border-block: 1px solid var(--rule);
  padding: 4px 8px 12px; font: var(--quote-cast-text-size, 19px)/1.6 var(--serif); scrollbar-color: var(--muted) transparent;
}
.transcript > *, blockquote { max-width: 66ch; }
.closed .transcript { max-height: 5.2em; overflow: hidden; } /* as much as a caption */
.quote .transcript { max-height: none; overflow: visible; border: 0; padding: 0; margin-block: 8px; }
.quote .paragraph { font-size: 1.2em; line-height: 1.45; text-wrap: pretty; }
.quote .show { margin-block-start: 16px; }
.quote .from { margin-block: 4px 0; }
.quote .from a { min-height: 0; padding-block: 12px; margin-block: -12px; }
.quote .turn:first-child { margin-block-start: 0; }
.turn { display: flex; align-items: center; gap: 8px; margin-block-start: 12px; font: 15px/1.5 var(--sans); }
.name { color: var(--speaker, inherit); font-weight: 600; }
.paragraph { padding-inline-start: 12px; border-inline-start: 3px solid var(--speaker, transparent); }
.paragraph + .paragraph { padding-block-start: 8px; }
.heading { font: 600 1.1em/1.35 var(--sans); margin-block: 24px 4px; }
.note, .stage, .unsaid { color: var(--muted); font-style: italic; padding-block: 4px; }
.unsaid::after { content: " [" attr(data-why) "]"; font: 13px/1 var(--sans); }
.missing { display: flex; align-items: center; gap: 8px; margin-block: 8px; border-block: 1px dashed var(--rule); font: 15px/1.5 var(--sans); color: var(--muted); }
.stamp { flex: none; white-space: nowrap; font: 13px/1.5 var(--sans); font-variant-numeric: tabular-nums; }
.word { cursor: pointer; border-radius: 4px; }
.word:hover { text-decoration: underline; text-decoration-color: var(--rule); text-underline-offset: 4px; }
.lit { background: var(--lit); box-shadow: 0 0 0 2px var(--lit); }
.review-status { margin-block-start: 8px; }
.poor { color: var(--warn); }
.poor::before { content: "⚠\\fe0e\\00a0"; }
.c0 { --speaker: light-dark(#1f5f8b, #7cc0f0); } .c1 { --speaker: light-dark(#8a3b12, #f3a37a); }
.c2 { --speaker: light-dark(#2f6b3c, #8fd3a0); } .c3 { --speaker: light-dark(#6b3e99, #c7a6f2); }
.c4 { --speaker: light-dark(#8c2f5d, #f19bc2); } .c5 { --speaker: light-dark(#4a5a12, #c3d16b); }
.c6 { --speaker: light-dark(#0b6a6a, #6fd6d1); } .c7 { --speaker: light-dark(#7a4a00, #e8be6a); }
@container (max-width: 479px) {
  .controls { flex-wrap: wrap; }
  .seek { order: -1; flex: 1 0 100%; }
  .time { flex: 1; }
  .title { font-size: 19px; }
  .transcript { font-size: var(--quote-cast-text-size, 17px); }
}
@media (prefers-reduced-motion: no-preference) { .lit { transition: background-color 120ms; } }
@media (forced-colors: active) {
  .seek { appearance: auto; }
  .play { forced-color-adjust: none; background: ButtonText; color: ButtonFace; }
  .lit { forced-color-adjust: none; background: Highlight; color: HighlightText; box-shadow: none; }
}
@media print { /* on paper, whatever the theme and the page's colours */
  :host { color-scheme: light !important; }
  .frame {
    --ink: #000; --muted: #444; --rule: #999; --accent: #000; --warn: #000; border: 0; padding: 0; color: var(--ink); background: none;
  }
  .controls, .bar, .status, details { display: none !important; }
  .frame .transcript { max-height: none; overflow: visible; border: 0; }
  .lit { background: none; box-shadow: none; }
}
`;

/** @param {ShadowRoot} root gets a constructed sheet, which no policy for inline style forbids */
export function dress(root) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [sheet];
}

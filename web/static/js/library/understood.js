// @ts-check
// The transcript as the server understood it, and the names of its speakers; on a page that has a use for it, what is
// to be understood otherwise: which labels name speakers, and what a passage is of which that is in doubt.

import { all, copyOf, one } from "../ui/elements.js";
import { shortened } from "../ui/shortening.js";
import { t } from "../ui/strings.js";

const COLOURS = 8;
const LONGEST = 60; // characters of a passage in the name of its choice
const SILENT = ["heading", "note", "stage"]; // kinds that nobody says

/**
 * @typedef {{labels: Record<string, boolean>, kinds: Record<string, string>}} Told
 * @typedef {(change: (told: Told) => Told) => void} Tell
 */

/**
 * Shows `preview` in the `understood` section; speakers get an input each in the `speakers` fieldset.
 * @param {TranscriptPreview} preview
 * @param {HTMLElement} section
 * @param {HTMLElement | null} speakers
 * @param {Tell | null} [tell] hears what is to be understood otherwise
 */
export function showUnderstood(preview, section, speakers, tell = null) {
  const labels = preview.speakers.map(([label]) => label);
  section.hidden = false;
  one(section, ".tally").textContent = tallyOf(preview);
  const passages = one(section, ".passages"), { scrollTop } = passages;
  const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.told : undefined;
  passages.lang = preview.language ?? "";
  passages.replaceChildren(...preview.passages.map((passage) => paragraph(passage, labels, tell && kindOf(passage, tell))));
  passages.scrollTop = scrollTop;
  if (tell) showLabels(preview, one(section, ".labels"), tell);
  if (focused) all(section, "[data-told]").find(({ dataset }) => dataset.told === focused)?.focus({ preventScroll: true });
  const lost = one(section, ".lost");
  lost.hidden = !preview.lost;
  lost.textContent = preview.lost === 1 ? t("understood.lost.one") : t("understood.lost", { n: preview.lost });
  const left = one(section, ".left");
  left.hidden = !preview.left;
  left.textContent = t("understood.left", { n: preview.left });
  if (speakers) showSpeakers(labels, speakers, passages);
}

/**
 * How much was understood, in one sentence.
 * @param {Pick<TranscriptPreview, "speakers" | "words" | "counts">} preview
 */
export function tallyOf(preview) {
  const n = preview.speakers.length;
  const speakers = n === 0 ? t("understood.nobody") : t(n === 1 ? "understood.speaker" : "understood.speakers", { n });
  const words = preview.words.toLocaleString(document.documentElement.lang);
  const silent = SILENT.some((kind) => preview.counts[kind]);
  return t(silent ? "understood.silent" : "understood.tally", { words, speakers });
}

/**
 * What a person told so far, as the server has it.
 * @param {TranscriptPreview} preview
 * @returns {Told}
 */
export function toldOf({ labels, kinds }) {
  return { labels: Object.fromEntries(labels.map(([label, speaks]) => [label, speaks])), kinds };
}

/**
 * Whether labels name speakers: each is to be ticked, or not.
 * @param {TranscriptPreview} preview
 * @param {HTMLElement} fieldset
 * @param {Tell} tell
 */
function showLabels(preview, fieldset, tell) {
  fieldset.hidden = preview.labels.length === 0;
  one(fieldset, ".ticks").replaceChildren(...preview.labels.map(([label, speaks, count]) => {
    const tick = document.createElement("label"), box = tick.appendChild(document.createElement("input"));
    const name = tick.appendChild(document.createElement("bdi"));
    tick.className = "check";
    Object.assign(box, { type: "checkbox", checked: speaks });
    box.dataset.told = `label ${label}`;
    name.textContent = label;
    tick.append(` (${count})`);
    box.addEventListener("change", () => {
      const { checked } = box;
      tell((told) => ({ ...told, labels: { ...told.labels, [label]: checked } }));
    });
    return tick;
  }));
}

/**
 * What a passage is, to be chosen where that is in doubt.
 * @param {Passage} passage
 * @param {Tell} tell
 */
function kindOf({ kind, doubtful, start, runs }, tell) {
  if (!doubtful) return null;
  const choice = document.createElement("select");
  const kinds = ["speech", ...SILENT];
  choice.append(...kinds.map((each) => Object.assign(document.createElement("option"), { value: each, textContent: t(`kind.${each}`) })));
  choice.value = kind;
  choice.className = "kind";
  choice.lang = document.documentElement.lang;
  choice.dataset.told = `kind ${start}`;
  choice.setAttribute("aria-label", t("understood.kind", { text: shortened(runs.map(({ text }) => text).join(""), (beginning) => beginning.length <= LONGEST) }));
  choice.addEventListener("change", () => {
    const { value } = choice;
    tell((told) => ({ ...told, kinds: { ...told.kinds, [start]: value } }));
  });
  return choice;
}

/**
 * @param {Passage} passage
 * @param {string[]} labels
 * @param {HTMLElement | null} choice of what it is
 */
function paragraph(passage, labels, choice) {
  const element = document.createElement("div");
  element.className = `passage ${passage.kind}`;
  if (passage.speaker) {
    element.classList.add(`c${labels.indexOf(passage.speaker) % COLOURS}`);
    const who = element.appendChild(document.createElement("p"));
    who.className = "speaker";
    who.dataset.label = who.textContent = passage.speaker;
  } else if (passage.kind !== "speech" && !choice) {
    element.appendChild(tag(passage.kind));
  }
  if (choice) element.append(choice);
  const text = element.appendChild(document.createElement("p"));
  for (const run of passage.runs) {
    const part = text.appendChild(document.createElement("span"));
    part.textContent = run.text;
    if (run.kind !== passage.kind) {
      part.className = run.kind;
      part.title = t(`kind.${run.kind}`);
    }
  }
  return element;
}

/** @param {string} kind */
function tag(kind) {
  const element = document.createElement("p");
  element.className = "kind";
  element.lang = document.documentElement.lang;
  element.textContent = t(`kind.${kind}`);
  return element;
}

/**
 * @param {string[]} labels
 * @param {HTMLElement} fieldset
 * @param {HTMLElement} passages
 */
function showSpeakers(labels, fieldset, passages) {
  const template = one(fieldset, "template", HTMLTemplateElement);
  const kept = namesIn(fieldset);
  fieldset.hidden = labels.length === 0;
  one(fieldset, ".names").replaceChildren(
    ...labels.map((label, k) => {
      const row = copyOf(template);
      const input = one(row, "input", HTMLInputElement);
      row.classList.add(`c${k % COLOURS}`);
      input.id = `speaker-${k}`;
      input.dataset.label = label;
      input.value = kept[label] ?? label;
      input.addEventListener("input", () => rename(passages, label, input.value));
      one(row, "label", HTMLLabelElement).htmlFor = input.id;
      one(row, "label").textContent = label;
      rename(passages, label, input.value);
      return row;
    }),
  );
}

/**
 * @param {HTMLElement} passages
 * @param {string} label
 * @param {string} name
 */
function rename(passages, label, name) {
  for (const who of all(passages, ".speaker")) if (who.dataset.label === label) who.textContent = name.trim() || label;
}

/**
 * The names to show, by label.
 * @param {HTMLElement} fieldset
 * @returns {Record<string, string>}
 */
export function namesIn(fieldset) {
  /** @type {NodeListOf<HTMLInputElement>} */
  const inputs = fieldset.querySelectorAll("input[data-label]");
  return Object.fromEntries([...inputs].map((input) => [input.dataset.label, input.value]));
}

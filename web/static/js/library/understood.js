// @ts-check
// The transcript as the server understood it, and the names of its speakers.

import { all, copyOf, one } from "../ui/elements.js";
import { t } from "../ui/strings.js";

const COLOURS = 8;
const SILENT = ["heading", "note", "stage"]; // kinds that nobody says

/**
 * Shows `preview` in the `understood` section; speakers get an input each in the `speakers` fieldset.
 * @param {TranscriptPreview} preview
 * @param {HTMLElement} section
 * @param {HTMLElement | null} speakers
 */
export function showUnderstood(preview, section, speakers) {
  const labels = preview.speakers.map(([label]) => label);
  section.hidden = false;
  one(section, ".tally").textContent = tallyOf(preview);
  const passages = one(section, ".passages");
  passages.lang = preview.language ?? "";
  passages.replaceChildren(...preview.passages.map((passage) => paragraph(passage, labels)));
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
 * @param {Passage} passage
 * @param {string[]} labels
 */
function paragraph(passage, labels) {
  const element = document.createElement("div");
  element.className = `passage ${passage.kind}`;
  if (passage.speaker) {
    element.classList.add(`c${labels.indexOf(passage.speaker) % COLOURS}`);
    const who = element.appendChild(document.createElement("p"));
    who.className = "speaker";
    who.dataset.label = who.textContent = passage.speaker;
  } else if (passage.kind !== "speech") {
    element.appendChild(tag(passage.kind));
  }
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

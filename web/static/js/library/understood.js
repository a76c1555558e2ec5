// The transcript as the server understood it, and the names of its speakers.

import { t } from "../ui/strings.js";

const COLOURS = 8;

// Shows `preview` in the `understood` section; speakers get an input each in the `speakers` fieldset.
export function showUnderstood(preview, section, speakers) {
  const labels = preview.speakers.map(([label]) => label);
  section.hidden = false;
  section.querySelector(".tally").textContent = tally(preview);
  const passages = section.querySelector(".passages");
  passages.lang = preview.language ?? "";
  passages.replaceChildren(...preview.passages.map((passage) => paragraph(passage, labels)));
  const left = section.querySelector(".left");
  left.hidden = !preview.left;
  left.textContent = t("understood.left", { n: preview.left });
  if (speakers) showSpeakers(preview.speakers, speakers, passages);
}

function tally(preview) {
  const n = preview.speakers.length;
  const speakers = n === 0 ? t("understood.nobody") : t(n === 1 ? "understood.speaker" : "understood.speakers", { n });
  const words = preview.words.toLocaleString(document.documentElement.lang);
  const silent = ["heading", "note", "stage"].some((kind) => preview.counts[kind]);
  return t(silent ? "understood.silent" : "understood.tally", { words, speakers });
}

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

function tag(kind) {
  const element = document.createElement("p");
  element.className = "kind";
  element.lang = document.documentElement.lang;
  element.textContent = t(`kind.${kind}`);
  return element;
}

function showSpeakers(found, fieldset, passages) {
  const template = fieldset.querySelector("template");
  const kept = namesIn(fieldset);
  fieldset.hidden = found.length === 0;
  fieldset.querySelector(".names").replaceChildren(
    ...found.map(([label], k) => {
      const row = template.content.firstElementChild.cloneNode(true);
      const input = row.querySelector("input");
      row.classList.add(`c${k % COLOURS}`);
      input.id = `speaker-${k}`;
      input.dataset.label = label;
      input.value = kept[label] ?? label;
      input.addEventListener("input", () => rename(passages, label, input.value));
      row.querySelector("label").htmlFor = input.id;
      row.querySelector("label").textContent = label;
      rename(passages, label, input.value);
      return row;
    }),
  );
}

function rename(passages, label, name) {
  for (const who of passages.querySelectorAll(".speaker")) {
    if (who.dataset.label === label) who.textContent = name.trim() || label;
  }
}

// The names to show, by label.
export function namesIn(fieldset) {
  const inputs = [...fieldset.querySelectorAll("input[data-label]")];
  return Object.fromEntries(inputs.map((input) => [input.dataset.label, input.value]));
}

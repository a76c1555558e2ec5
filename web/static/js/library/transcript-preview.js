// @ts-check
// How the server read the transcript: the preview, the reader's corrections of it, and the names of the speakers.

import { get, send } from "../ui/api.js";
import { all, byId, one, rendered } from "../ui/elements.js";
import { replace } from "../ui/refreshing.js";
import { showError } from "../ui/strings.js";
import { suggest, suggestTitle } from "./fields.js";

/** @typedef {import("./upload.js").Uploads} Uploads */

/**
 * Show the preview of an uploaded transcript; returns whether it could be read; else its slot shows the error.
 * @param {Uploads} uploads
 * @param {import("./slots.js").Slot} slot
 */
export async function previewTranscript(uploads, slot) {
  try {
    show(await get(`/api/incoming/${await uploads.token()}/preview`));
    return true;
  } catch (error) {
    slot.fail(error);
    return false;
  }
}

/**
 * Let the reader correct speakers and kinds of passages, one request at a time, and name the speakers.
 * @param {Uploads} uploads
 */
export function useTranscriptPreview(uploads) {
  const main = byId("main");
  let last = Promise.resolve();
  main.addEventListener("change", ({ target }) => {
    if (!(target instanceof HTMLElement) || !target.closest("#transcript-preview")) return;
    if (target.dataset.start) target.dataset.chosen = "";
    const labels = all(main, "#transcript-preview [data-label]:is(input)").map((each) => [each.dataset.label, /** @type {HTMLInputElement} */ (each).checked]);
    const kinds = all(main, "#transcript-preview [data-chosen]").map((each) => [each.dataset.start, /** @type {HTMLSelectElement} */ (each).value]);
    const chosen = { labels: Object.fromEntries(labels), kinds: Object.fromEntries(kinds) };
    last = last.then(async () => {
      const url = `/api/incoming/${await uploads.token()}/structure`;
      await send("POST", url, chosen).then(show, (error) => showError(one(byId("transcript-preview"), ".problem"), error));
    });
  });
  main.addEventListener("input", nameSpeakers);
}

/** @param {TranscriptPreview} preview */
function show(preview) {
  const old = byId("transcript-preview"), top = old.querySelector(".passages")?.scrollTop ?? 0;
  const fresh = /** @type {HTMLElement} */ (old.cloneNode(false));
  fresh.hidden = false;
  fresh.append(...rendered(preview.html));
  replace(old, fresh);
  one(fresh, ".passages").scrollTop = top;
  const names = document.querySelector("#adding .speakers"); // the page of details has fields for the present transcript
  if (!names) return;
  const typed = namesIn(names), rows = one(names, ".names");
  rows.replaceChildren(...rendered(preview.names));
  for (const input of inputsOf(names)) input.value = typed[input.dataset.label ?? ""] ?? input.value;
  /** @type {HTMLElement} */ (names).hidden = !rows.children.length;
  nameSpeakers();
  const { language, title, show: podcast, headline } = preview;
  suggest({ language, title, show: podcast });
  if (!title && headline) suggestTitle(headline, 2);
}

/** Show the typed names in the preview. */
function nameSpeakers() {
  const names = namesIn(document.querySelector("#adding .speakers") ?? document.createElement("p"));
  for (const who of all(document, "#transcript-preview .speaker")) {
    const label = who.dataset.label ?? "";
    who.textContent = names[label]?.trim() || label;
  }
}

/** @param {ParentNode} fieldset */
const inputsOf = (fieldset) => /** @type {NodeListOf<HTMLInputElement>} */ (fieldset.querySelectorAll("input[data-label]"));

/**
 * Return the names to show, by label.
 * @param {ParentNode} fieldset
 * @returns {Record<string, string>}
 */
export function namesIn(fieldset) {
  return Object.fromEntries([...inputsOf(fieldset)].map((input) => [input.dataset.label, input.value]));
}

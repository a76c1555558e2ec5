// @ts-check
// The form of a new episode: uploads files as they are chosen, shows how the transcript was read, and starts the alignment.

import { send } from "../ui/api.js";
import { byId, detailOf, one } from "../ui/elements.js";
import { ReaderError, announce, t } from "../ui/strings.js";
import { showFormError, clearErrors, suggest, suggestTitle, useFields, valuesOf } from "./fields.js";
import { distribute, slotsOf } from "./slots.js";
import { namesIn, previewTranscript, useTranscriptPreview } from "./transcript-preview.js";
import { Uploads } from "./upload.js";

/**
 * Connect the form; return a function that takes dropped files.
 * @param {HTMLFormElement} form
 */
export function useAdding(form) {
  const uploads = new Uploads(), slots = slotsOf(form, uploads), { audio, transcript } = slots;
  const problem = byId("form-problem"), button = byId("begin", HTMLButtonElement), draft = byId("draft", HTMLInputElement);
  useFields(form);
  useTranscriptPreview(uploads);
  audio.addEventListener("arrived", (event) => {
    /** @type {Received} */
    const { name, title, show, date } = detailOf(event);
    suggest({ title, show, date });
    if (!title) suggestTitle(name.replace(/\.[^.]+$/, "").replace(/[_-]+/g, " "), 1);
  });
  for (const slot of Object.values(slots)) {
    slot.addEventListener("changed", () => {
      form.dataset.unsaved = "";
      if (slot.state !== "there") clearErrors(form, problem); // the reader is correcting the error
    });
  }
  transcript.addEventListener("changed", () => { byId("transcript-preview").hidden = true; });
  transcript.addEventListener("arrived", () => previewTranscript(uploads, transcript));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    clearErrors(form, problem);
    button.disabled = true;
    try {
      await arrived(slots, draft.checked);
      const body = { fields: valuesOf(form), names: namesIn(one(form, ".speakers")), draft: draft.checked };
      const { id } = await send("POST", `/api/incoming/${await uploads.token()}/create`, body);
      delete form.dataset.unsaved;
      location.assign(`/episodes/${id}`);
    } catch (error) {
      showFormError(form, problem, error);
    } finally {
      button.disabled = false;
    }
  });
  /** @param {File[]} files */
  return (files) => {
    for (const { name } of distribute(files, slots)) showFormError(form, problem, new ReaderError(t("add.unknown", { name })));
  };
}

/**
 * Wait for the uploads; throw an error if one is refused or missing.
 * @param {Record<string, import("./slots.js").Slot>} slots
 * @param {boolean} draft whether the transcript may be missing
 */
async function arrived(slots, draft) {
  const every = Object.values(slots);
  if (every.some((slot) => slot.state === "sending")) announce(t("add.busy"));
  await Promise.all(every.map((slot) => slot.sent));
  const bad = every.find((slot) => slot.state === "bad");
  if (bad) throw new ReaderError(bad.problem);
  const isText = slots.transcript.state === "there" || draft;
  if (slots.audio.state !== "there" || !isText) throw new ReaderError(t("add.missing"));
}

// @ts-check
// The details of an episode: edits them, replaces the transcript, removes the episode.

import { ClashError, get, send } from "../ui/api.js";
import { all, byId, one, rendered } from "../ui/elements.js";
import { announce, t, showError } from "../ui/strings.js";
import { useActions } from "./actions.js";
import { showFormError, clearErrors, useFields, valuesOf } from "./fields.js";
import { slotsOf, useSlotDrops } from "./slots.js";
import { namesIn, previewTranscript, useTranscriptPreview } from "./transcript-preview.js";
import { Uploads } from "./upload.js";

const { episode } = byId("main").dataset;
const api = `/api/episodes/${episode}`;
const form = byId("details", HTMLFormElement), transcriptForm = byId("transcript-form", HTMLFormElement);
const uploads = new Uploads(), slots = slotsOf(byId("main"), uploads), { cover, transcript } = slots;
const problem = byId("form-problem"), replace = byId("replace", HTMLButtonElement);

useActions();
useFields(form);
useTranscriptPreview(uploads);
useSlotDrops(slots);

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  clearErrors(form, problem);
  try {
    const token = cover.state === "there" ? await uploads.token() : "", keeps_cover = cover.state !== "without";
    const body = { fields: valuesOf(form), names: namesIn(form), token, keeps_cover, version: form.dataset.version };
    const saved = await send("POST", `${api}/details`, body), title = one(document, "h1");
    form.dataset.version = saved.version;
    title.textContent = saved.title;
    title.lang = saved.language ?? "";
    announce(t("saved"));
    byId("saved").hidden = false;
    delete form.dataset.unsaved;
  } catch (error) {
    showFormError(form, problem, error);
    if (error instanceof ClashError && error.refusal.version) form.dataset.version = error.refusal.version; // so that the reader can save again
  }
});
form.addEventListener("input", () => (byId("saved").hidden = true));
cover.addEventListener("changed", () => {
  byId("saved").hidden = true;
  form.dataset.unsaved = "";
  clearErrors(form, problem);
});

transcript.addEventListener("changed", () => offer(false));
transcript.addEventListener("arrived", showChosen);
byId("leave").addEventListener("click", () => transcript.takeBack("empty"));

/**
 * Offer to replace the transcript if one is chosen, else to align the present one.
 * @param {boolean} isReadable
 */
function offer(isReadable) {
  for (const id of ["chosen", "replace", "leave"]) byId(id).hidden = !isReadable;
  byId("transcript-problem").hidden = true;
  for (const align of all(transcriptForm, ".align")) align.hidden = transcript.state === "sending" || transcript.state === "there";
}

// Shows how a chosen transcript was read, and the changes from the present one.
async function showChosen() {
  if (!(await previewTranscript(uploads, transcript))) return;
  const compared = await get(`${api}/transcript/${await uploads.token()}/comparison`).catch((error) => error);
  if (transcript.state !== "there") return;
  offer(true);
  byId("comparison").replaceChildren(...rendered(compared.html ?? ""));
  one(byId("chosen"), ".comparison").hidden = !compared.html;
  if (compared instanceof Error) showError(byId("transcript-problem"), compared); // the transcript can be replaced even so
}

transcriptForm.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (replace.hidden) return;
  replace.disabled = true;
  try {
    await send("POST", `${api}/transcript/${await uploads.token()}`);
    location.assign(`/episodes/${episode}`);
  } catch (error) {
    showError(byId("transcript-problem"), error);
    replace.disabled = false;
  }
});

// @ts-check
// The details of an episode: edited, its transcript replaced, the whole removed.

import { ChangedError, get, send } from "../ui/api.js";
import { tellError } from "../ui/connection.js";
import { useCovering } from "../ui/covering.js";
import { byId, one } from "../ui/elements.js";
import { announce, t } from "../ui/strings.js";
import { useActs } from "./acting.js";
import { useCarrying } from "./carrying.js";
import { blame, clear, useFields, valuesOf } from "./fields.js";
import { slotsOf, useSlotDrops } from "./slots.js";
import { namesIn, understand, useUnderstanding } from "./understanding.js";
import { Uploads } from "./upload.js";

const { episode, upload } = byId("main").dataset;
const api = `/api/episodes/${episode}`;
const form = byId("details", HTMLFormElement), transcriptForm = byId("transcript-form", HTMLFormElement);
const uploads = new Uploads(upload);
const slots = slotsOf(byId("main"), uploads), { cover, transcript } = slots;

useActs();
useCovering();
useFields(form);
useUnderstanding(uploads);
useCarrying(uploads, slots, Promise.resolve());
useSlotDrops(slots);

/**
 * Save the form, if what it was made from, the version `known`, is still what there is.
 * @param {string} known
 */
async function save(known) {
  const problem = byId("form-problem"), anyway = byId("save-anyway", HTMLButtonElement);
  clear(form, problem);
  anyway.hidden = true;
  try {
    const token = cover.state === "there" ? await uploads.token() : "", keeps_cover = cover.state !== "without";
    const body = { fields: valuesOf(form), names: namesIn(form), token, version: known, keeps_cover };
    const saved = await send("POST", `${api}/details`, body);
    byId("details-version", HTMLInputElement).value = saved.version; // of what the form shows
    const title = one(document, "h1");
    title.textContent = saved.title;
    title.lang = saved.language ?? "";
    announce(t("saved"));
    byId("saved").hidden = false;
  } catch (error) {
    blame(form, problem, error);
    offerAnyway(anyway, error);
  }
}
form.addEventListener("submit", (event) => {
  event.preventDefault();
  save(byId("details-version", HTMLInputElement).value);
});
byId("save-anyway", HTMLButtonElement).addEventListener("click", ({ currentTarget }) => save(/** @type {HTMLButtonElement} */ (currentTarget).value));
form.addEventListener("input", () => (byId("saved").hidden = true));
cover.addEventListener("changed", () => {
  byId("saved").hidden = true;
  clear(form, byId("form-problem"));
});

transcript.addEventListener("changed", () => offer(false));
transcript.addEventListener("arrived", showChosen);
byId("leave").addEventListener("click", () => transcript.takeBack("empty"));
if (transcript.state === "there") showChosen();

/**
 * Offer to take a transcript that is chosen; to align the one that there is only where none is, or it would be left out.
 * @param {boolean} isUnderstood
 */
function offer(isUnderstood) {
  for (const id of ["chosen", "replace", "leave"]) byId(id).hidden = !isUnderstood;
  for (const id of ["replace-anyway", "transcript-problem"]) byId(id).hidden = true;
  const align = /** @type {HTMLElement | null} */ (transcriptForm.querySelector(".align"));
  if (align) align.hidden = transcript.state === "sending" || transcript.state === "there";
}

// Shows how a transcript that was chosen is understood, and what would differ if it were taken.
async function showChosen() {
  offer(false);
  if (!(await understand(uploads, transcript))) return;
  const compared = await get(`${api}/transcript/${await uploads.token()}/comparison`).catch((error) => error);
  if (transcript.state !== "there") return;
  offer(true);
  byId("comparison").replaceChildren(...new DOMParser().parseFromString(compared.html ?? "", "text/html").body.children);
  one(byId("chosen"), ".comparison").hidden = !compared.html;
  if (compared instanceof Error) tellError(byId("transcript-problem"), compared); // it can be taken all the same
}

/**
 * Put what was chosen in the place of the transcript, if that is still the one of the version `known`.
 * @param {string} known
 */
async function replaceText(known) {
  const replace = byId("replace", HTMLButtonElement), anyway = byId("replace-anyway", HTMLButtonElement);
  anyway.hidden = true;
  replace.disabled = true;
  try {
    await send("POST", `${api}/transcript/${await uploads.token()}`, { version: known });
    location.assign(`/episodes/${episode}`);
  } catch (error) {
    tellError(byId("transcript-problem"), error);
    offerAnyway(anyway, error);
    replace.disabled = false;
  }
}
transcriptForm.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!byId("replace").hidden) replaceText(byId("transcript-version", HTMLInputElement).value);
});
byId("replace-anyway").addEventListener("click", ({ currentTarget }) => replaceText(/** @type {HTMLButtonElement} */ (currentTarget).value));

/**
 * Offer to undo what another has changed meanwhile, once the reader has been told.
 * @param {HTMLButtonElement} button whose value is the version that there is now
 * @param {unknown} error
 */
function offerAnyway(button, error) {
  if (!(error instanceof ChangedError)) return;
  button.value = error.version;
  button.hidden = false;
  button.focus();
}

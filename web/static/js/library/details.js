// @ts-check
// The details of an episode: edited, its transcript replaced, the whole removed.

import { get, send } from "../ui/api.js";
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

async function save() {
  const problem = byId("form-problem");
  clear(form, problem);
  try {
    const token = cover.state === "there" ? await uploads.token() : "", keeps_cover = cover.state !== "without";
    const body = { fields: valuesOf(form), names: namesIn(form), token, keeps_cover };
    const saved = await send("POST", `${api}/details`, body);
    const title = one(document, "h1");
    title.textContent = saved.title;
    title.lang = saved.language ?? "";
    announce(t("saved"));
    byId("saved").hidden = false;
  } catch (error) {
    blame(form, problem, error);
  }
}
form.addEventListener("submit", (event) => {
  event.preventDefault();
  save();
});
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
  byId("transcript-problem").hidden = true;
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

// Puts what was chosen in the place of the transcript.
async function replaceText() {
  const replace = byId("replace", HTMLButtonElement);
  replace.disabled = true;
  try {
    await send("POST", `${api}/transcript/${await uploads.token()}`);
    location.assign(`/episodes/${episode}`);
  } catch (error) {
    tellError(byId("transcript-problem"), error);
    replace.disabled = false;
  }
}
transcriptForm.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!byId("replace").hidden) replaceText();
});

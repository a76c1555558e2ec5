// @ts-check
// The details of an episode: edited, its transcript replaced, the whole removed.

import { ChangedError, get, send } from "../ui/api.js";
import { tellError } from "../ui/connection.js";
import { useCovering } from "../ui/covering.js";
import { useDrops } from "../ui/dropping.js";
import { byId, one } from "../ui/elements.js";
import { announce, t } from "../ui/strings.js";
import { understand } from "./adding.js";
import { useCarrying } from "./carrying.js";
import { blame, clear, useFields, valuesOf } from "./fields.js";
import { kindOf, slotsOf } from "./slots.js";
import { namesIn } from "./understood.js";
import { Uploads } from "./upload.js";
import { useAlignButtons } from "./working.js";

const { episode } = byId("main").dataset;
const [form, transcript] = [byId("details", HTMLFormElement), byId("transcript-form", HTMLFormElement)];
const [covers, transcripts] = [new Uploads(), new Uploads()];
const slots = { ...slotsOf(form, covers), ...slotsOf(transcript, transcripts) };

useAlignButtons();
useCovering();
useFields(form);
useCarrying([form, transcript], slots, [covers, transcripts]);
let newer = ""; // of what another has saved meanwhile, once the reader has been told
const anyway = byId("save-anyway");

/**
 * Saves the form, if what it was made from is still what there is.
 * @param {string} known
 */
async function save(known) {
  const problem = byId("form-problem");
  clear(form, problem);
  anyway.hidden = true;
  try {
    const token = slots.cover.state === "there" ? await covers.token() : "";
    const keeps_cover = slots.cover.state !== "without";
    const body = { fields: valuesOf(form), names: namesIn(form), token, version: known, keeps_cover };
    const saved = await send("POST", `/api/episodes/${episode}/details`, body);
    form.dataset.version = saved.version; // of what the form shows
    const title = one(document, "h1");
    title.textContent = saved.title;
    title.lang = saved.language ?? "";
    announce(t("saved"));
    byId("saved").hidden = false;
  } catch (error) {
    blame(form, problem, error);
    if (!(error instanceof ChangedError)) return;
    newer = error.version;
    anyway.hidden = false;
    anyway.focus();
  }
}
form.addEventListener("submit", (event) => {
  event.preventDefault();
  save(form.dataset.version ?? "");
});
anyway.addEventListener("click", () => save(newer));
form.addEventListener("input", () => (byId("saved").hidden = true));
for (const name of ["began", "emptied"]) {
  slots.cover.addEventListener(name, () => { byId("saved").hidden = true; clear(form, byId("form-problem")); });
}

const [replace, replaceAnyway, leave] = [byId("replace"), byId("replace-anyway"), byId("leave")];
const comparison = byId("comparison");
let newerText = ""; // the version of the transcript that another has put there, once the reader has been told
slots.transcript.addEventListener("began", () => {
  hideChosen();
  offerToAlign(true);
});
slots.transcript.addEventListener("emptied", () => {
  hideChosen();
  offerToAlign(false);
});
leave.addEventListener("click", () => slots.transcript.leave());
slots.transcript.addEventListener("arrived", async () => {
  offerToAlign(true);
  const understood = await understand(transcript, transcripts, slots.transcript);
  if (understood) await compare();
  replace.hidden = leave.hidden = !understood || slots.transcript.state !== "there";
});
slots.transcript.addEventListener("failed", () => offerToAlign(false));

function hideChosen() {
  const shown = [replace, replaceAnyway, leave, comparison, one(transcript, ".understood"), byId("transcript-problem")];
  for (const element of shown) element.hidden = true;
}

// Shows what would differ if what was chosen were taken.
async function compare() {
  try {
    const { html } = await get(`/api/episodes/${episode}/transcript/${await transcripts.token()}/comparison`);
    const made = new DOMParser().parseFromString(html, "text/html").body;
    one(comparison, "[data-part=comparison]").replaceChildren(...made.children);
    comparison.hidden = !html;
  } catch (error) {
    tellError(byId("transcript-problem"), error); // it can be taken all the same
  }
}

/**
 * Offers to align the transcript that there is, but not beside one that is chosen: that would be left out.
 * @param {boolean} isChosen
 */
function offerToAlign(isChosen) {
  const align = document.getElementById("align");
  if (align) align.hidden = isChosen;
}

/**
 * Does what a button asks for, if it is there, and goes where its answer leads; errors are told beside it. Until then it
 * is disabled, for a press on it would be lost.
 * @param {string} id
 * @param {string} problem
 * @param {() => Promise<string>} act
 */
function onClick(id, problem, act) {
  if (!document.getElementById(id)) return;
  const button = byId(id, HTMLButtonElement);
  button.disabled = false;
  button.addEventListener("click", async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      location.assign(await act());
    } catch (error) {
      tellError(byId(problem), error);
      button.disabled = false;
    }
  });
}

/**
 * Puts what was chosen in the place of the transcript, if that is still the one of this version.
 * @param {string} known
 */
async function replaceText(known) {
  replaceAnyway.hidden = true;
  try {
    await send("POST", `/api/episodes/${episode}/transcript/${await transcripts.token()}`, { version: known });
    return `/episodes/${episode}`;
  } catch (error) {
    if (error instanceof ChangedError) {
      newerText = error.version;
      replaceAnyway.hidden = false;
    }
    throw error;
  }
}
onClick("replace", "transcript-problem", () => replaceText(transcript.dataset.version ?? ""));
onClick("replace-anyway", "transcript-problem", () => replaceText(newerText));
onClick("align", "transcript-problem", async () => {
  await send("POST", `/api/episodes/${episode}/align`);
  return "/";
});
onClick("remove", "remove-problem", async () => {
  const { token } = await send("POST", `/api/episodes/${episode}/remove`);
  return `/?removed=${token}`;
});

useDrops((files) => {
  for (const file of files) {
    const kind = kindOf(file);
    if (kind && slots[kind]) slots[kind].take(file);
    else announce(t("add.unknown", { name: file.name }));
  }
});

// @ts-check
// The details of an episode: edited, its transcript replaced, the whole removed.

import { ChangedError, send } from "../ui/api.js";
import { useDrops } from "../ui/dropping.js";
import { byId, one } from "../ui/elements.js";
import { announce, messageOf, t } from "../ui/strings.js";
import { understand } from "./adding.js";
import { blame, clear, useFields, valuesOf } from "./fields.js";
import { kindOf, slotsOf } from "./slots.js";
import { namesIn } from "./understood.js";
import { Uploads } from "./upload.js";

const { episode } = byId("main").dataset;
const [form, transcript] = [byId("details", HTMLFormElement), byId("transcript-form", HTMLFormElement)];
const [covers, transcripts] = [new Uploads(), new Uploads()];
const slots = { ...slotsOf(form, covers), ...slotsOf(transcript, transcripts) };

useFields(form);
let { version = "" } = form.dataset; // of what the form shows
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
    const body = { fields: valuesOf(form), names: namesIn(form), token, version: known };
    const saved = await send("POST", `/api/episodes/${episode}/details`, body);
    version = saved.version;
    one(document, "h1").textContent = saved.title;
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
  save(version);
});
anyway.addEventListener("click", () => save(newer));
form.addEventListener("input", () => (byId("saved").hidden = true));

const replace = byId("replace");
slots.transcript.addEventListener("began", () => (replace.hidden = one(transcript, ".understood").hidden = true));
slots.transcript.addEventListener("arrived", async () => {
  replace.hidden = !(await understand(transcript, transcripts, slots.transcript));
});

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
      byId(problem).textContent = messageOf(error);
      byId(problem).hidden = false;
      button.disabled = false;
    }
  });
}
onClick("replace", "transcript-problem", async () => {
  await send("POST", `/api/episodes/${episode}/transcript/${await transcripts.token()}`);
  return "/";
});
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

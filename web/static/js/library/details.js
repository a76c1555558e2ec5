// The details of an episode: edited, its transcript replaced, the whole removed.

import { send } from "../ui/api.js";
import { slotsOf, understand } from "./adding.js";
import { useDrops } from "../ui/dropping.js";
import { blame, clear, useFields, valuesOf } from "./fields.js";
import { kindOf } from "./slots.js";
import { announce, t } from "../ui/strings.js";
import { namesIn } from "./understood.js";
import { Uploads } from "./upload.js";

const { episode } = document.getElementById("main").dataset;
const [form, transcript] = [document.getElementById("details"), document.getElementById("transcript-form")];
const [covers, transcripts] = [new Uploads(), new Uploads()];
const slots = { ...slotsOf(form, covers), ...slotsOf(transcript, transcripts) };

useFields(form);
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const problem = document.getElementById("form-problem");
  clear(form, problem);
  try {
    const token = slots.cover.state === "there" ? await covers.token() : "";
    const body = { fields: valuesOf(form), names: namesIn(form), token };
    const saved = await send("POST", `/api/episodes/${episode}/details`, body);
    document.querySelector("h1").textContent = saved.title;
    announce(t("saved"));
    document.getElementById("saved").hidden = false;
  } catch (error) {
    blame(form, problem, error);
  }
});
form.addEventListener("input", () => (document.getElementById("saved").hidden = true));

const replace = document.getElementById("replace");
slots.transcript.addEventListener("began", () => (replace.hidden = transcript.querySelector(".understood").hidden = true));
slots.transcript.addEventListener("arrived", async () => {
  replace.hidden = !(await understand(transcript, transcripts, slots.transcript));
});

// Does what a button asks for and goes where its answer leads; errors are told beside it. Until then it is disabled,
// for a press on it would be lost.
function onClick(button, problem, act) {
  if (button) button.disabled = false;
  button?.addEventListener("click", async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      location.assign(await act());
    } catch (error) {
      document.getElementById(problem).textContent = error.message;
      document.getElementById(problem).hidden = false;
      button.disabled = false;
    }
  });
}
onClick(replace, "transcript-problem", async () => {
  await send("POST", `/api/episodes/${episode}/transcript/${await transcripts.token()}`);
  return "/";
});
onClick(document.getElementById("align"), "transcript-problem", async () => {
  await send("POST", `/api/episodes/${episode}/align`);
  return "/";
});
onClick(document.getElementById("remove"), "remove-problem", async () => {
  const { token } = await send("POST", `/api/episodes/${episode}/remove`);
  return `/?removed=${token}`;
});

useDrops((files) => {
  for (const file of files) {
    const kind = kindOf(file);
    if (slots[kind]) slots[kind].take(file);
    else announce(t("add.unknown", { name: file.name }));
  }
});

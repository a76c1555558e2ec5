// A new episode: files are sent as they are given, the transcript is shown as it is understood, Start makes the rest.

import { get, send } from "../ui/api.js";
import { blame, clear, suggest, useFields, valuesOf } from "./fields.js";
import { Slot, kindOf } from "./slots.js";
import { announce, t } from "../ui/strings.js";
import { namesIn, showUnderstood } from "./understood.js";
import { Uploads } from "./upload.js";

// Brings the form to life; returns a function that takes files, as they are dropped.
export function useAdding(form) {
  const uploads = new Uploads();
  const slots = slotsOf(form, uploads);
  const problem = form.querySelector("#form-problem");
  useFields(form);
  slots.audio.addEventListener("arrived", ({ detail }) => {
    suggest(form, { title: detail.title ?? bareName(detail.name), show: detail.show, date: detail.date });
  });
  slots.transcript.addEventListener("began", () => (form.querySelector(".understood").hidden = true));
  slots.transcript.addEventListener("arrived", () => understand(form, uploads, slots.transcript));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    clear(form, problem);
    const button = form.querySelector("#begin");
    button.disabled = true;
    try {
      if (Object.values(slots).some((slot) => slot.state === "sending")) announce(t("add.busy"));
      await Promise.all(Object.values(slots).map((slot) => slot.sent));
      const bad = Object.values(slots).find((slot) => slot.state === "bad");
      if (bad) throw new Error(bad.problem);
      if (slots.audio.state !== "there" || slots.transcript.state !== "there") throw new Error(t("add.missing"));
      location.assign(`/episodes/${await create(form, uploads)}`);
    } catch (error) {
      blame(form, problem, error);
    } finally {
      button.disabled = false;
    }
  });
  return (files) => {
    for (const file of files) {
      const kind = kindOf(file);
      if (kind) slots[kind].take(file);
      else blame(form, problem, new Error(t("add.unknown", { name: file.name })));
    }
  };
}

// The slots of a form, by kind.
export function slotsOf(form, uploads) {
  const slots = [...form.querySelectorAll(".slot")].map((element) => {
    const { kind } = element.dataset;
    return new Slot(element, uploads, Number(form.dataset[`largest${kind[0].toUpperCase()}${kind.slice(1)}`]));
  });
  return Object.fromEntries(slots.map((slot) => [slot.kind, slot]));
}

// Asks how the transcript was understood and shows it; what cannot be understood is told at its slot.
export async function understand(form, uploads, slot) {
  try {
    const preview = await get(`/api/incoming/${await uploads.token()}/preview`);
    showUnderstood(preview, form.querySelector(".understood"), form.querySelector(".speakers"));
    if (form.querySelector(".details")) suggest(form, { language: preview.language, title: preview.title });
    return true;
  } catch (error) {
    slot.fail(error.message);
    return false;
  }
}

// Makes the episode of what was sent and filled in; returns its id.
async function create(form, uploads) {
  const body = { fields: valuesOf(form), names: namesIn(form.querySelector(".speakers")) };
  const { id } = await send("POST", `/api/incoming/${await uploads.token()}/create`, body);
  return id;
}

const bareName = (name) => name.replace(/\.[^.]+$/, "").replace(/[_-]+/g, " ");

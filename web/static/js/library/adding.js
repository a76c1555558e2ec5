// @ts-check
// A new episode: files are sent as they are given, the transcript is shown as it is understood, Start makes the rest.

import { get, send } from "../ui/api.js";
import { tellError } from "../ui/connection.js";
import { detailOf, one } from "../ui/elements.js";
import { ReaderError, announce, t } from "../ui/strings.js";
import { useCarrying } from "./carrying.js";
import { blame, clear, suggest, useFields, valuesOf } from "./fields.js";
import { kindOf, slotsOf } from "./slots.js";
import { namesIn, showUnderstood, toldOf } from "./understood.js";
import { Uploads } from "./upload.js";

/** @typedef {import("./slots.js").Slot} Slot */

/**
 * Brings the form to life; returns a function that takes files, as they are dropped.
 * @param {HTMLFormElement} form
 */
export function useAdding(form) {
  const uploads = new Uploads();
  const slots = slotsOf(form, uploads);
  const problem = one(form, "#form-problem");
  const button = one(form, "#begin", HTMLButtonElement);
  const draft = one(form, "#draft", HTMLInputElement);
  useFields(form);
  slots.audio.addEventListener("arrived", (event) => {
    /** @type {Received} */
    const { name, title, show, date } = detailOf(event);
    suggest(form, { title, show, date });
    if (!title) suggestTitle(form, bareName(name), 1);
  });
  // What was missing, or of a kind that is not known, is being mended.
  for (const slot of Object.values(slots)) {
    for (const name of ["began", "emptied"]) slot.addEventListener(name, () => clear(form, problem));
  }
  slots.transcript.addEventListener("began", () => (one(form, ".understood").hidden = true));
  slots.transcript.addEventListener("arrived", () => understand(form, uploads, slots.transcript));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    clear(form, problem);
    button.disabled = true;
    try {
      await settled(slots, draft.checked);
      location.assign(`/episodes/${await create(form, uploads, draft.checked)}`);
    } catch (error) {
      blame(form, problem, error);
    } finally {
      button.disabled = false;
    }
  });
  useCarrying([form], slots, [uploads]);
  /** @param {File[]} files */
  return (files) => {
    for (const file of files) {
      const kind = kindOf(file);
      if (kind) slots[kind].take(file);
      else blame(form, problem, new ReaderError(t("add.unknown", { name: file.name })));
    }
  };
}

/**
 * Waits for what is on its way; an error says what is wrong, or not there.
 * @param {Record<string, Slot>} slots
 * @param {boolean} draft whether a transcript may be missing
 */
async function settled(slots, draft) {
  const every = Object.values(slots);
  if (every.some((slot) => slot.state === "sending")) announce(t("add.busy"));
  await Promise.all(every.map((slot) => slot.sent));
  const bad = every.find((slot) => slot.state === "bad");
  if (bad) throw new ReaderError(bad.problem);
  if (slots.audio.state !== "there") throw new ReaderError(t("add.missing"));
  if (slots.transcript.state !== "there" && !draft) throw new ReaderError(t("add.missing"));
}

/**
 * Asks how the transcript was understood and shows it; what cannot be understood is told at its slot.
 * @param {HTMLFormElement} form
 * @param {Uploads} uploads
 * @param {Slot} slot
 */
export async function understand(form, uploads, slot) {
  try {
    /** @type {TranscriptPreview} */
    const preview = await get(`/api/incoming/${await uploads.token()}/preview`);
    const section = one(form, ".understood"), speakers = /** @type {HTMLElement | null} */ (form.querySelector(".speakers"));
    showUnderstood(preview, section, speakers, section.querySelector(".labels") && telling(uploads, section, speakers, preview));
    if (form.querySelector(".details")) proposeDetails(form, preview);
    return true;
  } catch (error) {
    slot.fail(error);
    return false;
  }
}

/**
 * What a transcript says of the episode, for a person to change.
 * @param {HTMLFormElement} form
 * @param {TranscriptPreview} preview
 */
function proposeDetails(form, { language, title, show, headline }) {
  suggest(form, { language, title, show });
  if (!title && headline) suggestTitle(form, headline, 2);
}

/**
 * Proposes a title for want of a better one: in the place of none, or of another such that is worth no more.
 * @param {HTMLFormElement} form
 * @param {string} title
 * @param {number} worth
 */
function suggestTitle(form, title, worth) {
  const input = one(form, '.details [name="title"]', HTMLInputElement);
  const { suggested, worth: before } = input.dataset;
  if (input.value && (input.value !== suggested || Number(before) > worth)) return;
  suggest(form, { title });
  Object.assign(input.dataset, { suggested: title, worth });
}

/**
 * Has the transcript understood as a person says, one thing after the other, and shows that; where that cannot be, why,
 * and it stays as it was.
 * @param {Uploads} uploads
 * @param {HTMLElement} section
 * @param {HTMLElement | null} speakers
 * @param {TranscriptPreview} preview
 * @returns {import("./understood.js").Tell}
 */
function telling(uploads, section, speakers, preview) {
  const problem = one(section, ".problem");
  let last = Promise.resolve();
  /** @type {import("./understood.js").Tell} */
  const tell = (change) => {
    last = last.then(async () => {
      problem.hidden = true;
      try {
        preview = await send("POST", `/api/incoming/${await uploads.token()}/structure`, change(toldOf(preview)));
      } catch (error) {
        tellError(problem, error);
      }
      showUnderstood(preview, section, speakers, tell);
    });
  };
  return tell;
}

/**
 * Makes the episode of what was sent and filled in; returns its id.
 * @param {HTMLFormElement} form
 * @param {Uploads} uploads
 * @param {boolean} draft
 * @returns {Promise<string>}
 */
async function create(form, uploads, draft) {
  const body = { fields: valuesOf(form), names: namesIn(one(form, ".speakers")), draft };
  const { id } = await send("POST", `/api/incoming/${await uploads.token()}/create`, body);
  return id;
}

/**
 * What a sound is called, as people would write it.
 * @param {string} name of the sound's file
 */
const bareName = (name) => name.replace(/\.[^.]+$/, "").replace(/[_-]+/g, " ");

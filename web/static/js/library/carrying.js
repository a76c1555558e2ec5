// @ts-check
// What stands in forms is carried over where the page is loaded again in another language or other colours.

import { all, one } from "../ui/elements.js";
import { thisVisit } from "../ui/memory.js";
import { announce, t } from "../ui/strings.js";
import { namesIn } from "./understood.js";

/** @typedef {import("./slots.js").Slot} Slot */
/** @typedef {import("./slots.js").Arrived} Arrived */
/** @typedef {import("./upload.js").Uploads} Uploads */

/**
 * @typedef {Object} Carried
 * @property {string} path of the page
 * @property {number} at milliseconds since 1970
 * @property {string[]} versions of what each form shows
 * @property {{id: string, value: string, touched?: string}[]} fields
 * @property {Record<string, string>} names of speakers, by label
 * @property {(string | null)[]} tokens of the uploads
 * @property {Record<string, Arrived | null>} slots
 */

const KEY = "quotecast-carried";
const LASTS = 3600e3; // milliseconds; a page that is opened later is a new one

/**
 * Puts back what was carried over to this page, and carries what stands in it when the reader's preferences change.
 * @param {HTMLFormElement[]} forms
 * @param {Record<string, Slot>} slots
 * @param {Uploads[]} uploads
 */
export function useCarrying(forms, slots, uploads) {
  const preferences = one(document, "form.preferences", HTMLFormElement);
  preferences.addEventListener("submit", async (event) => {
    const { submitter } = event;
    if (!(submitter instanceof HTMLButtonElement) || submitter.hasAttribute("formaction")) return;
    event.preventDefault();
    const every = Object.values(slots);
    if (every.some((slot) => slot.state === "sending")) announce(t("add.busy"));
    await Promise.all(every.map((slot) => slot.sent));
    thisVisit.write(KEY, JSON.stringify(await standing(forms, slots, uploads)));
    one(preferences, '[name="next"]', HTMLInputElement).value = location.pathname + location.search;
    const chosen = preferences.appendChild(document.createElement("input"));
    [chosen.type, chosen.name, chosen.value] = ["hidden", submitter.name, submitter.value];
    preferences.submit();
  });
  const carried = taken();
  if (carried) putBack(carried, forms, slots, uploads);
}

/**
 * @param {HTMLFormElement[]} forms
 * @param {Record<string, Slot>} slots
 * @param {Uploads[]} uploads
 * @returns {Promise<Carried>}
 */
async function standing(forms, slots, uploads) {
  return {
    path: location.pathname,
    at: Date.now(),
    versions: forms.map((form) => form.dataset.version ?? ""),
    fields: forms.flatMap(fieldsOf).map(({ id, value, dataset }) => ({ id, value, touched: dataset.touched })),
    names: Object.assign({}, ...forms.map(namesIn)),
    tokens: await Promise.all(uploads.map((each) => each.opened)),
    slots: Object.fromEntries(Object.entries(slots).map(([kind, slot]) => [kind, slot.arrived])),
  };
}

/** @returns {Carried | null} */
function taken() {
  /** @type {Carried | null} */
  const carried = thisVisit.readJson(KEY);
  if (carried?.path !== location.pathname) return null;
  thisVisit.forget(KEY);
  return Date.now() - carried.at < LASTS ? carried : null;
}

/**
 * @param {Carried} carried
 * @param {HTMLFormElement[]} forms
 * @param {Record<string, Slot>} slots
 * @param {Uploads[]} uploads
 */
function putBack(carried, forms, slots, uploads) {
  forms.forEach((form, k) => (form.dataset.version = carried.versions[k]));
  for (const field of forms.flatMap(fieldsOf)) {
    const stood = carried.fields.find(({ id }) => id === field.id);
    if (!stood) continue;
    field.value = stood.value;
    if (stood.touched) field.dataset.touched = stood.touched;
  }
  for (const form of forms) putBackNames(carried.names, form.querySelector(".speakers .names"));
  uploads.forEach((each, k) => each.goOn(carried.tokens[k]));
  // Once the page's script has run: what listens to the slots is there then.
  queueMicrotask(() => {
    for (const [kind, slot] of Object.entries(slots)) {
      const arrived = carried.slots[kind];
      if (arrived) slot.arrive(arrived);
    }
  });
}

/**
 * Where the speakers' rows are still to come, they take the names that stand there by their labels.
 * @param {Record<string, string>} names
 * @param {HTMLElement | null} rows
 */
function putBackNames(names, rows) {
  if (!rows) return;
  for (const [label, name] of Object.entries(names)) {
    const found = all(rows, "input").find((input) => input.dataset.label === label);
    const input = /** @type {HTMLInputElement} */ (found ?? rows.appendChild(document.createElement("input")));
    input.hidden ||= !found;
    input.dataset.label = label;
    input.value = name;
  }
}

/**
 * The fields that stay: not the choosing of files, nor the speakers', whose rows come with the transcript.
 * @param {HTMLFormElement} form
 */
function fieldsOf(form) {
  const found = all(form, 'input[id]:not([type="file"], [data-label]), select[id], textarea[id]');
  return /** @type {(HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement)[]} */ (found);
}

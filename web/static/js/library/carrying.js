// @ts-check
// What stands in forms stays where the page is loaded again in another language or other colours: files by the upload
// that the address names, fields by what this tab remembers.

import { all, one } from "../ui/elements.js";
import { thisVisit } from "../ui/memory.js";
import { announce, t } from "../ui/strings.js";

const KEY = "quotecast-carried";

/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Field */

/**
 * Put back what was carried to this page once it is `ready`, and carry what stands in it when preferences change.
 * @param {import("./upload.js").Uploads} uploads
 * @param {Record<string, import("./slots.js").Slot>} slots
 * @param {Promise<unknown>} ready
 */
export function useCarrying(uploads, slots, ready) {
  const preferences = one(document, "form.preferences", HTMLFormElement);
  let isCarried = false;
  preferences.addEventListener("submit", async (event) => {
    const { submitter } = event;
    if (isCarried || submitter?.hasAttribute("formaction")) return;
    event.preventDefault();
    const every = Object.values(slots), next = one(preferences, '[name="next"]', HTMLInputElement);
    if (every.some((slot) => slot.state === "sending")) announce(t("add.busy"));
    await Promise.all(every.map((slot) => slot.sent));
    const upload = every.some((slot) => slot.state === "there") ? `?upload=${await uploads.token()}` : "";
    const values = fields().map(({ id, value }) => [id, value]);
    thisVisit.write(KEY, JSON.stringify({ path: location.pathname, values: Object.fromEntries(values) }));
    next.value = location.pathname + upload;
    isCarried = true;
    setTimeout(() => preferences.requestSubmit(submitter)); // not while this event still goes on: that does nothing
  });
  /** @type {{path: string, values: Record<string, string>} | null} */
  const carried = thisVisit.readJson(KEY);
  thisVisit.forget(KEY);
  if (carried?.path === location.pathname) ready.then(() => putBack(carried.values));
}

/** @param {Record<string, string>} values */
function putBack(values) {
  for (const field of fields()) {
    if (values[field.id] === undefined) continue;
    field.value = values[field.id];
    if (field.value) field.dataset.touched = "yes"; // no suggestion takes its place
  }
}

function fields() {
  return /** @type {Field[]} */ (all(document, '.adding :is(input:not([type="file"], [type="checkbox"]), select, textarea)[id]'));
}

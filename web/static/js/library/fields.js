// @ts-check
// The form of an episode's details: its values, suggestions for them, and errors beside their fields.

import { RefusedError } from "../ui/api.js";
import { all, one } from "../ui/elements.js";
import { showError } from "../ui/strings.js";

/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Field */

/** @param {string} name @returns {Field | null} */
const fieldOf = (name) => document.querySelector(`.details [name="${name}"]`);

/**
 * Return the values of the fields, by name.
 * @param {HTMLElement} form
 * @returns {Record<string, string>}
 */
export function valuesOf(form) {
  return Object.fromEntries(/** @type {Field[]} */ (all(form, ".details [name]")).map(({ name, value }) => [name, value]));
}

/** Fill empty fields. @param {Record<string, string | null | undefined>} values */
export function suggest(values) {
  for (const [name, value] of Object.entries(values)) {
    const input = fieldOf(name);
    if (value && input && !input.dataset.touched) input.value = value;
  }
}

/**
 * Suggest a title: for an empty field, or instead of a suggestion that is worth no more.
 * @param {string} title
 * @param {number} worth
 */
export function suggestTitle(title, worth) {
  const input = fieldOf("title");
  if (!input || (input.value && (input.value !== input.dataset.suggested || Number(input.dataset.worth) > worth))) return;
  suggest({ title });
  Object.assign(input.dataset, { suggested: title, worth });
}

/**
 * Name languages in the reader's language, and ask before the page is left with unsaved fields.
 * @param {HTMLElement} form
 */
export function useFields(form) {
  const { lang } = document.documentElement, names = new Intl.DisplayNames([lang], { type: "language" });
  const select = one(form, 'select[name="language"]', HTMLSelectElement), { value } = select;
  const [detect, ...options] = select.options;
  for (const option of options) option.text = names.of(option.value) ?? option.value;
  options.sort((a, b) => a.text.localeCompare(b.text, lang));
  select.replaceChildren(detect, ...options);
  select.value = value;
  form.addEventListener("input", ({ target }) => {
    if (target instanceof HTMLElement) target.dataset.touched = "yes";
    form.dataset.unsaved = "";
  });
  addEventListener("beforeunload", (event) => { if (form.isConnected && form.dataset.unsaved !== undefined) event.preventDefault(); });
}

/**
 * Show an error beside its field, else beside the button.
 * @param {HTMLElement} form
 * @param {HTMLElement} problem
 * @param {unknown} error
 */
export function showFormError(form, problem, error) {
  clearErrors(form, problem);
  showError(problem, error);
  const field = error instanceof RefusedError ? error.refusal.field : "";
  const input = field === "speakers" ? /** @type {Field | null} */ (form.querySelector(".speakers input")) : fieldOf(field ?? "");
  if (!input) return;
  input.closest(".field, .speakers")?.append(problem); // the button may be far below
  input.setAttribute("aria-invalid", "true");
  input.setAttribute("aria-errormessage", problem.id);
  input.focus();
  input.addEventListener("input", () => clearErrors(form, problem), { once: true }); // the reader is correcting it
}

/**
 * Clear all errors.
 * @param {HTMLElement} form
 * @param {HTMLElement} problem
 */
export function clearErrors(form, problem) {
  problem.hidden = true;
  one(form, ".begin").append(problem);
  for (const input of all(form, "[aria-invalid]")) {
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-errormessage");
  }
}

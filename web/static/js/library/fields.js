// @ts-check
// The details of an episode as a form: its values, and which field is to blame.

import { FieldError } from "../ui/api.js";
import { tellError } from "../ui/connection.js";
import { all, one } from "../ui/elements.js";

/** @typedef {HTMLInputElement | HTMLSelectElement} Field */

/**
 * What stands in the fields, by their names.
 * @param {HTMLElement} form
 * @returns {Record<string, string>}
 */
export function valuesOf(form) {
  /** @type {NodeListOf<Field>} */
  const inputs = form.querySelectorAll(".details [name]");
  return Object.fromEntries([...inputs].map((input) => [input.name, input.value]));
}

/**
 * Fills fields that nobody has filled yet.
 * @param {HTMLElement} form
 * @param {Record<string, string | null | undefined>} values
 */
export function suggest(form, values) {
  for (const [name, value] of Object.entries(values)) {
    /** @type {Field | null} */
    const input = form.querySelector(`.details [name="${name}"]`);
    if (value && input && !input.dataset.touched) input.value = value;
  }
}

/**
 * Names languages in the reader's own, remembers what was touched.
 * @param {HTMLElement} form
 */
export function useFields(form) {
  const { lang } = document.documentElement;
  const names = new Intl.DisplayNames([lang], { type: "language" });
  const select = one(form, 'select[name="language"]', HTMLSelectElement);
  const { value } = select;
  const [heard, ...options] = select.options;
  for (const option of options) option.text = names.of(option.value) ?? option.value;
  options.sort((a, b) => a.text.localeCompare(b.text, lang));
  select.replaceChildren(heard, ...options);
  select.value = value;
  form.addEventListener("input", ({ target }) => {
    if (!(target instanceof HTMLElement)) return;
    target.dataset.touched = "yes";
    target.removeAttribute("aria-invalid");
  });
}

/**
 * Shows an error at the field that it blames, else beside the button.
 * @param {HTMLElement} form
 * @param {HTMLElement} problem
 * @param {unknown} error
 */
export function blame(form, problem, error) {
  clear(form, problem);
  tellError(problem, error);
  if (!(error instanceof FieldError)) return;
  /** @type {Field | null} */
  const input = form.querySelector(error.field === "speakers" ? ".speakers input" : `.details [name="${error.field}"]`);
  if (!input) return;
  input.closest(".field, .speakers")?.append(problem); // the button may be far below
  input.setAttribute("aria-invalid", "true");
  describe(input, problem, true);
  input.focus();
  input.addEventListener("input", () => clear(form, problem), { once: true }); // it is being mended
}

/**
 * Blames nothing any more.
 * @param {HTMLElement} form
 * @param {HTMLElement} problem
 */
export function clear(form, problem) {
  problem.hidden = true;
  one(form, ".begin").append(problem);
  for (const input of all(form, "[aria-invalid]")) {
    input.removeAttribute("aria-invalid");
    describe(input, problem, false);
  }
}

/**
 * Has the error read with its field, beside the field's own hint, or no longer.
 * @param {HTMLElement} input
 * @param {HTMLElement} problem
 * @param {boolean} isBlamed
 */
function describe(input, problem, isBlamed) {
  const ids = new Set(input.getAttribute("aria-describedby")?.split(" "));
  if (isBlamed) ids.add(problem.id);
  else ids.delete(problem.id);
  if (ids.size) input.setAttribute("aria-describedby", [...ids].join(" "));
  else input.removeAttribute("aria-describedby");
}

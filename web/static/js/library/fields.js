// The details of an episode as a form: its values, and which field is to blame.

import { FieldError } from "../ui/api.js";

export function valuesOf(form) {
  const inputs = [...form.querySelectorAll(".details [name]")];
  return Object.fromEntries(inputs.map((input) => [input.name, input.value]));
}

// Fills fields that nobody has filled yet.
export function suggest(form, values) {
  for (const [name, value] of Object.entries(values)) {
    const input = form.querySelector(`.details [name="${name}"]`);
    if (value && input && !input.dataset.touched) input.value = value;
  }
}

// Names languages in the reader's own, remembers what was touched.
export function useFields(form) {
  const names = new Intl.DisplayNames([document.documentElement.lang], { type: "language" });
  const select = form.querySelector('select[name="language"]');
  const { value } = select;
  const [heard, ...options] = [...select.options];
  for (const option of options) option.textContent = names.of(option.value);
  options.sort((a, b) => a.textContent.localeCompare(b.textContent, document.documentElement.lang));
  select.replaceChildren(heard, ...options);
  select.value = value;
  form.addEventListener("input", (event) => {
    event.target.dataset.touched = "yes";
    event.target.removeAttribute("aria-invalid");
  });
}

// Shows an error beside the button, and at the field that it blames.
export function blame(form, problem, error) {
  clear(form, problem);
  problem.textContent = error.message;
  problem.hidden = false;
  if (!(error instanceof FieldError)) return;
  const input = form.querySelector(error.field === "speakers" ? ".speakers input" : `.details [name="${error.field}"]`);
  if (!input) return;
  input.setAttribute("aria-invalid", "true");
  input.setAttribute("aria-describedby", problem.id);
  input.focus();
}

export function clear(form, problem) {
  problem.hidden = true;
  for (const input of form.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
}

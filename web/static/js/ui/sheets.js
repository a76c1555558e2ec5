// @ts-check
// On narrow screens the side columns are sheets that buttons open and close.

import { around, byId, one } from "./elements.js";

/**
 * @param {HTMLElement[]} buttons
 * @returns {(id: string) => void} opens the sheet of that id, where it is one at all
 */
export function useSheets(buttons) {
  /** @param {HTMLElement} button */
  const sheetOf = (button) => byId(button.dataset.sheet ?? "");
  /** @param {HTMLElement} button */
  const close = (button) => {
    delete sheetOf(button).dataset.open;
    button.setAttribute("aria-expanded", "false");
  };
  /** @param {HTMLElement} button */
  const open = (button) => {
    for (const other of buttons) if (other !== button) close(other);
    sheetOf(button).dataset.open = "";
    button.setAttribute("aria-expanded", "true");
    /** @type {HTMLElement | null} */ (sheetOf(button).querySelector("input, a, button"))?.focus();
  };
  /** @param {HTMLElement} button */
  const isOpen = (button) => button.offsetParent !== null && "open" in sheetOf(button).dataset;
  for (const button of buttons) {
    // What a link leads to is not to be looked for under the sheet.
    sheetOf(button).addEventListener("click", (event) => {
      if (!isOpen(button) || !around(event, 'a[href^="#"]')) return;
      button.focus();
      close(button);
    });
    button.addEventListener("click", () => ("open" in sheetOf(button).dataset ? close(button) : open(button)));
    sheetOf(button).addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented || !("open" in sheetOf(button).dataset)) return;
      close(button);
      button.focus();
    });
  }
  return (id) => {
    const button = buttons.find((b) => b.dataset.sheet === id);
    if (button && button.offsetParent !== null && !isOpen(button)) open(button);
  };
}

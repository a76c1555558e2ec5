// @ts-check
// The side columns, which on narrow screens are sheets that buttons open and close.

import { around, byId } from "./elements.js";
import { t } from "./strings.js";

const BEFORE = ".sheet, .masthead, .player, .review, .toast, .bar, .captions, #follow, #edit-here, dialog"; // what stays clickable while a sheet is open

/**
 * Open each button's sheet, at its `data-enter` if given, in which case the sheet shows that line alone. On wide screens the
 * button only moves the focus.
 * @param {HTMLElement[]} buttons
 * @returns {(id: string, enter?: string) => void} opens the sheet with an id, if it is a sheet on this screen
 */
export function useSheets(buttons) {
  /** @type {HTMLElement | null} the button of the open sheet */
  let opener = null;
  /** @param {HTMLElement} button */
  const sheetOf = (button) => byId(button.dataset.sheet ?? "");
  /** @param {HTMLElement} button */
  const isSheet = (button) => getComputedStyle(sheetOf(button)).position === "fixed";
  const openButton = () => (opener && isSheet(opener) ? opener : null);
  /** @param {HTMLElement} button */
  const enter = (button) => {
    const selectors = [button.dataset.enter ?? "[aria-current]", "nav a", ":is(input, a, button):not(.put-away)", ".put-away"];
    const found = selectors.map((names) => sheetOf(button).querySelector(names)).find((place) => place !== null);
    /** @type {HTMLElement | undefined} */ (found)?.focus();
  };
  /** Show the sheet of a button and close others. @param {HTMLElement | null} button */
  const show = (button) => {
    opener = button;
    for (const each of buttons) {
      const sheet = sheetOf(each), isOpen = button !== null && sheetOf(button) === sheet;
      each.setAttribute("aria-expanded", String(isOpen));
      if (isOpen) sheet.dataset.open = button.dataset.enter ? "line" : "";
      else delete sheet.dataset.open;
    }
    if (button) enter(button);
  };
  const close = () => {
    opener?.focus();
    show(null);
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      if (openButton() === button) close();
      else if (isSheet(button)) show(button);
      else enter(button);
    });
  }
  for (const sheet of new Set(buttons.map(sheetOf))) {
    const putAway = Object.assign(document.createElement("button"), { type: "button", className: "quiet put-away", textContent: "×" });
    putAway.setAttribute("aria-label", t("sheet.close", { name: sheet.ariaLabel ?? "" }));
    sheet.prepend(putAway);
    // The target of a link must not be under the sheet.
    sheet.addEventListener("click", (event) => { if (openButton() && around(event, 'a[href^="#"], .put-away')) close(); });
  }
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || !openButton() || document.querySelector("dialog[open]")) return;
    close();
    event.preventDefault();
  });
  // A press on the text behind only closes the sheet.
  document.addEventListener("click", (event) => {
    if (!openButton() || event.detail === 0 || around(event, BEFORE)) return;
    show(null);
    event.preventDefault();
    event.stopImmediatePropagation();
  }, { capture: true });
  return (id, place) => {
    const button = buttons.find((each) => each.dataset.sheet === id && (!place || each.dataset.enter === place));
    if (button && isSheet(button) && openButton()?.dataset.sheet !== id) show(button);
  };
}

// @ts-check
// On narrow screens the side columns are sheets that buttons open and close.

import { around, byId } from "./elements.js";
import { t } from "./strings.js";

const BEFORE = ".sheet, .masthead, .player, .review, .toast, .bar, .captions, #follow, dialog"; // what a sheet leaves in reach

/**
 * Several buttons may open the same sheet, each at a place of it: the one that `data-enter` names, else what is current,
 * else what can be pressed first. One that names a place is opened as a line that shows no more than that.
 * @param {HTMLElement[]} buttons
 * @returns {(id: string, enter?: string) => void} opens the sheet of that id at a place, where it is one at all
 */
export function useSheets(buttons) {
  /** @type {HTMLElement | null} the button by which a sheet is open */
  let opener = null;
  /** @param {HTMLElement} button */
  const sheetOf = (button) => byId(button.dataset.sheet ?? "");
  /** @param {HTMLElement} button */
  const isSheet = (button) => getComputedStyle(sheetOf(button)).position === "fixed";
  const opened = () => (opener && isSheet(opener) ? opener : null);
  // Beside the text there is nothing to open: what the button names is gone to.
  /** @param {HTMLElement} button */
  const enter = (button) => {
    const places = [button.dataset.enter ?? "[aria-current]", "nav a", ":is(input, a, button):not(.put-away)", ".put-away"].map((names) => sheetOf(button).querySelector(names));
    /** @type {HTMLElement | undefined} */ (places.find((place) => place !== null))?.focus();
  };
  /** @param {HTMLElement} button @param {boolean} expanded */
  const tell = (button, expanded) => {
    for (const each of buttons) if (sheetOf(each) === sheetOf(button)) each.setAttribute("aria-expanded", String(expanded));
  };
  const close = () => {
    if (!opener) return;
    delete sheetOf(opener).dataset.open;
    tell(opener, false);
    opener = null;
  };
  /** @param {HTMLElement} button */
  const open = (button) => {
    if (opener && sheetOf(opener) !== sheetOf(button)) close();
    opener = button;
    sheetOf(button).dataset.open = button.dataset.enter ? "line" : "";
    tell(button, true);
    enter(button);
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      if (opened() === button) close();
      else if (isSheet(button)) open(button);
      else enter(button);
    });
  }
  // What a link leads to is not to be looked for under the sheet.
  for (const sheet of new Set(buttons.map(sheetOf))) {
    const putAway = Object.assign(document.createElement("button"), { type: "button", className: "quiet put-away", textContent: "×" });
    putAway.setAttribute("aria-label", t("sheet.close", { name: sheet.ariaLabel ?? "" }));
    putAway.addEventListener("click", () => { opener?.focus(); close(); });
    sheet.prepend(putAway);
    sheet.addEventListener("click", (event) => {
      const button = opened();
      if (!button || !around(event, 'a[href^="#"]')) return;
      button.focus();
      close();
    });
  }
  addEventListener("keydown", (event) => {
    const button = opened();
    if (event.key !== "Escape" || event.defaultPrevented || !button || document.querySelector("dialog[open]")) return;
    close();
    button.focus();
    event.preventDefault();
  });
  // A press on the text behind puts the sheet away, and does nothing else.
  document.addEventListener("click", (event) => {
    if (!opened() || event.detail === 0 || around(event, BEFORE)) return;
    close();
    event.preventDefault();
    event.stopImmediatePropagation();
  }, { capture: true });
  return (id, enter) => {
    const button = buttons.find((each) => each.dataset.sheet === id && (!enter || each.dataset.enter === enter));
    const now = opened();
    if (button && isSheet(button) && now?.dataset.sheet !== id) open(button);
  };
}

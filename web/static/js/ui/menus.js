// @ts-check
// An open menu closes by Escape, by a choice, and by a press elsewhere.

import { around, one } from "./elements.js";

/** @param {HTMLDetailsElement} menu */
export function useMenu(menu) {
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    event.stopPropagation();
    menu.open = false;
    one(menu, "summary").focus();
  });
  menu.addEventListener("click", (event) => { if (around(event, "a, button")) menu.open = false; });
  document.addEventListener("pointerdown", ({ target }) => { if (!menu.contains(/** @type {Node} */ (target))) menu.open = false; });
  menu.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && !menu.contains(/** @type {Node} */ (relatedTarget))) menu.open = false;
  });
}

// @ts-check
// Closes an open menu on Escape, on a choice, and on a press or focus elsewhere.

import { all, around, one } from "./elements.js";

document.addEventListener("keydown", (event) => {
  const menu = around(event, ".menu[open]", HTMLDetailsElement);
  if (event.key !== "Escape" || !menu) return;
  event.stopPropagation();
  menu.open = false;
  one(menu, "summary").focus();
}, { capture: true });
document.addEventListener("click", (event) => around(event, ".menu :is(a, button)")?.closest(".menu")?.removeAttribute("open"));
for (const name of ["pointerdown", "focusin"]) document.addEventListener(name, ({ target }) => {
  for (const menu of all(document, ".menu[open]")) if (!menu.contains(/** @type {Node} */ (target))) menu.removeAttribute("open");
});

// @ts-check
// Tooltips of icons for keyboard and touch; for a mouse the browser shows them.

import { around } from "./elements.js";

const CONTROLS = "button, a[href], summary";
const HELD_MS = 500;
const WIDE = 1.8; // a control wider than this many times its height has words

const tip = document.createElement("p");
tip.className = "tip";
tip.popover = "manual"; // above dialogs, too
tip.setAttribute("aria-hidden", "true"); // it is the control's own name

let timer = 0;

document.body.append(tip);
document.addEventListener("focusin", (event) => { if (around(event, ":focus-visible")) show(event.target); });
document.addEventListener("pointerover", (event) => {
  const icon = around(event, "[aria-label]:is(button, a, summary):not([title])");
  if (!icon) return;
  icon.title = icon.ariaLabel ?? "";
  icon.addEventListener("pointerleave", () => icon.removeAttribute("title"), { once: true }); // its name may change
});
document.addEventListener("pointerdown", ({ pointerType, target }) => {
  hide();
  if (pointerType !== "mouse") timer = window.setTimeout(() => show(target), HELD_MS);
});
for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, () => clearTimeout(timer));
for (const name of ["focusout", "scroll"]) document.addEventListener(name, hide, { capture: true, passive: true });
document.addEventListener("keydown", ({ key }) => { if (key === "Escape") hide(); });

/** @param {EventTarget | null} where */
function show(where) {
  const control = around(where, CONTROLS), words = control && (control.ariaLabel || control.title || control.textContent?.trim());
  if (!control || !words || control.offsetWidth > WIDE * control.offsetHeight) return hide();
  tip.textContent = words;
  tip.showPopover();
  const over = control.getBoundingClientRect(), { width, height } = tip.getBoundingClientRect(), top = over.top - height - 6;
  const left = (over.left + over.right - width) / 2;
  tip.style.setProperty("--left", `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`);
  tip.style.setProperty("--top", `${top < 8 ? over.bottom + 6 : top}px`);
}

function hide() {
  clearTimeout(timer);
  tip.hidePopover();
}

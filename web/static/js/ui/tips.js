// @ts-check
// What a control does, in words, where it shows none: under a mouse the browser says it, to fingers that stay on it and
// to who comes by keys we do. A finger that has been told has pressed nothing.

import { around } from "./elements.js";

const CONTROLS = "button, a[href], summary";
const HELD_MS = 500;
const SMALLEST = 2; // pixels; what is no larger is for screen readers alone

const tip = document.createElement("p");
tip.className = "tip";
tip.popover = "manual"; // above dialogs, too
tip.setAttribute("aria-hidden", "true"); // it is the control's own name

let timer = 0;
let told = false; // whether the finger that is down has been told

document.body.append(tip);
document.addEventListener("focusin", (event) => { if (around(event, ":focus-visible")) show(event.target); });
document.addEventListener("focusout", hide);
document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
document.addEventListener("scroll", hide, { capture: true, passive: true });
document.addEventListener("pointerover", (event) => {
  const control = event.pointerType === "mouse" ? around(event, CONTROLS) : null;
  const words = control && !control.title ? wordsOf(control) : "";
  if (!control || !words) return;
  control.title = words;
  control.addEventListener("pointerleave", () => control.removeAttribute("title"), { once: true }); // it may do another thing then
});
document.addEventListener("pointerdown", (event) => {
  hide();
  told = false;
  if (event.pointerType !== "mouse") timer = window.setTimeout(() => { told = show(event.target); }, HELD_MS);
});
for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, () => clearTimeout(timer));
for (const name of ["click", "contextmenu"]) document.addEventListener(name, withhold, { capture: true });

/** @param {Event} event */
function withhold(event) {
  if (!told) return;
  if (event.type === "click") told = false;
  event.preventDefault();
  event.stopPropagation();
}

/**
 * Whether there was something to tell.
 * @param {EventTarget | null} where
 */
function show(where) {
  const control = around(where, CONTROLS);
  tip.textContent = control ? wordsOf(control) : "";
  if (!control || !tip.textContent) return false;
  if (!tip.matches(":popover-open")) tip.showPopover();
  const over = control.getBoundingClientRect(), own = tip.getBoundingClientRect();
  const left = (over.left + over.right - own.width) / 2;
  const top = over.top - own.height - 6;
  tip.style.setProperty("--left", `${Math.max(8, Math.min(left, innerWidth - own.width - 8))}px`);
  tip.style.setProperty("--top", `${top < 8 ? over.bottom + 6 : top}px`);
  return true;
}

function hide() {
  clearTimeout(timer);
  if (tip.matches(":popover-open")) tip.hidePopover();
}

/**
 * What a control does, unless it says so itself.
 * @param {HTMLElement} control
 */
export function wordsOf(control) {
  const words = control.title || control.getAttribute("aria-label") || control.textContent?.trim() || "";
  return /\p{L}{2}/u.test(written(control)) ? "" : words;
}

/**
 * The text that is seen on an element.
 * @param {HTMLElement} element
 */
function written(element) {
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let found = "";
  while (texts.nextNode()) {
    const box = texts.currentNode.parentElement?.getBoundingClientRect();
    if (box && box.width > SMALLEST && box.height > SMALLEST) found += texts.currentNode.textContent;
  }
  return found;
}

// @ts-check
// Single-key shortcuts: not in fields, not for keys that the focused control uses, and not if the reader turned them off.

import { around } from "./elements.js";
import { always } from "./memory.js";

const PRESSED = 'a, button, summary, [role="button"], input:is([type="checkbox"], [type="radio"], [type="file"])';
const SLIDERS = '[role="slider"], [type="range"], [type="radio"], audio, video';
export const FIELDS = 'input:not([type="checkbox"], [type="radio"], [type="file"], [type="range"]), select, textarea, [contenteditable]';

/** Return whether the focused control uses the key itself. @param {KeyboardEvent} event */
function isTaken(event) {
  if (around(event, FIELDS)) return true;
  if (event.key === " " || event.key === "Enter") return around(event, `${PRESSED}, ${SLIDERS}`) !== null;
  return event.key.startsWith("Arrow") && around(event, SLIDERS) !== null;
}

/**
 * Run `actions` by their keys; the checkbox turns them on and off, remembered in the browser.
 * @param {Record<string, () => unknown>} actions
 * @param {HTMLInputElement} checkbox
 */
export function useKeys(actions, checkbox) {
  checkbox.checked = always.read("keys") !== "off";
  checkbox.addEventListener("change", () => always.write("keys", checkbox.checked ? "on" : "off"));
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !checkbox.checked) return;
    if (isTaken(event) || document.querySelector("dialog[open]")) return;
    const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}

// @ts-check
// One-key shortcuts: never in a field or on a focused control, and off where the reader has said so.

import { around } from "./elements.js";

const BUSY = "a, button, input, select, textarea, summary, audio, [role=slider], [contenteditable], dialog[open] *";

/**
 * `actions` names what each key does; the switch turns them off and on, remembered.
 * @param {Record<string, () => unknown>} actions
 * @param {HTMLInputElement} checkbox
 */
export function useKeys(actions, checkbox) {
  checkbox.checked = localStorage.getItem("keys") !== "off";
  checkbox.addEventListener("change", () => localStorage.setItem("keys", checkbox.checked ? "on" : "off"));
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !checkbox.checked) return;
    if (around(event, BUSY) || document.querySelector("dialog[open]")) return;
    const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}

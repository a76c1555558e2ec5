// @ts-check
// Replaces parts of a page by the server's present version.

import { all, byId } from "./elements.js";

const CONTROLS = "a[href], button, input, select, textarea, summary";

/**
 * Replace the elements with some ids by those at an address; return whether the server had them. Fires "refreshed" on the
 * document.
 * @param {string[]} ids
 * @param {string} [address]
 */
export async function refresh(ids, address = location.href) {
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok || answer.redirected) return false; // redirected to the login page
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of ids) {
    const fresh = page.getElementById(id);
    if (fresh) replace(byId(id), document.adoptNode(fresh));
  }
  document.dispatchEvent(new Event("refreshed"));
  return true;
}

/**
 * Replace an element; the focus goes to the control with the same id, or at the same index.
 * @param {HTMLElement} old
 * @param {HTMLElement} fresh
 */
export function replace(old, fresh) {
  const { activeElement: focused } = document, at = all(old, CONTROLS).findIndex((control) => control === focused);
  old.replaceWith(fresh);
  if (at < 0) return;
  const controls = all(fresh, CONTROLS), same = focused?.id ? document.getElementById(focused.id) : null;
  if (!controls.length) fresh.tabIndex = -1;
  (same ?? controls[Math.min(at, controls.length - 1)] ?? fresh).focus({ preventScroll: true });
}

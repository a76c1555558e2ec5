// @ts-check
// Parts of a page are replaced by what the server has of them now.

import { all, byId } from "./elements.js";

const CONTROLS = "a[href], button, input, select, textarea, summary";

/**
 * Replace the elements of these ids by those at an address, and return whether the server had them. Fires "refreshed" on
 * the document.
 * @param {string[]} ids
 * @param {string} [address]
 */
export async function refresh(ids, address = location.href) {
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok || answer.redirected) return false; // to the page that asks for the password
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of ids) {
    const fresh = page.getElementById(id);
    if (fresh) replace(byId(id), document.adoptNode(fresh));
  }
  document.dispatchEvent(new Event("refreshed"));
  return true;
}

/**
 * Replace an element; the focus goes to the control of the same id, or at the same place.
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

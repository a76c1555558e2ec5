// @ts-check
// Updates a list: rows of unchanged items stay, and so does the focus.

import { all, around } from "./elements.js";

const CONTROLS = "a[href], button, input, textarea";
/** @type {WeakMap<HTMLElement, string>} the item of each row */
const SHOWN = new WeakMap();

/**
 * Show `items` in a list, each in a row with its id. `make` returns a new row, in place of `old` if there is one; `home` gets
 * the focus if no row is left.
 * @template {{id: string}} Item
 * @param {HTMLElement} list
 * @param {Item[]} items
 * @param {(item: Item, old: HTMLElement | undefined) => HTMLElement} make
 * @param {HTMLElement} home
 */
export function showRows(list, items, make, home) {
  const there = new Map(all(list, ":scope > [data-id]").map((row) => [row.dataset.id ?? "", row]));
  const focused = around(document.activeElement, "[data-id]"), at = [...there.values()].findIndex((row) => row === focused);
  const place = focused ? all(focused, CONTROLS).findIndex((each) => each === document.activeElement) : -1;
  const rows = items.map((item) => {
    const old = there.get(item.id), shown = JSON.stringify(item);
    if (old && SHOWN.get(old) === shown) return old;
    const row = make(item, old);
    row.dataset.id = item.id;
    SHOWN.set(row, shown);
    return row;
  });
  for (const row of there.values()) if (!rows.includes(row)) row.remove();
  rows.forEach((row, k) => { if (list.children[k] !== row) list.insertBefore(row, list.children[k] ?? null); });
  if (at < 0 || list.contains(document.activeElement)) return;
  const same = rows.find((row) => row.dataset.id === focused?.dataset.id), next = same ?? rows[Math.min(at, rows.length - 1)];
  const controls = next ? all(next, CONTROLS) : [];
  ((same && controls[place]) ?? controls[0] ?? home).focus({ preventScroll: true });
}
